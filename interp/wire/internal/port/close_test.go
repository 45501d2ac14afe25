//go:build linux

package port

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestCloseFromWithin(t *testing.T) {
	to := listen(t, loopback, func(c *net.TCPConn) {
		b := make([]byte, 100)
		for range 3 {
			if _, err := c.Read(b); err != nil {
				return
			}
			_, _ = c.Write(b)
		}
		_ = c.Close()
	})
	for name, hook := range map[string]func(e *ear) *func(){
		"Connected": func(e *ear) *func() { return &e.onConnected },
		"Sent":      func(e *ear) *func() { return &e.onSent },
		"Received":  func(e *ear) *func() { return &e.onReceived },
		"Ended":     func(e *ear) *func() { return &e.onEnded },
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(w *world) {
				ears := make([]*ear, 20)
				for i := range ears {
					e := w.dial(to)
					ears[i] = e
					e.onConnected = func() { e.send([]byte("x")) }
					e.onReceived = e.onConnected
					*hook(e) = func() {
						if e.closed {
							return
						}
						e.close()
						e.send([]byte("to nobody"))
					}
				}
				for _, e := range ears {
					w.until("released", func() bool { return e.released == 1 })
				}
				w.settle()
			})
		})
	}
}

func TestCloseOthersFromWithin(t *testing.T) {
	to := listen(t, loopback, echo)
	each(t, func(w *world) {
		ears := make([]*ear, 50)
		for i := range ears {
			ears[i] = w.open(to)
		}
		for _, e := range ears {
			e.onReceived = func() {
				for _, other := range ears {
					if !other.closed {
						other.close()
					}
				}
			}
			e.send([]byte("x"))
		}
		time.Sleep(10 * time.Millisecond) // all answers are there when the first is told
		for _, e := range ears {
			w.until("released", func() bool { return e.released == 1 })
		}
		w.settle()
	})
}

// full is an address that answers nothing to those who want to connect.
func full(t *testing.T) netip.AddrPort {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	to := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(name.(*unix.SockaddrInet4).Port))
	for range 2 {
		if c, err := net.DialTimeout("tcp", to.String(), 50*time.Millisecond); err == nil {
			t.Cleanup(func() { _ = c.Close() })
		}
	}
	return to
}

func TestCloseWhileConnecting(t *testing.T) {
	to := full(t)
	each(t, func(w *world) {
		e := w.dial(to)
		f := w.dial(to)
		e.close() // not even submitted
		w.settle()
		if f.connected > 0 {
			w.Fatalf("connected: %v", f.connectErr)
		}
		f.close()
		w.until("released", func() bool { return e.released == 1 && f.released == 1 })
		w.settle()
	})
}

func TestCloseWhileBusy(t *testing.T) {
	deaf := listen(t, loopback, func(c *net.TCPConn) { time.Sleep(time.Minute) })
	each(t, func(w *world) {
		sending, both, idle, fresh := w.open(deaf), w.open(deaf), w.open(deaf), w.open(deaf)
		for _, e := range []*ear{sending, both} {
			e.send(make([]byte, 16<<20))
		}
		w.settle()
		all := []*ear{sending, both, idle, fresh}
		for _, e := range all {
			if e == fresh {
				e.send([]byte("sent and closed in one turn"))
			}
			e.close()
		}
		for _, e := range all {
			w.until("released", func() bool { return e.released == 1 })
		}
		w.settle()
	})
}

func TestDialAgain(t *testing.T) {
	to := listen(t, loopback, echo)
	each(t, func(w *world) {
		e := w.dial(to)
		rounds := 0
		again := func() {
			if rounds++; rounds < 200 {
				*e = ear{w: w, s: e.s, onConnected: e.onConnected, onReceived: e.onReceived, onReleased: e.onReleased}
				w.Dial(&e.s, to, netip.Addr{})
			}
		}
		e.onConnected = func() { e.send([]byte("x")) }
		e.onReceived = func() {
			if !e.closed {
				e.close()
			}
		}
		e.onReleased = again
		w.until("200 rounds", func() bool { return rounds == 200 })
	})
}

