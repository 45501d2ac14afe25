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

// read judges the i-th threshold of the plan over the whole record.
func (v *view) read(i int, t *plan.Threshold) reading {
	s := v.scope(t)
	if metric.SourceOf(t.Metric) != metric.FromRequests {
		return v.readOverTime(t, s)
	}
	if t.Window > 0 && !t.PerRequest {
		return v.readWindows(i, &windowFold{t: t})
	}
	var all tally
	for _, c := range v.r.Cells {
		if c.Total() > 0 && s.cell(c) {
			all.add(c, t.PerRequest)
		}
	}
	rd := s.readTally(t, &all, length(s.spans()))
	if t.Window == 0 {
		return rd
	}
	// A window knows the request that was worst in it, but not those that
	// never came.
	if w := v.readWindows(i, &windowFold{t: t}); rd.status != record.NoData || w.status == record.Fail {
		return w
	}
	return rd
}

// readTally judges the requests that were gathered from a scope. Where each
// request is judged, those that take part in a mix which was run must have
// samples: one that never came is not passed over.
func (s scope) readTally(t *plan.Threshold, all *tally, elapsed time.Duration) reading {
	if !t.PerRequest {
		return s.excuse(t, hold(t, metric.Measure(t.Metric, t.Outcome, &all.all, elapsed), t.MinSamples), s.spans())
	}
	var worst *reading
	ran, idle := s.classes(all)
	for _, q := range s.g.Requests {
		if !s.request(q) || !slices.Contains(ran, q.Class) {
			continue
		}
		stats := all.look(s.numbers[q.Index])
		sample := metric.Measure(t.Metric, t.Outcome, stats, elapsed)
		expected := metric.EveryRequest(t.Metric) && q.Certain()
		if sample.Samples == 0 && !expected {
			continue
		}
		rd := s.excuse(t, hold(t, sample, t.MinSamples), s.spans())
		rd.place = "in " + q.Plan.Address()
		rd.notes = append([]string{"decided by " + q.Plan.Address()}, rd.notes...)
		if worst == nil || worse(t, rd, *worst) {
			worst = &rd
		}
	}
	if worst == nil {
		return hold(t, metric.Sample{}, t.MinSamples)
	}
	for _, c := range idle {
		worst.notes = append(worst.notes, fmt.Sprintf("%s sent nothing, so its requests are not judged", c.Plan.Address()))
	}
	return *worst
}

// classes divides those of the scope into the ones that sent something and the
// ones that had no user.
func (s scope) classes(all *tally) (ran, idle []*graph.Class) {
	for _, c := range s.g.Classes {
		inScope, sent := false, false
		for _, q := range c.Requests {
			inScope = inScope || s.request(q)
			sent = sent || all.look(s.numbers[q.Index]).Total() > 0
		}
		switch {
		case sent:
			ran = append(ran, c)
		case inScope:
			idle = append(idle, c)
		}
	}
	return ran, idle
}

// readWindows judges a threshold in each of the windows that the engine has
// measured. fold holds those that were read before.
func (v *view) readWindows(i int, fold *windowFold) reading {
	k := slices.IndexFunc(v.r.Windows, func(w record.Windows) bool { return w.Threshold == i })
	if k < 0 {
		return reading{status: record.NoData, because: "the record has no windows for it"}
	}
	w := v.r.Windows[k]
	for _, p := range w.Points[fold.read:] {
		note := ""
		if p.Request >= 0 && p.Request < len(v.r.Requests) && fold.t.PerRequest {
			note = "decided by " + v.r.Requests[p.Request].Address
		}
		fold.addPoint(v, p, w.Width, note)
	}
	fold.read = len(w.Points)
	return fold.reading()
}

// A windowFold keeps the worst window. min_samples is asked of all together, or
// of each request by who folds; of a window only that it has one.
type windowFold struct {
	t              *plan.Threshold
	worst          *reading
	judged, passed int64
	samples        int64
	last           record.Span
	read           int // points of the record that it holds
}

// addPoint takes in a window that the engine has measured. One in which nothing
// was due is passed over, and so is one without a sample of what not every
// request gives: no new connection was needed.
func (f *windowFold) addPoint(v *view, p record.Window, width time.Duration, note string) {
	if p.Samples == 0 && (p.Due == 0 || !metric.EveryRequest(f.t.Metric)) {
		f.passed++
		return
	}
	f.add(v, metric.Sample{
		Value: p.Value, ValueLessLag: p.ValueLessLag, Samples: p.Samples, Measured: p.Samples > 0,
	}, record.Span{From: p.Start, To: p.Start + width}, note)
}

