// Package planview shows what a plan would do: its inputs, its execution graph,
// its load over time, and what that comes to.
package planview

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"bossplan/plan"
	"bossplan/plan/quantity"
	"bossplan/reports/grid"
)

// Options say how a plan is shown.
type Options struct {
	Width   int           // of the terminal; 0: as wide as it gets
	Latency time.Duration // what answers are assumed to take
}

// Write shows p, which was loaded without errors.
func Write(w io.Writer, p *plan.Plan, o Options) error {
	v := &view{
		Options: o,
		plan:    p,
		fast:    p.Estimate(0),
		point:   p.Estimate(o.Latency),
		slow:    p.Estimate(math.MaxInt64),
	}
	v.title()
	v.variables()
	v.hosts()
	v.graph()
	v.curve()
	v.load()
	v.thresholds()
	_, err := io.WriteString(w, v.b.String())
	return err
}

// A view is the text as it grows.
type view struct {
	Options
	plan              *plan.Plan
	fast, point, slow plan.Estimate // answers in no time, in Latency, at the timeout
	b                 strings.Builder
}

func (v *view) title() {
	fmt.Fprintf(&v.b, "%s  sha256 %.12s\n", v.plan.File, v.plan.SHA256())
	if len(v.plan.Sources) > 1 {
		var names []string
		for _, s := range v.plan.Sources[1:] {
			names = append(names, s.Name)
		}
		fmt.Fprintf(&v.b, "with %s\n", strings.Join(names, ", "))
	}
}

func (v *view) heading(text string) { fmt.Fprintf(&v.b, "\n%s\n", text) }

func (v *view) line(format string, args ...any) {
	fmt.Fprintf(&v.b, grid.Indent+format+"\n", args...)
}

func (v *view) render(g grid.Grid) { g.Render(&v.b, v.Width, nil) }

func (v *view) variables() {
	if len(v.plan.Variables) == 0 {
		return
	}
	v.heading("Variables")
	g := grid.Grid{Columns: []grid.Column{{Title: "Name", Least: grid.Whole}, {Title: "Value"}, {Title: "Source", Least: 20}}}
	for _, x := range v.plan.Variables {
		g.Add(x.Name, x.Shown(), x.Source)
	}
	v.render(g)
}

func (v *view) hosts() {
	v.heading("Hosts")
	g := grid.Grid{Columns: []grid.Column{{Title: "Host"}, {Title: "Base URL", Least: grid.Whole}, {Title: "Connections"}, {Title: "Timeout", Figure: true}, {Title: "Limit", Figure: true}}}
	for _, h := range v.plan.Hosts {
		connections, limit := "one per user", "–"
		if h.Connections > 0 {
			connections = quantity.FormatCount(int64(h.Connections)) + " shared"
		}
		if h.MaxRate > 0 {
			limit = quantity.FormatRate(h.MaxRate)
		}
		g.Add(h.Address(), h.BaseURL.String(), connections, quantity.FormatDuration(h.Timeout), limit)
	}
	v.render(g)
}

// load is how many requests there will be, of which kind and in which shares.
func (v *view) load() {
	v.heading("Expected load")
	g := grid.Grid{Columns: []grid.Column{
		{Title: "Request", KeepEnd: true}, {Title: "Method", Least: grid.Whole}, {Title: "Of class", Figure: true}, {Title: "Of all", Figure: true},
		{Title: "At once", Figure: true}, {Title: "At " + quantity.FormatDuration(v.Latency), Figure: true}, {Title: "At the timeout", Figure: true},
	}}
	for i, r := range v.point.Requests {
		g.Add(strings.TrimPrefix(r.Request.Address(), "user_class."), r.Request.Method,
			quantity.FormatRatio(r.OfClass), quantity.FormatRatio(r.OfAll),
			quantity.FormatAbout(v.fast.Requests[i].Count), quantity.FormatAbout(r.Count), quantity.FormatAbout(v.slow.Requests[i].Count))
	}
	g.Add("all", "", "", "", quantity.FormatAbout(v.fast.Total), quantity.FormatAbout(v.point.Total), quantity.FormatAbout(v.slow.Total))
	v.render(g)
	v.b.WriteByte('\n')
	v.line("The columns count requests if every answer comes at once, after %s (see --assume-latency), or at its timeout.", quantity.FormatDuration(v.Latency))
	v.line("At %s that is %s over %s, with at most %s and %s in flight.", quantity.FormatDuration(v.Latency), v.rate(), quantity.FormatDuration(v.point.Duration),
		count(v.point.PeakUsers, "user"), count(math.Ceil(v.point.PeakInFlight), "request"))
	if v.point.Judged != v.point.Total {
		v.line("%s of them are warm-up and not judged.", quantity.FormatAbout(v.point.Total-v.point.Judged))
	}
}

// rate is the average rate, in words.
func (v *view) rate() string {
	r := v.point.Total / max(v.point.Duration.Seconds(), 1e-9)
	return fmt.Sprintf("%s/s (%s/min)", quantity.FormatAbout(r), quantity.FormatAbout(r*60))
}

func count(n float64, noun string) string {
	s := quantity.FormatAbout(n) + " " + noun
	if n != 1 {
		s += "s"
	}
	return s
}

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
		g.Add(t.Name, scope(t), t.Metric.String(), t.Target.Text, critical, v.expected(t))
	}
	v.render(g)
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
		n := v.point.Expect(t).Time / max(t.Metric.Probe.Interval, 1)
		return count(float64(n+1), "sample")
	}
	x := v.point.Expect(t)
	if t.Metric.Name == "requests" && t.Metric.Statistic == "rate" {
		return quantity.FormatAbout(x.Rate()*60) + "/min"
	}
	return count(math.Round(x.Requests), "request")
}
