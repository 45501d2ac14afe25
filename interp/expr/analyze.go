package expr

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// maxExponent bounds the numbers of a plan, in bits: 1e1233 is too large. HCL
// writes all digits of a number, and of 1e999999999 there is no end.
const maxExponent = 4096

// An analysis is what one walk over an expression finds out: which parts are
// known only at run time, whether a sensitive value goes in, and whether a
// number is too large to work with.
type analysis struct {
	scope     *hcl.EvalContext
	dynamic   map[hclsyntax.Expression]bool
	sensitive bool
	excessive []hcl.Range

	path   []hclsyntax.Expression // from the root; nil for a scope of names
	locals []map[string]struct{}  // names of the "for" expressions around
}

func analyze(e hclsyntax.Expression, scope *hcl.EvalContext) *analysis {
	a := &analysis{scope: scope, dynamic: map[hclsyntax.Expression]bool{}}
	hclsyntax.Walk(e, a)
	return a
}

// Enter implements hclsyntax.Walker.
func (a *analysis) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if scope, ok := n.(hclsyntax.ChildScope); ok {
		a.locals = append(a.locals, scope.LocalNames)
		a.path = append(a.path, nil)
		return nil
	}
	e, _ := n.(hclsyntax.Expression)
	a.path = append(a.path, e)
	switch n := n.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		a.name(n.Traversal)
	case *hclsyntax.LiteralValueExpr:
		if isExcessive(n.Val) {
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
	if _, ok := n.(hclsyntax.ChildScope); ok {
		a.locals = a.locals[:len(a.locals)-1]
	}
	a.path = a.path[:len(a.path)-1]
	return nil
}

func (a *analysis) name(t hcl.Traversal) {
	root := t.RootName()
	for _, names := range a.locals {
		if _, ok := names[root]; ok {
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

func isExcessive(v cty.Value) bool {
	if v.Type() != cty.Number || v.IsNull() || !v.IsKnown() || v.IsMarked() {
		return false
	}
	exponent := v.AsBigFloat().MantExp(nil)
	return v.AsBigFloat().IsInf() || exponent > maxExponent || exponent < -maxExponent
}
