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
