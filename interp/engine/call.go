package engine

import "bossplan/interp/wire"

// A call is a request under way: its exchange with the transport, and what only
// it needs of a user. A user at rest has none, and there are many more users than
// requests under way; so a loop keeps those that were used last for the next
// ones, which find them warm.
type call struct {
	exchange wire.Exchange
	user     *user
	room     []byte // for a body that is rendered
}

const (
	// maxIdleCalls bounds the calls that a loop keeps without a use.
	maxIdleCalls = 4096
	// maxRoom bounds the room for a body that one of them keeps, in bytes.
	maxRoom = 16 << 10
)

// calls are those of a loop that are free.
type calls []*call

// take gives u a call. Its exchange says nothing yet but whose it is.
func (s *calls) take(u *user) *call {
	n := len(*s)
	if n == 0 {
		c := &call{user: u}
		c.exchange.Owner = c
		return c
	}
	c := (*s)[n-1]
	*s = (*s)[:n-1]
	c.user = u
	return c
}

// giveBack takes a call back that the transport has no more use of.
func (s *calls) giveBack(c *call) {
	if len(*s) >= maxIdleCalls {
		return
	}
	if cap(c.room) > maxRoom {
		c.room = nil
	}
	c.user = nil
	c.exchange = wire.Exchange{Owner: c, Headers: c.exchange.Headers[:0]}
	*s = append(*s, c)
}

// fill makes b, which was made in the call's room, the body; an empty one is
// none.
func (c *call) fill(b []byte) {
	c.room = b
	if len(b) > 0 {
		c.exchange.Body = b
	}
}

// ended takes a call back from the transport.
func (l *loop) ended(c *call) {
	l.interval.exchanges++
	if c.user.state == retired { // cut off before; it has been counted
		if c.user.line != nil {
			c.user.host().release(c.user.giveUp(), l.clock)
		}
		l.calls.giveBack(c)
		return
	}
	c.user.finish(c.exchange.Done)
}
