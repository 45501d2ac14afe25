package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bossplan/interp/judge"
	"bossplan/plan"
)

// guardedJob is a job whose host is guarded.
func guardedJob(t *testing.T, guard string) *job {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plan.hcl")
	src := `
host "api" { base_url = "http://127.0.0.1:1" }
user_class "user" {
  host = host.api
  wait = constant("1s")
  request "get" { path = "/" }
}
scenario "main" {
  user_classes = [user_class.user]
  stage "steady" {
    users    = 1
    duration = "1s"
  }
}
guard "loopback" {
  hosts = ["127.0.0.0/8"]
` + guard + "\n}\n"
	if err := os.WriteFile(file, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	p, diags := plan.Load(file, plan.Inputs{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return &job{plan: p}
}

// TestGuardAtTerminal is about what scripts cannot be: a person.
func TestGuardAtTerminal(t *testing.T) {
	for _, test := range []struct {
		name, guard, typed string
		asks               bool
		code               int
		prompted           bool
	}{
		{"the name", "", "127.0.0.1\n", true, exitPass, true},
		{"the name without a line break", "", " 127.0.0.1 ", true, exitPass, true},
		{"yes", "", "yes\n127.0.0.1\n", true, judge.ExitRefused, true},
		{"nothing", "", "", true, judge.ExitRefused, true},
		{"no terminal", "", "127.0.0.1\n", false, judge.ExitRefused, false},
		{"a line is missing as well", `acknowledge = ["I know"]`, "127.0.0.1\n", true, judge.ExitRefused, false},
	} {
		var out, messages bytes.Buffer
		a := &app{
			stdin: strings.NewReader(test.typed), stdout: &out, stderr: &messages, asks: test.asks,
			env: func(string) (string, bool) { return "", false }, args: []string{"apply", "plan.hcl"},
		}
		j := guardedJob(t, test.guard)
		if code := a.passGuards([]*job{j}, applyFlags{}); code != test.code {
			t.Errorf("%s: exit code %d, want %d\n%s", test.name, code, test.code, &messages)
		}
		if prompted := strings.Contains(messages.String(), "To load it, type its name: "); prompted != test.prompted {
			t.Errorf("%s: asked is %t, want %t\n%s", test.name, prompted, test.prompted, &messages)
		}
		if len(j.guards) != 1 {
			t.Errorf("%s: %d guards apply", test.name, len(j.guards))
		}
	}
}

func TestShellQuoted(t *testing.T) {
	for word, want := range map[string]string{
		"":              "''",
		"plans/a.hcl":   "plans/a.hcl",
		"a b":           "'a b'",
		"it's $HOME":    `'it'\''s $HOME'`,
		"users=1;rm -r": "'users=1;rm -r'",
		"é":             "'é'",
	} {
		if got := shellQuoted(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}
