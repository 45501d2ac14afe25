package wire

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"time"

	"bossplan/interp/wire/internal/h1"
)

// A ride is one exchange on its way over a Fast: a request and its answer, as
// often as redirects lead on. fast_dial_linux.go is how it comes to a pipe.
//
//	begin ─► attempt ─┬─► dial ─► resolved ─► connect ─► connected ─┐
//	            ▲     └────────── send ◄─────────────────────────────┘
//	            │                  │ sent, received, ended
//	            └── another hop ◄──┴─► complete, fail ─► hand
type ride struct {
	conn   *fastConn
	x      *Exchange
	req    request
	stamp  *stamp // its headers; nil: none is kept
	hops   int
	parser h1.Parser
	end    time.Duration // by which the exchange must have ended; 0: none
	limit  deadline      // the next moment at which it is looked at
	phase  phase         // connecting, or sending and all that follows

	waiting *fastHost // for its addresses; nil: not
	place   int       // among those that wait
	dialled time.Duration
	to      []netip.AddrPort // addresses that have not been tried
	trying  netip.AddrPort
	slow    netip.AddrPort // was given up for another one, and has another chance
	missed  error          // why the first address that was tried is not to be had

	pipe     *pipe  // the one that the request went out on
	reused   bool   // it had carried another exchange
	resent   bool   // the request has gone out once before
	steered  bool   // the answer's head has been looked at
	settling bool   // the answer is whole, and the request is still going out
	body     []byte // still to be sent after the head
	allSent  bool
	sendErr  error
	in, out  int64 // bytes over the pipe
}

// begin starts x on c.
func (r *ride) begin(c *fastConn, x *Exchange) {
	f := c.fast
	now := f.clock()
	r.req.begin(c.host.dialer, x)
	stale := now - f.now
	if (stale > unseen || stale > unseenOnce && c.pipe != nil && !r.req.idempotent()) && !f.closed {
		f.look() // the connection may have ended since
		now = f.clock()
	}
	x.Outcome = nothing
	x.Begun = now
	r.conn, r.x, r.hops, r.resent, r.end, r.phase = c, x, 0, false, 0, sending
	c.ride = r
	if x.Timeout > 0 {
		r.end = now + x.Timeout
	}
	if c.closed {
		r.fail(errClosed, now)
		return
	}
	r.attempt(now)
}

// attempt sends the request over the pipe there is, or over a new one.
func (r *ride) attempt(now time.Duration) {
	r.pipe, r.sendErr, r.body, r.in, r.out = nil, nil, nil, 0, 0
	r.allSent, r.steered, r.settling = false, false, false
	if err := r.check(); err != nil {
		r.fail(err, now)
		return
	}
	if p := r.conn.pipe; p != nil {
		r.reused = !p.fresh
		r.send(p)
		return
	}
	r.reused = false
	r.dial(now)
}

// guard sets the moment by which the phase must be over.
func (r *ride) guard() {
	f := r.conn.fast
	at := r.end
	if r.phase == connecting {
		at = r.connectBy()
	}
	if at == 0 {
		f.wheel.stop(&r.limit)
		return
	}
	if r.limit.place == 0 || r.limit.at != at {
		f.wheel.set(&r.limit, at)
	}
}

// hurry brings the moment at which the exchange is looked at nearer.
func (r *ride) hurry(at time.Duration) {
	if r.limit.place == 0 || r.limit.at > at {
		r.conn.fast.wheel.set(&r.limit, at)
	}
}

// send sends the request over p.
func (r *ride) send(p *pipe) {
	f := r.conn.fast
	r.pipe, p.fresh, p.busy = p, false, true
	r.phase = sending
	x := r.x
	host := r.conn.host.host
	r.parser.Begin(h1.Wants{
		Head: r.req.method == http.MethodHead, Header: x.KeepHeader || x.KeepBody,
		Steering: host.Cookies || host.FollowRedirects > 0,
		Body:     x.KeepBody, MaxBody: x.limit(),
	})
	p.out = r.appendHead(f.buffer())
	if len(p.out)+len(r.req.body) <= inlineUpload {
		p.out = append(p.out, r.req.body...)
	} else {
		r.body = r.req.body
	}
	r.guard()
	f.port.Send(&p.socket, p.out)
}

