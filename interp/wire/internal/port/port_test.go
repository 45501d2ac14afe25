//go:build linux

package port

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"syscall"
	"testing"
	"time"
)

const loopback = "127.0.0.1:0"

func TestEcho(t *testing.T) {
	for _, at := range []string{loopback, "[::1]:0"} {
		t.Run(at, func(t *testing.T) {
			to := listen(t, at, echo)
			each(t, func(w *world) {
				e := w.open(to)
				for i := 1; i <= 3; i++ {
					before := w.now()
					e.send([]byte("hello"))
					w.until("answered", func() bool { return len(e.data) == 5*i && len(e.sent) == i })
					if e.s.SentAt < before || e.s.SentAt > e.at {
						w.Errorf("asked to send at %v, sent at %v, answered at %v", before, e.s.SentAt, e.at)
					}
				}
				if string(e.data) != "hellohellohello" || errors.Join(e.sent...) != nil {
					w.Errorf("%q, %v", e.data, e.sent)
				}
				e.close()
				w.until("released", func() bool { return e.released == 1 })
				w.Close(&e.s)
			})
		})
	}
}

func TestNothingToSend(t *testing.T) {
	to := listen(t, loopback, echo)
	each(t, func(w *world) {
		e := w.open(to)
		e.send(nil)
		w.until("sent", func() bool { return len(e.sent) == 1 })
		if e.sent[0] != nil {
			w.Error(e.sent[0])
		}
	})
}

func TestConnectFails(t *testing.T) {
	l, err := net.Listen("tcp", loopback)
	if err != nil {
		t.Fatal(err)
	}
	nobody := l.Addr().(*net.TCPAddr).AddrPort()
	_ = l.Close()
	here := listen(t, loopback, echo)
	for _, c := range []struct {
		name string
		to   netip.AddrPort
		from string
		want syscall.Errno
	}{
		{"nobody listens", nobody, "", syscall.ECONNREFUSED},
		{"an address that is not ours", here, "203.0.113.1", syscall.EADDRNOTAVAIL},
		{"an address of the other family", here, "::1", syscall.EAFNOSUPPORT},
		{"broadcast", netip.MustParseAddrPort("255.255.255.255:9"), "", syscall.ENETUNREACH},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(w *world) {
				from, _ := netip.ParseAddr(c.from)
				e := w.dialFrom(c.to, from)
				if e.connected > 0 {
					w.Error("heard outside Wait")
				}
				w.until("told", func() bool { return e.connected > 0 })
				if !errors.Is(e.connectErr, c.want) {
					w.Errorf("got %v, want %v", e.connectErr, c.want)
				}
				w.settle()
				e.close()
				w.until("released", func() bool { return e.released == 1 })
			})
		})
	}
}

func TestDialAfterFailure(t *testing.T) {
	to := listen(t, loopback, echo)
	each(t, func(w *world) {
		// Both fail before the kernel hears of them, and the second one has the
		// first one's place.
		e := w.dialFrom(to, netip.MustParseAddr("203.0.113.1"))
		e.close()
		f := w.dialFrom(to, netip.MustParseAddr("203.0.113.1"))
		w.until("told", func() bool { return f.connected > 0 })
		f.close()
		if e.connected > 0 || f.connectErr == nil {
			w.Errorf("connected %d times, %v", e.connected, f.connectErr)
		}
		g := w.open(to)
		w.settle()
		g.close()
	})
}

func TestLocalAddress(t *testing.T) {
	from := make(chan net.Addr, 10)
	to := listen(t, loopback, func(c *net.TCPConn) { from <- c.RemoteAddr() })
	each(t, func(w *world) {
		want := netip.MustParseAddr("127.5.6.7")
		e := w.dialFrom(to, want)
		w.until("connected", func() bool { return e.connected > 0 })
		if got := (<-from).(*net.TCPAddr).AddrPort(); e.connectErr != nil || got.Addr().Unmap() != want {
			w.Errorf("came from %v: %v", got, e.connectErr)
		}
	})
}

func TestMappedAddress(t *testing.T) {
	to := listen(t, loopback, echo)
	each(t, func(w *world) {
		w.open(netip.AddrPortFrom(netip.AddrFrom16(to.Addr().As16()), to.Port()))
	})
}

func TestSendMoreThanFits(t *testing.T) {
	all := pattern(24 << 20)
	got := make(chan []byte, 1)
	begin := make(chan struct{}, 1)
	to := listen(t, loopback, func(c *net.TCPConn) {
		<-begin
		b, _ := io.ReadAll(c)
		got <- b
	})
	each(t, func(w *world) {
		e := w.open(to)
		e.send(all)
		w.settle()
		if len(e.sent) > 0 {
			w.Fatal("all was sent to one who does not read")
		}
		begin <- struct{}{}
		w.until("sent", func() bool { return len(e.sent) > 0 })
		e.close()
		w.until("released", func() bool { return e.released == 1 })
		if b := <-got; !bytes.Equal(b, all) || e.sent[0] != nil {
			w.Errorf("%d of %d bytes arrived, %v", len(b), len(all), e.sent[0])
		}
	})
}

