package expr

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// In HCL a number divided by zero is infinite, and the remainder is the number
// itself. A request for "/tasks/+Inf" helps nobody, so here both are errors,
// compiled or not: the operators are exchanged in a copy of the expression.

var errDivision = errors.New("division by zero")

// The operators with their check; never written to.
var (
	checkedDivide = checked(hclsyntax.OpDivide)
	checkedModulo = checked(hclsyntax.OpModulo)
)

func checked(op *hclsyntax.Operation) *hclsyntax.Operation {
	impl := op.Impl
	return &hclsyntax.Operation{Type: cty.Number, Impl: function.New(&function.Spec{
		Params: impl.Params(),
		Type:   function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if args[1].AsBigFloat().Sign() == 0 {
				return cty.NilVal, errDivision
			}
			return impl.Call(args)
		},
	})}
}

// checkDivision returns e with checked division: e itself where nothing in it
// divides, else a copy.
func checkDivision(e hclsyntax.Expression) hclsyntax.Expression {
	divides := false
	hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if b, ok := n.(*hclsyntax.BinaryOpExpr); ok {
			divides = divides || b.Op == hclsyntax.OpDivide || b.Op == hclsyntax.OpModulo
		}
		return nil
	})
	if !divides {
		return e
	}
	c := copier{done: map[hclsyntax.Expression]hclsyntax.Expression{}, finish: func(e hclsyntax.Expression) {
		b, ok := e.(*hclsyntax.BinaryOpExpr)
		switch {
		case ok && b.Op == hclsyntax.OpDivide:
			b.Op = checkedDivide
		case ok && b.Op == hclsyntax.OpModulo:
			b.Op = checkedModulo
		}
	}}
	return c.copy(e)
}
