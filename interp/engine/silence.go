package engine

import (
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/plan"
)

// minGap is the shortest time without a completion that is noted.
const minGap = 5 * time.Second

// A silence watches for times in which nothing completes although load is
// running: what a hung server looks like to a tool that only counts answers.
//
// How many completions were to be expected is reckoned second by second from
// the users there are, their waits and the answers' mean time so far, or from
// the rate of an open scenario: a plan with one user who waits a minute is not
// silent in between. It is rather too few than too many: where flows may pass
// all of their requests over, none, and none while users that go in step may all
// be in the longest pause of their flows.
type silence struct {
	graph  *graph.Graph
	most   []int // users of the second at most, by scenario
	before []int // and of the second before it: those who came since owe nothing yet

	since    time.Duration // the last completion, or when load began
	running  bool          // load was running at the end of the last second
	expected float64       // completions since then
	until    time.Duration // the end of the last second
	noted    bool          // the record's last gap is this one

	completed   int64 // in the second
	first, last time.Duration

	answers  int64   // so far
	answered float64 // their time together in µs
}

func newSilence(g *graph.Graph) *silence {
	return &silence{graph: g, most: make([]int, len(g.Scenarios)), before: make([]int, len(g.Scenarios))}
}

func (s *silence) begin() {
	copy(s.before, s.most)
	clear(s.most)
	s.completed = 0
}

// take adds a loop's interval to the second.
func (s *silence) take(iv *interval) {
	if iv.completed == 0 {
		return
	}
	if s.completed == 0 {
		s.first, s.last = iv.first, iv.last
	}
	s.first, s.last = min(s.first, iv.first), max(s.last, iv.last)
	s.completed += iv.completed
}

// finish looks at the second that ends now; cells are its samples.
func (s *silence) finish(r *record.Record, cells []*record.Cell, now time.Duration) {
	for _, c := range cells {
		s.answers += c.Met.Count()
		s.answered += c.Met.Response.Mean() * float64(c.Met.Count())
	}
	begun, end := loadSpan(r, now)
	running := begun && end == now
	if begun && !s.running && running {
		s.restart(s.until) // load began during this second
	}
	if begun && (s.running || running) {
		rate := s.rate(r, now, s.until-s.since)
		if s.completed > 0 {
			s.expected += rate * (s.first - s.until).Seconds()
			s.note(r, s.first)
			s.restart(s.last)
			s.expected = s.rate(r, now, 0) * (now - s.last).Seconds()
		} else {
			s.expected += rate * (now - s.until).Seconds()
			s.note(r, min(now, max(end, s.until)))
		}
	}
	s.running, s.until = running, now
}

// restart begins a new time without completions.
func (s *silence) restart(at time.Duration) {
	s.since, s.expected, s.noted = at, 0, false
}

// note writes the time since the last completion down if it is long, and makes
// it longer if it was noted before.
func (s *silence) note(r *record.Record, to time.Duration) {
	if to-s.since < minGap {
		return
	}
	gap := record.Gap{From: s.since, To: to, Due: s.expected}
	if s.noted {
		r.Gaps[len(r.Gaps)-1] = gap
		return
	}
	s.noted = true
	r.Gaps = append(r.Gaps, gap)
}

// loadSpan says whether any stage has begun, and when the last of those that
// have begun ended, or now while one is under way.
func loadSpan(r *record.Record, now time.Duration) (begun bool, end time.Duration) {
	for _, sc := range r.Scenarios {
		for _, st := range sc.Stages {
			if st.End > st.Start {
				begun = true
				end = max(end, st.End)
			}
		}
	}
	return begun, min(end, now)
}

// rate is how many completions a second are to be expected where nothing has
// completed for so long.
func (s *silence) rate(r *record.Record, now, quiet time.Duration) float64 {
	mean := time.Second // until something is known
	if s.answers > 0 {
		mean = max(time.Duration(s.answered/float64(s.answers))*time.Microsecond, 100*time.Microsecond)
	}
	var rate float64
	for i, sc := range s.graph.Scenarios {
		if sc.Plan.Open() {
			rate += openRate(r.Scenarios[i], sc, now, quiet)
			continue
		}
		var weights, perUser float64
		for _, class := range sc.Classes {
			w := max(class.Plan.Weight, float64(class.Plan.FixedCount))
			weights += w
			perUser += w * userRate(class, mean, quiet)
		}
		rate += float64(min(s.before[i], s.most[i])) * perUser / max(weights, 1e-9)
	}
	return rate
}

// userRate is how many requests a second one user makes, at least.
func userRate(c *graph.Class, answer, quiet time.Duration) float64 {
	wait := c.Plan.Wait
	pause := time.Duration(0)
	if wait.Kind != plan.WaitPacing {
		pause = wait.Mean()
	}
	for _, f := range c.Choices {
		if f.Plan.Weight == 0 {
			continue
		}
		if !f.Certain() {
			return 0
		}
		for _, r := range f.Steps {
			pause = max(pause, r.Plan.Pause.Mean())
			if p := longest(r.Plan.Pause); p > 0 && quiet <= p {
				return 0
			}
		}
	}
	cycle := answer + pause
	if wait.Kind == plan.WaitPacing {
		cycle = max(cycle, wait.Mean())
	}
	return 1 / cycle.Seconds()
}

// longest is the longest that a pause usually is.
func longest(w plan.Wait) time.Duration { return max(w.Mean(), w.Max) }

// openRate is the planned rate of the stage under way, while that has iterations
// left to begin.
func openRate(sc record.Scenario, g *graph.Scenario, now, quiet time.Duration) float64 {
	for _, c := range g.Choices {
		first := longest(c.Flow.Steps[0].Plan.Pause)
		if c.Flow.Plan.Weight > 0 && (!c.Flow.Certain() || first > 0 && quiet <= first) {
			return 0
		}
	}
	for k, st := range sc.Stages {
		if st.End == now && !st.Ended {
			if n := g.Plan.Stages[k].Iterations; n > 0 && st.PlannedIterations >= float64(n) {
				return 0
			}
			return g.Levels[k].At(now - st.Start)
		}
	}
	return 0
}
