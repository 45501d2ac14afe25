package wire

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"time"
)

// A trip is one exchange on its way: a request and its answer, as often as
// redirects lead on.
type trip struct {
	conn     *stdConn
	x        *Exchange
	s        *scratch
	deadline time.Time // zero: none
	ctx      context.Context
	away     *dialer     // to another host, where redirects lead there
	up       *upload     // over HTTP/1.1, the one on its way
	leg      *leg        // where it goes on; nil: at the beginning
	crowded  bool        // over HTTP/2, more share the link than it carries
	turn     bool        // it has the connection's
	bodies   []*outgoing // over HTTP/2, those that net/http may still read

	// Under conn.mu:
	before, next *trip // of those of the connection
	cancel       context.CancelFunc
	link         *link // of the connection, in use
	far          *link // to the host of away
	cut          bool
}

// cutOff ends p, which fails. conn.mu is held.
func (p *trip) cutOff() {
	p.cut = true
	if p.cancel != nil {
		p.cancel()
	}
	if p.link != nil && p.link.h2 == nil {
		p.link.close()
	}
	if p.far != nil {
		p.far.close()
	}
}

// A leg is where another transport has left off: at a redirect that answered
// from and leads on to another place, after a number of hops.
type leg struct {
	from request
	to   *url.URL
	hops int
}

func (p *trip) now() time.Duration { return time.Since(p.s.source.epoch) }

func (p *trip) run() *Error {
	r, hops := &request{}, 0
	if leg := p.leg; leg != nil {
		r, hops = leg.from.redirected(p.x, leg.to, p.dialerTo(leg.to)), leg.hops
	} else {
		r.begin(p.conn.dialer, p.x)
	}
	for ; ; hops++ {
		a, err := p.attempt(r)
		if err != nil {
			return err
		}
		next, err := p.follow(r, a, hops)
		if err != nil || next == nil {
			return err
		}
		r = next
	}
}

// attempt sends r and reads the head of its answer. A reused connection may
// have been closed by its server in the moment r was sent: then r goes out once
// more on a fresh one, unless it might take effect twice. So it does where the
// server has said that it did nothing about it.
func (p *trip) attempt(r *request) (*answer, *Error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	l, reused, err := p.reach(r.dialer)
	if err != nil {
		return nil, err
	}
	a, failed := p.exchange(l, r)
	if failed == nil {
		return a, nil
	}
	if !failed.refused && !(reused && failed.resend) {
		return nil, failed.err
	}
	l, _, err = p.reach(r.dialer)
	if err != nil {
		return nil, err
	}
	if a, failed = p.exchange(l, r); failed != nil {
		return nil, failed.err
	}
	return a, nil
}

// reach gives the link to d's host: the one there is, if it is alive, or a
// fresh one.
func (p *trip) reach(d *dialer) (l *link, reused bool, err *Error) {
	if d != p.conn.dialer {
		return p.reachAway(d)
	}
	c := p.conn
	if l = c.share(p); l != nil {
		return l, true, nil
	}
	if err = p.takeTurn(); err != nil {
		return nil, false, err
	}
	l, reused, err = p.take()
	if err != nil || l.h2 != nil {
		p.endTurn()
	}
	if err == nil {
		l.limit(p.deadline)
	}
	return l, reused, err
}

// take gives the connection's link to p, whose turn it is.
func (p *trip) take() (l *link, reused bool, err *Error) {
	c := p.conn
	if l = c.share(p); l == nil {
		l = c.own(p)
	}
	if l != nil {
		return l, true, nil
	}
	if c.tls == nil {
		c.tls = c.dialer.handshakes()
	}
	ctx, err := p.context()
	if err != nil {
		return nil, false, err
	}
	l, err = c.dialer.dial(ctx, c.tls, &p.x.Outcome, c.settle)
	switch {
	case err != nil && ctx.Err() == nil:
		c.fail(err) // for others, too
		return nil, false, err
	case err != nil:
		return nil, false, err
	case !c.put(p, l):
		l.close()
		return nil, false, errClosed
	}
	return l, false, nil
}

