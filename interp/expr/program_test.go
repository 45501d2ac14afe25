package expr

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"bossplan/plan"
)

func compile(tb testing.TB, source string, enc Encoding) *Program {
	tb.Helper()
	p, diags := testNames.Compile(parse(tb, source), enc)
	if diags.HasErrors() {
		tb.Fatalf("%s: %v", source, diags)
	}
	return p
}

func TestAppend(t *testing.T) {
	for _, test := range []struct {
		source string
		enc    Encoding
		want   string
	}{
		{`"/api/tasks/${user.index}?page=${iteration}&q=${user.class}"`, Path, "/api/tasks/41?page=7&q=member"},
		{`"/a b/é#\"<>\\^` + "`" + `{|}\t/%41%4x%%zz/${user.index}%"`, Path, "/a%20b/%C3%A9%23%22%3C%3E%5C%5E%60%7B%7C%7D%09/%41%254x%25%25zz/41%25"},
		{`"/a b/${user.id}"`, Path, "/a%20b/user-000042"},
		{`"/%${user.index}/%4${iteration}"`, Path, "/%41/%47"},
		{`"a/b?c&d=e f~é%41${user.index}"`, Query, "a%2Fb%3Fc%26d%3De%20f~%C3%A9%254141"},
		{`user.id`, Query, "user-000042"},
		{`"Bearer ${user.id}"`, Header, "Bearer user-000042"},
		{`"${user.index == 41 ? "yes" : "no"} %{ if iteration > 9 }late%{ else }soon%{ endif }"`, Plain, "yes soon"},
		{`{z = user.index, a = "<${user.id}>", m = [null, true, iteration / 2]}`, JSON, `{"a":"\u003cuser-000042\u003e","m":[null,true,3.5],"z":41}`},
		{`user.index > 1 ? 1 : "x"`, JSON, `"1"`},
		{`one_of(5)`, JSON, `5`},
		{`user`, JSON, `{"class":"member","id":"user-000042","index":41}`},
		{`now()`, Plain, "2026-11-05T08:07:03Z"},
		{`now("unix_ms")`, JSON, "1793866023042"},
		{`now("unix")`, Plain, "1793866023"},
		{`now("EEE, D MMMM YYYY 'at' h:mm")`, Plain, "Thu, 5 November 2026 at 8:07"},
		{`-(user.index - 41)`, Plain, "-0"},
		{`9223372036854775807 + iteration`, Plain, "9223372036854775814"},
		{`"${user.index / 8}"`, Plain, "5.125"},
	} {
		got, err := compile(t, test.source, test.enc).Append(nil, testFrame(1))
		if err != nil || string(got) != test.want {
			t.Errorf("%s as %s: got %q, error %v; want %q", test.source, encodings[test.enc], got, err, test.want)
		}
	}
}

func TestStatic(t *testing.T) {
	for _, test := range []struct {
		source     string
		enc        Encoding
		text       string
		ok, isNull bool
	}{
		{`"/a b/${var.env}"`, Path, "/a%20b/prod", true, false},
		{`upper("x")`, Plain, "X", true, false},
		{`1 + 2`, Query, "3", true, false},
		{`var.none`, Header, "", true, true},
		{`null`, JSON, "null", true, true},
		{`local.user`, JSON, `{"age":7,"name":"n"}`, true, false},
		{`"${user.id}"`, Plain, "", false, false},
	} {
		p := compile(t, test.source, test.enc)
		text, ok := p.Static()
		if string(text) != test.text || ok != test.ok || p.IsNull() != test.isNull {
			t.Errorf("%s: static %q, %v, null %v", test.source, text, ok, p.IsNull())
		}
		if p.Interpreted() {
			t.Errorf("%s is interpreted", test.source)
		}
	}
	for _, value := range []cty.Value{cty.StringVal("x"), cty.StringVal("x").Mark("sensitive")} {
		p, diags := Compile(plan.Static(value, hcl.Range{}), Header)
		if diags.HasErrors() || p.Sensitive() != value.IsMarked() {
			t.Errorf("static %#v: sensitive %v, %v", value, p.Sensitive(), diags)
		}
	}
}

