package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// A link is a reference to a block, taken apart: host.api is ["host", "api"].
type link struct {
	parts []string
	at    hcl.Range
}

func (l link) String() string { return strings.Join(l.parts, ".") }

// link reads a reference of one of the given forms, such as "host.NAME" or
// "user_class.NAME.request.NAME". It is false where there is none, which is
// reported.
func (d *decoder) link(expr hcl.Expression, what string, forms ...string) (link, bool) {
	t, diags := hcl.AbsTraversalForExpr(expr)
	rng := expr.Range()
	if diags.HasErrors() {
		d.fail(&rng, "Not a reference", "%s must be a reference such as %s, without quotes.", what, strings.Join(forms, " or "))
		return link{}, false
	}
	l := link{at: rng}
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			l.parts = append(l.parts, s.Name)
		case hcl.TraverseAttr:
			l.parts = append(l.parts, s.Name)
		default:
			l.parts = append(l.parts, "[…]")
		}
	}
	if !slices.ContainsFunc(forms, l.fits) {
		d.fail(&rng, "Not such a reference", "%s must be a reference such as %s, not %s.", what, strings.Join(forms, " or "), l)
		return link{}, false
	}
	return l, true
}

// fits reports whether a reference has a form.
func (l link) fits(form string) bool {
	parts := strings.Split(form, ".")
	return len(parts) == len(l.parts) && slices.EqualFunc(parts, l.parts, func(f, p string) bool {
		return f == p || f == strings.ToUpper(f)
	})
}

// lookup finds what a reference names among the declared blocks of its kind.
func lookup[T any](d *decoder, l link, kind string, declared map[string]*T) *T {
	if found := declared[l.parts[1]]; found != nil {
		return found
	}
	known := slices.Sorted(maps.Keys(declared))
	d.fail(&l.at, "Unknown "+kind, "There is no %s %q.%s", kind, l.parts[1], d.hint(l.parts[1], known))
	return nil
}

func (d *decoder) hostReference(expr hcl.Expression, what string) *Host {
	if l, ok := d.link(expr, what, "host.NAME"); ok {
		return lookup(d, l, "host", d.hosts)
	}
	return nil
}

func (d *decoder) classReference(expr hcl.Expression, what string) *UserClass {
	if l, ok := d.link(expr, what, "user_class.NAME"); ok {
		return lookup(d, l, "user_class", d.classes)
	}
	return nil
}

func (d *decoder) scenarioReference(expr hcl.Expression, what string) *Scenario {
	if l, ok := d.link(expr, what, "scenario.NAME"); ok {
		return lookup(d, l, "scenario", d.scenarios)
	}
	return nil
}

func (d *decoder) stageReference(expr hcl.Expression, what string) *Stage {
	l, ok := d.link(expr, what, "scenario.NAME.STAGE")
	if !ok {
		return nil
	}
	s := lookup(d, l, "scenario", d.scenarios)
	if s == nil {
		return nil
	}
	var known []string
	for _, st := range s.Stages {
		if st.Name == l.parts[2] {
			return st
		}
		known = append(known, st.Name)
	}
	d.fail(&l.at, "Unknown stage", "%s has no stage %q.%s", s.Address(), l.parts[2], d.hint(l.parts[2], known))
	return nil
}

// scopeReference reads what a threshold looks at.
func (d *decoder) scopeReference(expr hcl.Expression, what string) Scope {
	l, ok := d.link(expr, what, "scenario.NAME", "user_class.NAME", "user_class.NAME.request.NAME")
	switch {
	case !ok:
		return Scope{}
	case l.parts[0] == "scenario":
		return Scope{Scenario: lookup(d, l, "scenario", d.scenarios)}
	}
	c := lookup(d, l, "user_class", d.classes)
	if c == nil || len(l.parts) == 2 {
		return Scope{Class: c}
	}
	var known []string
	for _, r := range c.Requests {
		if r.Label == l.parts[3] {
			return Scope{Request: r}
		}
		known = append(known, r.Label)
	}
	d.fail(&l.at, "Unknown request", "%s has no request %q.%s", c.Address(), l.parts[3], d.hint(l.parts[3], known))
	return Scope{}
}
