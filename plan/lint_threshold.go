package plan

import (
	"fmt"
	"math"
	"strings"
	"time"

	"bossplan/plan/quantity"
)

const (
	cannotFail  = "Threshold can never fail"
	cannotBeMet = "Threshold can never be met"
	noData      = "Threshold will have no data"
)

// longest is a latency that every timeout is shorter than.
const longest = time.Duration(math.MaxInt64)

// thresholds compares what is demanded with what the planned load can give.
func (l *linter) thresholds() {
	if len(l.plan.Thresholds) == 0 {
		return
	}
	fastest, slowest := l.plan.count(0, most), l.plan.count(longest, fewest)
	for _, t := range l.plan.Thresholds {
		switch {
		case l.domain(t):
		case t.Metric.Name == "requests":
			l.throughput(t, &fastest, &slowest)
		case t.Metric.Name == "response_time" || t.Metric.Name == "service_time":
			l.timeout(t)
		case t.Metric.Name == "checks":
			l.unchecked(t)
		}
		l.samples(t, &fastest)
	}
}

// threshold warns about a threshold, at its target.
func (l *linter) threshold(t *Threshold, id, summary, detail string) {
	rng := t.Target.Range
	if rng.Filename == "" {
		rng = t.DeclRange
	}
	l.warn(id, t.Address(), rng, summary, detail)
}

// domain finds bounds that what a metric can be at all decides: no count is
// below zero, no ratio above one.
func (l *linter) domain(t *Threshold) bool {
	low, high := 0.0, math.Inf(1)
	switch t.Metric.Unit {
	case UnitNumber:
		return false // a gauge can be anything
	case UnitRatio:
		high = 1
	case UnitRate:
		if t.Metric.Probe != nil {
			return false
		}
	}
	what := fmt.Sprintf("%s is never below 0", t.Metric)
	if high == 1 {
		what = fmt.Sprintf("%s is always between 0 and 1 (100%%)", t.Metric)
	}
	from, to := t.Target.ends()
	switch {
	case to < low || from > high:
		l.threshold(t, "threshold-cannot-be-met", cannotBeMet,
			fmt.Sprintf("%s, so %q cannot hold. Correct the bound.", what, t.Target.Text))
	case from <= low && to >= high:
		l.threshold(t, "threshold-cannot-fail", cannotFail,
			fmt.Sprintf("%s, so %q always holds. Correct the bound.", what, t.Target.Text))
	default:
		return false
	}
	return true
}

// throughput judges a bound on requests, or requests a second, by the two ends
// of the band the run will be in.
//
//	requests/s
//	  fastest ┤╲            at once
//	          │  ╲
//	    bound ┼─ ─ ╲─ ─ ─   breaks here
//	          │       ╲
//	  slowest ┤         ╲   every answer takes until its timeout
//	          └──────────── latency
func (l *linter) throughput(t *Threshold, fastest, slowest *Estimate) {
	if t.Target.Op == "==" || t.Window > 0 || t.PerRequest {
		return
	}
	high, low := fastest.Expect(t), slowest.Expect(t)
	if high.Time <= 0 {
		return
	}
	best, worst := high, low
	if t.Target.Upper() {
		best, worst = low, high
	}
	switch {
	case !l.withinReach(t, best):
		l.neverMet(t, best)
	case t.holds(worst):
		if l.safe(t, worst) {
			l.alwaysMet(t, high, low)
		}
	case !t.Target.Upper():
		l.farFromFailing(t, high)
	}
}

// figure is the metric of a threshold on requests.
func (t *Threshold) figure(x Expectation) float64 {
	if t.Metric.Statistic == "count" {
		return x.Requests
	}
	return x.Rate()
}

func (t *Threshold) holds(x Expectation) bool { return t.Target.Holds(t.figure(x)) }

// chance is how far from its expectation the number of requests may come out
// by chance: three standard deviations of a Poisson process. A schedule that
// is even leaves nothing to chance.
func (l *linter) chance(t *Threshold, x Expectation) float64 {
	for _, s := range l.plan.Scenarios {
		for _, st := range s.Stages {
			if t.LooksAt(s, st) && !(st.Open && st.Arrivals == ArrivalsEven) {
				return 3 * math.Sqrt(x.Requests)
			}
		}
	}
	return 0
}

// withinReach reports whether the bound could hold with luck.
func (l *linter) withinReach(t *Threshold, x Expectation) bool {
	luck := l.chance(t, x)
	for _, n := range []float64{max(x.Requests-luck, 0), x.Requests, x.Requests + luck} {
		if t.holds(Expectation{Requests: n, Time: x.Time}) {
			return true
		}
	}
	return false
}

