package expr

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"bossplan/interp/expr/jsonwalk"
	"bossplan/plan"
)

func evaluator(tb testing.TB, source string) *Evaluator {
	tb.Helper()
	ev, diags := testNames.Evaluator(parse(tb, source))
	if diags.HasErrors() {
		tb.Fatalf("%s: %v", source, diags)
	}
	return ev
}

// answered is a frame with an answer of body.
func answered(body string) *Frame {
	f := testFrame(1)
	f.Answer.Body = []byte(body)
	return f
}

func TestBool(t *testing.T) {
	for source, want := range map[string]string{
		`response.status == 201`:                             "true",
		`response.status == 200 && response.json.ok`:         "false",
		`response.json.ok`:                                   "true",
		`response.json.yes`:                                  "true",
		`response.json.none`:                                 "plan.hcl:1,1-19: the condition is null; it must be true or false",
		`response.json.id`:                                   "plan.hcl:1,1-17: a bool is required; write true or false",
		`response.json.items`:                                "plan.hcl:1,1-20: a bool is required; write true or false",
		`response.json.nope`:                                 `plan.hcl:1,1-19: there is no attribute "nope"`,
		`response.json.items[3].id`:                          "plan.hcl:1,1-26: there is no element 3",
		`response.json.none.id`:                              `plan.hcl:1,1-22: there is no attribute "id" of a null`,
		`response.json.id.x`:                                 `plan.hcl:1,1-19: there is no attribute "x" of what is not an object or a list`,
		`response.time < 500 && vars.unset == null`:          "true",
		`[for x in response.json.items: x.id][0] == 3`:       "true",
		`[for x in response.json.items: x.none][0] == 3`:     "plan.hcl:1,33-38: Unsupported attribute",
		`[for x in response.json.nope: x.id][0] == 3`:        `plan.hcl:1,11-29: there is no attribute "nope"`,
		`response.headers["content-type"] == "text/html"`:    "false",
		`response.headers.nope == ""`:                        "plan.hcl:1,1-22: the answer has no such header or cookie",
		`can(regex("^[0-9]+$", response.json.id))`:           "true",
		`length(response.json.items) == 3`:                   "true",
		`contains([200, 201], response.status)`:              "true",
		`vars.item.id == 7 && row.users.name == "ann"`:       "true",
		`try(response.json.nope, true)`:                      "true",
		`response.cookies.sid == "def"`:                      "true",
		`response.json.big == 12345678901234567890`:          "true",
		`"${response.json.big}" == "12345678901234567890"`:   "false",
		`response.json.obj["k v"].deep[1][0] == 2`:           "true",
		`response.json.items[*].id == [3, 4, "5"]`:           "true",
		`"${response.json.dec}-${response.json.neg}" == "x"`: "false",
		`substr(response.body, 0, 1) == "{" && vars.flag`:    "true",
		`startswith(response.headers["x-many"], "a, b")`:     "true",
		`row.empty == null && can(row.empty.x)`:              "false",
		`response.json == null`:                              "false",
		`format("%03d", response.json.id) == "042"`:          "true",
		`upper(vars.unset) == ""`:                            "plan.hcl:1,7-17: an argument is null",
		`"${vars.unset}" == ""`:                              "false",
		`"a${vars.unset}" == ""`:                             "plan.hcl:1,5-15: the value is null, but a template needs text",
		`"a${vars.item}" == ""`:                              "plan.hcl:1,5-14: a string is needed, but this is an object or a list; use jsonencode to make text of it",
		`response.json.items[*].none == []`:                  `plan.hcl:1,1-28: there is no attribute "none"`,
		`coalesce(vars.unset, vars.unset) == ""`:             "plan.hcl:1,1-33: all values are null, or of types that have nothing in common",
		`vars.list[response.json.none] == 1`:                 "plan.hcl:1,1-30: the key in square brackets is null",
		`pick(data.empty) == ""`:                             "plan.hcl:1,1-17: the data has no rows to pick from",
		`row.empty.x == ""`:                                  "plan.hcl:1,1-12: no row of the data was drawn",
		`pick(data.users).nope == ""`:                        "plan.hcl:1,1-22: the data has no such column",
	} {
		got, err := evaluator(t, source).Bool(testFrame(1))
		text := "false"
		if got {
			text = "true"
		}
		if err != nil {
			text = err.Error()
		}
		if text != want {
			t.Errorf("%s: %s, want %s", source, text, want)
		}
	}
}

