package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A link is a reference to a block, taken apart: host.api["eu"] is host and api,
// the latter with a key.
type link struct {
	parts []segment
	at    hcl.Range
}

// A segment is one name of a link. The key is that of a block with for_each.
type segment struct {
	name, key string
	keyed     bool
}

func (p segment) String() string {
	if p.keyed {
		return Instance(p.name, p.key)
	}
	return p.name
}

func (l link) String() string {
	var names []string
	for _, p := range l.parts {
		names = append(names, p.String())
	}
	return strings.Join(names, ".")
}

// link reads a reference of one of the given forms, such as "host.NAME" or
// "user_class.NAME.request.NAME". It is false where there is none, which is
// reported, or where its key is not known yet.
func (d *decoder) link(expr hcl.Expression, what string, forms ...string) (link, bool) {
	l, ok := d.readLink(expr, what, forms...)
	return l, ok && d.checkForm(l, what, forms...)
}

// readLink reads a reference of any form.
func (d *decoder) readLink(expr hcl.Expression, what string, forms ...string) (link, bool) {
	rng := expr.Range()
	t, isReference, known := d.traversal(expr, what)
	if !isReference {
		d.fail(&rng, "Not a reference", "%s must be a reference such as %s, without quotes.", what, strings.Join(forms, " or "))
	}
	if !isReference || !known {
		return link{}, false
	}
	l := link{at: rng}
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			l.parts = append(l.parts, segment{name: s.Name})
		case hcl.TraverseAttr:
			l.parts = append(l.parts, segment{name: s.Name})
		case hcl.TraverseIndex:
			if last := &l.parts[len(l.parts)-1]; !last.keyed && indexName(s.Key) != "" {
				last.key, last.keyed = indexName(s.Key), true
				continue
			}
			l.parts = append(l.parts, segment{name: "[…]"})
		default:
			l.parts = append(l.parts, segment{name: "[…]"})
		}
	}
	return l, true
}

// checkForm refuses a reference that has none of the forms.
func (d *decoder) checkForm(l link, what string, forms ...string) bool {
	if slices.ContainsFunc(forms, l.fits) {
		return true
	}
	d.fail(&l.at, "Not such a reference", "%s must be a reference such as %s, not %s.", what, strings.Join(forms, " or "), l)
	return false
}

// traversal takes a reference apart. A key in it may be made of what is known
// before the run, as in host.api[each.key]; it is then evaluated. It is not
// known where that failed, which is reported, or where a variable has no value.
func (d *decoder) traversal(expr hcl.Expression, what string) (t hcl.Traversal, isReference, known bool) {
	if t, diags := hcl.AbsTraversalForExpr(expr); !diags.HasErrors() {
		return t, true, true
	}
	switch e := native(expr).(type) {
	case *hclsyntax.TemplateWrapExpr:
		return d.traversal(e.Wrapped, what)
	case *hclsyntax.RelativeTraversalExpr:
		t, isReference, known = d.traversal(e.Source, what)
		return append(slices.Clip(t), e.Traversal...), isReference, known
	case *hclsyntax.IndexExpr:
		t, isReference, known = d.traversal(e.Collection, what)
		if !isReference || !known {
			return t, isReference, known
		}
		g, ok := d.evaluate(e.Key, spot{what: "a key in " + what, static: true})
		if !ok || !g.IsKnown() {
			return t, true, false
		}
		if g, ok = d.as(g, cty.String, "a key in "+what, "a text"); !ok {
			return t, true, false
		}
		return append(slices.Clip(t), hcl.TraverseIndex{Key: g.Value, SrcRange: e.BracketRange}), true, true
	}
	return nil, false, true
}

// fits reports whether a reference has a form. Only what a plan names can have
// a key.
func (l link) fits(form string) bool {
	parts := strings.Split(form, ".")
	return len(parts) == len(l.parts) && slices.EqualFunc(parts, l.parts, func(f string, p segment) bool {
		return f == strings.ToUpper(f) || f == p.name && !p.keyed
	})
}

// instance is the name of the block that a segment of a link means: its label, or
// where for_each repeats the block that with its key. The prefix is what comes
// before the label in the block's address. It is false where there is none,
// which is reported unless the keys are not known.
func (d *decoder) instance(p segment, prefix string, at *hcl.Range) (string, bool) {
	address := prefix + p.name
	r := d.repeated[address]
	_, declared := d.declared[address]
	switch {
	case r != nil && r.unknown:
		return "", false
	case r != nil && !p.keyed:
		d.fail(at, "Reference without a key", "%s stands once for each element of its for_each. %s", address, r.choices(address))
		return "", false
	case r != nil && !slices.Contains(r.keys, p.key):
		d.fail(at, "Unknown key", "There is no %s.%s %s", Instance(address, p.key), d.hint(p.key, r.keys), r.choices(address))
		return "", false
	case r == nil && declared && p.keyed:
		d.fail(at, "Key without for_each", "%s has no for_each, so there is one of it only: leave out the key.", address)
		return "", false
	}
	return p.String(), true
}

