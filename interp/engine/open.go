package engine

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"bossplan/interp/graph"
	"bossplan/plan"
)

// open is the open model's part of a scenario in one loop: iterations that
// start on a schedule and do not wait for answers.
//
// Tick k of a stage is due when the integral of the rate reaches k with even
// arrivals, and the k-th sum of exponential steps with Poisson arrivals. All
// loops walk the same ticks and each starts its own, those of its shares: so
// the k-th arrival of the scenario is the same request however many loops there
// are, and weights and limits are exact. A tick knows its due moment from the
// seed alone, so nothing has to be kept of those that wait: the stream stands
// still until there is room.
type open struct {
	capacity int           // iterations at the same time
	slots    int           // users there are
	free     [][]*user     // by host, the last used first: few connections, and warm ones
	blocked  []*stream     // due, but there is no room; one a stage
	stream   *stream       // of the stage under way; nil once the loop is done with it
	last     *stream       // of the last stage that began
	roomy    time.Duration // since when there is room, while there is
	starting bool          // ticks are being started by a caller further up
	mixSeed  uint64        // of the requests that ticks draw, where they draw
}

// A stream is a loop's ticks in one stage.
type stream struct {
	scenario *scenarioLoop
	stage    int
	start    time.Duration
	level    plan.Level
	base     int64      // ticks of the stages before
	limit    int64      // ticks of the stage; -1: by time only
	tick     int64      // the next one of the loop, counted from the stage's start
	area     float64    // the integral of the rate at it
	pcg      *rand.PCG  // of Poisson arrivals
	rng      *rand.Rand // drawing from it
	uses     []int64    // by data: how many ticks before this one took a row; nil where none does
	due      time.Duration
	ended    bool
}

// enterOpen begins a stage.
func (s *scenarioLoop) enterOpen(stage int, at time.Duration) {
	st := s.graph.Plan.Stages[stage]
	e := &stream{
		scenario: s, stage: stage, start: at, level: s.graph.Levels[stage],
		base: s.baseTick(stage), limit: -1, tick: -1, uses: s.usesBefore(),
	}
	if st.Iterations > 0 {
		e.limit = st.Iterations
	}
	if st.Arrivals == plan.ArrivalsPoisson {
		e.pcg = rand.NewPCG(s.seedOf("arrivals"), uint64(stage))
		e.rng = rand.New(e.pcg)
	}
	s.open.stream, s.open.last = e, e
	if e.advance() {
		s.loop.timers.push(e.due, e)
	}
	s.checkOpenDone()
}

// baseTick numbers the stages' ticks one after another. Poisson arrivals may be
// more than planned: numbers are left out for them, since no two iterations may
// draw the same.
func (s *scenarioLoop) baseTick(stage int) int64 {
	var n int64
	for k, st := range s.graph.Plan.Stages[:stage] {
		l := s.graph.Levels[k]
		most := l.Area(l.Duration)
		if st.Arrivals == plan.ArrivalsPoisson {
			most += 100 + 10*math.Sqrt(most)
		}
		if st.Iterations > 0 {
			most = min(most, float64(st.Iterations))
		}
		n += int64(math.Ceil(most))
	}
	return n
}

// advance moves to the loop's next tick and reports whether there is one.
func (e *stream) advance() bool {
	total := e.level.Area(e.level.Duration)
	if e.ended {
		return false
	}
	for {
		if e.uses != nil && e.tick >= 0 {
			e.count()
		}
		e.tick++
		if e.rng == nil {
			e.area = float64(e.tick)
		} else {
			e.area += e.rng.ExpFloat64()
		}
		if e.limit >= 0 && e.tick >= e.limit || e.area >= total {
			e.ended = true
			return false
		}
		if e.scenario.loop.owns(e.tick) {
			e.due = e.start + e.level.When(e.area)
			return true
		}
	}
}

