package judge

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/metric"
	"bossplan/interp/record"
	"bossplan/plan"
)

func bound(op string, v float64, u plan.Unit) plan.Bound {
	return plan.Bound{Op: op, Value: v, Text: op + " " + u.Format(v)}
}

// TestHold goes through all states of one value, both bounds included.
func TestHold(t *testing.T) {
	for _, c := range []struct {
		value, less float64
		critical    float64 // of target 500; 0: none
		want        record.Status
		clause      string
	}{
		{499, 499, 1000, record.Pass, "threshold.p95: response_time.p95 is 499ms"},
		{500, 500, 1000, record.Warn, "threshold.p95: response_time.p95 is 500ms, target < 500ms"},
		{999.9996, 999.9996, 1000, record.Warn, "threshold.p95: response_time.p95 is 999.9996ms, target < 500ms"},
		{1000, 1000, 1000, record.Fail, "threshold.p95: response_time.p95 is 1s, critical < 1s"},
		{1243, 1243, 1000, record.Fail, "threshold.p95: response_time.p95 is 1.24s, critical < 1s"},
		{9999, 9999, 0, record.Warn, "threshold.p95: response_time.p95 is 10s, target < 500ms"},
		// Judged twice: a pass counts the lag in, a miss must hold without it.
		{499, 100, 1000, record.Pass, ""},
		{600, 499, 1000, record.Inconclusive, "threshold.p95: response_time.p95 is 600ms, target < 500ms: the generator was late: 499ms with its own lag taken off"},
		{600, 500, 1000, record.Warn, ""},
		{1200, 600, 1000, record.Inconclusive, "threshold.p95: response_time.p95 is 1.2s, critical < 1s: the generator was late: 600ms with its own lag taken off"},
		{1200, 400, 1000, record.Inconclusive, ""},
		{1200, 1000, 1000, record.Fail, ""},
		{600, 400, 0, record.Inconclusive, ""},
	} {
		th := p95(500, c.critical)
		rd := hold(th, metric.Sample{Value: c.value, ValueLessLag: c.less, Samples: 1000, Measured: true}, 1)
		if rd.status != c.want {
			t.Errorf("%v, %v without lag, critical %v: %s, want %s", c.value, c.less, c.critical, rd.status, c.want)
		}
		if c.clause != "" {
			if diff := cmp.Diff(c.clause, clause(th, rd)); diff != "" {
				t.Errorf("%v: %s", c.value, diff)
			}
		}
	}
}

// TestHoldLagOnlyForUpperResponseTimes: throughput, errors and lower bounds are
// judged once.
func TestHoldLagOnlyForUpperResponseTimes(t *testing.T) {
	s := metric.Sample{Value: 600, ValueLessLag: 100, Samples: 1000, Measured: true}
	service := p95(500, 0)
	service.Metric.Name = "service_time"
	lower := p95(500, 0)
	lower.Target = bound(">", 700, plan.UnitTime)
	for _, th := range []*plan.Threshold{service, lower} {
		if rd := hold(th, s, 1); rd.status != record.Warn {
			t.Errorf("%s %s: %s, want WARN", th.Metric, th.Target.Text, rd.status)
		}
	}
}

func TestHoldSamples(t *testing.T) {
	for _, c := range []struct {
		samples, need int64
		want          record.Status
		detail        string
	}{
		{0, 1, record.NoData, "nothing was measured"},
		{0, 0, record.NoData, "nothing was measured"},
		{99, 100, record.NoData, "only 99 samples, 100 needed"},
		{100, 100, record.Pass, ""},
		{19, 1, record.Pass, "p95 of 19 samples is their maximum"},
		{1, 1, record.Pass, "p95 of 1 sample is that sample"},
		{20, 1, record.Pass, ""},
	} {
		rd := hold(p95(500, 0), metric.Sample{Value: 1, ValueLessLag: 1, Samples: c.samples, Measured: c.samples > 0}, c.need)
		if rd.status != c.want || rd.detail() != c.detail {
			t.Errorf("%d of %d: %s %q, want %s %q", c.samples, c.need, rd.status, rd.detail(), c.want, c.detail)
		}
	}
}

