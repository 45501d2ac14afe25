package reports

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"bossplan/interp/record"
	"bossplan/plan/quantity"
	"bossplan/reports/grid"
)

// TableOptions say how a table is shown.
type TableOptions struct {
	Color bool // with ANSI colours
	Width int  // of the terminal; 0: do not shorten anything
}

// maxFailures is how many kinds of errors a table shows.
const maxFailures = 20

// Table writes what a person reads at the end of a run: what was demanded and
// came of it first, the verdict last.
func Table(w io.Writer, r *record.Record, v *record.Verdict, o TableOptions) error {
	t := &table{TableOptions: o, r: r, v: v}
	rows, total := rowsOf(r)
	t.thresholds()
	t.requests(rows, total)
	t.failedTimes(rows)
	t.checks()
	t.setup()
	t.failures()
	t.probes()
	t.trust()
	t.findings()
	t.verdict()
	_, err := io.WriteString(w, t.b.String())
	return err
}

// A table is the text as it grows.
type table struct {
	TableOptions
	r *record.Record
	v *record.Verdict
	b strings.Builder
}

func (t *table) heading(text string) {
	if t.b.Len() > 0 {
		t.b.WriteByte('\n')
	}
	t.b.WriteString(t.bold(text) + "\n")
}

func (t *table) note(format string, args ...any) {
	t.b.WriteString(grid.Indent + fmt.Sprintf(format, args...) + "\n")
}

func (t *table) thresholds() {
	t.heading("Thresholds")
	if len(t.v.Thresholds) == 0 {
		t.note("The plan has no thresholds.")
		return
	}
	g := grid.Grid{Columns: []grid.Column{{Title: "Verdict", Least: grid.Whole}, {Title: "Name"}, {Title: "Scope", KeepEnd: true}, {Title: "Metric", Least: 17, KeepEnd: true},
		{Title: "Actual", Figure: true}, {Title: "Target", Figure: true}, {Title: "Critical", Figure: true}}}
	for i := range t.v.Thresholds {
		h := &t.v.Thresholds[i]
		g.Add(spaced(h.Status), thresholdName(h), clean(h.Scope), clean(h.Metric), actual(h), clean(h.Target), orAbsent(clean(h.Critical)))
	}
	g.Render(&t.b, t.Width, func(row, col int, cell string) string {
		if col != 0 {
			return cell
		}
		return t.paint(t.v.Thresholds[row].Status, cell)
	})
	for i := range t.v.Thresholds {
		h := &t.v.Thresholds[i]
		for _, n := range notes(h) {
			t.note("%s: %s", thresholdName(h), n)
		}
	}
}

// thresholdName is a threshold's name without the word that all of them share.
func thresholdName(h *record.ThresholdResult) string {
	return clean(strings.TrimPrefix(h.Address, "threshold."))
}

// spaced is a status in the words people read: "NO DATA".
func spaced(s record.Status) string { return strings.ReplaceAll(string(s), "_", " ") }

func orAbsent(s string) string {
	if s == "" {
		return absent
	}
	return s
}

func (t *table) requests(rows []*row, total *row) {
	t.heading("Requests (times in ms)")
	g := grid.Grid{Columns: []grid.Column{{Title: "Type", Least: grid.Whole}, {Title: "Name"}}}
	g.Columns = append(g.Columns, figureColumns(figureTitles())...)
	judged := t.r.JudgedTime(nil)
	for _, w := range slices.Concat(rows, []*row{total}) {
		g.Add(append([]string{clean(w.Method), clean(w.Name)}, w.figures(judged.Seconds())...)...)
	}
	g.Render(&t.b, t.Width, func(row, _ int, cell string) string {
		if row == len(rows) {
			return t.bold(cell)
		}
		return cell
	})
	if n := total.Stats.Unfinished; n > 0 {
		t.note("Of these %s unfinished when the run ended, counted as failed with their age.", quantity.Counted(n, "request")+wereOrWas(n))
	}
	if n := warmupNote(t.r); n != "" {
		t.note("%s", n)
	}
}

