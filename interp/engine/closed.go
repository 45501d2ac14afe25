package engine

import (
	"math/rand/v2"
	"sort"
	"time"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
)

// closed is the closed model's part of a scenario in one loop: users who come
// back by themselves.
//
// At a change of level from a to b over a ramp of length R, user i of the new
// ones comes at
//
//	start + R × (i − a) / (b − a)
//
// so at 100 users a second there is one every 10 ms, each loop taking its own.
// Going down, the last come are the first to leave, after their iteration.
type closed struct {
	users   map[int64]*user  // alive, by index
	former  map[int64]former // gone, by index: where one that comes back goes on
	spent   map[int64]bool   // gone for good, by index: the rows that they need are used up
	moving  *move            // the change of level under way, or the last one; nil before
	undone  int              // users that have iterations left in this stage
	limited bool             // the stage ends by iterations
}

// enterClosed begins a stage.
func (s *scenarioLoop) enterClosed(stage int, at time.Duration) {
	level := s.graph.Levels[stage]
	from, to := s.closed.moving.reached(at), int64(level.To)
	s.setQuotas(stage, to)
	for _, u := range s.closed.users {
		if !u.life.stopping {
			u.allot(s.quotaOf(u.index), at)
		}
	}
	s.closed.moving = &move{scenario: s, start: at, ramp: level.Ramp, from: from, to: to}
	s.settle(from, at)
	s.closed.moving.schedule()
	s.checkStageDone()
}

// settle brings the users to a level. They are at it already, unless iterations
// ended the stage before in the middle of a ramp: then what has moved since the
// moment that was chosen as its end is moved back.
func (s *scenarioLoop) settle(level int64, at time.Duration) {
	for i := range level {
		if s.loop.owns(i) {
			s.spawn(i, at)
		}
	}
	for i := range s.closed.users {
		if i >= level {
			s.dismiss(i)
		}
	}
}

// allot gives a user its iterations in the stage that begins: -1 where they are
// not limited. Without any it rests, and one that rested goes on.
func (u *user) allot(quota int64, at time.Duration) {
	rested := u.quota == parked
	u.quota = quota
	if quota == 0 {
		u.quota = parked
	} else if rested && u.state == resting && !u.pending {
		u.wake(at)
	}
}

// parked is the quota of a user that rests because it has done its iterations.
const parked = -2

// setQuotas prepares a stage that ends by iterations: N iterations among U
// users are N/U each, and one more for the first N mod U. That is decided
// beforehand and not by who is quicker, so that equal plans send equal requests.
func (s *scenarioLoop) setQuotas(stage int, users int64) {
	c := &s.closed
	c.limited = s.graph.Plan.Stages[stage].Iterations > 0
	c.undone = 0
	if !c.limited {
		return
	}
	for i := range users {
		if s.loop.owns(i) && s.quotaOf(i) > 0 && !s.closed.spent[i] {
			c.undone++
		}
	}
}

// quotaOf is how many iterations the user may do in the stage under way: -1
// where only time limits it.
func (s *scenarioLoop) quotaOf(index int64) int64 {
	n := s.graph.Plan.Stages[s.stage].Iterations
	if n == 0 {
		return -1
	}
	users := int64(s.graph.Levels[s.stage].To)
	if index >= users {
		return 0
	}
	quota := n / users
	if index < n%users {
		quota++
	}
	return quota
}

// spawn brings the user with an index to life.
func (s *scenarioLoop) spawn(index int64, at time.Duration) {
	if old := s.closed.users[index]; old != nil {
		old.leaving = false // it had not left yet
		old.life.returns = true
		return
	}
	if s.closed.spent[index] {
		return
	}
	class := s.graph.ClassOf(index)
	u := s.newUser(s.graph.Classes[class])
	u.become(index, u.class)
	u.offset = s.graph.Offset(class)
	if f, back := s.closed.former[index]; back {
		u.pcg, u.walk, u.frame.Iteration, u.lanes = f.pcg, f.walk, f.iteration, f.lanes
		if f.vars != nil {
			u.frame.Vars = f.vars
		}
	} else {
		u.walk = u.class.Mix.Start(s.graph.RankInClass(index), u.frame.Rand)
	}
	u.quota = parked
	s.closed.users[index] = u
	working := 1
	if !u.life.entered {
		working = 0
	}
	s.people(1, working, at)
	u.allot(s.quotaOf(index), at)
}

