package planview

import (
	"fmt"
	"math"
	"strings"
	"time"

	"bossplan/plan"
	"bossplan/plan/quantity"
	"bossplan/reports/grid"
)

// load is how many requests there will be, of which kind and in which shares.
func (v *view) load() {
	v.heading("Expected load")
	g := grid.Grid{Columns: []grid.Column{
		{Title: "Request", KeepEnd: true}, {Title: "Method", Least: grid.Whole}, {Title: "Of class", Figure: true}, {Title: "Of all", Figure: true},
		{Title: "At once", Figure: true}, {Title: "At " + quantity.FormatDuration(v.Latency), Figure: true}, {Title: "At the timeout", Figure: true},
	}}
	for i, r := range v.point.Requests {
		add(&g, strings.TrimPrefix(r.Request.Address(), "user_class."), r.Request.Method,
			quantity.FormatRatio(r.OfClass), quantity.FormatRatio(r.OfAll),
			about(v.fast.Requests[i]), about(r), about(v.slow.Requests[i]))
	}
	add(&g, "all", "", "", "", quantity.FormatAbout(v.fast.Total), quantity.FormatAbout(v.point.Total), quantity.FormatAbout(v.slow.Total))
	v.render(g)
	v.b.WriteByte('\n')
	v.text("The columns count requests if every answer comes at once, after %s (see --assume-latency), or at its timeout.", quantity.FormatDuration(v.Latency))
	v.doubts()
	v.text("At %s that is %s over %s, with at most %s and %s in flight.", quantity.FormatDuration(v.Latency), v.rate(), quantity.FormatDuration(v.point.Duration.Round(time.Millisecond)),
		count(v.point.PeakUsers, "user"), count(math.Ceil(v.point.PeakInFlight), "request"))
	if math.Abs(v.point.Iterations-v.point.Total) > 1e-6*v.point.Total {
		v.text("They are made in %s.", count(v.point.Iterations, "iteration"))
	}
	if v.point.Judged != v.point.Total {
		v.text("%s of them are warm-up and not judged.", quantity.FormatAbout(v.point.Total-v.point.Judged))
	}
	v.hooks()
	v.checks()
}

// about is a request's count, marked where it is not just an estimate.
func about(r plan.RequestEstimate) string {
	text := quantity.FormatAbout(r.Count)
	switch {
	case r.Repeats:
		return "? × " + text
	case r.AtMost:
		return "≤ " + text
	}
	return text
}

// doubts explain the marks of about.
func (v *view) doubts() {
	atMost, repeats := false, false
	for _, r := range v.point.Requests {
		atMost, repeats = atMost || r.AtMost && !r.Repeats, repeats || r.Repeats
	}
	if atMost {
		v.text("≤ counts a condition as always true; where it is false there are fewer, and others of the class come sooner.")
	}
	if repeats {
		v.text("? × is how often it is repeated, which is known only while users run; other figures take it as 1.")
	}
}

// rate is the average rate, in words.
func (v *view) rate() string {
	r := v.point.Total / max(v.point.Duration.Seconds(), 1e-9)
	return fmt.Sprintf("%s/s (%s/min)", quantity.FormatAbout(r), quantity.FormatAbout(r*60))
}

// hooks are the requests that are in no total.
func (v *view) hooks() {
	var parts []string
	for _, r := range v.point.Hooks {
		parts = append(parts, fmt.Sprintf("%s %s", about(r), strings.TrimPrefix(r.Request.Address(), "user_class.")))
	}
	if len(parts) > 0 {
		v.text("Besides, and in no total: %s.", strings.Join(parts, ", "))
	}
}

// checks are how many of them there are.
func (v *view) checks() {
	checks, captures := 0, 0
	for _, r := range append(append([]plan.RequestEstimate(nil), v.point.Requests...), v.point.Hooks...) {
		checks += len(r.Request.Checks)
		captures += len(r.Request.Captures)
	}
	if checks+captures > 0 {
		v.text("Answers go through %s and %s.", quantity.Counted(int64(checks), "check"), quantity.Counted(int64(captures), "capture"))
	}
}
