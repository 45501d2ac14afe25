package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// A mark travels with a value through expressions.
type mark int

// sensitive is on values that must never be shown.
const sensitive mark = 1

// A given is the value of an expression that was evaluated before the run.
type given struct {
	cty.Value      // unmarked; may be unknown where a variable has no value yet
	secret    bool // never to be shown
	at        hcl.Range
	from      hcl.Expression   // that gave it, nil where nothing in the plan did
	ctx       *hcl.EvalContext // and the names it could use
}

// show is the value as a diagnostic may show it.
func (g given) show() string {
	switch {
	case g.secret:
		return "(sensitive)"
	case g.IsNull():
		return "null"
	case g.IsKnown() && g.Type() == cty.String:
		return cited(g.AsString())
	case g.IsKnown() && g.Type().IsPrimitiveType():
		if v, err := convert.Convert(g.Value, cty.String); err == nil {
			return v.AsString()
		}
	}
	return "the value"
}

// cited is a text in quotes, cut where it is long.
func cited(text string) string {
	const limit = 60
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return fmt.Sprintf("%q", text)
}

// refuse reports what is wrong with a value. The detail may quote it, so it is
// held back where the value is sensitive.
func (d *decoder) refuse(g given, summary, detail string, args ...any) {
	if g.secret {
		detail, args = "The value is sensitive and so is not shown. It is not one that can stand here.", nil
		g.from, g.ctx = nil, nil
	}
	d.report(&hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(detail, args...) + d.origins(g),
		Subject: &g.at, Expression: g.from, EvalContext: g.ctx,
	})
}

// origins says where the variables in an expression got their values, if that
// is not the plan: a mistake in a CI system's settings is not found there.
func (d *decoder) origins(g given) string {
	if g.from == nil {
		return ""
	}
	text := ""
	for _, v := range d.plan.Variables {
		if v.Source != "" && v.Source != "default" && slices.Contains(staticUses(g.from), "var."+v.Name) {
			text += fmt.Sprintf(" The value of var.%s comes from %s.", v.Name, v.Source)
		}
	}
	return text
}

// evaluate checks the names in an expression and evaluates it. It is false
// where that failed and has been reported.
func (d *decoder) evaluate(expr hcl.Expression, p spot) (given, bool) {
	if !d.checkUses(expr, p) {
		return given{}, false
	}
	g, ok := d.compute(expr, d.scope.context(p))
	if ok && !p.run && !p.answer {
		d.plan.remember(d.address, p.what, g)
	}
	return g, ok
}

// compute evaluates an expression whose names have been checked.
func (d *decoder) compute(expr hcl.Expression, ctx *hcl.EvalContext) (given, bool) {
	n := turns(expr, ctx)
	if n > maxLoop || d.turns+n > maxTurns {
		rng := expr.Range()
		d.fail(&rng, "Too many turns", "for expressions go round at most %d times in one expression and %d times in a plan. Loop over less.", maxLoop, maxTurns)
		return given{}, false
	}
	d.turns += n
	v, diags := expr.Value(ctx)
	if err := checkValue(v); err != nil { // before anything walks through all of it
		rng := expr.Range()
		d.fail(&rng, "Value too large", "This cannot be used: %s.", err)
		return given{}, false
	}
	secret := v.ContainsMarked() || usesSecret(expr, ctx)
	for _, diagnostic := range diags {
		if diagnostic.Severity != hcl.DiagError {
			continue
		}
		if secret {
			diagnostic = &hcl.Diagnostic{
				Severity: hcl.DiagError, Summary: "Invalid expression", Subject: diagnostic.Subject,
				Detail: "The expression cannot be evaluated. It uses a sensitive value, so what is wrong with it is not shown.",
			}
		}
		d.report(diagnostic)
	}
	if diags.HasErrors() {
		return given{}, false
	}
	v, _ = v.UnmarkDeep()
	return given{Value: v, secret: secret, at: expr.Range(), from: expr, ctx: ctx}, true
}

// usesSecret reports whether an expression names a sensitive value, whatever
// becomes of it: the message of a function that fails may quote its arguments.
func usesSecret(expr hcl.Expression, ctx *hcl.EvalContext) bool {
	for _, t := range expr.Variables() {
		for c := ctx; c != nil; c = c.Parent() {
			if _, has := c.Variables[t.RootName()]; !has {
				continue
			}
			v, diags := t.TraverseAbs(c)
			if diags.HasErrors() {
				v, diags = t[:min(2, len(t))].TraverseAbs(c)
			}
			if !diags.HasErrors() && v.ContainsMarked() {
				return true
			}
			break
		}
	}
	return false
}

// as converts a value to a type. What the type is called is part of the
// message; it is false where the conversion failed and has been reported.
func (d *decoder) as(g given, ty cty.Type, what, kind string) (given, bool) {
	if isText(kind) && g.from != nil && !d.checkSpelling(g, ty, what) {
		return given{}, false
	}
	v, err := convert.Convert(g.Value, ty)
	switch {
	case err != nil && g.Type().IsPrimitiveType() && ty.IsPrimitiveType():
		d.refuse(g, "Wrong kind of value", "%s must be %s, not %s.", what, kind, g.show())
		return given{}, false
	case err != nil && where(err) == "" && unlike.MatchString(err.Error()):
		d.refuse(g, "Wrong kind of value", "%s must be %s, not %s.", what, kind, typeInWords(g.Type()))
		return given{}, false
	case err != nil:
		d.refuse(g, "Wrong kind of value", "%s must be %s: %s.", what, kind, where(err)+inPlainWords(err.Error()))
		return given{}, false
	}
	g.Value = v
	if err := checkValue(v); err != nil {
		d.refuse(g, "Value too large", "%s cannot be used: %s.", what, err)
		return given{}, false
	}
	return g, true
}
