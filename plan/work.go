package plan

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Loops in each other multiply: three over a thousand elements each would never
// end. One expression makes at most maxLoop elements, because cty compares all
// elements of a list with each other to find their common type.
const (
	maxLoop  = 1 << 14 // turns of the for expressions in one expression
	maxTurns = 1 << 21 // and in a plan
)

// usualTurns stands for a collection whose length only shows inside a loop; it
// is as many as range() gives at most.
const usualTurns = 1024

// turns is about how often the for expressions in an expression go round,
// taking those in each other for what they come to together.
func turns(expr hcl.Expression, ctx *hcl.EvalContext) float64 {
	e := native(expr)
	if e == nil {
		return 0
	}
	w := &turnCounter{ctx: ctx, product: []float64{1}}
	hclsyntax.Walk(e, w)
	return w.sum
}

// A turnCounter walks an expression with the product of the loops it is in.
type turnCounter struct {
	ctx     *hcl.EvalContext
	product []float64
	sum     float64
}

// Enter implements hclsyntax.Walker.
func (w *turnCounter) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if f, ok := n.(*hclsyntax.ForExpr); ok {
		around := w.product[len(w.product)-1]
		w.product = append(w.product, around*w.length(f.CollExpr))
		w.sum += w.product[len(w.product)-1]
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *turnCounter) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if _, ok := n.(*hclsyntax.ForExpr); ok {
		w.product = w.product[:len(w.product)-1]
	}
	return nil
}

// length is how many elements a collection has, if that can be found without
// going round a loop.
func (w *turnCounter) length(coll hclsyntax.Expression) float64 {
	if tuple, ok := coll.(*hclsyntax.TupleConsExpr); ok {
		return float64(len(tuple.Exprs))
	}
	calls, loops := false, false
	hclsyntax.VisitAll(coll, func(n hclsyntax.Node) hcl.Diagnostics {
		switch n.(type) {
		case *hclsyntax.FunctionCallExpr:
			calls = true
		case *hclsyntax.ForExpr:
			loops = true
		}
		return nil
	})
	if loops {
		return usualTurns
	}
	v, diags := coll.Value(w.ctx)
	v, _ = v.Unmark()
	switch {
	case !diags.HasErrors() && v.IsKnown() && v.CanIterateElements():
		return float64(v.LengthInt())
	case calls:
		return usualTurns
	}
	return 1 // part of an element of a loop around it: all parts together are no more than the whole
}
