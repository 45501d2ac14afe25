// Package guard decides which targets a plan may load: those that its guard
// blocks leave alone, and those that were allowed as the guards demand. It does
// so twice, before the start for the hosts that the plan names, and at every
// connection for the address that is really dialled, so that neither a redirect
// nor a change of a name's addresses leads past a guard.
//
// Read guard.go (what is missing for a start), target.go (where hosts are) and
// window.go (when they may be loaded). Nothing here reads a clock or a terminal.
package guard

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"

	"bossplan/plan"
	"bossplan/plan/quantity"
)

// A Consent is what the person who starts a run has given for it.
type Consent struct {
	Confirmed    []string // names of hosts
	Acknowledged []string // lines
}

// A Gate decides for the run of one plan. It is read-only and may be used from
// any goroutine.
type Gate struct {
	guards  []*plan.Guard
	planned map[string]load // by the names of the plan's targets
	consent Consent
	now     time.Time
}

// A load is what a plan asks of a target at most.
type load struct{ users, rate float64 }

// New makes the gate of a plan for a start at a moment.
func New(p *plan.Plan, c Consent, now time.Time) *Gate {
	g := &Gate{guards: p.Guards, planned: map[string]load{}, now: now}
	for _, name := range c.Confirmed {
		g.consent.Confirmed = append(g.consent.Confirmed, canonical(strings.Trim(strings.TrimSpace(name), "[]")))
	}
	for _, line := range c.Acknowledged {
		g.consent.Acknowledged = append(g.consent.Acknowledged, strings.TrimSpace(line))
	}
	for _, h := range hostsOf(p) {
		g.planned[nameOf(h)] = load{} // asked by a probe, or for data
	}
	for _, h := range p.HostLoads() {
		l := g.planned[nameOf(h.Host)]
		l.users += h.Users
		if h.Repeats {
			h.Rate = math.Inf(1)
		}
		if limit := h.Host.MaxRate; limit > 0 {
			h.Rate = min(h.Rate, limit)
		}
		l.rate += h.Rate
		g.planned[nameOf(h.Host)] = l
	}
	return g
}

// A Missing is what a guard demands for a target and does not have.
type Missing struct {
	Guard *plan.Guard
	Kind  Kind
	Text  string // for Confirm the host's name, for Acknowledge the line, else a sentence
}

// Kind says how something that is missing can be given.
type Kind int

const (
	Confirm     Kind = iota // the host's name must be confirmed
	Acknowledge             // a line must be acknowledged
	Window                  // it is not the time for it
	Limit                   // the plan asks for more than is allowed
)

// Missing is all that the guards of the targets demand and do not have: nothing
// where the run may start. What several targets lack is there once for each
// guard.
func (g *Gate) Missing(targets []Target) []Missing {
	var list []Missing
	for _, t := range targets {
		for _, guard := range g.protecting(t.Name, t.Addresses...) {
			for _, m := range g.lacks(guard, t.Name) {
				if !slices.Contains(list, m) {
					list = append(list, m)
				}
			}
		}
	}
	return list
}

// Protecting are the guards that apply to any of the targets, in the plan's
// order.
func (g *Gate) Protecting(targets []Target) []*plan.Guard {
	var list []*plan.Guard
	for _, guard := range g.guards {
		if slices.ContainsFunc(targets, func(t Target) bool { return protects(guard, t.Name, t.Addresses...) }) {
			list = append(list, guard)
		}
	}
	return list
}

// Refuse says why no connection may be made to a target of this name, or at
// this address of it, where that is known; it is empty where one may. What it
// says is the same for every target of a guard.
func (g *Gate) Refuse(name string, address netip.Addr) string {
	var addresses []netip.Addr
	if address.IsValid() {
		addresses = append(addresses, address)
	}
	name = canonical(name)
	for _, guard := range g.protecting(name, addresses...) {
		if len(g.lacks(guard, name)) > 0 {
			return guard.Address() + " protects this target, and nobody has confirmed it"
		}
	}
	return ""
}

// protecting are the guards that apply to a target.
func (g *Gate) protecting(name string, addresses ...netip.Addr) []*plan.Guard {
	var list []*plan.Guard
	for _, guard := range g.guards {
		if protects(guard, name, addresses...) {
			list = append(list, guard)
		}
	}
	return list
}

// protects reports whether a guard applies to a target. A name with letters
// that are not ASCII cannot be compared with patterns, so every guard applies.
func protects(guard *plan.Guard, name string, addresses ...netip.Addr) bool {
	foreign := strings.ContainsFunc(name, func(r rune) bool { return r > 127 })
	return foreign || guard.Matches(name, addresses...)
}

// lacks is what a guard demands for a target and does not have.
func (g *Gate) lacks(guard *plan.Guard, name string) []Missing {
	var list []Missing
	miss := func(kind Kind, format string, args ...any) {
		list = append(list, Missing{Guard: guard, Kind: kind, Text: fmt.Sprintf(format, args...)})
	}
	if !slices.Contains(g.consent.Confirmed, name) {
		miss(Confirm, "%s", name)
	}
	for _, line := range guard.Acknowledge {
		if !slices.Contains(g.consent.Acknowledged, line) {
			miss(Acknowledge, "%s", line)
		}
	}
	if w := guard.Window; w != nil && !within(w, g.now) {
		miss(Window, "%s lets runs start at %s, and now it is %s.", guard.Address(), w.Text, g.now.In(w.Location).Format("15:04 MST"))
	}
	planned, known := g.planned[name]
	switch limited := guard.MaxUsers > 0 || guard.MaxRate > 0; {
	case !limited:
	case !known: // where a redirect leads, nobody knows how many it leads there
		miss(Limit, "%s limits the load, and what comes to %s is not known before the run.", guard.Address(), name)
	default:
		g.exceeded(guard, name, planned, miss)
	}
	return list
}

// exceeded tells where the plan asks for more than a guard allows.
func (g *Gate) exceeded(guard *plan.Guard, name string, planned load, miss func(Kind, string, ...any)) {
	const rounding = 1 + 1e-9
	if most := float64(guard.MaxUsers); most > 0 && planned.users > most*rounding {
		miss(Limit, "%s allows %s at the same time on %s, and the plan has %s. Plan fewer.",
			guard.Address(), quantity.Counted(int64(guard.MaxUsers), "user"), name, quantity.FormatCount(int64(math.Ceil(min(planned.users, 1e15)))))
	}
	if most := guard.MaxRate; most > 0 && planned.rate > most*rounding {
		asked := "without bound"
		if !math.IsInf(planned.rate, 0) {
			asked = "up to " + quantity.FormatRate(planned.rate)
		}
		miss(Limit, "%s allows %s on %s, and the plan's users send requests %s if answers come at once. Plan less, or give the host a max_rate.",
			guard.Address(), quantity.FormatRate(most), name, asked)
	}
}
