package reports

import (
	"cmp"
	"math"
	"slices"
	"time"

	"bossplan/interp/record"
)

// newRunFile says all of a record and its verdict in run.json's words.
func newRunFile(r *record.Record, v *record.Verdict, exitCode *int) *runFile {
	f := &runFile{
		FormatVersion:   formatVersion,
		BossplanVersion: r.Run.BossplanVersion,
		ExitCode:        exitCode,
		Run:             newRunInfo(r),
		Verdict:         verdictInfo{v.Status, each(v.Reasons, func(s string) string { return s })},
		Thresholds:      each(v.Thresholds, newThresholdInfo),
		WarmupRequests:  r.WarmupRequests(),
		Errors:          newErrorInfos(r),
		Checks: each(r.Checks, func(c record.Check) checkInfo {
			return checkInfo{requestOf(r, c.Request).Address, c.Name, c.Made, c.Met}
		}),
		Setup:     each(r.Setup, newSetupInfo),
		Data:      each(r.Data, newDataInfo),
		Scenarios: each(r.Scenarios, newScenarioInfo),
		Probes:    each(r.Probes, newProbeInfo),
		Trust: each(v.Trust, func(t record.TrustItem) trustInfo {
			return trustInfo{t.Name, figure(t.Actual, t.Unit), figure(t.Limit, t.Unit), t.Unit, t.OK, t.Detail}
		}),
		Findings: each(v.Findings, func(f record.Finding) findingInfo { return findingInfo(f) }),
		Gaps: each(r.Gaps, func(g record.Gap) gapInfo {
			return gapInfo{inMillis(g.From), inMillis(g.To), number(g.Due)}
		}),
		Windows:   each(r.Windows, func(w record.Windows) windowsInfo { return newWindowsInfo(r, v, w) }),
		Generator: newGeneratorInfo(r.Generator),
		Series:    newSeriesInfo(r),
	}
	f.Requests, f.Totals = newRequestInfos(r)
	if a := r.Abort; a != nil {
		f.Abort = &abortInfo{thresholdAddress(v, a.Threshold), a.Guard, inMillis(a.At), a.Detail}
	}
	return f
}

// each maps a list; the result is never nil, so JSON shows it as [].
func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, len(list))
	for i, t := range list {
		out[i] = f(t)
	}
	return out
}

func newRunInfo(r *record.Record) runInfo {
	n := &r.Run
	return runInfo{
		ID: n.ID, Started: moment(n.Started), Ended: moment(n.Ended),
		State: n.State, StateDetail: n.StateDetail,
		Seed: n.Seed, TimeScale: number(n.TimeScale), Demo: n.Demo, Command: n.Command,
		JudgedTime: inMillis(r.JudgedTime(nil)),
		Plan:       planInfo(n.Plan),
		Variables:  each(n.Variables, func(v record.Variable) variableInfo { return variableInfo(v) }),
		Hosts:      each(n.Hosts, func(h record.Host) hostInfo { return hostInfo(h) }),
	}
}

// moment is a time as JSON shows it, nil for one that is not set.
func moment(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format("2006-01-02T15:04:05.000Z")
	return &s
}

func newThresholdInfo(t record.ThresholdResult) thresholdInfo {
	out := thresholdInfo{
		Address: t.Address, Status: t.Status, Scope: t.Scope, Metric: t.Metric, Unit: t.Unit,
		Actual: figure(t.Actual, t.Unit), ActualWithoutLag: figure(t.ActualWithoutLag, t.Unit),
		Target: t.Target, Samples: t.Samples, Detail: t.Detail,
		Range: rangeInfo(t.Range),
	}
	if t.Critical != "" {
		out.Critical = &t.Critical
	}
	if t.FirstBroken != nil {
		m := inMillis(*t.FirstBroken)
		out.FirstBroken = &m
	}
	return out
}

// thresholdAddress is the address of the plan's threshold i.
func thresholdAddress(v *record.Verdict, i int) string {
	if i < 0 || i >= len(v.Thresholds) {
		return ""
	}
	return v.Thresholds[i].Address
}

