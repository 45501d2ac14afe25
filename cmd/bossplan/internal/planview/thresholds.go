package planview

import (
	"math"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan"
	"bossplan/plan/diag"
	"bossplan/plan/quantity"
	"bossplan/reports/grid"
)

func (v *view) thresholds() {
	v.heading("Thresholds")
	if len(v.plan.Thresholds) == 0 {
		v.line("None: this plan asserts nothing.")
		return
	}
	g := grid.Grid{Columns: []grid.Column{
		{Title: "Name"}, {Title: "Scope", KeepEnd: true}, {Title: "Metric", Least: 17, KeepEnd: true},
		{Title: "Target", Least: grid.Whole}, {Title: "Critical", Least: grid.Whole}, {Title: "Expected", Figure: true},
	}}
	for _, t := range v.plan.Thresholds {
		critical := "–"
		if t.Critical != nil {
			critical = t.Critical.Text
		}
		add(&g, t.Name, scope(t), t.Metric.String(), t.Target.Text, critical, v.expected(t))
	}
	v.render(g)
	first := true
	for _, t := range v.plan.Thresholds {
		for _, l := range lintsOf(v.Lints, t.Address()) {
			if first {
				v.b.WriteByte('\n')
			}
			first = false
			v.item("! ", "%s: %s (%s). %s", t.Name, l.Summary, lint(l).ID, l.Detail)
		}
	}
}

// lintsOf are the warnings about a block.
func lintsOf(lints hcl.Diagnostics, address string) hcl.Diagnostics {
	var list hcl.Diagnostics
	for _, d := range lints {
		if l, ok := hcl.DiagnosticExtra[diag.Lint](d); ok && string(l.Address) == address {
			list = append(list, d)
		}
	}
	return list
}

// scope is what a threshold looks at, with what narrows it in time.
func scope(t *plan.Threshold) string {
	s := t.Where()
	if t.PerRequest {
		s += ", each request"
	}
	if t.Window > 0 {
		s += ", every " + quantity.FormatDuration(t.Window)
	}
	return s
}

// expected is how much of it a threshold will see.
func (v *view) expected(t *plan.Threshold) string {
	if t.Metric.Probe != nil {
		return count(v.samples(t), "sample")
	}
	x := v.point.Expect(t)
	if t.Metric.Name == "requests" && t.Metric.Statistic == "rate" {
		return quantity.FormatAbout(x.Rate()*60) + "/min"
	}
	return count(math.Round(x.Requests), "request")
}

// samples is how often the probe of a threshold is read in the time it looks at.
func (f *facts) samples(t *plan.Threshold) float64 {
	return float64(f.point.Expect(t).Time/max(t.Metric.Probe.Interval, 1) + 1)
}
