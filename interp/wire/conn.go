package wire

import (
	"context"
	"crypto/tls"
	"math"
	"sync"
	"sync/atomic"
)

// A Shared is a connection that several exchanges may use at the same time once
// HTTP/2 has been agreed on. [Conn.Close] ends them all.
type Shared interface {
	Conn
	// Streams is how many exchanges the connection carries at the same time: 1
	// before it is made, and over HTTP/1.1. More than that may be started only
	// where they were allowed a moment ago; the others wait inside.
	Streams() int
	// Grown has f called whenever Streams becomes more, from any goroutine. It is
	// called before the first exchange.
	Grown(f func())
	// Cut ends one exchange, which fails and is still handed back. It may come
	// too late.
	Cut(x *Exchange)
}

// A stdConn is a connection of one user, or one that users share: no link or one
// to its host.
//
// Over HTTP/1.1 the link belongs to the exchange that has its turn; over HTTP/2
// to all that are on their way. mu is for that, and for Close and Cut, which may
// come at any moment.
type stdConn struct {
	std     *Std
	dialer  *dialer
	turn    chan struct{} // full while an exchange dials, or has an HTTP/1.1 link to itself
	tls     *tls.Config   // of its handshakes, once dialled; of whose turn it is
	streams atomic.Int32

	mu     sync.Mutex
	link   *link // nil: none that may carry another exchange
	trips  *trip // on their way: a list
	failed dialFault
	grown  func()
	closed bool
}

// A dialFault is the last dial that failed, with a number that tells it from
// the one before.
type dialFault struct {
	number int
	err    *Error
}

func newStdConn(t *Std, d *dialer) *stdConn {
	c := &stdConn{std: t, dialer: d, turn: make(chan struct{}, 1)}
	c.streams.Store(1)
	return c
}

// Close ends the connection for good: later exchanges fail.
func (c *stdConn) Close() {
	c.mu.Lock()
	c.closed = true
	for p := c.trips; p != nil; p = p.next {
		p.cutOff()
	}
	if l := c.link; l != nil {
		l.close()
	}
	c.mu.Unlock()
	c.std.forget(c)
}

// Streams is [Shared.Streams].
func (c *stdConn) Streams() int { return int(c.streams.Load()) }

// Grown is [Shared.Grown].
func (c *stdConn) Grown(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.grown = f
}

// Cut is [Shared.Cut].
func (c *stdConn) Cut(x *Exchange) {
	c.mu.Lock()
	defer c.mu.Unlock()
	x.cut = true
	for p := c.trips; p != nil; p = p.next {
		if p.x == x {
			p.cutOff()
		}
	}
}

// enter puts p on the list of those on their way. It reports false if p was cut
// off before it began.
func (c *stdConn) enter(p *trip) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.next = c.trips
	if p.next != nil {
		p.next.before = p
	}
	c.trips = p
	if c.closed || p.x.cut {
		p.cut = true
	}
	return !p.cut
}

// exit takes p off the list.
func (c *stdConn) exit(p *trip) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.before != nil {
		p.before.next = p.next
	} else {
		c.trips = p.next
	}
	if p.next != nil {
		p.next.before = p.before
	}
	p.before, p.next = nil, nil
}

// share gives p the link if that is one of HTTP/2 that is alive; else nil.
func (c *stdConn) share(p *trip) *link {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.link
	if p.cut || l == nil || l.h2 == nil || !l.carries(c.Streams()) {
		return nil
	}
	l.users++
	p.link, p.crowded = l, l.users > c.Streams()
	return l
}

// own gives p the link, whose turn it is, if that is one of HTTP/1.1 that is
// alive; else it makes room for another one.
func (c *stdConn) own(p *trip) *link {
	c.mu.Lock()
	l := c.link
	if l != nil && l.h2 == nil && !p.cut {
		l.users++
		p.link = l
	}
	c.mu.Unlock()
	switch {
	case l == nil:
		return nil
	case l.h2 == nil && p.link == l && l.alive(): // which may take a moment
		return l
	}
	c.leave(p, l, false)
	return nil
}

// put makes l, which p has dialled, the connection's link. It reports false if p
// was cut off: then l was not taken.
func (c *stdConn) put(p *trip, l *link) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p.cut {
		return false
	}
	c.link, p.link, p.crowded = l, l, false
	l.users++
	if l.h2 == nil {
		c.streams.Store(1)
	}
	if l.settled.Load() {
		c.measure()
	}
	return true
}

// leave ends p's use of l, if it had any. One that is not to be kept carries no
// further exchange, and is closed when the last one on its way is over. Over
// HTTP/2 it is kept as long as it carries others.
func (c *stdConn) leave(p *trip, l *link, keep bool) {
	c.mu.Lock()
	if l.h2 != nil {
		keep = l.carries(c.Streams())
	}
	if p.link == l {
		p.link = nil
		l.users--
	}
	if !keep && c.link == l {
		c.link = nil
	}
	over := c.link != l && l.users == 0
	if c.link == l && l.settled.Load() {
		c.measure()
	}
	c.mu.Unlock()
	if over {
		l.close()
	}
}

// settle is called once the server of l has said how many streams it allows.
func (c *stdConn) settle(l *link) {
	l.settled.Store(true)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link == l {
		c.measure()
	}
}

// measure takes from the link how many streams its server allows. c.mu is held.
func (c *stdConn) measure() {
	free := c.link.h2.Available()
	if free == 0 {
		return // it says no more than that all are in use, or will not be any more
	}
	n := min(free+c.link.h2.InFlight(), math.MaxInt32)
	if before := c.streams.Swap(int32(n)); n > int(before) && c.grown != nil {
		c.grown()
	}
}

// fault is the last dial that failed.
func (c *stdConn) fault() dialFault {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// fail notes that a dial has failed, for those who wait for it.
func (c *stdConn) fail(err *Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failed.number++
	c.failed.err = err
}

// heed makes Close and Cut call cancel. It reports false if p was cut off.
func (c *stdConn) heed(p *trip, cancel context.CancelFunc) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	p.cancel = cancel
	return !p.cut
}

// nothing is the outcome of an exchange that has not begun.
var nothing = Outcome{Connect: -1, TLS: -1, Sent: -1, FirstByte: -1}

// run carries a job's exchange and fills its outcome.
func (c *stdConn) run(j job, s *scratch) {
	x := j.x
	p := &trip{conn: c, x: x, s: s, leg: j.leg}
	if j.leg == nil {
		x.Outcome = nothing
		x.Begun = p.now()
	}
	if x.Timeout > 0 {
		p.deadline = j.start.Add(x.Timeout)
	}
	x.Err = errClosed
	if c.enter(p) {
		x.Err = p.run()
	}
	if x.Err != nil {
		x.Done = p.now()
	}
	p.end()
}
