package plan

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateDocs = flag.Bool("update", false, "write the generated part of docs/language.md anew")

// generatedBelow parts what people wrote in docs/language.md from what is made.
const generatedBelow = "<!-- Made by `go test ./plan -run TestLanguageReference -update`; do not edit below. -->\n\n"

// TestLanguageReference holds docs/language.md against the language.
func TestLanguageReference(t *testing.T) {
	path := filepath.Join("..", "docs", "language.md")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(content), "\r\n", "\n")
	written, has, found := strings.Cut(text, generatedBelow)
	if !found {
		t.Fatalf("%s lacks the line %q", path, strings.TrimSpace(generatedBelow))
	}
	var want bytes.Buffer
	if err := WriteReference(&want); err != nil {
		t.Fatal(err)
	}
	if *updateDocs {
		if err := os.WriteFile(path, []byte(written+generatedBelow+want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want.String(), has); diff != "" {
		t.Errorf("%s is not what the language is (-language +file), run with -update:\n%s", path, diff)
	}
}

// TestDocumentedPlans loads every whole plan that the documentation shows.
func TestDocumentedPlans(t *testing.T) {
	for _, name := range []string{"README.md", "docs/language.md"} {
		content, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		plans := 0
		for i, part := range strings.Split(strings.ReplaceAll(string(content), "\r\n", "\n"), "```hcl\n")[1:] {
			code, _, _ := strings.Cut(part, "```")
			if !strings.Contains(code, "scenario \"") {
				continue
			}
			plans++
			path := filepath.Join(t.TempDir(), "plan.hcl")
			if err := os.WriteFile(path, []byte(code), 0o644); err != nil {
				t.Fatal(err)
			}
			p, diags := Load(path, Inputs{})
			if !diags.HasErrors() {
				diags = append(diags, Lint(p, Machine{})...)
			}
			for _, d := range diags {
				t.Errorf("%s, example %d: %s", name, i+1, d.Error())
			}
		}
		if plans == 0 {
			t.Errorf("%s shows no whole plan", name)
		}
	}
}

func TestKindsAreExplained(t *testing.T) {
	for _, k := range usedKinds(Schema()) {
		if k.doc() == "" {
			t.Errorf("kind %q has no explanation in the reference", k)
		}
	}
}
