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
// often as redirects lead on.
//
//	begin ─► attempt ─┬─► dial ─► resolved ─► connect ─► connected ─┐
//	            ▲     └────────── send ◄─────────────────────────────┘
//	            │                  │ sent, received, ended
//	            └── another hop ◄──┴─► complete, fail ─► hand
type ride struct {
	conn   *fastConn
	x      *Exchange
	req    request
	hops   int
	parser h1.Parser
	end    time.Duration // by which the exchange must have ended; 0: none
	limit  deadline      // the next moment at which it is looked at

	phase   phase
	waiting *fastHost     // for its addresses; nil: not
	dialled time.Duration // when connecting, names included, began
	tries   int           // addresses tried
	pipe    *pipe         // the one that the request went out on
	reused  bool          // it had carried another exchange
	resent  bool          // the request has gone out once before
	body    []byte        // still to be sent after the head
	allSent bool
	sendErr error
	in, out int64 // bytes over the pipe
}

// begin starts x on c.
func (r *ride) begin(c *fastConn, x *Exchange) {
	f := c.fast
	now := f.clock()
	if now-f.now > unseen && !f.closed {
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
	r.req.begin(c.host.dialer, x)
	if c.closed {
		r.fail(errClosed, now)
		return
	}
	r.attempt(now)
}

// attempt sends the request over the pipe there is, or over a new one.
func (r *ride) attempt(now time.Duration) {
	r.pipe, r.sendErr, r.body, r.allSent, r.in, r.out = nil, nil, nil, false, 0, 0
	if err := r.req.check(); err != nil {
		r.fail(err, now)
		return
	}
	c := r.conn
	if p := c.pipe; p != nil {
		if p.open && !p.busy {
			r.reused = !p.fresh
			r.send(p)
			return
		}
		c.drop() // a request of before is still going out
	}
	r.reused = false
	r.dial(now)
}

// dial opens a pipe.
func (r *ride) dial(now time.Duration) {
	r.phase, r.dialled, r.tries = connecting, now, 0
	h := r.conn.host
	if gate := h.host.Gate; gate != nil {
		if why := gate.Refuse(h.name, netip.Addr{}); why != "" {
			r.fail(&Error{"guard", why}, now)
			return
		}
	}
	r.guard()
	if h.known(r, now) {
		r.connect(now)
	}
}

// guard sets the moment by which the phase must be over.
func (r *ride) guard() {
	f := r.conn.fast
	at := r.end
	if r.phase == connecting {
		if t := r.conn.host.host.ConnectTimeout; t > 0 && (at == 0 || r.dialled+t < at) {
			at = r.dialled + t
		}
	}
	if at == 0 {
		f.wheel.stop(&r.limit)
		return
	}
	if r.limit.place == 0 || r.limit.at != at {
		f.wheel.set(&r.limit, at)
	}
}

// resolved goes on once the host's addresses are known.
func (r *ride) resolved(err error) {
	now := r.conn.fast.clock()
	if err != nil {
		r.x.Connect = max(r.x.Connect, 0) + now - r.dialled
		r.fail(fault(err, connecting), now)
		return
	}
	r.connect(now)
}

// connect tries the next of the host's addresses. Each has its part of the time
// that is left, so that one that does not answer leaves some for the others.
func (r *ride) connect(now time.Duration) {
	h := r.conn.host
	if len(h.addresses) == 0 {
		r.fail(&Error{"dns", "no such host"}, now)
		return
	}
	to := h.addresses[r.tries%len(h.addresses)]
	r.tries++
	if gate := h.host.Gate; gate != nil {
		if why := gate.Refuse(h.name, to.Addr()); why != "" {
			r.fail(&Error{"guard", why}, now)
			return
		}
	}
	f := r.conn.fast
	r.guard()
	if left := len(h.addresses) - r.tries; left > 0 && r.limit.place != 0 {
		f.wheel.set(&r.limit, now+(r.limit.at-now)/time.Duration(left+1))
	}
	f.port.Dial(&f.newPipe(r.conn).socket, to, h.local(to.Addr()))
}

// another reports whether there is another address to try, and tries it.
func (r *ride) another(now time.Duration) bool {
	if r.tries >= len(r.conn.host.addresses) || r.end > 0 && now >= r.end {
		return false
	}
	r.conn.drop()
	r.connect(now)
	return true
}

// connected hears that the pipe is open, or why it is not.
func (r *ride) connected(err error, at time.Duration) {
	if err != nil && r.another(at) {
		return
	}
	r.x.Connect = max(r.x.Connect, 0) + at - r.dialled
	if err != nil {
		r.conn.drop()
		r.fail(fault(err, connecting), at)
		return
	}
	r.send(r.conn.pipe)
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
	if p.out == nil {
		p.out = f.buffer()
	}
	p.out = r.req.appendHead(p.out[:0])
	if len(p.out)+len(r.req.body) <= inlineUpload {
		p.out = append(p.out, r.req.body...)
	} else {
		r.body = r.req.body
	}
	r.guard()
	f.port.Send(&p.socket, p.out)
	r.out = int64(len(p.out))
}

// sent hears that what was sent has been taken, or why it will not be.
func (r *ride) sent(err error) {
	r.noteSent()
	f := r.conn.fast
	switch {
	case err != nil:
		// A peer that takes no more of a request is given a moment to say why.
		r.sendErr = err
		at := f.clock() + lingering
		if r.limit.place == 0 || r.limit.at > at {
			f.wheel.set(&r.limit, at)
		}
	case r.body != nil:
		body := r.body
		r.body, r.pipe.busy = nil, true
		r.out += int64(len(body))
		f.port.Send(&r.pipe.socket, body)
	default:
		r.allSent = true
	}
}

// noteSent notes when the first bytes of the exchange went out.
func (r *ride) noteSent() {
	if r.pipe == nil || r.x.Sent >= 0 || r.pipe.socket.SentAt < 0 {
		return
	}
	r.x.Sent = r.pipe.socket.SentAt
	if r.x.Connect < 0 {
		r.x.Begun = r.x.Sent
	}
}

// received reads what has arrived.
func (r *ride) received(b []byte, at time.Duration) {
	if r.in == 0 {
		r.x.FirstByte = at
	}
	r.in += int64(len(b))
	n, done, err := r.parser.Feed(b)
	switch {
	case done:
		r.complete(at, n == len(b) && r.parser.Keep())
	case err != nil && !errors.Is(err, h1.ErrBodyTooLarge):
		r.fail(r.fault(err), at)
	case (err != nil || r.in > skipped) && r.conn.host.host.follows(r.parser.Status(), r.parser.Header()):
		r.complete(at, false) // what a redirect says beside where it leads to is nobody's business
	case err != nil:
		r.fail(r.fault(err), at)
	}
}

// ended hears that nothing more will arrive.
func (r *ride) ended(err error, at time.Duration) {
	if err == nil {
		if err = r.parser.End(); err == nil {
			r.complete(at, false)
			return
		}
	}
	failure := r.fault(err)
	untouched := r.pipe.socket.SentAt < 0
	if r.reused && !r.resent && failure.Kind == "reset" && r.in == 0 && (untouched || r.req.idempotent()) {
		// The server may have closed the connection in the moment the request was
		// sent: it goes out once more on a fresh one.
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

// expire is called when the moment that guard or sent has set has come.
func (r *ride) expire(now time.Duration) {
	switch {
	case r.sendErr != nil:
		r.fail(fault(r.sendErr, sending), now)
	case r.phase != connecting:
		r.fail(timeoutFault(os.ErrDeadlineExceeded, r.reached()), now)
	case r.waiting != nil:
		r.x.Connect = max(r.x.Connect, 0) + now - r.dialled
		r.fail(&Error{"timeout", "timed out resolving the host's name"}, now)
	case !r.another(now):
		r.x.Connect = max(r.x.Connect, 0) + now - r.dialled
		r.fail(timeoutFault(os.ErrDeadlineExceeded, connecting), now)
	}
}

// complete ends a hop whose answer is whole.
func (r *ride) complete(at time.Duration, keep bool) {
	x := r.x
	x.Status = r.parser.Status()
	header := r.parser.Header()
	r.req.remember(x.Session, header)
	r.leave(keep && r.sendErr == nil && !r.req.closes())
	if h := r.conn.host.host; h.follows(x.Status, header) {
		to, err := h.next(&r.req, header, r.hops)
		if err != nil {
			r.fail(err, at)
			return
		}
		r.goOn(to, at)
		return
	}
	x.Done = at
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
	if c.away == nil {
		c.away = f.std.Open(c.host.host)
	}
	f.handed[r.x] = r
	before := r.req
	f.std.start(job{conn: c.away.(*stdConn), x: r.x, start: f.epoch.Add(r.x.Begun), leg: &leg{before, to, r.hops}})
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
	if r.pipe != nil {
		r.noteSent()
		if r.pipe.socket.SentAt >= 0 {
			r.x.BytesSent += r.out
		}
		r.x.BytesReceived += r.in
		r.pipe = nil
	}
	if !keep {
		r.conn.drop()
	}
}

// hand gives the exchange to the next Wait.
func (r *ride) hand() {
	f := r.conn.fast
	f.wheel.stop(&r.limit)
	r.conn.ride = nil
	f.done = append(f.done, r.x)
	f.giveBack(r)
}
