package metric

import (
	"math"
	"testing"
	"time"

	"bossplan/interp/record"
	"bossplan/plan"
)

func fill(g *record.Group, n int, ms, lag int64) {
	for range n {
		g.Response.Record(ms * 1000)
		g.ResponseLessLag.Record((ms - lag) * 1000)
		g.Service.Record((ms - lag - 1) * 1000)
		g.Lag.Record(lag * 1000)
		g.FirstByte.Record(2500)
	}
	g.Connect.Record(1500)
}

// mixed is 10 requests of 100 ms, 2 that waited 1 s of which one is unfinished,
// and 4 that failed within 2 ms.
func mixed() *record.Stats {
	s := &record.Stats{Unfinished: 1, Checks: 8, ChecksMet: 6, Sent: 1000, Received: 4000}
	fill(&s.Met, 10, 100, 20)
	fill(&s.Late, 2, 1000, 0)
	fill(&s.Failed, 4, 2, 1)
	return s
}

func TestMeasure(t *testing.T) {
	m := func(name, statistic string, quantile ...float64) plan.Metric {
		q := 0.0
		if len(quantile) > 0 {
			q = quantile[0]
		}
		return plan.Metric{Name: name, Statistic: statistic, Quantile: q}
	}
	for _, c := range []struct {
		metric      plan.Metric
		outcome     plan.Outcome
		value, less float64
		samples     int64
	}{
		{m("response_time", "p50", 50), plan.OutcomeOK, 100.031, 80.063, 12},
		{m("response_time", "p99.5", 99.5), plan.OutcomeOK, 1000, 1000, 12},
		{m("response_time", "max"), plan.OutcomeOK, 1000, 1000, 12},
		{m("response_time", "min"), plan.OutcomeOK, 100, 80, 12},
		{m("response_time", "mean"), plan.OutcomeOK, 250, 2800.0 / 12, 12},
		{m("response_time", "stddev"), plan.OutcomeOK, 335.41, 342.86, 12},
		{m("response_time", "min"), plan.OutcomeAny, 2, 1, 16},
		{m("response_time", "mean"), plan.OutcomeFailed, 2008.0 / 6, 2004.0 / 6, 6},
		{m("service_time", "max"), plan.OutcomeOK, 999, 999, 12},
		{m("lag", "max"), plan.OutcomeAny, 20, 20, 16},
		{m("connect_time", "mean"), plan.OutcomeAny, 1.5, 1.5, 3},
		{m("first_byte_time", "p50", 50), plan.OutcomeOK, 2.5, 2.5, 12},
		{m("requests", "count"), plan.OutcomeOK, 15, 15, 16},
		{m("requests", "rate"), plan.OutcomeOK, 1.5, 1.5, 16},
		{m("errors", "count"), plan.OutcomeOK, 6, 6, 16},
		{m("errors", "rate"), plan.OutcomeOK, 6.0 / 16, 6.0 / 16, 16},
		{m("checks", "rate"), plan.OutcomeOK, 0.75, 0.75, 8},
		{m("unfinished", "max"), plan.OutcomeOK, 1, 1, 16},
		{m("sent", "count"), plan.OutcomeOK, 1000, 1000, 16},
		{m("received", "rate"), plan.OutcomeOK, 400, 400, 16},
	} {
		got := Measure(c.metric, c.outcome, mixed(), 10*time.Second)
		if !got.Measured || math.Abs(got.Value-c.value) > 0.05 || math.Abs(got.ValueLessLag-c.less) > 0.05 || got.Samples != c.samples {
			t.Errorf("%s of %s: %+v, want %v, %v of %d", c.metric, c.outcome, got, c.value, c.less, c.samples)
		}
	}
}

