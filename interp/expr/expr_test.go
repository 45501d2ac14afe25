package expr

import (
	"bytes"
	"encoding/base64"
	"errors"
	"math/big"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/tryfunc"
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
		Functions: testFunctions(),
	}
}

func testFunctions() map[string]function.Function {
	test := func(f func(a, b string) bool) function.Function {
		return function.New(&function.Spec{
			Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: "part", Type: cty.String}},
			Type:   function.StaticReturnType(cty.Bool),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return cty.BoolVal(f(args[0].AsString(), args[1].AsString())), nil
			},
		})
	}
	text := func(f func(string) string) function.Function {
		return function.New(&function.Spec{
			Params: []function.Parameter{{Name: "text", Type: cty.String}},
			Type:   function.StaticReturnType(cty.String),
			Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
				return cty.StringVal(f(args[0].AsString())), nil
			},
		})
	}
	return map[string]function.Function{
		"upper": stdlib.UpperFunc, "lower": stdlib.LowerFunc, "length": stdlib.LengthFunc, "jsonencode": stdlib.JSONEncodeFunc,
		"jsondecode": stdlib.JSONDecodeFunc, "format": stdlib.FormatFunc, "floor": stdlib.FloorFunc, "substr": stdlib.SubstrFunc,
		"strlen": stdlib.StrlenFunc, "replace": stdlib.ReplaceFunc, "join": stdlib.JoinFunc, "split": stdlib.SplitFunc,
		"trimspace": stdlib.TrimSpaceFunc, "trimprefix": stdlib.TrimPrefixFunc, "trimsuffix": stdlib.TrimSuffixFunc,
		"regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc, "min": stdlib.MinFunc, "max": stdlib.MaxFunc,
		"coalesce": stdlib.CoalesceFunc, "contains": stdlib.ContainsFunc, "keys": stdlib.KeysFunc, "lookup": stdlib.LookupFunc,
		"tostring": stdlib.MakeToFunc(cty.String), "tonumber": stdlib.MakeToFunc(cty.Number), "tobool": stdlib.MakeToFunc(cty.Bool),
		"try": tryfunc.TryFunc, "can": tryfunc.CanFunc, "parseint": stdlib.ParseIntFunc, "concat": stdlib.ConcatFunc, "element": stdlib.ElementFunc,
		"startswith": test(strings.HasPrefix), "endswith": test(strings.HasSuffix), "strcontains": test(strings.Contains),
		"urlencode": text(url.QueryEscape), "base64encode": text(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }),
	}
}

// testNames are the captures and the data of the plan that the tests play.
var testNames = &Names{
	Vars: []string{"big", "flag", "id", "item", "list", "name", "num", "unset", "zero"},
	Data: []*plan.Data{
		{Name: "users", Table: &plan.Table{Columns: []string{"name", "age", "extra", "none"}, Rows: [][]plan.Cell{
			{{Kind: plan.CellString, Text: "ann"}, {Kind: plan.CellNumber, Text: "31"}, {Kind: plan.CellJSON, Text: `{"z": [1, 2.50], "a": "x"}`}, {}},
			{{Kind: plan.CellString, Text: "b%2é"}, {Kind: plan.CellNumber, Text: "1.5e3"}, {Kind: plan.CellJSON, Text: "[7]"}, {}},
		}}},
		{Name: "words", Table: &plan.Table{Rows: [][]plan.Cell{{{Kind: plan.CellString, Text: "one"}}, {{Kind: plan.CellBool, Text: "true"}}, {{}}}}},
		{Name: "fetched"},
		{Name: "empty"},
	},
}

