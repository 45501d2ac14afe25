package engine

import (
	"cmp"
	"math"
	"slices"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/metric"
	"bossplan/interp/record"
)

// A windowBook keeps the windows that may still get samples. A window is closed,
// which leaves a few numbers of it, once it is over and nothing that was due in
// it is outstanding any more; so what is kept is as long as the backlog, not as
// the run.
type windowBook struct {
	graph      *graph.Graph
	thresholds []*windowed
	open       map[windowKey]*windowStats
	oldest     time.Duration // nothing that was due before is outstanding
}

func newWindowBook(g *graph.Graph) *windowBook {
	return &windowBook{graph: g, thresholds: windowedThresholds(g), open: map[windowKey]*windowStats{}}
}

// take adds a loop's interval.
func (b *windowBook) take(iv *interval) {
	b.oldest = min(b.oldest, iv.oldest)
	for k, ws := range iv.open {
		of := b.open[k]
		if of == nil {
			// The interval lets go of it, so there is no need to copy.
			b.open[k] = ws
			continue
		}
		of.due += ws.due
		of.Merge(&ws.Stats)
	}
}

// closeOld closes what will not change any more.
func (b *windowBook) closeOld(r *record.Record) { b.close(r, b.oldest) }

// closeAll closes what is left at the end of the run.
func (b *windowBook) closeAll(r *record.Record) { b.close(r, math.MaxInt64) }

func (b *windowBook) close(r *record.Record, before time.Duration) {
	var over []windowKey
	for k := range b.open {
		width := b.thresholds[k.threshold].threshold.Window
		if before == math.MaxInt64 || k.start+width <= before {
			over = append(over, k)
		}
	}
	slices.SortFunc(over, func(a, b windowKey) int {
		return cmp.Or(cmp.Compare(a.threshold, b.threshold), cmp.Compare(a.start, b.start), cmp.Compare(a.request, b.request))
	})
	for _, k := range over {
		b.add(r, k, b.open[k])
		delete(b.open, k)
	}
}

// add turns a window into its figures. Where the threshold is per request, each
// request has its own.
func (b *windowBook) add(r *record.Record, k windowKey, ws *windowStats) {
	w := b.thresholds[k.threshold]
	t := w.threshold
	sample := metric.Measure(t.Metric, t.Outcome, &ws.Stats, b.judged(r, w, k.start, k.start+t.Window))
	r.Windows[k.threshold].Points = append(r.Windows[k.threshold].Points, record.Window{
		Start: k.start, Due: ws.due, Samples: sample.Samples,
		Value: sample.Value, ValueLessLag: sample.ValueLessLag, Request: k.request,
	})
}

// judged is how much of a window lies in the time that the threshold judges.
func (b *windowBook) judged(r *record.Record, w *windowed, from, to time.Duration) time.Duration {
	var sum time.Duration
	for _, s := range r.JudgedSpans(func(scenario, stage int) bool {
		g := b.graph.Scenarios[scenario]
		return w.threshold.LooksAt(g.Plan, g.Plan.Stages[stage])
	}) {
		sum += max(min(s.To, to)-max(s.From, from), 0)
	}
	return sum
}
