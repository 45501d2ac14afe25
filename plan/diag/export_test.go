package diag

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
)

func TestWriteGitHub(t *testing.T) {
	var b strings.Builder
	for _, name := range []string{"simple", "lint", "lines", "hostile", "no_detail"} {
		if err := caseList(name).WriteGitHub(&b, ""); err != nil {
			t.Fatal(err)
		}
	}
	list := New(hcl.Diagnostics{
		{Severity: hcl.DiagError, Summary: "100% wrong: a, b", Detail: "two\r\nlines, 50%: \u2028::error::x", Subject: &hcl.Range{
			Filename: "/work/odd, 100%: dir/p.hcl", Start: hcl.Pos{Line: 1, Column: 2, Byte: 1}, End: hcl.Pos{Line: 1, Column: 3, Byte: 2},
		}},
		{Severity: hcl.DiagWarning, Summary: "Nowhere", Detail: "No file."},
	}, nil)
	if err := list.WriteGitHub(&b, "/work"); err != nil {
		t.Fatal(err)
	}
	golden(t, "github.txt", b.String())
	for _, line := range strings.SplitAfter(strings.TrimSuffix(b.String(), "\n"), "\n") {
		if !strings.HasPrefix(line, "::error ") && !strings.HasPrefix(line, "::warning ") {
			t.Errorf("not a command: %q", line)
		}
	}
}

func TestWriteSARIF(t *testing.T) {
	list := caseList("simple")
	for _, name := range []string{"lint", "no_detail", "values"} {
		list.Diagnostics = append(list.Diagnostics, caseList(name).Diagnostics...)
	}
	list.Diagnostics = append(list.Diagnostics, New(hcl.Diagnostics{
		{Severity: hcl.DiagError, Summary: "Cannot read plan file", Detail: "There is no such file."},
		{Severity: hcl.DiagError, Summary: "Elsewhere", Subject: &hcl.Range{Filename: "/work/50% ä: b/p.hcl", Start: hcl.Pos{Line: 3, Column: 2}, End: hcl.Pos{Line: 3, Column: 4}}},
		{Severity: hcl.DiagError, Summary: "Elsewhere", Subject: &hcl.Range{Filename: "/elsewhere/p q.hcl"}},
	}, nil).Diagnostics...)
	var b strings.Builder
	if err := list.WriteSARIF(&b, SARIFOptions{Version: "0.0.1", Root: "/work"}); err != nil {
		t.Fatal(err)
	}
	golden(t, "list.sarif", b.String())
	if strings.Contains(b.String(), "hunter2") {
		t.Error("a sensitive value was written")
	}
	var log sarifLog
	if err := json.Unmarshal([]byte(b.String()), &log); err != nil {
		t.Fatal(err)
	}
	rules := log.Runs[0].Tool.Driver.Rules
	for _, r := range log.Runs[0].Results {
		if rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("result of rule %s points at %s", r.RuleID, rules[r.RuleIndex].ID)
		}
	}
}

func TestWriteSARIFEmpty(t *testing.T) {
	var b strings.Builder
	if err := New(nil, nil).WriteSARIF(&b, SARIFOptions{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "null") || !strings.Contains(b.String(), `"results": []`) {
		t.Errorf("an empty log has no empty list of results:\n%s", b.String())
	}
}

// TestSARIFColumns holds the columns of every case against its own text.
func TestSARIFColumns(t *testing.T) {
	for name, c := range cases() {
		if c.diag.Subject != nil {
			continue
		}
		list := caseList(name)
		got := list.region(*list.Diagnostics[0].Range)
		before, rest, _ := strings.Cut(c.src, "«")
		guilty, _, _ := strings.Cut(rest, "»")
		want := sarifRegion{}
		want.StartLine, want.StartColumn = utf16Position(before)
		want.EndLine, want.EndColumn = utf16Position(before + guilty)
		if diff := cmp.Diff(want, *got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func utf16Position(text string) (line, column int) {
	lines := strings.Split(text, "\n")
	return len(lines), 1 + len(utf16.Encode([]rune(lines[len(lines)-1])))
}
