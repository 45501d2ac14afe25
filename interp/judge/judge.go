// Package judge says what a record means: thresholds into states, and the run
// into one verdict with its reasons.
//
//	FAIL          a critical bound was missed, or the run was aborted or never began
//	INCONCLUSIVE  something was not measured, or the load was not the planned one
//	WARN          a target was missed, or something happened that nothing judges
//	PASS          all of it was measured, planned and met
//
// [Judge] is a function of graph and record alone: no clock, no machine, no
// file. Nothing measured is never a pass. [Watcher] asks the same questions
// once a second while the run goes on, for abort rules and live views, and
// [ExitCode] turns the verdict into the command line's answer.
//
// Read scope.go (what a threshold looks at), bound.go (one figure against its
// bounds), threshold.go, strain.go (what the generator itself may be to blame
// for), then load.go and findings.go (what nobody asked about but everybody must
// know), trust.go, and abort.go with watcher.go.
package judge

import (
	"fmt"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/plan"
)

// Judge judges r by the thresholds of g. g is the graph whose run r records, or
// that of another plan: requests, scenarios and stages are found by their
// names. In the latter case the caller clears r.Windows and r.Broken, which go
// by the threshold's number in the plan that was run.
//
// Neither g nor r is changed.
func Judge(g *graph.Graph, r *record.Record) record.Verdict {
	v := lineUp(g, r)
	totals := r.Totals()
	out := record.Verdict{Trust: v.trust(totals)}
	var why grounds
	v.judgeEnd(&why)
	v.judgeLoad(&why, totals)
	for i, t := range g.Plan.Thresholds {
		rd := v.read(i, t)
		out.Thresholds = append(out.Thresholds, v.result(i, t, rd))
		why.add(rd.status, clause(t, rd))
	}
	out.Findings = v.findings(&why, totals)
	if r.Run.State == record.StateUnreachable || r.Run.State == record.StateUnready {
		// That no threshold has data follows from it and need not be said again.
		why = grounds{fail: why.fail}
	}
	out.Status, out.Reasons = why.verdict(len(g.Plan.Thresholds))
	return out
}

// Grounds are the reasons against a pass, by what they make of the verdict.
type grounds struct{ fail, inconclusive, warn []string }

// add files a reason under the status that it leads to. A threshold without
// data makes the run inconclusive.
func (g *grounds) add(s record.Status, reason string) {
	switch s {
	case record.Fail:
		g.fail = append(g.fail, reason)
	case record.Inconclusive, record.NoData:
		g.inconclusive = append(g.inconclusive, reason)
	case record.Warn:
		g.warn = append(g.warn, reason)
	}
}

// verdict is the worst status that has a reason, and all reasons, worst first.
func (g *grounds) verdict(thresholds int) (record.Status, []string) {
	var reasons []string
	reasons = append(reasons, g.fail...)
	reasons = append(reasons, g.inconclusive...)
	reasons = append(reasons, g.warn...)
	switch {
	case len(g.fail) > 0:
		return record.Fail, reasons
	case len(g.inconclusive) > 0:
		return record.Inconclusive, reasons
	case len(g.warn) > 0:
		return record.Warn, reasons
	case thresholds == 1:
		return record.Pass, []string{"the one threshold was met"}
	}
	return record.Pass, []string{fmt.Sprintf("all %d thresholds were met", thresholds)}
}

// result is the threshold's row.
func (v *view) result(i int, t *plan.Threshold, rd reading) record.ThresholdResult {
	out := record.ThresholdResult{
		Address: t.Address(),
		Status:  rd.status,
		Scope:   t.Where(),
		Metric:  t.Metric.String(),
		Unit:    string(t.Metric.Unit),
		Target:  t.Target.Text,
		Samples: rd.sample.Samples,
		Detail:  rd.detail(),
		Range: record.Position{
			File: t.DeclRange.Filename, Line: t.DeclRange.Start.Line, Column: t.DeclRange.Start.Column,
		},
	}
	if t.Critical != nil {
		out.Critical = t.Critical.Text
	}
	if rd.sample.Measured {
		value, less := rd.sample.Value, rd.sample.ValueLessLag
		out.Actual = &value
		if t.Metric.Name == "response_time" {
			out.ActualWithoutLag = &less
		}
	}
	if rd.broken() {
		out.FirstBroken = v.firstBroken(i)
	}
	return out
}

// firstBroken is when the run first showed the threshold broken, nil if it only
// showed at the end.
func (v *view) firstBroken(threshold int) *time.Duration {
	for _, b := range v.r.Broken {
		if b.Threshold == threshold {
			at := b.At
			return &at
		}
	}
	return nil
}
