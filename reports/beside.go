package reports

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"bossplan/interp/record"
	"bossplan/plan/quantity"
)

// What is counted beside the requests: checks on their answers, and what users
// do in on_start and on_stop, which is in no other figure. A plan that has none
// of them has no such table.

// A checkRow is a check of all requests that are counted under one name and
// method.
type checkRow struct {
	Name, Method, Check string
	Made, Met           int64
}

// checkRows are sorted by name, method and check.
func checkRows(r *record.Record) []*checkRow {
	type key struct{ name, method, check string }
	byKey := map[key]*checkRow{}
	for _, c := range r.Checks {
		q := requestOf(r, c.Request)
		k := key{q.Name, q.Method, c.Name}
		if byKey[k] == nil {
			byKey[k] = &checkRow{Name: q.Name, Method: q.Method, Check: c.Name}
		}
		byKey[k].Made += c.Made
		byKey[k].Met += c.Met
	}
	return slices.SortedFunc(maps.Values(byKey), func(a, b *checkRow) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Check, b.Check))
	})
}

func checkTitles() []string { return []string{"# made", "# passed", "Rate"} }

// figures are the row's cells under checkTitles.
func (c *checkRow) figures() []string {
	rate := absent
	if c.Made > 0 {
		rate = quantity.FormatRatio(float64(c.Met) / float64(c.Made))
	}
	return []string{strconv.FormatInt(c.Made, 10), strconv.FormatInt(c.Met, 10), rate}
}

// A setupRow is all requests of on_start, or of on_stop, that have one name and
// method.
type setupRow struct {
	Name, Method, Hook string
	Count, Failed      int64
	Times              record.Histogram
}

// setupRows are sorted by name, method and hook.
func setupRows(r *record.Record) []*setupRow {
	type key struct{ name, method, hook string }
	byKey := map[key]*setupRow{}
	for i := range r.Setup {
		s := &r.Setup[i]
		k := key{s.Name, s.Method, s.Hook}
		if byKey[k] == nil {
			byKey[k] = &setupRow{Name: s.Name, Method: s.Method, Hook: s.Hook}
		}
		byKey[k].Count += s.Count
		byKey[k].Failed += s.Failed
		byKey[k].Times.Merge(&s.Response)
	}
	return slices.SortedFunc(maps.Values(byKey), func(a, b *setupRow) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Method, b.Method), cmp.Compare(a.Hook, b.Hook))
	})
}

func setupTitles() []string { return []string{"# reqs", "# fails", "Avg", "Max"} }

// figures are the row's cells under setupTitles.
func (s *setupRow) figures() []string {
	times := timesOf(&s.Times)
	return []string{strconv.FormatInt(s.Count, 10), strconv.FormatInt(s.Failed, 10), milliseconds(times[0]), milliseconds(times[2])}
}

// setupFailures are the errors of on_start and on_stop, marked as such.
func setupFailures(r *record.Record) []*failure {
	var out []*failure
	for _, s := range r.Setup {
		for _, e := range s.Errors {
			out = append(out, &failure{
				Name: fmt.Sprintf("%s (%s, not counted)", s.Name, s.Hook), Method: s.Method,
				Kind: e.Kind, Message: e.Message, Count: e.Count, First: e.First, Last: e.Last,
			})
		}
	}
	return joinFailures(out)
}

// shownFailures are those that tables show: the judged ones and those of on_start
// and on_stop.
func shownFailures(r *record.Record) []*failure {
	return slices.Concat(failuresOf(r), setupFailures(r))
}