func TestTwoWaysOfOnePlace(t *testing.T) {
	// Sockets that come and go at once, some with bytes on their way: none may
	// hear what was meant for one that had its place before.
	to := listen(t, loopback, func(c *net.TCPConn) {
		_, _ = c.Write([]byte(c.RemoteAddr().String()))
		_, _ = c.Write([]byte("\n"))
		_, _ = c.Read(make([]byte, 1))
		_ = c.Close()
	})
	each(t, func(w *world) {
		heard := 0
		var start func(i int)
		start = func(i int) {
			e := w.dial(to)
			e.onConnected = func() {
				if e.connectErr != nil {
					w.Fatal(e.connectErr)
				}
				if i%3 == 0 {
					e.close() // while its greeting is on its way
				}
			}
			e.onReceived = func() {
				if strings.Count(string(e.data), ":") > 1 {
					w.Errorf("heard %q", e.data)
				}
				if strings.HasSuffix(string(e.data), "\n") {
					e.close()
				}
			}
			e.onReleased = func() {
				if heard++; i >= 20 {
					start(i - 20)
				}
			}
		}
		for i := 400; i < 420; i++ {
			start(i)
		}
		w.until("all gone", func() bool { return heard == 420 })
	})
}

func TestShutLeavesNothing(t *testing.T) {
	deaf := listen(t, loopback, func(c *net.TCPConn) { time.Sleep(time.Minute) })
	loud := listen(t, loopback, func(c *net.TCPConn) { _, _ = c.Write(make([]byte, 16<<20)) })
	silent := full(t)
	for _, kind := range []Kind{Epoll, IOUring} {
		if kind == IOUring && Probe() != nil {
			continue
		}
		t.Run(string(kind), func(t *testing.T) {
			before := held(t)
			w := newWorld(t, func(epoch time.Time) (Port, error) { return New(kind, epoch) })
			ears := []*ear{w.open(deaf), w.open(deaf), w.open(loud), w.dial(silent), w.dial(silent)}
			ears[0].send(make([]byte, 16<<20))
			w.settle()
			ears = append(ears, w.dial(deaf))
			ears[1].send([]byte("x"))
			ears[3].close()
			w.Wake()
			w.Shut()
			w.Wake()
			for _, e := range ears {
				e.closed = true
			}
			// The other ends of our connections live in this process too.
			for end := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
				after := held(t)
				if after == before {
					break
				}
				if time.Now().After(end) {
					t.Fatalf("before:\n%s\nafter:\n%s", before, after)
				}
			}
		})
	}
}

func TestShutUnused(t *testing.T) {
	before := held(t)
	each(t, func(w *world) { w.Wake() })
	if after := held(t); after != before {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

// held is what this process holds of ports: kinds of descriptors and mappings,
// and how many sockets of its own are connected to somebody.
func held(t *testing.T) string {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, f := range files {
		to, err := os.Readlink("/proc/self/fd/" + f.Name())
		if err == nil && strings.HasPrefix(to, "anon_inode:") {
			kinds[to]++
		}
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(kinds, strings.Count(string(maps), "io_uring"), clientEnds(t))
}

// clientEnds counts open descriptors of sockets that are connected to one of
// loopback's servers or about to be, and belong to no goroutine of net.
func clientEnds(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range files {
		var fd int
		if _, err := fmt.Sscan(f.Name(), &fd); err != nil {
			continue
		}
		if mark, err := unix.GetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY); err != nil || mark == 0 {
			continue
		}
		if kept, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE); err == nil && kept == 0 {
			n++ // net turns it on for its own
		}
	}
	return n
}

func TestOutOfDescriptors(t *testing.T) {
	to := listen(t, loopback, echo)
	each(t, func(w *world) {
		good := w.open(to)
		var limit unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
			w.Fatal(err)
		}
		low := limit
		low.Cur = 3
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
			w.Fatal(err)
		}
		e := w.dial(to)
		_ = unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
		w.until("told", func() bool { return e.connected > 0 })
		if want := syscall.EMFILE; !strings.Contains(fmt.Sprint(e.connectErr), want.Error()) {
			w.Errorf("got %v", e.connectErr)
		}
		e.send([]byte("to nobody"))
		e.close()
		good.send([]byte("x"))
		w.until("the other one lives", func() bool { return good.bytes == 1 })
	})
}

func TestFullRing(t *testing.T) {
	to := listen(t, loopback, echo)
	w := newWorld(t, func(epoch time.Time) (Port, error) {
		if err := Probe(); err != nil {
			t.Skip(err)
		}
		p, err := newUring(epoch, ringCompletions)
		if err == nil {
			p.limit = 2
		}
		return p, err
	})
	defer w.Shut()
	first, _ := w.open(to), w.open(to)
	late := w.dial(to)
	w.until("told", func() bool { return late.connected > 0 })
	if !errors.Is(late.connectErr, syscall.EMFILE) {
		t.Errorf("got %v", late.connectErr)
	}
	first.close()
	late.close()
	w.until("released", func() bool { return first.released == 1 && late.released == 1 })
	w.open(to)
}
