package plan

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Check is a condition that an answer must meet. Condition may use every
// run-time name, response.… of the answer included.
type Check struct {
	Name      string
	Condition Expression
	DeclRange hcl.Range
}

// A Capture keeps a value of an answer for the user's later requests, as
// vars.NAME.
type Capture struct {
	Name      string
	Value     Expression
	DeclRange hcl.Range
}

func (b *block) checks(r *Request) {
	schema := b.schema.block("check")
	for _, hb := range b.of(schema.Name) {
		prefix := r.Address() + ".check."
		b.instances(hb, prefix, func(name string, _ bool) {
			c := &Check{Name: name, DeclRange: hb.DefRange}
			b.within(prefix+name, func() { c.Condition = b.open(hb, schema).verdict("condition", answerSpot()) })
			r.Checks = append(r.Checks, c)
		})
	}
}

// captures decodes the captures of a request and notes which names its class
// has values under.
func (b *block) captures(r *Request) {
	schema := b.schema.block("capture")
	for _, hb := range b.of(schema.Name) {
		prefix := r.Address() + ".capture."
		b.instances(hb, prefix, func(name string, _ bool) {
			c := &Capture{Name: name, DeclRange: hb.DefRange}
			b.within(prefix+name, func() { c.Value = b.open(hb, schema).captured("value") })
			r.Captures = append(r.Captures, c)
		})
		b.noteCapture(r.Class, hb.Labels[0], b.repeated[prefix+hb.Labels[0]])
	}
}

// verdict reads an expression that is true or false while a user runs.
func (b *block) verdict(name string, p spot) Expression {
	attr := b.attrs[name]
	if attr == nil {
		return Expression{}
	}
	p.what = b.what(name)
	g, ok := b.evaluate(attr.Expr, p)
	if !ok {
		return Expression{}
	}
	if g.IsNull() {
		b.fail(&g.at, "Missing value", "%s must not be null.", p.what)
		return Expression{}
	}
	if _, ok := b.as(g, cty.Bool, p.what, "true or false"); !ok {
		return Expression{}
	}
	return b.expression(attr.Expr)
}

// captured reads an expression whose value is kept, whatever it is.
func (b *block) captured(name string) Expression {
	attr := b.attrs[name]
	if attr == nil {
		return Expression{}
	}
	p := answerSpot()
	p.what = b.what(name)
	g, ok := b.evaluate(attr.Expr, p)
	if !ok {
		return Expression{}
	}
	if g.IsNull() {
		b.fail(&g.at, "Missing value", "%s must not be null: a capture without a value is a failed request.", p.what)
		return Expression{}
	}
	return b.expression(attr.Expr)
}
