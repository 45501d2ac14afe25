package plan

import (
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Threshold is an assertion about a metric.
type Threshold struct {
	Name       string
	Metric     Metric
	Target     Bound
	Critical   *Bound // nil: missing the target is a warning at worst
	Of         Scope
	Outcome    Outcome
	Stages     []*Stage      // empty: all judged stages
	PerRequest bool          // the worst request decides
	Window     time.Duration // the bound must hold in every window; 0: over the whole judged time
	MinSamples int64
	Abort      *Abort
	DeclRange  hcl.Range
}

// Address is the threshold's name as references and records write it.
func (t *Threshold) Address() string { return "threshold." + t.Name }

// Where is what the threshold looks at, as a table shows it: "all",
// "user_class.admin in scenario.main.peak".
func (t *Threshold) Where() string {
	var stages []string
	for _, st := range t.Stages {
		stages = append(stages, st.Address())
	}
	if len(stages) == 0 {
		return t.Of.String()
	}
	return t.Of.String() + " in " + strings.Join(stages, ", ")
}

// Figure writes a value of the threshold's metric as it reads beside its bounds.
func (t *Threshold) Figure(v float64) string {
	bounds := []string{t.Target.Text}
	if t.Critical != nil {
		bounds = append(bounds, t.Critical.Text)
	}
	return t.Metric.Unit.FormatBeside(v, bounds...)
}

// A Scope narrows a threshold to part of the load. At most one field is set;
// none means everything.
type Scope struct {
	Scenario *Scenario
	Class    *UserClass
	Request  *Request
}

// String is the scope as a table shows it: "all", "scenario.main",
// "user_class.admin", "user_class.member.request.list_tasks".
func (s Scope) String() string {
	switch {
	case s.Scenario != nil:
		return s.Scenario.Address()
	case s.Class != nil:
		return s.Class.Address()
	case s.Request != nil:
		return s.Request.Address()
	}
	return "all"
}

// Outcome says which requests a time metric looks at.
type Outcome string

const (
	OutcomeOK     Outcome = "ok"     // met their expectations, timed out or unfinished: what a user waited for
	OutcomeFailed Outcome = "failed" // everything that counts as an error
	OutcomeAny    Outcome = "any"
)

// An Abort stops the run when a threshold's critical bound (else its target)
// has been broken for For without a break, looked at over the last Window.
type Abort struct {
	For, Window time.Duration
	DeclRange   hcl.Range
}

// Looks reports whether the threshold looks at a request in a stage of a
// scenario. Warm-up is the caller's to leave out.
func (t *Threshold) Looks(sc *Scenario, st *Stage, r *Request) bool {
	switch {
	case t.Of.Class != nil && t.Of.Class != r.Class,
		t.Of.Request != nil && t.Of.Request != r:
		return false
	}
	return t.LooksAt(sc, st)
}

// LooksAt reports whether the threshold looks at a stage of a scenario at all:
// whether its time is part of what is judged. Warm-up is the caller's to leave
// out.
func (t *Threshold) LooksAt(sc *Scenario, st *Stage) bool {
	of := t.Of.Class
	if t.Of.Request != nil {
		of = t.Of.Request.Class
	}
	switch {
	case t.Of.Scenario != nil && t.Of.Scenario != sc,
		of != nil && !slices.Contains(sc.UserClasses, of):
		return false
	}
	return len(t.Stages) == 0 || slices.Contains(t.Stages, st)
}

// decodeThresholds decodes all threshold blocks.
func (d *decoder) decodeThresholds(blocks hcl.Blocks) {
	schema := d.schema.block("threshold")
	each(blocks, schema.Name, func(hb *hcl.Block) {
		d.instances(hb, "threshold.", func(name string, _ bool) {
			t := &Threshold{Name: name, DeclRange: hb.DefRange}
			d.within(t.Address(), func() { d.open(hb, schema).threshold(t) })
			d.plan.Thresholds = append(d.plan.Thresholds, t)
		})
	})
}

func (b *block) threshold(t *Threshold) {
	measured := b.metric(t)
	b.bounds(t, measured)
	if attr := b.attrs["of"]; attr != nil {
		t.Of = b.scopeReference(attr.Expr, "threshold of")
	}
	outcome, _ := b.text("outcome")
	t.Outcome = Outcome(outcome)
	per, _ := b.text("per")
	t.PerRequest = per == "request"
	b.judgedStages(t)
	t.Window = b.window("window")
	t.MinSamples, _ = b.integer("min_samples")
	for _, hb := range b.of("abort") {
		inner := b.open(hb, b.schema.block("abort"))
		t.Abort = &Abort{Window: inner.window("window"), DeclRange: hb.DefRange}
		t.Abort.For, _ = inner.span("for")
	}
	if measured {
		b.narrowing(t)
	}
}

// metric reads what is judged.
func (b *block) metric(t *Threshold) bool {
	attr := b.attrs["metric"]
	if attr == nil {
		return false
	}
	m, ok := b.metricReference(attr.Expr, "threshold metric")
	t.Metric = m
	return ok
}

// bounds reads target and critical, in the metric's unit.
func (b *block) bounds(t *Threshold, measured bool) {
	target, ok := b.bound("target", t.Metric.Unit, measured)
	t.Target = target
	critical, given := b.bound("critical", t.Metric.Unit, measured)
	if !given {
		return
	}
	t.Critical = &critical
	if ok && Stricter(critical, target) {
		b.fail(b.at("critical"), "Critical stricter than target", "What misses a critical bound must miss the target too, but critical %s can be missed while target %s is met. Exchange the two, or leave critical out.", cited(critical.Text), cited(target.Text))
	}
}

// bound reads one bound. Where the metric is not known neither is its unit, and
// only the operator can be checked.
func (b *block) bound(name string, unit Unit, measured bool) (Bound, bool) {
	g, ok := b.get(name, cty.String, `a bound such as "< 500ms"`)
	if !ok {
		return Bound{}, false
	}
	var bound Bound
	var diags hcl.Diagnostics
	if measured {
		bound, diags = parseBound(g.AsString(), unit, g.at)
	} else if op, _ := operator(g.AsString()); op == "" {
		diags = noOperator(g.AsString(), unit, g.at)
	}
	for _, diagnostic := range diags {
		b.report(diagnostic)
	}
	return bound, measured && !diags.HasErrors()
}

// window reads a length of time that is looked at as one: whole seconds,
// because figures are kept by the second.
func (b *block) window(name string) time.Duration {
	w, ok := b.duration(name)
	if ok && (w < time.Second || w%time.Second != 0) {
		b.fail(b.at(name), "Invalid window", "%s must be one or more whole seconds, because figures are kept by the second.", b.what(name))
		return 0
	}
	return w
}

func (b *block) judgedStages(t *Threshold) {
	elements := b.list("stages")
	for _, expr := range elements {
		st := b.stageReference(expr, "threshold stages")
		rng := expr.Range()
		switch {
		case st == nil:
		case st.Warmup:
			b.fail(&rng, "Warm-up is not judged", "%s is a warm-up, which is kept out of everything that is judged. Take it out of the list, or take warmup off the stage.", st.Address())
		case slices.Contains(t.Stages, st):
			b.fail(&rng, "Stage given twice", "%s is already in the list.", st.Address())
		case t.Of.Scenario != nil && st.Scenario != t.Of.Scenario:
			b.fail(&rng, "Stage of another scenario", "The threshold is of %s, so it never sees %s.", t.Of.Scenario.Address(), st.Address())
		default:
			t.Stages = append(t.Stages, st)
		}
	}
	if elements != nil && len(elements) == 0 {
		b.fail(b.at("stages"), "Empty list", "threshold stages is empty: nothing would be judged. Leave it out to judge all stages.")
	}
}

// narrowing checks that what narrows the threshold means something for its metric.
func (b *block) narrowing(t *Threshold) {
	if t.Metric.Probe != nil {
		for _, name := range []string{"of", "outcome", "per", "window"} {
			if b.has(name) {
				b.fail(b.at(name), "Not for a probe", "threshold %s is about requests; %s is sampled beside them.", name, t.Metric)
			}
		}
		return
	}
	if b.has("outcome") && t.Metric.Unit != UnitTime {
		b.fail(b.at("outcome"), "Only for times", "threshold outcome says whose times are looked at; %s is not a time.", t.Metric)
	}
	if t.PerRequest && t.Of.Request != nil {
		b.fail(b.at("per"), "One request only", "The threshold is of one request already; leave per out.")
	}
}
