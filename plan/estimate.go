package plan

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// An Estimate is what a plan's load comes to if every answer takes the same
// time. It is arithmetic on the plan alone: nothing is drawn and nothing
// measured. Counts are exact where the plan is exact (iterations = 500, an
// even rate for a time) and expectations elsewhere.
//
// A user without a wait, answered in no time, makes requests without bound:
// counts and rates are then +Inf, shares stay what they tend to.
//
// What only the run decides is taken as [likely] says: conditions hold and
// nothing fails.
type Estimate struct {
	Latency    time.Duration
	Scenarios  []ScenarioEstimate // in the plan's order
	Requests   []RequestEstimate  // over all scenarios, in order of first use
	Hooks      []RequestEstimate  // of on_start and on_stop; in no total and no share
	Iterations float64            // warm-up included
	Total      float64            // requests, warm-up included
	Judged     float64            // requests, without warm-up
	JudgedTime time.Duration      // time in which at least one stage without warm-up runs
	Duration   time.Duration      // to the end of the last stage; grace at the end not counted

	PeakUsers    float64 // of the open model: iterations under way
	PeakInFlight float64 // requests at the same time
	Curve        []CurvePoint
}

// A ScenarioEstimate is one scenario's part.
type ScenarioEstimate struct {
	Scenario   *Scenario
	Start, End time.Duration // since the start of the run: of its first stage, of its last
	Stages     []StageEstimate
	Requests   []RequestEstimate // of its classes, in order; OfAll is within the scenario
	Hooks      []RequestEstimate // of on_start and on_stop
	Iterations float64
	Total      float64
	Judged     float64

	work workload
}

// A StageEstimate is one stage's part.
type StageEstimate struct {
	Stage      *Stage
	Start, End time.Duration // since the start of the run; early where its iterations are done before its duration
	Level      Level         // as it runs, cut at End
	Iterations float64
	Requests   float64
	Rate       float64 // requests a second, on average
	PeakRate   float64

	byClass []float64 // iterations by the scenario's classes
	finite  []float64 // the same where nothing is said to be unbounded: what shares are made of
}

// Duration is how long the stage runs.
func (e StageEstimate) Duration() time.Duration { return e.End - e.Start }

// A RequestEstimate is how often one request is made, and its shares.
type RequestEstimate struct {
	Request *Request
	Count   float64 // warm-up included
	Judged  float64 // without warm-up
	OfClass float64 // share of its class's requests: its weight where all stand by themselves
	OfAll   float64 // share of all requests that the list it is in is about

	// What Count takes for granted.
	AtMost  bool // a condition holds, so there may be fewer
	Repeats bool // it is sent once, but how often is known only while users run

	finite float64 // Count as shares are made of it
}

// Estimate computes what the load comes to if every answer takes latency, or
// the request's timeout if that is shorter. Zero and the largest duration give
// the ends of the band in which the run will be.
func (p *Plan) Estimate(latency time.Duration) Estimate {
	e := p.count(latency, likely)
	e.draw()
	return e
}

// count is the estimate without what is only to be looked at.
func (p *Plan) count(latency time.Duration, o outlook) Estimate {
	e := Estimate{Latency: max(latency, 0)}
	timeline := timeline{latency: e.Latency, outlook: o, done: map[*Scenario]*ScenarioEstimate{}}
	for _, s := range p.Scenarios {
		e.Scenarios = append(e.Scenarios, *timeline.scenario(s))
	}
	e.sum()
	e.JudgedTime = e.stageTime(func(_ *Scenario, st *Stage) bool { return !st.Warmup })
	return e
}

// A timeline finds out when scenarios start: each after what it waits for.
type timeline struct {
	latency time.Duration
	outlook outlook
	done    map[*Scenario]*ScenarioEstimate
}

func (t *timeline) scenario(s *Scenario) *ScenarioEstimate {
	if e := t.done[s]; e != nil {
		return e
	}
	e := &ScenarioEstimate{Scenario: s, work: newWorkload(s, t.latency, t.outlook)}
	t.done[s] = e // now, so that a circle, which Load refuses, ends here
	for _, before := range s.After {
		e.Start = max(e.Start, t.scenario(before).left())
	}
	e.Start = later(e.Start, s.StartDelay)
	e.End = e.Start
	for i, level := range s.Levels() {
		st := e.work.stage(s.Stages[i], level, e.End)
		e.Stages = append(e.Stages, st)
		e.End = st.End
	}
	e.sum()
	return e
}

