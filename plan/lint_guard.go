package plan

import (
	"fmt"
	"slices"

	"bossplan/plan/quantity"
)

// Writes reports whether the request's method is one that changes something on
// the server: POST, PUT, PATCH or DELETE.
func (r *Request) Writes() bool {
	return slices.Contains([]string{"POST", "PUT", "PATCH", "DELETE"}, r.Method)
}

// writes finds requests that change something on a host that a guard protects.
// Only names are known before the run; a host that a guard finds by its
// resolved address is told by apply.
func (l *linter) writes() {
	for _, c := range l.plan.UserClasses {
		guards := l.plan.GuardsOf(c.Host)
		if len(guards) == 0 {
			continue
		}
		for _, f := range c.flows() {
			for _, r := range f.Requests {
				if r.Writes() {
					l.warn("write-on-guarded-host", r.Address(), r.DeclRange, "Write on a guarded host",
						fmt.Sprintf("%s is a %s to %s (%s), which %s protects: every run changes what is there. Take it out of plans for this host, or silence this where it is meant.",
							r.Address(), r.Method, c.Host.Address(), c.Host.BaseURL.Hostname(), guards[0].Address()))
				}
			}
		}
	}
}

// guards finds plans that ask more of a guarded host than its guard allows, so
// that apply would refuse them.
func (l *linter) guards() {
	if len(l.plan.Guards) == 0 {
		return
	}
	loads := l.plan.HostLoads()
	for _, h := range loads {
		for _, g := range l.plan.GuardsOf(h.Host) {
			switch {
			case g.MaxUsers > 0 && h.Users > float64(g.MaxUsers):
				l.warn("guard-exceeded", g.Address(), g.DeclRange, "More users than the guard allows",
					fmt.Sprintf("%s allows %s at the same time on %s, but the plan has %s. Plan fewer, or raise max_users.",
						g.Address(), quantity.Counted(int64(g.MaxUsers), "user"), h.Host.Address(), quantity.FormatAbout(h.Users)))
			case g.MaxRate > 0 && h.Rate > g.MaxRate*1.0000001 && h.Scheduled:
				l.warn("guard-exceeded", g.Address(), g.DeclRange, "More requests than the guard allows",
					fmt.Sprintf("%s allows %s on %s, but the plan asks for %s. Plan less, or raise max_rate.",
						g.Address(), quantity.FormatRate(g.MaxRate), h.Host.Address(), quantity.FormatRate(h.Rate)))
			}
		}
	}
}
