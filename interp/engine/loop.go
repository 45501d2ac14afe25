package engine

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/wire"
)

const (
	// farFuture is how long a loop sleeps when nothing is due.
	farFuture = time.Hour
	// burst is how many due timers are fired, and how many answers taken, before
	// the others have their turn and the clock is read again: neither may wait
	// behind a crowd of the other kind. At some µs for each of them that is a few
	// hundred µs.
	burst = 64
)

// A loop owns a part of the users and does everything for them. All its fields
// but the mailbox belong to its goroutine.
type loop struct {
	id, loops int
	graph     *graph.Graph
	epoch     time.Time
	transport Transport
	hosts     []*hostLoop
	scenarios []*scenarioLoop
	clock     time.Duration // read once a turn, and between bursts
	timers    timers
	ready     queue   // users who need no timer
	busy      []*user // with an iteration, on_start or on_stop under way, in no order
	done      []*wire.Exchange
	calls     calls
	render    renderer
	answer    expr.Answer     // that is being read
	data      []*expr.Dataset // of the plan, read-only
	quit      bool

	tied  bool // to a thread of its own; see Options
	meter meter

	origins   origins
	interval  *interval // what is being written
	spare     chan *interval
	intervals chan *interval // read by the collector
	swap      atomic.Bool    // the collector wants the interval

	mailed atomic.Bool // there is mail
	mailMu sync.Mutex
	mail   []func()
}

func newLoop(id, loops int, g *graph.Graph, rates []*limiter, o Options, t Transport) *loop {
	l := &loop{
		id: id, loops: loops, graph: g, epoch: o.Epoch, data: o.Data,
		transport: t,
		tied:      o.Tied,
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
	l.mailed.Store(true)
	l.mailMu.Unlock()
	l.transport.Wake()
}

// run is the loop: what is due, what has ended, what was asked for.
func (l *loop) run() {
	if l.tied {
		runtime.LockOSThread() // for good: the thread ends with the goroutine
		l.meter.begin(l.now())
		defer l.meter.end()
	}
	for l.readMail(); !l.quit; l.readMail() {
		l.fireDue()
		l.done = l.transport.Wait(l.done[:0], l.nextDue())
		for n, x := range l.done {
			if n%burst == 0 {
				l.clock = l.now()
				if n > 0 {
					l.fireDue()
				}
			}
			l.ended(x.Owner.(*call))
		}
		clear(l.done)
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
	if !l.mailed.Load() {
		return
	}
	l.clock = l.now()
	l.mailMu.Lock()
	mail := l.mail
	l.mail = nil
	l.mailed.Store(false)
	l.mailMu.Unlock()
	for _, f := range mail {
		f()
	}
}

// fireDue fires what is due by now, a burst at most.
func (l *loop) fireDue() {
	l.clock = l.now()
	for range burst {
		if !l.ready.empty() && l.ready.since() <= l.nextTimer() {
			l.ready.pop().fire(l.clock)
		} else if l.timers.len() > 0 && l.timers.earliest() <= l.clock {
			l.timers.pop().fire(l.clock)
		} else {
			return
		}
	}
}

// nextDue is until when there is nothing to do but to wait for answers.
func (l *loop) nextDue() time.Duration {
	if !l.ready.empty() {
		return l.clock
	}
	return l.nextTimer()
}

func (l *loop) nextTimer() time.Duration {
	if l.timers.len() == 0 {
		return l.clock + farFuture
	}
	return l.timers.earliest()
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
	if l.tied {
		iv.strain = l.meter.read(now)
	}
	iv.inFlight, iv.oldest = l.underWay(now)
	if len(iv.windows) > 0 { // else nobody asks
		iv.oldest = min(iv.oldest, l.oldestUnsent(now))
	}
	for _, s := range l.scenarios {
		s.people(0, 0, now)
		iv.scenarios[s.graph.Index].users = s.alive
	}
}

// underWay is how many requests are with the transport, and the earliest moment
// at which one under way was due, or waits to be sent; now if there is none.
func (l *loop) underWay(now time.Duration) (sent int, oldest time.Duration) {
	oldest = now
	for _, u := range l.busy {
		if u.counted() {
			oldest = min(oldest, u.due)
			if u.state == sending {
				sent++
			}
		}
	}
	return sent, oldest
}

// oldestUnsent is the earliest moment at which something was due that has not
// begun: a tick without room, or what this loop is late with itself. With pacing a
// user may be ready only now, or a pause from now, for what was due long ago. It is
// now if there is nothing.
func (l *loop) oldestUnsent(now time.Duration) time.Duration {
	oldest := now
	for _, s := range l.scenarios {
		for _, e := range s.open.blocked {
			oldest = min(oldest, e.due)
		}
	}
	late := func(at time.Duration, u *user) {
		oldest = min(oldest, at)
		if u != nil && u.state == resting {
			oldest = min(oldest, u.due)
		}
	}
	for _, e := range l.ready.waiting() {
		late(e.at, e.user)
	}
	l.timers.by(now+unsentPause, func(at time.Duration, t timed) {
		u, _ := t.(*user)
		late(at, u)
	})
	return oldest
}
