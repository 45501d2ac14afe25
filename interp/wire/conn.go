package wire

import (
	"context"
	"sync"
	"time"
)

// A stdConn is a connection of one user: no link, one to its host, or, while
// redirects are followed, one more to another host.
//
// The links belong to the worker that runs an exchange; mu is for Close, which
// may come at any moment.
type stdConn struct {
	std    *Std
	dialer *dialer

	mu     sync.Mutex
	link   *link
	away   *link              // to another host
	cancel context.CancelFunc // ends a dial or an HTTP/2 request on its way
	closed bool
}

// Close ends the connection for good: later exchanges fail.
func (c *stdConn) Close() {
	c.mu.Lock()
	c.closed = true
	for _, l := range []*link{c.link, c.away} {
		if l != nil {
			l.close()
		}
	}
	if c.cancel != nil {
		c.cancel()
	}
	c.mu.Unlock()
	c.std.forget(c)
}

// put fills one of c's two slots. It reports false if c is closed: then l was
// not taken.
func (c *stdConn) put(slot **link, l *link) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return false
	}
	*slot = l
	return true
}

// drop closes and empties one of c's two slots.
func (c *stdConn) drop(slot **link) {
	c.mu.Lock()
	l := *slot
	*slot = nil
	c.mu.Unlock()
	if l != nil {
		l.close()
	}
}

// heed makes Close call cancel; nil ends that. It reports false if c is closed.
func (c *stdConn) heed(cancel context.CancelFunc) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cancel = cancel
	return !c.closed
}

// nothing is the outcome of an exchange that has not begun.
var nothing = Outcome{Connect: -1, TLS: -1, Sent: -1, FirstByte: -1}

// run carries x, whose time runs since start, and fills its outcome.
func (c *stdConn) run(x *Exchange, start time.Time, s *scratch) {
	x.Outcome = nothing
	p := trip{conn: c, x: x, s: s}
	x.Begun = p.now()
	if x.Timeout > 0 {
		p.deadline = start.Add(x.Timeout)
	}
	x.Err = p.run()
	if x.Err != nil {
		x.Done = p.now()
	}
	p.end()
}
