package engine

import (
	"fmt"
	"testing"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/record"
)

// quiet feeds a silence with the seconds of a run in which one request
// completes in the middle of each second but those from one to another, and
// gives the gaps that were noted. The stage ends at end.
func quiet(g *graph.Graph, users, from, to, end int) []record.Gap {
	r := &record.Record{}
	Prepare(g, r)
	s := newSilence(g)
	st := &r.Scenarios[0].Stages[0]
	for second := range end + 3 {
		s.begin()
		now := time.Duration(second+1) * time.Second
		st.End, st.Ended = min(now, time.Duration(end)*time.Second), second >= end
		var cells []*record.Cell
		if second < end {
			s.most[0] = users
			if second < from || second >= to {
				at := now - 500*time.Millisecond
				s.take(&interval{completed: 1, first: at, last: at})
				c := &record.Cell{}
				c.Met.Response.Record(10_000)
				cells = append(cells, c)
			}
		}
		s.finish(r, cells, now)
	}
	return r.Gaps
}

func TestSilence(t *testing.T) {
	for _, c := range []struct {
		name          string
		wait          string
		users         int
		from, to, end int
		want          bool
		start, finish time.Duration
		least, atMost float64 // completions that were due
	}{
		{"none", "1s", 10, 0, 0, 20, false, 0, 0, 0, 0},
		{"shorter than five seconds", "1s", 10, 5, 8, 20, false, 0, 0, 0, 0},
		{"in the middle", "1s", 10, 5, 12, 20, true, 4500 * time.Millisecond, 12500 * time.Millisecond, 70, 85},
		{"to the end", "1s", 10, 8, 99, 20, true, 7500 * time.Millisecond, 20 * time.Second, 110, 130},
		{"from the start", "1s", 10, 0, 99, 20, true, 0, 20 * time.Second, 80, 210},
		{"of a user who waits a minute", "60s", 1, 5, 12, 20, true, 4500 * time.Millisecond, 12500 * time.Millisecond, 0, 1},
	} {
		g := compile(t, closedPlan(fmt.Sprintf("wait = constant(%q)", c.wait), fmt.Sprintf(`
  stage "x" {
    users    = %d
    duration = "%ds"
  }`, c.users, c.end)))
		gaps := quiet(g, c.users, c.from, c.to, c.end)
		if !c.want {
			if len(gaps) > 0 {
				t.Errorf("%s: noted %+v", c.name, gaps)
			}
			continue
		}
		if len(gaps) != 1 || gaps[0].From != c.start || gaps[0].To != c.finish {
			t.Errorf("%s: noted %+v, want one from %v to %v", c.name, gaps, c.start, c.finish)
			continue
		}
		if due := gaps[0].Due; due < c.least || due > c.atMost {
			t.Errorf("%s: %v completions were due, want %v to %v", c.name, due, c.least, c.atMost)
		}
	}
}

// TestPausesAreNoSilence: users that go in step all pause at the same time, those
// that come late owe nothing before, and a stage by iterations comes to their end.
func TestPausesAreNoSilence(t *testing.T) {
	flow := func(pause string) string {
		return fmt.Sprintf(`
user_class "u" {
  host = host.api
  flow "f" {
    request "a" { path = "/a" }
    request "b" {
      wait = constant(%q)
      path = "/b"
    }
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 1000
    duration = "20s"
  }
}`, pause)
	}
	if gaps := quiet(compile(t, flow("7s")), 1000, 5, 11, 20); len(gaps) > 1 || len(gaps) == 1 && gaps[0].Due > 0 {
		t.Errorf("a pause of 7 s: %+v", gaps)
	}
	if gaps := quiet(compile(t, flow("3s")), 1000, 5, 12, 20); len(gaps) != 1 || gaps[0].Due < 700 {
		t.Errorf("a pause of 3 s does not explain a silence of 8 s: %+v", gaps)
	}

	g := compile(t, closedPlan("", `
  stage "x" {
    users    = 10
    duration = "20s"
  }`))
	s := newSilence(g)
	r := &record.Record{}
	Prepare(g, r)
	s.begin()
	s.most[0] = 10
	if rate := s.rate(r, time.Second, 0); rate > 0 {
		t.Errorf("%v a second of users that came within it", rate)
	}
	s.begin()
	s.most[0] = 10
	if rate := s.rate(r, time.Second, 0); rate <= 0 {
		t.Error("nothing is expected of users that were there before")
	}

	g = compile(t, openPlan(`
    rate       = "50/s"
    iterations = 100
    duration   = "20s"`))
	Prepare(g, r)
	st := &r.Scenarios[0].Stages[0]
	st.End = 5 * time.Second
	for planned, want := range map[float64]float64{99: 50, 100: 0} {
		st.PlannedIterations = planned
		if rate := openRate(r.Scenarios[0], g.Scenarios[0], st.End, 0); rate != want {
			t.Errorf("%v a second after %v of 100 iterations, want %v", rate, planned, want)
		}
	}
}
