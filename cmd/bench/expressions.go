package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

const expressionsPreface = `## Expressions

Run-time expressions, compiled (` + "`interp/expr`" + `) and evaluated by HCL itself. What
is the same in all requests was made before. The answer that is read has 250
bytes; HCL has it decoded in full first, the compiled form checks all of it and
decodes what it needs. Values that are kept, captures, own their memory: one
allocation for a text.
`

// A form is one of the benchmarks in testdata/benchmarks.json.
type form struct{ Name, Title, Source string }

// expressions compares compiled expressions with HCL's own evaluation.
func expressions(run runner) (string, error) {
	forms, err := readForms("interp/expr/testdata/benchmarks.json")
	if err != nil {
		return "", err
	}
	measured, err := run.run("./interp/expr", "^BenchmarkExpressions$")
	if err != nil {
		return "", err
	}
	return expressionsText(forms, measured)
}

func readForms(path string) (forms []form, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &forms); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return forms, nil
}

func expressionsText(forms []form, measured results) (string, error) {
	var b strings.Builder
	b.WriteString(expressionsPreface)
	b.WriteString("\n| form | compiled ns | B | allocs | HCL ns | B | allocs | times faster |\n|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, f := range forms {
		compiled, ok := measured.figures["BenchmarkExpressions/"+f.Name+"/compiled"]
		hcl, hclOK := measured.figures["BenchmarkExpressions/"+f.Name+"/hcl"]
		if !ok || !hclOK {
			return "", fmt.Errorf("%s was not measured", f.Name)
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %s | %d | %d | %.0f |\n", f.Title,
			nanoseconds(compiled.ns), compiled.bytes, compiled.allocs, nanoseconds(hcl.ns), hcl.bytes, hcl.allocs, hcl.ns/compiled.ns)
	}
	b.WriteString("\nThe expressions, as a plan has them:\n\n")
	for _, f := range forms {
		fmt.Fprintf(&b, "- %s: `%s`\n", f.Title, f.Source)
	}
	fmt.Fprintf(&b, "\nMeasured on: %s. By: `%s`.\n", measured.machine, measured.command)
	return b.String(), nil
}

// nanoseconds has a digit behind the point only where it says something.
func nanoseconds(ns float64) string {
	if ns < 100 {
		return fmt.Sprintf("%.1f", ns)
	}
	return fmt.Sprintf("%.0f", ns)
}
