package expr

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A leaf is a part that HCL evaluates each time.
type leaf struct {
	expr  hcl.Expression
	scope *hcl.EvalContext
}

// leaf leaves an expression to HCL.
func (c *compiler) leaf(e hcl.Expression) term {
	return term{
		code: c.leafOf(e), kind: kindOpaque,
		nullable: true, draws: true, fails: true, untyped: true,
	}
}

func (c *compiler) leafOf(e hcl.Expression) *leaf {
	c.interpreted = true
	return &leaf{expr: e, scope: c.scope}
}

// writer is the leaf as the whole of a program.
func (l *leaf) writer(enc Encoding) writer {
	switch enc {
	case JSON:
		return jsonLeaf{l}
	case Plain:
		return l
	}
	return &encoded{writer: l, enc: enc, rng: l.expr.Range()}
}

func (l *leaf) evaluate(f *Frame) (cty.Value, error) { return evaluate(l.expr, l.scope, f) }

func (l *leaf) append(dst []byte, f *Frame) ([]byte, error) {
	v, err := l.evaluate(f)
	if err != nil {
		return dst, err
	}
	return appendCtyText(dst, v, l.expr.Range())
}

func (l *leaf) value(f *Frame) (value, error) {
	v, err := l.evaluate(f)
	if err != nil {
		return value{}, err
	}
	known, ok := fromCty(v)
	if !ok {
		return value{}, &Error{Range: l.expr.Range(), Message: "a string, a number or a bool is needed"}
	}
	return known, nil
}

// A jsonLeaf is a leaf that goes out as JSON.
type jsonLeaf struct{ *leaf }

func (l jsonLeaf) append(dst []byte, f *Frame) ([]byte, error) {
	v, err := l.evaluate(f)
	if err != nil {
		return dst, err
	}
	return appendCtyJSON(dst, v, l.expr.Range())
}