// sent hears that what was sent has been taken, or why it will not be.
func (r *ride) sent(err error) {
	r.noteSent()
	r.out += int64(r.pipe.socket.Taken)
	switch {
	case err != nil && r.settling:
		r.conclude(false)
	case err != nil:
		// A peer that takes no more of a request is given a moment to say why.
		r.sendErr = err
		r.hurry(r.conn.fast.clock() + lingering)
	case r.body != nil:
		body := r.body
		r.body = nil
		r.pipe.lend(r.x)
		r.conn.fast.port.Send(&r.pipe.socket, body)
	default:
		r.allSent = true
		if r.settling {
			r.conclude(true)
		}
	}
}

// noteSent notes when the first bytes of the exchange went out.
func (r *ride) noteSent() {
	if r.x.Sent >= 0 || r.pipe.socket.SentAt < 0 {
		return
	}
	r.x.Sent = r.pipe.socket.SentAt
	if first := r.x.FirstByte; first >= 0 {
		r.x.Sent = min(r.x.Sent, first) // the peer did not wait to be asked
	}
	if r.x.Connect < 0 {
		r.x.Begun = r.x.Sent
	}
}

// received reads what has arrived.
func (r *ride) received(b []byte, at time.Duration) {
	if r.settling {
		r.conclude(false) // bytes that nobody asked for
		return
	}
	if r.in == 0 {
		r.x.FirstByte = at
	}
	r.in += int64(len(b))
	n, done, err := r.parser.Feed(b)
	leads := r.steer()
	switch {
	case done:
		r.complete(at, n == len(b) && r.parser.Keep())
	case leads && (err != nil || r.in > skipped):
		r.complete(at, false) // what a redirect says beside where it leads to is nobody's business
	case err != nil:
		r.fail(r.fault(err), at)
	}
}

// steer looks at the answer's head once it was read: for cookies, which are kept
// whatever becomes of the rest, and whether it is a redirect that is followed.
func (r *ride) steer() (leads bool) {
	status := r.parser.Status()
	if status == 0 {
		return false
	}
	header := r.parser.Header()
	if !r.steered {
		r.steered = true
		r.req.remember(r.x.Session, header)
	}
	return r.conn.host.host.follows(status, header)
}

// ended hears that nothing more will arrive.
func (r *ride) ended(err error, at time.Duration) {
	if r.settling {
		r.conclude(false)
		return
	}
	if err == nil {
		err = r.parser.End()
	}
	if err == nil || r.steer() {
		r.complete(at, false)
		return
	}
	r.broke(r.fault(err), at)
}

// broke ends an attempt whose connection is of no more use. The server may have
// closed a reused one in the moment the request was sent: then it goes out once
// more on a fresh one, unless it might take effect twice.
func (r *ride) broke(failure *Error, at time.Duration) {
	untouched := r.out == 0 && (!r.pipe.busy || r.pipe.socket.Taken == 0)
	if r.reused && !r.resent && failure.Kind == "reset" && r.in == 0 && (untouched || r.req.idempotent()) {
		r.leave(false)
		r.resent = true
		r.attempt(at)
		return
	}
	r.fail(failure, at)
}

// fault says why no whole answer came: what the sending ran into, if it did, is
// nearer to the cause than what was seen of it.
func (r *ride) fault(err error) *Error {
	switch {
	case errors.Is(err, h1.ErrHeadTooLarge):
		return fault(errHeaderTooLarge, receiving)
	case errors.Is(err, h1.ErrBodyTooLarge):
		return tooLarge(r.x.limit())
	case r.sendErr != nil:
		return fault(r.sendErr, sending)
	}
	return fault(err, r.reached())
}

