package plan

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan/diag"
	"bossplan/plan/quantity"
)

// Lint finds what a plan may say but hardly means. All are warnings, each with
// a [diag.Lint] as its Extra, sorted by file and position; [LintRules] lists
// their IDs. A comment silences one by its ID, on the line that it points at or
// on a line of its own above:
//
//	target = ">= 10/s" # bossplan:ignore threshold-cannot-fail
//
// The plan must have been loaded without errors; while values of variables are
// missing nothing is said about figures. What the load takes is held against m.
func Lint(p *Plan, m Machine) hcl.Diagnostics {
	l := linter{plan: p, machine: m, drawn: p.drawing(), said: map[string]bool{}}
	l.neverMade()
	l.captures()
	l.writes()
	if len(p.Scenarios) > 0 {
		l.unused()
	}
	if len(p.Scenarios) > 0 && !p.Incomplete() {
		l.ramps()
		l.loads()
		l.hurries()
		l.warmups()
		l.emptyClasses()
		l.thresholds()
		l.aborts()
		l.rows()
		l.guards()
		l.ports()
	}
	l.silence()
	return diag.Sort(l.diags)
}

type linter struct {
	plan     *Plan
	machine  Machine
	diags    hcl.Diagnostics
	drawn    drawing
	said     map[string]bool // of blocks that for_each repeats
	mentions map[string]bool // "var.users", "local.base": what the files name
}

// warn adds a warning. What for_each makes of one block is warned about once.
func (l *linter) warn(id, address string, rng hcl.Range, summary, detail string) {
	if instance := strings.Contains(address, "["); instance {
		key := id + " " + rng.String()
		if l.said[key] {
			return
		}
		l.said[key] = true
	}
	l.diags = append(l.diags, &hcl.Diagnostic{
		Severity: hcl.DiagWarning,
		Summary:  summary,
		Detail:   detail,
		Subject:  &rng,
		Extra:    diag.Lint{ID: id, Address: diag.Address(address)},
	})
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

// manyUsers is how many users without a pause are more than an oversight.
const manyUsers = 500

// hurries finds scenarios in which many users ask again as soon as they are
// answered, for as long as a stage lasts: how much load that is, only the
// server decides.
func (l *linter) hurries() {
	fastest := l.plan.count(0, likely)
	for _, s := range fastest.Scenarios {
		if s.Scenario.Open() {
			continue
		}
		for i, c := range s.Scenario.UserClasses {
			users, endless := 0.0, false
			for _, st := range s.Stages {
				users = max(users, s.work.users(max(st.Level.From, st.Level.To))[i])
				endless = endless || st.Stage.Iterations == 0 && st.byClass[i] > 0
			}
			if users < manyUsers || !endless || s.work.classes[i].cycle > 0 || c.Host == nil || c.Host.MaxRate > 0 {
				continue
			}
			l.warn("no-wait", c.Address(), c.DeclRange, "Users without a pause",
				fmt.Sprintf("%s users of %s ask again as soon as they are answered, so the load is whatever the server lets through. Give the class a wait, such as between(\"1s\", \"3s\"), the host a max_rate, or the stage a number of iterations.",
					quantity.FormatAbout(users), c.Address()))
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
	if v == 1 {
		return "1 user"
	}
	return quantity.FormatNumber(v) + " users"
}

// emptyClasses finds classes that a scenario names and never has a user of.
func (l *linter) emptyClasses() {
	fastest := l.plan.count(0, likely)
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
