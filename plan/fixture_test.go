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
// repository ships, each as it is and transcribed to YAML.
func TestValid(t *testing.T) {
	for _, f := range append(spelledFixtures(t, "testdata/valid"), spelledFixtures(t, "../plans")...) {
		t.Run(f.name, func(t *testing.T) {
			_, diags := f.load(t)
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
	for _, f := range spelledFixtures(t, "testdata/invalid") {
		t.Run(f.name, func(t *testing.T) {
			p, diags := f.load(t)
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
			if t.Failed() && f.transcribed {
				t.Logf("|\n%s", bytes.ReplaceAll(p.Sources[0].Bytes, []byte("\n"), []byte("\n| ")))
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
		if !e.met && e.at == at && e.severity == d.Severity && e.matches(d) {
			e.met = true
			return true
		}
	}
	return false
}

// citedPlace is a place in an HCL fixture, as a pattern has it.
var citedPlace = regexp.MustCompile(`\.hcl:\d*`)

// matches holds a diagnostic against an expectation, which may have been
// written for HCL and then have its words and its lines.
func (e *expectation) matches(d *hcl.Diagnostic) bool {
	message := d.Summary + ": " + d.Detail
	if e.pattern.MatchString(message) {
		return true
	}
	pattern, err := regexp.Compile(citedPlace.ReplaceAllString(inYAML(e.pattern.String()), `\S*:\d+`))
	return err == nil && strings.Contains(e.at+message, "_transcribed.yaml:") && pattern.MatchString(message)
}

// A fixture is a plan of testdata.
type fixture struct {
	name        string
	path        string
	transcribed bool // from HCL to YAML, as it is loaded
}

// load loads the fixture.
func (f fixture) load(t *testing.T) (*Plan, hcl.Diagnostics) {
	t.Helper()
	in := Inputs{Env: fixtureEnv}
	if !f.transcribed {
		return Load(f.path, in)
	}
	src, err := os.ReadFile(f.path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := transcribe(src)
	if err != nil {
		t.Fatalf("this cannot be said in YAML, because %v: give the fixture a line \"# spelling: hcl\"", err)
	}
	name := strings.TrimSuffix(f.path, ".hcl") + "_transcribed.yaml"
	in.ReadFile = func(path string) ([]byte, error) {
		if path == filepath.Clean(name) {
			return []byte(text), nil
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return nil, checkKind(info)
		}
		return os.ReadFile(path)
	}
	return Load(name, in)
}

// spelledFixtures are the plans of a directory: HCL ones also transcribed, except
// where a line says that they make sense in HCL only.
func spelledFixtures(t *testing.T, dir string) []fixture {
	t.Helper()
	entries, err := os.ReadDir(filepath.FromSlash(dir))
	if err != nil {
		t.Fatal(err)
	}
	var list []fixture
	for _, entry := range entries {
		path := filepath.Join(filepath.FromSlash(dir), entry.Name())
		if entry.IsDir() || spelling(path) == "" {
			continue
		}
		list = append(list, fixture{name: entry.Name(), path: path})
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if spelling(path) == spellHCL && !bytes.Contains(src, []byte("# spelling: hcl\n")) {
			list = append(list, fixture{name: entry.Name() + " in YAML", path: path, transcribed: true})
		}
	}
	if len(list) == 0 {
		t.Fatalf("no fixtures in %s", dir)
	}
	return list
}

// fixtures are the paths of the HCL plans of a directory.
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
