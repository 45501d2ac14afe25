package plan

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// neverMade finds requests and flows that are written down and never made.
func (l *linter) neverMade() {
	never := func(address, why string, rng hcl.Range, remedy string) {
		l.warn("request-never-made", address, rng, "Request is never made", fmt.Sprintf("%s %s. %s", address, why, remedy))
	}
	for _, c := range l.plan.UserClasses {
		for _, f := range c.flows() {
			if f.Hook == HookNone && f.Weight == 0 {
				never(f.Address(), "has weight 0", f.DeclRange, "Give it a weight, or take it out.")
				continue
			}
			for _, r := range f.Requests {
				if n, known := r.Times(); known && n == 0 {
					never(r.Address(), "is repeated 0 times", r.DeclRange, "Repeat it once or more, or take it out.")
				} else if r.When.isFalse() {
					never(r.Address(), "has a condition that is always false", r.DeclRange, "Correct the condition, or take the request out.")
				}
			}
		}
	}
}

// flows are all that a user of the class may do.
func (c *UserClass) flows() []*Flow {
	list := slices.Clone(c.Choices)
	for _, hook := range []*Flow{c.OnStart, c.OnStop} {
		if hook != nil {
			list = append(list, hook)
		}
	}
	return list
}

// isFalse reports whether an expression is false whatever happens in the run.
func (e Expression) isFalse() bool {
	v, ok := e.settled()
	return ok && v.Type() == cty.Bool && v.False()
}

// unused finds what nothing refers to. A library may well hold more than one
// plan needs, so only the plan's own file is looked at.
func (l *linter) unused() {
	never := func(id, what, address string, rng hcl.Range, detail string) {
		if l.own(rng) {
			l.warn(id, address, rng, what+" is never used", detail)
		}
	}
	hosts, data := l.used()
	for _, c := range l.plan.UserClasses {
		if !l.named(c) {
			never("user-class-never-used", "User class", c.Address(), c.DeclRange,
				fmt.Sprintf("No scenario names %s in its user_classes. Add it to one, or take it out.", c.Address()))
		}
	}
	for _, h := range l.plan.Hosts {
		if !hosts[h] {
			never("host-never-used", "Host", h.Address(), h.DeclRange,
				fmt.Sprintf("No user class, data or probe goes to %s. Name it in one, or take it out.", h.Address()))
		}
	}
	for _, d := range l.plan.Data {
		if !data[d.label()] {
			never("data-never-used", "Data", d.Address(), d.DeclRange,
				fmt.Sprintf("No request uses row.%s or pick(data.%s). Use it in one, or take it out.", d.label(), d.label()))
		}
	}
	for _, v := range l.plan.Variables {
		if !l.mentioned("var", v.Name) {
			never("variable-never-used", "Variable", "var."+v.Name, v.DeclRange,
				fmt.Sprintf("Nothing in the plan's files uses var.%s, so whoever sets it changes nothing. Use it, or take it out.", v.Name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.plan.locals)) {
		if !l.mentioned("local", name) {
			never("local-never-used", "Local", "local."+name, l.plan.locals[name].Range(),
				fmt.Sprintf("Nothing in the plan's files uses local.%s. Use it, or take it out.", name))
		}
	}
}

// used are the hosts that something goes to and the data that something draws
// from.
func (l *linter) used() (hosts map[*Host]bool, data map[string]bool) {
	hosts, data = map[*Host]bool{}, map[string]bool{}
	for _, c := range l.plan.UserClasses {
		hosts[c.Host] = true
		for _, f := range c.flows() {
			maps.Copy(data, l.drawn[f])
		}
	}
	for _, p := range l.plan.Probes {
		hosts[p.Host] = true
	}
	for _, d := range l.plan.Data {
		if d.Fetch != nil {
			hosts[d.Fetch.Host] = true
		}
	}
	return hosts, data
}

// own reports whether a place is in the plan's own file.
func (l *linter) own(rng hcl.Range) bool {
	return len(l.plan.Sources) > 0 && l.plan.Sources[0].Name == rng.Filename
}

// named reports whether a scenario is about the class.
func (l *linter) named(c *UserClass) bool {
	return slices.ContainsFunc(l.plan.Scenarios, func(s *Scenario) bool { return slices.Contains(s.UserClasses, c) })
}

// mentioned reports whether the text of one of the plan's files has a name in
// it. A name in a comment counts too, and so does one that stands in a text:
// better to miss a warning than to give a wrong one.
func (l *linter) mentioned(root, name string) bool {
	if l.mentions == nil {
		l.mentions = map[string]bool{}
		for _, src := range l.plan.Sources {
			if path.Ext(src.Name) == ".csv" {
				continue // rows have no names, and may be many
			}
			for _, root := range []string{"var", "local"} {
				for rest := src.Bytes; len(rest) > 0; {
					_, rest, _ = bytes.Cut(rest, []byte(root))
					l.mentions[root+"."+memberText(rest)] = true
				}
			}
		}
	}
	return l.mentions[root+"."+name]
}

// memberText is the name that a text begins with as a member: .NAME, or ["NAME",
// where the quote may be escaped. Anything else is none.
func memberText(src []byte) string {
	const space = " \t\r\n\f"
	src = bytes.TrimLeft(src, space)
	if rest, ok := bytes.CutPrefix(src, []byte("[")); ok {
		rest = bytes.TrimPrefix(bytes.TrimLeft(rest, space), []byte("\\"))
		if src, ok = bytes.CutPrefix(rest, []byte("\"")); !ok {
			return ""
		}
	} else if src, ok = bytes.CutPrefix(src, []byte(".")); !ok {
		return ""
	}
	src = bytes.TrimLeft(src, space)
	end := bytes.IndexFunc(src, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) && r != '_' && r != '-'
	})
	if end < 0 {
		end = len(src)
	}
	return string(src[:end])
}