func TestTraits(t *testing.T) {
	for source, want := range map[string]struct{ Interpreted, Sensitive bool }{
		`"Bearer ${var.token}"`:                  {false, true},
		`"${user.id}-${var.token}"`:              {false, true},
		`"${user.id}-${upper(var.token)}"`:       {false, true},
		`"${user.id}-${var.env}"`:                {false, false},
		`upper(user.id)`:                         {false, false},
		`[for x in [1]: x + user.index][0]`:      {true, false},
		`user.index > 1 ? one_of(1, "a") : 2`:    {false, false},
		`one_of(local.ids...)`:                   {false, false},
		`user.index % length(local.ids) == 0`:    {false, false},
		`"%{ if user.index > 1 }a%{ endif }"`:    {false, false},
		`!(user.index == 1) && iteration < "10"`: {false, false},
	} {
		p := compile(t, source, Plain)
		if got := (struct{ Interpreted, Sensitive bool }{p.Interpreted(), p.Sensitive()}); got != want {
			t.Errorf("%s: %+v, want %+v", source, got, want)
		}
	}
}

func TestDiagnostics(t *testing.T) {
	for _, test := range []struct {
		source string
		enc    Encoding
		want   string // in the detail
		column int
	}{
		{`"a${null}${user.id}"`, Plain, "The value is null, but a template needs text.", 5},
		{`{a = user.id}`, Plain, "use jsonencode", 1},
		{`local.user`, Path, "A string is needed", 1},
		{`"${user.id}${local.ids}"`, Plain, "jsonencode makes a string", 14},
		{`"a\n"`, Header, "must not hold CR, LF or NUL", 1},
		{`"a\n${user.id}"`, Header, "must not hold CR, LF or NUL", 1},
		{`user.nope`, Plain, "known are user.id", 1},
		{`"${random_int(6, 1)}"`, Plain, "lower bound first", 4},
		{`random_int(1)`, Plain, "a lower and an upper bound", 1},
		{`random_string(-1)`, Plain, "from 0 to 1048576", 1},
		{`now("QQ")`, Plain, "rfc3339, unix, unix_ms", 1},
		{`uuid(1)`, Plain, "takes no arguments", 1},
		{`true + user.index`, Plain, "needs numbers", 1},
		{`user.index > 1 ? 1 : true`, Plain, "of one type", 1},
		{`"${user.id}${1 / 0}"`, Plain, "division by zero", 14},
		{`"${user.id}${1e999999999}"`, Plain, "out of range", 14},
		{`1e-99999999`, Plain, "out of range", 1},
		{`nope.x`, Plain, `no variable named "nope"`, 1},
		{`[user.id, nope()]`, JSON, `no function named "nope"`, 11},
	} {
		_, diags := Compile(parse(t, test.source), test.enc)
		if len(diags) != 1 {
			t.Errorf("%s: %d diagnostics: %v", test.source, len(diags), diags)
			continue
		}
		if d := diags[0]; !strings.Contains(d.Detail, test.want) || d.Subject == nil || d.Subject.Start.Column != test.column {
			t.Errorf("%s: %q at %v", test.source, d.Detail, d.Subject)
		}
	}
}

func TestRunTimeErrors(t *testing.T) {
	for _, test := range []struct {
		source string
		enc    Encoding
		want   string
	}{
		{`"x${user.index > 1 ? null : "a"}"`, Path, "plan.hcl:1,5-32: the value is null, but a template needs text"},
		{`"${iteration / (user.index - 41)}"`, Plain, "plan.hcl:1,4-33: division by zero"},
		{`iteration % (user.index - 41)`, Plain, "plan.hcl:1,1-30: division by zero"},
		{`upper("${iteration % (user.index - 41)}")`, Plain, "plan.hcl:1,10-39: division by zero"},
		{`user.id + 1`, Plain, "plan.hcl:1,1-8: a number is required"},
		{`random_int(user.index, 3)`, Plain, "plan.hcl:1,1-26: random_int takes its lower bound first"},
		{`upper("x${random_int(user.index, 3)}")`, Plain, "plan.hcl:1,11-36: random_int takes its lower bound first"},
		{`random_string(iteration - 8)`, Plain, "plan.hcl:1,1-29: random_string takes a length from 0 to 1048576"},
		{`"${user.id}${chr}"`, Header, "plan.hcl:1,1-19: a header value must not hold CR, LF or NUL"},
	} {
		e := parse(t, test.source)
		e.Scope.Variables["chr"] = cty.StringVal("x")
		f := testFrame(1)
		if test.enc == Header {
			f.UserID = "a\rb"
		}
		p, diags := Compile(e, test.enc)
		if diags.HasErrors() {
			t.Errorf("%s: %v", test.source, diags)
			continue
		}
		_, err := p.Append(nil, f)
		if placed := (*Error)(nil); !errors.As(err, &placed) || err.Error() != test.want {
			t.Errorf("%s: %v", test.source, err)
		}
	}
	if _, err := compile(t, `user.index > 1 ? null : "a"`, Header).Append(nil, testFrame(1)); err != ErrNull {
		t.Errorf("a null at run time: %v", err)
	}
}

