package plan

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// judgeGuard judges one attribute of a guard: what lets more through is a
// danger.
func (c *comparer) judgeGuard(address string, was, is Setting) (Severity, string) {
	from, to := c.base.guards[address], c.head.guards[address]
	name := is.Name
	if name == "" {
		name = was.Name
	}
	switch name {
	case "hosts":
		lost := slices.DeleteFunc(sortedCopy(from.Hosts), func(pattern string) bool {
			return slices.ContainsFunc(to.Hosts, func(other string) bool { return patternCovers(other, pattern) })
		})
		if len(lost) > 0 {
			return Danger, "it does not protect " + list(lost) + " any more"
		}
		return Tightened, ""
	case "acknowledge":
		if lost := lacking(from.Acknowledge, to.Acknowledge); len(lost) > 0 {
			return Danger, "fewer lines must be given"
		}
		return Tightened, ""
	case "window":
		if from.Window != nil && !from.Window.covers(to.Window) {
			return Danger, "runs may start at other times"
		}
		return Tightened, ""
	case "max_users", "max_rate":
		return judgeLimit(was, is)
	}
	switch {
	case name == "abort.bound" && from.Abort != nil && to.Abort != nil:
		return judgeGuardAbort(from.Abort, to.Abort)
	case name == "abort.metric" && was.Name != "" && is.Name != "":
		return Danger, "it watches something else"
	}
	return judgeAbort(was, is, Danger)
}

// judgeLimit compares how much load a guard lets through.
func judgeLimit(was, is Setting) (Severity, string) {
	switch {
	case is.Name == "":
		return Danger, "there is no limit any more"
	case was.Name == "":
		return Tightened, ""
	case was.Number == nil || is.Number == nil:
		return Changed, ""
	case *is.Number > *was.Number:
		return Danger, "it lets more load through"
	}
	return Tightened, ""
}

// judgeGuardAbort compares when a guard stops the run: where its bound holds.
func judgeGuardAbort(from, to *GuardAbort) (Severity, string) {
	switch {
	case from.Metric.Unit != to.Metric.Unit || from.Bound.Op == "" || to.Bound.Op == "":
		return Changed, ""
	case Stricter(to.Bound, from.Bound):
		return Danger, "the run goes on where it would have stopped"
	}
	return Tightened, ""
}

// lacking are the texts of a list that another lacks.
func lacking(list, other []string) []string {
	return slices.DeleteFunc(sortedCopy(list), func(text string) bool { return slices.Contains(other, text) })
}

// patternCovers reports whether a pattern of hosts matches all that another one
// does, as far as can be told from the two.
func patternCovers(pattern, other string) bool {
	if pattern == other || strings.Trim(pattern, "*") == "" {
		return true
	}
	inner, err := netip.ParsePrefix(other)
	if err != nil {
		// A star can only be matched by a star, so this holds for all names.
		a, err := netip.ParseAddr(other)
		return err == nil && matchesAddress(pattern, a) || err != nil && wild(pattern, other)
	}
	outer, err := netip.ParsePrefix(pattern)
	return err == nil && outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// covers reports whether all of another window lies in this one. Windows of
// different places move against each other, so neither covers the other.
func (w *TimeWindow) covers(other *TimeWindow) bool {
	if other == nil || w.Location.String() != other.Location.String() {
		return false
	}
	const day = 24 * time.Hour
	length := func(w *TimeWindow) time.Duration {
		if w.To <= w.From {
			return w.To + day - w.From
		}
		return w.To - w.From
	}
	late := (other.From - w.From + day) % day // how long after this one the other begins
	return late+length(other) <= length(w)
}