func TestPeerStopsSending(t *testing.T) {
	got := make(chan string, 1)
	to := listen(t, loopback, func(c *net.TCPConn) {
		_, _ = c.Write([]byte("bye"))
		_ = c.CloseWrite()
		b, _ := io.ReadAll(c)
		got <- string(b)
	})
	each(t, func(w *world) {
		e := w.open(to)
		w.until("ended", func() bool { return e.ended > 0 })
		if e.endErr != nil || string(e.data) != "bye" {
			w.Errorf("%q, %v", e.data, e.endErr)
		}
		e.send([]byte("still here"))
		w.until("sent", func() bool { return len(e.sent) > 0 })
		e.close()
		w.settle()
		if b := <-got; b != "still here" || e.sent[0] != nil {
			w.Errorf("%q, %v", b, e.sent[0])
		}
	})
}

func TestReset(t *testing.T) {
	to := listen(t, loopback, func(c *net.TCPConn) {
		_, _ = c.Read(make([]byte, 1))
		_ = c.SetLinger(0)
		_ = c.Close()
	})
	each(t, func(w *world) {
		e := w.open(to)
		e.send([]byte("x"))
		w.until("ended", func() bool { return e.ended > 0 })
		if !errors.Is(e.endErr, syscall.ECONNRESET) {
			w.Errorf("ended by %v", e.endErr)
		}
		e.send([]byte("y"))
		w.until("told", func() bool { return len(e.sent) == 2 })
		if !errors.Is(e.sent[1], syscall.EPIPE) {
			w.Errorf("sent: %v", e.sent[1])
		}
	})
}

// Who runs into a reset while sending must not take the end of what is received
// for the peer's regular one.
func TestResetMetBySend(t *testing.T) {
	reset := make(chan struct{}, 10)
	to := listen(t, loopback, func(c *net.TCPConn) {
		_ = c.SetLinger(0)
		_ = c.Close()
		reset <- struct{}{}
	})
	each(t, func(w *world) {
		e := w.dial(to)
		e.onConnected = func() {
			<-reset
			time.Sleep(time.Millisecond)
			e.send([]byte("x"))
		}
		w.until("both told", func() bool { return e.connectErr != nil || e.ended > 0 && len(e.sent) > 0 })
		if e.connectErr == nil && (e.sent[0] == nil || e.endErr == nil) {
			w.Errorf("sent: %v, ended: %v", e.sent, e.endErr)
		}
	})
}

func TestLargeStreams(t *testing.T) {
	all := pattern(1 << 20)
	to := listen(t, loopback, func(c *net.TCPConn) {
		_, _ = c.Write(all)
		_ = c.Close()
	})
	each(t, func(w *world) {
		// Together they have far more at once than a port has buffers.
		ears := make([]*ear, 40)
		for i := range ears {
			ears[i] = w.open(to)
		}
		time.Sleep(20 * time.Millisecond)
		for _, e := range ears {
			w.until("ended", func() bool { return e.ended > 0 })
			if e.endErr != nil || !bytes.Equal(e.data, all) {
				w.Errorf("%d of %d bytes, %v", len(e.data), len(all), e.endErr)
			}
		}
	})
}

// A peer that never stops must not keep the others waiting.
func TestFlood(t *testing.T) {
	flood := listen(t, loopback, func(c *net.TCPConn) {
		for b := make([]byte, 1<<20); ; {
			if _, err := c.Write(b); err != nil {
				return
			}
		}
	})
	to := listen(t, loopback, echo)
	each(t, func(w *world) {
		loud := w.open(flood)
		loud.forget = true
		e := w.open(to)
		for i := 1; i <= 50; i++ {
			e.send([]byte("x"))
			w.until("answered", func() bool { return e.bytes == i })
		}
		if loud.bytes == 0 {
			w.Error("the loud one was not heard")
		}
		loud.close()
		w.until("released", func() bool { return loud.released == 1 })
	})
}

// Bytes out of band are none of the stream, and hide none of it.
func TestUrgent(t *testing.T) {
	to := listen(t, loopback, func(c *net.TCPConn) {
		raw, _ := c.SyscallConn()
		_, _ = c.Write([]byte("before"))
		_ = raw.Control(func(fd uintptr) { _ = syscall.Sendto(int(fd), []byte("!"), syscall.MSG_OOB, nil) })
		_, _ = c.Write([]byte("after"))
		_, _ = io.Copy(io.Discard, c)
	})
	each(t, func(w *world) {
		e := w.open(to)
		w.until("all received", func() bool { return len(e.data) >= len("beforeafter") })
		if string(e.data) != "beforeafter" {
			w.Errorf("%q", e.data)
		}
	})
}
