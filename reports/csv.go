package reports

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"bossplan/interp/record"
)

// The CSV files have Locust's layout to the byte, so that what reads those
// reads these: comma, quotes only where needed, CRLF, floats as Python prints
// them, whole ms for percentiles.

// csvPercentiles are the percentile columns and their titles.
func csvPercentiles() (percent []float64, titles []string) {
	return []float64{50, 66, 75, 80, 90, 95, 98, 99, 99.9, 99.99, 100},
		[]string{"50%", "66%", "75%", "80%", "90%", "95%", "98%", "99%", "99.9%", "99.99%", "100%"}
}

// csvLine writes one line the way Python's csv module does by default.
func csvLine(b []byte, fields ...string) []byte {
	for i, f := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		if !strings.ContainsAny(f, ",\"\r\n") {
			b = append(b, f...)
			continue
		}
		b = append(b, '"')
		b = append(b, strings.ReplaceAll(f, `"`, `""`)...)
		b = append(b, '"')
	}
	return append(b, '\r', '\n')
}

// pyFloat writes a float as Python's repr does: the shortest form that reads
// back the same, never without a point or an exponent.
func pyFloat(v float64) string {
	if a := math.Abs(v); a >= 1e16 || a < 1e-4 && a != 0 {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// percentiles are the percentile cells of h in whole ms, N/A without a sample.
func percentiles(h *record.Histogram) []string {
	percent, _ := csvPercentiles()
	return each(percent, func(p float64) string {
		if h.Count() == 0 {
			return "N/A"
		}
		return decimal(int64(math.Round(float64(h.Quantile(p)) / 1000)))
	})
}

// spread is median, average, minimum and maximum in ms. Like Locust's it is 0
// where nothing was measured; the N/A of the percentiles tells the two apart.
func spread(h *record.Histogram) []string {
	if h.Count() == 0 {
		return []string{"0", "0", "0", "0"}
	}
	return each([]float64{float64(h.Quantile(50)), h.Mean(), float64(h.Min()), float64(h.Max())},
		func(us float64) string { return pyFloat(us / 1000) })
}

// sizeField is the mean size of an answer, like spread 0 where there is none.
func sizeField(t *tally) string {
	if t.requests == 0 {
		return "0"
	}
	return pyFloat(float64(t.received) / float64(t.requests))
}

func statsHeader() []string {
	_, titles := csvPercentiles()
	return append([]string{"Type", "Name", "Request Count", "Failure Count", "Median Response Time",
		"Average Response Time", "Min Response Time", "Max Response Time", "Average Content Size",
		"Requests/s", "Failures/s"}, titles...)
}

// writeStats writes PREFIX_stats.csv.
func writeStats(w io.Writer, r *record.Record) error {
	rows, total := rowsOf(r)
	judged := r.JudgedTime(nil)
	b := csvLine(nil, statsHeader()...)
	for _, row := range append(rows, total) {
		b = csvLine(b, statsFields(row, judged)...)
	}
	_, err := w.Write(b)
	return err
}

func statsFields(w *row, judged time.Duration) []string {
	t := tallyOf(&w.Stats)
	return slices.Concat(
		[]string{w.Method, w.Name, decimal(t.requests), decimal(t.errors)},
		spread(&t.times),
		[]string{sizeField(t), pyFloat(perSecond(t.requests, judged)), pyFloat(perSecond(t.errors, judged))},
		percentiles(&t.times),
	)
}

func historyHeader() []string {
	_, titles := csvPercentiles()
	return slices.Concat([]string{"Timestamp", "User Count", "Type", "Name", "Requests/s", "Failures/s"}, titles,
		[]string{"Total Request Count", "Total Failure Count", "Total Median Response Time", "Total Average Response Time",
			"Total Min Response Time", "Total Max Response Time", "Total Average Content Size"})
}

// historyFields is a line of PREFIX_stats_history.csv: what completed in d up
// to now, warm-up included, and all that was judged so far.
func historyFields(now time.Time, users int, second *tally, d time.Duration, total *tally) []string {
	return slices.Concat(
		[]string{decimal(now.Unix()), strconv.Itoa(users), "", "Aggregated",
			strconv.FormatFloat(perSecond(second.requests, d), 'f', 6, 64),
			strconv.FormatFloat(perSecond(second.errors, d), 'f', 6, 64)},
		percentiles(&second.times),
		[]string{decimal(total.requests), decimal(total.errors)},
		spread(&total.times),
		[]string{sizeField(total)},
	)
}

// writeFailures writes PREFIX_failures.csv.
func writeFailures(w io.Writer, r *record.Record) error {
	b := csvLine(nil, "Method", "Name", "Error", "Occurrences", "First Seen", "Last Seen")
	for _, f := range failuresOf(r) {
		b = csvLine(b, f.Method, f.Name, f.text(), decimal(f.Count), sinceStart(r, f.First).Format(time.RFC3339), sinceStart(r, f.Last).Format(time.RFC3339))
	}
	_, err := w.Write(b)
	return err
}

// writeExceptions writes PREFIX_exceptions.csv: Locust lists there what its
// user code raised, and a plan holds no code.
func writeExceptions(w io.Writer) error {
	_, err := w.Write(csvLine(nil, "Count", "Message", "Traceback", "Nodes"))
	return err
}

// writeTotalsOnly writes a PREFIX_stats_history.csv of a run whose seconds were
// not streamed: its totals, if there are any.
func writeTotalsOnly(w io.Writer, r *record.Record) error {
	b := csvLine(nil, historyHeader()...)
	if t := tallyOf(r.Totals()); t.requests > 0 {
		b = csvLine(b, historyFields(r.Run.Ended, 0, &tally{}, 0, t)...)
	}
	_, err := w.Write(b)
	return err
}
