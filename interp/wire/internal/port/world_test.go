//go:build linux

package port

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

// A world is a port and what its tests need. One goroutine uses it.
type world struct {
	*testing.T
	Port
	epoch time.Time
	again func(epoch time.Time) (Port, error) // makes another port like this one
}

// each runs a test over every port that this machine has.
func each(t *testing.T, test func(w *world)) {
	t.Helper()
	run := func(name string, open func(epoch time.Time) (Port, error)) {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, open)
			defer w.Shut()
			test(w)
		})
	}
	run("epoll", func(epoch time.Time) (Port, error) { return New(Epoll, epoch) })
	run("old epoll", func(epoch time.Time) (Port, error) {
		p, err := newPoller(epoch)
		if err == nil {
			p.wait.openTimer()
		}
		return p, err
	})
	if err := Probe(); err != nil {
		t.Log(err)
		return
	}
	run("io_uring", func(epoch time.Time) (Port, error) { return New(IOUring, epoch) })
}

func newWorld(t *testing.T, open func(epoch time.Time) (Port, error)) *world {
	t.Helper()
	epoch := time.Now()
	p, err := open(epoch)
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, p, epoch, open}
}

func (w *world) now() time.Duration { return time.Since(w.epoch) }

// until waits until something holds.
func (w *world) until(what string, holds func() bool) {
	w.Helper()
	for end := w.now() + 20*time.Second; !holds(); {
		if w.now() > end {
			w.Fatalf("still not: %s", what)
		}
		w.Wait(w.now() + 20*time.Millisecond)
	}
}

// settle gives what should not come some time to come.
func (w *world) settle() {
	for end := w.now() + 50*time.Millisecond; w.now() < end; {
		w.Wait(end)
	}
}

// An ear is an owner that remembers what it hears, and complains of what it must
// not hear.
type ear struct {
	w      *world
	s      Socket
	closed bool

	connected, ended, released int
	connectErr, endErr         error
	sent                       []error
	data                       []byte
	bytes                      int
	at                         time.Duration
	forget                     bool // do not keep data

	onConnected, onSent, onReceived, onEnded, onReleased func()
}

func (w *world) dial(to netip.AddrPort) *ear { return w.dialFrom(to, netip.Addr{}) }

func (w *world) dialFrom(to netip.AddrPort, from netip.Addr) *ear {
	e := &ear{w: w}
	e.s.Owner = e
	w.Dial(&e.s, to, from)
	return e
}

// open dials and waits for the connection.
func (w *world) open(to netip.AddrPort) *ear {
	w.Helper()
	e := w.dial(to)
	w.until("connected", func() bool { return e.connected > 0 })
	if e.connectErr != nil {
		w.Fatal(e.connectErr)
	}
	return e
}

func (e *ear) close() {
	e.closed = true
	e.w.Close(&e.s)
}

func (e *ear) send(b []byte) { e.w.Send(&e.s, b) }

func (e *ear) hears(what string, hook func()) {
	if e.closed {
		e.w.Errorf("%s was heard after Close", what)
	}
	if hook != nil {
		hook()
	}
}

func (e *ear) passes(at time.Duration) {
	if at < e.at || at > e.w.now() {
		e.w.Errorf("the clock reads %v, but something is told to be at %v, after %v", e.w.now(), at, e.at)
	}
	e.at = at
}

func (e *ear) Connected(err error, at time.Duration) {
	if e.connected++; e.connected > 1 {
		e.w.Error("Connected was heard twice")
	}
	e.connectErr = err
	e.passes(at)
	e.hears("Connected", e.onConnected)
}

func (e *ear) Sent(err error) {
	if err == nil && e.s.SentAt < 0 {
		e.w.Error("all was sent, but SentAt is negative")
	}
	e.sent = append(e.sent, err)
	e.hears("Sent", e.onSent)
}

func (e *ear) Received(b []byte, at time.Duration) {
	if len(b) == 0 || e.ended > 0 || e.connected == 0 {
		e.w.Errorf("received %d bytes, connected %d times, ended %d times", len(b), e.connected, e.ended)
	}
	e.bytes += len(b)
	if !e.forget {
		e.data = append(e.data, b...)
	}
	e.passes(at)
	e.hears("Received", e.onReceived)
	clear(b) // it is ours for as long as this takes: nothing may depend on it later
}

func (e *ear) Ended(err error, at time.Duration) {
	if e.ended++; e.ended > 1 {
		e.w.Error("Ended was heard twice")
	}
	e.endErr = err
	e.passes(at)
	e.hears("Ended", e.onEnded)
}

func (e *ear) Released() {
	if e.released++; e.released > 1 || !e.closed {
		e.w.Errorf("Released was heard %d times, closed: %t", e.released, e.closed)
	}
	if e.onReleased != nil {
		e.onReleased()
	}
}

// listen serves connections with a function until the test ends.
func listen(t testing.TB, at string, serve func(c *net.TCPConn)) netip.AddrPort {
	t.Helper()
	l, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err != nil { // a test lowers the limit of open files
				time.Sleep(time.Millisecond)
				continue
			}
			t.Cleanup(func() { _ = c.Close() })
			go serve(c.(*net.TCPConn))
		}
	}()
	return l.Addr().(*net.TCPAddr).AddrPort()
}

func echo(c *net.TCPConn) {
	_, _ = io.Copy(c, c)
	_ = c.Close()
}

// pattern is bytes in which every place differs from its neighbours.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return b
}
