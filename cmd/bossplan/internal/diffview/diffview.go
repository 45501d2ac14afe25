// Package diffview shows what changed between plans: as text, as Markdown for
// the comment on a pull request, and as JSON.
//
// Values and names come from files that anybody may have proposed to change, so
// nothing of them reaches a terminal or a comment as anything but letters.
package diffview

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"bossplan/plan"
	"bossplan/plan/quantity"
)

// A Report is what is shown: all plans that were compared.
type Report struct {
	Base, Head Side
	Plans      []Plan // those that do the same, too
}

// A Side is one of the two states that are compared.
type Side struct {
	Name     string // as it was given: "main", "plans/heavy.hcl", "work tree"
	Revision string // hash of the commit, empty where it is none
}

// A Plan is one plan at both states.
type Plan struct {
	File        string // as it is named at the head
	Difference  *plan.Difference
	Diagnostics []Diagnostic // errors that keep it from being compared; Difference is nil
}

// A Diagnostic is one error of a plan.
type Diagnostic struct {
	Side            string // "base" or "head"
	Summary, Detail string
	File            string // empty: it has no place
	Line, Column    int
}

// State says what became of a plan.
func (p Plan) State() string {
	switch {
	case p.Difference == nil:
		return "invalid"
	case p.Difference.Base == nil:
		return "added"
	case p.Difference.Head == nil:
		return "removed"
	case p.Difference.Empty():
		return "same"
	}
	return "changed"
}

// Count is how many changes of a severity there are in all plans.
func (r *Report) Count(s plan.Severity) int {
	n := 0
	for _, p := range r.Plans {
		if p.Difference != nil {
			n += p.Difference.Count(s)
		}
	}
	return n
}

// Verdict is the worst severity there is, "same" where nothing differs, and
// "invalid" where that could not be found out.
func (r *Report) Verdict() string {
	if r.count("invalid") > 0 {
		return "invalid"
	}
	for _, s := range plan.Severities() {
		if r.Count(s) > 0 {
			return string(s)
		}
	}
	return "same"
}

// count is how many plans are in a state.
func (r *Report) count(state string) int {
	n := 0
	for _, p := range r.Plans {
		if p.State() == state {
			n++
		}
	}
	return n
}

// summary is the report in one sentence, without its stop.
func (r *Report) summary() string {
	differ := len(r.Plans) - r.count("same") - r.count("invalid")
	text := "no differences"
	if differ > 0 {
		var parts []string
		for _, c := range []struct {
			severity  plan.Severity
			one, many string
		}{
			{plan.Danger, "danger", "dangers"}, {plan.Loosened, "loosened", "loosened"},
			{plan.Changed, "other change", "other changes"}, {plan.Tightened, "tightened", "tightened"},
		} {
			switch n := r.Count(c.severity); n {
			case 0:
			case 1:
				parts = append(parts, "1 "+c.one)
			default:
				parts = append(parts, quantity.FormatCount(int64(n))+" "+c.many)
			}
		}
		text = strings.Join(parts, ", ")
	}
	text += " in "
	if differ > 0 && differ < len(r.Plans) {
		text += fmt.Sprintf("%d of ", differ)
	}
	text += quantity.Counted(int64(len(r.Plans)), "plan")
	if n := r.count("invalid"); n > 0 {
		text += fmt.Sprintf("; %s could not be compared", quantity.Counted(int64(n), "plan"))
	}
	return text
}

// String is the side as a person calls it.
func (s Side) String() string {
	switch {
	case s.Name == s.Revision:
		return fmt.Sprintf("%.7s", s.Revision)
	case s.Revision == "" || strings.HasPrefix(s.Revision, s.Name):
		return s.Name
	}
	return fmt.Sprintf("%s (%.7s)", s.Name, s.Revision)
}

// A line is one thing that changed in a block.
type line struct {
	name, from, to string // of a setting; from and to may be empty
	text           string // or what became of the block
	percent        string
	severity       plan.Severity
	note           string
}

