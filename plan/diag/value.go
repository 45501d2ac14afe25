package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// maxValues bounds how many names are explained.
const maxValues = 12

// A Value says what a name in the guilty expression stands for.
type Value struct {
	Traversal string `json:"traversal"` // "var.users"
	Statement string `json:"statement"` // "is 1000"
}

// values explains the names in an expression, by name. A name that stands for
// nothing known, or for a reference, is left out.
func values(expr hcl.Expression, ctx *hcl.EvalContext) []Value {
	list := []Value{}
	if expr == nil || ctx == nil {
		return list
	}
	for _, traversal := range expr.Variables() {
		name, ok := spell(traversal)
		if !ok {
			continue
		}
		v, diags := traversal.TraverseAbs(ctx)
		if diags.HasErrors() {
			continue
		}
		if statement := state(v); statement != "" {
			list = append(list, Value{Traversal: name, Statement: statement})
		}
	}
	slices.SortFunc(list, func(a, b Value) int { return cmp.Compare(a.Traversal, b.Traversal) })
	list = slices.Compact(list)
	return list[:min(len(list), maxValues)]
}

// spell writes a traversal as the source does.
func spell(traversal hcl.Traversal) (string, bool) {
	var b strings.Builder
	for _, step := range traversal {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(step.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + step.Name)
		case hcl.TraverseIndex:
			key := ""
			if !step.Key.IsMarked() {
				key = literal(step.Key)
			}
			if key == "" {
				return "", false
			}
			b.WriteString("[" + key + "]")
		default:
			return "", false
		}
	}
	return b.String(), true
}

// state says what a value is, without more of it than fits a line.
func state(v cty.Value) string {
	if v.ContainsMarked() {
		return "is (sensitive)"
	}
	t := v.Type()
	switch {
	case t.IsCapsuleType():
		return ""
	case t == cty.DynamicPseudoType && !v.IsKnown():
		return "is not known before the run"
	case !v.IsKnown():
		return "is a " + t.FriendlyName() + ", not known before the run"
	case v.IsNull():
		return "is null"
	case t.IsPrimitiveType():
		return "is " + literal(v)
	case t.IsObjectType():
		return counted("an object", len(t.AttributeTypes()), "attribute")
	case t.IsCollectionType() || t.IsTupleType():
		return counted("a "+strings.Fields(t.FriendlyName())[0], v.LengthInt(), "element")
	}
	return ""
}

func counted(what string, n int, of string) string {
	if n == 1 {
		return fmt.Sprintf("is %s with 1 %s", what, of)
	}
	return fmt.Sprintf("is %s with %d %ss", what, n, of)
}

// literal writes a known primitive value as the source would, cut where it is
// long; it is empty for any other.
func literal(v cty.Value) string {
	if v.IsNull() || !v.IsKnown() {
		return ""
	}
	switch v.Type() {
	case cty.String:
		return quoted(v.AsString())
	case cty.Number:
		return v.AsBigFloat().Text('g', 20)
	case cty.Bool:
		return strconv.FormatBool(v.True())
	}
	return ""
}

// quoted is a text in quotes, cut where it is long.
func quoted(s string) string {
	const limit = 60
	if runes := []rune(s[:min(len(s), limit*4)]); len(runes) > limit {
		return strconv.Quote(string(runes[:limit])) + "…"
	}
	return strconv.Quote(s)
}
