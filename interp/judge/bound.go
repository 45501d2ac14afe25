package judge

import (
	"fmt"
	"math"
	"strings"
	"time"

	"bossplan/interp/metric"
	"bossplan/interp/record"
	"bossplan/plan"
	"bossplan/plan/quantity"
)

// A reading is one figure held against a threshold's bounds. A threshold has
// one, or one a request or a window, of which the worst decides.
type reading struct {
	status  record.Status
	missed  *plan.Bound // which one; nil if PASS or NO DATA
	sample  metric.Sample
	place   string   // "in user_class.member.request.list_tasks", "from 10s to 20s"; empty: the whole scope
	because string   // of NO DATA and INCONCLUSIVE
	notes   []string // what else a reader should know
}

// broken reports whether a bound was missed, for whatever reason.
func (rd reading) broken() bool {
	return rd.status != record.Pass && rd.status != record.NoData
}

func (rd reading) detail() string {
	if rd.because == "" {
		return strings.Join(rd.notes, "; ")
	}
	return strings.Join(append([]string{rd.because}, rd.notes...), "; ")
}

// hold holds a sample against the bounds of t. It has no data with fewer than
// need samples, or if the value is not a finite number.
//
// A latency is judged twice, with the generator's own lag and without. Only the
// first can pass: it is what was seen. Where the second meets a bound that the
// first missed, be it critical or target, nobody can say whose fault it was:
//
//	              with lag:   PASS    WARN           FAIL
//	without: PASS             PASS    INCONCLUSIVE   INCONCLUSIVE
//	without: WARN                     WARN           INCONCLUSIVE
//	without: FAIL                                    FAIL
func hold(t *plan.Threshold, s metric.Sample, need int64) reading {
	s.Measured = s.Measured && s.Samples > 0 && !math.IsNaN(s.Value) && !math.IsInf(s.Value, 0)
	rd := reading{sample: s}
	if !s.Measured || s.Samples < need {
		rd.status = record.NoData
		rd.because = shortage(s, need)
		return rd
	}
	rd.status, rd.missed = state(t, s.Value)
	if rd.status != record.Pass && lagCounts(t) {
		if without, _ := state(t, s.ValueLessLag); without != rd.status {
			rd.status = record.Inconclusive
			rd.because = fmt.Sprintf("the generator was late: %s with its own lag taken off",
				t.Figure(s.ValueLessLag))
		}
	}
	if metric.IsMaximum(t.Metric.Quantile, s.Samples) {
		rd.notes = append(rd.notes, fmt.Sprintf("%s of %s", t.Metric.Statistic, maximumOf(s.Samples)))
	}
	return rd
}

func maximumOf(samples int64) string {
	if samples == 1 {
		return "1 sample is that sample"
	}
	return fmt.Sprintf("%d samples is their maximum", samples)
}

// state is what one value makes of a threshold, and the bound it missed.
func state(t *plan.Threshold, value float64) (record.Status, *plan.Bound) {
	switch {
	case t.Target.Holds(value):
		return record.Pass, nil
	case t.Critical == nil || t.Critical.Holds(value):
		return record.Warn, &t.Target
	}
	return record.Fail, t.Critical
}

// lagCounts reports whether the generator's lag can be to blame for a miss: it
// only ever makes a response time longer.
func lagCounts(t *plan.Threshold) bool {
	return t.Metric.Name == "response_time" && t.Metric.Probe == nil && t.Target.Upper()
}

func shortage(s metric.Sample, need int64) string {
	switch {
	case s.Samples == 0:
		return "nothing was measured"
	case s.Samples < need:
		return fmt.Sprintf("only %s, %d needed", quantity.Counted(s.Samples, "sample"), need)
	}
	return fmt.Sprintf("%s do not make a value", quantity.Counted(s.Samples, "sample"))
}

// rank orders states by how much they matter. A window or request that is known
// to have failed is not hidden by another that has no data.
func rank(s record.Status) int {
	switch s {
	case record.Pass:
		return 0
	case record.Warn:
		return 1
	case record.Inconclusive:
		return 2
	case record.NoData:
		return 3
	}
	return 4
}

// worse reports whether a is worse than b: by state, then by value.
func worse(t *plan.Threshold, a, b reading) bool {
	if x, y := rank(a.status), rank(b.status); x != y {
		return x > y
	}
	x, y := a.sample.Value, b.sample.Value
	switch {
	case t.Target.Op == "==":
		return math.Abs(x-t.Target.Value) > math.Abs(y-t.Target.Value)
	case t.Target.Upper():
		return x > y
	}
	return x < y
}

// clause is a reading as a sentence to act on: "threshold.p95:
// response_time.p95 is 1.24s, critical < 1s".
func clause(t *plan.Threshold, rd reading) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", t.Address(), t.Metric)
	if of := t.Of.String(); of != "all" {
		fmt.Fprintf(&b, " of %s", of)
	}
	if rd.status == record.NoData {
		b.WriteString(" has no data")
	} else {
		fmt.Fprintf(&b, " is %s", t.Figure(rd.sample.Value))
	}
	if rd.place != "" {
		fmt.Fprintf(&b, " %s", rd.place)
	}
	switch {
	case rd.missed == nil:
	case rd.missed == t.Critical:
		fmt.Fprintf(&b, ", critical %s", t.Critical.Text)
	default:
		fmt.Fprintf(&b, ", target %s", t.Target.Text)
	}
	if rd.because != "" {
		fmt.Fprintf(&b, ": %s", rd.because)
	}
	return b.String()
}

// moment writes a moment or a length of the run: "12.1s", "1m30s".
func moment(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }
