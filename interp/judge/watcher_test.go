package judge

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/record"
	"bossplan/plan"
)

// A tape plays seconds to a watcher, as the engine does.
type tape struct {
	*world
	w   *Watcher
	now time.Duration
}

func newTape(thresholds ...*plan.Threshold) *tape {
	w := newWorld(thresholds...)
	for i := range w.r.Scenarios[0].Stages {
		w.r.Scenarios[0].Stages[i].End, w.r.Scenarios[0].Stages[i].Start = 0, 0
	}
	return &tape{world: w, w: NewWatcher(w.g, nil)}
}

// second plays one; do fills the cell of request list.
func (tp *tape) second(point record.Point, do func(*record.Cell)) *record.Abort {
	start := tp.now
	tp.now += time.Second
	st, stage := tp.r.Scenarios[0].Stages, 0
	st[0].End = min(tp.now, 10*time.Second)
	if tp.now > 10*time.Second {
		stage = 1
		st[1].Start, st[1].End = 10*time.Second, tp.now
	}
	cell := &record.Cell{Stage: stage, Request: list, Warmup: stage == 0}
	if do != nil {
		do(cell)
	}
	point.At = tp.now
	s := &record.Second{Start: start, End: tp.now, Point: point}
	if cell.Total() > 0 {
		s.Cells = append(s.Cells, cell)
	}
	return tp.w.Second(tp.r, s)
}

// play repeats a second n times, or until the run is aborted.
func (tp *tape) play(n int, do func(*record.Cell)) *record.Abort {
	for range n {
		if a := tp.second(record.Point{}, do); a != nil {
			return a
		}
	}
	return nil
}

func takes(ms int64) func(*record.Cell) { return func(c *record.Cell) { met(c, 10, ms, 0) } }
func fails(c *record.Cell)              { fill(&c.Failed, 10, 1, 0) }
func aborting(t *plan.Threshold) *plan.Threshold {
	t.Abort = &plan.Abort{For: 5 * time.Second, Window: 3 * time.Second}
	return t
}

