package yaml

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// TestTrace puts the name «here.x» into scalars of every style and demands that
// its range is exactly that, and that the value is what YAML says it is.
func TestTrace(t *testing.T) {
	for name, c := range map[string]struct{ src, value string }{
		"plain":                  {"a: one ${here.x}\n", "one ${here.x}"},
		"plain at the end":       {"a: one ${here.x}", "one ${here.x}"},
		"plain, folded":          {"a: one\n  two ${here.x}\n  three\n", "one two ${here.x} three"},
		"plain, blank lines":     {"a: one \n\n  \n  ${here.x}\n", "one\n\n${here.x}"},
		"plain, CRLF":            {"a: one\r\n  two\r\n\r\n  ${here.x}\r\n", "one two\n${here.x}"},
		"plain with comment":     {"a: one ${here.x} # ${comment}\n", "one ${here.x}"},
		"plain, emoji":           {"a: é👍🏽 ${here.x}\n", "é👍🏽 ${here.x}"},
		"anchor":                 {"a: &x ${here.x}\n", "${here.x}"},
		"tag":                    {"a: !!str ${here.x}\n", "${here.x}"},
		"anchor and tag":         {"a: &x !!str # why\n  ${here.x}\n", "${here.x}"},
		"single quoted":          {"a: 'it''s ${here.x}'\n", "it's ${here.x}"},
		"single quoted, folded":  {"a: 'one  \n\n\n   ${here.x}'\n", "one\n\n${here.x}"},
		"double quoted":          {`a: "\"\u00e9\x41\U0001F600\t\/\N ${here.x}"`, "\"éA😀\t/\u0085 ${here.x}"},
		"double, escaped break":  {"a: \"one\\\n    \\  two\\\n\n    ${here.x}\"\n", "one  two\n${here.x}"},
		"double, folded":         {"a: \"one\n\n  two\n  ${here.x} \"\n", "one\ntwo ${here.x} "},
		"double, CRLF":           {"a: \"one\r\n  two\\\r\n  ${here.x}\"\r\n", "one two${here.x}"},
		"literal":                {"a: |\n  one\n\n    two\n  ${here.x}\nb: 1\n", "one\n\n  two\n${here.x}\n"},
		"literal, strip":         {"a: |-\n  one\n  ${here.x}\n\n\nb: 1\n", "one\n${here.x}"},
		"literal, keep":          {"a: |+\n  one\n  ${here.x}\n\n \nb: 1\n", "one\n${here.x}\n\n\n"},
		"literal, own indent":    {"a: |2\n    one\n  ${here.x}\n", "  one\n${here.x}\n"},
		"literal, indent, strip": {"a: |-2\n\n    one\n   \n  ${here.x}", "\n  one\n \n${here.x}"},
		"literal, comment":       {"a: | # comment\n  ${here.x}\n", "${here.x}\n"},
		"literal, blank first":   {"a: |\n\n\n  one\n  ${here.x}\n", "\n\none\n${here.x}\n"},
		"literal, CRLF":          {"a: |\r\n  one\r\n\r\n  ${here.x}\r\n", "one\n\n${here.x}\n"},
		"literal in a list":      {"a:\n- |\n one\n ${here.x}\n", "one\n${here.x}\n"},
		"literal with tabs":      {"a: |\n  one\t\n  \t${here.x}\n", "one\t\n\t${here.x}\n"},
		"folded":                 {"a: >\n  one\n  ${here.x}\n", "one ${here.x}\n"},
		"folded, paragraphs":     {"a: >\n  one\n\n\n  two\n  ${here.x}\n", "one\n\ntwo ${here.x}\n"},
		"folded, more indented":  {"a: >\n  one\n    two\n\n    three\n  ${here.x}\n", "one\n  two\n\n  three\n${here.x}\n"},
		"folded, blank first":    {"a: >-\n\n  one\n  ${here.x}\n", "\none ${here.x}"},
		"folded, keep":           {"a: >+\n  one\n  ${here.x}\n\n", "one ${here.x}\n\n"},
		"folded, tab":            {"a: >\n  one\n  \ttwo\n  ${here.x}\n", "one\n\ttwo\n${here.x}\n"},
		"flow":                   {"{a: '${here.x}'}", "${here.x}"},
		"flow, plain":            {"{a: [b, \"c ${here.x}\"]}", "c ${here.x}"},
		"flow, JSON-like":        {"{\"a\":\"${here.x}\"}", "${here.x}"},
		"alias":                  {"k: &x ${here.x}\na: *x\n", "${here.x}"},
		"explicit key":           {"? a\n: ${here.x}\n", "${here.x}"},
		"long line":              {"a: " + strings.Repeat("é ", 2000) + "${here.x}\n", strings.Repeat("é ", 2000) + "${here.x}"},
	} {
		t.Run(name, func(t *testing.T) {
			file, diags := Parse([]byte(c.src), "t.yaml", nil)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			checkHere(t, file, c.src, c.value)
		})
	}
}