// newRequestInfos has one entry a request, not a row: addresses are unique.
func newRequestInfos(r *record.Record) (each []requestInfo, total requestInfo) {
	stats := make([]record.Stats, len(r.Requests))
	var all record.Stats
	for _, c := range r.Cells {
		if !c.Warmup && c.Total() > 0 {
			stats[c.Request].Merge(&c.Stats)
			all.Merge(&c.Stats)
		}
	}
	judged := r.JudgedTime(nil)
	each = make([]requestInfo, len(stats))
	for i := range stats {
		each[i] = newRequestInfo(r.Requests[i], &stats[i], judged)
	}
	return each, newRequestInfo(record.Request{Name: "Aggregated"}, &all, judged)
}

func newRequestInfo(q record.Request, s *record.Stats, judged time.Duration) requestInfo {
	waited := s.Pool(record.PopulationOK)
	perSec := number(math.NaN())
	if judged > 0 {
		perSec = number(perSecond(s.Completed(), judged))
	}
	return requestInfo{
		Address: q.Address, Name: q.Name, Method: q.Method,
		Count: s.Completed(), Failed: s.FailedCompleted(), Unfinished: s.Unfinished, Rate: perSec,
		Sent: s.Sent, Received: s.Received, Checks: s.Checks, ChecksMet: s.ChecksMet,
		ResponseTime: timingOf(&waited.Response),
		ServiceTime:  timingOf(&waited.Service),
		Lag:          timingOf(&waited.Lag),
		FailedTime:   timingOf(&s.Failed.Response),
	}
}

func newErrorInfos(r *record.Record) []errorInfo {
	out := []errorInfo{}
	for _, e := range r.Errors {
		if !e.Warmup {
			out = append(out, newErrorInfo(requestOf(r, e.Request).Address, e))
		}
	}
	return sortErrors(out)
}

func newErrorInfo(address string, e record.Error) errorInfo {
	return errorInfo{address, e.Kind, e.Message, e.Count, inMillis(e.First), inMillis(e.Last)}
}

func sortErrors(list []errorInfo) []errorInfo {
	slices.SortFunc(list, func(a, b errorInfo) int {
		return cmp.Or(cmp.Compare(a.Request, b.Request), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message))
	})
	return list
}

func newSetupInfo(s record.Setup) setupInfo {
	return setupInfo{
		Address: s.Address, Name: s.Name, Method: s.Method, Hook: s.Hook, Count: s.Count, Failed: s.Failed,
		ResponseTime: timingOf(&s.Response),
		Errors:       sortErrors(each(s.Errors, func(e record.Error) errorInfo { return newErrorInfo(s.Address, e) })),
	}
}

func newDataInfo(d record.Data) dataInfo {
	out := dataInfo{Address: d.Address, Rows: d.Rows, Stopped: d.Stopped}
	if d.Stopped > 0 {
		first := inMillis(d.First)
		out.First = &first
	}
	return out
}

func newScenarioInfo(s record.Scenario) scenarioInfo {
	out := scenarioInfo{Name: s.Name, Open: s.Open, Users: usersInfo(s.Users)}
	i := s.Iterations
	out.Iterations = iterationsInfo{nil, i.Started, i.Completed, i.Dropped, i.Unfinished}
	if i.Planned >= 0 {
		out.Iterations.Planned = &i.Planned
	}
	out.Stages = each(s.Stages, newStageInfo)
	return out
}

func newStageInfo(s record.Stage) stageInfo {
	out := stageInfo{Name: s.Name, Warmup: s.Warmup, Ended: s.Ended}
	if s.End > s.Start {
		start, end := inMillis(s.Start), inMillis(s.End)
		out.Start, out.End = &start, &end
	}
	return out
}

func newProbeInfo(p record.Probe) probeInfo {
	return probeInfo{p.Address, p.Samples, p.Failures, p.LastError, each(p.Gauges, newGaugeInfo)}
}

func newGaugeInfo(g record.Gauge) gaugeInfo {
	nan := number(math.NaN())
	out := gaugeInfo{Name: g.Name, Counter: g.Counter, Min: nan, Mean: nan, Max: nan, Last: nan,
		Times: each(g.Times, func(d time.Duration) float64 { return float64(inMillis(d)) }), Values: g.Values}
	if g.Count > 0 {
		out.Min, out.Mean = number(g.Min), number(g.Sum/float64(g.Count))
		out.Max, out.Last = number(g.Max), number(g.Last)
	}
	return out
}

