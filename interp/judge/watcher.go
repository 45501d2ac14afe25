package judge

import (
	"fmt"
	"strings"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/metric"
	"bossplan/interp/record"
	"bossplan/plan"
)

// A Watcher judges a run while it goes on. It keeps sums of its own, to which
// each second adds, so that a second costs what happened in it and not how long
// the run has been. A second goes by completion and not, as the final record
// does, by when requests were due; requests still in flight are in neither.
//
// It is not safe for concurrent use.
type Watcher struct {
	g       *graph.Graph
	v       *view        // of the record that Second was last given
	scopes  []*watched   // every different one
	scopeOf []*watched   // by threshold
	folds   []windowFold // of the windows that are complete, by threshold
	states  []record.Status
	broken  []brokenSince
	rules   []*abortRule // of the thresholds and guards that have one
}

// A watched scope is summed up once for all thresholds that have it.
type watched struct {
	threshold *plan.Threshold // one of them
	sums
}

// sums is what was measured of a scope.
type sums struct {
	tally  tally
	levels metric.Levels
}

// brokenSince says since when something has been broken without a break.
type brokenSince struct {
	is bool
	at time.Duration
}

// note takes in what is known now.
func (b *brokenSince) note(broken bool, now time.Duration) {
	if !broken || !b.is {
		*b = brokenSince{is: broken, at: now}
	}
}

// NewWatcher makes a watcher for a run of g that has not begun. The guards are
// those whose abort rules hold for it.
func NewWatcher(g *graph.Graph, guards []*plan.Guard) *Watcher {
	w := &Watcher{
		g:      g,
		states: make([]record.Status, len(g.Plan.Thresholds)),
		broken: make([]brokenSince, len(g.Plan.Thresholds)),
	}
	byKey := map[string]*watched{}
	for i, t := range g.Plan.Thresholds {
		w.folds = append(w.folds, windowFold{t: t})
		w.states[i] = record.NoData
		key := scopeKey(t)
		if byKey[key] == nil {
			byKey[key] = &watched{threshold: t}
			w.scopes = append(w.scopes, byKey[key])
		}
		w.scopeOf = append(w.scopeOf, byKey[key])
		if t.Abort != nil {
			w.rules = append(w.rules, &abortRule{threshold: t, index: i})
		}
	}
	for _, guard := range guards {
		if guard.Abort != nil {
			w.rules = append(w.rules, guardRule(guard))
		}
	}
	return w
}

// scopeKey is equal for thresholds that look at the same requests in the same
// way.
func scopeKey(t *plan.Threshold) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %t", t.Of, t.PerRequest)
	for _, st := range t.Stages {
		fmt.Fprintf(&b, " %s", st.Address())
	}
	return b.String()
}

// Second takes in one second of the run and reports whether an abort rule ends
// it: of several rules the first in the plan, thresholds before guards. s is only
// read, and not kept. In r the stages must be as of s.End: a stage that has begun
// has an End after its Start, which for the one that is running is s.End.
func (w *Watcher) Second(r *record.Record, s *record.Second) *record.Abort {
	if w.v == nil || w.v.r != r {
		w.v = lineUp(w.g, r)
	}
	for _, scope := range w.scopes {
		scope.add(w.v.scope(scope.threshold), s)
	}
	for i, t := range w.g.Plan.Thresholds {
		rd := w.read(i, t)
		w.states[i] = rd.status
		if rd.status != record.NoData {
			w.broken[i].note(rd.broken(), s.End)
		}
	}
	var abort *record.Abort
	for _, rule := range w.rules {
		if a := rule.second(rule.scope(w.v), s); a != nil && abort == nil {
			abort = a
		}
	}
	return abort
}

// add takes in what a second has of a scope.
func (m *sums) add(sc scope, s *record.Second) {
	for _, c := range s.Cells {
		if sc.cell(c) {
			m.tally.add(c, sc.threshold.PerRequest)
		}
	}
	m.levels.Add(s.Start, s.Point, sc.spans())
}

// read is the threshold as it stands. One with windows is judged by those that
// are complete; until there is one, by all there is.
func (w *Watcher) read(i int, t *plan.Threshold) reading {
	sc, sum := w.v.scope(t), &w.scopeOf[i].sums
	switch metric.SourceOf(t.Metric) {
	case metric.FromProbe:
		return w.v.readOverTime(t, sc)
	case metric.FromLevels, metric.FromSchedule:
		return hold(t, sum.levels.Measure(t.Metric), t.MinSamples)
	}
	if t.Window > 0 {
		if rd := w.v.readWindows(i, &w.folds[i]); rd.status != record.NoData {
			return rd
		}
	}
	return sc.readTally(t, &sum.tally, length(sc.spans()))
}

// States is how the thresholds stand, in the plan's order.
func (w *Watcher) States() []record.Status {
	return append([]record.Status(nil), w.states...)
}

// Broken says which thresholds stand broken, and since when without a break, in
// the plan's order.
func (w *Watcher) Broken() []record.FirstBroken {
	var out []record.FirstBroken
	for i, b := range w.broken {
		if b.is {
			out = append(out, record.FirstBroken{Threshold: i, At: b.at})
		}
	}
	return out
}
