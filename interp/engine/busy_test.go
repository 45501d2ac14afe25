package engine

import (
	"context"
	"math"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/record"
	"bossplan/interp/wire"
)

// A slowTransport works hard for every answer, on the goroutine that asks for it.
type slowTransport struct {
	*nullTransport
	work time.Duration
}

func (s slowTransport) Wait(done []*wire.Exchange, until time.Duration) []*wire.Exchange {
	for range s.done {
		for begun := time.Now(); time.Since(begun) < s.work; {
		}
	}
	return s.nullTransport.Wait(done, until)
}

// TestSaturatedLoopIsNoticed: users who do not wait keep a slow loop busy all the
// time, and the second that it happens in says so.
func TestSaturatedLoopIsNoticed(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/thread-self/schedstat"); err != nil {
		t.Skip("how long a thread was ready to run is not known here")
	}
	g := compile(t, `
user_class "u" {
  host = host.api
  request "a" { path = "/a" }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 4
    duration = "2100ms"
  }
}`)
	r := &record.Record{}
	Prepare(g, r)
	var shown []float64
	err := runLoops(context.Background(), g, r, Options{
		Hosts: []*wire.Host{{URL: g.Hosts[0].Plan.BaseURL}}, Epoch: time.Now(), Tied: true,
		Transport: func(epoch time.Time) (Transport, error) {
			null, err := newNullTransport(epoch)
			return slowTransport{null.(*nullTransport), 2 * time.Millisecond}, err
		},
		Second: func(_ *record.Record, s *record.Second) *record.Abort {
			shown = append(shown, s.Point.Busy)
			return nil
		},
	}, 1)
	if err != nil {
		t.Fatal(err)
	}
	// On a crowded machine a second may be less than full.
	if !slices.ContainsFunc(shown, func(share float64) bool { return share > record.SaturatedAt }) {
		t.Errorf("a loop that never waits is shown as busy for %v of its first seconds", shown)
	}
	gen := r.Generator
	if gen.Loops != 1 || gen.BusyMost <= record.SaturatedAt || len(gen.Saturated) == 0 {
		t.Errorf("it is busy for %v of its time, %v at most, saturated %v", gen.Busy, gen.BusyMost, gen.Saturated)
	}
	if gen.Exchanges == 0 || gen.LoopCPU == 0 {
		t.Errorf("%d exchanges took %s", gen.Exchanges, gen.LoopCPU)
	}
}

// TestBusyGauge feeds seconds of two loops.
func TestBusyGauge(t *testing.T) {
	const second = time.Second
	gauge := newBusyGauge(2, 2, Options{Tied: true})
	gauge.aside = false // on every system
	var g record.Generator
	feed := func(from, to time.Duration, busy ...time.Duration) float64 {
		for i, b := range busy {
			gauge.take(i, &interval{strain: strain{cpu: b / 2, busy: b, of: to - from}})
		}
		var p record.Point
		gauge.finish(&g, &p, record.Span{From: from, To: to})
		return p.Busy
	}
	for i, c := range []struct{ from, to, first, other, want time.Duration }{
		{0, second, second / 4, second / 2, second / 2},
		{second, 2 * second, 97 * second / 100, 0, 97 * second / 100},
		{2 * second, 3 * second, 98 * second / 100, second / 2, 98 * second / 100},
		{3 * second, 4 * second, second / 2, second / 2, second / 2},
	} {
		if got := feed(c.from, c.to, c.first, c.other); got != c.want.Seconds() {
			t.Errorf("second %d: busy is %v, want %v", i, got, c.want.Seconds())
		}
	}
	const last = 4 * time.Millisecond
	if got := feed(4*second, 4*second+last, last, 0); !math.IsNaN(got) {
		t.Errorf("the last %s are a second that was busy for %v", last, got)
	}
	want := record.Generator{
		Loops: 2, LoopCPU: (2704*time.Millisecond + 1500*time.Millisecond) / 2, Busy: 2.704 / 4.004, BusyMost: 0.98,
		Saturated: []record.Span{{From: second, To: 3 * second}},
		CPU:       g.CPU, MaxMemory: g.MaxMemory,
	}
	if diff := cmp.Diff(want, g); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestBusyProcess: without threads of their own the loops' work is the process's.
func TestBusyProcess(t *testing.T) {
	gauge := newBusyGauge(1, 4, Options{})
	if got := gauge.share(make([]strain, 1), 4*time.Second, 2*time.Second); got != 0.5 {
		t.Errorf("2 of 4 cores are %v of all", got)
	}
	both := newBusyGauge(1, 4, Options{Tied: true, Aside: true})
	if got := both.share([]strain{{busy: time.Second, of: time.Second}}, time.Second, time.Second); got != 1 {
		t.Errorf("a loop that is always busy, in a process that is not, is busy for %v", got)
	}
}
