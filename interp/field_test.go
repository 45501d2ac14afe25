package interp_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bossplan/interp"
	"bossplan/interp/record"
)

// The cases of this file are those in which load testing tools in use today
// report a healthy service. Each runs against a small real server.

// stallingServer answers at once but for a stall: whoever comes in it waits
// until it is over.
func stallingServer(t *testing.T, from, to time.Duration) string {
	var clock stopwatch
	return serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if at := clock.elapsed(); from <= at && at < to {
			time.Sleep(to - at)
		}
	})
}

func TestStallShowsInPercentiles(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"open": fmt.Sprintf(oneRequest, "") + `
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    rate     = "100/s"
    arrivals = "even"
    duration = "2500ms"
  }
}`,
		"open with few slots": fmt.Sprintf(oneRequest, "") + `
scenario "s" {
  user_classes  = [user_class.u]
  max_in_flight = 10
  stage "x" {
    rate     = "100/s"
    arrivals = "even"
    duration = "2500ms"
  }
}`,
		"pacing": fmt.Sprintf(oneRequest, `wait = pacing("100ms")`) + `
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 10
    duration = "2500ms"
  }
}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, v := run(t, text+threshold("p95", "response_time.p95", "< 200ms", "< 500ms"), stallingServer(t, 500*time.Millisecond, 1500*time.Millisecond), interp.Options{})
			// 250 requests, 100 of them due in the stall, waiting 0 to 1 s: the
			// worst 5 % are those due in its first eighth of a second or so.
			if p95 := millis(r, 95); p95 < 700 || p95 > 1050 {
				t.Errorf("p95 is %v ms, the truth is about 875", p95)
			}
			if v.Status != record.Fail || status(v, "p95") != record.Fail {
				t.Errorf("verdict %s (%v), want FAIL", v.Status, v.Reasons)
			}
			if lag := r.Totals().Pool(record.PopulationAny).Lag.Quantile(50); lag > 100_000 {
				t.Errorf("median lag is %d µs: the server's stall is charged to the generator", lag)
			}
		})
	}
}

func TestHangIsCountedAndNamed(t *testing.T) {
	t.Parallel()
	var clock stopwatch
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if clock.elapsed() > 500*time.Millisecond {
			<-r.Context().Done()
		}
	})
	r, v := run(t, fmt.Sprintf(oneRequest, `wait = constant("50ms")`)+`
scenario "s" {
  user_classes  = [user_class.u]
  graceful_stop = "200ms"
  stage "x" {
    users    = 20
    duration = "6s"
  }
}`+threshold("p99", "response_time.p99", "< 500ms", "< 1000ms")+threshold("errors", "errors.rate", "< 1%", "< 1%"), url, interp.Options{})
	all := r.Totals()
	if all.Unfinished != 20 {
		t.Errorf("%d unfinished, want the 20 that hung", all.Unfinished)
	}
	if millis(r, 100) < 5000 {
		t.Errorf("max is %v ms: the age of the unfinished is missing", millis(r, 100))
	}
	if v.Status != record.Fail || status(v, "errors") != record.Fail {
		t.Errorf("verdict %s (%v), want FAIL", v.Status, v.Reasons)
	}
	silent := false
	for _, f := range v.Findings {
		silent = silent || f.ID == "silence"
	}
	if !silent {
		t.Errorf("5.5 s without an answer are not named: gaps %+v, findings %+v", r.Gaps, v.Findings)
	}
	if rate := float64(all.Completed()) / r.JudgedTime(nil).Seconds(); rate > 80 {
		t.Errorf("rate is %v/s: it must be over the wall clock, hang included", rate)
	}
}

func TestServerDownIsNeverAPass(t *testing.T) {
	t.Parallel()
	text := fmt.Sprintf(oneRequest, `wait = constant("100ms")`) + closedSecond + threshold("p95", "response_time.p95", "< 500ms", "< 1000ms")
	url := unusedURL(t)
	r, v := run(t, text, url, interp.Options{})
	if r.Run.State != record.StateUnreachable || v.Status != record.Fail {
		t.Errorf("state %s, verdict %s, want unreachable and FAIL", r.Run.State, v.Status)
	}
	r, v = run(t, text, url, interp.Options{SkipPreflight: true})
	if status(v, "p95") != record.NoData || v.Status == record.Pass || v.Status == record.Warn {
		t.Errorf("without preflight: p95 is %s, verdict %s; nothing was measured", status(v, "p95"), v.Status)
	}
	if len(r.Errors) != 1 || r.Errors[0].Kind != "connect" {
		t.Errorf("errors are %+v, want one group of kind connect", r.Errors)
	}
}

func TestZeroRequestsAreInconclusive(t *testing.T) {
	t.Parallel()
	url := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, v := run(t, fmt.Sprintf(oneRequest, `wait = constant("1h")`)+closedSecond+threshold("errors", "errors.count", "== 0", "== 0"), url, interp.Options{})
	if v.Status != record.Inconclusive {
		t.Errorf("verdict %s (%v), want INCONCLUSIVE", v.Status, v.Reasons)
	}
}

func TestDroppedRateIsInconclusive(t *testing.T) {
	t.Parallel()
	url := serve(t, func(http.ResponseWriter, *http.Request) { time.Sleep(200 * time.Millisecond) })
	r, v := run(t, fmt.Sprintf(oneRequest, "")+`
scenario "s" {
  user_classes  = [user_class.u]
  max_in_flight = 5
  on_late       = "drop"
  stage "x" {
    rate     = "100/s"
    arrivals = "even"
    duration = "1s"
  }
}`+threshold("p95", "response_time.p95", "< 500ms", "< 1000ms"), url, interp.Options{})
	i := r.Scenarios[0].Iterations
	if i.Planned != 100 || i.Dropped < 50 {
		t.Errorf("planned %d, dropped %d; 5 slots of 200 ms serve 25/s of 100/s", i.Planned, i.Dropped)
	}
	if status(v, "p95") != record.Pass || v.Status != record.Inconclusive {
		t.Errorf("p95 %s, verdict %s (%v); want PASS and INCONCLUSIVE", status(v, "p95"), v.Status, v.Reasons)
	}
}

func TestInstantErrorsDoNotMakeTimesBetter(t *testing.T) {
	t.Parallel()
	var n atomic.Int64
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%20 != 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		time.Sleep(100 * time.Millisecond)
	})
	r, v := run(t, fmt.Sprintf(oneRequest, `wait = constant("10ms")`)+`
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 20
    duration = "1s"
  }
}`+threshold("errors", "errors.rate", "< 1%", "< 5%"), url, interp.Options{})
	if p10 := millis(r, 10); p10 < 99 {
		t.Errorf("p10 is %v ms, but every answer that was one took 100", p10)
	}
	rate := float64(r.Totals().Errors()) / float64(r.Totals().Total())
	if math.Abs(rate-0.95) > 0.02 || v.Status != record.Fail {
		t.Errorf("error rate %v, verdict %s; want 0.95 and FAIL", rate, v.Status)
	}
	if len(r.Errors) != 1 || r.Errors[0].Message != "503 Service Unavailable" {
		t.Errorf("errors are %+v", r.Errors)
	}
}

func TestWeightsAreExact(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := map[string]int{}
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.URL.Path]++
		mu.Unlock()
	})
	const users = 7
	var text strings.Builder
	text.WriteString("user_class \"u\" {\n host = host.api\n wait = constant(\"2ms\")\n")
	weights := []int{10, 5, 4, 3, 2, 1, 1}
	for i, w := range weights {
		fmt.Fprintf(&text, "request \"r%d\" {\n path = \"/%d\"\n weight = %d\n}\n", i, i, w)
	}
	fmt.Fprintf(&text, "}\nscenario \"s\" {\n user_classes = [user_class.u]\n stage \"x\" {\n users = %d\n duration = \"1s\"\n}\n}\n", users)
	r, _ := run(t, text.String(), url, interp.Options{})
	total := r.Totals().Total()
	if total < 500 {
		t.Fatalf("only %d requests", total)
	}
	for i, w := range weights {
		got := float64(r.Judged(i).Total())
		if want := float64(total) * float64(w) / 26; math.Abs(got-want) > users {
			t.Errorf("request %d: %v of %d, exact is %v", i, got, total, want)
		}
		if int(got) != seen[fmt.Sprintf("/%d", i)] {
			t.Errorf("request %d: recorded %v, the server saw %d", i, got, seen[fmt.Sprintf("/%d", i)])
		}
	}
}

func TestWarmupIsKeptOut(t *testing.T) {
	t.Parallel()
	var clock stopwatch
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if clock.elapsed() < 400*time.Millisecond {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	r, v := run(t, fmt.Sprintf(oneRequest, `wait = constant("20ms")`)+`
scenario "s" {
  user_classes = [user_class.u]
  stage "warm" {
    users    = 5
    duration = "500ms"
    warmup   = true
  }
  stage "real" {
    users    = 5
    duration = "500ms"
  }
}`+threshold("errors", "errors.count", "== 0", "== 0"), url, interp.Options{})
	if v.Status != record.Pass {
		t.Errorf("verdict %s (%v), want PASS: all errors were in warm-up", v.Status, v.Reasons)
	}
	if r.WarmupRequests() < 50 {
		t.Errorf("%d warm-up requests", r.WarmupRequests())
	}
	if d := r.JudgedTime(nil); d != 500*time.Millisecond {
		t.Errorf("judged time is %v, want 500ms", d)
	}
}
