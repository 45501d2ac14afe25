package wire

import (
	"testing"
	"time"
)

// A loop keeps a transport on one goroutine, as the engine does: a test and its
// parts run on many.
type loop struct {
	transport
	calls chan func()
}

func newLoop(t *testing.T, open func(epoch time.Time) transport) *loop {
	l := &loop{calls: make(chan func())}
	go func() {
		for f := range l.calls {
			f()
		}
	}()
	l.call(func() { l.transport = open(time.Now()) })
	t.Cleanup(func() { l.Close(); close(l.calls) })
	return l
}

func (l *loop) call(f func()) {
	done := make(chan struct{})
	l.calls <- func() { defer close(done); f() }
	<-done
}

// A loopConn is a connection of the transport's, for whoever runs a test.
type loopConn struct {
	Conn
	loop *loop
}

func (c *loopConn) Close() { c.loop.call(c.Conn.Close) }

func (l *loop) Open(h *Host) (c Conn) {
	l.call(func() { c = l.transport.Open(h) })
	return &loopConn{c, l}
}

func (l *loop) Start(c Conn, x *Exchange) {
	l.call(func() { l.transport.Start(c.(*loopConn).Conn, x) })
}

func (l *loop) Wait(done []*Exchange, until time.Duration) []*Exchange {
	l.call(func() { done = l.transport.Wait(done, until) })
	return done
}

func (l *loop) Close() { l.call(l.transport.Close) }