// reached is how far the exchange has got over its pipe.
func (r *ride) reached() phase {
	switch {
	case r.in > 0:
		return receiving
	case !r.allSent:
		return sending
	}
	return waiting
}

// expire is called when the moment that was set has come.
func (r *ride) expire(now time.Duration) {
	switch {
	case r.phase == connecting:
		r.late(now)
	case r.settling:
		r.conclude(false)
	case r.sendErr != nil:
		r.broke(fault(r.sendErr, sending), now)
	default:
		r.fail(timeoutFault(os.ErrDeadlineExceeded, r.reached()), now)
	}
}

// complete ends a hop whose answer is whole. If that came before all of the
// request was taken, the rest has a moment to go out: else the connection is of
// no more use.
func (r *ride) complete(at time.Duration, keep bool) {
	r.x.Done = at
	keep = keep && r.sendErr == nil && !r.closes()
	if keep && !r.allSent {
		r.settling = true
		r.conn.fast.wheel.set(&r.limit, at+lingering)
		return
	}
	r.conclude(keep)
}

// conclude goes on after an answer: to where it leads, or back to the owner.
func (r *ride) conclude(keep bool) {
	x := r.x
	x.Status = r.parser.Status()
	header := r.parser.Header()
	r.leave(keep)
	if h := r.conn.host.host; h.follows(x.Status, header) {
		to, err := h.next(&r.req, header, r.hops)
		if err != nil {
			r.fail(err, x.Done)
			return
		}
		r.goOn(to, x.Done)
		return
	}
	if x.KeepHeader || x.KeepBody {
		x.Header = header
	}
	if x.KeepBody {
		x.ResponseBody, x.Err = decode(r.parser.Body(), header, x.limit())
	}
	r.hand()
}

// goOn follows a redirect: here, or elsewhere by std.
func (r *ride) goOn(to *url.URL, at time.Duration) {
	c := r.conn
	r.hops++
	if origin(to) == origin(c.host.host.URL) {
		r.req = *r.req.redirected(r.x, to, r.req.dialer)
		r.resent = false
		r.attempt(at)
		return
	}
	f := c.fast
	f.wheel.stop(&r.limit)
	std := f.other()
	if c.away == nil {
		c.away = std.Open(c.host.host)
	}
	f.handed[r.x] = r
	start := f.epoch.Add(r.end - r.x.Timeout) // no matter where there is no limit
	std.start(job{conn: c.away.(*stdConn), x: r.x, start: start, leg: &leg{r.req, to, r.hops}})
}

// cut ends the exchange because its connection was closed from this side. An
// answer that is whole stays one.
func (r *ride) cut() {
	if r.settling && !r.steer() {
		r.conclude(false)
		return
	}
	r.fail(errClosed, r.conn.fast.clock())
}

// fail ends the exchange because of err.
func (r *ride) fail(err *Error, at time.Duration) {
	x := r.x
	if r.pipe != nil {
		if x.Status = r.parser.Status(); x.Status > 0 && (x.KeepHeader || x.KeepBody) {
			x.Header = r.parser.Header()
		}
	}
	if r.waiting != nil {
		r.waiting.forget(r)
	}
	if r.pipe != nil || r.phase == connecting {
		r.leave(false)
	}
	x.Err, x.Done = err, at
	r.hand()
}

// leave ends the use of the pipe, which may be kept or not.
func (r *ride) leave(keep bool) {
	if p := r.pipe; p != nil {
		r.noteSent()
		if p.busy {
			p.counted = p.socket.Taken
			r.out += int64(p.counted)
		}
		r.x.BytesSent += r.out
		r.x.BytesReceived += r.in
		r.pipe = nil
	}
	if !keep {
		r.conn.drop()
	}
}

// hand gives the exchange back.
func (r *ride) hand() {
	f := r.conn.fast
	f.wheel.stop(&r.limit)
	r.conn.ride = nil
	f.finish(r.x)
	f.giveBack(r)
}
