package plan

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// scopedExpression parses an HCL expression in a scope with a few values.
func scopedExpression(t *testing.T, text string) Expression {
	t.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(text), "test.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return Expression{Expression: e, Scope: &hcl.EvalContext{
		Functions: staticFunctions(nil),
		Variables: map[string]cty.Value{
			"var": cty.ObjectVal(map[string]cty.Value{
				"n": cty.NumberIntVal(3), "text": cty.StringVal("a b"), "token": cty.StringVal("s3cr3t").Mark(sensitive),
				"missing": cty.UnknownVal(cty.String), "list": cty.ListVal([]cty.Value{cty.StringVal("x"), cty.StringVal("y")}),
			}),
			"local": cty.ObjectVal(map[string]cty.Value{"known": cty.StringVal("k"), "open": cty.DynamicVal}),
		},
	}}
}

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ source, text, value string }{
		{`"a"`, `"a"`, `"a"`},
		{`5`, `"5"`, `5`},
		{`"5"`, `"5"`, `"5"`},
		{`1.50`, `"1.5"`, `1.5`},
		{`1e3`, `"1000"`, `1000`},
		{`null`, `null`, `null`},
		{`"null"`, `"null"`, `"null"`},
		{`"${vars.id}"`, `vars.id`, `vars.id`},
		{`vars["id"]`, `vars.id`, `vars.id`},
		{`vars["a b"]`, `vars["a b"]`, `vars["a b"]`},
		{`(vars.id)`, `vars.id`, `vars.id`},
		{`"/x/${"${vars.id}"}"`, `"/x/${vars.id}"`, `"/x/${vars.id}"`},
		{`"/${var.text}/${vars.id}/${local.known}"`, `"/a b/${vars.id}/k"`, `"/a b/${vars.id}/k"`},
		{`"${vars.id}${""}"`, `vars.id`, `"${vars.id}"`},
		{`"a$${b}"`, `"a$${b}"`, `"a$${b}"`},
		{`"a${"$"}${vars.id}"`, `"a\u0024${vars.id}"`, `"a\u0024${vars.id}"`},
		{`"a\nb\"c\\d\te\u0000"`, `"a\nb\"c\\d\te\u0000"`, `"a\nb\"c\\d\te\u0000"`},
		{`"Bearer ${var.token}"`, `(sensitive)`, `(sensitive)`},
		{`"Bearer ${var.token}-${user.id}"`, `"Bearer ${(sensitive)}-${user.id}"`, `"Bearer ${(sensitive)}-${user.id}"`},
		{`{b = 1, a = var.token}`, `{a = (sensitive), b = 1}`, `{a = (sensitive), b = 1}`},
		{`{b = uuid(), "a" = 1, "c d" = var.n}`, `{a = 1, b = uuid(), "c d" = 3}`, `{a = 1, b = uuid(), "c d" = 3}`},
		{`{(vars.k) = 1, (var.text) = uuid()}`, `{"a b" = uuid(), (vars.k) = 1}`, `{"a b" = uuid(), (vars.k) = 1}`},
		{`[1, uuid(), "a"]`, `[1, uuid(), "a"]`, `[1, uuid(), "a"]`},
		{`1 + 2 * var.n`, `"7"`, `7`},
		{`iteration + 1 + 1`, `iteration + 1 + 1`, `iteration + 1 + 1`},
		{`iteration + (1 + 1)`, `iteration + 2`, `iteration + 2`},
		{`iteration - (user.index - 1)`, `iteration - (user.index - 1)`, `iteration - (user.index - 1)`},
		{`(iteration * 2) % var.n == 0 && !(user.index > 1)`, `iteration * 2 % 3 == 0 && !(user.index > 1)`, `iteration * 2 % 3 == 0 && !(user.index > 1)`},
		{`(iteration + 1) * 2`, `(iteration + 1) * 2`, `(iteration + 1) * 2`},
		{`-iteration`, `-iteration`, `-iteration`},
		{`iteration > 1 ? "a" : "b${user.id}"`, `iteration > 1 ? "a" : "b${user.id}"`, `iteration > 1 ? "a" : "b${user.id}"`},
		{`(iteration > 1 ? 1 : 2) + 1`, `(iteration > 1 ? 1 : 2) + 1`, `(iteration > 1 ? 1 : 2) + 1`},
		{`upper(var.text)`, `"A B"`, `"A B"`},
		{`max(iteration, var.list...)`, `max(iteration, ["x", "y"]...)`, `max(iteration, ["x", "y"]...)`},
		{`[for x in var.list : upper(x) if x != "y"]`, `["X"]`, `["X"]`},
		{`[for x in response.json.tasks : x.id if x.n > var.n]`, `[for x in response.json.tasks : x.id if x.n > 3]`, `[for x in response.json.tasks : x.id if x.n > 3]`},
		{`{for k, v in response.json : k => v...}`, `{for k, v in response.json : k => v...}`, `{for k, v in response.json : k => v...}`},
		{`[for var in response.json : var.n]`, `[for var in response.json : var.n]`, `[for var in response.json : var.n]`},
		{`[for x in var.list : [for y in var.list : x == y]]`, `[[true, false], [false, true]]`, `[[true, false], [false, true]]`},
		{`[for x in response.json : [for y in var.list : "${y}${x}"]]`, `[for x in response.json : [for y in ["x", "y"] : "${y}${x}"]]`, `[for x in response.json : [for y in ["x", "y"] : "${y}${x}"]]`},
		{`response.json.tasks[*].id`, `response.json.tasks[*].id`, `response.json.tasks[*].id`},
		{`response.json.tasks[0]["id"]`, `response.json.tasks[0].id`, `response.json.tasks[0].id`},
		{`response.json[local.known]`, `response.json.k`, `response.json.k`},
		{`response.json[vars.k].x`, `response.json[vars.k].x`, `response.json[vars.k].x`},
		{`var.list[*]`, `["x", "y"]`, `["x", "y"]`},
		{`"%{ if iteration > 1 }a%{ else }b%{ endif }c"`, `"${iteration > 1 ? "a" : "b"}c"`, `"${iteration > 1 ? "a" : "b"}c"`},
		{`"%{ for x in vars.list }${x},%{ endfor }"`, `join("", [for x in vars.list : "${x},"])`, `"${join("", [for x in vars.list : "${x},"])}"`},
		{`local.open.x`, `("p-${var.missing}").x`, `("p-${var.missing}").x`},
		{`try(vars.a, var.missing)`, `try(vars.a, var.missing)`, `try(vars.a, var.missing)`},
	} {
		p := &printer{locals: map[string]hcl.Expression{"open": scopedExpression(t, `"p-${var.missing}"`).Expression}, written: map[string]string{}}
		e := scopedExpression(t, c.source)
		if got := p.text(e); got != c.text {
			t.Errorf("%s as text is %s, want %s", c.source, got, c.text)
		}
		if got := p.any(e); got != c.value {
			t.Errorf("%s is %s, want %s", c.source, got, c.value)
		}
	}
}

