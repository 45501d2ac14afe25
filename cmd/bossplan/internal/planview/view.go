// Package planview shows what a plan would do: its inputs and hosts, its
// execution graph, its load over time and what that comes to, what the load
// takes, and what is judged. [Write] is for people; [JSON] writes the same as one
// document.
package planview

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"bossplan/interp/wire"
	"bossplan/plan"
	"bossplan/plan/diag"
	"bossplan/plan/quantity"
	"bossplan/reports/grid"
)

// Options say how a plan is shown.
type Options struct {
	Width       int             // of the terminal; 0: as wide as it gets
	Latency     time.Duration   // what answers are assumed to take
	Lints       hcl.Diagnostics // what plan.Lint says of it
	Interpreted []string        // run-time expressions that are not compiled, as file:line
	Verbose     bool            // list them

	Carried map[*plan.Host]wire.Choice // how each host is carried
	Lacks   []Lack                     // what this machine lacks for it
	Files   int                        // that this process may have open; 0: as many as it wants
}

// Write shows p, which was loaded without errors.
func Write(w io.Writer, p *plan.Plan, o Options) error {
	v := &view{Options: o, facts: newFacts(p, o)}
	v.title()
	v.variables()
	v.hosts()
	v.guards()
	v.data()
	v.graph()
	v.steps()
	v.curve()
	v.load()
	v.needs()
	v.thresholds()
	v.reports()
	v.interpreted()
	_, err := io.WriteString(w, v.b.String())
	return err
}

// facts are a plan and what is reckoned from it.
type facts struct {
	plan              *plan.Plan
	fast, point, slow plan.Estimate // answers in no time, in the assumed time, at the timeout
	need              plan.Need
	uses              []plan.DataUse // at point
	carried           map[*plan.Host]wire.Choice
}

func newFacts(p *plan.Plan, o Options) facts {
	f := facts{
		plan:    p,
		fast:    p.Estimate(0),
		point:   p.Estimate(o.Latency),
		slow:    p.Estimate(math.MaxInt64),
		need:    p.Need(o.carriage),
		carried: o.Carried,
	}
	f.uses = p.DataUses(&f.point)
	return f
}

// A view is the text as it grows. Names of a plan may hold anything, so all
// that is printed goes through line, text or add.
type view struct {
	Options
	facts
	b strings.Builder
}

func (v *view) title() {
	fmt.Fprintf(&v.b, "%s  sha256 %.12s\n", diag.Clean(v.plan.File), v.plan.SHA256())
	if len(v.plan.Sources) > 1 {
		var names []string
		for _, s := range v.plan.Sources[1:] {
			names = append(names, s.Name)
		}
		v.wrap("", "", "with "+strings.Join(names, ", "))
	}
}

func (v *view) heading(text string) { fmt.Fprintf(&v.b, "\n%s\n", text) }

// line writes one indented line.
func (v *view) line(format string, args ...any) {
	v.b.WriteString(strings.TrimRight(grid.Indent+diag.Clean(fmt.Sprintf(format, args...)), " ") + "\n")
}

// text writes a paragraph, broken to the width.
func (v *view) text(format string, args ...any) {
	v.wrap(grid.Indent, grid.Indent, fmt.Sprintf(format, args...))
}

// item writes a paragraph that goes on below its own beginning: lead stands
// before the first line only, and its branches go on beside the others.
func (v *view) item(lead, format string, args ...any) {
	lead = grid.Indent + diag.Clean(lead)
	hang := strings.Map(func(r rune) rune {
		if r == '│' || r == '├' {
			return '│'
		}
		return ' '
	}, lead)
	v.wrap(lead, hang, fmt.Sprintf(format, args...))
}

// wrap writes words in lines no wider than the terminal, the first after lead
// and the others after hang.
func (v *view) wrap(lead, hang, text string) {
	line, words := lead, 0
	for _, word := range strings.Fields(diag.Clean(text)) {
		if words > 0 && v.Width > 0 && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > v.Width {
			v.b.WriteString(line + "\n")
			line, words = hang, 0
		}
		if words > 0 {
			line += " "
		}
		line += word
		words++
	}
	v.b.WriteString(strings.TrimRight(line, " ") + "\n")
}

// add appends a row of texts that may come from the plan.
func add(g *grid.Grid, cells ...string) {
	for i := range cells {
		cells[i] = diag.Clean(cells[i])
	}
	g.Add(cells...)
}

func (v *view) render(g grid.Grid) { g.Render(&v.b, v.Width, nil) }

func (v *view) variables() {
	if len(v.plan.Variables) == 0 {
		return
	}
	v.heading("Variables")
	g := grid.Grid{Columns: []grid.Column{{Title: "Name", Least: grid.Whole}, {Title: "Value"}, {Title: "Source", Least: 20}}}
	for _, x := range v.plan.Variables {
		add(&g, x.Name, x.Shown(), x.Source)
	}
	v.render(g)
}

func (v *view) reports() {
	if len(v.plan.Reports) == 0 {
		return
	}
	v.heading("Reports, besides those of every run")
	g := grid.Grid{Columns: []grid.Column{{Title: "Kind", Least: grid.Whole}, {Title: "Path", KeepEnd: true}}}
	for _, r := range v.plan.Reports {
		path := r.Path
		if r.Kind == "csv" {
			path += "_….csv"
		}
		add(&g, r.Kind, path)
	}
	v.render(g)
}

// interpreted lists what is not compiled, or says that there is something.
func (v *view) interpreted() {
	switch n := len(v.Interpreted); {
	case n == 0:
	case !v.Verbose:
		v.b.WriteByte('\n')
		v.wrap("", "", quantity.Counted(int64(n), "expression")+" of requests are evaluated anew each time, which costs CPU; --verbose lists them.")
	default:
		v.heading("Expressions that are evaluated anew each time, not compiled")
		for _, at := range v.Interpreted {
			v.line("%s", at)
		}
	}
}

// count is a number that is roughly known, with its noun.
func count(n float64, noun string) string {
	s := quantity.FormatAbout(n) + " " + noun
	if n != 1 {
		s += "s"
	}
	return s
}