func TestInt(t *testing.T) {
	for source, want := range map[string]int64{`3`: 3, `response.json.id`: 42, `vars.item.id * 2`: 14, `length(response.json.items)`: 3, `"5"`: 5, `vars.num`: -1, `response.json.none`: -1, `1e30`: -1, `vars.list`: -1} {
		got, err := evaluator(t, source).Int(testFrame(1))
		if placed := (*Error)(nil); err != nil && !errors.As(err, &placed) || err == nil && got != want || err != nil && want >= 0 {
			t.Errorf("%s: %d, %v", source, got, err)
		}
	}
}

func TestNotJSON(t *testing.T) {
	for _, body := range []string{"", "<html>", `{"id": 1`, `{"id": 1}}`, `{"id": 1e99999}`, `{"id": ` + strings.Repeat("9", 5000) + "}", strings.Repeat("[", 1<<20)} {
		for source, want := range map[string]string{
			`response.json.id == 1`:                "plan.hcl:1,1-17: the answer is not JSON",
			`[for x in response.json.id: x] == []`: "plan.hcl:1,11-27: the answer is not JSON",
			`response.json == null`:                "true",
			`try(response.json.id, null) == null`:  "true",
			`can(response.json.id)`:                "false",
		} {
			got, err := evaluator(t, source).Bool(answered(body))
			if text := map[bool]string{true: "true", false: "false"}[got]; err == nil && text != want || err != nil && err.Error() != want {
				t.Errorf("%.20s: %s: %v, %v", body, source, got, err)
			}
		}
	}
}

// TestCapture keeps values and overwrites the answer that they came from.
func TestCapture(t *testing.T) {
	for source, want := range map[string]string{
		`response.json.id`:                          `42`,
		`response.json.big`:                         `12345678901234567890`,
		`response.json.dec`:                         `12.5`,
		`response.json.name`:                        `"wéb 😀�"`,
		`response.json.items`:                       `[{"id":3,"tag":"x"},{"id":4,"tag":null},{"id":"5"}]`,
		`response.json.obj`:                         `{"0":"zero","k v":{"deep":[[1],[2,3]]}}`,
		`response.json.ok`:                          `true`,
		`response.body`:                             ``,
		`response.time`:                             `12.345678`,
		`response.cookies`:                          `{"sid":"def","theme":"d k"}`,
		`vars.item.tags`:                            `["a","b"]`,
		`regex("\"i(d)\": (\\d+)", response.body)`:  `["d","42"]`,
		`regex("\"id\": (\\d+)", response.body)[0]`: `"42"`,
		`regex("(?P<k>\\w+)\": (?P<v>\\d+)", response.body).v`: `"42"`,
		`[for x in response.json.items: x.id if can(x.tag)]`:   `[3,4]`,
		`{token = response.json.id, user = user.index}`:        `{"token":42,"user":41}`,
		`response.json.none`: ErrNull.Error(),
		`response.json.nope`: `plan.hcl:1,1-19: there is no attribute "nope"`,
	} {
		f := testFrame(1)
		kept, err := evaluator(t, source).Value(f)
		clear(f.Answer.Body)
		if err != nil {
			if err.Error() != want {
				t.Errorf("%s: %v", source, err)
			}
			continue
		}
		f.Vars[2] = kept
		text, err := compile(t, `vars.id`, JSON).Append(nil, f)
		if err != nil || want != "" && string(text) != want {
			t.Errorf("%s: %s, %v", source, text, err)
		}
	}
}

