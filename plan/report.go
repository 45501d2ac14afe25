package plan

import "github.com/hashicorp/hcl/v2"

// A Report names an artefact to write besides those every run has.
type Report struct {
	Kind      string // html, csv, json, junit, markdown, hlog
	Path      string // inside the run's directory; for csv the prefix
	DeclRange hcl.Range
}
