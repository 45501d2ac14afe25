package yaml

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

// TestFaults is what is said about texts that cannot be read, and where.
func TestFaults(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		// YAML's own grammar.
		{"a:\n  target: >= 1000/min\n", `2:11 Invalid YAML: A value that begins with > or | is a text on the lines below it. Put this value in quotes.`},
		{"target: > 70%\n", `1:9 Invalid YAML: A value that begins with > or |`},
		{"target: | x\n", `1:9 Invalid YAML: A value that begins with > or |`},
		{"target: >0\n", `1:9 Invalid YAML: A value that begins with > or |`},
		{"a: ${x ? 1 : 2}\n", `1:12 Invalid YAML: There is a colon where no key can end. If it belongs to a value, put the whole value in quotes`},
		{"a: ${x #c}\n", `1:4 Unclosed template interpolation sequence: .* before the end of the text.*Put the whole value in quotes`},
		{"a: {path: /x/${y}}\n", `1:15 Invalid YAML: A comma or the closing bracket is missing before this. A value with brackets in it, such as \$\{…\}, needs quotes`},
		{"a:\n\tb: 1\n", `2:1 Invalid YAML: There is a tab where spaces are wanted`},
		{"a: @x\n", `1:4 Invalid YAML: No value can begin with this character`},
		{"a: `x`\n", `1:4 Invalid YAML: No value can begin with this character`},
		{"a: %x\n", `1:4 Invalid YAML: No value can begin with this character`},
		{"a: *x\n", `1:4 Invalid YAML: There is no anchor of this name`},
		{"a: *.up.railway.app\n", `1:4 Invalid YAML: There is no anchor of this name before this alias. Begin a text with \* only in quotes`},
		{"a: 1\n b: 2\n", `2:3 Invalid YAML: There is a colon where no key can end`},
		{"a: 'x\n", `1:4 Invalid YAML: The file ends before this text does`},
		{"a: \"x\n---\nb: 1", `1:4 Invalid YAML: A line that begins with --- or \.\.\.`},
		{"a: \"\\d\"\n", `1:5 Invalid YAML: There is no such escape`},
		{"a: \"\\ud83d\\ude00\"\n", `Invalid YAML: There is no such character. Write one above U\+FFFF as \\U and eight digits`},
		{"a: \"\\xzz\"\n", `Invalid YAML: Hexadecimal digits are wanted here`},
		{"%YAML 1.2\n---\na: 1\n", `1:1 Invalid YAML: Leave the %YAML line out`},
		{"a: - b\n", `1:4 Invalid YAML: A list cannot begin here`},
		{"a: [b\n", `Invalid YAML: A comma or the closing bracket is missing`},
		{"a: 'b'#c\n", `1:7 Invalid YAML: .*`},
		{"a\nb: 1\n", `Invalid YAML: `},
		{"a: !x!y z\n", `Invalid YAML: A value that begins with ! is a tag`},
		{"a: b\n---\nc: d\n", `2:1 Second document: `},
		{"a: b\n...\n---\nc: d\n", `3:1 Second document: `},
		// What we do not read.
		{"<<: {a: 1}\n", `1:1 Merge key: `},
		{"a: &x {b: 1}\nc:\n  <<: *x\n", `3:3 Merge key: `},
		{"a: 1\nb: 2\na: 3\n", `3:1 Key given twice: "a" is already a key here, at line 1`},
		{"a: {b: 1, 'b': 2}\n", `1:12 Key given twice: `},
		{"404: x\n", `1:1 Key that is no text: YAML reads this key as a number. Put it in quotes: "404"`},
		{"true: x\n", `1:1 Key that is no text: YAML reads this key as a bool`},
		{"~: x\n", `1:1 Key that is no text: YAML reads this key as a null`},
		{": x\n", `1:1 Missing key: `},
		{"? [a]\n: b\n", `1:3 Key that is no text: A key must be a text, not a list`},
		{"{a: b}: c\n", `1:1 Key that is no text: `},
		{"a: &x [*x]\n", `1:8 Alias of itself: \*x stands inside of what it stands for`},
		{"a: &x {b: {c: *x}}\n", `1:15 Alias of itself: `},
		{bomb(), `Too many aliases: `},
		{"a: !!binary eA==\n", `1:4 Tag that is not read: bossplan does not read the tag !!binary here`},
		{"a: !!set {b}\n", `1:4 Tag that is not read: `},
		{"a: !mine x\n", `1:4 Tag that is not read: `},
		{"a: !!int x\n", `1:4 Tag that is not read: `},
		{"a: .inf\n", `1:4 Number out of range: .inf is not a finite number`},
		{"a: -.Inf\n", `1:4 Number out of range: `},
		{"a: 0x1F\n", `1:4 Ambiguous number: 0x1F: programs that read YAML differ about hexadecimal numbers`},
		{"a: 0o17\n", `1:4 Ambiguous number: .*octal`},
		{"a: 017\n", `1:4 Ambiguous number: .*zeros in front`},
		{"a: 1_000\n", `1:4 Ambiguous number: .*underscores`},
		{"a\ufeff: 1\n", `1:2 Character that cannot stand here: There is a byte order mark`},
		{"a: x\u0085\n", `1:5 Character that cannot stand here: U\+0085 ends a line for YAML but not for editors`},
		{"a: 'x\u2028'\n", `1:6 Character that cannot stand here: U\+2028`},
		{"a: x\u2029\n", `1:5 Character that cannot stand here: U\+2029`},
		{"a: x\rb: 1\n", `1:5 Character that cannot stand here: There is a carriage return without a line feed`},
		{"a: \"\a\"\n", `1:5 Character that cannot stand here: The control character U\+0007`},
		{"a: \xff\n", `1:4 Character that cannot stand here: The file is not UTF-8`},
		{"- a\n", `1:1 Not a plan: `},
		{"text\n", `1:1 Not a plan: `},
		{"a: '${'\n", `1:7 Missing expression: .*found the end of the text`},
		{"a: |\n  one\n  ${two +}\n", `3:10 Invalid expression`},
		{"'${': 1\n", `1:4 Missing expression`},
	} {
		_, diags := Parse([]byte(c.src), "t.yaml", nil)
		checkFault(t, c.src, c.want, diags)
	}
}

