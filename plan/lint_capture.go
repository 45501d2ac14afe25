package plan

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
)

// captures finds requests that read a capture before any request can have set
// it. A user's captures stay with it, so what on_start or an earlier request of
// the same flow has set is there; what another choice sets may not be, because
// a user can come to this one first.
func (l *linter) captures() {
	for _, c := range l.plan.UserClasses {
		setters := setters(c)
		if len(setters) == 0 {
			continue // nothing captures, so names of captures were refused by Load
		}
		said := map[hcl.Range]bool{}
		for _, f := range c.flows() {
			if f.Hook == HookNone && f.Weight == 0 {
				continue
			}
			for i, r := range f.Requests {
				for _, x := range readsOf(r) {
					why := early(x.read, f, i, x.answered, setters[x.name])
					if why == "" || said[x.at] {
						continue
					}
					said[x.at] = true
					l.warn("capture-read-early", r.Address(), x.at, "Capture is read before it is set",
						fmt.Sprintf("In %s vars.%s is null %s", r.Address(), x.name, why))
				}
			}
		}
	}
}

// A setter is a request that captures something, by its place.
type setter struct {
	flow    *Flow
	index   int
	request *Request
}

// setters are the requests of a class that set each capture. Those that are
// never made set nothing.
func setters(c *UserClass) map[string][]setter {
	list := map[string][]setter{}
	for _, f := range c.flows() {
		for i, r := range f.Requests {
			n, known := r.Times()
			if f.Hook == HookNone && f.Weight == 0 || known && n == 0 {
				continue
			}
			for _, capture := range r.Captures {
				list[capture.Name] = append(list[capture.Name], setter{f, i, r})
			}
		}
	}
	return list
}

// A readBy is a read, and whether the answer of its own request has come by then.
type readBy struct {
	read
	answered bool
}

// readsOf are the captures that a request cannot do without. Its condition may
// ask for them first.
func readsOf(r *Request) []readBy {
	var list []readBy
	add := func(expressions []Expression, answered bool) {
		for _, e := range expressions {
			for _, x := range reads(e) {
				if !asks(r.When, x.name) {
					list = append(list, readBy{x, answered})
				}
			}
		}
	}
	add(r.before(), false)
	add(r.inherited(), false)
	add(r.after(), true)
	return list
}

// early says why a capture may be null where a request of a flow reads it;
// nothing: it is set by then.
func early(x read, f *Flow, index int, answered bool, by []setter) string {
	remedy := fmt.Sprintf("Capture it earlier, or say what to do without it: vars.%s == null ? … : ….", x.name)
	if f.Hook == HookNone {
		remedy = fmt.Sprintf("Put both in one flow, capture it in on_start, or pass the request over until then: when = vars.%s != null in a flow.", x.name)
	}
	var later *setter
	for _, s := range by {
		before := s.index < index || s.index == index && answered
		switch {
		case s.flow == f && before:
			return ""
		case s.flow != f && (s.flow.Hook == HookStart || f.Hook == HookStop && s.flow.Hook == HookNone):
			return ""
		case s.flow == f || f.Hook != HookStart && s.flow.Hook == HookNone:
			later = &s
		}
	}
	switch {
	case len(by) == 0:
		return "always: no request of the class captures it. " + remedy
	case later == nil, f.Hook != HookNone:
		return "always: only " + by[0].request.Address() + " sets it, and that comes later. " + remedy
	case later.flow == f:
		return fmt.Sprintf("the first time a user comes here: %s sets it, and that comes later in the flow. %s", later.request.Address(), remedy)
	}
	return fmt.Sprintf("until %s has set it, and a user may come here first. %s", later.request.Address(), remedy)
}
