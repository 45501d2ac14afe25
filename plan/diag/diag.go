// Package diag is what bossplan says about a plan: one model of diagnostics,
// made from HCL's and the source text, and written as text for people or as
// JSON, GitHub's annotations or SARIF for programs.
//
// Read diag.go (the model), snippet.go (which source text goes with it),
// value.go (what the names in it stand for), text.go (how people see it), then
// github.go and sarif.go (how other programs do).
// Source text, names and values are untrusted: what is written never holds a
// control character that came from them.
package diag

import (
	"cmp"
	"encoding/json"
	"io"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan/yaml"
)

// An Address names the block that a diagnostic is about, as references write
// it: "scenario.main.peak". It travels in hcl.Diagnostic.Extra.
type Address string

// A Lint says in hcl.Diagnostic.Extra that a warning is not about the language
// but about what the plan asks for. The ID is stable: tools may filter by it.
type Lint struct {
	ID      string // "threshold-cannot-fail"
	Address Address
}

// A List is all that is to be said about one call, in the order of files and
// bytes. It is the JSON document as it is written.
type List struct {
	FormatVersion string       `json:"format_version"`
	Valid         bool         `json:"valid"` // no errors
	ErrorCount    int          `json:"error_count"`
	WarningCount  int          `json:"warning_count"`
	Diagnostics   []Diagnostic `json:"diagnostics"` // never nil

	sources map[string][]byte
}

// A Diagnostic is one mistake or one warning.
type Diagnostic struct {
	Severity string   `json:"severity"` // "error" or "warning"
	ID       string   `json:"id,omitempty"`
	Summary  string   `json:"summary"`
	Detail   string   `json:"detail"`
	Address  string   `json:"address"` // of the block it is about; may be empty
	Range    *Range   `json:"range"`   // nil: not about a place in a file
	Snippet  *Snippet `json:"snippet"` // nil: the file's text is not at hand
}

// A Range is a place in a file.
type Range struct {
	Filename string   `json:"filename"`
	Start    Position `json:"start"`
	End      Position `json:"end"` // exclusive
}

// A Position counts lines and columns from 1, columns in characters as people
// see them, and bytes from 0.
type Position struct {
	Line   int `json:"line"`
	Column int `json:"column"`
	Byte   int `json:"byte"`
}

const (
	severityError   = "error"
	severityWarning = "warning"
)

// New makes the list of diagnostics: sorted, and each mistake once. Sources
// are the texts of the files by the names that ranges use.
func New(diags hcl.Diagnostics, sources map[string][]byte) List {
	list := List{FormatVersion: "1.0", Diagnostics: []Diagnostic{}, sources: sources}
	contexts := contexts{sources: sources, blocks: map[string][]block{}, navs: map[string]yaml.Nav{}}
	var last *hcl.Diagnostic
	for _, d := range Sort(diags) {
		if last != nil && same(last, d) {
			continue
		}
		last = d
		out := fromHCL(d, &contexts)
		if out.Severity == severityError {
			list.ErrorCount++
		} else {
			list.WarningCount++
		}
		list.Diagnostics = append(list.Diagnostics, out)
	}
	list.Valid = list.ErrorCount == 0
	return list
}

// Sort orders diagnostics by file and byte; those that are about no place come
// first. It leaves its argument as it is.
func Sort(diags hcl.Diagnostics) hcl.Diagnostics {
	sorted := slices.Clone(diags)
	slices.SortStableFunc(sorted, func(a, b *hcl.Diagnostic) int {
		ra, rb := place(a), place(b)
		return cmp.Or(
			cmp.Compare(ra.Filename, rb.Filename),
			cmp.Compare(ra.Start.Byte, rb.Start.Byte),
			cmp.Compare(ra.End.Byte, rb.End.Byte),
			cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Summary, b.Summary),
			cmp.Compare(a.Detail, b.Detail),
		)
	})
	return sorted
}

func place(d *hcl.Diagnostic) hcl.Range {
	if d.Subject == nil {
		return hcl.Range{}
	}
	return *d.Subject
}

// same reports whether two diagnostics tell a reader the same: a file that is
// imported twice makes its mistakes twice.
func same(a, b *hcl.Diagnostic) bool {
	return place(a) == place(b) && a.Severity == b.Severity && a.Summary == b.Summary && a.Detail == b.Detail
}

func fromHCL(d *hcl.Diagnostic, c *contexts) Diagnostic {
	out := Diagnostic{Severity: severityError, Summary: d.Summary, Detail: d.Detail}
	if d.Severity == hcl.DiagWarning {
		out.Severity = severityWarning
	}
	if address, ok := hcl.DiagnosticExtra[Address](d); ok {
		out.Address = string(address)
	}
	if lint, ok := hcl.DiagnosticExtra[Lint](d); ok {
		out.ID, out.Address = lint.ID, string(lint.Address)
	}
	if d.Subject == nil || d.Subject.Filename == "" {
		return out
	}
	out.Range = &Range{
		Filename: d.Subject.Filename,
		Start:    Position(d.Subject.Start),
		End:      Position(d.Subject.End),
	}
	if out.Snippet = newSnippet(*d.Subject, c.sources[d.Subject.Filename]); out.Snippet != nil {
		out.Snippet.Context = c.at(*d.Subject)
		out.Snippet.Values = values(d.Expression, d.EvalContext)
	}
	return out
}

// WriteJSON writes the list as one indented JSON document.
func (l List) WriteJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(l)
}
