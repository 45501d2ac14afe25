package engine

import (
	"math"
	"math/rand/v2"
	"time"

	"bossplan/interp/graph"
	"bossplan/plan"
)

// open is the open model's part of a scenario in one loop: iterations that
// start on a schedule and do not wait for answers.
//
// The schedule of a stage is dealt out in shares. With even arrivals tick k is
// due when the integral of the rate reaches k, and belongs to share k mod 64.
// With Poisson arrivals every share is a stream of its own at a 64th of the
// rate; together they are Poisson again. A tick knows its due moment from the
// seed alone, so nothing has to be kept of those that wait: the streams stand
// still until there is room.
type open struct {
	capacity int       // iterations at the same time
	made     int64     // users made so far: the next one's index
	slots    int       // users there are
	free     [][]*user // by host, the last used first: few connections, and warm ones
	blocked  []*stream // due, but there is no room
	streams  []*stream // of the stage under way
	starting bool      // ticks are being started by a caller further up
}

// A stream is one share's ticks in one stage.
type stream struct {
	scenario *scenarioLoop
	stage    int
	start    time.Duration
	level    plan.Level
	share    int64
	base     int64   // ticks of the stages before, all shares
	limit    int64   // ticks of the stage, all shares; -1: by time only
	count    int64   // ticks of this stream so far
	area     float64 // Poisson: the integral of the rate at the next tick, of this share
	rng      *rand.Rand
	due      time.Duration // of the next tick
}

// enterOpen begins a stage.
func (s *scenarioLoop) enterOpen(stage int, at time.Duration) {
	st := s.graph.Plan.Stages[stage]
	s.open.streams = s.open.streams[:0]
	for share := int64(s.loop.id); share < numShares; share += int64(s.loop.loops) {
		e := &stream{
			scenario: s, stage: stage, start: at, level: s.graph.Levels[stage],
			share: share, base: s.baseTick(stage), limit: -1,
		}
		if st.Iterations > 0 {
			e.limit = st.Iterations
		}
		if st.Arrivals == plan.ArrivalsPoisson {
			e.rng = rand.New(rand.NewPCG(s.seed+uint64(stage), mixSeed(uint64(share))))
		}
		if e.advance() {
			s.open.streams = append(s.open.streams, e)
			s.loop.timers.push(e.due, e)
		}
	}
	s.checkOpenDone()
}

// baseTick numbers the stages' ticks one after another, as planned.
func (s *scenarioLoop) baseTick(stage int) int64 {
	var n float64
	for _, l := range s.graph.Levels[:stage] {
		n += l.Area(l.Duration)
	}
	return int64(math.Ceil(n))
}

// advance moves to the stream's next tick and reports whether there is one.
func (e *stream) advance() bool {
	tick := e.share + e.count*numShares
	if e.limit >= 0 && tick >= e.limit {
		return false
	}
	area := float64(tick)
	if e.rng != nil {
		e.area += e.rng.ExpFloat64() * numShares
		area = e.area
	}
	if area >= e.level.Area(e.level.Duration) {
		return false
	}
	e.due = e.start + e.level.When(area)
	return true
}

// fire is called when the stream's next tick is due.
func (e *stream) fire(time.Duration) {
	s := e.scenario
	if s.over {
		return
	}
	if s.room() {
		s.startTick(e, e.due)
		return
	}
	if s.graph.Plan.OnLate == plan.LateDrop {
		s.drop(e)
		e.proceed()
		return
	}
	s.open.blocked = append(s.open.blocked, e)
}

// room reports whether another iteration may run.
func (s *scenarioLoop) room() bool { return s.busy < s.open.capacity }

// startTick starts the iteration of the stream's tick. ready is when nothing
// but the generator was in its way.
func (s *scenarioLoop) startTick(e *stream, ready time.Duration) {
	tick := e.tick()
	request := e.request()
	class := s.graph.Requests[request].Class
	u := s.slot(class)
	// What the iteration draws depends on the tick alone, not on the slot or the
	// loop that happens to carry it.
	u.pcg.Seed(s.seed, mixSeed(uint64(tick)))
	u.frame.UserClass = class.Plan.Name
	u.frame.Iteration = tick - 1 // begin counts it up
	u.class, u.due, u.ready = class, e.due, ready
	s.loop.interval.planned(s, e.stage)
	u.begin(request)
	e.proceed()
}

