package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// TestPrecedence gives one variable values from more and more places: each
// wins over those before it, and the report can say where the value is from.
func TestPrecedence(t *testing.T) {
	files := map[string]string{
		"plans/main.hcl": `import {
  source    = "lib.hcl"
  variables = { users = 2 }
}`,
		"plans/lib.hcl": `variable "users" {
  default = 1
  env     = "USERS"
}`,
		"one.bossvars": "users = 5\n",
	}
	noImport := map[string]string{"plans/main.hcl": files["plans/lib.hcl"]}
	ours := map[string]string{"BOSSPLAN_VAR_users": "3"}
	both := map[string]string{"BOSSPLAN_VAR_users": "3", "USERS": "4"}
	file, flag := Assignment{File: "one.bossvars"}, Assignment{Name: "users", Value: "6"}
	for _, test := range []struct {
		files       map[string]string
		env         map[string]string
		assignments []Assignment
		want        string
	}{
		{noImport, nil, nil, "1 default"},
		{files, nil, nil, "2 import at plans/main.hcl:3"},
		{files, ours, nil, "3 environment BOSSPLAN_VAR_users"},
		{files, both, nil, "4 environment USERS"},
		{files, both, []Assignment{file}, "5 --var-file one.bossvars"},
		{files, both, []Assignment{file, flag}, "6 --var"},
		{files, both, []Assignment{flag, file}, "5 --var-file one.bossvars"},
	} {
		p, diags := load(Inputs{Env: lookupIn(test.env), Assignments: test.assignments}, test.files)
		if diags.HasErrors() {
			t.Fatal(messages(diags))
		}
		v := p.Variables[0]
		if got := fmt.Sprintf("%s %s", jsonOf(t, v.Value), v.Source); strings.ReplaceAll(got, `\`, "/") != test.want {
			t.Errorf("got %s, want %s", got, test.want)
		}
	}
}

func lookupIn(env map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := env[name]
		return v, ok
	}
}

func jsonOf(t *testing.T, v cty.Value) string {
	t.Helper()
	b, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestAssignedValues gives texts from the command line to variables of all kinds.
func TestAssignedValues(t *testing.T) {
	for _, test := range []struct{ declaration, text, want string }{
		{`default = 1000`, "750", "750"},
		{`default = "15m"`, "30m", `"30m"`},
		{`default = "15m"`, "90", `"90"`},
		{`default = false`, "true", "true"},
		{`type = string`, `["a"]`, `"[\"a\"]"`},
		{``, "plain text", `"plain text"`},
		{`type = list(string)`, `["a", "b"]`, `["a","b"]`},
		{`default = ["a"]`, `["b", "c"]`, `["b","c"]`},
		{`type = object({ a = number, b = optional(number, 2) })`, `{a = "1"}`, `{"a":1,"b":2}`},
		{`type = any`, `{ x = 1 }`, `{"x":1}`},

		{`default = 1000`, "many", "error: Wrong kind of value: variable \"v\" must be a number, not \"many\". The value is from: --var."},
		{`type = number`, "NaN", "error: Wrong kind of value"},
		{`type = number`, "Inf", "error: "},
		{`type = number`, "1e999999999", "error: "},
		{`type = number`, "0x10", "error: "},
		{`type = list(string)`, `["a"`, "error: Invalid value for variable v: The value from --var cannot be used: it must be written as in a plan"},
		{`type = list(string)`, `[var.x]`, "error: Invalid value for variable v"},
		{`type = list(string)`, strings.Repeat("[", 100_000), "error: Invalid value for variable v: The value from --var cannot be used: it is too large"},
		{`type = string`, "\xff", "error: Invalid value for variable v: The value from --var cannot be used: it is not UTF-8"},
	} {
		text := fmt.Sprintf("variable \"v\" {\n  %s\n}\n", test.declaration)
		p, diags := load(Inputs{Assignments: []Assignment{{Name: "v", Value: test.text}}}, map[string]string{"plans/main.hcl": text})
		got := ""
		if diags.HasErrors() {
			got = "error: " + diags[0].Summary + ": " + diags[0].Detail
		} else {
			got = jsonOf(t, p.Variables[0].Value)
		}
		if wantError := strings.HasPrefix(test.want, "error: "); !wantError && got != test.want || wantError && !strings.HasPrefix(got, test.want) {
			t.Errorf("%s, given %.40q: got %s, want %s", test.declaration, test.text, got, test.want)
		}
	}
}

func TestAssignmentErrors(t *testing.T) {
	files := map[string]string{
		"plans/main.hcl": "variable \"users\" {\n  default = 1\n}\n" +
			"variable \"list\" {\n  type = list(number)\n  default = [1]\n}\n" +
			"variable \"entries\" {\n  type = map(object({ b = number }))\n  default = {}\n}\n",
		"block.bossvars":  "variable \"x\" {\n}\n",
		"name.bossvars":   "usres = 1\n",
		"value.bossvars":  "users = local.x\n",
		"kind.bossvars":   "users = \"x\"\n",
		"syntax.bossvars": "users = = 1\n",
		"open.bossvars":   "users = \"1\nother = 2\n",
		"block.yaml":      "variable: {x: {default: 1}}\n",
		"kind.yaml":       "list: {a: 1}\n",
		"item.json":       "{\"list\": [1, \"a\"]}\n",
		"entry.yaml":      "entries: {a: {b: x}}\n",
		"bom.bossvars":    "\ufeffusers = 1\n",
	}
	for _, test := range []struct {
		assignment Assignment
		want       string
	}{
		{Assignment{Name: "usres"}, `Unknown variable: --var usres: plans/main.hcl has no variable "usres". Did you mean "users"?`},
		{Assignment{File: "absent"}, "Cannot read variable file: --var-file absent: there is no such file."},
		{Assignment{File: "bom.bossvars"}, "Cannot read variable file: --var-file bom.bossvars: it begins with a byte order mark"},
		{Assignment{File: "block.bossvars"}, "block.bossvars:1: Block in a variable file: "},
		{Assignment{File: "name.bossvars"}, `name.bossvars:1: Unknown variable: plans/main.hcl has no variable "usres". Did you mean "users"?`},
		{Assignment{File: "value.bossvars"}, `value.bossvars:1: Not a written-out value: `},
		{Assignment{File: "kind.bossvars"}, `kind.bossvars:1: Wrong kind of value: variable "users" must be a number`},
		{Assignment{File: "open.bossvars"}, `open.bossvars:1: Text over several lines: `},
		{Assignment{File: "block.yaml"}, "block.yaml:1: Block in a variable file: "},
		{Assignment{File: "kind.yaml"}, `kind.yaml:1: Wrong kind of value: variable "list" must be a value of type list(number), not a map.`},
		{Assignment{File: "item.json"}, `item.json:1: Wrong kind of value: variable "list" must be a value of type list(number): at [1]: a number is wanted.`},
		{Assignment{File: "entry.yaml"}, `entry.yaml:1: Wrong kind of value: variable "entries" must be a value of type map(object({b=number})): at ["a"].b: a number is wanted.`},
		{Assignment{File: "syntax.bossvars"}, `syntax.bossvars:1: Value is missing: `},
	} {
		_, diags := load(Inputs{Assignments: []Assignment{test.assignment}}, files)
		if len(diags) != 1 || !strings.HasPrefix(messages(diags), test.want) {
			t.Errorf("%+v: got\n%s\nwant %s", test.assignment, messages(diags), test.want)
		}
	}
}

// TestMissing allows a variable to be without a value: what is static and does
// not depend on it is still checked.
func TestMissing(t *testing.T) {
	files := map[string]string{"plans/main.hcl": `
variable "users" { type = number }
variable "url" {
  sensitive = true
  validation {
    condition     = startswith(var.url, "http")
    error_message = "no"
  }
}
locals { doubled = var.users * 2 }
host "api" {
  base_url = "http://localhost/${var.users}"
  headers  = { A = var.url, B = "x${local.doubled}" }
}
user_class "u" {
  host   = host.api
  weight = var.users
  wait   = constant(var.users)
  request "r" {
    path          = "/${var.users}"
    weight        = var.users
    expect_status = [var.users]
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "s" {
    users    = local.doubled
    duration = "1m"
    ramp     = "soon"
  }
}
`}
	p, diags := load(Inputs{AllowMissing: true}, files)
	if want := `plans/main.hcl:30: Invalid duration: `; !strings.HasPrefix(messages(diags), want) || len(diags) != 1 {
		t.Errorf("got\n%s\nwant one that begins with %s", messages(diags), want)
	}
	if !p.Incomplete() {
		t.Error("the plan does not know that it is incomplete")
	}
	if _, diags = load(Inputs{}, files); len(diags) != 3 {
		t.Errorf("without permission there should be two errors more:\n%s", messages(diags))
	}
}

// TestSecrets puts a sensitive value wherever a diagnostic might quote it.
func TestSecrets(t *testing.T) {
	const secret = "hunter2"
	attributes := []string{
		"base_url = var.s", "timeout = var.s", "http = var.s", "connections = var.s", "cookies = var.s", "max_rate = var.s", "follow_redirects = var.s",
		"headers = { A = var.s[0] }", "headers = { (var.s) = 1, (var.s) = 2 }", `headers = { "${var.s} x" = 1 }`, `headers = { A = "${var.s}\n" }`, "headers = var.s",
		`timeout = jsondecode(var.s)`, `timeout = parseint(var.s, 10)`, `timeout = { a = 1 }[var.s]`, `timeout = regex("x", var.s)`, `timeout = local.s.missing`,
		`base_url = "http://${var.s}"`, `timeout = file(var.s)`, `timeout = local.s`, `timeout = "${local.s}://"`,
	}
	for _, attribute := range attributes {
		_, diags := load(Inputs{}, map[string]string{"plans/main.hcl": fmt.Sprintf(`
variable "s" {
  default   = %q
  sensitive = true
}
locals { s = lower(var.s) }
host "api" {
  %s
}`, secret, attribute)})
		if !diags.HasErrors() {
			t.Errorf("%s: no error", attribute)
		}
		for _, d := range diags {
			if d.EvalContext != nil || strings.Contains(d.Summary+d.Detail, secret) {
				t.Errorf("%s: the secret is in %s: %s", attribute, d.Summary, d.Detail)
			}
		}
	}
}

func TestSecretsSpread(t *testing.T) {
	p, diags := load(Inputs{}, map[string]string{
		"plans/main.hcl": `
variable "s" {
  default   = "hunter2"
  sensitive = true
}
import {
  source    = "lib.hcl"
  variables = { t = "x${var.s}" }
}`,
		"plans/lib.hcl": `variable "t" { type = string }`,
	})
	if diags.HasErrors() {
		t.Fatal(messages(diags))
	}
	if v := p.Variables[1]; !v.Sensitive || v.Value.IsMarked() {
		t.Errorf("what is made of a sensitive value must be sensitive, and unmarked: %+v", v)
	}
}

func TestParseAssignment(t *testing.T) {
	got, err := ParseAssignment("a=b=c")
	if diff := cmp.Diff(Assignment{Name: "a", Value: "b=c"}, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for _, wrong := range []string{"", "a", "=b", "a b=c"} {
		if _, err := ParseAssignment(wrong); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}