// lines are what a change consists of. A block that came or went is one.
func lines(c plan.Change) []line {
	if c.Action != plan.ActionChanged {
		return []line{{text: outline(c), severity: c.Severity, note: strings.Join(c.Notes, "; ")}}
	}
	var list []line
	for _, note := range c.Notes {
		list = append(list, line{text: note, severity: c.Severity})
	}
	for _, s := range c.Settings {
		list = append(list, line{
			name: s.Name, from: cmp.Or(s.From, "none"), to: cmp.Or(s.To, "none"),
			percent: percent(s.Percent), severity: s.Severity, note: s.Note,
		})
	}
	slices.SortStableFunc(list, func(a, b line) int {
		return cmp.Compare(slices.Index(plan.Severities(), a.severity), slices.Index(plan.Severities(), b.severity))
	})
	return list
}

// outline says what a block is that came or went: what matters most of it.
func outline(c plan.Change) string {
	main := map[string][]string{
		"variable": {"value"}, "host": {"base_url"}, "data": {"rows", "host", "path"}, "user_class": {"host", "weight", "fixed_count"},
		"flow": {"weight", "requests"}, "on_start": {"requests"}, "on_stop": {"requests"}, "request": {"method", "path", "weight"},
		"check": {"condition"}, "capture": {"value"}, "scenario": {"user_classes", "after"}, "stage": {"users", "rate", "duration", "warmup"},
		"threshold": {"metric", "target", "critical", "of"}, "probe": {"host", "path"}, "gauge": {"value"}, "counter": {"value"},
		"guard": {"hosts", "window"}, "report": {"path"},
	}[c.Kind]
	var parts []string
	for _, name := range main {
		for _, s := range c.Settings {
			if value := s.From + s.To; s.Name == name && value != "" { // one of the two
				parts = append(parts, name+" "+value)
			}
		}
	}
	text := string(c.Action)
	if len(parts) > 0 {
		text += ": " + strings.Join(parts, ", ")
	}
	if n := len(c.Within); n > 0 {
		text += fmt.Sprintf(", with %s in it", quantity.Counted(int64(n), "block"))
	}
	return text
}

// percent is a relative change as people read it, empty where there is none.
func percent(p *float64) string {
	if p == nil || *p == 0 {
		return ""
	}
	sign := "+"
	if *p < 0 {
		sign = "-"
	}
	return sign + quantity.FormatNumber(max(*p, -*p)) + " %"
}

// tag is what a severity is called beside a change: nothing for the usual one.
func tag(s plan.Severity) string {
	switch s {
	case plan.Danger, plan.Loosened:
		return strings.ToUpper(string(s))
	case plan.Tightened:
		return string(s)
	}
	return ""
}

// mark is the sign of an action at the beginning of a line.
func mark(a plan.Action) string {
	return map[plan.Action]string{plan.ActionAdded: "+", plan.ActionRemoved: "-", plan.ActionChanged: "~"}[a]
}

// moved are the figures of the load that differ.
func moved(d *plan.Difference) []plan.Figure {
	var list []plan.Figure
	for _, f := range d.Load {
		if f.Differs() {
			list = append(list, f)
		}
	}
	return list
}

// A group is plans in which the same changed, as where they share a library.
type group struct {
	names []string
	body  string
}

// groups are the plans that differ, by what is to be written of them.
func (r *Report) groups(write func(Plan) string) []group {
	var list []group
	for _, p := range r.Plans {
		if p.State() == "same" {
			continue
		}
		body := write(p)
		i := slices.IndexFunc(list, func(g group) bool { return g.body == body })
		if i < 0 {
			i = len(list)
			list = append(list, group{body: body})
		}
		list[i].names = append(list[i].names, heading(p))
	}
	return list
}

// heading is the name of a plan with what became of it as a whole.
func heading(p Plan) string {
	switch state := p.State(); state {
	case "added", "removed":
		return p.File + " (" + state + ")"
	case "invalid":
		return p.File + " (cannot be compared)"
	}
	return p.File
}

// without says why there are no figures.
func without(d *plan.Difference) string {
	if len(d.NotLoaded) == 0 {
		return ""
	}
	return "The load is not compared: " + strings.Join(d.NotLoaded, ", ") + " has no value. Give one with --var."
}
