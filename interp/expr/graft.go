package expr

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A grafter copies an expression that is left to HCL, with everything in it
// that the compiler knows replaced.
type grafter struct {
	*compiler
	calls bool
}

// graft makes a copy of e that HCL can evaluate: of e itself with copy, or of
// what can take the place of e. It reports whether functions of the run are
// left to HCL.
func (c *compiler) graft(e hclsyntax.Expression, how func(*copier, hclsyntax.Expression) hclsyntax.Expression) (_ hclsyntax.Expression, calls bool) {
	g := &grafter{compiler: c}
	e = how(&copier{done: map[hclsyntax.Expression]hclsyntax.Expression{}, replace: g.replace, finish: g.finish}, e)
	return e, g.calls
}

// replace is what takes the place of e, or nil where e is to be copied.
func (g *grafter) replace(e hclsyntax.Expression) hclsyntax.Expression {
	switch key := e.(type) {
	case *hclsyntax.ObjectConsKeyExpr:
		if _, isName := key.Wrapped.(*hclsyntax.ScopeTraversalExpr); isName && !key.ForceNonLiteral {
			return e // a word, or an error that HCL has its own message for
		}
		return nil
	case *hclsyntax.LiteralValueExpr, *graft:
		return e
	}
	switch {
	case g.bound[e]:
		return nil
	case !g.dynamic[e]:
		return g.fold(e)
	}
	t := g.term(e)
	if l, ok := t.code.(*leaf); ok {
		g.calls = g.calls || l.calls
		return l.expr.(hclsyntax.Expression)
	}
	_, isWhole := unplaced(t.code).(*whole)
	switch {
	case isWhole:
		return &graft{Expression: e, term: t}
	case t.opaque() || t.retyped || t.kind == kindString && t.fails && !t.untyped:
		return nil // HCL works on even with what it knows of a text that failed
	}
	return &graft{Expression: e, term: t}
}

// fold replaces what is static by its value.
func (g *grafter) fold(e hclsyntax.Expression) hclsyntax.Expression {
	v, diags := g.known(e)
	if diags.HasErrors() {
		return nil
	}
	v, _ = v.UnmarkDeep()
	return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: e.Range()}
}

// finish sees to a copy: HCL is to make no number of a text that a server may
// have made too long, or too large, to work with.
func (g *grafter) finish(e hclsyntax.Expression) {
	switch e := e.(type) {
	case *hclsyntax.BinaryOpExpr:
		if len(e.Op.Impl.Params()) == 2 && e.Op.Impl.Params()[0].Type == cty.Number {
			e.LHS, e.RHS = boundNumber(e.LHS), boundNumber(e.RHS)
		}
	case *hclsyntax.UnaryOpExpr:
		if e.Op == hclsyntax.OpNegate {
			e.Val = boundNumber(e.Val)
		}
	case *hclsyntax.IndexExpr:
		e.Key = boundNumber(e.Key)
	case *hclsyntax.FunctionCallExpr:
		g.calls = g.calls || isRunTimeFunction(e.Name) || e.Name == "try" || e.Name == "can"
		g.boundArguments(e)
	}
}

// boundArguments sees to the arguments of which a function makes numbers.
func (g *grafter) boundArguments(e *hclsyntax.FunctionCallExpr) {
	fn, ok := g.function(e.Name)
	if !ok {
		return
	}
	for i, arg := range e.Args {
		typ := cty.DynamicPseudoType
		if params := fn.Params(); i < len(params) {
			typ = params[i].Type
		} else if fn.VarParam() != nil {
			typ = fn.VarParam().Type
		}
		switch {
		case e.Name == "jsondecode":
			e.Args[i] = &bounded{Expression: arg, check: checkJSON}
		case typ == cty.Number, e.Name == "tonumber", e.Name == "parseint":
			e.Args[i] = boundNumber(arg)
		case i > 0 && (e.Name == "format" || e.Name == "formatlist") && numericFormat(e.Args[0]):
			e.Args[i] = boundNumber(arg)
		}
	}
}