var testData = sync.OnceValue(func() []*Dataset {
	fetched := &plan.Table{Columns: []string{"id"}, Rows: [][]plan.Cell{{{Kind: plan.CellNumber, Text: "12345678901234567890"}}, {{Kind: plan.CellNull}}}}
	return []*Dataset{NewDataset(testNames.Data[0].Table), NewDataset(testNames.Data[1].Table), NewDataset(fetched), NewDataset(&plan.Table{})}
})

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
		Vars: []Value{
			{canonicalJSON(`{"a":[1,{"b":2}]}`)}, {boolean(true)}, {str("t-17")}, {canonicalJSON(`{"id":7,"name":"x y","tags":["a","b"]}`)},
			{canonicalJSON(`[1,"b",null]`)}, {str("a/b?c#d%41 \r\n")}, {str("1.50")}, {}, {integer(0)},
		},
		Data: testData(),
		Rows: []int32{0, 1, 0, -1},
		Answer: &Answer{
			Status: 201,
			Header: http.Header{"Content-Type": {"application/json"}, "X-Many": {"a", "b"}, "Set-Cookie": {"sid=abc; Path=/", "theme=\"d k\"", "sid=def", "bad"}},
			Time:   12345678 * time.Nanosecond,
			Body:   []byte(testBody),
		},
	}
}

const testBody = `{"id": 42, "name": "w\u00e9b \ud83d\ude00\ud800", "big": 12345678901234567890, "neg": -7, "dec": 12.50, "exp": 1.5e3, "ok": true, "none": null, "yes": "true",
	"items": [{"id": 3, "tag": "x"}, {"id": 4, "tag": null}, {"id": "5"}], "same": [{"id": 1}, {"id": 2}], "empty": [], "words": ["b", "a"], "obj": {"k v": {"deep": [[1], [2, 3]]}, "0": "zero"},
	"id2": 1, "id2": {"x": 1}, "\u0061b": "escaped", "x": "\"<\/é&\n"}`

// foreignFrame has the strings and the numbers that cause trouble.
func foreignFrame(seed uint64) *Frame {
	f := testFrame(seed)
	f.Answer.Body = []byte("[1, {\"a\": \"\xff\"}]")
	f.Answer.Status, f.Answer.Time = 503, 0
	f.Vars = []Value{{integer(1)}, {str("maybe")}, {}, {canonicalJSON("[]")}, {canonicalJSON(`[[2]]`)}, {str("\u0301é")}, {number(big.NewFloat(0.1))}, {str("u")}, {integer(-3)}}
	f.Rows = []int32{1, 2, 1, -1}
	f.UserID, f.UserIndex, f.UserClass, f.Iteration = "%4e\u0301é<\u2028", 0, "\u0301ü\n", -1<<63
	return f
}

var encodings = map[Encoding]string{Plain: "plain", Path: "path", Query: "query", Header: "header", JSON: "json"}

