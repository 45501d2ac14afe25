package diffview

import (
	"encoding/json"
	"io"
	"math"

	"bossplan/plan"
)

// formatVersion is that of the document: a new field raises the second number,
// a changed or removed one the first.
const formatVersion = "1.0"

// The document, as docs/diff.schema.json describes it. Lists are never null.
type document struct {
	FormatVersion string         `json:"format_version"`
	Base          sideDocument   `json:"base"`
	Head          sideDocument   `json:"head"`
	Verdict       string         `json:"verdict"`
	Counts        countsDocument `json:"counts"`
	Plans         []planDocument `json:"plans"`
}

type sideDocument struct {
	Name     string  `json:"name"`
	Revision *string `json:"revision"`
}

type countsDocument struct {
	Danger    int `json:"danger"`
	Loosened  int `json:"loosened"`
	Changed   int `json:"changed"`
	Tightened int `json:"tightened"`
}

type planDocument struct {
	File             string               `json:"file"`
	State            string               `json:"state"`
	Changes          []changeDocument     `json:"changes"`
	Load             []figureDocument     `json:"load"`
	Shares           []shareDocument      `json:"shares"`
	MissingVariables []string             `json:"missing_variables"`
	Diagnostics      []diagnosticDocument `json:"diagnostics"`
}

type changeDocument struct {
	Address  string            `json:"address"`
	Kind     string            `json:"kind"`
	Action   string            `json:"action"`
	Severity string            `json:"severity"`
	Notes    []string          `json:"notes"`
	Settings []settingDocument `json:"settings"`
	Within   []string          `json:"within"`
}

type settingDocument struct {
	Name     string   `json:"name"`
	From     *string  `json:"from"`
	To       *string  `json:"to"`
	Percent  *float64 `json:"percent"`
	Severity string   `json:"severity"`
	Note     string   `json:"note"`
}

type figureDocument struct {
	Name    string   `json:"name"`
	From    *float64 `json:"from"`
	To      *float64 `json:"to"`
	Percent *float64 `json:"percent"`
}

type shareDocument struct {
	Address string  `json:"address"`
	From    float64 `json:"from"`
	To      float64 `json:"to"`
}

type diagnosticDocument struct {
	Side    string  `json:"side"`
	Summary string  `json:"summary"`
	Detail  string  `json:"detail"`
	File    *string `json:"file"`
	Line    *int    `json:"line"`
	Column  *int    `json:"column"`
}

// WriteJSON writes the report as one document.
func (r *Report) WriteJSON(w io.Writer) error {
	d := document{
		FormatVersion: formatVersion,
		Base:          sideDocument{r.Base.Name, given(r.Base.Revision)},
		Head:          sideDocument{r.Head.Name, given(r.Head.Revision)},
		Verdict:       r.Verdict(),
		Counts:        countsDocument{r.Count(plan.Danger), r.Count(plan.Loosened), r.Count(plan.Changed), r.Count(plan.Tightened)},
		Plans:         []planDocument{},
	}
	for _, p := range r.Plans {
		d.Plans = append(d.Plans, p.document())
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(d)
}

func (p Plan) document() planDocument {
	d := planDocument{
		File: p.File, State: p.State(), Changes: []changeDocument{}, Load: []figureDocument{},
		Shares: []shareDocument{}, MissingVariables: []string{}, Diagnostics: []diagnosticDocument{},
	}
	for _, x := range p.Diagnostics {
		doc := diagnosticDocument{Side: x.Side, Summary: x.Summary, Detail: x.Detail, File: given(x.File)}
		if x.File != "" {
			doc.Line, doc.Column = &x.Line, &x.Column
		}
		d.Diagnostics = append(d.Diagnostics, doc)
	}
	if p.Difference == nil {
		return d
	}
	for _, c := range p.Difference.Changes {
		d.Changes = append(d.Changes, changeOf(c))
	}
	for _, f := range p.Difference.Load {
		d.Load = append(d.Load, figureDocument{f.Name, finite(f.Base), finite(f.Head), f.Percent})
	}
	for _, s := range p.Difference.Shares {
		d.Shares = append(d.Shares, shareDocument{s.Address, s.Base, s.Head})
	}
	d.MissingVariables = append(d.MissingVariables, p.Difference.NotLoaded...)
	return d
}

func changeOf(c plan.Change) changeDocument {
	d := changeDocument{
		Address: c.Address, Kind: c.Kind, Action: string(c.Action), Severity: string(c.Severity),
		Notes: append([]string{}, c.Notes...), Settings: []settingDocument{}, Within: append([]string{}, c.Within...),
	}
	for _, s := range c.Settings {
		d.Settings = append(d.Settings, settingDocument{s.Name, given(s.From), given(s.To), s.Percent, string(s.Severity), s.Note})
	}
	return d
}

// given is a text that may be missing.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// finite is a number that JSON can hold.
func finite(v float64) *float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return nil
	}
	return &v
}
