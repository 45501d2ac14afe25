package judge

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/record"
	"bossplan/plan"
)

// TestSaturatedGenerator holds what a saturated loop makes of bounds that were
// missed and of such that were met.
func TestSaturatedGenerator(t *testing.T) {
	rate := below("rate", plan.Metric{Name: "requests", Statistic: "rate", Unit: plan.UnitRate}, 0, 0)
	atLeast := func(n float64) *plan.Threshold {
		b := *rate
		b.Target = bound(">=", n, plan.UnitRate)
		return &b
	}
	noMore := func(n float64) *plan.Threshold {
		b := *rate
		b.Target = bound("<=", n, plan.UnitRate)
		return &b
	}
	errors := errorRate(0.01, 0.02)
	windowed := p95(500, 1000)
	windowed.Window = 10 * time.Second
	second := time.Second
	for _, c := range []struct {
		name  string
		t     *plan.Threshold
		busy  record.Span
		bend  func(*world)
		want  record.Status
		waits bool
	}{
		{name: "time met", t: p95(500, 1000), busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Pass},
		{name: "time missed", t: p95(50, 60), busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Inconclusive},
		{name: "time missed, for a moment", t: p95(50, 60), busy: record.Span{From: 20 * second, To: 21 * second}, want: record.Fail},
		{name: "time missed, in warm-up", t: p95(50, 60), busy: record.Span{From: 0, To: 9 * second}, want: record.Fail},
		{name: "rate met", t: atLeast(10), busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Pass},
		{name: "rate missed", t: atLeast(1000), busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Inconclusive},
		{name: "rate exceeded", t: noMore(5), busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Warn},
		{name: "rate kept below", t: noMore(1000), busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Inconclusive},
		{name: "errors", t: errors, busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Fail,
			bend: func(w *world) { fill(&w.cell(list).Failed, 50, 1, 0) }},
		{name: "time met by users that wait", t: p95(500, 1000), busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Warn, waits: true},
		{name: "window missed in another time", t: windowed, busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Fail,
			bend: windows(record.Window{Start: 10 * second, Value: 2000})},
		{name: "window missed in that time", t: windowed, busy: record.Span{From: 20 * second, To: 30 * second}, want: record.Inconclusive,
			bend: windows(record.Window{Start: 20 * second, Value: 2000})},
		{name: "window missed in that time, which the end cuts off", t: windowed, busy: record.Span{From: 39600 * time.Millisecond, To: 40 * second}, want: record.Inconclusive,
			bend: func(w *world) {
				w.r.Windows = []record.Windows{{Width: 10 * second, Points: []record.Window{
					{Start: 35 * second, Due: 100, Samples: 100, Request: -1, Value: 2000, ValueLessLag: 2000},
				}}}
			}},
	} {
		w := newWorld(c.t, errorRate(0.9, 0.95))
		w.r.Generator.Exchanges, w.r.Generator.Saturated = 300, []record.Span{c.busy}
		if c.waits {
			w.g.Classes[0].Plan.Wait.Kind = plan.WaitConstant
		}
		if c.bend != nil {
			c.bend(w)
		}
		got := w.judge()
		if got.Status != c.want {
			t.Errorf("%s: %s, want %s: %q", c.name, got.Status, c.want, got.Reasons)
		}
		if found := len(got.Findings) > 0; found != c.waits {
			t.Errorf("%s: findings are %v", c.name, got.Findings)
		}
	}
}

// windows gives the first threshold a window that is bad, and two good ones.
func windows(bad record.Window) func(*world) {
	return func(w *world) {
		points := []record.Window{{Start: 10 * time.Second}, {Start: 20 * time.Second}, {Start: 30 * time.Second}}
		for i := range points {
			points[i].Due, points[i].Samples, points[i].Request = 100, 100, -1
			points[i].Value = 100
			if points[i].Start == bad.Start {
				points[i].Value = bad.Value
			}
			points[i].ValueLessLag = points[i].Value
		}
		w.r.Windows = []record.Windows{{Width: 10 * time.Second, Points: points}}
	}
}

// TestBusyItem reads what the trust block says of the generator's own work.
func TestBusyItem(t *testing.T) {
	w := newWorld(p95(500, 1000))
	g := &w.r.Generator
	g.Loops, g.Exchanges, g.LoopCPU = 2, 1000, 7900*time.Microsecond
	g.Busy, g.BusyMost = 0.43, 0.97
	g.Saturated = []record.Span{{From: 5 * time.Second, To: 11 * time.Second}}
	item := func(name string) record.TrustItem {
		for _, i := range w.judge().Trust {
			if i.Name == name {
				return i
			}
		}
		t.Fatalf("there is no item %q", name)
		return record.TrustItem{}
	}
	if got := plan.UnitTime.Format(*item("generator cost per request").Actual); got != "7.9us" && got != "7.9µs" {
		t.Errorf("a request costs %s", got)
	}
	got := item("busiest loop")
	want := record.TrustItem{
		Name: "busiest loop", Actual: ptr(0.43), Limit: ptr(0.95), Unit: "ratio", OK: true,
		Detail: "at most 97% in a second; saturated from 10s to 11s",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for busy, want := range map[float64]string{0.43: "of the loops' threads", 0.1: "of the loops' threads, which rest and wake up for each"} {
		g.Busy = busy
		if got := item("generator cost per request").Detail; got != want {
			t.Errorf("busy for %v the cost is %q, want %q", busy, got, want)
		}
	}
	g.Saturated[0].To, g.Loops = 40*time.Second, 0
	if got := item("busiest loop"); got.OK || !strings.HasSuffix(got.Detail, "throughput was bounded by the generator") {
		t.Errorf("saturated all the time: %+v", got)
	}
	if got := item("generator cost per request").Detail; got != "of the whole process" {
		t.Errorf("without threads of their own the cost is %q", got)
	}
}
