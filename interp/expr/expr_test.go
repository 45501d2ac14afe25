package expr

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"bossplan/plan"
)

// testScope is what the loader would give: static names and pure functions.
func testScope() *hcl.EvalContext {
	return &hcl.EvalContext{
		Variables: map[string]cty.Value{
			"var": cty.ObjectVal(map[string]cty.Value{
				"env":    cty.StringVal("prod"),
				"token":  cty.StringVal("s3cret").Mark("sensitive"),
				"none":   cty.NullVal(cty.String),
				"nonum":  cty.NullVal(cty.Number),
				"any":    cty.NullVal(cty.DynamicPseudoType),
				"three":  cty.NumberIntVal(3),
				"half":   cty.NumberFloatVal(0.5),
				"yes":    cty.True,
				"accent": cty.StringVal("\u0301"),
				"nasty":  cty.StringVal("a b<&>\"\\%4\u2028é\x01\n"),
			}),
			"local": cty.ObjectVal(map[string]cty.Value{
				"ids":  cty.ListVal([]cty.Value{cty.StringVal("x"), cty.StringVal("y z")}),
				"mix":  cty.TupleVal([]cty.Value{cty.NumberIntVal(1), cty.StringVal("b"), cty.NullVal(cty.DynamicPseudoType)}),
				"user": cty.ObjectVal(map[string]cty.Value{"name": cty.StringVal("n"), "age": cty.NumberIntVal(7)}),
				"none": cty.EmptyTupleVal,
			}),
		},
		Functions: map[string]function.Function{
			"upper": stdlib.UpperFunc, "length": stdlib.LengthFunc, "jsonencode": stdlib.JSONEncodeFunc,
			"format": stdlib.FormatFunc, "floor": stdlib.FloorFunc, "substr": stdlib.SubstrFunc,
		},
	}
}

func parse(tb testing.TB, source string) plan.Expression {
	tb.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(source), "plan.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		tb.Fatalf("%s: %v", source, diags)
	}
	return plan.Expression{Expression: e, Scope: testScope()}
}

func testFrame(seed uint64) *Frame {
	return &Frame{
		UserID:    "user-000042",
		UserIndex: 41,
		UserClass: "member",
		Iteration: 7,
		Rand:      rand.New(rand.NewPCG(seed, 1)),
		Now:       func() time.Time { return time.Date(2026, 11, 5, 9, 7, 3, 42e6, time.FixedZone("", 3600)) },
	}
}

// foreignFrame has the strings and the numbers that cause trouble.
func foreignFrame(seed uint64) *Frame {
	f := testFrame(seed)
	f.UserID, f.UserIndex, f.UserClass, f.Iteration = "%4e\u0301é<\u2028", 0, "\u0301ü\n", -1<<63
	return f
}

var encodings = map[Encoding]string{Plain: "plain", Path: "path", Query: "query", Header: "header", JSON: "json"}

// interpret evaluates e with HCL's own evaluator and encodes the result. It is
// what a compiled program must agree with, byte for byte and draw for draw, and
// is a thousand times slower.
func interpret(e plan.Expression, enc Encoding, f *Frame) ([]byte, error) {
	tree := unwrap(e.Expression)
	v, err := evaluate(tree, e.Scope, f)
	if err != nil {
		return nil, err
	}
	if enc == JSON {
		return appendCtyJSON(nil, v, tree.Range())
	}
	text, err := appendCtyText(nil, v, tree.Range())
	if err != nil {
		return nil, err
	}
	if text, err = encode(text, 0, enc); err != nil {
		return nil, at(err, tree.Range())
	}
	return text, nil
}

// agree holds the compiled form against HCL's own evaluation.
func agree(tb testing.TB, e plan.Expression, enc Encoding, frame func(uint64) *Frame, seed uint64) {
	tb.Helper()
	want, wantErr := interpret(e, enc, frame(seed))
	p, diags := Compile(e, enc)
	if diags.HasErrors() {
		if wantErr == nil {
			tb.Errorf("%s: compiling says %v, but HCL gives %q", encodings[enc], diags, want)
		}
		return
	}
	f := frame(seed)
	got, err := p.Append([]byte("> "), f)
	switch {
	case (err == nil) != (wantErr == nil), (err == ErrNull) != (wantErr == ErrNull):
		tb.Errorf("%s: got %q, error %v; HCL gives %q, error %v", encodings[enc], got, err, want, wantErr)
	case err != nil && string(got) != "> ":
		tb.Errorf("%s: after an error dst is %q", encodings[enc], got)
	case err != nil:
		if placed := (*Error)(nil); err != ErrNull && !errors.As(err, &placed) {
			tb.Errorf("%s: %v has no place", encodings[enc], err)
		}
	case !bytes.Equal(got[2:], want):
		tb.Errorf("%s: got %q; HCL gives %q", encodings[enc], got[2:], want)
	}
	if text, ok := p.Static(); ok && err == nil && !bytes.Equal(text, want) {
		tb.Errorf("%s: static text %q; HCL gives %q", encodings[enc], text, want)
	}
}

