package plan

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"
)

// A want is a use of vars.NAME. What a class captures is known only when all of
// it has been read, and what a host's headers use when all classes have.
type want struct {
	segment segment
	rest    bool // something follows that may be a key which is not written out
	text    string
	at      hcl.Range
	what    string
	address string
}

// hostWants are the captures that a host's headers and credentials are made of.
type hostWants struct {
	host   *Host
	wanted []want
}

// wanting runs f and returns the uses of captures in it.
func (d *decoder) wanting(f func()) []want {
	outer := d.wants
	d.wants = nil
	f()
	wanted := d.wants
	d.wants = outer
	return wanted
}

// checkCaptured looks at vars.NAME as far as that is possible yet.
func (d *decoder) checkCaptured(t hcl.Traversal, p spot, indexed bool) (summary, detail string) {
	name, ok := member(t)
	if !ok {
		return "Incomplete name", `"vars" alone is not a value; say which capture: vars.NAME.`
	}
	w := want{segment: segment{name: name}, rest: indexed && len(t) == 2, text: written(t), at: t.SourceRange(), what: p.what, address: d.address}
	if len(t) > 2 {
		w.segment.key, w.segment.keyed = member(t[1:])
	}
	d.wants = append(d.wants, w)
	return "", ""
}

// noteCapture notes that a class has values under a name, with keys where the
// capture has a for_each.
func (d *decoder) noteCapture(c *UserClass, name string, r *repetition) {
	if d.captured[c] == nil {
		d.captured[c] = map[string]*repetition{}
	}
	if r == nil {
		r = &repetition{}
	}
	if before := d.captured[c][name]; before != nil {
		r = &repetition{keys: slices.Concat(before.keys, r.keys), unknown: before.unknown || r.unknown}
	}
	d.captured[c][name] = r
}

// checkWants reports captures that nothing in the class makes.
func (d *decoder) checkWants(c *UserClass, wanted []want) {
	seen := map[hcl.Range]bool{}
	for _, w := range wanted {
		if !seen[w.at] {
			seen[w.at] = true
			d.within(w.address, func() { d.checkWant(c, w, "") })
		}
	}
}

// checkHostWants reports captures that a class which goes to the host lacks.
func (d *decoder) checkHostWants(h *Host, wanted []want) {
	var going []*UserClass
	for _, c := range d.plan.UserClasses {
		if c.Host == h {
			going = append(going, c)
		}
	}
	for _, w := range wanted {
		d.within(w.address, func() {
			for _, c := range going {
				if !d.checkWant(c, w, fmt.Sprintf(" %s goes to %s.", c.Address(), h.Address())) {
					break
				}
			}
		})
	}
}

// checkWant reports a capture that a class lacks.
func (d *decoder) checkWant(c *UserClass, w want, why string) bool {
	r := d.captured[c][w.segment.name]
	switch {
	case r == nil:
		known := slices.Sorted(maps.Keys(d.captured[c]))
		d.fail(&w.at, "Unknown capture", "%s has no capture %q.%s%s", c.Address(), w.segment.name, why,
			d.hintOr(w.segment.name, known, fmt.Sprintf(" A request before this one must have it: capture %q { value = response.… }.", w.segment.name)))
		return false
	case r.unknown || len(r.keys) == 0 || w.rest:
	case !w.segment.keyed, !slices.Contains(r.keys, w.segment.key):
		d.fail(&w.at, "Unknown key", "The capture %q has a for_each: %s", w.segment.name, r.choices("vars."+w.segment.name))
		return false
	}
	return true
}