func TestDraws(t *testing.T) {
	f := testFrame(1)
	uuidForm := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	uuid, random, letters := compile(t, `uuid()`, Plain), compile(t, `random_int(-1, 1)`, Plain), compile(t, `random_string(25)`, Plain)
	seen := map[string]int{}
	for range 600 {
		u, _ := uuid.Append(nil, f)
		if !uuidForm.Match(u) || seen[string(u)] > 0 {
			t.Fatalf("uuid %s", u)
		}
		n, _ := random.Append(nil, f)
		seen[string(u)]++
		seen[string(n)]++
		s, _ := letters.Append(nil, f)
		if !regexp.MustCompile(`^[A-Za-z0-9]{25}$`).Match(s) {
			t.Fatalf("string %s", s)
		}
	}
	for _, n := range []string{"-1", "0", "1"} {
		if seen[n] < 120 || seen[n] > 280 {
			t.Errorf("%s was drawn %d times of 600", n, seen[n])
		}
	}
}

func TestConcurrentUse(t *testing.T) {
	for _, source := range []string{`{b = uuid(), a = "x-${user.id}", c = [for x in [1, 2]: x + user.index]}`, `"${upper(user.id)}${jsonencode([{a = user.id}][*].a)}${1 / user.index > 0}"`} {
		p, e := compile(t, source, JSON), parse(t, source)
		want, _ := interpret(e, testNames, JSON, testFrame(3))
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 50 {
					if got, err := p.Append(nil, testFrame(3)); err != nil || string(got) != string(want) {
						t.Errorf("got %s, %v, want %s", got, err, want)
						return
					}
				}
			})
		}
		wg.Wait()
	}
}

func TestClockIsFormatDate(t *testing.T) {
	for _, format := range []string{"YYYY-MM-DD hh:mm:ss", "YY M D h H:m:s AA aa", "EEEE EEE MMMM MMM HH", "Z ZZZ ZZZZ ZZZZZ", "'it''s' YYYY''é", "''''"} {
		for _, now := range []time.Time{time.Date(2026, 1, 2, 0, 4, 5, 0, time.UTC), time.Date(1999, 11, 22, 13, 44, 55, 0, time.UTC)} {
			c, err := parseClock(format)
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			got, _ := c.append(nil, &Frame{Now: func() time.Time { return now }})
			want, err := stdlib.FormatDate(cty.StringVal(format), cty.StringVal(now.Format(time.RFC3339)))
			if err != nil || string(got) != want.AsString() {
				t.Errorf("%s: %q, formatdate gives %q, %v", format, got, want.AsString(), err)
			}
		}
	}
	for _, format := range []string{"YYY", "x", "'open", "DDD", "ZZ", "a"} {
		if _, err := parseClock(format); err == nil {
			t.Errorf("%s is taken", format)
		}
	}
}

func TestEscapeJSONIsEncodingJSON(t *testing.T) {
	var all strings.Builder
	for b := range 256 {
		all.WriteString("x")
		all.WriteByte(byte(b))
	}
	for _, text := range []string{"", "plain", all.String(), "é\u2027\u2028\u2029\u202a\U0001f600\ufffd", "\xe2\x80", "a\xffb\xe2\x80\xa8"} {
		want, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(appendQuoted(nil, text))); diff != "" {
			t.Error(diff)
		}
	}
}