func TestClauseUsesTheBoundsTimeBase(t *testing.T) {
	th := &plan.Threshold{
		Name: "throughput", Metric: plan.Metric{Name: "requests", Statistic: "rate", Unit: plan.UnitRate},
		Target: plan.Bound{Op: ">=", Value: 1000.0 / 60, Text: ">= 1000/min"},
	}
	rd := hold(th, metric.Sample{Value: 999.99 / 60, Samples: 10, Measured: true}, 1)
	want := "threshold.throughput: requests.rate is 999.99/min, target >= 1000/min"
	if got := clause(th, rd); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestPerRequest(t *testing.T) {
	const create_ = "user_class.member.request.create"
	for _, c := range []struct {
		name   string
		bend   func(*world)
		want   record.Status
		detail string
	}{
		{"all well", func(*world) {}, record.Pass, "decided by user_class.member.request.list"},
		{"one slow", func(w *world) { w.set(create, 50, 600, 0) }, record.Warn, "decided by " + create_},
		{"one of few is worst", func(w *world) { w.set(create, 5, 2000, 0) }, record.Fail,
			"decided by " + create_ + "; p95 of 5 samples is their maximum"},
		{"one that never came", func(w *world) { w.set(create, 0, 0, 0) }, record.NoData,
			"nothing was measured; decided by " + create_},
		{"one that only failed", func(w *world) { fill(&w.set(create, 0, 0, 0).Failed, 5, 1, 0) }, record.NoData,
			"nothing was measured; decided by " + create_},
		{"one never came, another failed", func(w *world) { w.set(create, 0, 0, 0); w.set(list, 100, 3000, 0) }, record.Fail,
			"decided by user_class.member.request.list"},
		{"weight 0 never comes", func(w *world) { w.set(create, 0, 0, 0); w.g.Requests[create].Plan.Flow.Weight = 0 }, record.Pass,
			"decided by user_class.member.request.list"},
		{"a class without a user", func(w *world) { w.set(stats, 0, 0, 0) }, record.Pass,
			"decided by user_class.member.request.list; user_class.admin sent nothing, so its requests are not judged"},
		{"nothing at all", func(w *world) { w.set(list, 0, 0, 0); w.set(create, 0, 0, 0); w.set(stats, 0, 0, 0) }, record.NoData,
			"nothing was measured"},
	} {
		t.Run(c.name, func(t *testing.T) {
			th := p95(500, 1000)
			th.PerRequest = true
			w := newWorld(th, errorRate(1, 0))
			c.bend(w)
			got := w.judge().Thresholds[0]
			if got.Status != c.want || got.Detail != c.detail {
				t.Errorf("%s %q, want %s %q", got.Status, got.Detail, c.want, c.detail)
			}
		})
	}
}

func TestScopes(t *testing.T) {
	base := newWorld()
	main := base.g.Plan.Scenarios[0]
	for _, c := range []struct {
		name    string
		of      plan.Scope
		stages  []*plan.Stage
		samples int64
		text    string
	}{
		{"all", plan.Scope{}, nil, 300, "all"},
		{"scenario", plan.Scope{Scenario: main}, nil, 300, "scenario.main"},
		{"other scenario", plan.Scope{Scenario: &plan.Scenario{Name: "x"}}, nil, 0, "scenario.x"},
		{"class", plan.Scope{Class: main.UserClasses[0]}, nil, 200, "user_class.member"},
		{"request", plan.Scope{Request: main.UserClasses[1].Requests[0]}, nil, 100, "user_class.admin.request.stats"},
		{"stage", plan.Scope{}, main.Stages[1:], 300, "all in scenario.main.peak"},
		{"other stage", plan.Scope{}, []*plan.Stage{{Scenario: &plan.Scenario{Name: "x"}, Name: "peak"}}, 0, "all in scenario.x.peak"},
	} {
		th := p95(500, 0)
		th.Of, th.Stages = c.of, c.stages
		base.g.Plan.Thresholds = []*plan.Threshold{th}
		met(base.r.Cells[0], 1, 9999, 0) // warm-up is never looked at
		got := base.judge().Thresholds[0]
		if got.Samples != c.samples || got.Scope != c.text {
			t.Errorf("%s: %d samples of %q, want %d of %q", c.name, got.Samples, got.Scope, c.samples, c.text)
		}
	}
}

func TestRateIsOverJudgedTime(t *testing.T) {
	th := &plan.Threshold{
		Name: "rate", Metric: plan.Metric{Name: "requests", Statistic: "rate", Unit: plan.UnitRate}, Target: bound(">=", 10, plan.UnitRate),
	}
	if got := newWorld(th).judge().Thresholds[0]; got.Status != record.Pass || *got.Actual != 10 || got.ActualWithoutLag != nil {
		t.Errorf("300 requests in 30 s: %+v", got)
	}
}

func TestWindows(t *testing.T) {
	window := func(start int, due, samples int64, value float64) record.Window {
		return record.Window{
			Start: time.Duration(start) * time.Second, Due: due, Samples: samples, Value: value, ValueLessLag: value, Request: -1,
		}
	}
	for _, c := range []struct {
		name   string
		points []record.Window
		min    int64
		want   record.Status
		detail string
	}{
		{"all met", []record.Window{window(10, 50, 50, 100), window(20, 50, 50, 200)}, 1, record.Pass, "worst of 2 windows: from 20s to 30s"},
		{"one missed", []record.Window{window(10, 50, 50, 1500), window(20, 50, 50, 200)}, 1, record.Fail, "worst of 2 windows: from 10s to 20s"},
		{"due and no sample", []record.Window{window(10, 50, 50, 100), window(20, 3, 0, 0)}, 1, record.NoData,
			"nothing was measured; worst of 2 windows: from 20s to 30s"},
		{"nothing due", []record.Window{window(10, 50, 50, 100), window(20, 0, 0, 0)}, 1, record.Pass,
			"worst of 1 window: from 10s to 20s (1 more had nothing to measure)"},
		{"a failure is not hidden", []record.Window{window(10, 50, 50, 1500), window(20, 3, 0, 0)}, 1, record.Fail,
			"worst of 2 windows: from 10s to 20s"},
		{"too few together", []record.Window{window(10, 50, 50, 100), window(20, 49, 49, 100)}, 100, record.NoData, "only 99 samples, 100 needed"},
		{"enough together", []record.Window{window(10, 50, 50, 100), window(20, 50, 50, 100)}, 100, record.Pass, "worst of 2 windows: from 10s to 20s"},
		{"none", nil, 1, record.NoData, "nothing was measured"},
	} {
		t.Run(c.name, func(t *testing.T) {
			th := p95(500, 1000)
			th.Window, th.MinSamples = 10*time.Second, c.min
			w := newWorld(errorRate(1, 0), th)
			w.r.Windows = []record.Windows{{Threshold: 1, Width: th.Window, Points: c.points}}
			got := w.judge().Thresholds[1]
			if got.Status != c.want || got.Detail != c.detail {
				t.Errorf("%s %q, want %s %q", got.Status, got.Detail, c.want, c.detail)
			}
		})
	}
	connect := p95(500, 1000)
	connect.Metric.Name, connect.Window = "connect_time", 10*time.Second
	w := newWorld(connect)
	w.r.Windows = []record.Windows{{Width: connect.Window, Points: []record.Window{window(10, 50, 50, 1), window(20, 50, 0, 0)}}}
	if got := w.judge().Thresholds[0]; got.Status != record.Pass {
		t.Errorf("a window without a new connection: %+v", got)
	}
	th := p95(500, 1000)
	th.Window = time.Second
	if got := newWorld(th).judge().Thresholds[0]; got.Status != record.NoData || !strings.Contains(got.Detail, "no windows") {
		t.Errorf("a record without windows: %+v", got)
	}
}

func TestWindowsPerRequest(t *testing.T) {
	th := p95(500, 1000)
	th.Window, th.PerRequest = 30*time.Second, true
	w := newWorld(th, errorRate(1, 0))
	w.r.Windows = []record.Windows{{Width: th.Window, Points: []record.Window{
		{Start: 10 * time.Second, Due: 5, Samples: 50, Value: 600, ValueLessLag: 600, Request: create},
	}}}
	th.MinSamples = 60 // of each request in all, not of the one that decided
	got := w.judge()
	if want := "worst of 1 window: from 10s to 40s; decided by user_class.member.request.create"; got.Thresholds[0].Detail != want {
		t.Errorf("detail %q, want %q", got.Thresholds[0].Detail, want)
	}
	w.set(list, 0, 0, 0) // in no window, and nobody would miss it
	if got := w.judge().Thresholds[0]; got.Status != record.NoData {
		t.Errorf("a request that never came: %s %q", got.Status, got.Detail)
	}
}
