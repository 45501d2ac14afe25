package judge

import (
	"fmt"
	"slices"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/metric"
	"bossplan/interp/record"
	"bossplan/plan"
	"bossplan/plan/quantity"
)

// A run says something about the server only if it was the planned one.
const (
	leastLoad = 0.95                   // of the planned users or rate
	mostLag   = 100 * time.Millisecond // the generator's own, p99
	notedLag  = 10 * time.Millisecond  // from here on the trust block says so
)

// judgeEnd judges how the run ended.
func (v *view) judgeEnd(why *grounds) {
	run := v.r.Run
	aborted := run.State == record.StateAborted || v.r.Abort != nil
	switch {
	case run.State == record.StateUnreachable:
		why.add(record.Fail, "the target was not reachable: "+orUnknown(run.StateDetail))
	case run.State == record.StateUnready:
		why.add(record.Fail, "the run could not begin: "+orUnknown(run.StateDetail))
	case aborted:
		why.add(record.Fail, v.abortReason())
	case run.State == record.StateCompleted:
	case run.State == record.StateInterrupted:
		why.add(record.Inconclusive, fmt.Sprintf("interrupted by %s %s", orUnknown(run.StateDetail), v.progress()))
	default:
		why.add(record.Inconclusive, fmt.Sprintf("the run never came to its end: the record is what was flushed %s", v.progress()))
	}
	if run.TimeScale != 0 && run.TimeScale != 1 && !run.Demo {
		why.add(record.Inconclusive, fmt.Sprintf("the schedule was scaled by %v, so this was not the planned load", run.TimeScale))
	}
}

func orUnknown(detail string) string {
	if detail == "" {
		return "an unknown cause"
	}
	return detail
}

func (v *view) abortReason() string {
	a := v.r.Abort
	if a == nil {
		return "aborted: " + orUnknown(v.r.Run.StateDetail)
	}
	by := ""
	if a.Guard != "" {
		by = " by " + a.Guard
	}
	if t := a.Threshold; t >= 0 && t < len(v.g.Plan.Thresholds) {
		by = " by " + v.g.Plan.Thresholds[t].Address()
	}
	reason := fmt.Sprintf("aborted%s after %s", by, moment(a.At))
	if a.Detail != "" {
		reason += ": " + a.Detail
	}
	return reason
}

// progress is how far the run came: "after 12.1s of 30s".
func (v *view) progress() string {
	return fmt.Sprintf("after %s of %s", moment(v.lasted()), moment(planned(v.g)))
}

// lasted is how long the run took.
func (v *view) lasted() time.Duration {
	if d := v.r.Run.Ended.Sub(v.r.Run.Started); d > 0 {
		return d
	}
	var last time.Duration
	for _, sc := range v.r.Scenarios {
		for _, st := range sc.Stages {
			last = max(last, st.End)
		}
	}
	return last
}

// planned is when the last stage of a graph is to end.
func planned(g *graph.Graph) time.Duration {
	ends := map[*graph.Scenario]time.Duration{}
	var end func(s *graph.Scenario) time.Duration
	end = func(s *graph.Scenario) time.Duration {
		if d, known := ends[s]; known {
			return d
		}
		var d time.Duration
		for _, before := range s.After {
			d = max(d, end(before))
		}
		d += s.StartDelay
		for _, l := range s.Levels {
			d += l.Duration
		}
		ends[s] = d
		return d
	}
	var last time.Duration
	for _, s := range g.Scenarios {
		last = max(last, end(s))
	}
	return last
}

// judgeLoad judges whether the judged load was the planned one.
func (v *view) judgeLoad(why *grounds, totals *record.Stats) {
	if totals.Total() == 0 {
		why.add(record.Inconclusive, "no request was made in the judged time, so nothing was measured")
	}
	for i := range v.r.Scenarios {
		v.judgeScenario(why, i)
	}
	if d := metric.Dropped(v.r, nil).Value; d > 0 {
		why.add(record.Inconclusive, fmt.Sprintf("%s dropped: the planned rate was not kept up", were(int64(d), "iteration")))
	}
	if lag := quantileOfLag(totals, 99); lag.Measured && lag.Value > millis(mostLag) {
		why.add(record.Inconclusive, fmt.Sprintf("the generator's own lag p99 is %s, more than %s: it was the bottleneck",
			plan.UnitTime.FormatBeside(lag.Value, "<= "+mostLag.String()), mostLag))
	}
	if n := guarded(v.r); n > 0 {
		why.add(record.Inconclusive, fmt.Sprintf("%s refused by a guard", were(n, "request")))
	}
}