// later is t + d, or the largest duration where that is too long.
func later(t, d time.Duration) time.Duration {
	if d > math.MaxInt64-t {
		return math.MaxInt64
	}
	return t + d
}

// sum adds up a scenario's requests from its stages.
func (e *ScenarioEstimate) sum() {
	for i := range e.Scenario.UserClasses {
		class := &e.work.classes[i]
		for _, step := range class.steps {
			r := step.estimate(ratio(step.made, class.requests))
			for _, st := range e.Stages {
				n := part(st.byClass[i], step.made)
				r.Count += n
				r.finite += st.finite[i] * step.made
				if !st.Stage.Warmup {
					r.Judged += n
				}
			}
			e.Requests = append(e.Requests, r)
		}
	}
	share(e.Requests)
	for _, st := range e.Stages {
		e.Iterations += st.Iterations
		e.Total += st.Requests
		if !st.Stage.Warmup {
			e.Judged += st.Requests
		}
	}
	e.hooks()
}

// part is a share of a count that may be unbounded.
func part(count, share float64) float64 {
	if share == 0 {
		return 0
	}
	return count * share
}

// ratio is a part of a whole; of nothing it is none.
func ratio(part, whole float64) float64 {
	if part == 0 {
		return 0
	}
	return part / whole
}

// share fills in each request's share of the list's sum.
func share(requests []RequestEstimate) {
	sum := 0.0
	for _, r := range requests {
		sum += r.finite
	}
	for i := range requests {
		if sum > 0 {
			requests[i].OfAll = requests[i].finite / sum
		}
	}
}

// sum adds up the scenarios.
func (e *Estimate) sum() {
	requests, hooks := map[*Request]int{}, map[*Request]int{}
	for _, s := range e.Scenarios {
		e.Iterations += s.Iterations
		e.Total += s.Total
		e.Judged += s.Judged
		e.Duration = max(e.Duration, s.End)
		e.Requests = gather(e.Requests, s.Requests, requests)
		e.Hooks = gather(e.Hooks, s.Hooks, hooks)
	}
	share(e.Requests)
}

// gather adds the counts of more to a list in which each request stands once,
// where at says.
func gather(list, more []RequestEstimate, at map[*Request]int) []RequestEstimate {
	for _, r := range more {
		i, known := at[r.Request]
		if !known {
			at[r.Request] = len(list)
			list = append(list, r)
			continue
		}
		list[i].Count += r.Count
		list[i].Judged += r.Judged
		list[i].finite += r.finite
	}
	return list
}

// stageTime is the time in which at least one of the wanted stages runs.
func (e *Estimate) stageTime(want func(*Scenario, *Stage) bool) time.Duration {
	type span struct{ from, to time.Duration }
	var spans []span
	for _, s := range e.Scenarios {
		for _, st := range s.Stages {
			if want(s.Scenario, st.Stage) {
				spans = append(spans, span{st.Start, st.End})
			}
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	sum, covered := time.Duration(0), time.Duration(0)
	for _, s := range spans {
		if from := max(s.from, covered); s.to > from {
			sum += s.to - from
			covered = s.to
		}
	}
	return sum
}

// An Expectation is what a threshold will see.
type Expectation struct {
	Requests float64       // that it looks at
	Time     time.Duration // over which a rate is taken
}

// Rate is requests a second of the time looked at.
func (x Expectation) Rate() float64 {
	return perSecond(x.Requests, x.Time)
}

// perSecond is a rate; what happens in no time at all is without bound.
func perSecond(count float64, t time.Duration) float64 {
	if count == 0 {
		return 0
	}
	return count / t.Seconds()
}

// Expect is what a threshold will see of the estimated load.
func (e *Estimate) Expect(t *Threshold) Expectation {
	x := Expectation{Time: e.stageTime(func(sc *Scenario, st *Stage) bool { return !st.Warmup && t.LooksAt(sc, st) })}
	for _, s := range e.Scenarios {
		for _, st := range s.Stages {
			if !st.Stage.Warmup {
				x.Requests += s.count(st, func(r *Request) bool { return t.Looks(s.Scenario, st.Stage, r) })
			}
		}
	}
	return x
}

// count is the requests of one stage that are wanted.
func (e *ScenarioEstimate) count(st StageEstimate, want func(*Request) bool) float64 {
	sum, all := 0.0, true
	for i := range e.Scenario.UserClasses {
		for _, step := range e.work.classes[i].steps {
			if want(step.request) {
				sum += part(st.byClass[i], step.made)
			} else {
				all = false
			}
		}
	}
	if all {
		return st.Requests // without what is lost to rounding
	}
	return sum
}
