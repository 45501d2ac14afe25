package plan

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSuiteInYAML shows that the suite in plans/yaml is the suite in plans.
func TestSuiteInYAML(t *testing.T) {
	plans, err := filepath.Glob(filepath.FromSlash("../plans/*.hcl"))
	if err != nil || len(plans) == 0 {
		t.Fatal(plans, err)
	}
	for _, path := range plans {
		name := strings.TrimSuffix(filepath.Base(path), ".hcl")
		t.Run(name, func(t *testing.T) {
			inHCL, diags := Load(path, Inputs{})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			inYAML, diags := Load(filepath.Join(filepath.Dir(path), "yaml", name+".yaml"), Inputs{})
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if diff := cmp.Diff(inHCL.Resolve().String(), inYAML.Resolve().String()); diff != "" {
				t.Errorf("HCL (-) and YAML (+) differ:\n%s", diff)
			}
			if inHCL.Resolve().Digest() != inYAML.Resolve().Digest() {
				t.Error("HCL and YAML differ beyond what is shown")
			}
		})
	}
}

// TestDiscoverYAML finds plans among YAML and JSON files that are none of ours.
func TestDiscoverYAML(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"plan.yaml":       "scenario: {main: {}}\n",
		"library.yml":     "bossplan: {required_version: '>= 0.1.0'}\nhost: {}\n",
		"plan.json":       `{"scenario": {"main": {}}}`,
		"broken.yaml":     "bossplan:\n  a: [\nscenario:\n  main:\n",
		"broken.json":     "{\n  \"scenario\": {,}\n}\n",
		"imported.yaml":   "host: {}\n",
		"compose.yaml":    "services:\n  scenario:\n    image: x\n",
		"other.yaml":      "{{ template }}\n",
		"several.yml":     "a: 1\n---\nb: 2\n",
		"package.json":    `{"name": "x", "scenarios": 1}`,
		"list.json":       `[1]`,
		"plan.yaml.bak":   "scenario: {main: {}}\n",
		".hidden/x.yaml":  "scenario: {main: {}}\n",
		"no_scenario.hcl": "locals {}\n",
	} {
		write(t, name, text)
	}
	plans, libraries, err := Discover([]string{"."}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"broken.json", "broken.yaml", "plan.json", "plan.yaml"}, plans); diff != "" {
		t.Errorf("plans: -want +got\n%s", diff)
	}
	if diff := cmp.Diff([]string{"library.yml", "no_scenario.hcl"}, libraries); diff != "" {
		t.Errorf("libraries: -want +got\n%s", diff)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestVariableFiles gives values in files of each spelling.
func TestVariableFiles(t *testing.T) {
	files := map[string]string{
		"plans/main.hcl": "variable \"users\" {\n  default = 1\n}\nvariable \"version\" {\n  type = string\n  default = \"\"\n}\n",
		"good.yaml":      "users: 5\nversion: a ${1 + 1}\n",
		"good.yml":       "users: '6'\n",
		"good.json":      `{"users": 7, "version": "\ud83d\ude00"}`,
		"empty.yaml":     "# nothing\n",
		"name.yaml":      "usres: 1\n",
		"kind.json":      "{\n  \"users\": \"x\"\n}\n",
		"names.yaml":     "users: ${local.x}\n",
		"version.yaml":   "version: 1.10\n",
		"syntax.yaml":    "users: > 5\n",
		"list.yaml":      "- users\n",
	}
	for _, c := range []struct{ file, want string }{
		{"good.yaml", `5 "a 2"`},
		{"good.yml", `6 ""`},
		{"good.json", `7 "😀"`},
		{"empty.yaml", `1 ""`},
		{"name.yaml", `name.yaml:1: Unknown variable: plans/main.hcl has no variable "usres". Did you mean "users"?`},
		{"kind.json", `kind.json:2: Wrong kind of value: variable "users" must be a number`},
		{"names.yaml", `names.yaml:1: Not a written-out value: `},
		{"version.yaml", `version.yaml:1: Number where a text is wanted: variable "version" is a text, but 1.10 without quotes is the number 1.1. Write "1.10".`},
		{"syntax.yaml", `syntax.yaml:1: Invalid YAML: `},
		{"list.yaml", `list.yaml:1: Not a plan: `},
	} {
		p, diags := load(Inputs{Assignments: []Assignment{{File: c.file}}}, files)
		got := messages(diags)
		if len(diags) == 0 {
			got = jsonOf(t, p.Variables[0].Value) + " " + jsonOf(t, p.Variables[1].Value)
		}
		if !strings.HasPrefix(got, c.want) || len(diags) > 1 {
			t.Errorf("%s: got\n%s\nwant %s", c.file, got, c.want)
		}
	}
}

// TestMixedSpellings imports a library of each spelling into a plan of each.
func TestMixedSpellings(t *testing.T) {
	plans := map[string]string{
		"main.hcl":  "import {\n  source = \"SOURCE\"\n  variables = { n = 2 }\n}\nlocals {\n  x = var.n\n  twice = local.lib\n}\n",
		"main.yaml": "import: {source: SOURCE, variables: {n: 2}}\nlocals: {x: '${var.n}', twice: '${local.lib}'}\n",
		"main.json": `{"import": [{"source": "SOURCE", "variables": {"n": 2}}], "locals": {"x": "${var.n}", "twice": "${local.lib}"}}`,
	}
	libraries := map[string]string{
		"lib.hcl":  "variable \"n\" {\n  type = number\n}\nlocals {\n  lib = var.n * 2\n}\n",
		"lib.yaml": "variable: {n: {type: number}}\nlocals: {lib: '${var.n * 2}'}\n",
		"lib.yml":  "variable:\n  n:\n    type: number\nlocals:\n  - lib: ${var.n * 2}\n",
		"lib.json": `{"variable": {"n": {"type": "number"}}, "locals": {"lib": "${var.n * 2}"}}`,
	}
	for plan, text := range plans {
		for library := range libraries {
			files := map[string]string{plan: strings.ReplaceAll(text, "SOURCE", library), library: libraries[library]}
			p, diags := loadAs(plan, files)
			if len(diags) > 0 || jsonOf(t, p.Variables[0].Value) != "2" {
				t.Errorf("%s with %s: %s", plan, library, messages(diags))
			}
		}
	}
}
