package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const output = `goos: linux
goarch: amd64
pkg: bossplan/interp/expr
cpu: AMD EPYC
BenchmarkExpressions/path/compiled-2         	  109046	       34.7 ns/op	       0 B/op	       0 allocs/op
BenchmarkExpressions/path/compiled-2         	  109046	       20.25 ns/op	       0 B/op	       0 allocs/op
BenchmarkExpressions/path/hcl-2              	   10000	      4108 ns/op	     352 B/op	       7 allocs/op
PASS
ok  	bossplan/interp/expr	1.018s
`

func TestExpressionsText(t *testing.T) {
	measured, err := parse([]byte(output))
	if err != nil {
		t.Fatal(err)
	}
	text, err := expressionsText([]form{{Name: "path", Title: "a path", Source: `"/x"`}}, measured)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| a path | 20.2 | 0 | 0 | 4108 | 352 | 7 | 203 |", "- a path: `\"/x\"`", "AMD EPYC"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
	if _, err := expressionsText([]form{{Name: "row"}}, measured); err == nil {
		t.Error("a form that was not measured is no error")
	}
	if _, err := parse([]byte("FAIL")); err == nil {
		t.Error("no figures are no error")
	}
}

func TestUpdate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "benchmarks.md")
	for _, text := range []string{"one\n", "two\n"} {
		for _, name := range []string{"first", "second"} {
			if err := update(path, name, text+name, []string{"second", "first"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := preface + `
<!-- second: written by go run ./cmd/bench second -->

two
second

<!-- end of second -->

<!-- first: written by go run ./cmd/bench first -->

two
first

<!-- end of first -->
`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
	if _, err := replace(strings.Replace(want, "<!-- end of first -->", "", 1), "first", "", []string{"first"}); err == nil {
		t.Error("a section without an end is no error")
	}
}

// TestForms reads the list that the benchmarks themselves are made from.
func TestForms(t *testing.T) {
	forms, err := readForms("../../interp/expr/testdata/benchmarks.json")
	if err != nil || len(forms) == 0 {
		t.Errorf("%d forms, %v", len(forms), err)
	}
}

func TestChoose(t *testing.T) {
	if all, err := choose(nil); err != nil || len(all) != len(sections()) {
		t.Errorf("%d sections, %v", len(all), err)
	}
	if _, err := choose([]string{"nope"}); err == nil || !strings.Contains(err.Error(), "expressions") {
		t.Errorf("an unknown section: %v", err)
	}
}
