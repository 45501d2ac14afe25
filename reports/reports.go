// Package reports shows what a run measured and how it was judged, to people
// and to machines, from a [record.Record] and its [record.Verdict] alone.
//
// [Table] and [Summary] are what a terminal shows at the end. [Stream] keeps a
// run's directory readable while the run goes on, second by second, and [Write]
// puts the final files there. Read it in this order: rows.go (which rows there
// are and what they count), format.go (how figures are written), then one file
// a format.
//
// Every figure of every format comes from the same rows and the same
// histograms, so formats can differ in layout but not in what they say:
//
//   - requests = completed + unfinished, errors = failed + unfinished;
//   - times are response times of what users waited for: requests that met
//     their expectations, timed out or were unfinished at the end;
//   - warm-up is kept out, except of what is a course over time;
//   - rates are over the wall clock of the judged time.
package reports

import "bossplan/interp/record"

// A Run is one finished run, its exit code and where its files are.
type Run struct {
	Record   *record.Record
	Verdict  *record.Verdict
	ExitCode int
	Dir      string
}

// Names of files in a run's directory. The CSV files begin with the plan's name.
const (
	runFileName     = "run.json"
	hlogName        = "latency.hlog"
	htmlName        = "report.html"
	junitName       = "junit.xml"
	markdownName    = "summary.md"
	statsSuffix     = "_stats.csv"
	historySuffix   = "_stats_history.csv"
	failuresSuffix  = "_failures.csv"
	exceptionSuffix = "_exceptions.csv"
)
