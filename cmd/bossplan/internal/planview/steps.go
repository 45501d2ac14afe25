package planview

import (
	"fmt"
	"strings"

	"bossplan/plan"
	"bossplan/plan/diag"
	"bossplan/plan/quantity"
)

// steps are the flows of the plan's user classes, request by request. Requests
// that stand by themselves are in the table of expected load already.
func (v *view) steps() {
	var classes []*plan.UserClass
	for _, c := range v.plan.UserClasses {
		if v.runs(c) && inSteps(c) {
			classes = append(classes, c)
		}
	}
	if len(classes) == 0 {
		return
	}
	v.heading("Flows")
	for _, c := range classes {
		v.line("%s", c.Address())
		flows := flowsOf(c)
		for i, f := range flows {
			v.flow(f, i == len(flows)-1)
		}
	}
}

// runs reports whether a scenario has users of the class.
func (f *facts) runs(c *plan.UserClass) bool {
	for _, s := range f.plan.Scenarios {
		for _, of := range s.UserClasses {
			if of == c {
				return true
			}
		}
	}
	return false
}

// inSteps reports whether a class does more than requests by themselves.
func inSteps(c *plan.UserClass) bool {
	if c.OnStart != nil || c.OnStop != nil {
		return true
	}
	for _, f := range c.Choices {
		if f.Label != "" {
			return true
		}
	}
	return false
}

// flowsOf are what a user of the class does, in the order in which it can.
func flowsOf(c *plan.UserClass) []*plan.Flow {
	var list []*plan.Flow
	if c.OnStart != nil {
		list = append(list, c.OnStart)
	}
	list = append(list, c.Choices...)
	if c.OnStop != nil {
		list = append(list, c.OnStop)
	}
	return list
}

func (v *view) flow(f *plan.Flow, last bool) {
	branch, stem := "├─ ", "│  "
	if last {
		branch, stem = "└─ ", "   "
	}
	switch {
	case f.Hook == plan.HookStart:
		v.item(branch, "on_start, once a user%s", goesOn(f))
	case f.Hook == plan.HookStop:
		v.item(branch, "on_stop, once a user%s", goesOn(f))
	case f.Label == "":
		v.item(branch, "%s", v.step(f.Requests[0]))
		return
	default:
		v.item(branch, "flow %s, %s of the iterations%s", f.Label, quantity.FormatRatio(shareOf(f)), goesOn(f))
	}
	for i, r := range f.Requests {
		v.item(fmt.Sprintf("%s%d. ", stem, i+1), "%s", v.step(r))
	}
}

func goesOn(f *plan.Flow) string {
	if f.OnFailure == plan.FailureContinues {
		return ", goes on after a failure"
	}
	return ""
}

// shareOf is the flow's share of its class's iterations.
func shareOf(f *plan.Flow) float64 {
	sum := 0.0
	for _, choice := range f.Class.Choices {
		sum += choice.Weight
	}
	if sum == 0 {
		return 0
	}
	return f.Weight / sum
}

// step is one request in words.
func (v *view) step(r *plan.Request) string {
	parts := []string{r.Label + " " + r.Method}
	if r.Flow.Label == "" && r.Flow.Hook == plan.HookNone {
		parts = append(parts, quantity.FormatRatio(shareOf(r.Flow))+" of the iterations")
	}
	if r.When.IsSet() {
		parts = append(parts, "when "+v.source(r.When, "a condition holds"))
	}
	if r.Repeat.IsSet() {
		if n, known := r.Times(); known {
			parts = append(parts, quantity.FormatNumber(n)+" times")
		} else {
			parts = append(parts, v.source(r.Repeat, "several")+" times")
		}
	}
	if r.Pause.Kind != plan.WaitNone {
		parts = append(parts, wait(r.Pause)+" before")
	}
	if n := len(r.Checks); n > 0 {
		parts = append(parts, quantity.Counted(int64(n), "check"))
	}
	var names []string
	for _, c := range r.Captures {
		names = append(names, c.Name)
	}
	if len(names) > 0 {
		parts = append(parts, "captures "+strings.Join(names, " and "))
	}
	return strings.Join(parts, ", ")
}

// longestSource is how much of an expression is shown.
const longestSource = 60

// source is an expression as the plan writes it, or other words where that is
// long or not at hand.
func (v *view) source(e plan.Expression, otherwise string) string {
	rng := e.Range()
	for _, s := range v.plan.Sources {
		if s.Name != rng.Filename || rng.Start.Byte > rng.End.Byte || rng.End.Byte > len(s.Bytes) {
			continue
		}
		text := strings.Join(strings.Fields(string(s.Bytes[rng.Start.Byte:rng.End.Byte])), " ")
		if text == "" || len(text) > longestSource {
			return otherwise
		}
		return diag.Clean(text)
	}
	return otherwise
}
