//go:build linux

package port

import (
	"math"
	"net/netip"
	"testing"
	"time"
)

func TestWaitUntil(t *testing.T) {
	each(t, func(w *world) {
		for _, until := range []time.Duration{-1, 0, w.now(), math.MinInt64} {
			w.Wait(until)
		}
		for range 20 {
			due := w.now() + 3*time.Millisecond
			for w.now() < due {
				w.Wait(due)
			}
		}
	})
}

func TestWaitLastsUntilThen(t *testing.T) {
	each(t, func(w *world) {
		// It may return early, but not always: that would be a busy loop.
		turns := 0
		for due := w.now() + 200*time.Millisecond; w.now() < due; turns++ {
			w.Wait(due)
		}
		if turns > 20 {
			w.Errorf("%d turns for nothing", turns)
		}
	})
}

func TestWake(t *testing.T) {
	each(t, func(w *world) {
		w.Wake()
		w.Wait(math.MaxInt64) // at once
		w.Wake()
		w.Wake()
		w.Wait(math.MaxInt64)
		const rings = 300
		n := make(chan int, rings)
		go func() {
			for i := range rings {
				n <- i
				w.Wake()
				if i%10 == 0 {
					time.Sleep(time.Millisecond)
				}
			}
		}()
		for seen := 0; seen < rings; {
			w.Wait(math.MaxInt64) // for ever, if a ring got lost
			for len(n) > 0 {
				<-n
				seen++
			}
		}
	})
}

func TestWakeFromMany(t *testing.T) {
	each(t, func(w *world) {
		done := make(chan struct{}, 8)
		for range cap(done) {
			go func() {
				for range 1000 {
					w.Wake()
				}
				done <- struct{}{}
			}()
		}
		for len(done) < cap(done) {
			w.Wait(w.now() + time.Millisecond)
		}
	})
}

// A port may be made on one thread and used on another.
func TestMadeElsewhere(t *testing.T) {
	to := listen(t, loopback, echo)
	each(t, func(w *world) {
		other := newWorld(w.T, w.again)
		done := make(chan struct{})
		go func() {
			defer close(done)
			defer other.Shut()
			e := other.dial(to)
			e.onConnected = func() { e.send([]byte("x")) }
			other.until("answered", func() bool { return e.bytes == 1 })
		}()
		other.Wake()
		<-done
	})
}

// Thousands of sockets, all with something to send and to hear at once: more
// than a turn and all buffers hold.
func TestThousands(t *testing.T) {
	const n = 2000
	if Capacity(Epoll) < 3*n {
		t.Skip("too few open files are allowed")
	}
	to := listen(t, loopback, echo)
	each(t, func(w *world) { w.allAtOnce(n, to) })
}

// What does not fit into the ring of completions must not be lost.
func TestOverflow(t *testing.T) {
	if err := Probe(); err != nil {
		t.Skip(err)
	}
	w := newWorld(t, func(epoch time.Time) (Port, error) { return newUring(epoch, ringEntries) })
	defer w.Shut()
	w.allAtOnce(3*ringEntries, listen(t, loopback, echo))
}

func (w *world) allAtOnce(n int, to netip.AddrPort) {
	ears := make([]*ear, n)
	for i := range ears {
		ears[i] = w.open(to)
	}
	for round := 1; round <= 2; round++ {
		for _, e := range ears {
			e.send([]byte("x"))
		}
		for _, e := range ears {
			w.until("answered", func() bool { return len(e.sent) == round && e.bytes == round })
		}
	}
}