// clone is a stream of its own that goes on from here.
func (e *stream) clone() *stream {
	c := *e
	c.uses = slices.Clone(e.uses)
	if e.pcg != nil {
		pcg := *e.pcg
		c.pcg, c.rng = &pcg, rand.New(&pcg)
	}
	return &c
}

// fire is called when the stream's next tick is due.
func (e *stream) fire(now time.Duration) {
	s := e.scenario
	if s.over {
		return
	}
	if d := e.spent(); d != nil {
		s.loop.interval.spend(d, now)
		s.drop(e)
		e.proceed()
		return
	}
	if s.room() {
		s.startTick(e)
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

// startTick starts the iteration of the stream's tick. What it waited for room
// is the server's time; what passed since is the generator's, whether or not
// the stream had been seen to be blocked meanwhile.
func (s *scenarioLoop) startTick(e *stream) {
	number := e.number()
	choice := e.choice()
	class := s.graph.Classes[choice.Class]
	u := s.slot(class)
	// Who arrives, and what it draws, depends on the tick alone, not on the slot
	// or the loop that happens to carry it.
	u.become(number, class)
	u.offset = s.graph.Offset(choice.Class)
	u.frame.Iteration = number - 1 // begin counts it up
	e.deal(u, choice.Flow)
	u.due, u.ready = e.due, max(e.due, s.open.roomy)
	s.loop.interval.planned(s, e.stage)
	u.begin(choice.Flow)
	e.proceed()
}

// number is the next tick's among those of the scenario.
func (e *stream) number() int64 { return e.base + e.tick }

// choice is what the stream's next tick does.
func (e *stream) choice() graph.Choice {
	s := e.scenario
	for _, c := range s.graph.Classes {
		if c.Plan.Mix == plan.MixRandom {
			var pcg rand.PCG
			pcg.Seed(s.open.mixSeed, mixSeed(uint64(e.number())))
			return s.graph.Choices[s.graph.Mix.Draw(rand.New(&pcg))]
		}
	}
	return s.graph.Choices[s.graph.Mix.At(e.number())]
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
			s.people(-1, -1, s.loop.now())
		}
	}
	s.open.slots++
	s.people(1, 1, s.loop.now())
	return s.newUser(class)
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
	if e.advance() {
		e.scenario.loop.timers.push(e.due, e)
		return
	}
	e.scenario.checkOpenDone()
}

// freed takes a slot back and starts what waited for it.
func (s *scenarioLoop) freed(u *user, now time.Duration) {
	if s.over {
		u.leave()
		s.people(-1, -1, now)
		return
	}
	if s.busy == s.open.capacity-1 {
		s.open.roomy = now
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
		s.startTick(s.earliestBlocked())
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
	choice := e.choice()
	first := s.graph.Offset(choice.Class) + choice.Flow.Steps[0].Position
	s.loop.interval.dropped(s, e.stage, first, e.due)
}

// abandon takes back the start of an iteration that max_rate holds at the end.
// It has never been due, so it is missing in no window.
func (s *scenarioLoop) abandon(u *user) {
	s.loop.interval.lose(s, u.home)
	u.leave()
	s.people(-1, -1, s.loop.now())
}

// closeOpen ends the schedule at a moment: what was due by then and did not
// start never will.
func (s *scenarioLoop) closeOpen(at time.Duration) {
	for _, e := range s.open.blocked {
		for more := true; more && e.due < at; more = e.advance() {
			s.drop(e)
		}
	}
	s.open.blocked = nil
}

// checkOpenDone tells the conductor once a stage that ends by iterations has
// had them all.
func (s *scenarioLoop) checkOpenDone() {
	if s.stage < 0 || s.over || s.graph.Plan.Stages[s.stage].Iterations == 0 || s.busy > 0 {
		return
	}
	if e := s.open.stream; e != nil && e.ended {
		s.open.stream = nil
		s.stageDone(s.stage)
	}
}
