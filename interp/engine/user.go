package engine

import (
	"math/rand/v2"
	"strconv"
	"time"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/wire"
	"bossplan/plan"
)

type userState uint8

const (
	resting        userState = iota // until its timer fires, or for good where it has none
	held                            // by its host's max_rate, until its timer fires
	waitingForConn                  // in its host's queue
	sending                         // its exchange is with the transport
	retired                         // gone; timers and answers that still come are ignored
)

// unsentPause keeps a user that does not wait, and whose requests fail before
// anything is sent, from failing a hundred thousand times a second: that would
// measure nothing but how fast a port is found closed.
const unsentPause = 10 * time.Millisecond

// A user is a small state machine: due → send → answer → write down → rest.
//
// In a closed scenario it comes back by itself after its wait. In an open one
// it is a slot that carries one iteration and is then free for the next.
type user struct {
	scenario *scenarioLoop
	class    *graph.Class
	offset   int // position of the class's first request in the scenario
	index    int64
	state    userState
	leaving  bool // retire after the iteration under way
	pending  bool // a timer is set
	busyAt   int  // position in loop.busy

	pcg   rand.PCG
	frame expr.Frame
	walk  graph.Walk

	conn    wire.Conn // its own, or the shared one it holds; nil: none yet
	session wire.Session
	x       wire.Exchange

	request int           // position in the scenario's requests
	stage   int           // in which it was due
	due     time.Duration // when it should have started
	ready   time.Duration // when nothing but the generator was in the way
	started time.Duration // when it did start; -1: not yet
	slot    time.Duration // pacing: the last due start
	quota   int64         // iterations left in this stage; -1: no limit; parked: all done
}

func (s *scenarioLoop) newUser(class *graph.Class) *user {
	u := &user{scenario: s, class: class, quota: -1}
	u.frame = expr.Frame{Rand: rand.New(&u.pcg), Now: time.Now}
	return u
}

// become makes the user the one with an index: its name, its draws, no cookies.
func (u *user) become(index int64, class *graph.Class) {
	s := u.scenario
	u.class, u.index = class, index
	u.pcg.Seed(s.seed, mixSeed(uint64(index)))
	u.session = wire.Session{}
	u.frame.UserID = s.graph.Plan.Name + "-" + strconv.FormatInt(index, 10)
	u.frame.UserIndex = index
	u.frame.UserClass = class.Plan.Name
	u.frame.Iteration = -1
}

// fire is called when the user's rest is over, or max_rate lets it go.
func (u *user) fire(now time.Duration) {
	u.pending = false
	switch {
	case u.state == resting && u.quota != parked:
		u.begin(u.nextRequest())
	case u.state == held:
		u.launch()
	}
}

// nextRequest chooses by weight.
func (u *user) nextRequest() int {
	if u.class.Plan.Mix == plan.MixRandom {
		return u.offset + u.class.Mix.Draw(u.frame.Rand)
	}
	return u.offset + u.class.Mix.Next(&u.walk)
}

// begin starts the iteration that was due at u.due.
func (u *user) begin(request int) {
	u.request = request
	u.stage = u.scenario.stageAt(u.due)
	u.started = -1
	u.frame.Iteration++
	u.scenario.busy++
	l := u.scenario.loop
	u.busyAt = len(l.busy)
	l.busy = append(l.busy, u)
	if wait := u.host().rate.admit(max(l.now(), u.due)); wait > 0 {
		u.state = held
		l.interval.held(wait)
		u.due = max(l.now(), u.due) + wait
		u.ready = u.due
		u.wakeAt(u.due)
		return
	}
	u.launch()
}

// launch starts the iteration, which is due now for good: if max_rate held it,
// perhaps in a later stage than it would have been.
func (u *user) launch() {
	u.scenario.iterationStarted(u)
	u.stage = u.scenario.stageAt(u.due)
	u.connect()
}

func (u *user) host() *hostLoop { return u.scenario.loop.hosts[u.class.Host.Index] }

func (u *user) compiled() *graph.Request { return u.scenario.graph.Requests[u.request] }

