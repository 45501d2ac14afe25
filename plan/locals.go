package plan

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A localValue is one named value of a locals block.
type localValue struct {
	name string
	attr *hcl.Attribute
}

// declareLocals collects the values of all locals blocks.
func (d *decoder) declareLocals(files []*file) []localValue {
	var list []localValue
	for _, f := range files {
		for _, hb := range f.blocks {
			if hb.Type != "locals" {
				continue
			}
			attrs, diags := hb.Body.JustAttributes()
			for _, diagnostic := range diags {
				d.fail(diagnostic.Subject, "Block in locals", "A locals block has arguments only: write NAME = { … } with an equals sign.")
			}
			for _, attr := range sortedAttributes(attrs) {
				if d.declare("local."+attr.Name, attr.Name, attr.NameRange) {
					list = append(list, localValue{attr.Name, attr})
				}
			}
		}
	}
	return list
}

// sortedAttributes are attributes in the order of the source: HCL has them in a
// map.
func sortedAttributes(attrs hcl.Attributes) []*hcl.Attribute {
	list := make([]*hcl.Attribute, 0, len(attrs))
	for _, attr := range attrs {
		list = append(list, attr)
	}
	slices.SortFunc(list, func(a, b *hcl.Attribute) int {
		return cmp.Compare(a.NameRange.Start.Byte, b.NameRange.Start.Byte)
	})
	return list
}

// addLocal puts a local into the network.
func (n *network) addLocal(l localValue) {
	address := "local." + l.name
	n.add(&node{
		address: address,
		at:      l.attr.NameRange,
		uses:    staticUses(l.attr.Expr),
		value: func(ctx *hcl.EvalContext) (v cty.Value) {
			v = cty.DynamicVal
			n.within(address, func() {
				if !n.checkUses(l.attr.Expr, spot{what: fmt.Sprintf("local.%s", l.name), static: true}) {
					return
				}
				if g, ok := n.compute(l.attr.Expr, ctx); ok {
					v = g.marked()
				}
			})
			return v
		},
	})
}

// marked is the value with its mark, to be used by other expressions.
func (g given) marked() cty.Value {
	if g.secret {
		return g.Mark(sensitive)
	}
	return g.Value
}