// former is what is kept of a user that went: if it comes back it must not draw
// and choose the same again.
type former struct {
	pcg       rand.PCG
	walk      graph.Walk
	iteration int64
	vars      []expr.Value
	lanes     []lane
}

// dismiss has the user with an index leave, after its iteration if it has one
// under way.
func (s *scenarioLoop) dismiss(index int64) {
	u := s.closed.users[index]
	switch {
	case u == nil:
	case u.life.stopping:
		u.life.returns = false
	case u.state != resting:
		u.leaving = true
	default:
		s.remove(u, s.loop.now())
	}
}

// remove has a user go that has no iteration under way, by its on_stop if there
// is one.
func (s *scenarioLoop) remove(u *user, now time.Duration) {
	if s.closed.limited && u.quota > 0 {
		s.closed.undone--
		u.quota = parked
	}
	u.life.returns = false
	if !u.sayGoodbye(now) {
		s.bury(u, now)
	}
	s.checkStageDone()
}

// bury takes a user away that is done with all.
func (s *scenarioLoop) bury(u *user, now time.Duration) {
	u.leave()
	delete(s.closed.users, u.index)
	if !s.over {
		s.closed.former[u.index] = former{u.pcg, u.walk, u.frame.Iteration, u.frame.Vars, u.lanes}
	}
	switch {
	case u.life.stopping || u.life.absent: // it has not been counted since
	case u.life.entered:
		s.people(-1, -1, now)
	default:
		s.people(-1, 0, now)
	}
}

// next is what a user does after an iteration.
func (s *scenarioLoop) next(u *user, now time.Duration) {
	// One that was due in the stage before is none of this stage's.
	if u.quota > 0 && u.home == s.stage {
		if u.quota--; u.quota == 0 {
			u.quota = parked
			s.closed.undone--
		}
	}
	switch {
	case s.over || u.leaving:
		s.remove(u, now)
	case u.quota != parked:
		u.rest(now)
	}
	s.checkStageDone()
}

// checkStageDone tells the conductor once this loop has done its iterations of
// a stage that ends by them.
func (s *scenarioLoop) checkStageDone() {
	if s.closed.limited && s.closed.undone == 0 && !s.over {
		s.closed.limited = false
		s.stageDone(s.stage)
	}
}

// A move is a change of level on its way: one user after another comes, or goes.
type move struct {
	scenario *scenarioLoop
	start    time.Duration
	ramp     time.Duration
	from, to int64
	step     int64 // users of the move so far, all loops counted
}

// schedule sets the timer for the next user that is this loop's.
func (m *move) schedule() {
	for n := m.length(); m.step < n; m.step++ {
		if m.scenario.loop.owns(m.index()) {
			m.scenario.loop.timers.push(m.due(), m)
			return
		}
	}
}

// reached is the level at a moment.
func (m *move) reached(at time.Duration) int64 {
	if m == nil {
		return 0
	}
	n := m.length()
	steps := int64(sort.Search(int(n), func(k int) bool { return m.dueOf(int64(k)) > at }))
	if m.to > m.from {
		return m.from + steps
	}
	return m.from - steps
}

func (m *move) length() int64 { return max(m.to-m.from, m.from-m.to) }

func (m *move) index() int64 {
	if m.to > m.from {
		return m.from + m.step
	}
	return m.from - 1 - m.step
}

func (m *move) due() time.Duration { return m.dueOf(m.step) }

func (m *move) dueOf(step int64) time.Duration {
	return m.start + time.Duration(float64(m.ramp)*float64(step)/float64(m.length()))
}

func (m *move) fire(time.Duration) {
	s := m.scenario
	if s.over || s.closed.moving != m {
		return
	}
	if m.to > m.from {
		s.spawn(m.index(), m.due())
	} else {
		s.dismiss(m.index())
	}
	m.step++
	m.schedule()
}
