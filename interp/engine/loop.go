package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/wire"
	"bossplan/plan"
)

// farFuture is how long a loop sleeps when nothing is due.
const farFuture = time.Hour

// A loop owns a part of the users and does everything for them. All its fields
// but the mailbox belong to its goroutine.
type loop struct {
	id, loops int
	graph     *graph.Graph
	epoch     time.Time
	transport Transport
	hosts     []*hostLoop
	scenarios []*scenarioLoop
	timers    timers
	busy      []*user // with an iteration, on_start or on_stop under way, in no order
	done      []*wire.Exchange
	render    renderer
	answer    expr.Answer     // that is being read
	data      []*expr.Dataset // of the plan, read-only
	quit      bool

	origins   origins
	interval  *interval // what is being written
	spare     chan *interval
	intervals chan *interval // read by the collector
	swap      atomic.Bool    // the collector wants the interval

	mailMu sync.Mutex
	mail   []func()
}

func newLoop(id, loops int, g *graph.Graph, rates []*limiter, o Options) *loop {
	l := &loop{
		id: id, loops: loops, graph: g, epoch: o.Epoch, data: o.Data,
		transport: o.Transport(o.Epoch),
		interval:  newInterval(g),
		spare:     make(chan *interval, 1),
		intervals: make(chan *interval, 1),
	}
	l.origins = newOrigins(l.interval.windows)
	l.spare <- newInterval(g)
	for i, h := range g.Hosts {
		l.hosts = append(l.hosts, newHostLoop(l, h.Plan, o.Hosts[i], rates[i]))
	}
	for _, s := range g.Scenarios {
		l.scenarios = append(l.scenarios, newScenarioLoop(l, s))
	}
	return l
}

// now is the time since the run's start.
func (l *loop) now() time.Duration { return time.Since(l.epoch) }

// owns reports whether the user or tick with an index is this loop's.
func (l *loop) owns(index int64) bool {
	return int(index%numShares)%l.loops == l.id
}

// part is this loop's part of a number that is dealt out share by share.
func (l *loop) part(total int) int {
	n := 0
	for share := l.id; share < numShares; share += l.loops {
		n += total / numShares
		if share < total%numShares {
			n++
		}
	}
	return n
}

// post has f run on the loop's goroutine. Any goroutine may call it.
func (l *loop) post(f func()) {
	l.mailMu.Lock()
	l.mail = append(l.mail, f)
	l.mailMu.Unlock()
	l.transport.Wake()
}

// run is the loop: what is due, what has ended, what was asked for.
func (l *loop) run() {
	for l.readMail(); !l.quit; l.readMail() {
		l.fireDue()
		l.done = l.transport.Wait(l.done[:0], l.nextTimer())
		for i, x := range l.done {
			x.Owner.(*user).ended(x)
			l.done[i] = nil
		}
		if l.swap.Load() {
			l.handOver()
		}
	}
	l.transport.Close()
	l.closeInterval()
	l.intervals <- l.interval
	close(l.intervals)
}

func (l *loop) readMail() {
	l.mailMu.Lock()
	mail := l.mail
	l.mail = nil
	l.mailMu.Unlock()
	for _, f := range mail {
		f()
	}
}

// fireDue fires what is due by now. What falls due meanwhile waits for the next
// turn, so that answers are not kept waiting by a crowd of senders.
func (l *loop) fireDue() {
	now := l.now()
	for len(l.timers) > 0 && l.timers[0].at <= now {
		l.timers.pop().t.fire(l.now())
	}
}

func (l *loop) nextTimer() time.Duration {
	if len(l.timers) == 0 {
		return l.now() + farFuture
	}
	return l.timers[0].at
}

// handOver gives the interval to the collector and goes on with the spare one.
// Where the collector has not given one back yet, the current one grows on.
func (l *loop) handOver() {
	select {
	case next := <-l.spare:
		l.swap.Store(false)
		l.closeInterval()
		l.intervals <- l.interval
		l.interval = next
	default:
	}
}

// closeInterval takes the levels at the interval's end.
func (l *loop) closeInterval() {
	now := l.now()
	iv := l.interval
	iv.inFlight = 0
	iv.oldest = l.oldestDue(now)
	for _, u := range l.busy {
		if u.state == sending && u.counted() {
			iv.inFlight++
		}
	}
	for _, s := range l.scenarios {
		s.people(0, 0, now)
		iv.scenarios[s.graph.Index].users = s.alive
	}
}

// oldestDue is the earliest moment at which something was due that has not come
// to an end: a request under way, a tick without room, or what this loop is
// late with itself. With pacing a user may be ready only now, or a pause from
// now, for what was due long ago. It is now if there is nothing.
func (l *loop) oldestDue(now time.Duration) time.Duration {
	oldest := now
	for _, u := range l.busy {
		if u.counted() {
			oldest = min(oldest, u.due)
		}
	}
	for _, s := range l.scenarios {
		for _, e := range s.open.blocked {
			oldest = min(oldest, e.due)
		}
	}
	l.timers.by(now+unsentPause, func(t timer) {
		oldest = min(oldest, t.at)
		if u, ok := t.t.(*user); ok && u.state == resting {
			oldest = min(oldest, u.due)
		}
	})
	return oldest
}

// A host as one loop sees it: its connections where they are shared, and the
// rate that may go to it.
type hostLoop struct {
	loop    *loop
	wire    *wire.Host
	limit   int // shared connections; 0: every user has its own
	open    int
	idle    []wire.Conn
	waiting []*user // for a connection, first come first served

	rate *limiter // of all loops
}

func newHostLoop(l *loop, p *plan.Host, w *wire.Host, rate *limiter) *hostLoop {
	h := &hostLoop{loop: l, wire: w, rate: rate}
	if p.Connections > 0 {
		h.limit = max(l.part(p.Connections), 1)
	}
	return h
}

// acquire gives u a shared connection, or puts it in the queue for one.
func (h *hostLoop) acquire(u *user) wire.Conn {
	if n := len(h.idle); n > 0 {
		c := h.idle[n-1]
		h.idle = h.idle[:n-1]
		return c
	}
	if h.open < h.limit {
		h.open++
		return h.loop.transport.Open(h.wire)
	}
	h.waiting = append(h.waiting, u)
	return nil
}

// release passes a shared connection on.
func (h *hostLoop) release(c wire.Conn, now time.Duration) {
	for len(h.waiting) > 0 {
		u := h.waiting[0]
		h.waiting = h.waiting[1:]
		if u.state == waitingForConn {
			u.conn = c
			u.ready = now
			u.send()
			return
		}
	}
	h.idle = append(h.idle, c)
}

// drop closes a shared connection whose exchange was cut off, and lets the next
// user open another.
func (h *hostLoop) drop(c wire.Conn, now time.Duration) {
	c.Close()
	h.open--
	for len(h.waiting) > 0 && h.waiting[0].state != waitingForConn {
		h.waiting = h.waiting[1:]
	}
	if len(h.waiting) > 0 {
		h.open++
		h.release(h.loop.transport.Open(h.wire), now)
	}
}