func TestCaptureIsBounded(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	number := big.NewFloat(1)
	for range 12 {
		number.Mul(number, big.NewFloat(1e300))
	}
	for source, body := range map[string]string{
		`response.body`:                                                 long,
		`response.json.a`:                                               `{"a":"` + long + `"}`,
		`response.json`:                                                 `["` + long + `"]`,
		`{a = response.json}`:                                           `[` + strings.Repeat("0,", 1<<19) + `0]`,
		`vars.num * vars.num`:                                           "",
		`vars.num * vars.num * "1.5"`:                                   "",
		`tonumber(response.body)`:                                       "1e999999999",
		`response.body + 1`:                                             strings.Repeat("7", 1<<20),
		`tonumber(response.body) + 1`:                                   strings.Repeat("7", 1<<20),
		`[for x in [1]: response.body * x][0]`:                          "1e600000000",
		`[for x in [response.body]: substr(x, 1, -1) + 1][0]`:           "x1e600000000",
		`[for x in [response.body]: -x][0]`:                             "1e600000000",
		`[for x in [response.body]: max(x, 1)][0]`:                      "1e600000000",
		`max(split(",", response.body)...)`:                             "1,1e600000000",
		`format("%d%5x", response.body, response.body)`:                 "1e600000000",
		`jsondecode(response.body).a`:                                   `{"a":1e600000000}`,
		`local.ids[[for x in [1]: response.body][0]]`:                   strings.Repeat("7", 1<<20),
		`[for x in ["x1e600000000"]: substr(x, 1, -1) + user.index][0]`: "",
		`parseint(response.body, 10)`:                                   strings.Repeat("7", 1<<20),
	} {
		f := answered(body)
		f.Vars[6] = Value{bigNumber(number)}
		start := time.Now()
		_, err := evaluator(t, source).Value(f)
		if placed := (*Error)(nil); !errors.As(err, &placed) {
			t.Errorf("%s: %v", source, err)
		}
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s took %v", source, took)
		}
	}
}

// TestInjection writes what a server sent to where it could do harm.
func TestInjection(t *testing.T) {
	for _, test := range []struct {
		enc  Encoding
		want string
	}{
		{Path, "/t/a/b?c%23d%41%20%0D%0A"}, {Query, "%2Ft%2Fa%2Fb%3Fc%23d%2541%20%0D%0A"}, {JSON, `"/t/a/b?c#d%41 \r\n"`}, {Header, ""},
	} {
		got, err := compile(t, `"/t/${vars.name}"`, test.enc).Append(nil, testFrame(1))
		if (err != nil) != (test.enc == Header) || string(got) != test.want {
			t.Errorf("%s: %q, %v", encodings[test.enc], got, err)
		}
	}
}

func TestReads(t *testing.T) {
	type read struct {
		Body, Header bool
		Rows         []int
	}
	for source, want := range map[string]read{
		`response.status == 200`:                           {},
		`response.json.a == response.time`:                 {Body: true},
		`response.body`:                                    {Body: true},
		`response.headers.x`:                               {Header: true},
		`response["cookies"].x`:                            {Header: true},
		`response`:                                         {Body: true, Header: true},
		`[for r in [1]: response.body]`:                    {Body: true},
		`"${row.words}-${row.users.name}${row.users.age}"`: {Rows: []int{0, 1}},
		`pick(data.users).name`:                            {},
		`row`:                                              {Rows: []int{0, 1, 2, 3}},
		`[for row in [{users = 1}]: row.users]`:            {},
	} {
		ev := evaluator(t, source)
		if diff := cmp.Diff(want, read{ev.ReadsBody(), ev.ReadsHeader(), ev.Rows()}); diff != "" {
			t.Errorf("%s: %s", source, diff)
		}
	}
}

func TestInterpretedNames(t *testing.T) {
	for source, want := range map[string]bool{
		`"${vars.id}/${row.users.name}/${pick(data.users).name}"`: false, `response.json.items[*].id`: false, `response.json.items[user.index].id`: false,
		`regex("(\\d+)", response.body)[0]`: false, `try(response.json.a, null)`: false, `try(response.json.items, [])`: false, `vars.unset != null ? vars.unset : "x"`: false,
		`one_of(response.json.items...)`: false, `contains([200], response.status) && response.json.ok`: false, `local.ids[user.index % 2]`: false,
		`format("%s-%05d", vars.id, iteration)`: false, `join(",", response.json.items[*].id)`: false, `coalesce(vars.id, "x")`: false, `jsonencode({a = vars.id})`: false,
		`[for x in response.json.items: x.id]`: true, `split(",", vars.id)[0]`: true, `format("%x", user.index)`: true, `keys(response.headers)`: true,
	} {
		if got := evaluator(t, source).Interpreted(); got != want {
			t.Errorf("%s: interpreted %v", source, got)
		}
	}
}

