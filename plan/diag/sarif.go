package diag

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SARIFOptions say what a log in SARIF tells besides the diagnostics.
type SARIFOptions struct {
	Version string // of bossplan
	Root    string // an absolute path: files below it are named relative to it; empty: none are
}

// WriteSARIF writes the list as a log in SARIF 2.1.0, which code scanning and
// editors read. Each lint is a rule, and each kind of mistake is one by its
// summary. Columns count UTF-16 code units, as such programs expect.
func (l List) WriteSARIF(w io.Writer, o SARIFOptions) error {
	rules := l.rules()
	run := sarifRun{
		Tool:       sarifTool{Driver: sarifDriver{Name: "bossplan", Version: o.Version, Rules: rules}},
		ColumnKind: "utf16CodeUnits",
		Results:    []sarifResult{},
	}
	for _, d := range l.Diagnostics {
		id := ruleID(d)
		at, _ := slices.BinarySearchFunc(rules, id, func(r sarifRule, id string) int { return strings.Compare(r.ID, id) })
		run.Results = append(run.Results, sarifResult{
			RuleID: id, RuleIndex: at, Level: d.Severity,
			Message:   sarifText{Text: statement(d)},
			Locations: l.locations(d, o.Root),
		})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{
		Schema:  "https://json.schemastore.org/sarif-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

// rules are those that the list has broken, by their ids.
func (l List) rules() []sarifRule {
	list := []sarifRule{}
	for _, d := range l.Diagnostics {
		help := "docs/language.md says what a plan may hold."
		if d.ID != "" {
			help = "Where it is meant, a comment on the line silences it: # bossplan:ignore " + d.ID
		}
		text := sarifText{Text: d.Summary}
		list = append(list, sarifRule{
			ID: ruleID(d), Short: text, Full: text, Help: sarifText{Text: help},
			Default: sarifDefault{Level: d.Severity},
		})
	}
	slices.SortStableFunc(list, func(a, b sarifRule) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(a.Short.Text, b.Short.Text))
	})
	return slices.CompactFunc(list, func(a, b sarifRule) bool { return a.ID == b.ID })
}

// ruleID is a lint's own id, or the summary as one: "invalid-duration".
func ruleID(d Diagnostic) string {
	if d.ID != "" {
		return d.ID
	}
	words := strings.FieldsFunc(strings.ToLower(d.Summary), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return cmp.Or(strings.Join(words, "-"), "unnamed")
}

// statement is a diagnostic in one text.
func statement(d Diagnostic) string {
	if d.Detail == "" {
		return d.Summary
	}
	return d.Summary + ": " + d.Detail
}

// locations are where a diagnostic is: one, or none at all.
func (l List) locations(d Diagnostic, root string) []sarifLocation {
	var at sarifLocation
	if d.Range != nil {
		at.Physical = &sarifPhysical{Artifact: sarifArtifact{URI: fileURI(d.Range.Filename, root)}, Region: l.region(*d.Range)}
	}
	if d.Address != "" {
		at.Logical = []sarifLogical{{Name: d.Address}}
	}
	if at.Physical == nil && at.Logical == nil {
		return []sarifLocation{}
	}
	return []sarifLocation{at}
}

// region is a range as SARIF counts; nil where the range is of a whole file.
func (l List) region(r Range) *sarifRegion {
	if r.Start.Line < 1 {
		return nil
	}
	src := l.sources[r.Filename]
	return &sarifRegion{
		StartLine: r.Start.Line, StartColumn: utf16Column(src, r.Start),
		EndLine: max(r.End.Line, r.Start.Line), EndColumn: utf16Column(src, r.End),
	}
}

// utf16Column is the column of a position in UTF-16 code units, from 1. Where
// the text is not at hand it is the position's own.
func utf16Column(src []byte, p Position) int {
	if p.Byte < 0 || p.Byte > len(src) || len(src) == 0 {
		return max(p.Column, 1)
	}
	column := 1
	for line := src[bytes.LastIndexByte(src[:p.Byte], '\n')+1 : p.Byte]; len(line) > 0; {
		r, size := utf8.DecodeRune(line)
		column++
		if r > 0xffff {
			column++ // a surrogate pair
		}
		line = line[size:]
	}
	return column
}

// fileURI is a file's name as a URI: relative, or with the file scheme.
func fileURI(name, root string) string {
	name = relative(name, root)
	if !filepath.IsAbs(filepath.FromSlash(name)) {
		return (&url.URL{Path: name}).String()
	}
	if !strings.HasPrefix(name, "/") {
		name = "/" + name // C:/plans
	}
	return (&url.URL{Scheme: "file", Path: name}).String()
}

// The parts of SARIF that are written.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifText    `json:"shortDescription"`
		Full    sarifText    `json:"fullDescription"`
		Help    sarifText    `json:"help"`
		Default sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifLogical struct {
		Name string `json:"fullyQualifiedName"`
	}
)
