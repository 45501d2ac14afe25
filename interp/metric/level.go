package metric

import (
	"time"

	"bossplan/interp/record"
	"bossplan/plan"
)

// Levels gathers what the series says of users, requests in flight and dropped
// iterations. The zero value has seen nothing.
type Levels struct {
	Users, InFlight Extent
	Dropped         int64
	points, seconds int64 // points that the levels and Dropped were read from
}

// An Extent is the largest and the latest value of a level.
type Extent struct{ Max, Last int }

func (e *Extent) add(v int) {
	e.Max = max(e.Max, v)
	e.Last = v
}

// Add takes in a point that stands for the time from start to p.At, as far as
// that lies in spans. A level is that of its moment, so the moment must lie in
// them: just after the end there are no users left. Iterations were dropped
// some time in the point, and a shortfall is rather seen twice than missed, so
// any overlap counts.
func (l *Levels) Add(start time.Duration, p record.Point, spans []record.Span) {
	for _, s := range spans {
		if start < s.To && p.At > s.From {
			l.Dropped += p.Dropped
			l.seconds++
			break
		}
	}
	for _, s := range spans {
		if p.At > s.From && p.At <= s.To {
			l.Users.add(p.Users)
			l.InFlight.add(p.InFlight)
			l.points++
			break
		}
	}
}

// Merge adds what a later time has seen.
func (l *Levels) Merge(o Levels) {
	l.Dropped += o.Dropped
	l.seconds += o.seconds
	if o.points > 0 {
		l.Users = Extent{max(l.Users.Max, o.Users.Max), o.Users.Last}
		l.InFlight = Extent{max(l.InFlight.Max, o.InFlight.Max), o.InFlight.Last}
		l.points += o.points
	}
}

// Measure is m, one of users, in_flight and dropped, over what was added.
func (l *Levels) Measure(m plan.Metric) Sample {
	switch m.Name {
	case "users":
		return l.level(m, l.Users)
	case "in_flight":
		return l.level(m, l.InFlight)
	case "dropped":
		return number(l.Dropped, l.seconds)
	}
	return Sample{}
}

func (l *Levels) level(m plan.Metric, e Extent) Sample {
	switch m.Statistic {
	case "max":
		return number(int64(e.Max), l.points)
	case "last":
		return number(int64(e.Last), l.points)
	}
	return Sample{}
}

// LevelsIn gathers the points of a series that lie in spans.
func LevelsIn(s *record.Series, spans []record.Span) *Levels {
	l := &Levels{}
	var start time.Duration
	for _, p := range s.Points {
		l.Add(start, p, spans)
		start = p.At
	}
	return l
}

// Dropped is how many iterations were not started in the stages that keep
// accepts (nil: all) and that are not warm-up; max and last are the same, as it
// only grows. Samples are the iterations of those scenarios that were to start.
func Dropped(r *record.Record, keep func(scenario, stage int) bool) Sample {
	var dropped, due int64
	for i, sc := range r.Scenarios {
		wanted := false
		for k, st := range sc.Stages {
			if st.End > st.Start && !st.Warmup && (keep == nil || keep(i, k)) {
				wanted = true
				dropped += st.DroppedIterations
			}
		}
		if wanted {
			due += sc.Iterations.Started + sc.Iterations.Dropped
		}
	}
	return number(dropped, due)
}
