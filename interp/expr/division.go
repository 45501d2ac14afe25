package expr

import (
	"errors"
	"reflect"

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
	return copier{}.expression(e)
}

// A copier copies an expression tree. It maps each node to its copy, since a
// splat holds one of its nodes twice.
type copier map[hclsyntax.Expression]hclsyntax.Expression

func (c copier) expression(e hclsyntax.Expression) hclsyntax.Expression {
	node := reflect.ValueOf(e)
	if node.Kind() != reflect.Pointer || node.IsNil() {
		return e
	}
	if done, ok := c[e]; ok {
		return done
	}
	if symbol, ok := e.(*hclsyntax.AnonSymbolExpr); ok {
		// It has a lock and state of its own, which must not be shared.
		c[e] = &hclsyntax.AnonSymbolExpr{SrcRange: symbol.SrcRange}
		return c[e]
	}
	fresh := reflect.New(node.Type().Elem())
	fresh.Elem().Set(node.Elem())
	c[e] = fresh.Interface().(hclsyntax.Expression)
	c.fields(fresh.Elem())
	if b, ok := c[e].(*hclsyntax.BinaryOpExpr); ok {
		switch b.Op {
		case hclsyntax.OpDivide:
			b.Op = checkedDivide
		case hclsyntax.OpModulo:
			b.Op = checkedModulo
		}
	}
	return c[e]
}

// fields replaces the expressions among the fields of a node.
func (c copier) fields(node reflect.Value) {
	for i := range node.NumField() {
		if field := node.Field(i); field.CanSet() {
			c.replace(field)
		}
	}
}

func (c copier) replace(v reflect.Value) {
	if e, ok := v.Interface().(hclsyntax.Expression); ok {
		v.Set(reflect.ValueOf(c.expression(e)))
		return
	}
	switch {
	case v.Kind() == reflect.Slice && v.Type() != reflect.TypeFor[hcl.Traversal]():
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(fresh, v)
		for i := range v.Len() {
			c.replace(fresh.Index(i))
		}
		v.Set(fresh)
	case v.Type() == reflect.TypeFor[hclsyntax.ObjectConsItem]():
		c.fields(v)
	}
}
