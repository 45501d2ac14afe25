// Package graphview draws a plan's execution graph: what is done before the
// start, the scenarios in their order with probes beside them, and the
// thresholds that are judged after.
//
//	guard ─┐
//	data  ─┴► scenario smoke ─► scenario main ─► thresholds
//	          probe (beside)
//
// Read graph.go (nodes and edges), text.go, dot.go, mermaid.go, json.go (one a
// format). Names may hold anything, so every format escapes what it shows.
package graphview

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"bossplan/cmd/bossplan/internal/planview"
	"bossplan/plan"
	"bossplan/plan/quantity"
)

// Formats are the names of all formats.
func Formats() []string { return []string{"text", "dot", "mermaid", "json"} }

// Write draws the graph of p, which was loaded without errors, in one of the
// formats.
func Write(w io.Writer, p *plan.Plan, format string) error {
	g := newGraph(p)
	switch format {
	case "text":
		return g.text(w)
	case "dot":
		return g.dot(w)
	case "mermaid":
		return g.mermaid(w)
	case "json":
		return g.json(w)
	}
	return fmt.Errorf("there is no format %q", format)
}

// A graph is the plan as nodes and edges, in the order of time and of the plan.
type graph struct {
	plan  *plan.Plan
	nodes []node
	edges []edge
}

// A node is one thing that happens. Its ID is the block's address.
type node struct {
	id     string
	kind   string // guard, data, scenario, probe, threshold
	lines  []string
	stages []stage // of a scenario
}

type stage struct {
	name, words string
	warmup      bool
}

// An edge says how two nodes hang together.
type edge struct {
	from, to string
	kind     string // guards, before, beside, judges
}

func newGraph(p *plan.Plan) *graph {
	g := &graph{plan: p}
	e := p.Estimate(0)
	for _, x := range p.Guards {
		g.guard(x)
	}
	for _, d := range p.Data {
		if d.Fetch != nil {
			g.fetch(d)
		}
	}
	for i := range e.Scenarios {
		g.scenario(&e.Scenarios[i])
	}
	for _, x := range p.Probes {
		g.probe(x)
	}
	for _, t := range p.Thresholds {
		g.threshold(t)
	}
	return g
}

func (g *graph) add(n node) { g.nodes = append(g.nodes, n) }

func (g *graph) link(from, to, kind string) {
	g.edges = append(g.edges, edge{from, to, kind})
}

// roots are the scenarios that come after no other.
func (g *graph) roots() []*plan.Scenario {
	return slices.DeleteFunc(slices.Clone(g.plan.Scenarios), func(s *plan.Scenario) bool { return len(s.After) > 0 })
}

// guard stands before the scenarios that go to a host it protects. What it
// protects by address only shows when names are resolved.
func (g *graph) guard(x *plan.Guard) {
	n := node{id: x.Address(), kind: "guard", lines: []string{strings.Join(x.Hosts, ", ")}}
	n.lines = append(n.lines, planview.GuardWords(x)...)
	for _, s := range g.plan.Scenarios {
		if slices.ContainsFunc(s.UserClasses, func(c *plan.UserClass) bool { return slices.Contains(g.plan.GuardsOf(c.Host), x) }) {
			g.link(n.id, s.Address(), "guards")
		}
	}
	g.add(n)
}

// fetch comes before the first stage of all.
func (g *graph) fetch(d *plan.Data) {
	n := node{id: d.Address(), kind: "data", lines: []string{"rows fetched once"}}
	if d.Fetch.Host != nil {
		n.lines = []string{"rows fetched once from " + d.Fetch.Host.Address()}
	}
	for _, s := range g.roots() {
		g.link(n.id, s.Address(), "before")
	}
	g.add(n)
}

func (g *graph) scenario(e *plan.ScenarioEstimate) {
	s := e.Scenario
	model := "closed model"
	if s.Open() {
		model = "open model"
	}
	n := node{id: s.Address(), kind: "scenario", lines: []string{model + " from " + quantity.FormatDuration(e.Start.Round(time.Millisecond))}}
	for _, c := range s.UserClasses {
		n.lines = append(n.lines, c.Address())
	}
	for i, st := range s.Stages {
		n.stages = append(n.stages, stage{name: st.Name, words: planview.StageWords(st, e.Stages[i].Level), warmup: st.Warmup})
	}
	for _, before := range s.After {
		g.link(before.Address(), n.id, "before")
	}
	g.add(n)
}

// probe is read from the first start to the last end.
func (g *graph) probe(p *plan.Probe) {
	var names []string
	for _, x := range p.Gauges {
		names = append(names, x.Name)
	}
	n := node{id: p.Address(), kind: "probe", lines: []string{"every " + quantity.FormatDuration(p.Interval), strings.Join(names, ", ")}}
	for _, s := range g.roots() {
		g.link(n.id, s.Address(), "beside")
	}
	g.add(n)
}

// threshold comes after all that it looks at.
func (g *graph) threshold(t *plan.Threshold) {
	n := node{id: t.Address(), kind: "threshold", lines: []string{t.Metric.String() + " " + t.Target.Text}}
	if t.Critical != nil {
		n.lines[0] += ", critical " + t.Critical.Text
	}
	switch {
	case t.Metric.Probe != nil:
		g.link(t.Metric.Probe.Address(), n.id, "judges")
	default:
		n.lines = append(n.lines, "of "+t.Where())
		for _, s := range g.plan.Scenarios {
			if slices.ContainsFunc(s.Stages, func(st *plan.Stage) bool { return !st.Warmup && t.LooksAt(s, st) }) {
				g.link(s.Address(), n.id, "judges")
			}
		}
	}
	g.add(n)
}
