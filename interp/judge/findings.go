package judge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"bossplan/interp/record"
	"bossplan/plan"
	"bossplan/plan/quantity"
)

// A silence is a time in which nothing completed that is too long to be the
// server's ordinary slowness and not for want of requests.
const (
	silenceLasts   = 5 * time.Second
	silenceMedians = 10 // times the median response time
	silenceDue     = 10 // completions that were to be expected
)

// findings is what no threshold asked about. With any of it the run is not a
// pass.
func (v *view) findings(why *grounds, totals *record.Stats) []record.Finding {
	var out []record.Finding
	add := func(f record.Finding) {
		why.add(record.Warn, f.Summary)
		f.Summary = strings.ToUpper(f.Summary[:1]) + f.Summary[1:] // a sentence here, a clause there
		out = append(out, f)
	}
	if f, found := v.unjudgedErrors(totals); found {
		add(f)
	}
	for _, g := range v.silences(totals) {
		add(record.Finding{
			ID: "silence",
			Summary: fmt.Sprintf("nothing completed for %s, from %s to %s",
				moment(g.To-g.From), moment(g.From), moment(g.To)),
			Detail: fmt.Sprintf("About %.0f requests should have completed in that time at the pace of the others. "+
				"Look for a stall of the server or of the network between %s and %s after the start.",
				g.Due, moment(g.From), moment(g.To)),
		})
	}
	if f, found := v.strainFinding(); found {
		add(f)
	}
	for _, f := range append(v.failedSetups(), v.spentData()...) {
		add(f)
	}
	if len(v.g.Plan.Thresholds) == 0 {
		add(record.Finding{
			ID:      "no-threshold",
			Summary: "no threshold was declared, so nothing was asserted",
			Detail:  "Add threshold blocks to the plan, for example on metric.response_time.p95 and metric.errors.rate.",
		})
	}
	return out
}

// unjudgedErrors are those outside the scope of every threshold on errors.
func (v *view) unjudgedErrors(totals *record.Stats) (record.Finding, bool) {
	var scopes []scope
	for _, t := range v.g.Plan.Thresholds {
		if t.Metric.Probe == nil && t.Metric.Name == "errors" {
			scopes = append(scopes, v.scope(t))
		}
	}
	var unjudged int64
	for _, c := range v.r.Cells {
		if !c.Warmup && !anyLooksAt(scopes, c) {
			unjudged += c.Errors()
		}
	}
	if unjudged == 0 {
		return record.Finding{}, false
	}
	return record.Finding{
		ID: "unjudged-errors",
		Summary: fmt.Sprintf("%s of %d failed and no threshold judges their errors",
			quantity.Counted(unjudged, "request"), totals.Total()),
		Detail: "Add a threshold on metric.errors.rate to the plan, so that errors decide the verdict.",
	}, true
}

// failedSetups are the requests of on_start and on_stop that failed. They are in
// no figure, so nothing else would tell.
func (v *view) failedSetups() []record.Finding {
	var out []record.Finding
	for _, s := range v.r.Setup {
		if s.Failed == 0 {
			continue
		}
		f := record.Finding{
			ID: "setup-failed",
			Summary: fmt.Sprintf("%d of %s of %s failed in %s",
				s.Failed, quantity.Counted(s.Count, "request"), s.Name, s.Hook),
			Detail: "What users do in on_start and on_stop is not counted in any other figure.",
		}
		if s.Hook == string(plan.HookStart) {
			f.Detail = "Users whose on_start failed were without what it gives them, or absent until it succeeded."
		}
		if len(s.Errors) > 0 {
			worst := slices.MaxFunc(s.Errors, func(a, b record.Error) int {
				return cmp.Or(cmp.Compare(a.Count, b.Count), strings.Compare(b.Kind+b.Message, a.Kind+a.Message))
			})
			f.Detail += fmt.Sprintf(" Most often: %s: %s.", worst.Kind, worst.Message)
		}
		out = append(out, f)
	}
	return out
}

// spentData are the data whose rows were used up and that stopped users then.
func (v *view) spentData() []record.Finding {
	var out []record.Finding
	for _, d := range v.r.Data {
		if d.Stopped == 0 {
			continue
		}
		out = append(out, record.Finding{
			ID: "data-used-up",
			Summary: fmt.Sprintf("%s was used up after %s and stopped %s",
				d.Address, moment(d.First), quantity.Counted(d.Stopped, "user")),
			Detail: fmt.Sprintf("It has %s. Give it more of them, end the stage by iterations before they are gone, or let them be used again with on_end = \"recycle\".",
				quantity.Counted(int64(d.Rows), "row")),
		})
	}
	return out
}

func anyLooksAt(scopes []scope, c *record.Cell) bool {
	for _, s := range scopes {
		if s.cell(c) {
			return true
		}
	}
	return false
}

// silences are the record's gaps, cut to the judged time, that deserve the
// name. What was due in a gap is taken to be spread evenly over it.
func (v *view) silences(totals *record.Stats) []record.Gap {
	// Of the answers that came: the age of those that never did is the silence
	// itself, which would hide behind ten times its own length.
	median := float64(totals.Met.Response.Quantile(50)) / 1000
	least := max(millis(silenceLasts), silenceMedians*median)
	judged := v.r.JudgedSpans(nil)
	var out []record.Gap
	for _, g := range v.r.Gaps {
		for _, s := range clip(judged, g.From, g.To) {
			due := g.Due * (s.To - s.From).Seconds() / (g.To - g.From).Seconds()
			if millis(s.To-s.From) >= least && due >= silenceDue {
				out = append(out, record.Gap{From: s.From, To: s.To, Due: due})
			}
		}
	}
	return out
}