// TestFaultsJSON is the same for JSON.
func TestFaultsJSON(t *testing.T) {
	for _, c := range []struct{ src, want string }{
		{`{"a": 1,}`, `1:9 Invalid JSON: There is a comma before the closing bracket`},
		{`{"a": [1 2]}`, `1:10 Invalid JSON: A comma or \] is wanted here`},
		{`{"a" 1}`, `1:6 Invalid JSON: A colon is wanted after a key`},
		{`{a: 1}`, `1:2 Invalid JSON: A key in double quotes is wanted here`},
		{`{"a": 'b'}`, `1:7 Invalid JSON: A value is wanted here`},
		{`{"a": yes}`, `1:7 Invalid JSON: yes is no value of JSON`},
		{`{"a": 01}`, `1:7 Invalid JSON: 01 is no value`},
		{`{"a": .5}`, `1:7 Invalid JSON: \.5 is no value`},
		{`{"a": 5.}`, `1:7 Invalid JSON: 5\. is no value`},
		{`{"a": +5}`, `1:7 Invalid JSON: \+5 is no value`},
		{`{"a": NaN}`, `1:7 Invalid JSON: NaN is no value`},
		{`{"a": "b`, `1:9 Invalid JSON: The file ends before this text does`},
		{"{\"a\": \"b\n\"}", `1:9 Invalid JSON: A text goes on to the next line`},
		{`{"a": "\x"}`, `1:8 Invalid JSON: there is no such escape`},
		{`{"a": "\ud83d"}`, `1:8 Invalid JSON: \\ud83d is half of a pair`},
		{`{"a": "\ude00\ud83d"}`, `1:8 Invalid JSON: \\ude00 is half of a pair`},
		{`{"a": 1} x`, `1:10 Invalid JSON: Something is left over`},
		{`{"a": 1 // x`, `1:9 Invalid JSON: A comma or \} is wanted`},
		{`{"a": 1, "a": 2}`, `1:11 Key given twice`},
		{`{"a": "${x +}"}`, `1:13 Invalid expression`},
		{`[1]`, `1:1 Not a plan`},
		{`{`, `1:2 Invalid JSON: A key in double quotes`},
		{strings.Repeat(`{"a":`, 600), `Nested too deeply`},
		{strings.Repeat(`[`, 100000), `Nested too deeply`},
	} {
		_, diags := ParseJSON([]byte(c.src), "t.json", nil)
		checkFault(t, c.src, c.want, diags)
	}
}