func wereOrWas(n int64) string {
	if n == 1 {
		return " was"
	}
	return " were"
}

// failedTimes shows how fast the requests were answered that the times above
// leave out: a quick error must not make them better, but it is worth seeing.
func (t *table) failedTimes(rows []*row) {
	g := grid.Grid{Columns: []grid.Column{{Title: "Type", Least: grid.Whole}, {Title: "Name"}}}
	g.Columns = append(g.Columns, figureColumns([]string{"# failed", "Avg", "Min", "Max", "Med", "p95", "p99"})...)
	for _, w := range rows {
		h := &w.Stats.Failed.Response
		if h.Count() == 0 {
			continue
		}
		cells := []string{clean(w.Method), clean(w.Name), strconv.FormatInt(h.Count(), 10)}
		for _, us := range timesOf(h) {
			cells = append(cells, milliseconds(us))
		}
		g.Add(cells...)
	}
	if g.Len() > 0 {
		t.heading("Failed requests (times in ms, kept out of the times above)")
		g.Render(&t.b, t.Width, nil)
	}
}

// checks shows how often the conditions on answers were met.
func (t *table) checks() {
	rows := checkRows(t.r)
	if len(rows) == 0 {
		return
	}
	t.heading("Checks")
	g := grid.Grid{Columns: []grid.Column{{Title: "Type", Least: grid.Whole}, {Title: "Name"}, {Title: "Check"}}}
	g.Columns = append(g.Columns, figureColumns(checkTitles())...)
	for _, c := range rows {
		g.Add(append([]string{clean(c.Method), clean(c.Name), clean(c.Check)}, c.figures()...)...)
	}
	g.Render(&t.b, t.Width, nil)
}

// setup shows what users did before and after their load.
func (t *table) setup() {
	rows := setupRows(t.r)
	if len(rows) == 0 {
		return
	}
	t.heading("Setup (times in ms, not counted in any other figure)")
	g := grid.Grid{Columns: []grid.Column{{Title: "Type", Least: grid.Whole}, {Title: "Name"}, {Title: "In", Least: grid.Whole}}}
	g.Columns = append(g.Columns, figureColumns(setupTitles())...)
	for _, s := range rows {
		g.Add(append([]string{clean(s.Method), clean(s.Name), clean(s.Hook)}, s.figures()...)...)
	}
	g.Render(&t.b, t.Width, nil)
}

func figureColumns(titles []string) []grid.Column {
	return each(titles, func(title string) grid.Column { return grid.Column{Title: title, Figure: true} })
}

// figureTitles are the columns of figures, in Locust's order.
func figureTitles() []string {
	return []string{"# reqs", "# fails", "Avg", "Min", "Max", "Med", "p95", "p99", "req/s", "failures/s"}
}

// figures are a row's cells under figureTitles, over so many seconds.
func (w *row) figures(seconds float64) []string {
	n := tallyOf(&w.Stats)
	out := []string{strconv.FormatInt(n.requests, 10), fails(n)}
	for _, us := range timesOf(&n.times) {
		out = append(out, milliseconds(us))
	}
	if seconds <= 0 {
		return append(out, absent, absent)
	}
	return append(out, rate(float64(n.requests)/seconds), rate(float64(n.errors)/seconds))
}

func (t *table) failures() {
	all := shownFailures(t.r)
	if len(all) == 0 {
		return
	}
	t.heading("Errors")
	g := grid.Grid{Columns: []grid.Column{{Title: "Count", Figure: true}, {Title: "Type", Least: grid.Whole}, {Title: "Name"}, {Title: "Kind", Least: grid.Whole}, {Title: "Message"}}}
	top, more := mostFrequent(all, maxFailures)
	for _, f := range top {
		g.Add(strconv.FormatInt(f.Count, 10), clean(f.Method), clean(f.Name), clean(f.Kind), clean(f.Message))
	}
	g.Render(&t.b, t.Width, nil)
	if more > 0 {
		t.note("… and %s more.", quantity.Counted(int64(more), "kind"))
	}
	if n := t.r.Generator.LostErrors; n > 0 {
		t.note("%s beyond these could not be grouped: there were too many kinds.", quantity.Counted(n, "error"))
	}
}