func TestAbort(t *testing.T) {
	for _, c := range []struct {
		name      string
		threshold *plan.Threshold
		play      func(*tape) *record.Abort
		at        time.Duration // 0: never
		detail    string
	}{
		{"good", p95(500, 1000), func(tp *tape) *record.Abort { return tp.play(30, takes(100)) }, 0, ""},
		{"warm-up does not count", p95(500, 1000), func(tp *tape) *record.Abort {
			tp.play(10, takes(9000))
			return tp.play(20, takes(100))
		}, 0, ""},
		{"broken for long", p95(500, 1000), func(tp *tape) *record.Abort {
			tp.play(12, takes(100))
			return tp.play(20, takes(2000)) // broken at 13 s
		}, 18 * time.Second, "response_time.p95 was 2s over the last 3s, critical < 1s, broken without a break for 5s"},
		{"target only is not broken", p95(500, 1000), func(tp *tape) *record.Abort { return tp.play(40, takes(700)) }, 0, ""},
		{"target where there is no critical", p95(500, 0), func(tp *tape) *record.Abort { return tp.play(40, takes(700)) },
			16 * time.Second, "response_time.p95 was 700ms over the last 3s, target < 500ms, broken without a break for 5s"},
		{"healed in between", p95(500, 1000), func(tp *tape) *record.Abort {
			tp.play(12, takes(100))
			tp.play(3, takes(2000))
			if a := tp.play(4, takes(100)); a != nil { // the window is well again at 18 s
				return a
			}
			return tp.play(5, takes(2000))
		}, 0, ""},
		{"a late generator is not the server", p95(500, 1000), func(tp *tape) *record.Abort {
			return tp.play(40, func(c *record.Cell) { met(c, 10, 2000, 1500) })
		}, 0, ""},
		{"nor is a saturated one", p95(500, 1000), func(tp *tape) *record.Abort {
			tp.r.Generator.Saturated = []record.Span{{From: 10 * time.Second, To: 50 * time.Second}}
			return tp.play(40, takes(2000))
		}, 0, ""},
		{"once the generator rests it is the server", p95(500, 1000), func(tp *tape) *record.Abort {
			tp.r.Generator.Saturated = []record.Span{{From: 10 * time.Second, To: 20 * time.Second}}
			return tp.play(40, takes(2000)) // the window is clear of it at 23 s
		}, 28 * time.Second, "response_time.p95 was 2s over the last 3s, critical < 1s, broken without a break for 5s"},
		{"silence does not heal", errorRate(0.01, 0.05), func(tp *tape) *record.Abort {
			tp.play(12, takes(100))
			tp.second(record.Point{}, fails)
			return tp.play(20, nil)
		}, 18 * time.Second, "errors.rate had no new value over the last 3s, critical < 5%, broken without a break for 5s"},
		{"silence does not break", errorRate(0.01, 0.05), func(tp *tape) *record.Abort {
			tp.play(12, takes(100))
			return tp.play(30, nil)
		}, 0, ""},
		{"silence is no throughput", &plan.Threshold{
			Name: "rate", Metric: plan.Metric{Name: "requests", Statistic: "rate", Unit: plan.UnitRate}, Target: bound(">=", 5, plan.UnitRate),
		}, func(tp *tape) *record.Abort {
			tp.play(12, takes(100))
			return tp.play(20, nil) // 10 in the last 3 s at 14 s
		}, 19 * time.Second, "requests.rate was 0/s over the last 3s, target >= 5/s, broken without a break for 5s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := c.play(newTape(errorRate(2, 3), aborting(c.threshold)))
			if c.at == 0 {
				if a != nil {
					t.Errorf("aborted: %+v", *a)
				}
				return
			}
			if a == nil {
				t.Fatal("not aborted")
			}
			if diff := cmp.Diff(record.Abort{Threshold: 1, At: c.at, Detail: c.detail}, *a); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAbortPerRequest(t *testing.T) {
	th := aborting(errorRate(0.01, 0.05))
	th.PerRequest = true
	tp := newTape(th)
	tp.play(12, takes(100))
	if a := tp.play(20, fails); a == nil || a.At != 18*time.Second {
		t.Errorf("%+v", a)
	}
}

func TestAbortOnLevelsAndProbes(t *testing.T) {
	dropped := aborting(below("dropped", plan.Metric{Name: "dropped", Statistic: "max", Unit: plan.UnitCount}, 1, 0))
	tp := newTape(dropped)
	var a *record.Abort
	for a == nil && tp.now < 30*time.Second {
		a = tp.second(record.Point{Dropped: 1}, nil) // from 11 s on
	}
	if a == nil || a.At != 16*time.Second {
		t.Errorf("dropped: %+v", a)
	}

	pool := &plan.Probe{Name: "pool", Interval: time.Second}
	tp = newTape(aborting(below("pool", plan.Metric{Probe: pool, Gauge: "used", Statistic: "max"}, 10, 0)))
	tp.r.Probes = []record.Probe{{Address: "probe.pool", Gauges: []record.Gauge{{
		Name: "used", Times: []time.Duration{5 * time.Second, 14500 * time.Millisecond}, Values: []float64{99, 12},
	}}}}
	a = tp.play(14, nil)
	if a != nil {
		t.Fatalf("probe: %+v before its time", a)
	}
	if a = tp.play(20, nil); a == nil || a.At != 20*time.Second {
		t.Errorf("probe: %+v", a)
	}
}

func TestAbortWithALongWindow(t *testing.T) {
	th := p95(500, 1000)
	th.Abort = &plan.Abort{For: time.Second, Window: 5 * time.Minute}
	tp := newTape(th)
	tp.play(700, takes(100))
	if n := len(tp.w.rules[0].slots); n > maxSlots+1 {
		t.Errorf("%d slots", n)
	}
	if a := tp.play(60, takes(2000)); a == nil {
		t.Error("not aborted though 5 % of the last 5 minutes are slow after 15 s")
	} else if a.At < 712*time.Second || a.At > 725*time.Second {
		t.Errorf("aborted at %s", a.At)
	}
}

func TestWatcherStatesAndBroken(t *testing.T) {
	users := below("users", plan.Metric{Name: "users", Statistic: "max", Unit: plan.UnitCount}, 100, 0)
	tp := newTape(p95(500, 1000), errorRate(0.01, 0.6), users)
	states := func(want ...record.Status) {
		t.Helper()
		if diff := cmp.Diff(want, tp.w.States()); diff != "" {
			t.Errorf("at %s: %s", tp.now, diff)
		}
	}
	states(record.NoData, record.NoData, record.NoData)
	tp.play(10, takes(5000))
	states(record.NoData, record.NoData, record.NoData)
	tp.play(1, takes(2000))
	states(record.Fail, record.Pass, record.Pass)
	tp.play(1, fails)
	states(record.Fail, record.Warn, record.Pass)
	want := []record.FirstBroken{{Threshold: 0, At: 11 * time.Second}, {Threshold: 1, At: 12 * time.Second}}
	if diff := cmp.Diff(want, tp.w.Broken()); diff != "" {
		t.Error(diff)
	}
	tp.play(20, takes(100)) // 10 slow ones of 210: p95 is well again, 1 % of errors is not
	states(record.Pass, record.Warn, record.Pass)
	if diff := cmp.Diff(want[1:], tp.w.Broken()); diff != "" {
		t.Error(diff)
	}
}

// TestWatcherReadsWindowsOnce: a watcher that reads only the windows that are new
// says the same as one that reads them all.
func TestWatcherReadsWindowsOnce(t *testing.T) {
	th := p95(500, 1000)
	th.Window = 10 * time.Second
	tp := newTape(th)
	tp.r.Windows = []record.Windows{{Threshold: 0, Width: th.Window}}
	points := &tp.r.Windows[0].Points
	for i, ms := range []float64{100, 700, 100, 2000, 100} {
		samples := int64(10)
		if ms == 100 {
			samples = 0 // passed over
		}
		*points = append(*points, record.Window{
			Start: time.Duration(i) * th.Window, Due: samples, Samples: samples, Value: ms, ValueLessLag: ms, Request: -1,
		})
		tp.second(record.Point{}, nil)
		want := tp.w.v.readWindows(0, &windowFold{t: th})
		if got := tp.w.v.readWindows(0, &tp.w.folds[0]); got.status != want.status || got.detail() != want.detail() {
			t.Errorf("after %d windows %s, %q; want %s, %q", i+1, got.status, got.detail(), want.status, want.detail())
		}
		if tp.w.folds[0].read != i+1 {
			t.Errorf("%d windows were read, there are %d", tp.w.folds[0].read, i+1)
		}
	}
	if diff := cmp.Diff([]record.Status{record.Fail}, tp.w.States()); diff != "" {
		t.Error(diff)
	}
}
