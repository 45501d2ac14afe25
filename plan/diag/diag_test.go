package diag

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// marked takes the marks « and » out of a source and is the range between them.
func marked(name, src string) (string, hcl.Range) {
	before, rest, _ := strings.Cut(src, "«")
	guilty, after, _ := strings.Cut(rest, "»")
	return before + guilty + after, hcl.Range{Filename: name, Start: end(before), End: end(before + guilty)}
}

// end is the position after a text.
func end(text string) hcl.Pos {
	line := text[strings.LastIndexByte(text, '\n')+1:]
	return hcl.Pos{Line: 1 + strings.Count(text, "\n"), Column: 1 + utf8.RuneCountInString(line), Byte: len(text)}
}

func evalContext() *hcl.EvalContext {
	secret := cty.StringVal("hunter2").Mark("sensitive")
	child := (&hcl.EvalContext{Variables: map[string]cty.Value{
		"var": cty.ObjectVal(map[string]cty.Value{
			"users":  cty.NumberIntVal(1000),
			"name":   cty.StringVal("line\none\x1b[31m"),
			"long":   cty.StringVal(strings.Repeat("ab", 100)),
			"secret": secret,
			"inside": cty.ObjectVal(map[string]cty.Value{"token": secret}),
			"none":   cty.NullVal(cty.String),
			"later":  cty.UnknownVal(cty.Number),
			"list":   cty.ListVal([]cty.Value{cty.True}),
			"map":    cty.MapValEmpty(cty.String),
			"object": cty.ObjectVal(map[string]cty.Value{"a": cty.True, "b": cty.False}),
			"flag":   cty.True,
		}),
	}}).NewChild()
	child.Variables = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal("k")})}
	return child
}

// cases are the diagnostics whose text is in testdata. The source has the
// guilty part between « and ».
func cases() map[string]struct {
	src  string
	file string
	diag hcl.Diagnostic
} {
	type c = struct {
		src  string
		file string
		diag hcl.Diagnostic
	}
	const plan = "scenario \"main\" {\n  stage \"peak\" {\n    users    = 10\n    duration = «\"15min\"»\n  }\n}\n"
	long := strings.Repeat("x = 1, ", 100)
	return map[string]c{
		"simple": {src: plan, diag: hcl.Diagnostic{
			Summary: "Invalid duration",
			Detail:  `"15min" is not a duration: write "m" for "min"; write it like "500ms", "90s", "1h30m", "1.5h" or "90" for seconds.`,
			Extra:   Address("scenario.main.peak"),
		}},
		"context": {src: plan, diag: hcl.Diagnostic{Summary: "Invalid duration", Detail: "Without an address the block's header is shown."}},
		"lint": {src: plan, diag: hcl.Diagnostic{
			Severity: hcl.DiagWarning, Summary: "Stage too short", Detail: "A warning.\n\n  shown as  it is\n\nand on.",
			Extra: Lint{ID: "ramp-cut", Address: "scenario.main.peak"},
		}},
		"tabs":       {src: "a {\n\tb\t= [«\t1,\t2»]\n}\n", diag: hcl.Diagnostic{Summary: "Tabs", Detail: "They become spaces."}},
		"wide":       {src: "name = \"負荷試験 👩‍👩‍👧 é «過負荷» 終\"\n", diag: hcl.Diagnostic{Summary: "Wide characters", Detail: "The carets are below them: 負荷試験。"}},
		"lines":      {src: "a {\n  b = «{\n    c = 1\n\n    d = 2\n  }»\n}\n", diag: hcl.Diagnostic{Summary: "Several lines", Detail: "All are underlined."}},
		"many_lines": {src: "a {\n  b = «[\n" + strings.Repeat("    1,\n", 100) + "  ]»\n}\n", diag: hcl.Diagnostic{Summary: "Many lines", Detail: "The first are shown."}},
		"whole_line": {src: "a {\n«  b = 1\n»}\n", diag: hcl.Diagnostic{Summary: "With its line break", Detail: "One line is shown."}},
		"long_line":  {src: long + "«guilty»" + long + "\n", diag: hcl.Diagnostic{Summary: "Long line", Detail: "Cut on both sides."}},
		"long_part":  {src: "head = «" + long + long + "»" + long + "\n", diag: hcl.Diagnostic{Summary: "Long part", Detail: "Cut at its end."}},
		"long_wide":  {src: strings.Repeat("é負", 300) + "«過»" + strings.Repeat("é負", 300), diag: hcl.Diagnostic{Summary: "Long line of wide characters", Detail: "No character is cut in two."}},
		"eof":        {src: "a {\n  b = 1\n\n«»", diag: hcl.Diagnostic{Summary: "Unclosed block", Detail: "Shown at the end of the last line."}},
		"eof_bare":   {src: "a {«»", diag: hcl.Diagnostic{Summary: "Unclosed block", Detail: "There is no line break."}},
		"empty_at":   {src: "a =«»\r\nb = 2\r\n", diag: hcl.Diagnostic{Summary: "Missing value", Detail: "One caret, and no carriage return."}},
		"line_break": {src: "a = \"b«\r\n»c\"\r\n", diag: hcl.Diagnostic{Summary: "Guilty line break", Detail: "The caret is where the line ends."}},
		"yaml":       {src: "host:\n  api: «x»\n", file: "p.yaml", diag: hcl.Diagnostic{Summary: "Other spelling", Detail: "No block header is known."}},
		"no_detail":  {src: "«a»\n", diag: hcl.Diagnostic{Summary: "Summary alone"}},
		"hostile": {src: "a = \"\x1b[2J«\u202eevil\x00»\xff\"\n", file: "p\x1b[31m.hcl", diag: hcl.Diagnostic{
			Summary: "Hostile\r\ntext", Detail: "An escape \x1b[31m in the detail.", Extra: Address("a\nb"),
		}},
		"values": {
			src: "users = «[var.users, var.users, var.name, var.long, var.secret, var.inside, var.none, var.later, var.list, var.map, var.object, var.flag, each.key, var.missing, nope.x]»\n",
			diag: hcl.Diagnostic{
				Summary: "Values", Detail: "Sorted, once each, the sensitive ones hidden.",
				EvalContext: evalContext(),
			},
		},
	}
}