// agree holds the compiled form against HCL's own evaluation.
func agree(tb testing.TB, e plan.Expression, enc Encoding, frame func(uint64) *Frame, seed uint64) {
	tb.Helper()
	want, wantErr := interpret(e, testNames, enc, frame(seed))
	p, diags := testNames.Compile(e, enc)
	if diags.HasErrors() {
		if wantErr == nil {
			tb.Errorf("%s: compiling says %v, but HCL gives %q", encodings[enc], diags, want)
		}
		return
	}
	f := frame(seed)
	got, err := p.Append([]byte("> "), f)
	switch {
	case err != nil && wantErr == nil && strings.HasSuffix(err.Error(), errExcessive.Error()) && excessiveDigits.Match(want):
		// HCL has no bound; here numbers have one.
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

// excessiveDigits is in what HCL writes of a number that is out of range here.
var excessiveDigits = regexp.MustCompile(strings.Repeat("[0-9]{617}", 2))

// agreeing are expressions for which nothing but agreement with HCL is asked.
var agreeing = []string{
	`"/api/tasks/${user.index}"`, `"${user["id"]}"`, `user.class`, `user`, `user.nope`, `user.id.x`, `iteration.x`,
	`"a ${user.id} b%${iteration}0"`, `"%${user.index}"`, `"x${var.accent}${user.id}${var.accent}"`, `"e${user.class}"`, `"${user.id}%2"`,
	`"a b ${uuid()}<${vars.name}>${uuid()}"`, `"${random_int(1, 9)}%4${vars.num}"`, `"${uuid()}%${user.class}41"`, `"${vars.unset}${uuid()}"`, `"${uuid()}${vars.item}"`, `"e${user.class}${uuid()}\u0301"`,
	`"1${uuid()}2${iteration}3${iteration}4${user.id}5${user.id}6${user.id}7${user.index}8${user.class}9${vars.name}"`, `"1${iteration}2${iteration}3${iteration}4${iteration}5${iteration}6${iteration}7${iteration}8${vars.name}"`,
	`[uuid(), "a<${uuid()}${vars.name}>", "${user.class}", "${vars.id}", vars.name]`, `{b = "${uuid()}é${user.class}", a = jsonencode("x${vars.name}${uuid()}")}`,
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
	`vars.id`, `vars.name`, `vars.num`, `vars.num + 1`, `vars.unset`, `vars.unset == null`, `"x-${vars.unset}"`, `vars.nope`, `vars.item`, `vars.item.id`, `vars.item.tags[1]`, `vars.item["name"]`, `vars.item.nope`,
	`vars.list[0] + 1`, `vars.list[2]`, `vars.list[3]`, `vars.list["0"]`, `vars.list[-1]`, `vars.list.x`, `vars.id.x`, `vars.unset.x`, `vars.list[*]`, `vars.item.tags[*]`, `vars.id[*]`, `vars.unset[*]`, `vars.big.a[1].b`, `vars`, `vars["id"]`,
	`"${vars.item}"`, `{a = vars.item, b = vars.unset, c = vars.num, d = vars.flag}`, `vars.flag ? vars.id : "x"`, `vars.unset != null ? vars.unset : "none"`, `vars.flag ? vars.item : null`, `vars.flag ? vars.item : vars.list`, `vars.flag ? vars.list : [1, 2]`,
	`vars.flag ? vars.big : vars.item`, `(vars.flag ? vars.big : vars.item).id`, `length(vars.flag ? vars.list : vars.item.tags)`, `vars.item == vars.item`, `vars.item == vars.big`, `vars.list == ["x"]`, `vars.num == 1.5`, `!vars.flag`, `vars.flag && vars.unset == null`, `vars.flag || vars.unset`, `vars.unset && vars.flag`, `vars.flag && vars.item`,
	`vars.num == "1.50"`, `-vars.num`, `vars.num * 2 == 3`, `vars.zero - 1`, `vars.zero / 3`, `1 / vars.zero`, `vars.list[vars.zero]`, `vars.list[vars.zero + 1]`, `vars.item[vars.flag ? "id" : "name"]`, `vars.item.tags[user.index % 2]`, `vars.list[vars.unset]`, `vars.list[vars.item]`, `vars.item[vars.id]`, `vars.list[0.5]`,
	`row.users.name`, `row.users.age + 1`, `row.users.extra.z[1]`, `row.users.extra`, `row.users.none`, `row.users`, `row.users.nope`, `row.words`, `row.words.x`, `row.fetched.id`, `row.fetched`, `row.empty`, `row.empty.x`, `row`, `row.nope`, `row.users["name"]`, `{a = row.users.age, b = row.fetched.id}`, `"/u/${row.users.name}"`, `row.users[0]`, `row.users.extra[0]`,
	`pick(data.users)`, `pick(data.users).name`, `pick(data.words)`, `pick(data.empty)`, `pick(data.fetched).id`, `pick(data.users).extra.z[0]`, `pick(data.users)["age"] * 2`, `pick(data.nope)`, `pick(user.id)`, `{a = pick(data.users), b = pick(data.words)}`, `[for i in [1, 2]: pick(data.users).name]`, `pick(data.users)[vars.zero]`, `pick(data.users).nope`, `"${pick(data.words)}-${uuid()}"`,
	`response.status`, `response.status == 201`, `response.status < 300 && response.json.ok`, `response.time < 500`, `response.time`, `response.time * 2`, `response.time + 0.1`, `response.time == 12.345678`, `-response.time`, `floor(response.time)`, `response.body`, `response.body == "x"`, `response.json`, `response`, `response.nope`, `response.status.x`,
	`response.json.id`, `response.json.name`, `response.json.big`, `response.json.big + 1`, `response.json.neg`, `-response.json.neg`, `response.json.dec`, `response.json.dec * 2`, `response.json.dec > 12.4`, `response.json.dec == 12.5`, `response.json.exp`, `response.json.none`, `response.json.none == null`, `response.json.none.x`, `response.json.nope`, `response.json.id.x`, `response.json["obj"]["k v"].deep[1][0]`,
	`response.json.obj["0"]`, `response.json.obj[0]`, `response.json.items[0].id`, `response.json.items[7].id`, `response.json.items[-1]`, `response.json.items["1"].tag`, `response.json.items[user.index % 2].id`, `response.json.items[random_int(0, 2)].id`, `response.json.items.id`, `response.json.items[*].id`, `response.json.items[*].tag`, `response.json.items[*].nope`, `response.json.items.*.id`, `response.json.id[*]`, `response.json.none[*]`, `response.json.items[*]`, `response.json.obj[*]["k v"].deep[0]`,
	`response.json.same[*].id`, `length(response.json.items)`, `length(response.json.items[*].id)`, `length(response.json)`, `length(response.json.name)`, `length(response.json.none)`, `length(response.json.empty)`, `length(response.headers)`, `one_of(response.json.items[*].id...)`, `one_of("x", uuid(), response.json.items...)`, `one_of(response.json.empty...)`, `one_of(response.json.id...)`, `one_of(response.json.none...)`, `one_of(response.json.words...)`, `one_of([for x in response.json.items: x.id]...)`,
	`join(",", response.json.words)`, `join("-", response.json.items[*].id)`, `join(",", response.json.items[*].tag)`, `join(",", response.json.items)`, `join(",", response.json.words, response.json.empty, vars.item.tags)`, `join(",", response.json)`, `join(response.json.id, response.json.words)`, `join(",", vars.list)`, `join(",")`, `join("́", response.json.words)`,
	`response.json.yes && true`, `response.json.ok && response.json.yes`, `response.json.id && true`, `response.json.nope || true`, `response.json.nope && false`, `response.json.none || true`, `response.json.ok ? response.json.id : "none"`, `response.json.ok ? response.json.nope : "none"`, `response.json.ok ? "some" : response.json.nope`, `response.json.ok ? response.json.items : null`, `response.json.ok ? response.json.items : response.json.words`, `response.json.ok ? response.json.items : []`, `response.json.none ? 1 : 2`, `response.json.items ? 1 : 2`, `response.json.yes ? 1 : 2`,
	`{a = response.json, b = response.json.items[*].id}`, `response.json.id2`, `response.json.id2.x`, `response.json.ab`, `response.json.x`, `response.json.obj == {"0" = "zero", "k v" = {deep = [[1], [2, 3]]}}`, `response.json.items[*].id == [3, 4, "5"]`, `[for x in response.json.items: x.id if x.tag != null]`, `{for i, x in response.json.items: "k${i}" => x.id}`, `"%{ for x in response.json.items }${x.id} %{ endfor }"`, `response.json[1].a`, `response.json[1]`, `response.json[*]`,
	`response.headers["content-type"]`, `response.headers.x-many`, `response.headers["X-Many"]`, `response.headers.nope`, `response.headers`, `[for k, v in response.headers: k]`, `keys(response.headers)`, `contains(keys(response.headers), "x-many")`, `lookup(response.headers, "x", "none")`, `try(response.headers.nope, "none")`, `response.cookies.sid`, `response.cookies["theme"]`, `response.cookies.nope`, `response.cookies`, `response.headers["content-type"].x`, `startswith(response.headers["content-type"], "application/json")`,
	`try(response.json.nope, null)`, `try(response.json.nope.x, response.json.none.x, "z")`, `try(response.json.id, uuid())`, `try(uuid() + 1, uuid())`, `try(response.json.items, "x")`, `"${try(response.json.items, "x")}"`, `try(response.json.nope, 1 / 0)`, `try()`, `try(null, 1)`, `try(nope, 2)`, `try(upper(null), user.id)`, `{a = try(response.json.items[0], {}), b = try(response.json[1], 1)}`, `can(response.json.nope)`, `can(response.json.id)`, `can(1 / 0) || can(user.id)`, `[for x in response.json.items: try(x.tag, "none")]`, `[for x in response.json.items: can(x.nope)]`, `[for x in [1, 2]: try(x + uuid(), x)]`, `try(random_int(2, 1), uuid())`, `"${try(null, 1)}"`,
	`try(vars.list, vars.item)[0]`, `try(vars.unset.x, [1])[0]`, `length(try(response.json.items, []))`, `length(try(response.json.nope, [1, 2]))`, `try(response.json.nope, [1]) == [1]`, `coalesce(vars.unset, "x")`, `coalesce(vars.unset, vars.id)`, `coalesce(vars.unset, null)`, `coalesce(vars.unset, 1, "x")`, `coalesce(var.none, 5)`, `coalesce(var.nonum, "x", true)`, `coalesce(5, var.none)`, `coalesce(vars.item, vars.list)`, `coalesce(vars.unset, vars.item)`, `coalesce()`, `coalesce(vars.flag, "x")`, `coalesce(one_of(null, 1), "x")`, `length(coalesce(vars.unset, vars.list))`, `coalesce(uuid(), 1)`,
	`lower(response.json.name)`, `upper(vars.unset)`, `upper(vars.item)`, `lower(vars.num)`, `trimspace(" ${user.id}\n")`, `trimprefix(vars.id, "t-")`, `trimsuffix(vars.id, 17)`, `startswith(vars.id, "t")`, `endswith(vars.id, user.id)`, `strcontains(response.body, "deep")`, `replace(vars.name, "/", "-")`, `replace(vars.id, "", user.id)`, `replace(vars.id, "-", "́")`, `substr(vars.id, 0, 1)`, `substr(vars.name, 1, -1)`, `substr(vars.id, -2, 2)`, `substr(user.class, 0, 1)`, `substr(vars.id, 9, 9)`, `substr(vars.id, 0.5, 1)`, `substr(vars.id, "1", vars.zero)`, `strlen(vars.name)`, `strlen(user.class)`, `upper(user.id, 1)`, `upper()`,
	`urlencode(vars.name)`, `base64encode("${user.id}:x")`, `tostring(vars.num)`, `tostring(vars.unset)`, `tostring(vars.item)`, `tostring(user.index / 4)`, `tonumber(vars.num)`, `tonumber(vars.id)`, `tonumber(vars.unset)`, `tonumber(true == (user.index == 41))`, `tonumber(vars.num) + 1`, `tobool(vars.flag)`, `{a = tostring(vars.unset), b = tonumber("${user.index}")}`, `min(user.index, 7)`, `max(user.index, vars.num, 3)`, `min(vars.zero, -0.5)`, `max()`, `max(vars.id)`, `min(response.json.same[*].id...)`, `max(vars.unset, 1)`, `max(response.time, user.index)`, `max(length(local.ids), 1) / 3`,
	`contains([200, 201], response.status)`, `contains(["t-17", "u"], vars.id)`, `contains(response.json.words, "a")`, `contains(response.json.items[*].id, 4)`, `contains(response.json.items, {id = 4, tag = null})`, `contains(response.json, 1)`, `contains(local.mix, vars.unset)`, `contains(local.ids, user.id)`, `contains([], user.id)`, `contains(response.json.empty, vars.unset)`, `contains(local.none, 1 / (iteration - 7))`, `contains(toset(["a"]), user.id)`, `contains(["1"], 1 + user.index)`, `contains(vars.unset, 1)`,
	`regex("id\": (\\d+)", response.body)[0]`, `regex("t-(\\d+)|(u)", vars.id)`, `regex("t-(\\d+)|(u)", vars.id)[1]`, `regex("t-(\\d+)|(u)", vars.id)[2]`, `regex("(?P<n>\\d+)", response.body).n`, `regex("(?P<n>\\d+)", response.body)`, `regex("(?P<n>\\d+)(x)", response.body)`, `regex("[a-z]+", user.id)`, `regex("zzz", user.id)`, `regex("(", user.id)`, `regex(user.id, "user-000042")`, `try(regex("zzz", user.id), "no")`, `{a = regex("(\\d+)-?(x)?", user.id)}`, `regex("\\d", user.index)`, `regex("(.)", vars.unset)`, `regex("..", user.class)`, `regex("[a-z]+", user.id).x`,
	`format("%s-%05d", vars.id, user.index)`, `format("%d%%", user.index)`, `format("%d", user.index / 2)`, `format("%d", vars.num)`, `format("%03d", iteration - 9)`, `format("%v", vars.list)`, `format("%s", vars.unset)`, `format("%s", vars.item)`, `format("%s")`, `format("%s", 1, user.id)`, `format("%.2f", response.time)`, `format(user.id)`, `format("%ś", user.id)`, `format("%d", "${user.index}")`, `format("%5d", user.index)`, `format("%s", user.index > 1)`, `format("%q", user.id)`, `format("%x", user.index)`,
	`jsonencode(vars.item)`, `jsonencode({a = response.json.items, b = uuid()})`, `jsonencode(null)`, `jsonencode(vars.unset)`, `jsonencode("${user.id}é")`, `jsondecode(jsonencode({a = user.index})).a`, `jsondecode(response.body).id`, `jsondecode(vars.id)`, `split("-", user.id)[1]`, `split(",", vars.id)`, `length(split("-", user.id))`, `element(local.ids, user.index)`, `concat(vars.list, [1])`, `parseint(vars.num, 10)`, `parseint("12", 10 + vars.zero)`,
	`local.user[vars.flag ? "age" : "name"]`, `local.mix[user.index % 3]`, `local.ids["${iteration % 2}"]`, `local.ids[user.id]`, `local.ids[-iteration]`, `local.user[user.index]`, `local.ids[null == vars.unset ? 0 : 1]`, `local.none[user.index]`, `local.user[vars.item]`, `[1.5, 2][user.index % 2] / 3`, `[true, "x"][user.index % 2]`, `{a = 1, b = "x"}[user.index > 1 ? "b" : "a"]`, `{true = 1}[user.index > 1]`,
	`[for x in vars.list: x == null ? user.id : x]`, `[for x in local.ids: "${x}-${vars.id}"]`, `{for x in response.json.words: x => upper("${x}${user.id}")}`, `[for i in [0, 1]: response.json.items[i].id]`, `[[1, [2]], [3]][*][0]`, `[{a = user}][*].a.index`, `[[{b = user.id}]][*][*].b`, `response.json.items[*].id[0]`, `[for x in response.json.items[*]: x.id]`, `[for user in vars.item.tags: user]`, `[for vars in [1]: vars]`, `{(vars.id) = 1}`, `{"${vars.id}" = vars.item.tags}`, `{vars.id = 1}`, `upper(join(",", [for x in response.json.words: "${x}${one_of("p", "q")}"]))`,
	`"${vars.num}" + 1`, `[for x in [vars.num, "2"]: x * 2]`, `nope(user.id)`, `nope.x + user.index`, `"${user.id}${nope}"`, `[user.id, nope]`,
}

func TestCompiledEqualsInterpreted(t *testing.T) {
	for _, source := range agreeing {
		t.Run(source, func(t *testing.T) {
			e := parse(t, source)
			for enc := range encodings {
				for seed := range seeds(source) {
					agree(t, e, enc, testFrame, seed)
					agree(t, e, enc, foreignFrame, seed)
				}
			}
		})
	}
}

// seeds is how often to try an expression: more than once only if it draws.
func seeds(source string) uint64 {
	for _, draws := range []string{"uuid", "random", "one_of", "pick"} {
		if strings.Contains(source, draws) {
			return 12
		}
	}
	return 1
}
