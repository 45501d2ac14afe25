package reports

import (
	"io"
	"strconv"
	"strings"

	"bossplan/interp/record"
	"bossplan/reports/grid"
)

// Summary writes one line a run, for when several plans ran one after the
// other.
func Summary(w io.Writer, runs []Run, o TableOptions) error {
	g := grid.Grid{Columns: []grid.Column{{Title: "Verdict", Least: grid.Whole}, {Title: "Plan"}, {Title: "Requests", Figure: true}, {Title: "Errors", Figure: true},
		{Title: "p95", Figure: true}, {Title: "p99", Figure: true}, {Title: "req/s", Figure: true}, {Title: "Why"}, {Title: "Directory", KeepEnd: true}}}
	for _, run := range runs {
		g.Add(summaryCells(run)...)
	}
	var b strings.Builder
	b.WriteString(o.bold("All plans (times in ms)") + "\n")
	g.Render(&b, o.Width, func(row, col int, cell string) string {
		if col != 0 {
			return cell
		}
		return o.paint(runs[row].Verdict.Status, cell)
	})
	_, err := io.WriteString(w, b.String())
	return err
}

func summaryCells(run Run) []string {
	r := run.Record
	n := tallyOf(r.Totals())
	times := timesOf(&n.times)
	persec := absent
	if d := r.JudgedTime(nil); d > 0 {
		persec = rate(perSecond(n.requests, d))
	}
	return []string{spaced(run.Verdict.Status), clean(planName(r)), strconv.FormatInt(n.requests, 10), fails(n),
		milliseconds(times[4]), milliseconds(times[5]), persec, reason(run.Verdict), clean(run.Dir)}
}

// planName is the plan's name, or its file where it has none.
func planName(r *record.Record) string {
	if r.Run.Plan.Name != "" {
		return r.Run.Plan.Name
	}
	return r.Run.Plan.File
}
