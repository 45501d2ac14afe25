package engine

import (
	"time"

	"bossplan/plan"
)

// A departure is a scenario's end as its users hear of it: a burst of them in a
// turn of the loop. Closing a connection takes the kernel up to 100 µs, and other
// scenarios in the loop go on.
type departure struct {
	scenario *scenarioLoop
	at       time.Duration // the scenario's end
	users    []*user       // who have not heard of it
}

// everyone is all users that a scenario's end has to be told to. Those of the
// open model that are at a request hear of it when that has ended.
func (s *scenarioLoop) everyone() []*user {
	var all []*user
	if !s.graph.Plan.Open() {
		for _, u := range s.closed.users {
			all = append(all, u)
		}
		return all
	}
	for _, u := range s.loop.busy {
		if u.scenario == s && u.between() {
			all = append(all, u)
		}
	}
	for _, free := range s.open.free {
		all = append(all, free...)
	}
	s.open.free = nil
	return all
}

// between reports whether a user is between two requests of a flow that the end
// of its scenario ends: what would come next in it is due only later.
func (u *user) between() bool {
	return (u.state == held || u.state == pausing) && u.flow.Plan.Hook != plan.HookStop
}

func (d *departure) fire(now time.Duration) {
	d.burst()
	if len(d.users) > 0 {
		d.scenario.loop.timers.push(now+1, d) // in the next turn
	}
}

// burst tells the next ones.
func (d *departure) burst() {
	n := min(burst, len(d.users))
	for _, u := range d.users[:n] {
		d.scenario.sendHome(u, d.at)
	}
	if d.users = d.users[n:]; len(d.users) == 0 {
		d.scenario.departing = nil
	}
	d.scenario.checkDrained()
}

// sendHome has a user go that may have gone by itself meanwhile.
func (s *scenarioLoop) sendHome(u *user, at time.Duration) {
	switch {
	case u.state == retired:
	case u.between():
		s.endFlow(u, at)
	case s.graph.Plan.Open():
		if u.state == resting {
			u.leave()
			s.people(-1, -1, at)
		}
	default:
		s.dismiss(u.index)
	}
}

// endFlow ends a flow that has no request in flight.
func (s *scenarioLoop) endFlow(u *user, at time.Duration) {
	if u.begun {
		u.complete(at)
		return
	}
	// Held back by max_rate, so it has not even started.
	u.state = resting
	s.loop.notBusy(u)
	s.busy--
	if s.graph.Plan.Open() {
		s.abandon(u)
	} else {
		s.remove(u, at)
	}
}