func TestEvaluate(t *testing.T) {
	a := &Answer{Status: 200, Body: []byte(`{"users": [{"id": 1}, {"id": "b"}]}`), Header: http.Header{"X-N": {"5"}}}
	for source, want := range map[string]cty.Value{
		`response.json.users`:                  cty.TupleVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"id": cty.NumberIntVal(1)}), cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal("b")})}),
		`response.headers["x-n"] * 2`:          cty.NumberIntVal(10),
		`response.json.users[0].id`:            cty.NumberIntVal(1),
		`[for u in response.json.users: u.id]`: cty.TupleVal([]cty.Value{cty.NumberIntVal(1), cty.StringVal("b")}),
		`var.three`:                            cty.NumberIntVal(3),
		`response.json.nope`:                   cty.NilVal,
		`user.id`:                              cty.StringVal(""),
	} {
		got, err := Evaluate(parse(t, source), a)
		if placed := (*Error)(nil); want == cty.NilVal && !errors.As(err, &placed) || want != cty.NilVal && (err != nil || !got.RawEquals(want)) {
			t.Errorf("%s: %#v, %v", source, got, err)
		}
	}
	if v, err := Evaluate(plan.Static(cty.StringVal("x"), hcl.Range{}), a); err != nil || v.AsString() != "x" {
		t.Errorf("a known value: %#v, %v", v, err)
	}
}

// TestDeepExpressions is about time: what is left to HCL must not be compiled
// anew at each level.
func TestDeepExpressions(t *testing.T) {
	for _, source := range []string{
		strings.Repeat("split(\",\", ", 200) + "user.id" + strings.Repeat(")", 200),
		strings.Repeat("(user.index > 1 ? 2 : length([", 200) + "user.id" + strings.Repeat("]))", 200),
		strings.Repeat("{(user.id) = [", 200) + "user.id" + strings.Repeat("]}", 200),
		strings.Repeat("[for x in [", 60) + "user.id" + strings.Repeat("]: x]", 60),
	} {
		if _, diags := testNames.Compile(parse(t, source), JSON); diags.HasErrors() {
			t.Errorf("%.30s: %v", source, diags)
		}
	}
}

// FuzzJSONPath holds what is read of a body against HCL over all of it.
func FuzzJSONPath(f *testing.F) {
	for _, body := range []string{testBody, `[1, {"a": "\ud83d\ude00\ud800", "\u0061": 1.50}]`, `{"a":{"b":[null,true,-0]},"a":{"b":"é"}}`, "{\"e\u0301\": [[[]]], \"0\": {}}", "\"\xff\"", ` [ 1 , 2 ] x`} {
		f.Add([]byte(body), []byte{1, 2, 3})
		f.Add([]byte(body), []byte{0, 9, 200, 17})
	}
	steps := []string{".a", ".b", "[0]", "[1]", `["é"]`, "[*]", `["0"]`, ".items", "[*].id", "[user.index % 2]", ".obj", `["k v"]`, "[2]"}
	f.Fuzz(func(t *testing.T, body, path []byte) {
		if jsonwalk.Valid(body) != json.Valid(body) || collide(body) {
			return
		}
		source := "response.json"
		for _, step := range path[:min(len(path), 5)] {
			source += steps[int(step)%len(steps)]
		}
		for _, form := range []string{"%s", "try(%s, \"none\")", "{a = %s}", "length(%s)", "\"${%s}\"", "[for x in %s: x]", "%s == response.json.a"} {
			e, diags := hclsyntax.ParseExpression([]byte(strings.ReplaceAll(form, "%s", source)), "fuzz.hcl", hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			agree(t, plan.Expression{Expression: e, Scope: testScope()}, JSON, func(seed uint64) *Frame {
				f := testFrame(seed)
				f.Answer.Body = body
				return f
			}, 1)
		}
	})
}

// collide reports whether two keys are one in Unicode's normal form; the oracle
// does not know which came last.
func collide(body []byte) bool {
	dec := json.NewDecoder(bytes.NewReader(body))
	raw, normal := map[string]bool{}, map[string]bool{}
	for {
		tok, err := dec.Token()
		if err != nil {
			return len(raw) != len(normal)
		}
		if s, ok := tok.(string); ok {
			raw[s], normal[cty.NormalizeString(s)] = true, true
		}
	}
}
