package graph

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"bossplan/interp/expr"
	"bossplan/plan"
)

// names are those that a class's expressions may use: its captures, and the data
// of the plan.
func names(class *plan.UserClass, p *plan.Plan) *expr.Names {
	captures := map[string]bool{}
	for _, f := range slices.Concat(class.Choices, []*plan.Flow{class.OnStart, class.OnStop}) {
		if f == nil {
			continue
		}
		for _, r := range f.Requests {
			for _, capture := range r.Captures {
				captures[capture.Name] = true
			}
		}
	}
	return &expr.Names{Vars: slices.Sorted(maps.Keys(captures)), Data: p.Data}
}

// flow compiles the requests of a flow and gives them their numbers.
func (c *compiler) flow(class *Class, p *plan.Flow) *Flow {
	f := &Flow{Plan: p, Class: class}
	for _, pr := range p.Requests {
		r := c.request(class, pr)
		if p.Hook == plan.HookNone {
			r.Index, r.Position = len(c.graph.Requests), len(class.Requests)
			c.graph.Requests = append(c.graph.Requests, r)
			class.Requests = append(class.Requests, r)
			for _, check := range r.Checks {
				check.Index = len(c.graph.Checks)
				c.graph.Checks = append(c.graph.Checks, check)
			}
		} else {
			r.Index = len(c.graph.Hooks)
			c.graph.Hooks = append(c.graph.Hooks, r)
		}
		f.Steps = append(f.Steps, r)
		f.Rows = append(f.Rows, r.Rows...)
	}
	slices.Sort(f.Rows)
	f.Rows = slices.Compact(f.Rows)
	class.ReadsRows = class.ReadsRows || len(f.Rows) > 0
	return f
}

// answer compiles what decides whether the request is sent, and what becomes of
// its answer.
func (c *compiler) answer(r *Request) {
	r.When, r.Repeat = c.evaluator(r.Plan.When), c.evaluator(r.Plan.Repeat)
	keep := func(ev *expr.Evaluator) {
		if ev != nil {
			r.KeepHeader = r.KeepHeader || ev.ReadsHeader()
			r.KeepBody = r.KeepBody || ev.ReadsBody()
		}
	}
	for _, p := range r.Plan.Checks {
		check := &Check{Index: -1, Request: r, Plan: p, Condition: c.evaluator(p.Condition)}
		keep(check.Condition)
		r.Checks = append(r.Checks, check)
	}
	for _, p := range r.Plan.Captures {
		at, _ := slices.BinarySearch(r.Class.Names.Vars, p.Name)
		capture := Capture{Plan: p, Var: at, Value: c.evaluator(p.Value)}
		keep(capture.Value)
		r.Captures = append(r.Captures, capture)
	}
}

// note takes down which data an expression uses: whose rows, so that they are
// drawn for it, and whose at all, so that they are there.
func (c *compiler) note(e plan.Expression, rows []int) {
	c.rows = append(c.rows, rows...)
	for _, i := range rows {
		c.graph.Data[i].Used = true
	}
	for _, t := range e.Variables() {
		if t.RootName() != "data" {
			continue
		}
		for _, d := range c.graph.Data {
			if len(t) < 2 || mayBe(stepName(t[1]), d.Plan.Name) {
				d.Used = true
			}
		}
	}
}

// mayBe reports whether a step may lead to the data of a name: it names it, or
// the block that it is an instance of, or it is reckoned.
func mayBe(step, name string) bool {
	return step == "" || step == name || strings.HasPrefix(name, step+"[")
}

// stepName is what a step names, as .name or ["name"]; empty where that is
// reckoned.
func stepName(step hcl.Traverser) string {
	switch step := step.(type) {
	case hcl.TraverseAttr:
		return step.Name
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String && step.Key.IsKnown() && !step.Key.IsNull() {
			return step.Key.AsString()
		}
	}
	return ""
}