func caseList(name string) List {
	c := cases()[name]
	if c.file == "" {
		c.file = "plans/heavy.hcl"
	}
	src, rng := marked(c.file, c.src)
	d := c.diag
	d.Subject = &rng
	if d.Severity == hcl.DiagInvalid {
		d.Severity = hcl.DiagError
	}
	if d.EvalContext != nil {
		d.Expression, _ = hclsyntax.ParseExpression(rng.SliceBytes([]byte(src)), rng.Filename, rng.Start)
	}
	return New(hcl.Diagnostics{&d}, map[string][]byte{rng.Filename: []byte(src)})
}

func TestWriteText(t *testing.T) {
	for name := range cases() {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := caseList(name).WriteText(&b, TextOptions{Width: 80}); err != nil {
				t.Fatal(err)
			}
			golden(t, name+".txt", b.String())
			for _, line := range strings.Split(b.String(), "\n") {
				if cells(line) > 80 && name != "values" {
					t.Errorf("line is wider than 80: %q", line)
				}
			}
			if strings.ContainsAny(b.String(), "\x00\x1b\r\u202e") {
				t.Errorf("control characters in %q", b.String())
			}
		})
	}
}

func TestWriteTextColor(t *testing.T) {
	var b strings.Builder
	for _, name := range []string{"simple", "lint"} {
		if err := caseList(name).WriteText(&b, TextOptions{Color: true, Width: 100}); err != nil {
			t.Fatal(err)
		}
	}
	golden(t, "color.ansi", b.String())
}

func TestWriteTextWithoutPlace(t *testing.T) {
	nowhere := hcl.Range{Filename: "gone.hcl", Start: hcl.Pos{Line: 7, Column: 3, Byte: 100}, End: hcl.Pos{Line: 7, Column: 9, Byte: 106}}
	list := New(hcl.Diagnostics{
		{Severity: hcl.DiagError, Summary: "Not in the source", Detail: "The file got shorter.", Subject: &nowhere},
		{Severity: hcl.DiagError, Summary: "No such file", Detail: "plans/x.hcl does not exist. Plans found here: plans/a.hcl."},
		{Severity: hcl.DiagError, Summary: "About a block", Detail: "It has an address only.", Extra: Address("host.api")},
		{Severity: hcl.DiagError, Summary: "Zero range", Detail: "It names no file.", Subject: &hcl.Range{}},
	}, map[string][]byte{"gone.hcl": []byte("a = 1\n")})
	var b strings.Builder
	if err := list.WriteText(&b, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "without_place.txt", b.String())
}