func (t *table) probes() {
	if len(t.r.Probes) == 0 {
		return
	}
	t.heading("Probes")
	g := grid.Grid{Columns: []grid.Column{{Title: "Gauge", KeepEnd: true}, {Title: "Min", Figure: true}, {Title: "Mean", Figure: true},
		{Title: "Max", Figure: true}, {Title: "Last", Figure: true}, {Title: "Samples", Figure: true}, {Title: "Failures", Figure: true}}}
	for _, p := range t.r.Probes {
		for i := range p.Gauges {
			n := &p.Gauges[i]
			cells := append([]string{clean(p.Address + "." + n.Name)}, gaugeFigures(n)...)
			g.Add(append(cells, strconv.FormatInt(n.Count, 10), strconv.FormatInt(p.Failures, 10))...)
		}
	}
	g.Render(&t.b, t.Width, nil)
	for _, p := range t.r.Probes {
		if p.Failures > 0 && p.LastError != "" {
			t.note("%s failed %s, last: %s", clean(p.Address), quantity.Counted(p.Failures, "time"), clean(p.LastError))
		}
	}
}

// gaugeFigures are min, mean, max and last of a gauge.
func gaugeFigures(g *record.Gauge) []string {
	if g.Count == 0 {
		return []string{absent, absent, absent, absent}
	}
	var out []string
	for _, v := range []float64{g.Min, g.Sum / float64(g.Count), g.Max, g.Last} {
		out = append(out, quantity.FormatNumber(v))
	}
	return out
}

func (t *table) trust() {
	t.heading("Trust")
	g := grid.Grid{Columns: []grid.Column{{Title: "Figure"}, {Title: "Actual", Figure: true}, {Title: "Limit", Figure: true}, {Least: grid.Whole}, {}}}
	for i := range t.v.Trust {
		item := &t.v.Trust[i]
		value, limit := trustValue(item)
		detail := clean(item.Detail)
		if value == absent {
			value, detail = detail, "" // what is no number: the seed, with all its digits
		}
		g.Add(clean(item.Name), value, limit, okText(item.OK), detail)
	}
	g.Render(&t.b, t.Width, func(row, col int, cell string) string {
		if col == 3 && row < len(t.v.Trust) && !t.v.Trust[row].OK {
			return t.paint(record.Fail, cell)
		}
		return cell
	})
}

func okText(ok bool) string {
	if ok {
		return "ok"
	}
	return "not ok"
}

func (t *table) findings() {
	if len(t.v.Findings) == 0 {
		return
	}
	t.heading("Findings")
	for _, f := range t.v.Findings {
		t.note("%s", clean(f.Summary))
		if f.Detail != "" {
			t.note("  %s", clean(f.Detail))
		}
	}
}

func (t *table) verdict() {
	t.b.WriteByte('\n')
	t.b.WriteString(conclusion(t.v, t.TableOptions) + "\n")
}

// Conclusion is the last line of a table: the verdict and why.
func Conclusion(v *record.Verdict) string { return conclusion(v, TableOptions{}) }

func conclusion(v *record.Verdict, o TableOptions) string {
	return o.paint(v.Status, spaced(v.Status)) + ": " + reason(v)
}

// paint colours text as its status deserves.
func (o TableOptions) paint(s record.Status, text string) string {
	if !o.Color || text == "" {
		return text
	}
	code := "33" // yellow
	switch s {
	case record.Pass:
		code = "32"
	case record.Fail:
		code = "31"
	}
	return "\x1b[1;" + code + "m" + text + "\x1b[0m"
}

func (o TableOptions) bold(text string) string {
	if !o.Color || text == "" {
		return text
	}
	return "\x1b[1m" + text + "\x1b[0m"
}
