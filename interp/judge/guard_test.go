package judge

import (
	"slices"
	"strings"
	"testing"
	"time"

	"bossplan/interp/record"
	"bossplan/plan"
)

// guarding is a guard that ends the run where a bound holds for 5 s.
func guarding(m plan.Metric, op string, value float64) *plan.Guard {
	return &plan.Guard{Name: "prod", Abort: &plan.GuardAbort{
		Metric: m, Bound: bound(op, value, m.Unit), For: 5 * time.Second, Window: 3 * time.Second,
	}}
}

// TestGuardRule: the bound says what ends the run, warm-up is looked at as well,
// and what holds for a threshold's rule holds here.
func TestGuardRule(t *testing.T) {
	latency := plan.Metric{Name: "response_time", Statistic: "p95", Quantile: 95, Unit: plan.UnitTime}
	errors := plan.Metric{Name: "errors", Statistic: "rate", Unit: plan.UnitRatio}
	rate := plan.Metric{Name: "requests", Statistic: "rate", Unit: plan.UnitRate}
	for _, c := range []struct {
		name  string
		guard *plan.Guard
		play  func(*tape) *record.Abort
		at    time.Duration
	}{
		{"well", guarding(latency, ">", 1000), func(tp *tape) *record.Abort { return tp.play(40, takes(100)) }, 0},
		{"slow in warm-up", guarding(latency, ">", 1000), func(tp *tape) *record.Abort { return tp.play(40, takes(2000)) }, 6 * time.Second},
		{"slow, but the generator was", guarding(latency, ">", 1000), func(tp *tape) *record.Abort {
			return tp.play(40, func(c *record.Cell) { met(c, 10, 2000, 1500) })
		}, 0},
		{"healed", guarding(errors, ">=", 0.5), func(tp *tape) *record.Abort {
			for range 6 {
				if a := tp.play(3, fails); a != nil {
					return a
				}
				tp.play(4, takes(1))
			}
			return nil
		}, 0},
		{"silence does not heal", guarding(errors, ">=", 0.5), func(tp *tape) *record.Abort {
			tp.play(2, fails)
			return tp.play(20, nil)
		}, 6 * time.Second},
		{"too much", guarding(rate, ">", 5), func(tp *tape) *record.Abort { return tp.play(40, takes(1)) }, 6 * time.Second},
	} {
		tp := newTape()
		tp.w = NewWatcher(tp.g, []*plan.Guard{c.guard, {Name: "without a rule"}})
		a := c.play(tp)
		switch {
		case a == nil && c.at == 0:
		case a == nil || a.At != c.at || a.Guard != "guard.prod" || a.Threshold != -1:
			t.Errorf("%s: %+v, want an abort at %v", c.name, a, c.at)
		case !strings.Contains(a.Detail, c.guard.Abort.Bound.Text+" without a break for 5s"):
			t.Errorf("%s: %s", c.name, a.Detail)
		}
	}
}

// TestFindingsBesideTheLoad: what fails in on_start, and rows that are used up,
// are in no figure and must be seen all the same.
func TestFindingsBesideTheLoad(t *testing.T) {
	w := newWorld(p95(500, 1000))
	w.r.Setup = []record.Setup{
		{Request: record.Request{Name: "login"}, Hook: "on_start", Count: 12, Failed: 3, Errors: []record.Error{
			{Kind: "timeout", Message: "slow", Count: 1}, {Kind: "status", Message: "401 Unauthorized", Count: 2},
		}},
		{Request: record.Request{Name: "logout"}, Hook: "on_stop", Count: 10},
	}
	w.r.Data = []record.Data{{Address: "data.ids", Rows: 5}, {Address: "data.users", Rows: 1000, Stopped: 4, First: 12 * time.Second}}
	v := w.judge()
	want := []string{"3 of 12 requests of login failed in on_start", "data.users was used up after 12s and stopped 4 users"}
	if v.Status != record.Warn || !slices.Equal(v.Reasons, want) {
		t.Errorf("verdict %s: %q, want %q", v.Status, v.Reasons, want)
	}
	if d := v.Findings[0].Detail; !strings.HasSuffix(d, "Most often: status: 401 Unauthorized.") {
		t.Errorf("detail %q", d)
	}
	w.r.Setup[0].Errors = []record.Error{{Kind: "guard", Message: "refused", Count: 3}}
	if code := ExitCode(v, w.r, false); code != ExitRefused {
		t.Errorf("exit %d where a guard refused a request of on_start", code)
	}
}
