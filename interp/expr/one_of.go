package expr

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"bossplan/interp/expr/jsonwalk"
)

// arms are the arguments of one_of. A list that is spread over them must be
// known.
func (c *compiler) arms(e *hclsyntax.FunctionCallExpr) (_ []hclsyntax.Expression, ok bool) {
	if !e.ExpandFinal {
		return e.Args, len(e.Args) > 0
	}
	last := len(e.Args) - 1
	if c.dynamic[e.Args[last]] {
		return nil, false
	}
	list, diags := c.known(e.Args[last])
	list, _ = list.UnmarkDeep()
	if diags.HasErrors() || list.IsNull() || !list.CanIterateElements() || list.Type().IsMapType() || list.Type().IsObjectType() {
		return nil, false
	}
	arms := append([]hclsyntax.Expression{}, e.Args[:last]...)
	for _, v := range list.Elements() {
		arms = append(arms, &hclsyntax.LiteralValueExpr{Val: v, SrcRange: e.Args[last].Range()})
	}
	return arms, len(arms) > 0
}

// oneOf compiles one_of(…). Only the argument that is drawn is computed.
func (c *compiler) oneOf(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) == 0 {
		return c.refuse(e, "one_of needs a value to choose")
	}
	arms, ok := c.arms(e)
	if !ok {
		return c.oneOfList(e)
	}
	c.lenient++
	defer func() { c.lenient-- }()
	p := &drawn{}
	result := term{code: p, draws: true, safe: true}
	for i, arm := range arms {
		t := c.term(arm)
		p.arms = append(p.arms, t.code)
		result.kind = eitherKind(result.kind, t, i == 0)
		result.nullable = result.nullable || t.nullable
		result.fails = result.fails || t.fails
		result.safe = result.safe && t.safe
		result.wild = result.wild || t.wild
		result.retyped = result.retyped || t.retyped
	}
	result.untyped = result.fails
	return result
}

// eitherKind is the kind of one of several values. HCL's one_of takes the type
// off a null, so what may be null is of any kind.
func eitherKind(so kind, t term, isFirst bool) kind {
	switch {
	case t.opaque() || !isFirst && so == kindOpaque:
		return kindOpaque
	case t.nullable || !isFirst && so != t.kind:
		return kindAny
	}
	return t.kind
}

// A drawn code is one of several, drawn anew each time.
type drawn struct{ arms []code }

func (p *drawn) draw(f *Frame) code { return p.arms[f.Rand.IntN(len(p.arms))] }

func (p *drawn) value(f *Frame) (value, error) { return p.draw(f).value(f) }

func (p *drawn) append(dst []byte, f *Frame) ([]byte, error) { return p.draw(f).append(dst, f) }

// oneOfList compiles one_of(…, LIST...) with a list that shows only at run time.
func (c *compiler) oneOfList(e *hclsyntax.FunctionCallExpr) term {
	if !e.ExpandFinal || !c.dynamic[e.Args[len(e.Args)-1]] {
		return c.leaf(e)
	}
	c.lenient++
	defer func() { c.lenient-- }()
	last := len(e.Args) - 1
	list := c.term(e.Args[last])
	if list.opaque() || !list.wild {
		return c.leaf(e)
	}
	d := &drawnElement{list: list.code, rng: e.Args[last].Range()}
	result := wildTerm(d, true)
	for _, arg := range e.Args[:last] {
		t := c.term(arg)
		if t.opaque() {
			return c.leaf(e)
		}
		d.arms = append(d.arms, t.code)
		result.retyped = result.retyped || t.retyped
	}
	return result
}

// A drawnElement is one of several codes or an element of a list.
type drawnElement struct {
	drawn
	list code
	rng  hcl.Range
}

func (d *drawnElement) value(f *Frame) (value, error) {
	v, err := d.list.value(f)
	if err != nil {
		return value{}, err
	}
	n, err := count(v)
	if err == nil && len(d.arms)+n == 0 {
		err = errArguments
	}
	if err != nil {
		return value{}, at(err, d.rng)
	}
	i := f.Rand.IntN(len(d.arms) + n)
	if i < len(d.arms) {
		return d.arms[i].value(f)
	}
	p := path{rng: d.rng, steps: []jsonwalk.Step{{Index: i - len(d.arms)}}}
	return p.of(v)
}

// count is how many elements a list has.
func count(v value) (n int, err error) {
	if v, err = v.toParam(paramList); err != nil {
		return 0, err
	}
	for range jsonwalk.Elements(view(v.text())) {
		n++
	}
	return n, nil
}

func (d *drawnElement) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(d, dst, f) }