// connect makes sure of a connection and sends.
func (u *user) connect() {
	h := u.host()
	if h.limit > 0 {
		if u.conn = h.acquire(u); u.conn == nil {
			u.state = waitingForConn
			return
		}
	} else if u.conn == nil {
		u.conn = u.scenario.loop.transport.Open(h.wire)
	}
	u.send()
}

func (u *user) send() {
	l := u.scenario.loop
	u.state = sending
	u.started = l.now()
	// The last exchange was handed back, so its list of headers is free again.
	u.x = wire.Exchange{Owner: u, Timeout: u.compiled().Plan.Timeout, Headers: u.x.Headers[:0]}
	if u.host().wire.Cookies {
		u.x.Session = &u.session
	}
	if err := l.render.render(&u.x, u.compiled(), &u.frame); err != nil {
		u.x.Outcome = wire.Outcome{Connect: -1, TLS: -1, Sent: -1, FirstByte: -1, Done: l.now(), Err: err}
		u.finish(u.x.Done)
		return
	}
	l.transport.Start(u.conn, &u.x)
}

// ended takes an exchange back from the transport.
func (u *user) ended(x *wire.Exchange) {
	if u.state == retired {
		return // cut off before; it has been counted
	}
	u.finish(x.Done)
}

// finish writes the iteration down and lets the user rest. now is the moment
// from which it is free again.
func (u *user) finish(now time.Duration) {
	l := u.scenario.loop
	l.interval.sample(u, &u.x.Outcome)
	l.notBusy(u)
	u.x.ResponseBody = nil
	if h := u.host(); h.limit > 0 {
		c := u.conn
		u.conn = nil
		u.state = resting
		h.release(c, now)
	}
	u.state = resting
	u.scenario.iterationCompleted(u, now)
}

// notBusy takes the user out of the list of busy ones.
func (l *loop) notBusy(u *user) {
	last := len(l.busy) - 1
	moved := l.busy[last]
	l.busy[u.busyAt] = moved
	moved.busyAt = u.busyAt
	l.busy[last] = nil
	l.busy = l.busy[:last]
}

// rest has the user start its next iteration when its wait, from its being
// free at now, is over.
func (u *user) rest(now time.Duration) {
	wait := drawWait(u.class.Plan.Wait, u.frame.Rand)
	if u.x.Err != nil && u.x.Sent < 0 {
		now += unsentPause
	}
	u.ready = now
	if u.class.Plan.Wait.Kind == plan.WaitPacing {
		u.slot += wait
		u.due = u.slot // perhaps long ago: the server kept the user busy
	} else {
		u.due = now + wait
		u.ready = u.due
	}
	u.wakeAt(max(u.due, u.ready))
}

// arrive sets the first due moment: a random part of the first wait after the
// user was spawned, so that equal waits do not march in step.
func (u *user) arrive(now time.Duration) {
	wait := drawWait(u.class.Plan.Wait, u.frame.Rand)
	u.due = now + time.Duration(u.frame.Rand.Float64()*float64(wait))
	u.ready, u.slot = u.due, u.due
	u.wakeAt(u.due)
}

func (u *user) wakeAt(at time.Duration) {
	u.pending = true
	u.scenario.loop.timers.push(at, u)
}

// cut ends an iteration that the end of the run does not wait for.
func (u *user) cut(now time.Duration) {
	l := u.scenario.loop
	l.interval.unfinished(u, now)
	l.notBusy(u)
	h := u.host()
	state := u.state
	u.state = retired
	if u.conn == nil {
		return
	}
	if h.limit > 0 && state == sending {
		h.drop(u.conn, now)
		return
	}
	u.conn.Close()
}

// leave retires a user that is not busy.
func (u *user) leave() {
	u.state = retired
	if u.conn != nil {
		u.conn.Close()
		u.conn = nil
	}
}

// drawWait is one pause.
func drawWait(w plan.Wait, rng *rand.Rand) time.Duration {
	switch w.Kind {
	case plan.WaitBetween, plan.WaitPacing:
		return w.Min + time.Duration(rng.Float64()*float64(w.Max-w.Min))
	case plan.WaitExponential:
		return time.Duration(rng.ExpFloat64() * float64(w.Min))
	}
	return w.Min
}
