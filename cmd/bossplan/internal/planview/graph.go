package planview

import (
	"fmt"
	"strings"
	"time"

	"bossplan/plan"
	"bossplan/plan/quantity"
)

// graph is the order of things: scenarios with their stages, and the probes
// beside them.
func (v *view) graph() {
	v.heading("Execution graph")
	for i, s := range v.plan.Scenarios {
		e := v.point.Scenarios[i]
		v.item(s.Address()+"  ", "%s from %s%s", model(s), quantity.FormatDuration(e.Start.Round(time.Millisecond)), after(s))
		for k, class := range classes(s) {
			lead := "│          "
			if k == 0 {
				lead = "├─ users   "
			}
			v.item(lead, "%s", class)
		}
		for k, st := range s.Stages {
			branch := "├─"
			if k == len(s.Stages)-1 {
				branch = "└─"
			}
			v.item(fmt.Sprintf("%s stage   %-10s ", branch, st.Name), "%s", StageWords(st, e.Stages[k].Level))
		}
	}
	for _, p := range v.plan.Probes {
		v.item(p.Address()+"  ", "beside it, every %s: %s", quantity.FormatDuration(p.Interval), strings.Join(gauges(p), ", "))
	}
}

func model(s *plan.Scenario) string {
	if s.Open() {
		return "open model"
	}
	return "closed model"
}

func after(s *plan.Scenario) string {
	var names []string
	for _, b := range s.After {
		names = append(names, b.Address())
	}
	text := ""
	if len(names) > 0 {
		text = ", after " + strings.Join(names, " and ")
	}
	if s.StartDelay > 0 {
		text += ", delayed by " + quantity.FormatDuration(s.StartDelay)
	}
	return text
}

// classes are the kinds of user with their shares.
func classes(s *plan.Scenario) []string {
	total := 0.0
	for _, c := range s.UserClasses {
		if c.FixedCount == 0 {
			total += c.Weight
		}
	}
	var list []string
	for _, c := range s.UserClasses {
		share := fmt.Sprintf("always %d", c.FixedCount)
		if c.FixedCount == 0 {
			share = quantity.FormatRatio(c.Weight / total)
		}
		list = append(list, fmt.Sprintf("%s %s, %s", c.Address(), share, wait(c.Wait)))
	}
	return list
}

// wait says how a user paces itself.
func wait(w plan.Wait) string {
	low, high := quantity.FormatDuration(w.Min), quantity.FormatDuration(w.Max)
	switch {
	case w.Kind == plan.WaitNone:
		return "no wait"
	case w.Kind == plan.WaitExponential:
		return "waits " + low + " on average"
	case w.Kind == plan.WaitPacing && w.Min == w.Max:
		return "starts every " + low
	case w.Kind == plan.WaitPacing:
		return "starts every " + low + " to " + high
	case w.Min == w.Max:
		return "waits " + low
	}
	return "waits " + low + " to " + high
}

// StageWords are a stage in words: "0 → 1,000 users in 10s, 15m in all".
func StageWords(st *plan.Stage, l plan.Level) string {
	var b strings.Builder
	show := func(x float64) string {
		if st.Open {
			return quantity.FormatRate(x)
		}
		return quantity.FormatCount(int64(x))
	}
	if l.From != l.To {
		b.WriteString(show(l.From) + " → ")
	}
	b.WriteString(show(l.To))
	if !st.Open && l.To == 1 {
		b.WriteString(" user")
	} else if !st.Open {
		b.WriteString(" users")
	} else {
		b.WriteString(" " + string(st.Arrivals))
	}
	if l.From != l.To && l.Ramp > 0 {
		b.WriteString(" in " + quantity.FormatDuration(l.Ramp))
	} else if l.From != l.To {
		b.WriteString(" at once")
	}
	if st.Iterations > 0 {
		fmt.Fprintf(&b, ", %s iterations, %s at most", quantity.FormatCount(st.Iterations), quantity.FormatDuration(st.Duration))
	} else {
		b.WriteString(", " + quantity.FormatDuration(l.Duration) + " in all")
	}
	if st.Warmup {
		b.WriteString(", warm-up: not judged")
	}
	return b.String()
}

func gauges(p *plan.Probe) []string {
	var names []string
	for _, g := range p.Gauges {
		names = append(names, g.Name)
	}
	return names
}
