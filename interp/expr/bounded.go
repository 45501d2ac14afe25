package expr

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"bossplan/interp/expr/jsonwalk"
)

// A bounded expression fails where its value is one that HCL must not get to
// work on.
type bounded struct {
	hclsyntax.Expression
	check func(cty.Value) error
}

// Value implements hcl.Expression.
func (b *bounded) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := b.Expression.Value(ctx)
	if diags.HasErrors() || !v.IsKnown() || v.IsNull() {
		return v, diags
	}
	unmarked, _ := v.Unmark()
	if err := b.check(unmarked); err != nil {
		rng := b.Range()
		return cty.DynamicVal, append(diags, &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Invalid expression", Detail: err.Error(),
			Subject: &rng, Extra: at(err, rng),
		})
	}
	return v, diags
}

func boundNumber(e hclsyntax.Expression) hclsyntax.Expression {
	if _, ok := e.(*hclsyntax.LiteralValueExpr); ok {
		return e
	}
	return &bounded{Expression: e, check: checkNumber}
}

// checkNumber looks at text that is going to be a number, also in a list that
// is going to be arguments.
func checkNumber(v cty.Value) error {
	switch {
	case v.Type() == cty.String:
		_, err := parseNumber(v.AsString())
		if len(v.AsString()) > maxDigits || err == errExcessive {
			return errExcessive
		}
	case isSequence(v.Type()):
		for it := v.ElementIterator(); it.Next(); {
			_, element := it.Element()
			if element.Type() != cty.String || element.IsNull() || !element.IsKnown() || element.IsMarked() {
				continue
			}
			if err := checkNumber(element); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkJSON(v cty.Value) error {
	if v.Type() != cty.String {
		return nil
	}
	text := []byte(strings.TrimSpace(v.AsString()))
	if !jsonwalk.Valid(text) {
		return jsonwalk.ErrInvalid
	}
	_, err := ctyOf(text)
	return err
}

// numericFormat reports whether a format may make numbers of its arguments.
func numericFormat(format hclsyntax.Expression) bool {
	known, ok := format.(*hclsyntax.LiteralValueExpr)
	return !ok || known.Val.Type() != cty.String || known.Val.IsNull() || strings.ContainsAny(known.Val.AsString(), "bdoxXeEfgG")
}
