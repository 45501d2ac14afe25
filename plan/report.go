package plan

import (
	"fmt"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// A Report names an artefact to write besides those every run has.
type Report struct {
	Kind      string // html, csv, json, junit, markdown, hlog
	Path      string // inside the run's directory; for csv the prefix
	DeclRange hcl.Range
}

// decodeReports decodes all report blocks.
func (d *decoder) decodeReports(blocks hcl.Blocks) {
	schema := d.schema.block("report")
	taken := map[string]hcl.Range{}
	each(blocks, schema.Name, func(hb *hcl.Block) {
		kind := hb.Labels[0]
		elements, repeated, _ := d.forEach(hb, "report."+kind)
		d.repeat(kind, elements, repeated, func(name string) {
			r := &Report{Kind: kind, DeclRange: hb.DefRange}
			d.within("report."+name, func() {
				b := d.open(hb, schema)
				b.readReport(r)
				folded := strings.ToLower(r.Path) // not every system tells case apart
				if at, again := taken[folded]; again && r.Path != "" {
					d.fail(b.at("path"), "Reports in one file", "The report at %s is written to %s too. Give one of them another path.", place(at), r.Path)
				}
				taken[folded] = hb.DefRange
			})
			d.plan.Reports = append(d.plan.Reports, r)
		})
	})
}

func (b *block) readReport(r *Report) {
	usual := map[string]string{
		"html": "report.html", "csv": b.plan.Name, "json": "report.json",
		"junit": "junit.xml", "markdown": "summary.md", "hlog": "latency.hlog",
	}
	if usual[r.Kind] == "" {
		kinds := b.schema.Labels
		b.fail(&b.head, "Unknown kind of report", "There is no report %q; there are %s.%s", r.Kind, strings.Join(kinds, ", "), b.hint(r.Kind, kinds))
		return
	}
	text, ok := b.text("path")
	if !ok {
		if !b.has("path") {
			r.Path = usual[r.Kind]
		}
		return
	}
	if why := reportPath(text); why != "" {
		b.fail(b.at("path"), "Invalid path of a report", "report path %s.", why)
		return
	}
	r.Path = path.Clean(text)
	for _, kind := range b.schema.Labels { // in order, so that messages are stable
		if kind != r.Kind && kind != "csv" && kind != "json" && strings.EqualFold(r.Path, usual[kind]) {
			b.fail(b.at("path"), "Invalid path of a report", "report path is where every run has its %s report; choose another.", kind)
		}
	}
}

// longestName is how long a name in a path may be, in bytes: file systems allow
// 255, of which the endings of CSV files and temporary ones need some.
const longestName = 200

// reportPath says why a path is not one inside the run's directory, on any
// operating system.
func reportPath(text string) string {
	switch {
	case strings.TrimSpace(text) == "":
		return "is empty"
	case strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || strings.ContainsRune(`<>:"|?*`, r) }):
		return "has a sign in it that not every system allows in the name of a file"
	case strings.Contains(text, `\`):
		return "has a backslash in it; write / between directories"
	case path.IsAbs(text):
		return "is absolute; reports are written inside the run's directory"
	case path.Clean(text) == ".." || strings.HasPrefix(path.Clean(text), "../"):
		return "leads out of the run's directory"
	case strings.HasSuffix(text, "/"), path.Clean(text) == ".":
		return "names a directory; name a file"
	case strings.EqualFold(path.Clean(text), "run.json"):
		return "is that of the run's own record; choose another"
	}
	for name := range strings.SplitSeq(text, "/") {
		if len(name) > longestName {
			return fmt.Sprintf("has a name of %d bytes in it; at most %d are allowed", len(name), longestName)
		}
	}
	return ""
}
