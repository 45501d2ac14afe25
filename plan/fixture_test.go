package plan

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
)

// fixtureEnv is the environment that fixtures are loaded in.
func fixtureEnv(name string) (string, bool) {
	v, ok := map[string]string{"FIXTURE_HOST": "http://fixture.test:8000", "FIXTURE_EMPTY": ""}[name]
	return v, ok
}

// TestValid loads what must load: the fixtures, and the suite that the
// repository ships.
func TestValid(t *testing.T) {
	for _, path := range append(fixtures(t, "testdata/valid"), fixtures(t, "../plans")...) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			_, diags := Load(path, Inputs{Env: fixtureEnv})
			for _, d := range diags {
				t.Errorf("%v", d)
			}
		})
	}
}

// TestInvalid loads plans that say themselves what is wrong with them: a
// comment `# error: "regexp"` stands on the line of each mistake and matches
// its "Summary: Detail". Nothing else may be reported.
func TestInvalid(t *testing.T) {
	for _, path := range fixtures(t, "testdata/invalid") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			p, diags := Load(path, Inputs{Env: fixtureEnv})
			if p == nil || len(p.Sources) == 0 {
				t.Fatal("no sources to show diagnostics in")
			}
			expected := expectations(t, p.Sources)
			for _, d := range diags {
				if !meet(expected, d) {
					t.Errorf("unexpected: %v", d)
				}
			}
			for _, e := range expected {
				if !e.met {
					t.Errorf("%s: nothing was reported that matches %q", e.at, e.pattern)
				}
			}
		})
	}
}

type expectation struct {
	at       string // file:line
	severity hcl.DiagnosticSeverity
	pattern  *regexp.Regexp
	met      bool
}

func expectations(t *testing.T, sources []Source) []*expectation {
	comment := regexp.MustCompile(`(?:#|//) (error|warning): "(.*?)"(?: |$)`)
	var list []*expectation
	for _, src := range sources {
		for i, line := range bytes.Split(src.Bytes, []byte("\n")) {
			for _, m := range comment.FindAllStringSubmatch(string(line), -1) {
				e := &expectation{at: fmt.Sprintf("%s:%d", src.Name, i+1), severity: hcl.DiagError}
				if m[1] == "warning" {
					e.severity = hcl.DiagWarning
				}
				pattern, err := regexp.Compile(m[2])
				if err != nil {
					t.Fatal(err)
				}
				e.pattern = pattern
				list = append(list, e)
			}
		}
	}
	if len(list) == 0 {
		t.Fatal("an invalid fixture expects no error")
	}
	return list
}

func meet(expected []*expectation, d *hcl.Diagnostic) bool {
	if d.Subject == nil {
		return false
	}
	at := fmt.Sprintf("%s:%d", d.Subject.Filename, d.Subject.Start.Line)
	for _, e := range expected {
		if !e.met && e.at == at && e.severity == d.Severity && e.pattern.MatchString(d.Summary+": "+d.Detail) {
			e.met = true
			return true
		}
	}
	return false
}

func fixtures(t *testing.T, dir string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(filepath.FromSlash(dir), "*.hcl"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures in %s: %v", dir, err)
	}
	return paths
}

// load loads a plan from texts, the first of which is the plan itself.
func load(in Inputs, files map[string]string) (*Plan, hcl.Diagnostics) {
	in.ReadFile = func(path string) ([]byte, error) {
		if text, ok := files[filepath.ToSlash(path)]; ok {
			return []byte(text), nil
		}
		return nil, os.ErrNotExist
	}
	return Load("plans/main.hcl", in)
}

// messages are diagnostics as lines of text.
func messages(diags hcl.Diagnostics) string {
	var lines []string
	for _, d := range diags {
		where := ""
		if d.Subject != nil {
			where = fmt.Sprintf("%s:%d: ", filepath.ToSlash(d.Subject.Filename), d.Subject.Start.Line)
		}
		lines = append(lines, where+d.Summary+": "+d.Detail)
	}
	return strings.Join(lines, "\n")
}