// safe reports whether the bound holds without luck.
func (l *linter) safe(t *Threshold, x Expectation) bool {
	luck := l.chance(t, x)
	if t.Target.Upper() {
		luck = -luck
	}
	return t.holds(Expectation{Requests: max(x.Requests-luck, 0), Time: x.Time})
}

func (l *linter) neverMet(t *Threshold, best Expectation) {
	detail := fmt.Sprintf("Even if every answer came at once, the planned load would make about %s, which is not %q. Plan more users, shorter waits or a higher rate, or lower the bound.",
		t.say(t.figure(best)), t.Target.Text)
	if t.Target.Upper() {
		detail = fmt.Sprintf("Even if every answer took until its timeout, the planned load would make about %s, which is not %q. Plan less load, or raise the bound.",
			t.say(t.figure(best)), t.Target.Text)
	}
	l.threshold(t, "unreachable-throughput", cannotBeMet, detail)
}

func (l *linter) alwaysMet(t *Threshold, high, low Expectation) {
	l.threshold(t, "threshold-cannot-fail", cannotFail,
		fmt.Sprintf("The planned load makes about %s if answers come at once and %s if every answer takes until its timeout: %q always holds. Requests count whether they succeed or not. Bring the bound close to what the load offers, or judge response times and errors.",
			t.say(t.figure(high)), t.say(t.figure(low)), t.Target.Text))
}

// muchSlower is how many times slower than allowed answers must be before a
// bound on throughput says anything, for it to say nothing new.
const muchSlower = 5

// farFromFailing finds bounds on throughput that break only when answers are
// so slow that a threshold on response times has failed long before.
func (l *linter) farFromFailing(t *Threshold, high Expectation) {
	limit := l.latencyLimit()
	if limit == nil {
		return
	}
	allowed := seconds(limit.loosest().Value / 1e3)
	if allowed > longest/muchSlower {
		return
	}
	e := l.plan.count(allowed*muchSlower, fewest)
	if x := e.Expect(t); !l.safe(t, x) {
		return
	}
	l.threshold(t, "threshold-cannot-fail", cannotFail,
		fmt.Sprintf("The planned load makes about %s if answers come at once, and %q still holds if every answer takes %s, %d times what %s allows: it can only fail long after that has. Bring the bound close to what the load offers, or take it out.",
			t.say(t.figure(high)), t.Target.Text, quantity.FormatDuration(allowed*muchSlower), muchSlower, limit.Address()))
}

// loosest is the bound whose breaking is worst.
func (t *Threshold) loosest() Bound {
	if t.Critical != nil {
		return *t.Critical
	}
	return t.Target
}

// latencyLimit is the most lenient threshold that does not pass a run with slow
// answers to all requests.
func (l *linter) latencyLimit() *Threshold {
	var limit *Threshold
	for _, t := range l.plan.Thresholds {
		all := t.Of == (Scope{}) && len(t.Stages) == 0 && t.Outcome != OutcomeFailed
		typical := t.Metric.Quantile >= 50 || t.Metric.Statistic == "mean" || t.Metric.Statistic == "max"
		if t.Metric.Name != "response_time" || !all || !typical || !t.loosest().Upper() {
			continue
		}
		if limit == nil || t.loosest().Value > limit.loosest().Value {
			limit = t
		}
	}
	return limit
}

// say writes a figure in the unit of time that the bound uses.
func (t *Threshold) say(v float64) string {
	if t.Metric.Statistic == "count" {
		return quantity.FormatAbout(v) + " requests"
	}
	switch _, per, _ := strings.Cut(t.Target.Text, "/"); per {
	case "min":
		return quantity.FormatAbout(v*60) + "/min"
	case "h":
		return quantity.FormatAbout(v*3600) + "/h"
	}
	return quantity.FormatAbout(v) + "/s"
}

// timeout finds upper bounds on times that no request can come to, because it
// is given up before. In the open model, and with pacing, a request may wait
// before it starts, and its time counts from when it was due.
func (l *linter) timeout(t *Threshold) {
	if !t.Target.Upper() || t.Metric.Statistic == "stddev" {
		return
	}
	limit := time.Duration(0)
	for _, s := range l.plan.Scenarios {
		for _, c := range s.UserClasses {
			for _, r := range c.Requests {
				if !t.looksInto(s, r) {
					continue
				}
				if queues := s.Open() || c.Wait.Kind == WaitPacing; queues && t.Metric.Name == "response_time" || r.Timeout <= 0 {
					return
				}
				limit = max(limit, r.Timeout)
			}
		}
	}
	if ms := float64(limit) / 1e6; limit == 0 || t.Target.Value <= ms*1.05 {
		return // a timeout is noticed a little late
	}
	l.threshold(t, "threshold-cannot-fail", cannotFail,
		fmt.Sprintf("A request is given up after its timeout, here at most %s, so %q always holds. Lower the bound, raise the timeout, or judge errors.",
			quantity.FormatDuration(limit), t.Target.Text))
}

