package plan

import (
	"math"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Flow is what a user does in one iteration: requests in order. A request
// that stands by itself in a user class is a flow of one, without a label; so
// are on_start and on_stop, whose requests are never counted.
type Flow struct {
	Class     *UserClass
	Label     string // the block's own label; empty: a request that stands by itself, on_start or on_stop
	Hook      Hook   // whether it is one of the choices at all
	Weight    float64
	OnFailure OnFailure
	Requests  []*Request
	DeclRange hcl.Range
}

// Hook says when a flow that is no choice is carried out.
type Hook string

const (
	HookNone  Hook = ""         // one of the choices of a user
	HookStart Hook = "on_start" // once, before a user's first iteration
	HookStop  Hook = "on_stop"  // once, after its last
)

// OnFailure says what becomes of a flow when one of its requests failed.
type OnFailure string

const (
	FailureStops     OnFailure = "stop" // the iteration ends there
	FailureContinues OnFailure = "continue"
)

// Address is the flow's name as references and records write it; of a request
// that stands by itself, that of the request.
func (f *Flow) Address() string {
	switch {
	case f.Hook != HookNone:
		return f.Class.Address() + "." + string(f.Hook)
	case f.Label == "" && len(f.Requests) == 1:
		return f.Requests[0].Address()
	}
	return f.Class.Address() + ".flow." + f.Label
}

// choices decodes what an iteration of a class may be: requests that stand by
// themselves, then flows.
func (b *block) choices(c *UserClass) {
	certain := b.loneRequests(c)
	certain = b.flows(c) && certain
	total := 0.0
	for _, f := range c.Choices {
		total += f.Weight
	}
	switch {
	case !certain || b.meant("request", "flow"):
	case len(b.of("request")) == 0 && len(b.of("flow")) == 0:
		b.fail(&b.head, "Nothing to do", "user_class %s has neither request nor flow blocks, so its users would do nothing.", c.Name)
	case len(c.Choices) == 0:
		b.fail(&b.head, "Nothing to do", "The for_each of every request and flow of user_class %s is empty, so its users would do nothing.", c.Name)
	case total == 0:
		b.fail(&b.head, "Nothing to do", "All requests and flows of user_class %s have weight 0: at least one needs more.", c.Name)
	}
}

// loneRequests decodes the requests that stand by themselves. It is false where
// not all of their weights are known.
func (b *block) loneRequests(c *UserClass) (certain bool) {
	schema := b.schema.block("request")
	certain = true
	for _, hb := range b.of(schema.Name) {
		certain = b.instances(hb, c.Address()+".request.", func(name string, _ bool) {
			r := &Request{Class: c, Label: name, Name: name, DeclRange: hb.DefRange}
			r.Flow = &Flow{Class: c, OnFailure: FailureStops, Requests: []*Request{r}, DeclRange: hb.DefRange}
			b.within(r.Address(), func() {
				inner := b.open(hb, schema)
				inner.request(r)
				r.Weight = inner.weight(&certain)
			})
			r.Flow.Weight = r.Weight
			c.Choices = append(c.Choices, r.Flow)
			c.Requests = append(c.Requests, r)
		}) && certain
	}
	return certain
}

// flows decodes the flows of a class. It is false where not all of their
// weights are known.
func (b *block) flows(c *UserClass) (certain bool) {
	schema := b.schema.block("flow")
	certain = true
	for _, hb := range b.of(schema.Name) {
		certain = b.instances(hb, c.Address()+".flow.", func(name string, _ bool) {
			f := &Flow{Class: c, Label: name, DeclRange: hb.DefRange}
			b.within(f.Address(), func() {
				inner := b.open(hb, schema)
				f.Weight = inner.weight(&certain)
				inner.steps(f)
			})
			c.Choices = append(c.Choices, f)
			c.Requests = append(c.Requests, f.Requests...)
		}) && certain
	}
	return certain
}

// weight reads a share, and clears certain where it is wrong or not known.
func (b *block) weight(certain *bool) float64 {
	weight, given := b.number("weight")
	*certain = *certain && (given || !b.has("weight"))
	return weight
}

// hook decodes on_start or on_stop; nil where there is none. A second one was
// refused.
func (b *block) hook(c *UserClass, when Hook) *Flow {
	for _, hb := range b.of(string(when)) {
		f := &Flow{Class: c, Hook: when, DeclRange: hb.DefRange}
		b.within(f.Address(), func() { b.open(hb, b.schema.block(hb.Type)).steps(f) })
		return f
	}
	return nil
}

// steps decodes the requests of a flow and what becomes of it when one failed.
func (b *block) steps(f *Flow) {
	onFailure, _ := b.text("on_failure")
	f.OnFailure = OnFailure(onFailure)
	schema := b.schema.block("request")
	certain := true
	for _, hb := range b.of(schema.Name) {
		certain = b.instances(hb, f.Address()+".request.", func(name string, _ bool) {
			r := &Request{Class: f.Class, Flow: f, Label: name, Name: name, DeclRange: hb.DefRange}
			b.within(r.Address(), func() {
				inner := b.open(hb, schema)
				inner.request(r)
				inner.step(r)
			})
			f.Requests = append(f.Requests, r)
		}) && certain
	}
	if certain && len(f.Requests) == 0 && !b.meant("request") {
		b.fail(&b.head, "Nothing to do", "%s has no requests, so nothing would be done.", f.Address())
	}
}

// step decodes what a request says only inside a flow.
func (b *block) step(r *Request) {
	r.Pause = b.stepWait("wait")
	r.When = b.verdict("when", requestSpot())
	r.Repeat = b.times("repeat")
}

// times reads a whole number that is found while a user runs; it is checked now
// where it is known now.
func (b *block) times(name string) Expression {
	attr := b.attrs[name]
	if attr == nil {
		return Expression{}
	}
	p := requestSpot()
	p.what = b.what(name)
	g, ok := b.evaluate(attr.Expr, p)
	if !ok {
		return Expression{}
	}
	if g.IsNull() {
		b.fail(&g.at, "Missing value", "%s must not be null.", p.what)
		return Expression{}
	}
	if g, ok = b.as(g, cty.Number, p.what, "a number"); !ok {
		return Expression{}
	}
	if g.IsKnown() {
		a := b.schema.attribute(name)
		switch n, _ := g.AsBigFloat().Float64(); {
		case n != math.Trunc(n):
			b.refuse(g, "Not a whole number", "%s must be a whole number, not %s.", p.what, g.show())
			return Expression{}
		case n < a.Min || n > a.Max:
			b.refuse(g, "Number out of range", "%s must be between %s and %s, not %s.", p.what, plainNumber(a.Min), plainNumber(a.Max), g.show())
			return Expression{}
		}
	}
	return b.expression(attr.Expr)
}
