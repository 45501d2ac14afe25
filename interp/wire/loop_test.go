package wire

import (
	"testing"
	"time"
)

// A loop keeps a transport on one goroutine, as the engine does: a test and its
// parts run on many.
type loop struct {
	transport
	epoch time.Time
	calls chan func()
}

func newLoop(t *testing.T, open func(epoch time.Time) transport) *loop {
	l := &loop{epoch: time.Now(), calls: make(chan func())}
	go func() {
		for f := range l.calls {
			f()
		}
	}()
	l.call(func() { l.transport = open(l.epoch) })
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

// turn lets a transport work for a while in which nothing ends.
func turn(tr transport, d time.Duration) {
	end := time.Now().Add(d)
	defer time.AfterFunc(d, tr.Wake).Stop()
	for time.Now().Before(end) {
		if done := tr.Wait(nil, time.Hour); len(done) > 0 {
			panic("an exchange ended that a test has on its way: " + result(done[0]))
		}
	}
}
