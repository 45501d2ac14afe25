package wire

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Std carries exchanges on goroutines: one for each exchange on its way, none
// for an idle HTTP/1.1 connection. It speaks HTTP/1.1 and HTTP/2, with and
// without TLS, on every system.
//
// Open, Start and Wait are for one goroutine, the engine's loop; Wake and
// Close may be called from any.
type Std struct {
	epoch   time.Time
	ctx     context.Context // ends with Close
	cancel  context.CancelFunc
	http2   *http.Transport
	jobs    chan job
	idle    atomic.Int32 // workers that wait for a job
	workers sync.WaitGroup
	alarm   alarm         // Wait's own
	signal  chan struct{} // something has ended, or Wake was called
	notify  func()        // is called instead, where another transport waits for this one
	dialers map[*Host]*dialer

	mu     sync.Mutex
	done   []*Exchange
	woken  bool
	closed bool // nothing starts any more
	ended  bool // and all that had started has been handed back
	conns  map[*stdConn]struct{}
}

// maxIdle bounds the workers that are kept while there is nothing to do. A
// worker that goes costs the next exchange about a microsecond.
const maxIdle = 64

// A job is an exchange on its way to a worker.
type job struct {
	conn  *stdConn
	x     *Exchange
	start time.Time // its time runs since then
	leg   *leg      // nil: from the beginning
}

// NewStd makes a transport for one loop. All times of an Outcome count from
// epoch, by the monotonic clock.
func NewStd(epoch time.Time) *Std {
	t := &Std{
		epoch:   epoch,
		http2:   newHTTP2(),
		jobs:    make(chan job),
		signal:  make(chan struct{}, 1),
		dialers: map[*Host]*dialer{},
		conns:   map[*stdConn]struct{}{},
	}
	t.alarm = newAlarm(t.ring)
	t.ctx, t.cancel = context.WithCancel(context.Background())
	return t
}

// Open makes a connection to h. Nothing is dialled before its first exchange.
func (t *Std) Open(h *Host) Conn {
	d := t.dialers[h]
	if d == nil {
		d = newDialer(h, t.http2)
		t.dialers[h] = d
	}
	c := newStdConn(t, d)
	t.mu.Lock()
	defer t.mu.Unlock()
	c.closed = t.closed
	t.conns[c] = struct{}{}
	return c
}

// Start runs x on c and returns at once. c must come from t's Open and have no
// exchange on its way.
func (t *Std) Start(c Conn, x *Exchange) {
	t.start(job{conn: c.(*stdConn), x: x, start: time.Now()})
}

func (t *Std) start(j job) {
	x := j.x
	x.cut = false
	select {
	case t.jobs <- j:
		return
	default:
	}
	t.mu.Lock()
	closed := t.closed
	if !closed {
		t.workers.Add(1)
	}
	t.mu.Unlock()
	if closed {
		x.Outcome = nothing
		x.Done, x.Err = time.Since(t.epoch), errClosed
		x.Begun = x.Done
		t.hand(x)
		return
	}
	go t.work(j)
}

// work runs one exchange after another until enough others wait for the next.
func (t *Std) work(j job) {
	defer t.workers.Done()
	s := newScratch(t.epoch)
	for {
		j.conn.run(j, s)
		t.hand(j.x)
		j = job{}
		if t.idle.Add(1) > maxIdle {
			t.idle.Add(-1)
			return
		}
		select {
		case j = <-t.jobs:
			t.idle.Add(-1)
		case <-t.ctx.Done():
			return
		}
	}
}

// hand gives an exchange that has ended to Wait.
func (t *Std) hand(x *Exchange) {
	t.mu.Lock()
	t.done = append(t.done, x)
	t.mu.Unlock()
	t.ring()
}

func (t *Std) ring() {
	if t.notify != nil {
		t.notify()
		return
	}
	select {
	case t.signal <- struct{}{}:
	default:
	}
}

// Wake ends a Wait, the next one if there is none now.
func (t *Std) Wake() {
	t.mu.Lock()
	t.woken = true
	t.mu.Unlock()
	t.ring()
}

// Wait blocks until an exchange has ended, Wake was called or the moment until
// has passed, and appends all exchanges that have ended since the last call.
func (t *Std) Wait(done []*Exchange, until time.Duration) []*Exchange {
	for before := len(done); ; {
		var woken bool
		done, woken = t.collect(done)
		if woken || len(done) > before || time.Since(t.epoch) >= until {
			return done
		}
		// The signal may be an old one: then this goes round once more.
		t.alarm.set(until - time.Since(t.epoch))
		<-t.signal
	}
}

func (t *Std) collect(done []*Exchange) ([]*Exchange, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	done = append(done, t.done...)
	clear(t.done)
	t.done = t.done[:0]
	woken := t.woken || t.ended
	t.woken = false
	return done, woken
}

// Close ends all connections. Exchanges on their way fail and are still handed
// to Wait, which then no longer blocks; when Close returns none of the
// transport's goroutines is left. It may be called more than once.
func (t *Std) Close() {
	t.mu.Lock()
	t.closed = true
	conns := t.conns
	t.conns = map[*stdConn]struct{}{}
	t.mu.Unlock()
	t.cancel()
	for c := range conns {
		c.Close()
	}
	t.workers.Wait()
	t.http2.CloseIdleConnections()
	t.mu.Lock()
	t.ended = true
	t.mu.Unlock()
	t.ring()
	t.alarm.close()
}

// forget takes a closed connection off the list of those that Close ends.
func (t *Std) forget(c *stdConn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.conns, c)
}