// checkFault demands one diagnostic, "LINE:COLUMN Summary: Detail".
func checkFault(t *testing.T, src, want string, diags hcl.Diagnostics) {
	t.Helper()
	if len(src) > 60 {
		src = src[:60] + "…"
	}
	if len(diags) != 1 {
		t.Errorf("%q: %d diagnostics: %v", src, len(diags), diags)
		return
	}
	d := diags[0]
	got := fmt.Sprintf("%d:%d %s: %s", d.Subject.Start.Line, d.Subject.Start.Column, d.Summary, d.Detail)
	if ok, err := regexp.MatchString("(?s)"+strings.ReplaceAll(want, " | ", ` \| `), got); err != nil || !ok {
		t.Errorf("%q:\n got %s\nwant %s (%v)", src, got, want, err)
	}
}

// bomb is a few lines that stand for ten to the ninth values.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 10))
	}
	return b.String()
}

// TestDeep demands an answer where nesting is deeper than any stack.
func TestDeep(t *testing.T) {
	for _, depth := range []int{1000, 100000} {
		for _, c := range []struct{ open, close string }{{"[", "]"}, {"{a: ", "}"}, {"- ", ""}, {"? ", ""}, {"a: [", "]"}, {"&a [", "]"}, {"[? ", "]"}} {
			src := strings.Repeat(c.open, depth) + strings.Repeat(c.close, depth)
			if _, diags := Parse([]byte(src), "t.yaml", nil); !diags.HasErrors() {
				t.Errorf("%q nested %d deep is read", c.open, depth)
			}
		}
		var b strings.Builder
		for i := range min(depth, 3000) {
			b.WriteString(strings.Repeat(" ", i) + "a:\n")
		}
		_, diags := Parse([]byte(b.String()), "t.yaml", nil)
		checkFault(t, b.String(), "Nested too deeply", diags)
	}
	var b strings.Builder
	b.WriteString("a0: &a0 {}\n")
	for i := range 5000 {
		fmt.Fprintf(&b, "a%d: &a%d {b: *a%d}\n", i+1, i+1, i)
	}
	if _, diags := Parse([]byte(b.String()), "t.yaml", nil); !diags.HasErrors() {
		t.Error("a chain of 5000 aliases is read")
	}
}

// TestBrokenEnd demands that what stands before a mistake can be seen: the
// version that a file asks for.
func TestBrokenEnd(t *testing.T) {
	file, diags := Parse([]byte("bossplan:\n  required_version: '>= 9'\nwormhole:\n  <%: [\n"), "t.yaml", nil)
	if !diags.HasErrors() {
		t.Fatal("it is read")
	}
	if root := file.Body.(*body).node.child("bossplan"); root == nil || root.child("required_version").value != ">= 9" {
		t.Error("the beginning is lost")
	}
}

// TestHint is what is said about values that turned out wrong.
func TestHint(t *testing.T) {
	for src, want := range map[string]string{
		"a: yes": "YAML 1.2 reads yes as a text", "a: 'yes'": "", "a: plain": "", "a:": "reads as null", "a: ~": "",
		"a: >5": "A value that begins with >", "a: var.x": "written ${var.x}", "a: \"max(1, var.n)\"": "written ${max(1, var.n)}",
		"a: per_user": "", "a: ${var.x}": "", "a: nothing (here)": "", "a: [1, [var.x]]": "written ${var.x}",
	} {
		file, diags := Parse([]byte(src), "t.yaml", nil)
		if diags.HasErrors() {
			t.Fatal(src, diags)
		}
		at := strings.LastIndexAny(src, " [") + 1
		if got := file.Nav.(Nav).Hint(max(at, 2)); !strings.Contains(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", src, got, want)
		}
	}
}

// TestContext names the blocks around places.
func TestContext(t *testing.T) {
	src := "import: {source: x}\nscenario:\n  main:\n    stage:\n      peak: {users: 1}\n"
	file, _ := Parse([]byte(src), "t.yaml", nil)
	for text, want := range map[string]string{"source": "import", "users": "scenario.main", "scenario": "scenario", "peak": "scenario.main"} {
		if got := file.Nav.(Nav).ContextString(strings.Index(src, text)); got != want {
			t.Errorf("%s is in %q, want %q", text, got, want)
		}
	}
}
