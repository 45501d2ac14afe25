package expr

import (
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A leaf is a part that HCL evaluates each time. Its parts that the compiler
// knows are compiled all the same, and grafted into its tree.
type leaf struct {
	expr  hcl.Expression
	scope *hcl.EvalContext
	calls bool // what is left to HCL calls functions of the run
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
	l := &leaf{expr: e, scope: c.scope}
	if native, ok := e.(hclsyntax.Expression); ok {
		c.lenient++
		l.expr, l.calls = c.graft(native, (*copier).copy)
		c.lenient--
	}
	return l
}

func (l *leaf) evaluate(f *Frame) (cty.Value, error) {
	ctx := l.scope.NewChild() // of a nil scope too
	ctx.Variables = map[string]cty.Value{frameName: cty.CapsuleVal(frameType, f)}
	if l.calls {
		ctx.Functions = functions(f)
	}
	return evaluate(l.expr, ctx)
}

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
	known, err := fromCtyValue(v)
	if err != nil {
		return value{}, at(err, l.expr.Range())
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

// frameName is under what a leaf's scope has the frame, for what is grafted
// into the tree. No expression can write it.
const frameName = "\x00frame"

// frameType wraps a frame for HCL; never written to.
var frameType = cty.Capsule("frame", reflect.TypeFor[Frame]())

func frameOf(ctx *hcl.EvalContext) *Frame {
	for ; ctx != nil; ctx = ctx.Parent() {
		if v, ok := ctx.Variables[frameName]; ok {
			return v.EncapsulatedValue().(*Frame)
		}
	}
	return &Frame{}
}

// A graft is compiled code in a tree of HCL's, in the place of an expression.
type graft struct {
	hclsyntax.Expression
	term term
}

// Value implements hcl.Expression. On a failure it is of the type that HCL
// would have known.
func (g *graft) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, err := g.value(frameOf(ctx))
	if err == nil {
		return v, nil
	}
	rng := g.Range()
	failed := cty.DynamicVal
	if typ := g.term.kind.cty(); !g.term.untyped {
		failed = cty.UnknownVal(typ)
	}
	return failed, hcl.Diagnostics{{
		Severity: hcl.DiagError, Summary: "Invalid expression", Detail: err.Error(),
		Subject: &rng, Extra: at(err, rng),
	}}
}

func (g *graft) value(f *Frame) (cty.Value, error) {
	if whole, ok := unplaced(g.term.code).(*whole); ok {
		return whole.cty(f)
	}
	v, err := g.term.code.value(f)
	switch {
	case err != nil:
		return cty.NilVal, err
	case v.isNull() && v.of == kindNull:
		return cty.NullVal(g.term.kind.cty()), nil
	}
	return v.cty()
}

func unplaced(c code) code {
	if p, ok := c.(*placed); ok {
		return p.code
	}
	return c
}

// cty is the type of values of the kind, as far as it is known.
func (k kind) cty() cty.Type {
	switch k {
	case kindBool:
		return cty.Bool
	case kindNumber:
		return cty.Number
	case kindString:
		return cty.String
	}
	return cty.DynamicPseudoType
}
