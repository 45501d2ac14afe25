package reports

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"bossplan/interp/record"
)

// A row is one line of a request table: all requests that are counted under
// one name and method.
type row struct {
	Name, Method string
	Requests     []int // their numbers in the record
	Stats        record.Stats
}

// rowsOf merges the judged cells into rows, sorted by name and method, and
// into their total. A request that was never sent has a row without requests:
// that it is missing is worth seeing.
func rowsOf(r *record.Record) (rows []*row, total *row) {
	type key struct{ name, method string }
	byKey := map[key]*row{}
	total = &row{Name: "Aggregated"}
	for i, q := range r.Requests {
		k := key{q.Name, q.Method}
		if byKey[k] == nil {
			byKey[k] = &row{Name: q.Name, Method: q.Method}
		}
		byKey[k].Requests = append(byKey[k].Requests, i)
		total.Requests = append(total.Requests, i)
	}
	for _, c := range r.Cells {
		if !c.Warmup && c.Total() > 0 {
			q := r.Requests[c.Request]
			byKey[key{q.Name, q.Method}].Stats.Merge(&c.Stats)
			total.Stats.Merge(&c.Stats)
		}
	}
	rows = slices.SortedFunc(maps.Values(byKey), func(a, b *row) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Method, b.Method))
	})
	return rows, total
}

// A tally is what the CSV files and the hlog count of a set of requests. It
// leaves out the phases, which cost time to merge every second. The zero value
// is empty.
type tally struct {
	requests, errors int64
	received         int64
	times            record.Histogram
}

func (t *tally) add(s *record.Stats) {
	t.requests += s.Total()
	t.errors += s.Errors()
	t.received += s.Received
	t.times.Merge(&s.Met.Response)
	t.times.Merge(&s.Late.Response)
}

func tallyOf(s *record.Stats) *tally {
	t := &tally{}
	t.add(s)
	return t
}

// ratio is the share of the requests that are errors, 0 if there are none.
func (t *tally) ratio() float64 {
	if t.requests == 0 {
		return 0
	}
	return float64(t.errors) / float64(t.requests)
}

// timesOf is the times that a request table shows, in µs: average, minimum,
// maximum, median, p95 and p99; NaN where nothing was measured.
func timesOf(h *record.Histogram) []float64 {
	if h.Count() == 0 {
		nan := math.NaN()
		return []float64{nan, nan, nan, nan, nan, nan}
	}
	return []float64{h.Mean(), float64(h.Min()), float64(h.Max()),
		float64(h.Quantile(50)), float64(h.Quantile(95)), float64(h.Quantile(99))}
}

// perSecond is n over d, 0 where no time has passed.
func perSecond(n int64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}

// A failure is a group of like errors as tables show it.
type failure struct {
	Name, Method string
	Kind         string
	Message      string
	Count        int64
	First, Last  time.Duration
}

// text is kind and message in one.
func (f *failure) text() string {
	if f.Message == "" {
		return f.Kind
	}
	return f.Kind + ": " + f.Message
}

// failuresOf are the judged errors as a table shows them.
func failuresOf(r *record.Record) []*failure {
	var out []*failure
	for _, e := range r.Errors {
		if !e.Warmup {
			q := requestOf(r, e.Request)
			out = append(out, &failure{q.Name, q.Method, e.Kind, e.Message, e.Count, e.First, e.Last})
		}
	}
	return joinFailures(out)
}

// joinFailures joins those that look the same in a table, sorted by name,
// method, kind and message.
func joinFailures(all []*failure) []*failure {
	type key struct{ name, method, kind, message string }
	byKey := map[key]*failure{}
	for _, e := range all {
		k := key{e.Name, e.Method, e.Kind, e.Message}
		f := byKey[k]
		if f == nil {
			byKey[k] = e
			continue
		}
		f.Count += e.Count
		f.First = min(f.First, e.First)
		f.Last = max(f.Last, e.Last)
	}
	return slices.SortedFunc(maps.Values(byKey), func(a, b *failure) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Method, b.Method),
			cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Message, b.Message))
	})
}

// mostFrequent is failures with the largest counts first and at most limit of
// them, and how many kinds were left out.
func mostFrequent(all []*failure, limit int) (top []*failure, more int) {
	top = slices.Clone(all)
	slices.SortStableFunc(top, func(a, b *failure) int { return cmp.Compare(b.Count, a.Count) })
	if len(top) > limit {
		return top[:limit], len(top) - limit
	}
	return top, 0
}

// requestOf is request i; an error or window that belongs to none has an empty
// one.
func requestOf(r *record.Record, i int) record.Request {
	if i < 0 || i >= len(r.Requests) {
		return record.Request{}
	}
	return r.Requests[i]
}

// sinceStart is a moment of the run by the wall clock.
func sinceStart(r *record.Record, at time.Duration) time.Time { return r.Run.Started.Add(at).UTC() }