func (f *windowFold) add(v *view, s metric.Sample, span record.Span, note string) {
	if span != f.last { // each request has a point of its own in a window
		f.judged++
	}
	f.last = span
	f.samples += s.Samples
	// The last window, and one that another stage begins in, are judged in part.
	rd := v.excuse(f.t, hold(f.t, s, 1), clip(v.scope(f.t).spans(), span.From, span.To))
	rd.place = fmt.Sprintf("from %s to %s", moment(span.From), moment(span.To))
	if note != "" {
		rd.notes = append([]string{note}, rd.notes...)
	}
	if f.worst == nil || worse(f.t, rd, *f.worst) {
		f.worst = &rd
	}
}

func (f *windowFold) reading() reading {
	if f.worst == nil || f.samples < f.t.MinSamples && !f.t.PerRequest {
		return hold(f.t, metric.Sample{Samples: f.samples}, f.t.MinSamples)
	}
	rd := *f.worst
	where := fmt.Sprintf("worst of %s: %s", quantity.Counted(f.judged, "window"), rd.place)
	if f.passed > 0 {
		where += fmt.Sprintf(" (%d more had nothing to measure)", f.passed)
	}
	rd.notes = append([]string{where}, rd.notes...)
	return rd
}

// readOverTime judges what is not read from requests: levels, drops and probes.
func (v *view) readOverTime(t *plan.Threshold, s scope) reading {
	spans := s.spans()
	if t.Window > 0 {
		return v.readWindowsOfTime(t, spans)
	}
	sample := v.sampleOverTime(t, spans)
	if metric.SourceOf(t.Metric) == metric.FromSchedule {
		sample = metric.Dropped(v.r, s.stage)
	}
	rd := hold(t, sample, t.MinSamples)
	rd.notes = append(rd.notes, v.probeNotes(t)...)
	return rd
}

// sampleOverTime is the value of a level, a drop or a gauge over some time.
func (v *view) sampleOverTime(t *plan.Threshold, spans []record.Span) metric.Sample {
	if t.Metric.Probe == nil {
		return metric.LevelsIn(&v.r.Series, spans).Measure(t.Metric)
	}
	if g := v.gauge(t.Metric); g != nil {
		return metric.Gauge(g, t.Metric.Statistic, spans)
	}
	return metric.Sample{}
}

// readWindowsOfTime cuts the judged time itself. A window without a sample is
// passed over where none can be expected in it: where it is shorter than two
// intervals of the probe.
func (v *view) readWindowsOfTime(t *plan.Threshold, spans []record.Span) reading {
	interval := max(v.r.Series.Step, time.Second)
	if t.Metric.Probe != nil {
		interval = t.Metric.Probe.Interval
	}
	fold := windowFold{t: t}
	for _, s := range spans {
		for from := s.From; from < s.To; from += t.Window {
			w := record.Span{From: from, To: min(from+t.Window, s.To)}
			sample := v.sampleOverTime(t, []record.Span{w})
			if !sample.Measured && w.To-w.From < 2*interval {
				fold.passed++
				continue
			}
			fold.add(v, sample, w, "")
		}
	}
	rd := fold.reading()
	rd.notes = append(rd.notes, v.probeNotes(t)...)
	return rd
}

func (v *view) probe(p *plan.Probe) *record.Probe {
	for i := range v.r.Probes {
		if v.r.Probes[i].Address == p.Address() {
			return &v.r.Probes[i]
		}
	}
	return nil
}

func (v *view) gauge(m plan.Metric) *record.Gauge {
	p := v.probe(m.Probe)
	if p == nil {
		return nil
	}
	for i := range p.Gauges {
		if p.Gauges[i].Name == m.Gauge {
			return &p.Gauges[i]
		}
	}
	return nil
}

// probeNotes says where a figure rests on fewer samples than it seems.
func (v *view) probeNotes(t *plan.Threshold) []string {
	if t.Metric.Probe == nil {
		return nil
	}
	p := v.probe(t.Metric.Probe)
	if p == nil || p.Failures == 0 {
		return nil
	}
	note := fmt.Sprintf("%d of %s failed", p.Failures, quantity.Counted(p.Samples+p.Failures, "reading"))
	if p.LastError != "" {
		note += ", at last with: " + p.LastError
	}
	return []string{note}
}
