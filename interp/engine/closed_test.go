package engine

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"bossplan/interp/graph"
)

func closedPlan(class, stages string) string {
	return `
user_class "u" {
  host = host.api
  ` + class + `
  request "a" { path = "/${user.index}/${iteration}" }
}
scenario "s" {
  user_classes  = [user_class.u]
  graceful_stop = "100ms"
  ` + stages + `
}`
}

// still is a scenario in one loop whose timers are fired by hand.
func still(g *graph.Graph) (*loop, *scenarioLoop) {
	l := &loop{loops: 1, graph: g, interval: newInterval(g), epoch: time.Now()}
	for i, rate := range newLimiters(g) {
		l.hosts = append(l.hosts, newHostLoop(l, g.Hosts[i].Plan, nil, rate))
	}
	l.origins = newOrigins(l.interval.windows)
	s := newScenarioLoop(l, g.Scenarios[0])
	s.stageDone, s.drained = func(int) {}, func() {}
	l.scenarios = append(l.scenarios, s)
	return l, s
}

// enter begins a stage at a moment and fires all moves up to another one.
func enter(l *loop, s *scenarioLoop, stage int, at, until time.Duration) {
	(&stageStart{scenario: s, stage: stage, at: at}).fire(at)
	for l.timers.len() > 0 && l.timers.earliest() <= until {
		if m, ok := l.timers.pop().(*move); ok {
			m.fire(until)
		}
	}
}

func indexes(s *scenarioLoop) []int64 {
	var out []int64
	for i := range s.closed.users {
		out = append(out, i)
	}
	slices.Sort(out)
	return out
}

func TestUsersComeOneByOneAndTheLastGoFirst(t *testing.T) {
	l, s := still(compile(t, closedPlan(`wait = constant("1h")`, `
  stage "up" {
    users      = 100
    spawn_rate = 10
    duration   = "20s"
  }
  stage "down" {
    users    = 40
    ramp     = "6s"
    duration = "10s"
  }`)))
	for _, at := range []int{0, 1, 3, 7} {
		enter(l, s, 0, 0, time.Duration(at)*time.Second)
		// User i comes at i tenths: one at the start, then ten a second.
		if want := 10*at + 1; len(s.closed.users) != want {
			t.Errorf("%d users after %d s, want %d", len(s.closed.users), at, want)
		}
		l.timers = timers{}
		s.closed.moving = nil
		clear(s.closed.users)
	}
	enter(l, s, 0, 0, 20*time.Second)
	if len(s.closed.users) != 100 {
		t.Fatalf("%d users, want 100", len(s.closed.users))
	}
	enter(l, s, 1, 20*time.Second, 23*time.Second)
	left := indexes(s)
	if len(left) != 69 || left[68] != 68 {
		t.Errorf("%d users in the middle of the way from 100 to 40, the last is %d", len(left), left[len(left)-1])
	}
	enter(l, s, 1, 20*time.Second, 30*time.Second)
	if left = indexes(s); len(left) != 40 || left[39] != 39 {
		t.Errorf("%d users at the end, want the first 40: %v", len(left), left)
	}
}

// TestStageEndedInItsRamp: iterations may end a stage before its level is
// reached. The next one starts from what is there.
func TestStageEndedInItsRamp(t *testing.T) {
	l, s := still(compile(t, closedPlan(`wait = constant("1h")`, `
  stage "x" {
    users      = 100
    spawn_rate = 10
    iterations = 5
    duration   = "1h"
  }
  stage "y" {
    users    = 100
    duration = "10s"
  }`)))
	enter(l, s, 0, 0, 2*time.Second)
	if len(s.closed.users) != 21 {
		t.Fatalf("%d users after 2 s, want 21", len(s.closed.users))
	}
	enter(l, s, 1, 2*time.Second, 3*time.Second)
	if len(s.closed.users) != 100 {
		t.Errorf("%d users, want the 100 of the second stage", len(s.closed.users))
	}
}

