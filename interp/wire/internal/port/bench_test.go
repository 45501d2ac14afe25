//go:build linux

package port

import (
	"net/netip"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkExchange is 64 sockets in a closed loop, with a request of 100 bytes
// and an answer of 200: the CPU time of the port's thread, the kernel's included,
// for each.
func BenchmarkExchange(b *testing.B) {
	for _, kind := range []Kind{Epoll, IOUring} {
		b.Run(string(kind), func(b *testing.B) {
			l := &lap{p: benchPort(b, kind), left: b.N, request: make([]byte, 100), to: answering(b)}
			conns := make([]lapConn, 64)
			for i := range conns {
				conns[i] = lapConn{lap: l}
				conns[i].s.Owner = &conns[i]
				l.p.Dial(&conns[i].s, l.to, netip.Addr{})
			}
			for l.connected < len(conns) {
				l.p.Wait(time.Hour)
			}
			b.ResetTimer()
			before := threadTime(b)
			for i := range conns {
				conns[i].ask()
			}
			for l.done < b.N {
				l.p.Wait(time.Hour)
				l.turns++
			}
			l.report(b, before)
		})
	}
}

// BenchmarkDial is the same with a connection for each request.
func BenchmarkDial(b *testing.B) {
	for _, kind := range []Kind{Epoll, IOUring} {
		b.Run(string(kind), func(b *testing.B) {
			l := &lap{p: benchPort(b, kind), left: b.N, request: make([]byte, 100), to: answering(b), redial: true}
			b.ResetTimer()
			before := threadTime(b)
			conns := make([]lapConn, 64)
			for i := range conns {
				conns[i] = lapConn{lap: l}
				conns[i].s.Owner = &conns[i]
				conns[i].Released()
			}
			for l.done < b.N {
				l.p.Wait(time.Hour)
				l.turns++
			}
			l.report(b, before)
		})
	}
}

// A lap is what the sockets of a benchmark share.
type lap struct {
	p                            Port
	to                           netip.AddrPort
	request                      []byte
	left, done, connected, turns int
	redial                       bool
}

func (l *lap) report(b *testing.B, before time.Duration) {
	b.ReportMetric(float64(threadTime(b)-before)/float64(b.N), "cpu-ns/op")
	b.ReportMetric(float64(l.turns)/float64(b.N), "turns/op")
}

type lapConn struct {
	*lap
	s   Socket
	got int
}

func (c *lapConn) ask() {
	if c.left > 0 {
		c.left--
		c.p.Send(&c.s, c.request)
	}
}

func (c *lapConn) Connected(err error, _ time.Duration) {
	if err != nil {
		panic(err)
	}
	if c.connected++; c.redial {
		c.ask()
	}
}

func (c *lapConn) Received(b []byte, _ time.Duration) {
	if c.got += len(b); c.got < answerSize {
		return
	}
	c.got = 0
	if c.done++; c.redial {
		c.p.Close(&c.s)
	} else {
		c.ask()
	}
}

func (c *lapConn) Released() {
	if c.left > 0 {
		c.p.Dial(&c.s, c.to, netip.Addr{})
	}
}

func (c *lapConn) Sent(error)                 {}
func (c *lapConn) Ended(error, time.Duration) { panic("ended") }

// BenchmarkWait is how much later than asked for a wait of a millisecond ends.
func BenchmarkWait(b *testing.B) {
	for _, kind := range []Kind{Epoll, IOUring} {
		b.Run(string(kind), func(b *testing.B) {
			epoch := time.Now()
			p, err := New(kind, epoch)
			if err != nil {
				b.Skip(err)
			}
			defer p.Shut()
			late := make([]time.Duration, 0, b.N)
			for range b.N {
				due := time.Since(epoch) + time.Millisecond
				for time.Since(epoch) < due {
					p.Wait(due)
				}
				late = append(late, time.Since(epoch)-due)
			}
			slices.Sort(late)
			b.ReportMetric(float64(late[len(late)/2]), "p50-ns")
			b.ReportMetric(float64(late[len(late)*99/100]), "p99-ns")
		})
	}
}

func benchPort(b *testing.B, kind Kind) Port {
	b.Helper()
	p, err := New(kind, time.Now())
	if err != nil {
		b.Skip(err)
	}
	b.Cleanup(p.Shut)
	return p
}

func threadTime(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

const answerSize = 200

// answering is a server on a thread of its own that answers whatever comes.
func answering(b *testing.B) netip.AddrPort {
	b.Helper()
	listener, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		b.Fatal(err)
	}
	if err := unix.Bind(listener, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		b.Fatal(err)
	}
	if err := unix.Listen(listener, 128); err != nil {
		b.Fatal(err)
	}
	name, err := unix.Getsockname(listener)
	if err != nil {
		b.Fatal(err)
	}
	w := &waiter{}
	if w.fd, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		b.Fatal(err)
	}
	watch := func(fd int) {
		if err := unix.EpollCtl(w.fd, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}); err != nil {
			panic(err)
		}
	}
	watch(listener)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		runtime.LockOSThread()
		serveAll(w, listener, watch, stop)
	}()
	b.Cleanup(func() {
		close(stop)
		<-stopped
		w.close()
		_ = unix.Close(listener)
	})
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(name.(*unix.SockaddrInet4).Port))
}

func serveAll(w *waiter, listener int, watch func(fd int), stop chan struct{}) {
	c := clock{time.Now()}
	answer, buf := make([]byte, answerSize), make([]byte, 4096)
	var events [128]unix.EpollEvent
	for {
		select {
		case <-stop:
			return
		default:
		}
		for _, e := range events[:w.until(c.now()+10*time.Millisecond, c, events[:])] {
			if int(e.Fd) == listener {
				if fd, _, err := unix.Accept4(listener, unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK); err == nil {
					_ = unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1)
					watch(fd)
				}
				continue
			}
			if n, errno := receive(e.Fd, buf); n <= 0 || errno != 0 {
				_ = unix.Close(int(e.Fd))
				continue
			}
			_, _ = send(e.Fd, answer)
		}
	}
}
