package expr

import (
	"math/big"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// An analysis is what one walk over an expression finds out: which parts are
// known only at run time, which ones mean something only inside a loop around
// them, whether a sensitive value goes in, and whether a number is too large to
// work with.
type analysis struct {
	scope     *hcl.EvalContext
	dynamic   map[hclsyntax.Expression]bool
	bound     map[hclsyntax.Expression]bool
	sensitive bool
	excessive []hcl.Range

	path  []hclsyntax.Expression // from the root; nil for a scope of names
	loops []loop                 // around
}

// A loop is a "for" expression, with the names it gives, or a splat, without.
type loop struct {
	names map[string]struct{}
	item  *hclsyntax.AnonSymbolExpr
	depth int // of the path, to where it begins
}

func analyze(e hclsyntax.Expression, scope *hcl.EvalContext) *analysis {
	a := &analysis{scope: scope, dynamic: map[hclsyntax.Expression]bool{}, bound: map[hclsyntax.Expression]bool{}}
	hclsyntax.Walk(e, a)
	return a
}

// Enter implements hclsyntax.Walker.
func (a *analysis) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if scope, ok := n.(hclsyntax.ChildScope); ok {
		a.loops = append(a.loops, loop{names: scope.LocalNames, depth: len(a.path)})
		a.path = append(a.path, nil)
		return nil
	}
	e, _ := n.(hclsyntax.Expression)
	a.path = append(a.path, e)
	switch n := n.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		a.name(n.Traversal)
	case *hclsyntax.SplatExpr:
		a.loops = append(a.loops, loop{item: n.Item, depth: len(a.path)})
	case *hclsyntax.AnonSymbolExpr:
		a.bind(a.splat(n))
	case *hclsyntax.LiteralValueExpr:
		if v, ok := numberOf(n.Val); ok && isExcessive(v) {
			a.excessive = append(a.excessive, n.SrcRange)
		}
	case *hclsyntax.FunctionCallExpr:
		if isRunTimeFunction(n.Name) {
			a.mark()
		}
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (a *analysis) Exit(n hclsyntax.Node) hcl.Diagnostics {
	switch n.(type) {
	case hclsyntax.ChildScope, *hclsyntax.SplatExpr:
		a.loops = a.loops[:len(a.loops)-1]
	}
	a.path = a.path[:len(a.path)-1]
	return nil
}

func (a *analysis) name(t hcl.Traversal) {
	root := t.RootName()
	for _, l := range slices.Backward(a.loops) {
		if _, ok := l.names[root]; ok {
			a.bind(l)
			return
		}
	}
	if isRunTime(root) {
		a.mark()
		return
	}
	if v, diags := t.TraverseAbs(a.scope); !diags.HasErrors() && v.ContainsMarked() {
		a.sensitive = true
	}
}

// mark makes all expressions on the path dynamic. Those above one that is
// already are too.
func (a *analysis) mark() {
	for i := len(a.path) - 1; i >= 0; i-- {
		e := a.path[i]
		if a.dynamic[e] {
			return
		}
		if e != nil {
			a.dynamic[e] = true
		}
	}
}

// splat is the one whose elements item stands for.
func (a *analysis) splat(item *hclsyntax.AnonSymbolExpr) loop {
	for _, l := range a.loops {
		if l.item == item {
			return l
		}
	}
	return loop{}
}

// bind marks all expressions on the path inside a loop.
func (a *analysis) bind(l loop) {
	for _, e := range a.path[l.depth:] {
		if e != nil {
			a.bound[e] = true
		}
	}
}

// numberOf is the number that a value is, if it is one.
func numberOf(v cty.Value) (*big.Float, bool) {
	if v.Type() != cty.Number || v.IsNull() || !v.IsKnown() || v.IsMarked() {
		return nil, false
	}
	return v.AsBigFloat(), true
}
