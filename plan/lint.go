package plan

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan/diag"
	"bossplan/plan/quantity"
)

// Lint finds what a plan may say but hardly means. All are warnings, each with
// a [diag.Lint] as its Extra, sorted by file and position. The plan must have
// been loaded without errors; while values of variables are missing nothing is
// said about figures. The IDs:
//
//	threshold-cannot-fail     whatever answers come, or long after a latency threshold has failed
//	threshold-cannot-be-met   not even if every answer came at once
//	too-few-samples           for the percentile, or for min_samples
//	ramp-cut                  the stage ends before it is at its level
//	no-load                   every stage of a scenario has no users or a rate of 0
//	nothing-judged            every stage of the plan is a warm-up
//	fixed-count-cut           the classes with fixed_count want more users than there ever are
//	user-class-never-used     no scenario names it
//	user-class-without-users  a scenario names it and gives it no user
//	host-never-used           no user class or probe goes there
//	request-never-made        its weight is 0
func Lint(p *Plan) hcl.Diagnostics {
	l := linter{plan: p}
	l.weights()
	if len(p.Scenarios) > 0 {
		l.unused()
	}
	if len(p.Scenarios) > 0 && !p.Incomplete() {
		l.ramps()
		l.loads()
		l.warmups()
		l.emptyClasses()
		l.thresholds()
	}
	return diag.Sort(l.diags)
}

type linter struct {
	plan  *Plan
	diags hcl.Diagnostics
}

func (l *linter) warn(id, address string, rng hcl.Range, summary, detail string) {
	l.diags = append(l.diags, &hcl.Diagnostic{
		Severity: hcl.DiagWarning,
		Summary:  summary,
		Detail:   detail,
		Subject:  &rng,
		Extra:    diag.Lint{ID: id, Address: diag.Address(address)},
	})
}

// weights finds requests that are written down and never made.
func (l *linter) weights() {
	for _, c := range l.plan.UserClasses {
		for _, r := range c.Requests {
			if r.Weight == 0 {
				l.warn("request-never-made", r.Address(), r.DeclRange, "Request is never made",
					fmt.Sprintf("%s has weight 0. Give it a weight, or take it out.", r.Address()))
			}
		}
	}
}

// unused finds user classes and hosts that nothing refers to. A library may
// well hold more than one plan needs, so only the plan's own file is looked at.
func (l *linter) unused() {
	hosts := map[*Host]bool{}
	for _, c := range l.plan.UserClasses {
		hosts[c.Host] = true
		if !l.own(c.DeclRange) || l.named(c) {
			continue
		}
		l.warn("user-class-never-used", c.Address(), c.DeclRange, "User class is never used",
			fmt.Sprintf("No scenario names %s in its user_classes. Add it to one, or take it out.", c.Address()))
	}
	for _, p := range l.plan.Probes {
		hosts[p.Host] = true
	}
	for _, h := range l.plan.Hosts {
		if !l.own(h.DeclRange) || hosts[h] {
			continue
		}
		l.warn("host-never-used", "host."+h.Name, h.DeclRange, "Host is never used",
			fmt.Sprintf("No user class or probe goes to host.%s. Name it in one, or take it out.", h.Name))
	}
}

// own reports whether a place is in the plan's own file.
func (l *linter) own(rng hcl.Range) bool {
	return len(l.plan.Sources) > 0 && l.plan.Sources[0].Name == rng.Filename
}

// named reports whether a scenario is about the class.
func (l *linter) named(c *UserClass) bool {
	return slices.ContainsFunc(l.plan.Scenarios, func(s *Scenario) bool { return slices.Contains(s.UserClasses, c) })
}

// ramps finds stages that end before they are at their level.
func (l *linter) ramps() {
	for _, s := range l.plan.Scenarios {
		for i, level := range s.Levels() {
			st := s.Stages[i]
			needs := st.RampTime(level.From)
			if needs <= st.Duration {
				continue
			}
			rng := st.LevelRange
			if rng.Filename == "" {
				rng = st.DeclRange
			}
			l.warn("ramp-cut", st.Address(), rng, "Ramp does not fit its stage",
				fmt.Sprintf("Coming from %s to %s takes %s, but the stage lasts %s: it ends at %s. Make it at least %s long, or come up faster.",
					quantity.FormatNumber(level.From), st.level(st.goal()), quantity.FormatDuration(needs),
					quantity.FormatDuration(st.Duration), st.level(level.To), quantity.FormatDuration(needs)))
		}
	}
}

// loads finds scenarios that make no load, or less than their fixed counts want.
func (l *linter) loads() {
	for _, s := range l.plan.Scenarios {
		most := 0.0
		for _, st := range s.Stages {
			most = max(most, st.goal())
		}
		fixed := 0
		for _, c := range s.UserClasses {
			fixed += c.FixedCount
		}
		switch {
		case most == 0:
			l.warn("no-load", s.Address(), s.DeclRange, "Scenario without load",
				fmt.Sprintf("Every stage of %s is at %s, so no request will be made. Give one of them more.", s.Address(), s.Stages[0].level(0)))
		case float64(fixed) > most:
			l.warn("fixed-count-cut", s.Address(), s.DeclRange, "Fixed counts do not fit",
				fmt.Sprintf("The user classes of %s have fixed counts of %d users in all, but there are never more than %s. Plan more users, or lower the counts.",
					s.Address(), fixed, s.Stages[0].level(most)))
		}
	}
}

// warmups finds plans of which nothing is judged.
func (l *linter) warmups() {
	for _, s := range l.plan.Scenarios {
		for _, st := range s.Stages {
			if !st.Warmup {
				return
			}
		}
	}
	s := l.plan.Scenarios[0]
	l.warn("nothing-judged", s.Address(), s.DeclRange, "Nothing is judged",
		"Every stage of the plan is a warm-up, which is kept out of all figures. Take warmup off one of them.")
}

// goal is the level the stage is to reach.
func (s *Stage) goal() float64 {
	if s.Open {
		return s.Rate
	}
	return float64(s.Users)
}

// level writes a level of the stage for people.
func (s *Stage) level(v float64) string {
	if s.Open {
		return quantity.FormatRate(v)
	}
	return quantity.FormatNumber(v) + " users"
}

// emptyClasses finds classes that a scenario names and never has a user of.
func (l *linter) emptyClasses() {
	fastest := l.plan.count(0)
	for _, s := range fastest.Scenarios {
		made := map[*UserClass]float64{}
		sum := 0.0
		for _, r := range s.Requests {
			made[r.Request.Class] += r.finite
			sum += r.finite
		}
		for _, c := range s.Scenario.UserClasses {
			if sum == 0 || made[c] > 0 {
				continue
			}
			why := "its weight is 0"
			if c.Weight > 0 {
				why = "the classes with fixed_count take all of the users"
			}
			l.warn("user-class-without-users", c.Address(), c.DeclRange, "User class without users",
				fmt.Sprintf("In %s no user is of %s: %s. Plan more users, or change how they are divided.", s.Scenario.Address(), c.Address(), why))
		}
	}
}
