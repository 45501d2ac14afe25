// Package metric gives every metric of the plan language its one definition.
//
// The engine (for the windows of a threshold), the watcher of abort rules and
// the judge all ask here, so a figure that stopped a run, one that is shown
// while it goes on and one in the final table are made in the same way. All
// functions are pure: they read a record and change nothing.
//
// Where a figure comes from decides which function gives it, see [SourceOf]:
//
//	response_time … lag, requests, errors, checks, received, sent, unfinished    [Measure]
//	users, in_flight, dropped                                                    [Levels], [Dropped]
//	probe.NAME.GAUGE                                                             [Gauge]
package metric

import (
	"math"
	"time"

	"bossplan/interp/record"
	"bossplan/plan"
)

// A Sample is a metric's value at some place of a record. Times are in ms,
// ratios between 0 and 1, rates per second.
type Sample struct {
	Value        float64
	ValueLessLag float64 // of response_time: each request's own lag taken off; else Value
	Samples      int64   // what the value is made of
	Measured     bool    // false: Value means nothing
}

// A Source is the part of a record that a metric is read from.
type Source int

const (
	FromRequests Source = iota // Stats of cells
	FromLevels                 // the series: users, in_flight
	FromSchedule               // what did not start: dropped
	FromProbe                  // samples of a gauge
)

// SourceOf says where m is read from.
func SourceOf(m plan.Metric) Source {
	switch {
	case m.Probe != nil:
		return FromProbe
	case m.Name == "users", m.Name == "in_flight":
		return FromLevels
	case m.Name == "dropped":
		return FromSchedule
	}
	return FromRequests
}

// EveryRequest reports whether each request that was made gives a sample of m,
// so that a request without one is a hole in what was measured. A request on a
// reused connection has no connect_time, and one without checks no checks.
func EveryRequest(m plan.Metric) bool {
	switch m.Name {
	case "connect_time", "tls_time", "checks":
		return false
	}
	return SourceOf(m) == FromRequests
}

// Measure is m over the requests in s. elapsed is the time that rates are over;
// without any they are not measured. A requests, received or sent of nothing is
// a measured 0, for having no answer at all is what such a figure has to show;
// its Samples are 0 all the same.
func Measure(m plan.Metric, outcome plan.Outcome, s *record.Stats, elapsed time.Duration) Sample {
	if pick := phase(m.Name); pick != nil {
		return timing(m, outcome, s, pick)
	}
	total := s.Total()
	switch m.Name {
	case "requests":
		return amount(m, s.Completed(), total, elapsed)
	case "received":
		return amount(m, s.Received, total, elapsed)
	case "sent":
		return amount(m, s.Sent, total, elapsed)
	case "errors":
		if m.Statistic == "rate" {
			return share(s.Errors(), total)
		}
		return number(s.Errors(), total)
	case "checks":
		return share(s.ChecksMet, s.Checks)
	case "unfinished":
		return number(s.Unfinished, total)
	}
	return Sample{}
}

// phase is the histogram that a time metric looks at, nil for other metrics.
func phase(name string) func(*record.Group) *record.Histogram {
	switch name {
	case "response_time":
		return func(g *record.Group) *record.Histogram { return &g.Response }
	case "service_time":
		return func(g *record.Group) *record.Histogram { return &g.Service }
	case "connect_time":
		return func(g *record.Group) *record.Histogram { return &g.Connect }
	case "tls_time":
		return func(g *record.Group) *record.Histogram { return &g.TLS }
	case "first_byte_time":
		return func(g *record.Group) *record.Histogram { return &g.FirstByte }
	case "lag":
		return func(g *record.Group) *record.Histogram { return &g.Lag }
	}
	return nil
}

func timing(m plan.Metric, outcome plan.Outcome, s *record.Stats, pick func(*record.Group) *record.Histogram) Sample {
	h := pool(s, outcome, pick)
	v, ok := statistic(m, h)
	out := Sample{Value: v, ValueLessLag: v, Samples: h.Count(), Measured: ok && h.Count() > 0}
	if m.Name == "response_time" {
		out.ValueLessLag, _ = statistic(m, pool(s, outcome, func(g *record.Group) *record.Histogram {
			return &g.ResponseLessLag
		}))
	}
	return out
}

// pool merges one phase over the groups that an outcome takes in. It is
// record.Stats.Pool for a single histogram, which is a seventh of the work.
// Where one group alone has values its own histogram is returned: read only.
func pool(s *record.Stats, outcome plan.Outcome, pick func(*record.Group) *record.Histogram) *record.Histogram {
	groups := []*record.Group{&s.Late}
	if outcome != plan.OutcomeFailed {
		groups = append(groups, &s.Met)
	}
	if outcome == plan.OutcomeFailed || outcome == plan.OutcomeAny {
		groups = append(groups, &s.Failed)
	}
	var only, merged *record.Histogram
	for _, g := range groups {
		h := pick(g)
		switch {
		case h.Count() == 0:
		case only == nil:
			only = h
		default:
			if merged == nil {
				merged = &record.Histogram{}
				merged.Merge(only)
			}
			merged.Merge(h)
		}
	}
	switch {
	case merged != nil:
		return merged
	case only != nil:
		return only
	}
	return &record.Histogram{}
}

// statistic is the figure in ms that m asks of a histogram in µs.
func statistic(m plan.Metric, h *record.Histogram) (ms float64, known bool) {
	switch {
	case m.Quantile > 0:
		return float64(h.Quantile(m.Quantile)) / 1000, true
	case m.Statistic == "mean":
		return h.Mean() / 1000, true
	case m.Statistic == "min":
		return float64(h.Min()) / 1000, true
	case m.Statistic == "max":
		return float64(h.Max()) / 1000, true
	case m.Statistic == "stddev":
		return h.StdDev() / 1000, true
	}
	return 0, false
}

// amount is a number, or that number a second.
func amount(m plan.Metric, n, samples int64, elapsed time.Duration) Sample {
	v := float64(n)
	if m.Statistic == "rate" {
		if elapsed <= 0 {
			return Sample{Samples: samples}
		}
		v /= elapsed.Seconds()
	}
	return Sample{Value: v, ValueLessLag: v, Samples: samples, Measured: true}
}

// number is a count of things that can only be seen where there were requests.
func number(n, samples int64) Sample {
	return Sample{Value: float64(n), ValueLessLag: float64(n), Samples: samples, Measured: samples > 0}
}

// share is part of whole; of nothing there is none.
func share(part, whole int64) Sample {
	if whole == 0 {
		return Sample{}
	}
	v := float64(part) / float64(whole)
	return Sample{Value: v, ValueLessLag: v, Samples: whole, Measured: true}
}

// IsMaximum reports whether the q-th percentile of n values is their largest
// one: whether there are too few of them for it to say anything more.
func IsMaximum(q float64, n int64) bool {
	return q > 0 && n > 0 && math.Ceil(q/100*float64(n)-1e-9) >= float64(n)
}
