package plan

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"bossplan/plan/yaml"
)

// The language has three spellings; the end of a file's name says which it is
// in. They give the same blocks, the same expressions and the same messages.
const (
	spellHCL  = ".hcl"
	spellYAML = ".yaml"
	spellJSON = ".json"
)

// spelling is how a file of this name is spelled; empty: it cannot be a plan.
func spelling(name string) string {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case spellHCL, spellYAML, spellJSON:
		return ext
	case ".yml":
		return spellYAML
	}
	return ""
}

// parseFile parses a file in its spelling; one without any is taken for HCL.
// There are always a file and a body, though with errors they may lack
// something. What would make parsing run out of memory or stack is one error,
// and parsing has then not begun.
func parseFile(name string, src []byte) (*hcl.File, hcl.Diagnostics) {
	file, diags := parseSpelled(name, src)
	for i, d := range diags {
		diags[i] = inOurWords(d)
	}
	if own := spelling(name); own != spellYAML && own != spellJSON {
		diags = withoutEchoes(diags)
	}
	return file, diags
}

// withoutEchoes leaves out what HCL's parser says again of the same mistake:
// the rest of a line with one, and all of a file with a text that does not end.
func withoutEchoes(diags hcl.Diagnostics) hcl.Diagnostics {
	if i := slices.IndexFunc(diags, func(d *hcl.Diagnostic) bool { return d.Summary == endlessText }); i >= 0 {
		return diags[i : i+1]
	}
	var kept hcl.Diagnostics
	line := 0
	for _, d := range diags {
		if d.Subject != nil && d.Subject.Start.Line == line {
			continue
		}
		kept = append(kept, d)
		if d.Subject != nil {
			line = d.Subject.Start.Line
		}
	}
	return kept
}

func parseSpelled(name string, src []byte) (*hcl.File, hcl.Diagnostics) {
	if d := checkSize(name, src); d != nil {
		return &hcl.File{Body: hcl.EmptyBody(), Bytes: src}, hcl.Diagnostics{d}
	}
	switch spelling(name) {
	case spellYAML:
		return yaml.Parse(src, name, checkTokens)
	case spellJSON:
		return yaml.ParseJSON(src, name, checkTokens)
	}
	file, diags := hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	if file == nil {
		file = &hcl.File{Body: hcl.EmptyBody(), Bytes: src}
	}
	return file, diags
}

// respell puts what is said about files in YAML and JSON into their words, and
// adds what YAML made of a value where that is easily not what was meant.
func (d *decoder) respell() {
	for _, diagnostic := range d.diags {
		if diagnostic.Subject == nil || diagnostic.Severity != hcl.DiagError {
			continue
		}
		if nav, ok := d.navs[diagnostic.Subject.Filename]; ok {
			diagnostic.Detail = inYAML(diagnostic.Detail) + nav.Hint(diagnostic.Subject.Start.Byte)
		}
	}
}

var (
	labelledForm = regexp.MustCompile(`\b([a-z_]+) "([A-Za-z_][\w-]*)" \{( …| value = response\.…)? \}`)
	plainForm    = regexp.MustCompile(`\b([a-z_]+) \{ … \}`)
)

// yamlForms are what details show of HCL, and what YAML has for it.
var yamlForms = strings.NewReplacer(
	" = …", ": …",
	"{ value = response.… }", `{ value: "${response.…}" }`,
	`{ title = "…", logo = { file = "./logo.png" } }`, "{ title: …, logo: { file: ./logo.png } }",
	"toset([…])", `"${toset([…])}"`,
	`toset(["a", "b"])`, `'${toset(["a", "b"])}'`,
	", without quotes", "",
	"write it out in quotes", "write it out",
)

// inYAML writes what a detail shows of HCL as YAML has it.
func inYAML(detail string) string {
	detail = labelledForm.ReplaceAllString(detail, "$1: { $2: {$3 } }")
	detail = plainForm.ReplaceAllString(detail, "$1: { … }")
	return yamlForms.Replace(detail)
}
