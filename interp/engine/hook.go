package engine

import (
	"time"

	"bossplan/interp/graph"
	"bossplan/plan"
)

// A life is what is around the iterations of a closed scenario's user.
//
//	spawn ─► on_start ─► iterations ─► on_stop ─► gone
//	            └─◄─ again after a pause, if it failed
//
// A user is one from its coming on, but one whose on_start has failed is absent
// until it gets through: it makes no load, and a level that counted it would not
// be the planned one. What a user does in on_start and on_stop is in no figure
// but those of the record's Setup.
type life struct {
	entered  bool // on_start is behind it, or there is none
	absent   bool // on_start has failed, and not succeeded since
	drawn    bool // the rows of on_start have been taken: trying again takes no others
	stopping bool // on_stop is under way: it is no user any more
	returns  bool // and it is wanted again afterwards
}

// leastRetry is the shortest pause before on_start is tried again.
const leastRetry = time.Second

// setUp begins on_start.
func (u *user) setUp(now time.Duration) {
	f := u.class.OnStart
	if !u.life.drawn {
		u.life.drawn = true
		if d := u.takeRows(f); d != nil {
			u.scenario.stopUser(u, d, now)
			return
		}
	}
	u.hook(f, now)
}

// hook begins a flow that is not counted.
func (u *user) hook(f *graph.Flow, now time.Duration) {
	u.due, u.ready = now, now
	u.begun = true
	u.follow(f)
}

// hooked is called when a flow that is not counted has ended.
func (u *user) hooked(now time.Duration) {
	s := u.scenario
	stopped := u.failed && u.flow.Plan.OnFailure != plan.FailureContinues
	switch {
	case u.life.stopping:
		s.bury(u, now)
		if u.life.returns && !s.over {
			s.spawn(u.index, now)
		}
	case stopped && !s.over && !u.leaving:
		u.tryAgain(now)
	case stopped || u.step < len(u.flow.Steps): // or the end came first
		s.bury(u, now)
	default:
		u.settleIn(now)
	}
	s.checkDrained()
}

// tryAgain has a user whose on_start failed begin it anew.
func (u *user) tryAgain(now time.Duration) {
	if !u.life.absent {
		u.life.absent = true
		u.scenario.people(-1, 0, now)
	}
	u.due = now + max(drawWait(u.class.Plan.Wait, u.frame.Rand), leastRetry)
	u.ready = u.due
	u.wakeAt(u.due)
}

// settleIn begins the iterations of a user whose on_start is done.
func (u *user) settleIn(now time.Duration) {
	s := u.scenario
	came := 0
	if u.life.absent {
		came = 1
	}
	u.life.entered, u.life.absent = true, false
	s.people(came, 1, now)
	switch {
	case s.over || u.leaving:
		s.remove(u, now)
	case u.quota != parked:
		u.arrive(now)
	}
}

// wake lets a user that rests go on: with its life, or with its iterations.
func (u *user) wake(at time.Duration) {
	if u.life.entered {
		u.arrive(at)
		return
	}
	u.setUp(at)
}

// sayGoodbye begins on_stop, if the user has come so far that it has something
// to end; false: it has not.
func (u *user) sayGoodbye(now time.Duration) bool {
	f := u.class.OnStop
	if f == nil || !u.life.entered {
		return false
	}
	u.life.stopping = true
	u.takeRows(f)
	u.quota = parked
	u.scenario.people(-1, -1, now)
	u.hook(f, now)
	return true
}
