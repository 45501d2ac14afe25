package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestHostile loads what no person writes. Each must end in the message that
// is wanted, without much time and without a stack that overflows.
func TestHostile(t *testing.T) {
	doubling := func(first, next string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "locals {\n  v0 = %s\n", first)
		for i := range 60 {
			fmt.Fprintf(&b, "  v%d = %s\n", i+1, strings.ReplaceAll(next, "V", fmt.Sprintf("local.v%d", i)))
		}
		return b.String() + "}\n"
	}
	local := func(expr string) string { return "locals {\n  x = " + expr + "\n}\n" }
	var chain strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&chain, "locals {\n  v%d = local.v%d\n}\n", i, (i+1)%20_000)
	}
	for name, test := range map[string]struct{ text, want string }{
		"brackets":      {local(strings.Repeat("[", 1_000_000)), "Nested too deeply"},
		"closed":        {local(strings.Repeat("[", 1000) + strings.Repeat("]", 1000)), "Nested too deeply"},
		"parentheses":   {local(strings.Repeat("(", 150_000) + "1" + strings.Repeat(")", 150_000)), "Nested too deeply"},
		"lines":         {local(strings.Repeat("[ # ]\n", 150_000)), "Nested too deeply"},
		"blocks":        {strings.Repeat("a {\n", 150_000), "Nested too deeply"},
		"templates":     {local(strings.Repeat(`"${`, 150_000)), "Nested too deeply"},
		"controls":      {local(`"` + strings.Repeat(`%{if true}`, 100_000) + `"`), "Nested too deeply"},
		"signs":         {local(strings.Repeat("!", 1_000_000) + "true"), "Nested too deeply"},
		"sums":          {local("1" + strings.Repeat(" + 1", 150_000)), "Nested too deeply"},
		"sums in lines": {local("(1" + strings.Repeat("\n+ 1", 150_000) + ")"), "Nested too deeply"},
		"for in lines":  {local("{ # x\nfor k in [] : k => 1" + strings.Repeat("\n+ 1", 150_000) + "}"), "Nested too deeply"},
		"choices":       {local(strings.Repeat("true ? 1 : ", 150_000) + "2"), "Nested too deeply"},
		"indexes":       {local("a" + strings.Repeat("[b]", 150_000)), "Nested too deeply"},
		"splats":        {local("a" + strings.Repeat("[*]", 150_000)), "Nested too deeply"},
		"words":         {strings.Repeat("a ", 8<<20-1), "File too large"},
		"size":          {strings.Repeat(" ", 16<<20+1), "it is larger than 16 MiB"},
		"exponent":      {local(`"${1e600000000}"`), "Number out of range"},
		"digits":        {local(strings.Repeat("9", 1_000_000)), "Number out of range"},
		"squares":       {doubling("1e300", "V * V"), "the number is out of range"},
		"lists":         {doubling("[1]", "[V, V]"), "the value is too large"},
		"long list":     {local("[" + strings.Repeat("1,", 100_000) + "]"), "a list has at most 8192 elements"},
		"texts":         {doubling(`"x"`, `"${V}${V}"`), "the value is too large"},
		"widths":        {local(`format("%999999999d", 1)`), "larger than 16 MiB"},
		"indents":       {local(`indent(999999999, "a\nb")`), "larger than 16 MiB"},
		"replaces":      {doubling(`"x"`, `replace(V, "x", "xx")`), "larger than 16 MiB"},
		"groups":        {doubling(`"x"`, `regexreplace(V, ".*", "$0$0$0$0")`), "larger than 16 MiB"},
		"joins":         {local(`join(format("%1000000s", ""), range(1000))`), "larger than 16 MiB"},
		"range":         {local(`range(1e300)`), "more than 1024 values"},
		"loops":         {local("[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : a]]]"), "Too many turns"},
		"hidden loops":  {local("[for a in range(1000) : [for b in range(a, a + 1000) : [for c in range(b, b + 1000) : a]]]"), "Too many turns"},
		"distinct":      {local("distinct(flatten([for a in range(1000) : [for b in range(100) : a * b]]))"), "Too many turns"},
		"compared":      {local("distinct(flatten([for a in range(70) : [for b in range(70) : a * b]]))"), "take too long"},
		"circle":        {chain.String(), "Circular values: "},
		"NUL":           {"a\x00b", "Invalid character"},
		"UTF-16":        {"\xff\xfea\x00", "it is UTF-16"},
		"Latin-1":       {"# \n# \xe9\n", "it is not UTF-8 text: line 2"},
		"mark":          {"\ufefflocals {}\n", "it begins with a byte order mark"},
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, diags := load(Inputs{}, map[string]string{"plans/main.hcl": test.text})
			if len(diags) == 0 || !strings.Contains(diags[0].Summary+": "+diags[0].Detail, test.want) {
				t.Errorf("got %d diagnostics, first %.300s\nwant %s", len(diags), messages(diags[:min(1, len(diags))]), test.want)
			}
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestLargePlan loads what is large but right.
func TestLargePlan(t *testing.T) {
	var b strings.Builder
	b.WriteString("host \"api\" {\n  base_url = \"http://localhost\"\n}\nvariable \"tenant\" {\n  default = \"t\"\n}\nuser_class \"u\" {\n  host = host.api\n")
	for i := range 10_000 {
		fmt.Fprintf(&b, "  request \"r%d\" { # number %d\n    weight = %d\n    path = \"/api/${var.tenant}/%d/${user.id}\"\n    headers = { A = \"x\", B = uuid() }\n    json = { a = [1, 2, 3], b = one_of(\"x\", \"y\") }\n  }\n", i, i, i%7+1, i)
	}
	b.WriteString("}\n")
	start := time.Now()
	p, diags := load(Inputs{}, map[string]string{"plans/main.hcl": b.String()})
	if len(diags) > 0 || len(p.UserClasses[0].Requests) != 10_000 {
		t.Fatalf("%.500s", messages(diags))
	}
	t.Logf("%d bytes took %v", b.Len(), time.Since(start))

	var wrong strings.Builder
	for i := range 3_000 {
		fmt.Fprintf(&wrong, "host \"h%d\" {\n  base_url = local.wrong%d\n}\n", i, i)
		fmt.Fprintf(&wrong, "locals {\n  other%d = 1\n}\n", i)
	}
	start = time.Now()
	if _, diags = load(Inputs{}, map[string]string{"plans/main.hcl": wrong.String()}); len(diags) != 3_000 {
		t.Errorf("%d diagnostics", len(diags))
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("three thousand mistakes took %v", took)
	}
}

// TestConfined puts files and links around a plan: nothing outside of its
// directory is read through it.
func TestConfined(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symbolic links need a privilege")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"outside.hcl":      "locals {}\n",
		"plans/inside.hcl": "locals {}\n",
		"plans/link.hcl":   "import { source = \"linked.hcl\" }\n",
		"plans/good.hcl":   "import { source = \"near.hcl\" }\n",
		"plans/file.hcl":   "locals {\n  x = file(\"linked.hcl\")\n}\n",
		"plans/rooted.hcl": "locals {\n  x = file(\"${path.root}/inside.hcl\")\n}\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for from, to := range map[string]string{"linked.hcl": "../outside.hcl", "near.hcl": "inside.hcl"} {
		if err := os.Symlink(to, filepath.Join(dir, "plans", from)); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{
		"plans/link.hcl":   "linked.hcl: it leads out of the plan's directory",
		"plans/file.hcl":   "it leads out of the plan's directory",
		"plans/good.hcl":   "",
		"plans/rooted.hcl": "",
		"plans":            "it is a directory",
		"plans/absent.hcl": "there is no such file",
		"absent/x.hcl":     "there is no such file",
	} {
		_, diags := Load(filepath.Join(dir, name), Inputs{})
		if got := messages(diags); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
