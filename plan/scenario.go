package plan

import (
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Scenario is a workload: who, in which stages, after what. Its stages are
// all closed (users) or all open (rate).
type Scenario struct {
	Name         string
	UserClasses  []*UserClass
	After        []*Scenario // these must have ended before it starts
	StartDelay   time.Duration
	GracefulStop time.Duration
	OnLate       OnLate
	MaxInFlight  int // open model: iterations at the same time; the default is enough for 500/s against 2 s answers
	Stages       []*Stage
	DeclRange    hcl.Range
}

// Address is the scenario's name as references write it.
func (s *Scenario) Address() string { return "scenario." + s.Name }

// Open reports whether iterations start on a schedule of their own.
func (s *Scenario) Open() bool { return len(s.Stages) > 0 && s.Stages[0].Open }

// OnLate says what happens to an open iteration that is due while
// MaxInFlight are running.
type OnLate string

const (
	LateQueue OnLate = "queue" // it starts late, timed from when it was due
	LateDrop  OnLate = "drop"  // it is counted as dropped
)

// decodeScenarios decodes all scenario blocks. They may refer to each other, so
// their order is read when all have been declared.
func (d *decoder) decodeScenarios(blocks hcl.Blocks) {
	schema := d.schema.block("scenario")
	type opened struct {
		scenario *Scenario
		block    *block
		scope    scope
	}
	var list []opened
	each(blocks, schema.Name, func(hb *hcl.Block) {
		d.instances(hb, "scenario.", func(name string, free bool) {
			s := &Scenario{Name: name, DeclRange: hb.DefRange}
			if free {
				d.scenarios[name] = s
			}
			d.plan.Scenarios = append(d.plan.Scenarios, s)
			d.within(s.Address(), func() {
				b := d.open(hb, schema)
				b.scenario(s)
				list = append(list, opened{s, b, d.scope})
			})
		})
	})
	around := d.scope
	for _, o := range list {
		d.scope = o.scope
		d.within(o.scenario.Address(), func() { o.block.after(o.scenario) })
	}
	d.scope = around
	d.checkOrder()
}

func (b *block) scenario(s *Scenario) {
	for _, expr := range b.list("user_classes") {
		c := b.classReference(expr, "scenario user_classes")
		rng := expr.Range()
		switch {
		case c == nil:
		case slices.Contains(s.UserClasses, c):
			b.fail(&rng, "User class given twice", "%s is already in the list. Give it a greater weight if more of its users are wanted.", c.Address())
		default:
			s.UserClasses = append(s.UserClasses, c)
		}
	}
	if elements := b.list("user_classes"); b.has("user_classes") && elements != nil && len(elements) == 0 {
		b.fail(b.at("user_classes"), "No users", "scenario user_classes is empty: name at least one class.")
	}
	s.StartDelay, _ = b.duration("start_delay")
	s.GracefulStop, _ = b.duration("graceful_stop")
	late, _ := b.text("on_late")
	s.OnLate = OnLate(late)
	most, _ := b.integer("max_in_flight")
	s.MaxInFlight = int(most)
	b.stages(s)
	b.lasting(s)
	b.shares(s)
	b.hooks(s)
}

// hooks refuses what a user does only once where there are no users that stay.
func (b *block) hooks(s *Scenario) {
	for _, c := range s.UserClasses {
		for _, hook := range []*Flow{c.OnStart, c.OnStop} {
			if hook != nil && s.Open() {
				b.fail(b.at("user_classes"), "Hook in an open scenario", "%s has %s (at %s), but the scenario's stages say a rate: each iteration is a user of its own. Put these requests into a flow.", c.Address(), hook.Hook, place(hook.DeclRange))
			}
		}
	}
}

// maxLasting is how long a scenario may last: a run keeps figures by the second,
// and sums of durations must not overflow.
const maxLasting = 366 * 24 * time.Hour

// lasting checks that a scenario does not outlast what a run can hold.
func (b *block) lasting(s *Scenario) {
	left := maxLasting - min(s.StartDelay, maxLasting)
	for _, st := range s.Stages {
		if st.Duration > left {
			b.fail(&st.DeclRange, "Scenario too long", "With this stage scenario %s lasts longer than a year, its start_delay included. Shorten it.", s.Name)
			return
		}
		left -= st.Duration
	}
}

// shares checks that it is said how users are divided over classes.
func (b *block) shares(s *Scenario) {
	total, fixed := 0.0, 0
	for _, c := range s.UserClasses {
		if len(s.UserClasses) > 1 && b.unweighted[c] {
			b.fail(b.at("user_classes"), "Share of users not given", "The scenario has several user classes, but %s (at %s) says neither weight nor fixed_count. Say how the users are divided.", c.Address(), place(c.DeclRange))
		}
		if c.FixedCount > 0 && s.Open() {
			b.fail(b.at("user_classes"), "Fixed count in an open scenario", "%s has a fixed_count, but the scenario's stages say a rate: iterations are divided by weight. Give the class a weight.", c.Address())
		}
		total += c.Weight
		fixed += c.FixedCount
	}
	if len(s.UserClasses) > 0 && total == 0 && fixed == 0 {
		b.fail(b.at("user_classes"), "No users", "All user classes of the scenario have weight 0: at least one needs more.")
	}
}

// after links a scenario to those it comes after.
func (b *block) after(s *Scenario) {
	for _, expr := range b.list("after") {
		before := b.scenarioReference(expr, "scenario after")
		rng := expr.Range()
		switch {
		case before == nil:
		case before == s:
			b.fail(&rng, "Scenario after itself", "%s cannot come after itself.", s.Address())
		case slices.Contains(s.After, before):
			b.fail(&rng, "Scenario given twice", "%s is already in the list.", before.Address())
		default:
			s.After = append(s.After, before)
			b.afterAt[[2]*Scenario{s, before}] = rng
		}
	}
}

// checkOrder finds scenarios that come after each other in a circle.
func (d *decoder) checkOrder() {
	seen := map[*Scenario]state{}
	for _, s := range d.plan.Scenarios {
		if seen[s] == untouched {
			d.findCircle(s, nil, seen)
		}
	}
}

// findCircle follows the order from a scenario and reports where it comes back.
func (d *decoder) findCircle(s *Scenario, path []*Scenario, seen map[*Scenario]state) {
	path = append(path, s)
	seen[s] = entered
	for _, before := range s.After {
		switch seen[before] {
		case untouched:
			d.findCircle(before, path, seen)
		case entered:
			var chain []string
			for _, p := range path[slices.Index(path, before):] {
				chain = append(chain, p.Address())
			}
			rng := d.afterAt[[2]*Scenario{s, before}]
			d.within(s.Address(), func() {
				d.fail(&rng, "Circular order", "These scenarios wait for each other, so none would start: %s.", arrows(append(chain, before.Address())))
			})
		}
	}
	seen[s] = done
}
