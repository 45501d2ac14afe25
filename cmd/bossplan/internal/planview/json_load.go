package planview

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan"
	"bossplan/plan/diag"
)

func (f *facts) scenarioInfos() []scenarioInfo {
	list := []scenarioInfo{}
	for i, e := range f.point.Scenarios {
		s := e.Scenario
		out := scenarioInfo{
			Address: s.Address(), Model: "closed", After: each(s.After, (*plan.Scenario).Address), Start: millis(e.Start), End: millis(e.End),
			UserClasses: each(s.UserClasses, (*plan.UserClass).Address), Stages: []stageInfo{},
		}
		if s.Open() {
			out.Model = "open"
		}
		for k := range e.Stages {
			out.Stages = append(out.Stages, stageOf(&f.fast.Scenarios[i].Stages[k], &e.Stages[k], &f.slow.Scenarios[i].Stages[k]))
		}
		list = append(list, out)
	}
	return list
}

func stageOf(fast, point, slow *plan.StageEstimate) stageInfo {
	of := func(get func(*plan.StageEstimate) float64) band {
		return band{figure(get(fast)), figure(get(point)), figure(get(slow))}
	}
	return stageInfo{
		Name: point.Stage.Name, Start: millis(point.Start), End: millis(point.End), From: figure(point.Level.From), To: figure(point.Level.To),
		Ramp: millis(point.Level.Ramp), Warmup: point.Stage.Warmup,
		Iterations: of(func(e *plan.StageEstimate) float64 { return e.Iterations }),
		Requests:   of(func(e *plan.StageEstimate) float64 { return e.Requests }),
		Rate:       of(func(e *plan.StageEstimate) float64 { return e.Rate }),
		PeakRate:   of(func(e *plan.StageEstimate) float64 { return e.PeakRate }),
	}
}

func probe(p *plan.Probe) probeInfo {
	out := probeInfo{Address: p.Address(), Kind: p.Kind, Interval: millis(p.Interval)}
	if p.Host != nil {
		out.Host = p.Host.Address()
	}
	out.Gauges = each(p.Gauges, func(g plan.Gauge) gaugeInfo { return gaugeInfo{g.Name, g.Counter} })
	return out
}

func (f *facts) loadInfo(latency time.Duration) loadInfo {
	of := func(get func(*plan.Estimate) float64) band {
		return band{figure(get(&f.fast)), figure(get(&f.point)), figure(get(&f.slow))}
	}
	inMillis := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	out := loadInfo{
		AssumedLatency: millis(latency),
		Iterations:     of(func(e *plan.Estimate) float64 { return e.Iterations }),
		Requests:       of(func(e *plan.Estimate) float64 { return e.Total }),
		Judged:         of(func(e *plan.Estimate) float64 { return e.Judged }),
		Duration:       of(func(e *plan.Estimate) float64 { return inMillis(e.Duration) }),
		JudgedTime:     of(func(e *plan.Estimate) float64 { return inMillis(e.JudgedTime) }),
		PeakUsers:      of(func(e *plan.Estimate) float64 { return e.PeakUsers }),
		PeakInFlight:   of(func(e *plan.Estimate) float64 { return e.PeakInFlight }),
		Curve:          curveInfo{At: []millis{}, Users: []figure{}, Rate: []figure{}, InFlight: []figure{}},
	}
	for _, p := range f.point.Curve {
		out.Curve.At = append(out.Curve.At, millis(p.At))
		out.Curve.Users = append(out.Curve.Users, figure(p.Users))
		out.Curve.Rate = append(out.Curve.Rate, figure(p.Rate))
		out.Curve.InFlight = append(out.Curve.InFlight, figure(p.InFlight))
	}
	return out
}

func (f *facts) requestInfos() []requestInfo {
	list := []requestInfo{}
	add := func(hook bool, fast, point, slow []plan.RequestEstimate) {
		for i, r := range point {
			list = append(list, requestInfo{
				Address: r.Request.Address(), Name: r.Request.Name, Method: r.Request.Method, Hook: hook,
				OfClass: figure(r.OfClass), OfAll: figure(r.OfAll),
				Count:  band{figure(fast[i].Count), figure(r.Count), figure(slow[i].Count)},
				AtMost: r.AtMost, Repeats: r.Repeats, Checks: len(r.Request.Checks), Captures: len(r.Request.Captures),
			})
		}
	}
	add(false, f.fast.Requests, f.point.Requests, f.slow.Requests)
	add(true, f.fast.Hooks, f.point.Hooks, f.slow.Hooks)
	return list
}

func (f *facts) needsInfo(lacks []Lack) needsInfo {
	return needsInfo{
		Connections: figure(f.need.Connections), Files: figure(f.need.Files), Users: figure(f.need.Users), Cells: f.need.Cells, Memory: figure(f.need.Total()),
		MemoryParts: each(f.need.Memory, func(m plan.MemoryPart) memoryInfo { return memoryInfo{m.For, figure(m.Bytes), m.Basis} }),
		Lacks:       each(lacks, lackInfoOf),
	}
}

func lackInfoOf(l Lack) lackInfo {
	out := lackInfo{
		Of: "open_files", Hosts: each(l.Hosts, (*plan.Host).Address), Target: optional(l.Target, text),
		Needed: figure(l.Needed), Sure: figure(l.Sure), There: figure(l.There), Message: fmt.Sprintf("%s; %s.", l.Lack, l.Mend),
	}
	if l.Ports {
		out.Of = "local_ports"
	}
	return out
}

func (f *facts) thresholdInfo(t *plan.Threshold, lints hcl.Diagnostics) thresholdInfo {
	out := thresholdInfo{
		Address: t.Address(), Metric: t.Metric.String(), Unit: string(t.Metric.Unit), Scope: scope(t), Target: t.Target.Text,
		Lints: each(lintsOf(lints, t.Address()), func(d *hcl.Diagnostic) string { return lint(d).ID }), Range: place(t.DeclRange),
	}
	if t.Critical != nil {
		out.Critical = &t.Critical.Text
	}
	expected := figure(f.point.Expect(t).Requests)
	if t.Metric.Probe == nil {
		out.Requests = &expected
		return out
	}
	samples := figure(f.samples(t))
	out.Samples = &samples
	return out
}

func lint(d *hcl.Diagnostic) lintInfo {
	out := lintInfo{Summary: d.Summary, Detail: d.Detail}
	if l, ok := hcl.DiagnosticExtra[diag.Lint](d); ok {
		out.ID, out.Address = l.ID, string(l.Address)
	}
	if d.Subject != nil {
		out.Range = place(*d.Subject)
	}
	return out
}

func place(rng hcl.Range) rangeInfo {
	return rangeInfo{File: filepath.ToSlash(rng.Filename), Line: rng.Start.Line, Column: rng.Start.Column}
}