// choices says which instances there are.
func (r *repetition) choices(address string) string {
	const shown = 10
	if len(r.keys) == 0 {
		return "Its for_each is empty, so there is none."
	}
	var names []string
	for _, key := range r.keys[:min(len(r.keys), shown)] {
		names = append(names, Instance(address, key))
	}
	if len(r.keys) > shown {
		names = append(names, "…")
	}
	return "There is " + strings.Join(names, ", ") + "."
}

// lookup finds what a reference names among the declared blocks of its kind.
func lookup[T any](d *decoder, l link, kind string, declared map[string]*T) *T {
	name, ok := d.instance(l.parts[1], kind+".", &l.at)
	if !ok {
		return nil
	}
	if found := declared[name]; found != nil {
		return found
	}
	var known []string
	for _, full := range slices.Sorted(maps.Keys(declared)) {
		label, _, _ := CutInstance(full)
		known = append(known, label)
	}
	d.fail(&l.at, "Unknown "+kind, "There is no %s %q.%s", kind, l.parts[1].name, d.hint(l.parts[1].name, known))
	return nil
}

func (d *decoder) hostReference(expr hcl.Expression, what string) *Host {
	if l, ok := d.link(expr, what, "host.NAME"); ok {
		return lookup(d, l, "host", d.hosts)
	}
	return nil
}

func (d *decoder) dataReference(expr hcl.Expression, what string) *Data {
	if l, ok := d.link(expr, what, "data.NAME"); ok {
		return lookup(d, l, "data", d.data)
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
	name, ok := d.instance(l.parts[2], s.Address()+".", &l.at)
	if !ok {
		return nil
	}
	var known []string
	for _, st := range s.Stages {
		if st.Name == name {
			return st
		}
		known = append(known, st.Name)
	}
	d.fail(&l.at, "Unknown stage", "%s has no stage %q.%s", s.Address(), name, d.hint(name, known))
	return nil
}

// scopeReference reads what a threshold looks at.
func (d *decoder) scopeReference(expr hcl.Expression, what string) Scope {
	forms := []string{"scenario.NAME", "user_class.NAME", "user_class.NAME.request.NAME", "user_class.NAME.flow.NAME.request.NAME"}
	l, ok := d.readLink(expr, what, forms...)
	switch {
	case !ok:
		return Scope{}
	case l.fits("user_class.NAME.on_start.request.NAME"), l.fits("user_class.NAME.on_stop.request.NAME"):
		d.fail(&l.at, "Request is not counted", "The requests of %s prepare a user, or clean up after it, and are never counted. Put what is to be judged into a flow.", l.parts[2])
		return Scope{}
	case !d.checkForm(l, what, forms...):
		return Scope{}
	case l.parts[0].name == "scenario":
		return Scope{Scenario: lookup(d, l, "scenario", d.scenarios)}
	}
	c := lookup(d, l, "user_class", d.classes)
	switch {
	case c == nil, len(l.parts) == 2:
		return Scope{Class: c}
	case len(l.parts) == 4:
		return Scope{Request: d.requestOf(c, l)}
	}
	return Scope{Request: d.stepOf(c, l)}
}

// requestOf finds a request that stands by itself in a class.
func (d *decoder) requestOf(c *UserClass, l link) *Request {
	name, ok := d.instance(l.parts[3], c.Address()+".request.", &l.at)
	if !ok {
		return nil
	}
	var known []string
	var step *Request
	for _, r := range c.Requests {
		switch {
		case r.Flow.Label == "" && r.Label == name:
			return r
		case r.Flow.Label == "":
			known = append(known, r.Label)
		case r.Label == name && step == nil:
			step = r
		}
	}
	if step != nil {
		d.fail(&l.at, "Request of a flow", "%s has no such request by itself. It is a step of a flow: write %s.", c.Address(), step.Address())
		return nil
	}
	d.fail(&l.at, "Unknown request", "%s has no request %q.%s", c.Address(), name, d.hint(name, known))
	return nil
}

// stepOf finds a request in a flow of a class.
func (d *decoder) stepOf(c *UserClass, l link) *Request {
	label, ok := d.instance(l.parts[3], c.Address()+".flow.", &l.at)
	if !ok {
		return nil
	}
	var known []string
	for _, f := range c.Choices {
		if f.Label == label {
			return d.stepIn(f, l)
		}
		if f.Label != "" {
			known = append(known, f.Label)
		}
	}
	d.fail(&l.at, "Unknown flow", "%s has no flow %q.%s", c.Address(), label, d.hint(label, known))
	return nil
}

func (d *decoder) stepIn(f *Flow, l link) *Request {
	name, ok := d.instance(l.parts[5], f.Address()+".request.", &l.at)
	if !ok {
		return nil
	}
	var known []string
	for _, r := range f.Requests {
		if r.Label == name {
			return r
		}
		known = append(known, r.Label)
	}
	d.fail(&l.at, "Unknown request", "%s has no request %q.%s", f.Address(), name, d.hint(name, known))
	return nil
}
