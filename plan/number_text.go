package plan

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// A misspelling is a number that is written out where a text is wanted, and
// that as a text would not be what is written: 1.10 would become "1.1".
type misspelling struct {
	at            hcl.Range
	written, read string
}

// checkSpelling refuses such a number. A text that looks like a number is a
// version or an identifier more often than not, and YAML invites to write it
// without quotes.
func (d *decoder) checkSpelling(g given, ty cty.Type, what string) bool {
	m := d.misspelled(native(g.from), ty)
	if m == nil {
		return true
	}
	g.at = m.at
	d.refuse(g, "Number where a text is wanted", "%s is a text, but %s without quotes is the number %s. Write %s.", what, brief(m.written), brief(m.read), cited(m.written))
	return false
}

// misspelled finds the first such number in what is to become a value of a type.
func (d *decoder) misspelled(e hclsyntax.Expression, ty cty.Type) *misspelling {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		if ty == cty.String && e.Val.Type() == cty.Number && e.Val.IsKnown() && !e.Val.IsNull() {
			return d.misspelledNumber(e)
		}
	case *hclsyntax.TupleConsExpr:
		if ty.IsCollectionType() {
			for _, item := range e.Exprs {
				if m := d.misspelled(item, ty.ElementType()); m != nil {
					return m
				}
			}
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range e.Items {
			if m := d.misspelled(item.ValueExpr, memberType(ty, item.KeyExpr)); m != nil {
				return m
			}
		}
	}
	return nil
}

// memberType is the type that a member of a map or object is to have; that of a
// key that does not matter is one that fits all.
func memberType(ty cty.Type, key hcl.Expression) cty.Type {
	if ty.IsMapType() {
		return ty.ElementType()
	}
	if ty.IsObjectType() {
		if k, diags := key.Value(nil); !diags.HasErrors() && k.Type() == cty.String && k.IsKnown() && !k.IsNull() && ty.HasAttribute(k.AsString()) {
			return ty.AttributeType(k.AsString())
		}
	}
	return cty.DynamicPseudoType
}

func (d *decoder) misspelledNumber(e *hclsyntax.LiteralValueExpr) *misspelling {
	src := d.sources[e.SrcRange.Filename]
	text, err := convert.Convert(e.Val, cty.String)
	if err != nil || !e.SrcRange.CanSliceBytes(src) {
		return nil
	}
	written := string(e.SrcRange.SliceBytes(src))
	if written == text.AsString() || strings.HasPrefix(written, "'") || strings.HasPrefix(written, `"`) {
		return nil
	}
	return &misspelling{at: e.SrcRange, written: written, read: text.AsString()}
}

// isText reports whether what is called so is a text, or holds texts, rather
// than something that a text stands for, such as a duration.
func isText(kind string) bool {
	for _, prefix := range []string{"a text", "a map of texts", "a list of texts", "a value of type"} {
		if strings.HasPrefix(kind, prefix) {
			return true
		}
	}
	return false
}

// brief is a number as a message shows it: cut where it is long.
func brief(number string) string {
	const limit = 40
	if len(number) > limit {
		return number[:limit] + "…"
	}
	return number
}
