package reports

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"time"

	"bossplan/interp/record"
	"bossplan/plan/quantity"
)

//go:embed page
var pageFiles embed.FS

// writeHTML writes the report as one file that needs nothing else.
func writeHTML(w io.Writer, r *record.Record, v *record.Verdict) error {
	t, err := template.ParseFS(pageFiles, "page/report.html.tmpl")
	if err != nil {
		return err
	}
	style, err := pageFiles.ReadFile("page/report.css")
	if err != nil {
		return err
	}
	script, err := pageFiles.ReadFile("page/report.js")
	if err != nil {
		return err
	}
	p := newPage(r, v)
	p.Style, p.Script = template.CSS(style), template.JS(script)
	return t.Execute(w, p)
}

// A page is what the template shows. All text in it comes from the plan or the
// server; the template escapes it.
type page struct {
	Plan, Status, Class string
	Reason, When        string
	Thresholds          []pageThreshold
	Findings            []record.Finding
	Charts              []pageChart
	Titles              []string
	Rows                []pageRow
	Total               pageRow
	Warmup              string
	Beside              []pageTable
	Failures            []*failure
	MoreFailures        string
	Trust               []pageTrust
	Facts               []pageFact
	Variables           []record.Variable
	Data                chartData
	Style               template.CSS
	Script              template.JS
}

type pageThreshold struct {
	Status, Class, Name, Scope, Metric string
	Actual, Target, Critical           string
	Notes                              []string
}

// A pageChart is a chart the script draws: ID is what definition() in
// report.js knows it by.
type pageChart struct {
	ID, Title string
	Legend    []string
}

type pageRow struct {
	Method, Name string
	Cells        []pageCell
	Spark        string // an SVG path, empty without a point
}

// A pageCell is a figure and the number that sorts it.
type pageCell struct {
	Text string
	Sort float64
}

// A pageTable is a small table: some texts a row, and figures.
type pageTable struct {
	Title, Note string
	Heads       []string // of the texts
	Figures     []string
	Rows        []pageLine
}

type pageLine struct{ Texts, Figures []string }

type pageTrust struct{ Name, Value, Limit, OK, Class, Detail string }

type pageFact struct{ Name, Value string }

// maxPageFailures bounds the page; run.json holds all.
const maxPageFailures = 200

func newPage(r *record.Record, v *record.Verdict) *page {
	rows, total := rowsOf(r)
	judged := r.JudgedTime(nil).Seconds()
	p := &page{
		Plan: clean(planName(r)), Status: spaced(v.Status), Class: string(v.Status),
		Reason: reason(v), When: when(&r.Run),
		Thresholds: each(v.Thresholds, newPageThreshold),
		Findings: each(v.Findings, func(f record.Finding) record.Finding {
			return record.Finding{Summary: clean(f.Summary), Detail: clean(f.Detail)}
		}),
		Charts: newPageCharts(r),
		Titles: figureTitles(),
		Rows:   each(rows, func(w *row) pageRow { return newPageRow(r, w, judged) }),
		Total:  newPageRow(r, total, judged),
		Warmup: warmupNote(r),
		Beside: newPageTables(r),
		Trust:  each(v.Trust, newPageTrust),
		Facts:  newPageFacts(r),
		Variables: each(r.Run.Variables, func(v record.Variable) record.Variable {
			return record.Variable{Name: clean(v.Name), Value: clean(v.Value), Source: clean(v.Source)}
		}),
		Data: newChartData(r),
	}
	top, more := mostFrequent(shownFailures(r), maxPageFailures)
	p.Failures = each(top, func(f *failure) *failure {
		return &failure{Name: clean(f.Name), Method: clean(f.Method), Kind: clean(f.Kind), Message: clean(f.Message), Count: f.Count}
	})
	if more > 0 {
		p.MoreFailures = fmt.Sprintf("… and %s more, all in %s.", quantity.Counted(int64(more), "kind"), runFileName)
	}
	return p
}

func when(n *record.Run) string {
	s := "Started " + n.Started.UTC().Format("2006-01-02 15:04:05 UTC")
	if n.Ended.After(n.Started) {
		s += ", ran " + quantity.FormatMeasured(n.Ended.Sub(n.Started))
	}
	s += ", " + string(n.State)
	if n.StateDetail != "" {
		s += ": " + clean(n.StateDetail)
	}
	return s
}

func newPageThreshold(t record.ThresholdResult) pageThreshold {
	all := notes(&t)
	if p := position(t.Range); p != "" && t.Status != record.Pass {
		all = append(all, clean(p))
	}
	return pageThreshold{
		Status: spaced(t.Status), Class: string(t.Status), Name: thresholdName(&t), Scope: clean(t.Scope), Metric: clean(t.Metric),
		Actual: actual(&t), Target: clean(t.Target), Critical: orAbsent(clean(t.Critical)), Notes: all,
	}
}

// newPageTables are the checks and the setup, as far as the plan has them.
func newPageTables(r *record.Record) []pageTable {
	var out []pageTable
	if rows := checkRows(r); len(rows) > 0 {
		out = append(out, pageTable{
			Title: "Checks", Heads: []string{"Type", "Name", "Check"}, Figures: checkTitles(),
			Rows: each(rows, func(c *checkRow) pageLine {
				return pageLine{[]string{clean(c.Method), clean(c.Name), clean(c.Check)}, c.figures()}
			}),
		})
	}
	if rows := setupRows(r); len(rows) > 0 {
		out = append(out, pageTable{
			Title: "Setup", Note: "Times in ms. What users do in on_start and on_stop is not counted in any other figure.",
			Heads: []string{"Type", "Name", "In"}, Figures: setupTitles(),
			Rows: each(rows, func(s *setupRow) pageLine {
				return pageLine{[]string{clean(s.Method), clean(s.Name), clean(s.Hook)}, s.figures()}
			}),
		})
	}
	return out
}

