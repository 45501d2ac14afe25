package plan

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A message is one place in the source that makes a diagnostic, and what the
// diagnostic's "Summary: Detail" looks like.
type message struct {
	at   string // file:line
	text string // as the source has it, with what is filled in as verbs
}

// pattern is what a diagnostic of a plan in a spelling looks like.
func (m message) pattern(spelled string) *regexp.Regexp {
	text := m.text
	if spelled != spellHCL {
		text = inYAML(text)
	}
	return regexp.MustCompile("(?s)^" + asPattern(text))
}

// sourceMessages finds every place in a package's source that makes a
// diagnostic.
func sourceMessages(t *testing.T, dir string) []message {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var list []message
	files := token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			summary, detail, ok := diagnosticOf(n)
			if ok {
				at := files.Position(n.Pos())
				list = append(list, message{
					at:   fmt.Sprintf("%s:%d", filepath.ToSlash(at.Filename), at.Line),
					text: shape(summary) + ": " + shape(detail),
				})
			}
			return true
		})
	}
	return list
}

// diagnosticOf recognises the ways in which diagnostics are made: the decoder's
// fail and refuse, mistake, the linter's warn and threshold, a literal, and a
// function that returns a summary and a detail.
func diagnosticOf(n ast.Node) (summary, detail ast.Expr, ok bool) {
	switch n := n.(type) {
	case *ast.CallExpr:
		at := map[string]int{"fail": 1, "refuse": 1, "mistake": 1, "warn": 3, "threshold": 2}[callee(n)]
		if at == 0 || len(n.Args) < at+2 {
			return nil, nil, false
		}
		return n.Args[at], n.Args[at+1], true
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			if kv, is := e.(*ast.KeyValueExpr); is {
				switch key, _ := kv.Key.(*ast.Ident); {
				case key == nil:
				case key.Name == "Summary":
					summary = kv.Value
				case key.Name == "Detail":
					detail = kv.Value
				}
			}
		}
		return summary, detail, literal(summary) && detail != nil
	case *ast.ReturnStmt:
		if len(n.Results) != 2 || !literal(n.Results[0]) || !hasText(n.Results[1]) {
			return nil, nil, false
		}
		text := shape(n.Results[0])
		return n.Results[0], n.Results[1], text != "" && 'A' <= text[0] && text[0] <= 'Z'
	}
	return nil, nil, false
}

// hasText reports whether an expression is a text, or one with blanks filled in.
func hasText(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	return literal(e) || ok && callee(call) == "Sprintf"
}

func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) bool {
	l, ok := e.(*ast.BasicLit)
	return ok && l.Kind == token.STRING
}

// shape is a text as the source has it, with %v for what is filled in.
func shape(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, _ := strconv.Unquote(e.Value)
		return text
	case *ast.BinaryExpr:
		return shape(e.X) + shape(e.Y)
	case *ast.CallExpr:
		if callee(e) == "Sprintf" {
			return shape(e.Args[0])
		}
	}
	return "%v"
}

var verb = regexp.MustCompile(`%[-+# 0]*[0-9.]*[a-zA-Z]`)

// asPattern makes a regular expression of a format.
func asPattern(format string) string {
	var b strings.Builder
	for {
		i := verb.FindStringIndex(format)
		if i == nil {
			break
		}
		b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(format[:i[0]], "%%", "%")))
		b.WriteString(".*")
		format = format[i[1]:]
	}
	b.WriteString(regexp.QuoteMeta(strings.ReplaceAll(format, "%%", "%")))
	return b.String()
}

// notInFixtures are messages that no plan can show by itself: they are about
// the command line, the file system, or the size of a file. The tests named here
// show them.
func notInFixtures() map[string]string {
	return map[string]string{
		"Unknown variable: --var %s":               "TestAssignmentErrors",
		"Cannot read variable file":                "TestAssignmentErrors",
		"Block in a variable file":                 "TestAssignmentErrors",
		"Not a written-out value: The value of":    "TestAssignmentErrors",
		"Invalid value for variable %v: The value": "TestAssignmentErrors",
		"File too large":                           "TestHostile",
		"Text too long":                            "TestHostile",
	}
}

// onlyIn are messages about something that only one spelling has.
func onlyIn() map[string]string {
	return map[string]string{
		"Number where a text is wanted": spellYAML,
		"Block in locals":               spellHCL,
	}
}

// TestEveryMessageHasAFixture holds that everything the code can say of a plan is
// said of a fixture, in both spellings.
func TestEveryMessageHasAFixture(t *testing.T) {
	said := map[string][]string{}
	for _, f := range append(spelledFixtures(t, "testdata/invalid"), spelledFixtures(t, "testdata/lint")...) {
		p, diags := f.load(t)
		if !diags.HasErrors() {
			diags = append(diags, Lint(p, Machine{})...)
		}
		spelled := spelling(p.Sources[0].Name)
		for _, d := range diags {
			said[spelled] = append(said[spelled], d.Summary+": "+d.Detail)
		}
	}
	for _, m := range sourceMessages(t, "yaml") {
		if !slices.ContainsFunc(append(said[spellYAML], said[spellJSON]...), m.pattern(spellYAML).MatchString) {
			t.Errorf("%s: no fixture in YAML or JSON for %q", m.at, m.text)
		}
	}
	for _, m := range sourceMessages(t, ".") {
		if excused(m, notInFixtures()) != "" {
			continue
		}
		only := excused(m, onlyIn())
		for _, spelled := range []string{spellHCL, spellYAML} {
			shown := slices.ContainsFunc(said[spelled], m.pattern(spelled).MatchString)
			if !shown && (only == "" || only == spelled) {
				t.Errorf("%s: no fixture in %s for %q", m.at, spelled, m.text)
			}
		}
	}
}

func excused(m message, list map[string]string) string {
	for prefix, reason := range list {
		if strings.HasPrefix(m.text, prefix) {
			return reason
		}
	}
	return ""
}