// TestMeasureNothing: what was not measured is not 0, but throughput is.
func TestMeasureNothing(t *testing.T) {
	for _, c := range []struct {
		name, statistic string
		quantile        float64
		measured        bool
	}{
		{"response_time", "p95", 95, false}, {"tls_time", "mean", 0, false}, {"lag", "max", 0, false},
		{"errors", "rate", 0, false}, {"errors", "count", 0, false}, {"checks", "rate", 0, false}, {"unfinished", "max", 0, false},
		{"nonsense", "max", 0, false},
		{"requests", "count", 0, true}, {"requests", "rate", 0, true}, {"received", "rate", 0, true}, {"sent", "count", 0, true},
	} {
		m := plan.Metric{Name: c.name, Statistic: c.statistic, Quantile: c.quantile}
		got := Measure(m, plan.OutcomeOK, &record.Stats{}, time.Second)
		if got.Measured != c.measured || got.Samples != 0 || got.Value != 0 {
			t.Errorf("%s: %+v, want measured %t", m, got, c.measured)
		}
	}
	rate := plan.Metric{Name: "requests", Statistic: "rate"}
	if got := Measure(rate, plan.OutcomeOK, mixed(), 0); got.Measured {
		t.Errorf("a rate over no time: %+v", got)
	}
	odd := plan.Metric{Name: "response_time", Statistic: "sum"}
	if got := Measure(odd, plan.OutcomeOK, mixed(), 0); got.Measured {
		t.Errorf("an unknown statistic: %+v", got)
	}
}

func TestIsMaximum(t *testing.T) {
	for _, c := range []struct {
		q    float64
		n    int64
		want bool
	}{{99, 50, true}, {99, 99, true}, {99, 100, false}, {99.9, 999, true}, {99.9, 1000, false}, {50, 1, true}, {50, 2, false}, {0, 1, false}, {95, 0, false}} {
		if got := IsMaximum(c.q, c.n); got != c.want {
			t.Errorf("p%v of %d: %t", c.q, c.n, got)
		}
		var h record.Histogram
		for v := range c.n {
			h.Record(v + 1)
		}
		if c.q > 0 && c.n > 0 && (h.Quantile(c.q) == h.Max()) != c.want {
			t.Errorf("p%v of %d: the histogram disagrees", c.q, c.n)
		}
	}
}

