package expr

import (
	"reflect"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A copier copies an expression tree, with changes: the original may be in use.
type copier struct {
	// done has the copy of each node, since a splat holds one of its nodes
	// twice.
	done map[hclsyntax.Expression]hclsyntax.Expression

	replace func(hclsyntax.Expression) hclsyntax.Expression // what is to be there instead, or nil
	finish  func(copied hclsyntax.Expression)               // may change a copy, whose parts are copied
}

func (c *copier) expression(e hclsyntax.Expression) hclsyntax.Expression {
	if done, ok := c.done[e]; ok {
		return done
	}
	if c.replace != nil {
		if instead := c.replace(e); instead != nil {
			c.done[e] = instead
			return instead
		}
	}
	return c.copy(e)
}

// copy copies e, which is not to be replaced.
func (c *copier) copy(e hclsyntax.Expression) hclsyntax.Expression {
	node := reflect.ValueOf(e)
	if node.Kind() != reflect.Pointer || node.IsNil() {
		return e
	}
	if symbol, ok := e.(*hclsyntax.AnonSymbolExpr); ok {
		// It has a lock and state of its own, which must not be shared.
		c.done[e] = &hclsyntax.AnonSymbolExpr{SrcRange: symbol.SrcRange}
		return c.done[e]
	}
	fresh := reflect.New(node.Type().Elem())
	fresh.Elem().Set(node.Elem())
	copied := fresh.Interface().(hclsyntax.Expression)
	c.done[e] = copied
	c.fields(fresh.Elem())
	c.finish(copied)
	return copied
}

// fields replaces the expressions among the fields of a node.
func (c *copier) fields(node reflect.Value) {
	for i := range node.NumField() {
		if field := node.Field(i); field.CanSet() {
			c.field(field)
		}
	}
}

func (c *copier) field(v reflect.Value) {
	if e, ok := v.Interface().(hclsyntax.Expression); ok {
		v.Set(reflect.ValueOf(c.expression(e)))
		return
	}
	switch {
	case v.Kind() == reflect.Slice && v.Type() != reflect.TypeFor[hcl.Traversal]():
		fresh := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(fresh, v)
		for i := range v.Len() {
			c.field(fresh.Index(i))
		}
		v.Set(fresh)
	case v.Type() == reflect.TypeFor[hclsyntax.ObjectConsItem]():
		c.fields(v)
	}
}