// tick is the number of the stream's next tick among those of the scenario.
func (e *stream) tick() int64 { return e.base + e.share + e.count*numShares }

// request is what the stream's next tick sends, as a position in the scenario's
// requests.
func (e *stream) request() int {
	mix := e.scenario.graph.Mix
	for _, c := range e.scenario.graph.Classes {
		if c.Plan.Mix == plan.MixRandom {
			var pcg rand.PCG
			pcg.Seed(e.scenario.seed+1, mixSeed(uint64(e.tick())))
			return mix.Draw(rand.New(&pcg))
		}
	}
	return mix.At(e.tick())
}

// slot is a free user with a connection to the class's host, or a new one in
// the place of one that is free.
func (s *scenarioLoop) slot(class *graph.Class) *user {
	if s.open.free == nil {
		s.open.free = make([][]*user, len(s.loop.hosts))
	}
	if u := s.takeFree(class.Host.Index); u != nil {
		return u
	}
	for h := 0; s.open.slots >= s.open.capacity && h < len(s.open.free); h++ {
		if u := s.takeFree(h); u != nil {
			u.leave()
			s.open.slots--
			s.people(-1, s.loop.now())
		}
	}
	s.open.slots++
	s.people(1, s.loop.now())
	index := s.open.made*int64(s.loop.loops) + int64(s.loop.id)
	s.open.made++
	return s.newUser(index, class)
}

func (s *scenarioLoop) takeFree(host int) *user {
	free := s.open.free[host]
	if len(free) == 0 {
		return nil
	}
	u := free[len(free)-1]
	s.open.free[host] = free[:len(free)-1]
	return u
}

// proceed sets the timer for the stream's next tick.
func (e *stream) proceed() {
	e.count++
	if e.advance() {
		e.scenario.loop.timers.push(e.due, e)
		return
	}
	e.count = -1
	e.scenario.checkOpenDone()
}

// freed takes a slot back and starts what waited for it.
func (s *scenarioLoop) freed(u *user, now time.Duration) {
	if s.over {
		u.leave()
		s.people(-1, now)
		return
	}
	h := u.class.Host.Index
	s.open.free[h] = append(s.open.free[h], u)
	// Requests that fail at once come back here from within begin: the loop
	// below, not the stack, must carry them.
	if s.open.starting {
		return
	}
	s.open.starting = true
	for len(s.open.blocked) > 0 && s.room() && !s.over {
		s.startTick(s.earliestBlocked(), now)
	}
	s.open.starting = false
	s.checkOpenDone()
}

// earliestBlocked takes the stream whose tick has waited longest.
func (s *scenarioLoop) earliestBlocked() *stream {
	b := s.open.blocked
	first := 0
	for i, e := range b {
		if e.due < b[first].due {
			first = i
		}
	}
	e := b[first]
	b[first] = b[len(b)-1]
	s.open.blocked = b[:len(b)-1]
	return e
}

// drop counts the stream's tick as not started.
func (s *scenarioLoop) drop(e *stream) {
	s.loop.interval.planned(s, e.stage)
	s.loop.interval.dropped(s, e.stage, e.request(), e.due)
}

// closeOpen ends the schedule at a moment: what was due by then and did not
// start never will.
func (s *scenarioLoop) closeOpen(at time.Duration) {
	for _, e := range s.open.blocked {
		for more := true; more && e.due < at; more = e.advance() {
			s.drop(e)
			e.count++
		}
	}
	s.open.blocked = nil
	for h := range s.open.free {
		for u := s.takeFree(h); u != nil; u = s.takeFree(h) {
			u.leave()
			s.people(-1, at)
		}
	}
}

// checkOpenDone tells the conductor once a stage that ends by iterations has
// had them all.
func (s *scenarioLoop) checkOpenDone() {
	if s.stage < 0 || s.over || s.graph.Plan.Stages[s.stage].Iterations == 0 || s.busy > 0 {
		return
	}
	for _, e := range s.open.streams {
		if e.count >= 0 {
			return
		}
	}
	if s.open.streams != nil {
		s.open.streams = nil
		s.stageDone(s.stage)
	}
}
