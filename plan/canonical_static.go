package plan

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// staticNodes finds the nodes of an expression that can be evaluated before the
// run: all they name is known in the scope, or is bound inside of them by a for
// expression or a splat.
func staticNodes(e hclsyntax.Expression, scope *hcl.EvalContext) map[hclsyntax.Node]bool {
	w := &staticWalk{scope: scope, static: map[hclsyntax.Node]bool{}, path: []found{{outermost: none}}}
	hclsyntax.Walk(e, w)
	return w.static
}

// none is the binder of a node that uses nothing that is bound around it.
const none = int(^uint(0) >> 1)

// A found is what a node turned out to use.
type found struct {
	later     bool // names or functions that are not known yet
	outermost int  // the first of the binders around it that it uses
}

// A binder is a for expression's names or a splat's element.
type binder struct {
	names  map[string]struct{}
	symbol *hclsyntax.AnonSymbolExpr
}

// A staticWalk goes through an expression and keeps what it found along the
// path to where it is.
type staticWalk struct {
	scope   *hcl.EvalContext
	static  map[hclsyntax.Node]bool
	path    []found
	binders []binder
}

// Enter looks at one node by itself.
func (w *staticWalk) Enter(n hclsyntax.Node) hcl.Diagnostics {
	f := found{outermost: none}
	switch n := n.(type) {
	case hclsyntax.ChildScope:
		w.binders = append(w.binders, binder{names: n.LocalNames})
	case *hclsyntax.SplatExpr:
		w.binders = append(w.binders, binder{symbol: n.Item})
	case *hclsyntax.AnonSymbolExpr:
		f.outermost = w.bound(func(b binder) bool { return b.symbol == n })
		f.later = f.outermost == none
	case *hclsyntax.ScopeTraversalExpr:
		root := n.Traversal.RootName()
		f.outermost = w.bound(func(b binder) bool { _, has := b.names[root]; return has })
		f.later = f.outermost == none && !knownName(n.Traversal, w.scope)
	case *hclsyntax.FunctionCallExpr:
		f.later = !knownFunction(n.Name, w.scope)
	}
	w.path = append(w.path, f)
	return nil
}

// bound is the innermost binder that binds what is asked for.
func (w *staticWalk) bound(is func(binder) bool) int {
	for i := len(w.binders) - 1; i >= 0; i-- {
		if is(w.binders[i]) {
			return i
		}
	}
	return none
}

// Exit adds what was found in a node to the one around it.
func (w *staticWalk) Exit(n hclsyntax.Node) hcl.Diagnostics {
	f := w.path[len(w.path)-1]
	w.path = w.path[:len(w.path)-1]
	switch n.(type) {
	case hclsyntax.ChildScope, *hclsyntax.SplatExpr:
		w.binders = w.binders[:len(w.binders)-1]
		if f.outermost >= len(w.binders) {
			f.outermost = none
		}
	}
	if e, ok := n.(hclsyntax.Expression); ok && !f.later && f.outermost == none {
		w.static[e] = true
	}
	around := &w.path[len(w.path)-1]
	around.later = around.later || f.later
	around.outermost = min(around.outermost, f.outermost)
	return nil
}

// knownName reports whether a name has its value in the scope.
func knownName(names hcl.Traversal, scope *hcl.EvalContext) bool {
	if scope == nil {
		return false
	}
	v, diags := names.TraverseAbs(scope)
	return !diags.HasErrors() && v.IsWhollyKnown()
}

func knownFunction(name string, scope *hcl.EvalContext) bool {
	for ; scope != nil; scope = scope.Parent() {
		if _, has := scope.Functions[name]; has {
			return true
		}
	}
	return false
}

// sortedCopy is a list in the order of its texts.
func sortedCopy(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return list
}
