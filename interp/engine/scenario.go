package engine

import (
	"time"

	"bossplan/interp/graph"
)

// A scenarioLoop is one scenario's part in one loop.
type scenarioLoop struct {
	loop  *loop
	graph *graph.Scenario
	seed  uint64

	stage  int             // the one under way; -1 before the first
	starts []time.Duration // of the stages begun so far
	end    time.Duration   // of the last stage, once it is known; -1 before
	over   bool            // end has passed: nothing new is started
	alive  int             // users there are
	works  int             // and those of them whose on_start is behind them
	busy   int             // iterations under way, on_start and on_stop too
	since  time.Duration   // up to when user time is accounted

	closed closed
	open   open

	departing *departure // after the end, until everyone was told

	stageDone func(stage int) // told when this loop has done its iterations of a stage
	drained   func()          // told when the scenario is over and nothing is under way
	told      bool            // drained was called
}

func newScenarioLoop(l *loop, s *graph.Scenario) *scenarioLoop {
	sl := &scenarioLoop{loop: l, graph: s, stage: -1, end: -1, seed: graph.SeedFor(l.graph.Seed, s.Plan.Address(), 0)}
	if s.Plan.Open() {
		sl.open.capacity = l.part(s.Plan.MaxInFlight)
		sl.open.mixSeed = sl.seedOf("mix")
	} else {
		sl.closed.users = map[int64]*user{}
		sl.closed.former = map[int64]former{}
		sl.closed.spent = map[int64]bool{}
	}
	return sl
}

// stageStart is a timer: a stage begins at a moment known before.
type stageStart struct {
	scenario *scenarioLoop
	stage    int
	at       time.Duration
}

func (e *stageStart) fire(time.Duration) {
	s := e.scenario
	if s.over {
		return
	}
	s.account(e.at)
	s.stage = e.stage
	s.starts = append(s.starts, e.at)
	s.loop.origins.begin(s.loop.interval.windows, s.graph, e.stage, e.at)
	if s.graph.Plan.Open() {
		s.enterOpen(e.stage, e.at)
	} else {
		s.enterClosed(e.stage, e.at)
	}
}

// scenarioEnd is a timer: the last stage is over.
type scenarioEnd struct {
	scenario *scenarioLoop
	at       time.Duration
}

func (e *scenarioEnd) fire(now time.Duration) {
	s := e.scenario
	if s.over || e.at > s.end {
		return // ended earlier than was planned when this timer was set
	}
	s.finish(e.at)
}

// finish lets no iteration and no request start from now on, but those of
// on_stop.
func (s *scenarioLoop) finish(at time.Duration) {
	s.account(at)
	s.over, s.end = true, at
	if s.graph.Plan.Open() {
		s.closeOpen(at)
	}
	s.departing = &departure{scenario: s, at: at, users: s.everyone()}
	s.departing.fire(s.loop.clock)
}

// checkDrained tells the conductor once the scenario is over and quiet.
func (s *scenarioLoop) checkDrained() {
	if s.over && s.departing == nil && s.busy == 0 && !s.told {
		s.told = true
		s.drained()
	}
}

// cut ends what is still under way and counts it as unfinished.
func (s *scenarioLoop) cut(now time.Duration) {
	if !s.over {
		s.finish(now)
	}
	for s.departing != nil {
		s.departing.burst()
	}
	// Those that wait for a connection first, or they would be given the ones of
	// the others and still send.
	s.cutBusy(now, func(u *user) bool { return u.state == waitingForConn })
	s.cutBusy(now, func(*user) bool { return true })
	s.checkDrained()
}

func (s *scenarioLoop) cutBusy(now time.Duration, which func(*user) bool) {
	for i := len(s.loop.busy) - 1; i >= 0; i-- {
		// A connection that is cut off goes to another scenario's user, whose
		// request may fail at once: then more than one is busy no more.
		if i >= len(s.loop.busy) {
			continue
		}
		if u := s.loop.busy[i]; u.scenario == s && which(u) {
			s.cutUser(u, now)
		}
	}
}

// cutUser ends what a user has under way.
func (s *scenarioLoop) cutUser(u *user, now time.Duration) {
	u.cut(now)
	s.busy--
	switch {
	case u.counted():
		s.people(-1, -1, now)
		s.counts().unfinished++
	case u.life.stopping || u.life.absent: // it has not been counted since
	default:
		s.people(-1, 0, now)
	}
}

// stageAt is the stage in which a moment lies.
func (s *scenarioLoop) stageAt(at time.Duration) int {
	k := len(s.starts) - 1
	for k > 0 && s.starts[k] > at {
		k--
	}
	return k
}

// account adds the users' time up to now to the stage under way.
func (s *scenarioLoop) account(now time.Duration) {
	counts := s.counts()
	if s.stage >= 0 && !s.over && now > s.since {
		counts.stages[s.stage].userTime += time.Duration(s.alive) * (now - s.since)
	}
	s.since = max(s.since, now)
}

// people changes the number of users, and of those whose on_start is behind them.
func (s *scenarioLoop) people(change, works int, now time.Duration) {
	s.account(now)
	s.alive += change
	s.works += works
	counts := s.counts()
	counts.maxUsers = max(counts.maxUsers, s.alive)
	counts.maxWorks = max(counts.maxWorks, s.works)
}

// counts is what happened in the scenario during the interval.
func (s *scenarioLoop) counts() *scenarioCounts { return &s.loop.interval.scenarios[s.graph.Index] }

func (s *scenarioLoop) iterationStarted(u *user) {
	counts := s.counts()
	counts.started++
	counts.stages[u.home].started++
}

func (s *scenarioLoop) iterationCompleted(u *user, now time.Duration) {
	s.counts().completed++
	if s.graph.Plan.Open() {
		s.freed(u, now)
	} else {
		s.next(u, now)
	}
	s.checkDrained()
}

// seedOf is the seed of something that is drawn for the scenario as a whole.
func (s *scenarioLoop) seedOf(what string) uint64 {
	return graph.SeedFor(s.seed, what, 0)
}

// mixSeed spreads neighbouring numbers over all bits (the finaliser of
// splitmix64, Steele et al. 2014), so that users' generators do not resemble
// each other.
func mixSeed(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