// unchecked finds thresholds on checks that look at no request with a check.
// Where they look at none at all, that is not the reason.
func (l *linter) unchecked(t *Threshold) {
	looks := false
	for _, s := range l.plan.Scenarios {
		for _, c := range s.UserClasses {
			for _, r := range c.Requests {
				if !t.looksInto(s, r) {
					continue
				}
				if looks = true; len(r.Checks) > 0 {
					return
				}
			}
		}
	}
	if !looks {
		return
	}
	l.threshold(t, "too-few-samples", noData,
		"No request that it looks at has a check, so there is nothing to judge. Add a check to one, or take the threshold out.")
}

// looksInto reports whether the threshold looks at a request anywhere in a
// scenario.
func (t *Threshold) looksInto(s *Scenario, r *Request) bool {
	for _, st := range s.Stages {
		if !st.Warmup && t.Looks(s, st, r) {
			return true
		}
	}
	return false
}

// samples finds percentiles of so few requests that they are no percentile,
// and thresholds that can never have the samples they ask for. What is asked
// is said for the fastest answers: with slower ones there are fewer.
func (l *linter) samples(t *Threshold, fastest *Estimate) {
	switch t.Metric.Name {
	case "response_time", "service_time", "first_byte_time", "lag":
	default:
		return // others do not have a sample a request
	}
	if t.Outcome == OutcomeFailed {
		return // how many fail is not planned
	}
	n, of := l.fewest(t, fastest)
	switch need := samplesFor(t.Metric.Quantile); {
	case n < float64(t.MinSamples):
		l.threshold(t, "too-few-samples", noData,
			fmt.Sprintf("It asks for %s samples or more, but the planned load makes at most about %s %s. Plan more load, or lower min_samples.",
				quantity.FormatCount(t.MinSamples), quantity.FormatAbout(n), of))
	case n < need:
		l.threshold(t, "too-few-samples", "Percentile of too few samples",
			fmt.Sprintf("A %s needs at least %s samples, or it is nearly their %s. The planned load makes at most about %s %s. Plan more load, or judge a percentile nearer to the middle.",
				t.Metric.Statistic, quantity.FormatNumber(need), extreme(t.Metric.Quantile), quantity.FormatAbout(n), of))
	}
}

// extreme is what a percentile of too few samples comes to.
func extreme(quantile float64) string {
	if quantile < 50 {
		return "minimum"
	}
	return "maximum"
}

// samplesFor is how many samples leave at least one beyond the percentile. For
// what is no percentile it is none.
func samplesFor(quantile float64) float64 {
	beyond := min(quantile, 100-quantile)
	if beyond <= 0 {
		return 0
	}
	return math.Ceil(100/beyond - 1e-6)
}

// fewest is how many requests the threshold looks at, or each of what it looks
// at one by one: every request, every window.
func (l *linter) fewest(t *Threshold, e *Estimate) (n float64, of string) {
	x := e.Expect(t)
	n, of = x.Requests, "requests in its scope"
	if t.PerRequest {
		counts := e.byRequest(t)
		for _, r := range e.Requests {
			if got, looked := counts[r.Request]; looked && got < n && r.Request.Weight > 0 {
				n, of = got, "of "+r.Request.Address()
			}
		}
	}
	if t.Window > 0 && x.Time > t.Window {
		n *= t.Window.Seconds() / x.Time.Seconds()
		of += " in a window of " + quantity.FormatDuration(t.Window)
	}
	return n, of
}

// byRequest is what a threshold will see of each request it looks at.
func (e *Estimate) byRequest(t *Threshold) map[*Request]float64 {
	counts := map[*Request]float64{}
	for _, s := range e.Scenarios {
		for i := range s.Scenario.UserClasses {
			for _, step := range s.work.classes[i].steps {
				for _, st := range s.Stages {
					if !st.Stage.Warmup && t.Looks(s.Scenario, st.Stage, step.request) {
						counts[step.request] += part(st.byClass[i], step.made)
					}
				}
			}
		}
	}
	return counts
}

// aborts finds abort rules that have no time to take effect: the bound must
// have been broken for longer than is judged.
func (l *linter) aborts() {
	fastest := l.plan.count(longest, likely)
	for _, t := range l.plan.Thresholds {
		if t.Abort == nil {
			continue
		}
		if judged := fastest.Expect(t).Time; judged > 0 && t.Abort.For >= judged {
			l.warn("abort-cannot-happen", t.Address(), t.Abort.DeclRange, "Abort can never happen",
				fmt.Sprintf("The bound must be broken for %s before the run is stopped, but only %s is judged. Make it shorter, or take it out.",
					quantity.FormatDuration(t.Abort.For), quantity.FormatDuration(judged)))
		}
	}
}
