package plan

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan/diag"
)

// TestLintFixtures lints plans that say themselves what is to be said about
// them, and holds that every warning there is has one that it is said about.
func TestLintFixtures(t *testing.T) {
	seen := map[string]bool{}
	for _, path := range fixtures(t, "testdata/lint") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			p, diags := Load(path, Inputs{})
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			expected := expectations(t, p.Sources[:1])
			for _, d := range Lint(p, Machine{}) {
				lint, _ := d.Extra.(diag.Lint)
				seen[lint.ID] = true
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
	for _, rule := range LintRules() {
		if !seen[rule.ID] {
			t.Errorf("no fixture has a warning %s", rule.ID)
		}
		delete(seen, rule.ID)
	}
	for id := range seen {
		t.Errorf("LintRules does not have %s", id)
	}
}

// TestLintSilenced silences every warning about the fixtures, once at the end of
// its line and once above: nothing is left, and nothing new is said.
func TestLintSilenced(t *testing.T) {
	rows, err := os.ReadFile("testdata/lint/rows.csv")
	if err != nil {
		t.Fatal(err)
	}
	comment := regexp.MustCompile(` # .*$`)
	for _, name := range []string{"load.hcl", "capture.hcl", "warmup.hcl"} {
		src, err := os.ReadFile(filepath.Join("testdata", "lint", name))
		if err != nil {
			t.Fatal(err)
		}
		load := func(text string) *Plan {
			return loadFiles(t, map[string]string{"p.hcl": text, "rows.csv": string(rows)})
		}
		var lines []string
		for _, line := range strings.Split(string(src), "\n") {
			lines = append(lines, comment.ReplaceAllString(line, ""))
		}
		ids := map[int][]string{} // by line
		for _, d := range Lint(load(strings.Join(lines, "\n")), Machine{}) {
			lint, _ := d.Extra.(diag.Lint)
			ids[d.Subject.Start.Line] = append(ids[d.Subject.Start.Line], lint.ID)
		}
		if len(ids) == 0 {
			t.Fatalf("%s: nothing to silence", name)
		}
		var beside, above []string
		for i, line := range lines {
			here := strings.Join(ids[i+1], ", ")
			if here != "" {
				beside = append(beside, line+" # bossplan:ignore "+here)
				above = append(above, "# Because it is meant.", "// bossplan:ignore "+here)
			} else {
				beside = append(beside, line)
			}
			above = append(above, line)
		}
		for _, text := range [][]string{beside, above} {
			if diags := Lint(load(strings.Join(text, "\n")), Machine{}); len(diags) > 0 {
				t.Errorf("%s: not silenced: %v", name, diags)
			}
		}
	}
}

func TestIgnoresInYAML(t *testing.T) {
	src := Source{Name: "p.yaml", Bytes: []byte(strings.Join([]string{
		"host: # bossplan:ignore a, b",     // 1
		"  # bossplan:ignore c",            // 2
		"  api: {}",                        // 3
		`  x: "#bossplan:ignore d"`,        // 4
		"  é: 1\t#  bossplan:ignore e why", // 5
	}, "\r\n"))}
	var got []string
	for _, i := range ignoresIn(src) {
		if text := string(i.at.SliceBytes(src.Bytes)); text != i.id {
			t.Errorf("%q is at %q", i.id, text)
		}
		got = append(got, fmt.Sprintf("%s %d:%d", i.id, i.line, i.at.Start.Column))
	}
	if want := []string{"a 1:25", "b 1:28", "c 3:21", "e 5:27"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// A file of nothing but such comments is read in time.
func TestIgnoresMany(t *testing.T) {
	src := strings.Repeat("# bossplan:ignore nothing, no-wait\n", 20_000) + lintBase
	if diags := Lint(loadText(t, src), Machine{}); len(diags) != mostUnknown || diags[0].Severity != hcl.DiagWarning {
		t.Errorf("%d warnings", len(diags))
	}
}
