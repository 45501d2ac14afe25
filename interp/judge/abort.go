package judge

import (
	"fmt"
	"time"

	"bossplan/interp/metric"
	"bossplan/interp/record"
	"bossplan/plan"
)

const (
	// maxSlots bounds the memory of a long window: one of more than a minute
	// slides in steps of a sixtieth.
	maxSlots = 60
	// jitter is how much a second may be off, so that broken for 30 s is not
	// found to be 29.999 s.
	jitter = 100 * time.Millisecond
)

// An abortRule looks at the last Window of the run once a second and ends the
// run when its bound has been broken for For without a break.
//
//	slots   │ s │ s │ s │ s │ s │  ◄─ now
//	        └───── Window ──────┘
//
// What counts as what:
//
//   - A value that misses the bound is a break, one that meets it heals. A
//     response time must miss it without the generator's lag too, and nothing
//     that a saturated generator may be to blame for counts: a generator that is
//     late must not end the run in the server's name.
//   - A window without a value does neither: what was broken stays so and its
//     time runs on. A server that hangs completes nothing, which says nothing
//     about latency or errors until its timeouts come; if it was failing before,
//     silence is no recovery. A rate of requests or bytes is different: none at
//     all is its value, unless each request is judged: one that none was made of
//     may have had no user yet.
//   - A window that lies wholly outside the threshold's judged stages heals, for
//     nothing is being judged.
//
// A guard's rule is the other way round: its bound says what ends the run, so
// that it holds is what must last.
type abortRule struct {
	threshold *plan.Threshold // of a guard one that is made for it
	index     int             // of a guard's -1
	guard     *plan.Guard     // nil: a threshold's
	slots     []*slot         // oldest first
	spare     []*slot
	window    tally // merged from slots
	broken    brokenSince
}

// A slot is a second, or several in a long window.
type slot struct {
	start, end time.Duration
	sums
}

// scope is what the rule looks at.
func (a *abortRule) scope(v *view) scope {
	sc := v.scope(a.threshold)
	sc.all = a.guard != nil
	return sc
}

// second takes in a second of the scope.
func (a *abortRule) second(sc scope, s *record.Second) *record.Abort {
	a.push(sc, s)
	spans := clip(sc.spans(), a.slots[0].start, s.End)
	if len(spans) == 0 {
		a.broken.note(false, s.End)
		return nil
	}
	value, known, missed := a.look(sc, spans)
	if known {
		a.broken.note(missed && !a.saturated(sc, spans), s.End)
	}
	if !a.broken.is || s.End-a.broken.at+jitter < a.threshold.Abort.For {
		return nil
	}
	abort := &record.Abort{Threshold: a.index, At: s.End, Detail: a.detail(value)}
	if a.guard != nil {
		abort.Guard = a.guard.Address()
	}
	return abort
}

// guardRule is the rule of a guard. It looks at all requests.
func guardRule(g *plan.Guard) *abortRule {
	return &abortRule{guard: g, index: -1, threshold: &plan.Threshold{
		Name: g.Name, Metric: g.Abort.Metric, Target: g.Abort.Bound, Outcome: plan.OutcomeOK,
		Abort: &plan.Abort{For: g.Abort.For, Window: g.Abort.Window},
	}}
}

// push adds a second to the newest slot or to a new one, and lets go of those
// of which more than half has left the window.
func (a *abortRule) push(sc scope, s *record.Second) {
	window := a.threshold.Abort.Window
	n := len(a.slots)
	if n == 0 || s.End-a.slots[n-1].start > window/maxSlots {
		a.slots = append(a.slots, a.newSlot(s.Start))
		n = len(a.slots)
	}
	newest := a.slots[n-1]
	newest.end = s.End
	newest.add(sc, s)
	for len(a.slots) > 1 && (a.slots[0].start+a.slots[0].end)/2 < s.End-window {
		a.spare = append(a.spare, a.slots[0])
		a.slots = append(a.slots[:0], a.slots[1:]...)
	}
}

// newSlot is an empty one, if possible with the memory of one that was let go.
func (a *abortRule) newSlot(start time.Duration) *slot {
	if n := len(a.spare); n > 0 {
		s := a.spare[n-1]
		a.spare = a.spare[:n-1]
		s.tally.reset()
		s.levels = metric.Levels{}
		s.start = start
		return s
	}
	return &slot{start: start}
}

// look is the value over the window: whether there is one, whether it misses
// the bound, and how it reads. Per request any that misses is enough.
func (a *abortRule) look(sc scope, spans []record.Span) (value string, known, missed bool) {
	bound := a.bound()
	for _, s := range a.samples(sc, spans) {
		if !s.Measured {
			continue
		}
		stops := func(v float64) bool { return bound.Holds(v) == (a.guard != nil) }
		out := stops(s.Value) && stops(s.ValueLessLag) // equal, except of a response time
		if !known || out && !missed {
			value = a.threshold.Figure(s.Value)
		}
		known, missed = true, missed || out
	}
	return value, known, missed
}

// saturated reports whether a saturated generator may be to blame for a miss. What
// a guard protects is loaded all the same.
func (a *abortRule) saturated(sc scope, spans []record.Span) bool {
	return a.guard == nil && hinders(a.threshold) && sc.saturated(spans) > mostSaturated
}

// samples is the metric over the window; one a request where each is judged.
func (a *abortRule) samples(sc scope, spans []record.Span) []metric.Sample {
	t := a.threshold
	switch metric.SourceOf(t.Metric) {
	case metric.FromProbe:
		return []metric.Sample{sc.sampleOverTime(t, spans)}
	case metric.FromLevels, metric.FromSchedule:
		return []metric.Sample{a.levels().Measure(t.Metric)}
	}
	a.window.reset()
	for _, s := range a.slots {
		a.window.merge(&s.tally)
	}
	if !t.PerRequest {
		return []metric.Sample{metric.Measure(t.Metric, t.Outcome, &a.window.all, length(spans))}
	}
	var out []metric.Sample
	for _, q := range sc.g.Requests {
		if stats := a.window.look(sc.numbers[q.Index]); sc.request(q) && stats.Total() > 0 {
			out = append(out, metric.Measure(t.Metric, t.Outcome, stats, length(spans)))
		}
	}
	return out
}

// levels joins those of the slots.
func (a *abortRule) levels() *metric.Levels {
	all := &metric.Levels{}
	for _, s := range a.slots {
		all.Merge(s.levels)
	}
	return all
}

func (a *abortRule) bound() plan.Bound {
	if a.threshold.Critical != nil {
		return *a.threshold.Critical
	}
	return a.threshold.Target
}

// detail says why the run ends. Without a value of its own the window only did
// not heal what was broken.
func (a *abortRule) detail(value string) string {
	kind := "target"
	if a.threshold.Critical != nil {
		kind = "critical"
	}
	now := "had no new value"
	if value != "" {
		now = "was " + value
	}
	if a.guard != nil {
		return fmt.Sprintf("%s %s over the last %s, and has been %s without a break for %s",
			a.threshold.Metric, now, moment(a.threshold.Abort.Window), a.bound().Text, moment(a.threshold.Abort.For))
	}
	return fmt.Sprintf("%s %s over the last %s, %s %s, broken without a break for %s",
		a.threshold.Metric, now, moment(a.threshold.Abort.Window),
		kind, a.bound().Text, moment(a.threshold.Abort.For))
}
