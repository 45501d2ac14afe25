package plan

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHostileYAML loads what no person writes in YAML and JSON. As in HCL, each
// ends in the message that is wanted, without much time and without a stack
// that overflows.
func TestHostileYAML(t *testing.T) {
	local := func(value string) string { return "locals: {x: " + value + "}\n" }
	for name, test := range map[string]struct{ file, text, want string }{
		"brackets":        {"p.yaml", local(strings.Repeat("[", 1_000_000)), "Nested too deeply"},
		"closed":          {"p.yaml", local(strings.Repeat("[", 1000) + strings.Repeat("]", 1000)), "Nested too deeply"},
		"braces":          {"p.yaml", strings.Repeat("{a: ", 100_000), "Nested too deeply"},
		"dashes":          {"p.yaml", strings.Repeat("- ", 100_000), "Nested too deeply"},
		"keys":            {"p.yaml", strings.Repeat("? ", 100_000), "Nested too deeply"},
		"JSON":            {"p.json", strings.Repeat(`{"a":`, 100_000), "Nested too deeply"},
		"JSON lists":      {"p.json", strings.Repeat(`[`, 1_000_000), "Nested too deeply"},
		"parentheses":     {"p.yaml", local("'${" + strings.Repeat("(", 100_000) + "1" + strings.Repeat(")", 100_000) + "}'"), "Nested too deeply"},
		"templates":       {"p.yaml", local("'" + strings.Repeat(`"${`, 100_000) + "'"), "Nested too deeply"},
		"sums":            {"p.json", `{"locals": {"x": "${1` + strings.Repeat("+1", 100_000) + `}"}}`, "Nested too deeply"},
		"reference":       {"p.yaml", "user_class: {u: {host: 'h" + strings.Repeat("[0]", 100_000) + "'}}\n", "Not a reference"},
		"type":            {"p.yaml", "variable: {v: {type: '" + strings.Repeat("list(", 100_000) + "'}}\n", "Invalid type"},
		"wait":            {"p.yaml", "host: {h: {base_url: 'http://h'}}\nuser_class: {u: {host: host.h, wait: 'constant(" + strings.Repeat("(", 100_000) + "'}}\n", "Invalid wait"},
		"digits":          {"p.yaml", local(strings.Repeat("9", 1_000_000)), "Number out of range"},
		"exponent":        {"p.yaml", local("1e600000000"), "Number out of range"},
		"small":           {"p.json", `{"locals": {"x": 1e-600000000}}`, "out of range"},
		"key":             {"p.yaml", strings.Repeat("k", 1_000_000) + ": 1\n", "Unknown argument"},
		"words":           {"p.yaml", strings.Repeat("a: b\n", 3<<20), "File too large"},
		"ten megabytes":   {"p.yaml", "host:\n" + strings.Repeat("  a: b\n", 10<<20/7), "File too large"},
		"one long line":   {"p.yaml", "locals: {x: '" + strings.Repeat("é", 1<<20) + "${nothing}'}\n", "Unknown name"},
		"long JSON line":  {"p.json", `{"locals": {"x": ["` + strings.Repeat(`é", "`, 8_000) + `${nothing}"]}}`, "Unknown name"},
		"long list":       {"p.yaml", local("[" + strings.Repeat("1, ", 100_000) + "]"), "a list has at most 8192 elements"},
		"many keys":       {"p.yaml", "host:\n" + strings.Repeat("  a: {}\n", 100_000), "Key given twice"},
		"many blanks":     {"p.yaml", "locals:\n  x: |\n" + strings.Repeat("\n", 100_000) + "    ${nothing}\n", "Text too long"},
		"many lines":      {"p.hcl", "locals {\n  x = <<EOT\n" + strings.Repeat("a\n", 100_000) + "${nothing}\nEOT\n}\n", "Text too long"},
		"aliases":         {"p.yaml", "locals:\n  a0: &a0 [x, x, x, x, x, x, x, x]\n" + aliases(12), "Too many aliases"},
		"aliased text":    {"p.yaml", "locals:\n  t: &t '" + strings.Repeat("x", 1<<20) + "'\n  u: [" + strings.Repeat("*t, ", 100) + "]\n", "the value is too large"},
		"second document": {"p.yaml", "locals: {}\n---\nlocals: {}\n", "Second document"},
		"UTF-16":          {"p.yaml", "\xff\xfea\x00", "it is UTF-16"},
		"mark":            {"p.json", "\ufeff{}", "it begins with a byte order mark"},
		"future":          {"p.yaml", "bossplan: {required_version: '>= 9'}\nwormhole: [\n", "Another version is needed"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, diags := loadAs(test.file, map[string]string{test.file: test.text})
			if !strings.Contains(messages(diags[:min(len(diags), 3)]), test.want) {
				t.Errorf("got %d diagnostics, first %.300s\nwant %s", len(diags), messages(diags[:min(1, len(diags))]), test.want)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// aliases are lines that each stand for eight times as much as the one before.
func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  a%d: &a%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 8))
	}
	return b.String()
}

// TestLargeYAML loads what is large but right.
func TestLargeYAML(t *testing.T) {
	var b strings.Builder
	b.WriteString("host: {api: {base_url: 'http://localhost'}}\nvariable: {tenant: {default: t}}\nuser_class:\n  u:\n    host: host.api\n    request:\n")
	for i := range 3_000 {
		fmt.Fprintf(&b, "      r%d: # number %d\n        weight: %d\n        path: /api/${var.tenant}/%d/${user.id}\n        headers: {A: x, B: '${uuid()}'}\n        json: {a: [1, 2, 3], b: '${one_of(\"x\", \"y\")}'}\n", i, i, i%7+1, i)
	}
	p, diags := loadAs("p.yaml", map[string]string{"p.yaml": b.String()})
	if len(diags) > 0 || len(p.UserClasses[0].Requests) != 3_000 {
		t.Fatalf("%.500s", messages(diags))
	}
}
