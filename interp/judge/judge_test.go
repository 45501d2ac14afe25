package judge

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/record"
	"bossplan/plan"
)

// TestVerdict bends a good run in one way at a time.
func TestVerdict(t *testing.T) {
	second := time.Second
	open := func(w *world, started int64, planned float64) {
		sc := &w.r.Scenarios[0]
		sc.Open = true
		sc.Stages[1].PlannedIterations, sc.Stages[1].StartedIterations = planned, started
	}
	for _, c := range []struct {
		name    string
		bend    func(*world)
		want    record.Status
		reasons []string
	}{
		{"good", func(*world) {}, record.Pass, []string{"all 2 thresholds were met"}},
		{"slow", func(w *world) { w.set(list, 100, 1240, 0) }, record.Fail,
			[]string{"threshold.p95: response_time.p95 is 1.24s, critical < 1s"}},
		{"target missed", func(w *world) { w.set(list, 100, 620, 0) }, record.Warn,
			[]string{"threshold.p95: response_time.p95 is 620ms, target < 500ms"}},
		{"unreachable", func(w *world) {
			w.r.Run.State, w.r.Run.StateDetail = record.StateUnreachable, "connection refused by 127.0.0.1:8000"
			w.set(list, 0, 0, 0)
			w.set(create, 0, 0, 0)
			w.set(stats, 0, 0, 0)
		}, record.Fail, []string{"the target was not reachable: connection refused by 127.0.0.1:8000"}},
		{"aborted", func(w *world) {
			w.r.Run.State = record.StateAborted
			w.r.Abort = &record.Abort{Threshold: 1, At: 21 * second, Detail: "errors.rate was 12%"}
		}, record.Fail, []string{"aborted by threshold.errors after 21s: errors.rate was 12%"}},
		{"interrupted", func(w *world) {
			w.r.Run.State, w.r.Run.StateDetail = record.StateInterrupted, "SIGTERM"
			w.r.Run.Ended = w.r.Run.Started.Add(12100 * time.Millisecond)
		}, record.Inconclusive, []string{"interrupted by SIGTERM after 12.1s of 40s"}},
		{"crashed", func(w *world) { w.r.Run.State = record.StateCrashed; w.r.Run.Ended = time.Time{} }, record.Inconclusive,
			[]string{"the run never came to its end: the record is what was flushed after 40s of 40s"}},
		{"no state", func(w *world) { w.r.Run.State = "" }, record.Inconclusive,
			[]string{"the run never came to its end: the record is what was flushed after 40s of 40s"}},
		{"scaled", func(w *world) { w.r.Run.TimeScale = 0.1 }, record.Inconclusive,
			[]string{"the schedule was scaled by 0.1, so this was not the planned load"}},
		{"scaled demo", func(w *world) { w.r.Run.TimeScale, w.r.Run.Demo = 0.1, true }, record.Pass,
			[]string{"all 2 thresholds were met"}},
		{"no requests", func(w *world) { w.set(list, 0, 0, 0); w.set(create, 0, 0, 0); w.set(stats, 0, 0, 0) }, record.Inconclusive,
			[]string{
				"no request was made in the judged time, so nothing was measured",
				"threshold.p95: response_time.p95 has no data: nothing was measured",
				"threshold.errors: errors.rate has no data: nothing was measured",
			}},
		{"users at 95 %", func(w *world) { w.r.Scenarios[0].Stages[1].UserTime = 285 }, record.Pass,
			[]string{"all 2 thresholds were met"}},
		{"users below", func(w *world) { w.r.Scenarios[0].Stages[1].UserTime = 284.99 }, record.Inconclusive,
			[]string{"scenario.main had 94.997% of its planned users, less than 95%"}},
		{"whole users on a ramp", func(w *world) {
			w.g.Scenarios[0].Levels[1].Ramp = 20 * second
			w.r.Scenarios[0].Stages[1].UserTime = 280
		}, record.Pass, []string{"all 2 thresholds were met"}},
		{"users missing in warm-up", func(w *world) { w.r.Scenarios[0].Stages[0].UserTime = 0 }, record.Pass,
			[]string{"all 2 thresholds were met"}},
		{"stage never began", func(w *world) {
			st := &w.r.Scenarios[0].Stages[1]
			st.Start, st.End, st.Ended, st.PlannedUserTime, st.UserTime = 0, 0, false, 0, 0
		}, record.Inconclusive, []string{"stage scenario.main.peak never began"}},
		{"iterations missing", func(w *world) { w.r.Scenarios[0].Iterations.Planned = 400 }, record.Inconclusive,
			[]string{"scenario.main made 300 of its planned 400 iterations before its time was over"}},
		{"rate at 95 %", func(w *world) { open(w, 950, 1000) }, record.Pass, []string{"all 2 thresholds were met"}},
		{"rate below", func(w *world) { open(w, 949, 1000) }, record.Inconclusive,
			[]string{"scenario.main had 94.9% of its planned rate, less than 95%"}},
		{"dropped", func(w *world) { w.r.Scenarios[0].Stages[1].DroppedIterations = 1 }, record.Inconclusive,
			[]string{"1 iteration was dropped: the planned rate was not kept up"}},
		{"dropped in warm-up", func(w *world) { w.r.Scenarios[0].Stages[0].DroppedIterations = 1 }, record.Pass,
			[]string{"all 2 thresholds were met"}},
		{"lag 100 ms", func(w *world) { w.set(list, 100, 200, 100) }, record.Pass, []string{"all 2 thresholds were met"}},
		{"lag", func(w *world) { w.set(list, 100, 200, 150) }, record.Inconclusive,
			[]string{"the generator's own lag p99 is 150ms, more than 100ms: it was the bottleneck"}},
		{"guard", func(w *world) { w.r.Errors = []record.Error{{Kind: "guard", Count: 3}} }, record.Inconclusive,
			[]string{"3 requests were refused by a guard"}},
		{"silence", func(w *world) { w.r.Gaps = []record.Gap{{From: 12 * second, To: 24 * second, Due: 50}} }, record.Warn,
			[]string{"nothing completed for 12s, from 12s to 24s"}},
		{"all at once", func(w *world) {
			w.set(list, 100, 1240, 0)
			w.r.Scenarios[0].Stages[1].UserTime = 100
			w.r.Gaps = []record.Gap{{From: 12 * second, To: 24 * second, Due: 50}}
		}, record.Fail, []string{
			"threshold.p95: response_time.p95 is 1.24s, critical < 1s",
			"scenario.main had 33.3% of its planned users, less than 95%",
			"nothing completed for 12s, from 12s to 24s",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(p95(500, 1000), errorRate(0.01, 0.05))
			c.bend(w)
			got := w.judge()
			if got.Status != c.want {
				t.Errorf("%s, want %s", got.Status, c.want)
			}
			reasons := got.Reasons
			if c.name == "stage never began" {
				reasons = reasons[:1] // that nothing was planned, and so on, follows
			}
			if diff := cmp.Diff(c.reasons, reasons); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// dropAt is a series of 40 s in which one iteration was dropped.
func dropAt(at time.Duration) []record.Point {
	var points []record.Point
	for s := time.Second; s <= 40*time.Second; s += time.Second {
		p := record.Point{At: s, Users: int(s / time.Second), InFlight: 3}
		if s == at {
			p.Dropped = 1
		}
		points = append(points, p)
	}
	return points
}

func TestNoThresholdIsNoPass(t *testing.T) {
	got := newWorld().judge()
	if got.Status != record.Warn || got.Reasons[0] != "no threshold was declared, so nothing was asserted" {
		t.Errorf("%s %q", got.Status, got.Reasons)
	}
}

func TestOneThreshold(t *testing.T) {
	if got := newWorld(p95(500, 0)).judge(); got.Status != record.Pass || got.Reasons[0] != "the one threshold was met" {
		t.Errorf("%s %q", got.Status, got.Reasons)
	}
}

// TestErrorsNobodyJudges: a threshold judges the errors in its scope only.
func TestErrorsNobodyJudges(t *testing.T) {
	ofAdmin := func(w *world) { w.g.Plan.Thresholds[1].Of.Class = w.g.Classes[1].Plan }
	for _, c := range []struct {
		name       string
		thresholds []*plan.Threshold
		bend       func(*world)
		want       record.Status
	}{
		{"judged", []*plan.Threshold{p95(500, 0), errorRate(0.5, 0)}, func(*world) {}, record.Pass},
		{"not judged", []*plan.Threshold{p95(500, 0)}, func(*world) {}, record.Warn},
		{"judged elsewhere", []*plan.Threshold{p95(500, 0), errorRate(0.5, 0)}, ofAdmin, record.Warn},
	} {
		w := newWorld(c.thresholds...)
		fill(&w.cell(list).Failed, 3, 1, 0)
		fill(&w.r.Cells[0].Failed, 5, 1, 0) // warm-up
		c.bend(w)
		got := w.judge()
		if got.Status != c.want {
			t.Errorf("%s: %s %q, want %s", c.name, got.Status, got.Reasons, c.want)
		}
		if c.want == record.Warn && got.Reasons[0] != "3 requests of 303 failed and no threshold judges their errors" {
			t.Errorf("%s: %q", c.name, got.Reasons)
		}
	}
}

// TestSilence holds each of the three conditions at its limit.
func TestSilence(t *testing.T) {
	second := time.Second
	for _, c := range []struct {
		name   string
		gap    record.Gap
		median int64
		want   bool
	}{
		{"5 s", record.Gap{From: 20 * second, To: 25 * second, Due: 10}, 100, true},
		{"shorter", record.Gap{From: 20 * second, To: 25*second - 1, Due: 100}, 100, false},
		{"ten medians", record.Gap{From: 20 * second, To: 30 * second, Due: 100}, 999, true},
		{"slow server", record.Gap{From: 20 * second, To: 30 * second, Due: 100}, 1100, false},
		{"little due", record.Gap{From: 20 * second, To: 25 * second, Due: 9.9}, 100, false},
		{"in warm-up", record.Gap{From: 2 * second, To: 9 * second, Due: 100}, 100, false},
		{"cut to 5 s", record.Gap{From: 5 * second, To: 15 * second, Due: 20}, 100, true},
		{"cut to less", record.Gap{From: 4 * second, To: 14 * second, Due: 100}, 100, false},
		{"too little of it judged", record.Gap{From: 0, To: 16 * second, Due: 20}, 100, false},
	} {
		w := newWorld(p95(60000, 0))
		for q := range 3 {
			w.set(q, 100, c.median, 0)
		}
		w.r.Gaps = []record.Gap{c.gap}
		got := w.judge()
		if found := len(got.Findings) == 1 && got.Findings[0].ID == "silence"; found != c.want {
			t.Errorf("%s: findings %+v", c.name, got.Findings)
		}
	}
}

func TestFirstBroken(t *testing.T) {
	for _, c := range []struct {
		ms, lag int64
		want    bool
	}{{100, 0, false}, {600, 0, true}, {2000, 0, true}, {600, 300, true}, {0, 0, false}} {
		w := newWorld(p95(500, 1000))
		for q := range 3 {
			w.set(q, 100, c.ms, c.lag)
			if c.ms == 0 {
				w.set(q, 0, 0, 0)
			}
		}
		w.r.Broken = []record.FirstBroken{{Threshold: 0, At: 17 * time.Second}}
		got := w.judge().Thresholds[0]
		if (got.FirstBroken != nil) != c.want || c.want && *got.FirstBroken != 17*time.Second {
			t.Errorf("%d ms with %d ms lag, %s: first broken %v", c.ms, c.lag, got.Status, got.FirstBroken)
		}
	}
}

func TestLevelsAndProbes(t *testing.T) {
	pool := &plan.Probe{Name: "pool", Interval: 5 * time.Second}
	gauge := func(statistic string) plan.Metric {
		return plan.Metric{Probe: pool, Gauge: "used", Statistic: statistic}
	}
	named := func(name, statistic string) plan.Metric { return plan.Metric{Name: name, Statistic: statistic} }
	for _, c := range []struct {
		metric  plan.Metric
		window  time.Duration
		actual  float64 // -1: none
		samples int64
		detail  string
	}{
		{named("users", "max"), 0, 40, 30, ""},
		{named("in_flight", "last"), 0, 3, 30, ""},
		{named("users", "max"), 10 * time.Second, 40, 10, "worst of 3 windows: from 30s to 40s"},
		{named("dropped", "max"), 0, 1, 301, ""},
		{named("unfinished", "max"), 0, 0, 300, ""},
		{gauge("max"), 0, 40, 7, "1 of 10 readings failed, at last with: refused"},
		{gauge("min"), 0, 10, 7, "1 of 10 readings failed, at last with: refused"},
		{gauge("max"), 10 * time.Second, 40, 3, "worst of 3 windows: from 30s to 40s; 1 of 10 readings failed, at last with: refused"},
		{plan.Metric{Probe: pool, Gauge: "other", Statistic: "max"}, 0, -1, 0, "nothing was measured; 1 of 10 readings failed, at last with: refused"},
		{plan.Metric{Probe: &plan.Probe{Name: "x"}, Statistic: "max"}, 0, -1, 0, "nothing was measured"},
	} {
		th := below("t", c.metric, 1e9, 0)
		th.Window = c.window
		w := newWorld(th)
		w.r.Series.Points = dropAt(15 * time.Second)
		w.r.Scenarios[0].Iterations.Dropped = 1
		w.r.Scenarios[0].Stages[1].DroppedIterations = 1
		g := record.Gauge{Name: "used"}
		for s := 0; s <= 40; s += 5 {
			g.Times = append(g.Times, time.Duration(s)*time.Second)
			g.Values = append(g.Values, float64(s))
		}
		w.r.Probes = []record.Probe{{Address: "probe.pool", Samples: 9, Failures: 1, LastError: "refused", Gauges: []record.Gauge{g}}}
		got := w.judge().Thresholds[0]
		if (got.Actual == nil) != (c.actual < 0) || got.Actual != nil && *got.Actual != c.actual || got.Samples != c.samples || got.Detail != c.detail {
			t.Errorf("%s: %v of %d samples %q, want %v of %d %q", c.metric, got.Actual, got.Samples, got.Detail, c.actual, c.samples, c.detail)
		}
	}
}

// TestJudgeIsPure: judging twice gives the same and leaves the record alone.
func TestJudgeIsPure(t *testing.T) {
	make := func() *world {
		each := p95(50, 90)
		each.PerRequest = true
		any := p95(50, 0)
		any.Outcome = plan.OutcomeAny
		w := newWorld(p95(500, 1000), errorRate(0.01, 0.05), each, any)
		fill(&w.cell(list).Late, 2, 3000, 5)
		fill(&w.cell(create).Failed, 2, 3, 0)
		w.r.Gaps = []record.Gap{{From: 0, To: 30 * time.Second, Due: 100}}
		w.r.Series.Points = dropAt(15 * time.Second)
		return w
	}
	w := make()
	first := w.judge()
	if diff := cmp.Diff(first, w.judge()); diff != "" {
		t.Error(diff)
	}
	if !reflect.DeepEqual(w.r, make().r) {
		t.Error("judging changed the record")
	}
}

// TestJudgeByName judges a record by a plan whose requests are numbered in
// another way.
func TestJudgeByName(t *testing.T) {
	w := newWorld(p95(500, 1000))
	w.set(stats, 10, 2000, 0)
	th := w.g.Plan.Thresholds[0]
	th.Of.Request = w.g.Requests[stats].Plan
	w.g.Requests[list], w.g.Requests[stats] = w.g.Requests[stats], w.g.Requests[list]
	w.g.Requests[list].Index, w.g.Requests[stats].Index = list, stats
	w.r.Requests = append(w.r.Requests, record.Request{Address: "user_class.gone.request.x"})
	w.r.Cells = append(w.r.Cells, &record.Cell{Stage: 1, Request: 3})
	met(w.r.Cells[len(w.r.Cells)-1], 5, 1, 0)
	if got := w.judge().Thresholds[0]; got.Samples != 10 || got.Status != record.Fail {
		t.Errorf("%+v", got)
	}
}

func TestTrust(t *testing.T) {
	w := newWorld(p95(500, 1000))
	w.set(list, 100, 200, 20)
	w.r.Generator.CPU = 70 * time.Second
	w.r.Generator.Held, w.r.Generator.HeldTime = 4, 2*time.Second
	w.r.Generator.Interpreted = []string{"a.hcl:3"}
	got := w.judge()
	if got.Status != record.Pass {
		t.Errorf("lag p99 of 20 ms changed the verdict: %s %q", got.Status, got.Reasons)
	}
	type row struct {
		Name   string
		OK     bool
		Detail string
	}
	var rows []row
	for _, i := range got.Trust {
		rows = append(rows, row{i.Name, i.OK, i.Detail})
	}
	want := []row{
		{"generator lag p50", true, ""},
		{"generator lag p99", false, "the generator was late; p99 above 100ms makes the run inconclusive"},
		{"generator cost per request", true, "not known"},
		{"busiest loop", true, "not known"},
		{"generator CPU", false, "87.5% of 2 cores"},
		{"generator memory", true, ""},
		{"scenario.main users of plan", true, ""},
		{"iterations dropped", true, ""},
		{"requests unfinished", true, ""},
		{"silences", true, ""},
		{"requests held by max_rate", true, "2s in all"},
		{"errors not grouped", true, ""},
		{"interpreted expressions", true, "a.hcl:3"},
		{"seed", true, "7"},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}