// TestCanonicalAgain shows that what is written means the same: read and
// written once more it stays.
func TestCanonicalAgain(t *testing.T) {
	p := &printer{written: map[string]string{}}
	for _, source := range []string{
		`"/${var.text}/${vars.id}$${x}"`, `iteration - (user.index - 1)`, `!(iteration == 1) || user.index >= 2 && true`,
		`{for k, v in response.json : k => v... if k != "a"}`, `response.json.tasks[*].id`, `[for x in response.json : x.id]`,
		`(iteration > 1 ? 1 : 2) + 1`, `-(iteration + 1)`, `{(vars.k) = "a\nb", z = one_of(1, "x")}`,
	} {
		once := p.any(scopedExpression(t, source))
		if twice := p.any(scopedExpression(t, once)); twice != once {
			t.Errorf("%s is %s and then %s", source, once, twice)
		}
	}
}

// TestCanonicalSecrets shows that a secret is compared but not written.
func TestCanonicalSecrets(t *testing.T) {
	exact := &printer{reveal: true, written: map[string]string{}}
	if got := exact.text(scopedExpression(t, `"Bearer ${var.token}"`)); got != `"Bearer s3cr3t"` {
		t.Errorf("what is compared is %s", got)
	}
}

// TestCanonicalLocals shows that locals made of locals stay short.
func TestCanonicalLocals(t *testing.T) {
	locals := map[string]hcl.Expression{}
	scope := map[string]cty.Value{}
	name := func(i int) string { return "l" + strings.Repeat("x", i) }
	for i := range 60 {
		source := `"${local.` + name(i-min(i, 1)) + `}${local.` + name(i-min(i, 1)) + `}"`
		if i == 0 {
			source = `var.missing`
		}
		locals[name(i)] = scopedExpression(t, source).Expression
		scope[name(i)] = cty.DynamicVal
	}
	e := scopedExpression(t, "local."+name(59))
	e.Scope.Variables["local"] = cty.ObjectVal(scope)
	p := &printer{locals: locals, written: map[string]string{}}
	if got := p.text(e); len(got) > 2*longestUse {
		t.Errorf("%d bytes are written", len(got))
	}
}