// agreeing are expressions for which nothing but agreement with HCL is asked.
var agreeing = []string{
	`"/api/tasks/${user.index}"`, `"${user["id"]}"`, `user.class`, `user`, `user.nope`, `user.id.x`, `iteration.x`,
	`"a ${user.id} b%${iteration}0"`, `"%${user.index}"`, `"x${var.accent}${user.id}${var.accent}"`, `"e${user.class}"`, `"${user.id}%2"`,
	`"${var.env}/${upper(var.env)}/${1 + 2}"`, `upper(user.id)`, `"${upper(user.class)}-${uuid()}"`, `length([uuid(), user.id])`,
	`uuid()`, `uuid(1)`, `random_int(1, 6)`, `random_int(6, 1)`, `random_int("1", user.index)`, `random_int(1.5, 2)`,
	`random_int(-9223372036854775808, 9223372036854775807)`, `random_int(user.index, 3)`, `random_int(user.id, 3)`, `random_int(1, null)`,
	`random_int(1e30, 1e31)`, `random_int(true, 1)`, `random_int(1)`, `random_int([1, 2]...)`,
	`random_string(12)`, `random_string(0)`, `random_string(-1)`, `random_string(iteration)`, `random_string(2e6)`, `random_string(user.index / 2)`,
	`one_of("a", "b", "c d")`, `one_of(1, 2.5, "x", true)`, `one_of(uuid(), random_int(1, 9), user.id)`, `one_of(null, 1)`, `one_of()`,
	`one_of(local.ids...)`, `one_of(local.mix...)`, `one_of(local.none...)`, `one_of({a = uuid()}, [1, user.id], "x")`, `one_of(1 / 0, 2)`,
	`one_of([user.id]...)`, `one_of(local.user, 1)`, `one_of(var.none, var.nonum)`, `"${one_of("a", null)}"`,
	`now()`, `now("unix")`, `now("unix_ms")`, `now("YYYY-MM-DD'T'hh:mm:ssZ")`, `now("QQ")`, `now(user.class)`, `now(null)`, `now("a", "b")`, `now(upper("yyyy"))`,
	`user.index > 40 ? "?page=${user.index}" : ""`, `user.index > 50 ? uuid() : random_string(3)`, `random_int(0, 1) == 0 ? uuid() : "x${random_int(1, 99)}"`,
	`user.index > 1 ? 1 : "x"`, `user.index > 1 ? null : "x"`, `user.index > 50 ? null : user.index`, `user.index > 1 ? 1 : true`, `user.index ? 1 : 2`,
	`user.index > 1 ? one_of(1, "a") : one_of(2, true)`, `user.index > 1 ? one_of(1, "a", true) : 2`, `user.index > 1 ? 2 : one_of("a", null)`,
	`user.index > 1 ? {a = 1} : {a = 2}`, `user.index > 1 ? [1] : null`, `one_of(true, false) ? 1 : 2`, `one_of("true", 1) ? 1 : 2`, `one_of(null, true) ? 1 : 2`,
	`user.index > 50 ? 1 / 0 : 2`, `user.index > 50 ? "x" : random_int(2, user.index - 40)`, `(user.index > 50 ? random_int(2, 1) : 3) == 3`,
	`user.index > 1 ? 5 : random_int(5, iteration - 7)`, `user.index > 1 ? "5" : random_int(5, iteration - 7)`, `user.index > 1 ? 5 : random_string(iteration - 9)`,
	`user.index > 1 && var.none != null ? "${var.none}" : "b"`, `"${var.none}x${user.id}"`, `var.none`, `var.any`, `null`, `"${user.id == "" ? null : "a"}"`,
	`user.index + 1`, `user.index * iteration - 3`, `user.index / 3`, `user.index / iteration`, `iteration / user.index`, `-user.index`, `-iteration`, `iteration * -1`, `0 * -iteration`,
	`user.index % 7`, `-user.index % 7`, `user.index % -7`, `user.index % 0`, `user.index % length(local.ids)`, `user.index / length(local.ids)`, `user.index % 1.5`,
	`iteration * iteration * iteration`, `iteration - 1`, `user.index - 9223372036854775807 - 99`, `user.index + 0.1 + 0.2 == 41.3`, `"1" + user.index`, `user.id + 1`, `true + user.index`, `null + user.index`,
	`one_of(length(local.ids), var.three) / one_of(var.three, 7)`, `one_of(var.three) % one_of(7)`, `2 / (var.three % user.index) + user.index`, `length(local.ids) / (var.three % user.index)`, `var.half * user.index`, `(user.index + var.half) * 2 == 83`, `1 / user.index / user.index`,
	`user.index == "41"`, `user.id == "user-000042"`, `user.id != null`, `null == one_of(null, 1)`, `user.index == 41.0`, `user.id == local.ids`, `user.index == true`, `uuid() == uuid()`,
	`user.index < "100"`, `user.id < 1`, `user.index >= 41 && iteration <= 7`, `user.index > 41 || !(iteration == 7)`, `!user.id`, `!user.index`, `!one_of("true", false)`, `-user.id`, `-one_of("1", 2)`, `-(user.index == 1)`,
	`user.index > 1 || 1 / (iteration - 7) > 1`, `1 / (iteration - 7) > 1 && user.index > 1`, `1 / (iteration - 7) > 1 || user.index > 1`, `"${user.index > 1}" && true`, `null && user.index > 1`, `user.index > 0 && "true"`,
	`"tr${one_of(null, "u")}e" || user.index > 1`, `user.index > 1 && random_int(1, 2) == 1 && random_int(1, 2) == 2`,
	`"%{ if user.index > 1 }yes%{ else }no%{ endif } ${uuid()}"`, `"%{ for x in local.ids }${x}-${user.id} %{ endfor }"`, `[for i in [1, 2]: "${user.id}-${i}"]`,
	`{for k in local.ids: k => random_int(1, 9)}`, `[for user in local.ids: user]`, `local.ids[user.index % 2]`, `local.ids[*]`, `[{a = user.id}][*].a`, `local.user[user.class]`, `(user).id`, `{a = user}.a.index / 3`,
	`{id = uuid(), name = "n-${user.id}", n = random_int(1, 99), tags = ["a", user.class], nested = {z = iteration, a = null}, "k<" = true}`,
	`{b = uuid(), a = random_int(1, 99), c = {y = uuid(), x = one_of(1, "a")}}`, `{a = 1, a = uuid()}`, `{(user.id) = 1}`, `{"${user.id}" = 1}`, `{(null) = user.id}`, `{(var.env) = user.id, null = 1}`, `{user.id = 1}`,
	`[user.id, user.index, [uuid()], {}, null, 1.50, 1e3, "é<"]`, `{a = "x${var.nasty}${user.id}"}`, `{a = var.nasty}`, `{a = user.index > 1 ? null : 2}`, `{a = user.index > 1 ? 1 : "x"}`, `{a = user.index / 4}`,
	`{a = 1 / (iteration - 7)}`, `jsonencode({a = user.id})`, `{a = jsonencode({b = uuid()})}`, `[local.user, local.mix, user.id]`, `{a = user.index > 1 ? {b = uuid()} : {b = "x"}}`,
	`(("x-${(user.id)}"))`, `"${"${user.index}"}"`, `"${[user.id]}"`, `{a = "${user.index}"}`, `{a = "${user.index}${user.id}"}`, `"a\r\n${user.id}"`, `"${var.token}-${user.id}"`,
	`{a = one_of(user.id, var.nasty), b = one_of(local.mix...)}`, `format("%s-%05d", user.id, user.index)`, `floor(user.index / 2) * 2`, `substr(uuid(), 0, 8)`,
	`user.index == 41 ? var.none : 5`, `user.index == 41 ? 5 : var.none`, `user.index == 41 ? var.nonum : 5`, `{a = user.index == 41 ? 5 : var.none}`, `{a = user.index == 41 ? (iteration == 7 ? null : 5) : "x"}`,
	`nope(user.id)`, `nope.x + user.index`, `"${user.id}${nope}"`, `[user.id, nope]`,
}

func TestCompiledEqualsInterpreted(t *testing.T) {
	for _, source := range agreeing {
		t.Run(source, func(t *testing.T) {
			e := parse(t, source)
			for enc := range encodings {
				for seed := range uint64(12) {
					agree(t, e, enc, testFrame, seed)
					agree(t, e, enc, foreignFrame, seed)
				}
			}
		})
	}
}