func newPageCharts(r *record.Record) []pageChart {
	charts := []pageChart{
		{"times", "Response time", []string{"p50", "p95", "p99"}},
		{"rates", "Throughput", []string{"requests/s", "failures/s"}},
		{"users", "Load", []string{"users", "in flight"}},
		{"distribution", "Latency distribution, judged time", nil},
	}
	for i, g := range gaugesOf(r) {
		charts = append(charts, pageChart{ID: fmt.Sprint(i), Title: clean(g.name)})
	}
	return charts
}

func newPageRow(r *record.Record, w *row, judged float64) pageRow {
	out := pageRow{Method: clean(w.Method), Name: clean(w.Name), Spark: spark(r, w)}
	sorts := w.sortKeys()
	for i, text := range w.figures(judged) {
		out.Cells = append(out.Cells, pageCell{text, sorts[i]})
	}
	return out
}

// sortKeys are the numbers behind figures; -1 where nothing was measured. The
// rates are in the order of the counts they come from.
func (w *row) sortKeys() []float64 {
	n := tallyOf(&w.Stats)
	keys := []float64{float64(n.requests), float64(n.errors)}
	for _, us := range timesOf(&n.times) {
		if math.IsNaN(us) {
			us = -1
		}
		keys = append(keys, math.Round(us))
	}
	return append(keys, float64(n.requests), float64(n.errors))
}

// maxSparkPoints bounds the small charts: there is one a request.
const maxSparkPoints = 100

// spark is the row's p95 over time as an SVG path in a box of 100 × 20.
func spark(r *record.Record, w *row) string {
	values := foldRows(r, w, maxSparkPoints)
	top := 0.0
	for _, v := range values {
		if v > top {
			top = v
		}
	}
	if top == 0 {
		return ""
	}
	var b strings.Builder
	pen := byte('M')
	for i, v := range values {
		if math.IsNaN(v) {
			pen = 'M'
			continue
		}
		fmt.Fprintf(&b, "%c%.1f %.1f", pen, 100*float64(i)/float64(max(len(values)-1, 1)), 19-18*v/top)
		if pen == 'M' {
			b.WriteString("h.1") // a point between two gaps is drawn as a dot
		}
		pen = 'L'
	}
	return b.String()
}

// foldRows is the worst p95 of the row's requests in at most limit points.
func foldRows(r *record.Record, w *row, limit int) []float64 {
	step := foldStep(len(r.Series.Points), limit)
	out := make([]float64, (len(r.Series.Points)+step-1)/step)
	for i := range out {
		out[i] = math.NaN()
	}
	for _, q := range w.Requests {
		if q >= len(r.Series.Requests) {
			continue
		}
		for i, p := range r.Series.Requests[q] {
			out[i/step] = record.Worse(out[i/step], p.P95)
		}
	}
	return out
}

func newPageTrust(t record.TrustItem) pageTrust {
	value, limit := trustValue(&t)
	class := "PASS"
	if !t.OK {
		class = "FAIL"
	}
	return pageTrust{clean(t.Name), value, limit, okText(t.OK), class, clean(t.Detail)}
}

// newPageFacts says what was run, where and when; what is unknown is left out.
func newPageFacts(r *record.Record) []pageFact {
	n := &r.Run
	revision := n.Plan.GitRevision
	if n.Plan.GitDirty {
		revision += " (with changes that were not committed)"
	}
	facts := []pageFact{
		{"Run", n.ID}, {"Plan", n.Plan.File}, {"SHA-256", n.Plan.SHA256}, {"Git revision", revision},
		{"Command", n.Command}, {"Version", n.BossplanVersion}, {"Seed", fmt.Sprint(n.Seed)},
	}
	if n.TimeScale != 1 && n.TimeScale != 0 {
		facts = append(facts, pageFact{"Time scale", quantity.FormatNumber(n.TimeScale)})
	}
	if n.Demo {
		facts = append(facts, pageFact{"Target", "the embedded sample service"})
	}
	for _, h := range n.Hosts {
		facts = append(facts, pageFact{h.Address, strings.TrimSpace(h.BaseURL + " " + h.Transport)})
	}
	facts = append(facts, pageFact{"Generator", generatorText(&r.Generator)})
	var known []pageFact
	for _, f := range facts {
		if f.Value != "" {
			known = append(known, pageFact{clean(f.Name), clean(f.Value)})
		}
	}
	return known
}

func generatorText(g *record.Generator) string {
	var parts []string
	if g.Cores > 0 {
		parts = append(parts, quantity.Counted(int64(g.Cores), "core"))
	}
	if g.CPU > 0 {
		parts = append(parts, "CPU "+quantity.FormatMeasured(g.CPU.Round(time.Millisecond)))
	}
	if g.MaxMemory > 0 {
		parts = append(parts, quantity.FormatSize(float64(g.MaxMemory))+" memory at most")
	}
	if cost := g.Cost(); cost > 0 {
		parts = append(parts, quantity.FormatMeasured(cost)+" a request")
	}
	return strings.Join(parts, ", ")
}
