package wire

import (
	"time"

	"bossplan/interp/wire/internal/port"
)

// A fastConn is a connection of one user. Idle, it costs this struct, and its
// pipe where it is open.
type fastConn struct {
	fast   *Fast
	host   *fastHost
	pipe   *pipe // nil: none is open
	ride   *ride // the exchange on its way; nil: none
	away   Conn  // of std, for what leads elsewhere; nil: never needed
	at     int   // position in fast.conns
	closed bool
}

// Close ends the connection for good: later exchanges fail. One on its way fails
// and is handed to the next Wait.
func (c *fastConn) Close() {
	if c.closed {
		return
	}
	c.closed = true
	f := c.fast
	last := f.conns[len(f.conns)-1]
	f.conns[c.at], last.at = last, c.at
	f.conns[len(f.conns)-1] = nil
	f.conns = f.conns[:len(f.conns)-1]
	if c.away != nil {
		c.away.Close()
	}
	if c.ride != nil && f.handed[c.ride.x] == nil {
		c.ride.cut()
	}
	c.drop()
}

// drop closes the pipe, if there is one.
func (c *fastConn) drop() {
	p := c.pipe
	if p == nil {
		return
	}
	c.pipe, p.conn = nil, nil
	c.fast.port.Close(&p.socket)
}

// A pipe is one TCP connection. It hears what becomes of its socket, and passes
// it on to the exchange on its way.
type pipe struct {
	fast   *Fast
	socket port.Socket
	conn   *fastConn // nil: closed, or on its way to be
	out    []byte    // room that the port has the use of

	lent    *Exchange // whose body the port has the use of; nil: none
	counted int       // bytes of it that the exchange has accounted for

	fresh bool // no exchange has begun to use it
	busy  bool // a send of which Sent was not heard
}

func (f *Fast) newPipe(c *fastConn) *pipe {
	var p *pipe
	if n := len(f.pipes); n > 0 {
		p = f.pipes[n-1]
		f.pipes = f.pipes[:n-1]
	} else {
		p = &pipe{fast: f}
		p.socket.Owner = p
	}
	p.conn, p.fresh, p.busy = c, true, false
	c.pipe = p
	return p
}

// ride is the exchange that p carries; nil: none.
func (p *pipe) ride() *ride {
	if p.conn == nil {
		return nil
	}
	return p.conn.ride
}

// Connected implements port.Owner, as do the following.
func (p *pipe) Connected(err error, at time.Duration) {
	if r := p.ride(); r != nil {
		r.connected(err, at)
	}
}

func (p *pipe) Sent(err error) {
	p.busy = false
	p.reclaim()
	if r := p.ride(); r != nil && r.pipe == p {
		r.sent(err)
	}
}

func (p *pipe) Received(b []byte, at time.Duration) {
	if r := p.ride(); r != nil && r.pipe == p {
		r.received(b, at)
	} else if p.conn != nil {
		p.conn.drop() // bytes that nobody asked for: what comes next is not to be trusted
	}
}

func (p *pipe) Ended(err error, at time.Duration) {
	if r := p.ride(); r != nil && r.pipe == p {
		r.ended(err, at)
	} else if p.conn != nil {
		p.conn.drop()
	}
}

func (p *pipe) Released() {
	if x := p.lent; x != nil {
		x.BytesSent += int64(p.socket.Taken - p.counted)
	}
	p.reclaim()
	if len(p.fast.pipes) < maxIdleRides {
		p.fast.pipes = append(p.fast.pipes, p)
	}
}

// lend lets the port send the body of x. Until it has done so x is not handed
// back, because its owner may make another body of it.
func (p *pipe) lend(x *Exchange) {
	p.lent, p.counted, p.busy = x, 0, true
	x.lent++
}

// reclaim takes back what the port had the use of.
func (p *pipe) reclaim() {
	f, x := p.fast, p.lent
	f.free(p.out)
	p.out = nil
	if x == nil {
		return
	}
	p.lent = nil
	x.lent--
	if _, ended := f.held[x]; ended {
		delete(f.held, x)
		f.finish(x)
	}
}
