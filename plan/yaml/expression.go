package yaml

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// An expression is a value as the decoder sees it. Besides being what it is, a
// text can be looked at as a reference or a call, without ${…} around it:
// host: host.api, wait: between("1s", "3s"). It is the decoder that asks.
type expression struct{ node *node }

// Value implements hcl.Expression.
func (e *expression) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	return e.node.native().Value(ctx)
}

// Variables implements hcl.Expression.
func (e *expression) Variables() []hcl.Traversal { return e.node.native().Variables() }

// Range implements hcl.Expression.
func (e *expression) Range() hcl.Range { return e.node.rng() }

// StartRange implements hcl.Expression.
func (e *expression) StartRange() hcl.Range { return e.node.rng() }

// UnwrapExpression gives the value as HCL's own syntax tree.
func (e *expression) UnwrapExpression() hcl.Expression { return e.node.native() }

// AsTraversal is what hcl.AbsTraversalForExpr asks for.
func (e *expression) AsTraversal() hcl.Traversal {
	inner := e.syntax()
	if inner == nil {
		return nil
	}
	traversal, diags := hcl.AbsTraversalForExpr(inner)
	if diags.HasErrors() {
		return nil
	}
	return traversal
}

// ExprCall is what hcl.ExprCall asks for.
func (e *expression) ExprCall() *hcl.StaticCall {
	inner := e.syntax()
	if inner == nil {
		return nil
	}
	call, diags := hcl.ExprCall(inner)
	if diags.HasErrors() {
		return nil
	}
	return call
}

// syntax is the expression that a text is: what stands in its ${…}, or all of it.
func (e *expression) syntax() hcl.Expression {
	if e.node.kind != text {
		return e.node.native()
	}
	if wrap, ok := e.node.template.(*hclsyntax.TemplateWrapExpr); ok {
		return wrap.Wrapped
	}
	if parsed := e.node.parse(); parsed != nil {
		return parsed
	}
	return nil
}

// ExprList is what hcl.ExprList asks for: the items of a list that is written
// out.
func (e *expression) ExprList() []hcl.Expression {
	if wrapped := e.wrapped(); wrapped != nil {
		list, _ := hcl.ExprList(wrapped)
		return list
	}
	if e.node.kind != list {
		return nil
	}
	items := make([]hcl.Expression, 0, len(e.node.items))
	for _, item := range e.node.items {
		items = append(items, &expression{item})
	}
	return items
}

// ExprMap is what hcl.ExprMap asks for: the keys and values of a mapping that is
// written out.
func (e *expression) ExprMap() []hcl.KeyValuePair {
	if wrapped := e.wrapped(); wrapped != nil {
		pairs, _ := hcl.ExprMap(wrapped)
		return pairs
	}
	if e.node.kind != object {
		return nil
	}
	pairs := make([]hcl.KeyValuePair, 0, len(e.node.pairs))
	for _, p := range e.node.pairs {
		pairs = append(pairs, hcl.KeyValuePair{Key: &expression{p.key}, Value: &expression{p.value}})
	}
	return pairs
}

// wrapped is what stands in the one ${…} that a text is, nil for any other value.
func (e *expression) wrapped() hcl.Expression {
	if wrap, ok := e.node.template.(*hclsyntax.TemplateWrapExpr); ok {
		return wrap.Wrapped
	}
	return nil
}
