package reports

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"bossplan/interp/record"
	"bossplan/plan/quantity"
)

// writeMarkdown writes a summary for a pull request or a CI job's page.
func writeMarkdown(w io.Writer, r *record.Record, v *record.Verdict) error {
	m := &markdown{}
	m.line("## %s %s: %s", statusMark(v.Status), mdText(planName(r)), spaced(v.Status))
	m.line("")
	m.line("%s", mdText(reason(v)))
	m.thresholds(v)
	m.requests(r)
	m.checks(r)
	m.setup(r)
	m.failures(r)
	m.findings(v)
	m.line("")
	m.line("Run %s, %s, seed %d.", mdText(r.Run.ID), mdText(string(r.Run.State)), r.Run.Seed)
	_, err := io.WriteString(w, m.b.String())
	return err
}

// A markdown is the text as it grows.
type markdown struct{ b strings.Builder }

func (m *markdown) line(format string, args ...any) {
	fmt.Fprintf(&m.b, format, args...)
	m.b.WriteByte('\n')
}

// table begins a table under a heading; figures are the columns from there on.
func (m *markdown) table(heading string, figures int, titles ...string) {
	m.line("\n### %s\n", heading)
	m.cells(titles...)
	rule := make([]string, len(titles))
	for i := range rule {
		rule[i] = "---"
		if i >= figures {
			rule[i] = "---:"
		}
	}
	m.cells(rule...)
}

func (m *markdown) cells(cells ...string) { m.line("| %s |", strings.Join(cells, " | ")) }

func (m *markdown) thresholds(v *record.Verdict) {
	if len(v.Thresholds) == 0 {
		return
	}
	m.table("Thresholds", 4, "Verdict", "Name", "Scope", "Metric", "Actual", "Target", "Critical")
	var all []string
	for i := range v.Thresholds {
		t := &v.Thresholds[i]
		m.cells(statusMark(t.Status)+" "+spaced(t.Status), mdText(thresholdName(t)), mdText(t.Scope), mdText(t.Metric),
			actual(t), mdText(t.Target), mdText(orAbsent(t.Critical)))
		for _, n := range notes(t) {
			all = append(all, fmt.Sprintf("- %s: %s", mdText(thresholdName(t)), mdText(n)))
		}
	}
	if len(all) > 0 {
		m.line("\n%s", strings.Join(all, "\n"))
	}
}

func (m *markdown) requests(r *record.Record) {
	m.table("Requests (times in ms)", 2, append([]string{"Type", "Name"}, figureTitles()...)...)
	rows, total := rowsOf(r)
	judged := r.JudgedTime(nil).Seconds()
	for _, w := range append(rows, total) {
		m.cells(append([]string{mdText(w.Method), mdText(w.Name)}, w.figures(judged)...)...)
	}
	if n := warmupNote(r); n != "" {
		m.line("\n%s", n)
	}
}

func (m *markdown) checks(r *record.Record) {
	rows := checkRows(r)
	if len(rows) == 0 {
		return
	}
	m.table("Checks", 3, append([]string{"Type", "Name", "Check"}, checkTitles()...)...)
	for _, c := range rows {
		m.cells(append([]string{mdText(c.Method), mdText(c.Name), mdText(c.Check)}, c.figures()...)...)
	}
}

func (m *markdown) setup(r *record.Record) {
	rows := setupRows(r)
	if len(rows) == 0 {
		return
	}
	m.table("Setup (times in ms, not counted in any other figure)", 3, append([]string{"Type", "Name", "In"}, setupTitles()...)...)
	for _, s := range rows {
		m.cells(append([]string{mdText(s.Method), mdText(s.Name), mdText(s.Hook)}, s.figures()...)...)
	}
}

func (m *markdown) failures(r *record.Record) {
	top, more := mostFrequent(shownFailures(r), maxFailures)
	if len(top) == 0 {
		return
	}
	m.table("Errors", 4, "Type", "Name", "Kind", "Message", "Count")
	for _, f := range top {
		m.cells(mdText(f.Method), mdText(f.Name), mdText(f.Kind), mdText(f.Message), strconv.FormatInt(f.Count, 10))
	}
	if more > 0 {
		m.line("\n… and %s more.", quantity.Counted(int64(more), "kind"))
	}
}

func (m *markdown) findings(v *record.Verdict) {
	if len(v.Findings) == 0 {
		return
	}
	m.line("\n### Findings\n")
	for _, f := range v.Findings {
		m.line("- %s", strings.TrimSpace(mdText(f.Summary)+" "+mdText(f.Detail)))
	}
}

func statusMark(s record.Status) string {
	switch s {
	case record.Pass:
		return "✅"
	case record.Warn:
		return "⚠️"
	case record.Fail:
		return "❌"
	}
	return "❔"
}

// mdText makes text harmless in a cell: it cannot end the cell or the line,
// become HTML, code, a link or emphasis, or call a person by @name.
func mdText(s string) string {
	return strings.NewReplacer(
		`\`, `\\`, "|", `\|`, "<", `\<`, ">", `\>`, "&", "&amp;", "`", "\\`", "*", `\*`, "](", `]\(`, "@", "&#64;",
	).Replace(clean(s))
}
