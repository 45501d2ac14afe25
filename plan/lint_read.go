package plan

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// settled is the value of an expression that comes out the same at any moment
// of the run; false where a user, an answer or a draw goes into it.
func (e Expression) settled() (cty.Value, bool) {
	if !e.IsSet() {
		return cty.NilVal, false
	}
	u := usesOf(e.Expression)
	for _, t := range u.names {
		if slices.Contains([]string{"user", "iteration", "vars", "row", "response", "data"}, t.RootName()) {
			return cty.NilVal, false
		}
	}
	drawing := drawingFunctions()
	for _, c := range u.calls {
		if _, draws := drawing[c.name]; draws {
			return cty.NilVal, false
		}
	}
	v, diags := e.Value(e.Scope)
	v, _ = v.Unmark()
	return v, !diags.HasErrors() && v.IsKnown() && !v.IsNull()
}

// before are the expressions that a request needs before it is sent, without
// the headers of its class and host.
func (r *Request) before() []Expression {
	list := []Expression{r.When, r.Repeat, r.Path, r.Body.Expr}
	for _, fields := range [][]Field{r.Query, r.Headers, r.Body.Form} {
		for _, f := range fields {
			list = append(list, f.Value)
		}
	}
	for _, p := range r.Body.Parts {
		list = append(list, p.Value)
	}
	return slices.DeleteFunc(list, func(e Expression) bool { return !e.IsSet() })
}

// after are the expressions that need its answer.
func (r *Request) after() []Expression {
	var list []Expression
	for _, c := range r.Checks {
		list = append(list, c.Condition)
	}
	for _, c := range r.Captures {
		list = append(list, c.Value)
	}
	return list
}

// inherited are the expressions of its class and host that are sent with it.
func (r *Request) inherited() []Expression {
	if r.Class.Host == nil {
		return nil
	}
	auth := r.Class.Host.Auth
	list := []Expression{auth.Username, auth.Password, auth.Bearer}
	for _, fields := range [][]Field{r.Class.Host.Headers, r.Class.Headers} {
		for _, f := range fields {
			if !slices.ContainsFunc(r.Headers, func(own Field) bool { return strings.EqualFold(own.Name, f.Name) }) {
				list = append(list, f.Value)
			}
		}
	}
	return slices.DeleteFunc(list, func(e Expression) bool { return !e.IsSet() })
}

// A read is one place at which a capture is read.
type read struct {
	name string
	at   hcl.Range
}

// reads are the captures that an expression cannot do without: where it asks
// whether there is one, or has something to use instead, it can.
func reads(e Expression) []read {
	tree := native(e.Expression)
	if tree == nil {
		return nil
	}
	w := &readWalker{}
	hclsyntax.Walk(tree, w)
	return w.reads
}

type readWalker struct {
	reads   []read
	careful int // how many constructs around it can do without a value
}

// Enter implements hclsyntax.Walker.
func (w *readWalker) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if isCareful(n) {
		w.careful++
	}
	if e, ok := n.(*hclsyntax.ScopeTraversalExpr); ok && w.careful == 0 && e.Traversal.RootName() == "vars" {
		if name, ok := member(e.Traversal); ok {
			w.reads = append(w.reads, read{name: name, at: e.SrcRange})
		}
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *readWalker) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if isCareful(n) {
		w.careful--
	}
	return nil
}

// isCareful reports whether what is inside may be null.
func isCareful(n hclsyntax.Node) bool {
	switch n := n.(type) {
	case *hclsyntax.ConditionalExpr:
		return true
	case *hclsyntax.FunctionCallExpr:
		return slices.Contains([]string{"try", "can", "coalesce", "coalescelist"}, n.Name)
	case *hclsyntax.BinaryOpExpr:
		return n.Op == hclsyntax.OpEqual || n.Op == hclsyntax.OpNotEqual
	}
	return false
}

// asks reports whether an expression has a capture in it at all.
func asks(e Expression, name string) bool {
	return e.IsSet() && slices.ContainsFunc(e.Variables(), func(t hcl.Traversal) bool {
		of, ok := member(t)
		return t.RootName() == "vars" && ok && of == name
	})
}
