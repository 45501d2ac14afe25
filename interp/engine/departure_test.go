package engine

import (
	"testing"
	"time"
)

// TestUsersGoInBursts: the end of a scenario with many users leaves the loop time
// for others, and nobody starts anything before being told.
func TestUsersGoInBursts(t *testing.T) {
	l, s := still(compile(t, closedPlan(`wait = constant("1h")`, `
  stage "x" {
    users    = 1000
    duration = "10s"
  }`)))
	enter(l, s, 0, 0, 10*time.Second)
	drained := 0
	s.drained = func() { drained++ }
	for _, u := range s.closed.users {
		u.wakeAt(10 * time.Second) // as if all were due at the very end
	}
	l.clock = 10 * time.Second
	s.finish(10 * time.Second)
	for turn := 1; s.departing != nil; turn++ {
		if gone := 1000 - len(s.closed.users); gone != turn*burst {
			t.Fatalf("%d users have gone after %d turns, want %d a turn", gone, turn, burst)
		}
		if drained > 0 {
			t.Fatal("the scenario is said to be over while users are there")
		}
		l.clock += time.Microsecond
		for l.timers.len() > 0 && l.timers.earliest() <= l.clock {
			l.timers.pop().fire(l.clock)
		}
	}
	if len(s.closed.users) > 0 || drained != 1 || len(l.busy) > 0 {
		t.Errorf("%d users are left, %d at something; drained %d times", len(s.closed.users), len(l.busy), drained)
	}
}