// takeTurn waits until no other exchange dials or has the link to itself. If the
// one before could not dial, p need not try.
func (p *trip) takeTurn() *Error {
	c := p.conn
	select {
	case c.turn <- struct{}{}:
		p.turn = true
		return nil
	default:
	}
	ctx, err := p.context()
	if err != nil {
		return err
	}
	before := c.fault().number
	select {
	case c.turn <- struct{}{}:
		p.turn = true
	case <-ctx.Done():
		return fault(ctx.Err(), connecting)
	}
	if f := c.fault(); f.number != before {
		p.endTurn()
		return f.err
	}
	return nil
}

func (p *trip) endTurn() {
	if p.turn {
		p.turn = false
		<-p.conn.turn
	}
}

// reachAway is reach for another host, to which there is one link as long as p
// is on its way.
func (p *trip) reachAway(d *dialer) (l *link, reused bool, err *Error) {
	if l = p.far; l != nil {
		if l.alive() {
			l.limit(p.deadline)
			return l, true, nil
		}
		p.dropFar()
	}
	ctx, err := p.context()
	if err != nil {
		return nil, false, err
	}
	l, err = d.dial(ctx, d.tls, &p.x.Outcome, func(*link) {})
	if err != nil {
		return nil, false, err
	}
	p.conn.mu.Lock()
	cut := p.cut
	if !cut {
		p.far = l
	}
	p.conn.mu.Unlock()
	if cut {
		l.close()
		return nil, false, errClosed
	}
	l.limit(p.deadline)
	return l, false, nil
}

// dropFar closes the link to another host.
func (p *trip) dropFar() {
	p.conn.mu.Lock()
	l := p.far
	p.far = nil
	p.conn.mu.Unlock()
	if l != nil {
		l.close()
	}
}

// context is what dials and HTTP/2 requests heed. An HTTP/1.1 request on a
// connection that exists needs none, so it is made when first asked for.
func (p *trip) context() (context.Context, *Error) {
	if p.ctx != nil {
		return p.ctx, nil
	}
	var cancel context.CancelFunc
	if p.deadline.IsZero() {
		p.ctx, cancel = context.WithCancel(p.conn.std.ctx)
	} else {
		p.ctx, cancel = context.WithDeadline(p.conn.std.ctx, p.deadline)
	}
	if !p.conn.heed(p, cancel) {
		return nil, errClosed
	}
	return p.ctx, nil
}

// end lets go of all that only this trip needed.
func (p *trip) end() {
	p.conn.exit(p)
	if p.cancel != nil {
		p.cancel()
	}
	p.dropFar()
	for _, body := range p.bodies {
		_ = body.Close()
	}
}

// An answer is one whose head has been read.
type answer struct {
	link   *link
	status int
	header http.Header
	body   io.ReadCloser
	reuse  func() bool // over HTTP/1.1, once the body has been read: may the link carry another request?
}

// A failure is a request without an answer.
type failure struct {
	err     *Error
	resend  bool // it may go out again if its link was not fresh
	refused bool // it may go out again: the server has said that it did nothing
}

// exchange sends r over l and reads the head of its answer.
func (p *trip) exchange(l *link, r *request) (*answer, *failure) {
	var a *answer
	var failed *failure
	if l.h2 != nil {
		a, failed = p.http2(l, r)
	} else {
		a, failed = p.http1(l, r)
	}
	if failed != nil {
		p.leave(l, l.h2 != nil && l.alive())
		return nil, failed
	}
	a.link = l
	p.x.Status = a.status
	return a, nil
}

// leave ends the use of l: its bytes are accounted for, and it is dropped
// unless it may be kept.
func (p *trip) leave(l *link, keep bool) {
	if !keep && l == p.far {
		p.dropFar()
	} else if l != p.far {
		p.conn.leave(p, l, keep)
	}
	if !keep {
		p.up.wait()
	}
	p.up = nil
	l.account(&p.x.Outcome)
	p.endTurn()
}