func second(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func TestLevels(t *testing.T) {
	s := &record.Series{}
	for i := 1; i <= 10; i++ {
		s.Points = append(s.Points, record.Point{At: second(float64(i)), Users: i * i % 40, InFlight: i, Dropped: 1})
	}
	s.Points[9].At = second(10.02) // the last reading comes a little after the end
	s.Points[9].Users = 0
	for _, c := range []struct {
		name, statistic string
		from, to        float64
		want            float64
		samples         int64
	}{
		{"users", "max", 0, 10, 36, 9},
		{"users", "last", 0, 10, 1, 9},
		{"in_flight", "max", 2, 5, 5, 3},
		{"dropped", "max", 0, 10, 10, 10},
		{"dropped", "last", 2, 5, 3, 3},
		{"dropped", "last", 2.5, 5.5, 4, 4},
		{"users", "max", 11, 12, 0, 0},
	} {
		m := plan.Metric{Name: c.name, Statistic: c.statistic}
		got := LevelsIn(s, []record.Span{{From: second(c.from), To: second(c.to)}}).Measure(m)
		if got.Value != c.want || got.Samples != c.samples || got.Measured != (c.samples > 0) {
			t.Errorf("%s in %v–%v s: %+v, want %v of %d", m, c.from, c.to, got, c.want, c.samples)
		}
	}
}

func TestLevelsMerge(t *testing.T) {
	all := []record.Span{{To: second(9)}}
	a, b := &Levels{}, &Levels{}
	a.Add(0, record.Point{At: second(1), Users: 9, Dropped: 1}, all)
	b.Add(second(1), record.Point{At: second(2), Users: 4, Dropped: 2}, all)
	a.Merge(*b)
	a.Merge(Levels{})
	if a.Users != (Extent{Max: 9, Last: 4}) || a.Dropped != 3 {
		t.Errorf("%+v", a)
	}
}

func TestDropped(t *testing.T) {
	r := &record.Record{
		Scenarios: []record.Scenario{
			{Iterations: record.Iterations{Started: 90, Dropped: 10}, Stages: []record.Stage{{End: second(10), DroppedIterations: 10}}},
			{Iterations: record.Iterations{Started: 95, Dropped: 5}, Stages: []record.Stage{
				{End: second(2), Warmup: true, DroppedIterations: 3}, {Start: second(2), End: second(10), DroppedIterations: 2},
			}},
		},
	}
	only := func(scenario int) func(int, int) bool { return func(s, _ int) bool { return s == scenario } }
	for _, c := range []struct {
		keep          func(int, int) bool
		want, samples int64
	}{{only(0), 10, 100}, {only(1), 2, 100}, {nil, 12, 200}, {only(2), 0, 0}} {
		if got := Dropped(r, c.keep); int64(got.Value) != c.want || got.Samples != c.samples || got.Measured != (c.samples > 0) {
			t.Errorf("%+v, want %d of %d", got, c.want, c.samples)
		}
	}
}

func TestGauge(t *testing.T) {
	g := record.Gauge{Name: "used"}
	for i, v := range []float64{1, 4, 9, 2, 5, math.NaN(), 8} {
		g.Times = append(g.Times, second(float64(i*5)))
		g.Values = append(g.Values, v)
	}
	counter := g
	counter.Counter = true
	whole, two := []record.Span{{To: second(30)}}, []record.Span{{To: second(6)}, {From: second(15), To: second(21)}}
	for _, c := range []struct {
		name      string
		gauge     record.Gauge
		statistic string
		spans     []record.Span
		want      float64
		samples   int64 // 0: not measured
	}{
		{"min", g, "min", whole, 1, 6},
		{"max", g, "max", whole, 9, 6},
		{"mean", g, "mean", whole, 29.0 / 6, 6},
		{"last", g, "last", whole, 8, 6},
		{"increase of a gauge goes both ways", g, "increase", whole, 4, 6},
		{"increase of a counter that was reset", counter, "increase", whole, 13, 6},
		{"rate", counter, "rate", whole, 13.0 / 20, 6},
		{"two spans", g, "max", two, 5, 4},
		{"increase is within spans", counter, "increase", two, 6, 4},
		{"one sample has no increase", counter, "increase", []record.Span{{To: second(4)}}, 0, 0},
		{"none", g, "max", []record.Span{{From: second(50), To: second(60)}}, 0, 0},
		{"unknown", g, "p95", whole, 0, 0},
	} {
		got := Gauge(&c.gauge, c.statistic, c.spans)
		if got.Value != c.want || got.Measured != (c.samples > 0) || got.Measured && got.Samples != c.samples {
			t.Errorf("%s: %+v, want %v of %d", c.name, got, c.want, c.samples)
		}
	}
}

// TestGaugeThinnedOut: a record that kept every second sample still knows the
// extremes of all.
func TestGaugeThinnedOut(t *testing.T) {
	g := record.Gauge{
		Times: []time.Duration{0, second(10)}, Values: []float64{1, 3},
		Min: 0, Max: 9, Sum: 16, Count: 4, Last: 4,
	}
	all := []record.Span{{To: second(15)}}
	for statistic, want := range map[string]float64{"min": 0, "max": 9, "mean": 4, "last": 4, "increase": 2} {
		if got := Gauge(&g, statistic, all); got.Value != want || got.Samples != 4 {
			t.Errorf("%s: %+v, want %v", statistic, got, want)
		}
	}
	if got := Gauge(&g, "max", []record.Span{{To: second(5)}}); got.Value != 1 {
		t.Errorf("of the first half: %+v", got)
	}
}

func TestSourceOf(t *testing.T) {
	for m, want := range map[plan.Metric]Source{
		{Name: "response_time"}:  FromRequests,
		{Name: "unfinished"}:     FromRequests,
		{Name: "users"}:          FromLevels,
		{Name: "in_flight"}:      FromLevels,
		{Name: "dropped"}:        FromSchedule,
		{Probe: new(plan.Probe)}: FromProbe,
	} {
		if got := SourceOf(m); got != want {
			t.Errorf("%s: %d", m.Name, got)
		}
	}
	if EveryRequest(plan.Metric{Name: "tls_time"}) || EveryRequest(plan.Metric{Name: "users"}) || !EveryRequest(plan.Metric{Name: "errors"}) {
		t.Error("EveryRequest")
	}
}