func newWindowsInfo(r *record.Record, v *record.Verdict, w record.Windows) windowsInfo {
	// A window without a sample has no value.
	value := func(of func(record.Window) float64) []float64 {
		return each(w.Points, func(p record.Window) float64 {
			if p.Samples == 0 {
				return math.NaN()
			}
			return of(p)
		})
	}
	return windowsInfo{
		Threshold: thresholdAddress(v, w.Threshold),
		Width:     inMillis(w.Width),
		Start:     each(w.Points, func(p record.Window) float64 { return float64(inMillis(p.Start)) }),
		Due:       each(w.Points, func(p record.Window) int64 { return p.Due }),
		Samples:   each(w.Points, func(p record.Window) int64 { return p.Samples }),
		Value:     value(func(p record.Window) float64 { return p.Value }),
		LessLag:   value(func(p record.Window) float64 { return p.ValueLessLag }),
		Request: each(w.Points, func(p record.Window) *string {
			if p.Request < 0 {
				return nil
			}
			address := requestOf(r, p.Request).Address
			return &address
		}),
	}
}

func newGeneratorInfo(g record.Generator) generatorInfo {
	out := generatorInfo{
		Cores: g.Cores, CPU: inMillis(g.CPU), Held: g.Held, HeldTime: inMillis(g.HeldTime),
		Interpreted: each(g.Interpreted, func(s string) string { return s }), LostErrors: g.LostErrors,
		Loops: g.Loops, Exchanges: g.Exchanges, LoopCPU: inMillis(g.LoopCPU), Busy: number(g.Busy), BusyMost: number(g.BusyMost),
		Saturated: each(g.Saturated, func(s record.Span) spanInfo { return spanInfo{inMillis(s.From), inMillis(s.To)} }),
	}
	if g.Exchanges > 0 {
		cost := int64(g.Cost())
		out.Cost = &cost
	}
	if g.MaxMemory > 0 {
		out.MaxMemory = &g.MaxMemory
	}
	return out
}

func newSeriesInfo(r *record.Record) seriesInfo {
	points := r.Series.Points
	count := func(f func(record.Point) int64) []int64 { return each(points, f) }
	value := func(f func(record.Point) float64) []float64 { return each(points, f) }
	return seriesInfo{
		Step:      inMillis(r.Series.Step),
		At:        value(func(p record.Point) float64 { return float64(inMillis(p.At)) }),
		Users:     count(func(p record.Point) int64 { return int64(p.Users) }),
		InFlight:  count(func(p record.Point) int64 { return int64(p.InFlight) }),
		Started:   count(func(p record.Point) int64 { return p.Started }),
		Completed: count(func(p record.Point) int64 { return p.Completed }),
		Failed:    count(func(p record.Point) int64 { return p.Failed }),
		Dropped:   count(func(p record.Point) int64 { return p.Dropped }),
		Sent:      count(func(p record.Point) int64 { return p.Sent }),
		Received:  count(func(p record.Point) int64 { return p.Received }),
		P50:       value(func(p record.Point) float64 { return p.P50 }),
		P95:       value(func(p record.Point) float64 { return p.P95 }),
		P99:       value(func(p record.Point) float64 { return p.P99 }),
		Max:       value(func(p record.Point) float64 { return p.Max }),
		LagP99:    value(func(p record.Point) float64 { return p.LagP99 }),
		CPU:       value(func(p record.Point) float64 { return p.CPU }),
		Busy:      value(func(p record.Point) float64 { return p.Busy }),
		Warmup:    each(points, func(p record.Point) bool { return p.Warmup }),
		Requests:  newRequestSeries(r),
	}
}

func newRequestSeries(r *record.Record) []requestSeries {
	out := make([]requestSeries, 0, len(r.Series.Requests))
	for i, row := range r.Series.Requests {
		out = append(out, requestSeries{
			Address:   requestOf(r, i).Address,
			Completed: each(row, func(p record.RequestPoint) int64 { return p.Completed }),
			Failed:    each(row, func(p record.RequestPoint) int64 { return p.Failed }),
			P50:       each(row, func(p record.RequestPoint) float64 { return p.P50 }),
			P95:       each(row, func(p record.RequestPoint) float64 { return p.P95 }),
		})
	}
	return out
}