// judgeScenario judges whether all of a scenario was there. A run that did not
// come to its end is held only against what there should have been until then.
func (v *view) judgeScenario(why *grounds, i int) {
	sc := v.r.Scenarios[i]
	if l := v.loadOf(i); l.short {
		least := plan.UnitRatio.Format(leastLoad)
		why.add(record.Inconclusive, fmt.Sprintf("scenario.%s had %s of its planned %s, less than %s",
			sc.Name, plan.UnitRatio.FormatBeside(l.achieved, ">= "+least), l.noun(), least))
	}
	if v.r.Run.State != record.StateCompleted {
		return
	}
	if it := sc.Iterations; !sc.Open && float64(it.Started) < leastLoad*float64(it.Planned) {
		why.add(record.Inconclusive, fmt.Sprintf("scenario.%s made %d of its planned %s before its time was over",
			sc.Name, it.Started, quantity.Counted(it.Planned, "iteration")))
	}
	for _, st := range sc.Stages {
		if !st.Warmup && !st.Ended && st.End <= st.Start {
			why.add(record.Inconclusive, fmt.Sprintf("stage scenario.%s.%s never began", sc.Name, st.Name))
		}
	}
}

// guarded is how many requests a guard has refused while the run went on, those
// of on_start and on_stop and of probes too.
func guarded(r *record.Record) int64 {
	var n int64
	count := func(errors []record.Error) {
		for _, e := range errors {
			if e.Kind == "guard" {
				n += e.Count
			}
		}
	}
	count(r.Errors)
	for _, s := range r.Setup {
		count(s.Errors)
	}
	for _, p := range r.Probes {
		n += p.Refused
	}
	return n
}

// A load is how much of a scenario's plan there was over its judged stages.
type load struct {
	open     bool
	known    bool    // false: nothing was planned there
	achieved float64 // 1: all of it
	short    bool
}

func (l load) noun() string {
	if l.open {
		return "rate"
	}
	return "users"
}

// loadOf compares users, or starts, of a scenario with its plan. A level moves
// smoothly, but users are whole: on a ramp there may be one fewer than it says,
// which is much of a plan with five users.
func (v *view) loadOf(scenario int) load {
	sc := v.r.Scenarios[scenario]
	var want, got, rounding float64
	for k, st := range sc.Stages {
		switch {
		case st.Warmup:
		case sc.Open:
			want += st.PlannedIterations
			got += float64(st.StartedIterations)
		default:
			want += st.PlannedUserTime
			got += st.UserTime
			rounding += v.ramp(scenario, k).Seconds()
		}
	}
	l := load{open: sc.Open, known: want > 0}
	if l.known {
		l.achieved = got / want
		l.short = l.achieved < leastLoad && want-got > rounding
	}
	return l
}

// ramp is how long a stage was on its way to its level.
func (v *view) ramp(scenario, stage int) time.Duration {
	sc, st := v.at(scenario, stage)
	if st == nil {
		return 0
	}
	ran := v.r.Scenarios[scenario].Stages[stage]
	return min(v.scenarios[scenario].Levels[slices.Index(sc.Stages, st)].Ramp, ran.End-ran.Start)
}

// quantileOfLag is over all requests: the lag of one that failed is as real.
func quantileOfLag(s *record.Stats, q float64) metric.Sample {
	return metric.Measure(plan.Metric{Name: "lag", Quantile: q, Unit: plan.UnitTime}, plan.OutcomeAny, s, 0)
}

func millis(d time.Duration) float64 { return float64(d) / 1e6 }

// were writes "1 request was", "3 requests were".
func were(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun + " was"
	}
	return quantity.Counted(n, noun) + " were"
}
