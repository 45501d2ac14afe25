package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/plan"
)

// A loop of the generator that always has something to do is saturated: an answer
// lies there before it is taken, and is measured as if the server had taken that
// long, and users who do not wait send only as fast as the loop lets them. Neither
// shows as lag. So what such a loop measured can be blamed on it:
//
//	a time too long, a throughput too low      INCONCLUSIVE
//	a throughput low enough                    INCONCLUSIVE: more was not tried
//	a time short enough, a throughput enough   as it is: it could only be better
//	errors, checks, users, gauges              as they are
//
// That asks for more than a moment of it.
const mostSaturated = 0.05 // of the time that is looked at

// saturated is the part of spans in which a loop was saturated.
func (v *view) saturated(spans []record.Span) float64 {
	total := length(spans)
	if total <= 0 {
		return 0
	}
	var part time.Duration
	for _, s := range v.r.Generator.Saturated {
		part += length(clip(spans, s.From, s.To))
	}
	return float64(part) / float64(total)
}

// excuse makes a reading inconclusive that a saturated generator may be to blame,
// or to thank, for.
func (v *view) excuse(t *plan.Threshold, rd reading, spans []record.Span) reading {
	missed := rd.status == record.Warn || rd.status == record.Fail
	if !(missed && hinders(t) || rd.status == record.Pass && helps(t)) {
		return rd
	}
	if part := v.saturated(spans); part > mostSaturated {
		rd.status = record.Inconclusive
		rd.because = fmt.Sprintf("the generator itself was saturated for %s of the time", plan.UnitRatio.Format(part))
	}
	return rd
}

// hinders reports whether a saturated generator can make t miss its bounds.
func hinders(t *plan.Threshold) bool {
	switch t.Metric.Name {
	case "response_time", "service_time", "first_byte_time", "connect_time", "tls_time":
		return t.Metric.Probe == nil && t.Target.Upper()
	}
	return throughput(t) && !t.Target.Upper()
}

// helps reports whether it can make t meet them.
func helps(t *plan.Threshold) bool { return throughput(t) && t.Target.Upper() }

func throughput(t *plan.Threshold) bool {
	if t.Metric.Probe != nil || t.Target.Op == "==" {
		return false
	}
	switch t.Metric.Name {
	case "requests", "sent", "received":
		return true
	}
	return false
}

// strainFinding tells of a generator that was saturated by a load which has a
// schedule: users that wait, or a rate. Users who do not wait make as much load as
// they can, and saturate a quick generator before a quick server.
func (v *view) strainFinding() (record.Finding, bool) {
	part := v.saturated(v.r.JudgedSpans(nil))
	if part <= mostSaturated || !slices.ContainsFunc(v.g.Scenarios, scheduled) {
		return record.Finding{}, false
	}
	summary := fmt.Sprintf("the generator was saturated for %s of the judged time", plan.UnitRatio.Format(part))
	if when := v.whenSaturated(); when != "" {
		summary += ", " + when
	}
	return record.Finding{
		ID:      "generator-saturated",
		Summary: summary,
		Detail: "A loop had something to do all the time, so answers waited for it and times are too long by that. " +
			"Give bossplan more cores, or less load to make.",
	}, true
}

// scheduled reports whether a scenario says when its requests are due.
func scheduled(s *graph.Scenario) bool {
	return s.Plan.Open() || slices.ContainsFunc(s.Classes, func(c *graph.Class) bool {
		return c.Plan.Wait.Kind != plan.WaitNone
	})
}

const (
	// shownSpans bounds the moments that a line of text lists.
	shownSpans = 3
	// shownLength is how long one must be to be listed: what belongs to the time
	// before or after may reach into the judged time a little.
	shownLength = 500 * time.Millisecond
)

// whenSaturated lists the judged time in which the generator was saturated: "from
// 7s to 8s".
func (v *view) whenSaturated() string {
	judged := v.r.JudgedSpans(nil)
	var when []string
	more := 0
	for _, s := range v.r.Generator.Saturated {
		for _, c := range clip(judged, s.From, s.To) {
			switch {
			case c.To-c.From < shownLength:
			case len(when) == shownSpans:
				more++
			default:
				when = append(when, fmt.Sprintf("from %s to %s", moment(c.From), moment(c.To)))
			}
		}
	}
	out := strings.Join(when, ", ")
	if more > 0 {
		out += fmt.Sprintf(" and %d more times", more)
	}
	return out
}

// littleBusy is the busy part below which most of what a request costs is waking
// a loop up for it.
const littleBusy = 0.3

// costItem is what a request costs the generator.
func (v *view) costItem() record.TrustItem {
	item := record.TrustItem{Name: "generator cost per request", Unit: string(plan.UnitTime), OK: true}
	cost := v.r.Generator.Cost()
	if cost == 0 {
		item.Detail = "not known"
		return item
	}
	item.Actual = ptr(millis(cost))
	if v.r.Generator.Loops == 0 {
		item.Detail = "of the whole process"
	} else {
		item.Detail = "of the loops' threads"
		if v.r.Generator.Busy < littleBusy {
			item.Detail += ", which rest and wake up for each"
		}
	}
	return item
}

// busyItem is how close to its limit the generator was.
func (v *view) busyItem() record.TrustItem {
	g := v.r.Generator
	item := record.TrustItem{Name: "busiest loop", Limit: ptr(record.SaturatedAt), Unit: string(plan.UnitRatio), OK: true}
	if g.Exchanges == 0 {
		item.Detail = "not known"
		return item
	}
	item.Actual = ptr(g.Busy)
	details := []string{fmt.Sprintf("at most %s in a second", plan.UnitRatio.Format(g.BusyMost))}
	if g.Loops == 0 {
		details = append(details, "the whole process, of all cores")
	}
	if when := v.whenSaturated(); when != "" {
		details = append(details, "saturated "+when)
	}
	if v.saturated(v.r.JudgedSpans(nil)) > mostSaturated {
		item.OK = false
		details = append(details, "throughput was bounded by the generator")
	}
	item.Detail = strings.Join(details, "; ")
	return item
}