func TestWriteJSON(t *testing.T) {
	list := caseList("values")
	for _, name := range []string{"simple", "lint", "tabs", "yaml"} {
		list.Diagnostics = append(list.Diagnostics, caseList(name).Diagnostics...)
	}
	var b strings.Builder
	if err := list.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "list.json", b.String())
	if strings.Contains(b.String(), "hunter2") {
		t.Error("a sensitive value was written")
	}
}

func TestWriteJSONEmpty(t *testing.T) {
	var b strings.Builder
	if err := New(nil, nil).WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"format_version": "1.0", "valid": true, "error_count": 0.0, "warning_count": 0.0, "diagnostics": []any{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSnippetHighlight(t *testing.T) {
	for name, c := range cases() {
		s := caseList(name).Diagnostics[0].Snippet
		if s == nil {
			t.Errorf("%s: no snippet", name)
			continue
		}
		_, rest, _ := strings.Cut(c.src, "«")
		guilty, _, _ := strings.Cut(rest, "»")
		got := s.Code[s.HighlightStart:s.HighlightEnd]
		if !strings.HasPrefix(guilty, got) && name != "line_break" {
			t.Errorf("%s: highlights %q of %q", name, got, guilty)
		}
		if len(s.Code) > 8*maxLine+maxLine*maxLines {
			t.Errorf("%s: code has %d bytes", name, len(s.Code))
		}
	}
}

func TestSort(t *testing.T) {
	at := func(file string, b int) *hcl.Range {
		return &hcl.Range{Filename: file, Start: hcl.Pos{Line: 1, Column: 1 + b, Byte: b}, End: hcl.Pos{Line: 1, Column: 2 + b, Byte: b + 1}}
	}
	diags := hcl.Diagnostics{
		{Severity: hcl.DiagError, Summary: "d", Subject: at("b.hcl", 0)},
		{Severity: hcl.DiagWarning, Summary: "c", Subject: at("a.hcl", 10)},
		{Severity: hcl.DiagError, Summary: "b", Subject: at("a.hcl", 2)},
		{Severity: hcl.DiagError, Summary: "a"},
		{Severity: hcl.DiagError, Summary: "b", Subject: at("a.hcl", 2)},
	}
	list := New(diags, nil)
	var got []string
	for _, d := range list.Diagnostics {
		got = append(got, d.Summary)
	}
	if diff := cmp.Diff([]string{"a", "b", "c", "d"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if list.ErrorCount != 3 || list.WarningCount != 1 || list.Valid || diags[0].Summary != "d" {
		t.Errorf("%d errors, %d warnings, valid %v, first still %q", list.ErrorCount, list.WarningCount, list.Valid, diags[0].Summary)
	}
}

func TestHugeNesting(t *testing.T) {
	src := []byte(strings.Repeat("a {\n", 60000))
	rng := hcl.Range{Filename: "deep.hcl", Start: hcl.Pos{Line: 1, Column: 1}, End: hcl.Pos{Line: 1, Column: 2, Byte: 1}}
	list := New(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Nested too deeply", Subject: &rng}}, map[string][]byte{"deep.hcl": src})
	if s := list.Diagnostics[0].Snippet; s == nil || s.Code != "a {" || s.Context == nil || *s.Context != "a" {
		t.Errorf("snippet %+v", s)
	}
}

// FuzzText holds that any range over any source gives a text without control
// characters, and a snippet whose highlight lies in its code.
func FuzzText(f *testing.F) {
	f.Add("a {\n\tb = 1\n}\n", 4, 9)
	f.Add("\n\n\r\n", 3, 4)
	f.Add("é\xff負\x00", 1, 3)
	f.Fuzz(func(t *testing.T, src string, from, to int) {
		rng := hcl.Range{Filename: "p.hcl", Start: hcl.Pos{Line: 1, Column: 1, Byte: from}, End: hcl.Pos{Line: 1, Column: 1, Byte: to}}
		list := New(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: src, Detail: src, Subject: &rng}}, map[string][]byte{"p.hcl": []byte(src)})
		var b strings.Builder
		if err := list.WriteText(&b, TextOptions{}); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(b.String(), "\x00\x1b\r") {
			t.Errorf("control characters in %q", b.String())
		}
		if s := list.Diagnostics[0].Snippet; s != nil {
			_ = s.Code[s.HighlightStart:s.HighlightEnd]
		}
	})
}