func TestUserThatComesBackGoesOn(t *testing.T) {
	t.Parallel()
	log := &sentLog{}
	drive(t, compile(t, closedPlan(`wait = constant("20ms")`, `
  stage "x" {
    users    = 5
    duration = "150ms"
  }
  stage "y" {
    users    = 1
    duration = "100ms"
  }
  stage "z" {
    users    = 5
    duration = "150ms"
  }`)), 2, log)
	seen := map[string]bool{}
	for _, target := range log.targets() {
		if seen[target] {
			t.Errorf("%s was sent twice: a user that came back began anew", target)
		}
		seen[target] = true
	}
}

// TestIterationsAreExact: what is under way from the stage before is none of a
// stage's own iterations.
func TestIterationsAreExact(t *testing.T) {
	t.Parallel()
	for _, loops := range []int{1, 2} {
		log := &sentLog{delay: func(string) time.Duration { return 30 * time.Millisecond }}
		r := drive(t, compile(t, closedPlan("", `
  stage "x" {
    users    = 10
    duration = "100ms"
  }
  stage "y" {
    users      = 10
    iterations = 35
    duration   = "10s"
  }`)), loops, log)
		after := int64(0)
		for _, c := range r.Cells {
			if c.Stage == 1 {
				after += c.Total()
			}
		}
		if after != 35 {
			t.Errorf("%d loops: %d iterations in the second stage, want 35", loops, after)
		}
	}
}

// TestMaxRate holds for all loops together and for a single user, and ends with
// the last stage.
func TestMaxRate(t *testing.T) {
	t.Parallel()
	for _, users := range []int{1, 40} {
		g := compile(t, closedPlan("", fmt.Sprintf(`
  stage "x" {
    users    = %d
    duration = "1s"
  }`, users)))
		g.Hosts[0].Plan.MaxRate = 100
		log := &sentLog{}
		r := drive(t, g, 2, log)
		if n := len(log.sent); n < 50 || n > 101 {
			t.Errorf("%d users: %d requests in 1 s at 100/s", users, n)
		}
		if all := r.Totals(); all.Unfinished > 0 || all.Total() != int64(len(log.sent)) {
			t.Errorf("%d users: %d unfinished, %d recorded, %d sent", users, all.Unfinished, all.Total(), len(log.sent))
		}
	}
}

// TestQueueForConnectionsIsCutWithoutSending: the end must not hand the
// connections of those it cuts off to those it is about to cut off.
func TestQueueForConnectionsIsCutWithoutSending(t *testing.T) {
	t.Parallel()
	g := compile(t, closedPlan("", `
  stage "x" {
    users    = 10
    duration = "200ms"
  }`))
	g.Hosts[0].Plan.Connections = 3
	log := &sentLog{delay: func(string) time.Duration { return -1 }}
	r := drive(t, g, 1, log)
	if n := len(log.sent); n != 3 {
		t.Errorf("%d requests over 3 connections that hang", n)
	}
	if all := r.Totals(); all.Unfinished != 10 {
		t.Errorf("%d unfinished, want 10: all were due", all.Unfinished)
	}
	if len(r.Errors) != 2 || r.Errors[0].Count+r.Errors[1].Count != 10 {
		t.Errorf("errors %+v, want those that hung told from those that waited", r.Errors)
	}
}

// TestBusyUserIsNotWoken: one that a stage without iterations for it found busy
// may still be so when the next stage has some. Its request keeps its moment.
func TestBusyUserIsNotWoken(t *testing.T) {
	t.Parallel()
	log := &sentLog{delay: func(target string) time.Duration {
		if target == "/1/0" {
			return 400 * time.Millisecond
		}
		return 10 * time.Millisecond
	}}
	r := drive(t, compile(t, closedPlan("", `
  stage "x" {
    users    = 2
    duration = "100ms"
  }
  stage "y" {
    users      = 2
    iterations = 1
    duration   = "5s"
  }
  stage "z" {
    users    = 2
    duration = "600ms"
  }`)), 1, log)
	if longest := r.Totals().Met.Response.Max(); longest < 390_000 {
		t.Errorf("the longest response is %d µs, one took 400 ms", longest)
	}
}