// TestTraceJSON does the same for JSON.
func TestTraceJSON(t *testing.T) {
	for _, c := range []struct{ src, value string }{
		{`{"a": "${here.x}"}`, "${here.x}"},
		{`{"a": "\ud83d\ude00\u00e9\n\/😀 ${here.x}"}`, "😀é\n/😀 ${here.x}"},
		{"{\n\t\"a\"\n:\r\n [ 1, {}, \"\\\"${here.x}\" ]\n}\n", "\"${here.x}"},
	} {
		file, diags := ParseJSON([]byte(c.src), "t.json", nil)
		if diags.HasErrors() {
			t.Fatal(c.src, diags)
		}
		checkHere(t, file, c.src, c.value)
	}
}

// checkHere looks at the last text of the attribute a.
func checkHere(t *testing.T, file *hcl.File, src, value string) {
	t.Helper()
	n := file.Body.(*body).node.child("a")
	for n.kind == list {
		n = n.items[len(n.items)-1]
	}
	if n.value != value {
		t.Errorf("value\n%q, want\n%q", n.value, value)
	}
	found := (&expression{n}).Variables()
	if len(found) != 1 {
		t.Fatalf("%d names", len(found))
	}
	rng := found[0].SourceRange()
	if got := string(rng.SliceBytes([]byte(src))); got != "here.x" {
		t.Errorf("the range is of %q", got)
	}
	start := strings.Index(src, "here.x")
	if want := newSource("t", []byte(src), nil).pos(start); rng.Start != want {
		t.Errorf("at %v, want %v", rng.Start, want)
	}
}

// TestEnds demands that the ranges of values end where the values do.
func TestEnds(t *testing.T) {
	for src, want := range map[string]string{
		"a: one # two\n":                  "one",
		"a: 'one' # two\n":                "'one'",
		"a: \"o\\\"ne\"\n":                `"o\"ne"`,
		"a: [b, {c: d}, ] # x\n":          "[b, {c: d}, ]",
		"a: {b: [c, d], e: }\nf: g":       "{b: [c, d], e: }",
		"a: {b: 'x', # why\n  # }\n  }\n": "{b: 'x', # why\n  # }\n  }",
		"a: []":                           "[]",
		"a: { }":                          "{ }",
		"a:\n  b: 1\n  c: two\nd: 1\n":    "b: 1\n  c: two",
		"a:\n- 1\n- two \n# x\nd: 1\n":    "- 1\n- two",
		"a: |\n  x\n  y\n\nd: 1\n":        "|\n  x\n  y",
		"k: &x 1\na: [*x, *x]\n":          "[*x, *x]",
		"a: -1.5e3 # x":                   "-1.5e3",
		"a: {\"b\":1}":                    `{"b":1}`,
	} {
		file, diags := Parse([]byte(src), "t.yaml", nil)
		if diags.HasErrors() {
			t.Fatal(src, diags)
		}
		rng := file.Body.(*body).node.child("a").rng()
		if got := string(rng.SliceBytes([]byte(src))); got != want {
			t.Errorf("%q: the range is of %q, want %q", src, got, want)
		}
	}
}

// TestPlainValues is how texts without quotes are read.
func TestPlainValues(t *testing.T) {
	for src, want := range map[string]cty.Value{
		"1": cty.NumberIntVal(1), "-2": cty.NumberIntVal(-2), "+3": cty.NumberIntVal(3), "1.5": cty.MustParseNumberVal("1.5"),
		"1e3": cty.NumberIntVal(1000), ".5": cty.MustParseNumberVal("0.5"), "0": cty.NumberIntVal(0), "0.1": cty.MustParseNumberVal("0.1"),
		"true": cty.True, "False": cty.False, "null": cty.NullVal(cty.DynamicPseudoType), "~": cty.NullVal(cty.DynamicPseudoType), "": cty.NullVal(cty.DynamicPseudoType),
		"yes": cty.StringVal("yes"), "off": cty.StringVal("off"), "1.2.3": cty.StringVal("1.2.3"), "1:30": cty.StringVal("1:30"),
		"2026-11-25": cty.StringVal("2026-11-25"), "1h30m": cty.StringVal("1h30m"), "< 500ms": cty.StringVal("< 500ms"), "1e": cty.StringVal("1e"),
		"'1'": cty.StringVal("1"), "!!str 1": cty.StringVal("1"), "! 1": cty.StringVal("1"), "!!int 1": cty.NumberIntVal(1), "0-1": cty.StringVal("0-1"), "00-1": cty.StringVal("00-1"),
		"${1 + 1}": cty.NumberIntVal(2), "$${x}": cty.StringVal("${x}"), "a ${1 + 1}": cty.StringVal("a 2"), "99999999999999999999": cty.MustParseNumberVal("99999999999999999999"),
		"[1, a]": cty.TupleVal([]cty.Value{cty.NumberIntVal(1), cty.StringVal("a")}), "{a: ~}": cty.ObjectVal(map[string]cty.Value{"a": cty.NullVal(cty.DynamicPseudoType)}),
	} {
		file, diags := Parse([]byte("a: "+src+"\n"), "t.yaml", nil)
		if diags.HasErrors() {
			t.Errorf("%s: %v", src, diags)
			continue
		}
		attrs, _ := file.Body.JustAttributes()
		got, diags := attrs["a"].Expr.Value(nil)
		if diags.HasErrors() || !got.RawEquals(want) {
			t.Errorf("%s is %#v, want %#v %v", src, got, want, diags)
		}
	}
}
