package engine

import (
	"math/rand/v2"
	"slices"
	"time"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/wire"
	"bossplan/plan"
)

type userState uint8

const (
	resting        userState = iota // until its timer fires, or for good where it has none
	pausing                         // before a request of its flow, until its timer fires
	held                            // by its host's max_rate, until its timer fires
	waitingForConn                  // in its host's queue
	sending                         // its exchange is with the transport
	retired                         // gone; timers and answers that still come are ignored
)

// unsentPause keeps a user that does not wait, and whose requests fail before
// anything is sent, from failing a hundred thousand times a second: that would
// measure nothing but how fast a port is found closed.
const unsentPause = 10 * time.Millisecond

// A user is a small state machine: due → send → answer → write down → on with
// the flow → rest.
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
	pending  bool // a timer is set, or it is in loop.ready
	busyAt   int  // position in loop.busy
	life     life // of a closed scenario's user, around its iterations

	pcg   rand.PCG
	rng   rand.Rand // drawing from it
	frame expr.Frame
	walk  graph.Walk
	lanes []lane // closed: by data; nil before the first row

	conn    wire.Conn // its own, or the shared one it holds; nil: none yet
	line    *line     // the shared one
	session wire.Session
	call    *call // the request under way; nil between two

	flow   *graph.Flow // under way
	step   int         // its request, as a position in the flow
	left   int64       // how often that is still to be sent, after this time
	begun  bool        // the iteration is counted as started
	home   int         // the stage that the iteration belongs to
	failed bool        // the last request did
	idle   bool        // and before anything was sent; or no request was made at all

	stage   int           // in which the request was due
	due     time.Duration // when it should have started
	ready   time.Duration // when nothing but the generator was in the way
	started time.Duration // when it did start; -1: not yet
	slot    time.Duration // pacing: the last due start
	wakes   time.Duration // when it is to be fired
	quota   int64         // iterations left in this stage; -1: no limit; parked: all done
}

func (s *scenarioLoop) newUser(class *graph.Class) *user {
	u := &user{scenario: s, class: class, quota: -1, life: life{entered: class.OnStart == nil}}
	u.rng = *rand.New(&u.pcg)
	u.frame = expr.Frame{Scenario: s.graph.Plan.Name, Rand: &u.rng, Now: time.Now, Data: s.loop.data}
	return u
}

// become makes the user the one with an index: its name, its draws, no cookies
// and no captures.
func (u *user) become(index int64, class *graph.Class) {
	s := u.scenario
	u.class, u.index = class, index
	u.pcg.Seed(s.seed, mixSeed(uint64(index)))
	u.session = wire.Session{}
	u.frame.UserIndex = index
	u.frame.UserClass = class.Plan.Name
	u.frame.Iteration = -1
	u.frame.Vars = cleared(u.frame.Vars, len(class.Names.Vars))
	if class.ReadsRows {
		u.frame.Rows = cleared(u.frame.Rows, len(s.loop.graph.Data))
	}
}

// cleared is n zero values, where there is room for them in s.
func cleared[T any](s []T, n int) []T {
	clear(s)
	return slices.Grow(s[:0], n)[:n]
}

// fire is called when the user's rest or its pause is over, or max_rate lets it
// go. A timer, and a place in loop.ready, stays where it is when the user leaves
// its rest early, for its on_stop: then it must not end what the user waits for by
// now.
func (u *user) fire(now time.Duration) {
	if !u.pending || now < u.wakes {
		return
	}
	u.pending = false
	if u.scenario.over && !u.life.stopping {
		return // it is about to be sent home
	}
	switch u.state {
	case resting:
		switch {
		case u.quota == parked:
		case !u.life.entered:
			u.setUp(now)
		default:
			u.iterate(now)
		}
	case pausing:
		u.request()
	case held:
		u.launch()
	}
}

// iterate begins the next iteration, unless the rows that it needs are used up
// and the user is to stop then.
func (u *user) iterate(now time.Duration) {
	f := u.choose()
	if d := u.takeRows(f); d != nil {
		u.scenario.stopUser(u, d, now)
		return
	}
	u.begin(f)
}

// choose chooses by weight.
func (u *user) choose() *graph.Flow {
	if u.class.Plan.Mix == plan.MixRandom {
		return u.class.Choices[u.class.Mix.Draw(u.frame.Rand)]
	}
	return u.class.Choices[u.class.Mix.Next(&u.walk)]
}

func (u *user) host() *hostLoop { return u.scenario.loop.hosts[u.class.Host.Index] }

// compiled is the request that the user is at.
func (u *user) compiled() *graph.Request { return u.flow.Steps[u.step] }

// position is the request's among those of the scenario. It must not be one of
// a hook's.
func (u *user) position() int { return u.offset + u.compiled().Position }

// connect makes sure of a connection and sends.
func (u *user) connect() {
	h := u.host()
	if h.limit > 0 {
		if !h.acquire(u) {
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
	req := u.compiled()
	u.state = sending
	u.started = l.clock
	u.call = l.calls.take(u)
	x := &u.call.exchange
	x.Timeout, x.KeepHeader, x.KeepBody = req.Plan.Timeout, req.KeepHeader, req.KeepBody
	if u.host().wire.Cookies {
		x.Session = &u.session
	}
	if err := l.render.render(u.call, req, &u.frame); err != nil {
		x.Outcome = unsent(err, l.now())
		u.finish(x.Done)
		return
	}
	l.transport.Start(u.conn, x)
}

// unsent is the outcome of a request that failed before anything was sent.
func unsent(err *wire.Error, now time.Duration) wire.Outcome {
	return wire.Outcome{Connect: -1, TLS: -1, Sent: -1, FirstByte: -1, Done: now, Err: err}
}

// finish writes the request down and goes on. now is the moment from which the
// user is free again.
func (u *user) finish(now time.Duration) {
	u.conclude()
	u.state = resting
	if h := u.host(); h.limit > 0 {
		h.release(u.giveUp(), now)
	}
	u.goOn(now)
}

// giveUp ends the user's hold on its shared connection.
func (u *user) giveUp() *line {
	x := u.line
	u.line, u.conn = nil, nil
	return x
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

// isBusy puts the user into it.
func (l *loop) isBusy(u *user) {
	u.busyAt = len(l.busy)
	l.busy = append(l.busy, u)
}

// rest has the user start its next iteration when its wait, from its being
// free at now, is over.
func (u *user) rest(now time.Duration) {
	wait := drawWait(u.class.Plan.Wait, u.frame.Rand)
	if u.idle {
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
	u.pending, u.wakes = true, at
	l := u.scenario.loop
	if at <= l.clock {
		l.ready.push(at, u)
		return
	}
	l.timers.push(at, u)
}

// cut ends what the end of the run does not wait for.
func (u *user) cut(now time.Duration) {
	l := u.scenario.loop
	state := u.state
	if state == sending || state == waitingForConn {
		l.interval.unfinished(u, now)
	}
	l.notBusy(u)
	h := u.host()
	u.state = retired
	if u.conn == nil {
		return
	}
	if h.limit > 0 && state == sending {
		h.cut(u, now)
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
