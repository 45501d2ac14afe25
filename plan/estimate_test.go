package plan

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if got == want || math.Abs(got-want) <= 1e-9*math.Abs(want) {
		return
	}
	t.Errorf("%s: %v, want %v", what, got, want)
}

// testClass is a user class with requests of the given weights.
func testClass(name string, weight float64, wait Wait, weights ...float64) *UserClass {
	c := &UserClass{Name: name, Weight: weight, Wait: wait, Host: &Host{Name: "api"}}
	for i, w := range weights {
		r := &Request{Class: c, Label: string(rune('a' + i)), Weight: w, Timeout: 30 * time.Second}
		addChoice(&Flow{Class: c, Weight: w, OnFailure: FailureStops, Requests: []*Request{r}})
	}
	return c
}

// addChoice makes a flow one of its class's choices.
func addChoice(f *Flow) {
	for _, r := range f.Requests {
		r.Flow = f
	}
	f.Class.Choices = append(f.Class.Choices, f)
	f.Class.Requests = append(f.Class.Requests, f.Requests...)
}

// testScenario sets the stages' scenario.
func testScenario(name string, classes []*UserClass, stages ...*Stage) *Scenario {
	s := &Scenario{Name: name, UserClasses: classes, Stages: stages, GracefulStop: 30 * time.Second}
	for _, st := range stages {
		st.Scenario = s
	}
	return s
}

func betweenWait(min, max time.Duration) Wait { return Wait{Kind: WaitBetween, Min: min, Max: max} }

func TestEstimateClosed(t *testing.T) {
	// The guide's heavy load: 1,000 users at 100 a second, waiting 1–3 s.
	wait := betweenWait(time.Second, 3*time.Second)
	member := testClass("member", 9, wait, 10, 5, 4, 3, 2, 1, 1)
	admin := testClass("admin", 1, wait, 1, 1)
	s := testScenario("main", []*UserClass{member, admin},
		&Stage{Name: "warm", Users: 100, Duration: time.Minute, Warmup: true},
		&Stage{Name: "peak", Users: 1000, SpawnRate: 100, Duration: 15 * time.Minute})
	p := &Plan{Scenarios: []*Scenario{s}}

	e := p.Estimate(0)
	peak := (100.0+1000)/2*9 + 1000*(900-9)
	near(t, "total", e.Total, (100*60+peak)/2)
	near(t, "judged", e.Judged, peak/2)
	near(t, "peak users", e.PeakUsers, 1000)
	near(t, "peak in flight", e.PeakInFlight, 0)
	near(t, "list tasks of its class", e.Requests[0].OfClass, 10.0/26)
	near(t, "list tasks of all", e.Requests[0].OfAll, 0.9*10.0/26)
	near(t, "list tasks", e.Requests[0].Count, e.Total*0.9*10/26)
	near(t, "list tasks judged", e.Requests[0].Judged, e.Judged*0.9*10/26)
	near(t, "pool status of all", e.Requests[7].OfAll, 0.05)
	near(t, "peak rate", e.Scenarios[0].Stages[1].PeakRate, 500)
	near(t, "rate", e.Scenarios[0].Stages[1].Rate, peak/2/900)
	if e.Duration != 16*time.Minute || e.JudgedTime != 15*time.Minute || len(e.Curve) != maxCurve {
		t.Errorf("duration %v, judged %v, %d points", e.Duration, e.JudgedTime, len(e.Curve))
	}
	if first, last := e.Curve[0], e.Curve[maxCurve-1]; first.Users != 100 || last.Users != 1000 || last.At != e.Duration || last.Rate != 500 {
		t.Errorf("curve from %+v to %+v", first, last)
	}

	e = p.Estimate(2 * time.Second)
	near(t, "total at 2 s", e.Total, (100*60+peak)/4)
	near(t, "in flight at 2 s", e.PeakInFlight, 500)

	// No answer takes longer than the timeout.
	near(t, "total at the timeout", p.Estimate(math.MaxInt64).Total, p.Estimate(30*time.Second).Total)
}

func TestEstimateUnbounded(t *testing.T) {
	fast, slow := testClass("fast", 1, Wait{}, 1, 0), testClass("slow", 1, Wait{Kind: WaitConstant, Min: time.Second, Max: time.Second}, 1)
	p := &Plan{Scenarios: []*Scenario{testScenario("main", []*UserClass{fast, slow}, &Stage{Users: 10, Duration: time.Minute})}}
	e := p.Estimate(0)
	if !math.IsInf(e.Total, 1) || !math.IsInf(e.Scenarios[0].Stages[0].Rate, 1) || !math.IsInf(e.Curve[0].Rate, 1) {
		t.Errorf("total %v, rate %v, curve %v", e.Total, e.Scenarios[0].Stages[0].Rate, e.Curve[0])
	}
	if r := e.Requests; !math.IsInf(r[0].Count, 1) || r[1].Count != 0 || r[2].Count != 300 || math.Abs(r[0].OfAll-1) > 1e-9 {
		t.Errorf("requests %+v", r)
	}
	near(t, "in flight", e.PeakInFlight, 5)
	near(t, "in flight with some latency", p.Estimate(time.Second).PeakInFlight, 5+2.5)
}

func TestEstimateFixedCount(t *testing.T) {
	// 4 and 2 users of two classes, then the third class alone. A ramp from 0
	// to 10 in 10 s: in turns up to 4 users, then the first alone up to 6.
	wait := Wait{Kind: WaitConstant, Min: time.Second, Max: time.Second}
	a, b, c := testClass("a", 0, wait, 1), testClass("b", 0, wait, 1), testClass("c", 1, wait, 1)
	a.FixedCount, b.FixedCount = 4, 2
	s := testScenario("main", []*UserClass{a, b, c}, &Stage{Users: 10, Ramp: 10 * time.Second, Duration: 10 * time.Second},
		&Stage{Users: 0, Ramp: 10 * time.Second, Duration: 10 * time.Second})
	e := (&Plan{Scenarios: []*Scenario{s}}).Estimate(0)
	// User-seconds: a rises to 2 in 4 s, to 4 in 2 s, holds 4 s; b to 2 in 4 s, holds 6 s; c rises to 4 in 4 s. Then the same backwards.
	for i, want := range []float64{2 * (4 + 6 + 16), 2 * (4 + 12), 2 * 8} {
		near(t, e.Requests[i].Request.Address(), e.Requests[i].Count, want)
	}
	if diff := cmp.Diff([]float64{3, 2, 0}, e.Scenarios[0].work.users(5)); diff != "" {
		t.Errorf("5 users (-want +got):\n%s", diff)
	}
	s.UserClasses = s.UserClasses[:2]
	w := newWorkload(s, 0, likely)
	if diff := cmp.Diff([]float64{8, 4}, w.users(12)); diff != "" {
		t.Errorf("12 users of fixed classes alone (-want +got):\n%s", diff)
	}
}

func TestEstimateOpen(t *testing.T) {
	a, b := testClass("a", 3, betweenWait(time.Second, 3*time.Second), 1), testClass("b", 1, Wait{}, 1)
	s := testScenario("main", []*UserClass{a, b},
		&Stage{Open: true, Rate: 10, Arrivals: ArrivalsEven, Duration: 30 * time.Second},
		&Stage{Open: true, Rate: 20, Ramp: 10 * time.Second, Duration: 20 * time.Second})
	s.MaxInFlight = 30
	p := &Plan{Scenarios: []*Scenario{s}}
	e := p.Estimate(time.Second)
	if e.Scenarios[0].Stages[0].Requests != 300 {
		t.Errorf("even stage: %v requests, want 300", e.Scenarios[0].Stages[0].Requests)
	}
	near(t, "ramped stage", e.Scenarios[0].Stages[1].Requests, 350)
	near(t, "class a", e.Requests[0].Count, 0.75*650)
	near(t, "in flight", e.PeakInFlight, 20)
	near(t, "users", e.PeakUsers, 20)
	// At 2 s answers 30 in flight let 15/s through: the ramp is cut half way.
	e = p.Estimate(2 * time.Second)
	near(t, "capped stage", e.Scenarios[0].Stages[1].Requests, 12.5*5+15*15)
	near(t, "capped in flight", e.PeakInFlight, 30)
}

func TestEstimateMaxRate(t *testing.T) {
	wait := Wait{Kind: WaitConstant, Min: time.Second, Max: time.Second}
	a, b := testClass("a", 3, wait, 1), testClass("b", 1, wait, 1)
	b.Host = a.Host
	a.Host.MaxRate = 50
	s := testScenario("main", []*UserClass{a, b}, &Stage{Users: 100, Ramp: 10 * time.Second, Duration: 20 * time.Second})
	e := (&Plan{Scenarios: []*Scenario{s}}).Estimate(0)
	near(t, "total", e.Total, 25*5+50*15)
	near(t, "share", e.Requests[1].OfAll, 0.25)
}

func TestEstimateIterations(t *testing.T) {
	wait := Wait{Kind: WaitConstant, Min: time.Second, Max: time.Second}
	class := testClass("a", 1, wait, 3, 1)
	s := testScenario("main", []*UserClass{class},
		&Stage{Users: 10, Iterations: 500, Duration: 10 * time.Minute},
		&Stage{Users: 10, Duration: 10 * time.Second})
	p := &Plan{Scenarios: []*Scenario{s}}
	e := p.Estimate(0)
	if st := e.Scenarios[0].Stages; st[0].Requests != 500 || st[0].End != 50*time.Second || st[1].Start != st[0].End || e.Duration != time.Minute {
		t.Errorf("stages %+v", st)
	}
	near(t, "a", e.Requests[0].Count, 375+75)
	e = p.Estimate(29 * time.Second)
	near(t, "at the limit", e.Scenarios[0].Stages[0].Requests, 200)
	class.Wait = Wait{}
	if st := p.Estimate(0).Scenarios[0].Stages[0]; st.Requests != 500 || st.Duration() > time.Microsecond {
		t.Errorf("without waits: %v requests in %v", st.Requests, st.Duration())
	}
}

func TestEstimatePacing(t *testing.T) {
	for _, c := range []struct {
		wait Wait
		took time.Duration
		want float64
	}{
		{Wait{WaitPacing, 10 * time.Second, 10 * time.Second}, time.Second, 10},
		{Wait{WaitPacing, 10 * time.Second, 10 * time.Second}, 15 * time.Second, 15},
		{Wait{WaitPacing, 8 * time.Second, 12 * time.Second}, time.Second, 10},
		{Wait{WaitPacing, 8 * time.Second, 12 * time.Second}, 20 * time.Second, 20},
		{Wait{WaitPacing, 8 * time.Second, 12 * time.Second}, 10 * time.Second, 10.5},
		{Wait{WaitExponential, 2 * time.Second, 2 * time.Second}, time.Second, 3},
		{Wait{}, time.Second, 1},
	} {
		near(t, string(c.wait.Kind), cycle(c.wait, c.took.Seconds()), c.want)
	}
}

func TestEstimateOrder(t *testing.T) {
	class := testClass("a", 1, Wait{Kind: WaitConstant, Min: time.Second, Max: time.Second}, 1)
	first := testScenario("first", []*UserClass{class}, &Stage{Users: 10, Duration: time.Minute})
	second := testScenario("second", []*UserClass{class}, &Stage{Users: 20, Duration: time.Minute})
	beside := testScenario("beside", []*UserClass{class}, &Stage{Users: 5, Duration: 30 * time.Second})
	second.After, second.StartDelay = []*Scenario{first, beside}, 10*time.Second
	beside.StartDelay = 15 * time.Second
	p := &Plan{Scenarios: []*Scenario{second, first, beside}}
	e := p.Estimate(2 * time.Second)
	if got := e.Scenarios[0].Start; got != 72*time.Second {
		t.Errorf("second starts at %v, want 1m12s: after the last answers of first", got)
	}
	if e.Duration != 132*time.Second || e.JudgedTime != 2*time.Minute {
		t.Errorf("duration %v, judged %v", e.Duration, e.JudgedTime)
	}
	near(t, "peak users", e.PeakUsers, 20)
	near(t, "users of first and beside", e.at(20*time.Second).Users, 15)
	if len(e.Requests) != 1 {
		t.Errorf("%d requests, want the one of all three scenarios", len(e.Requests))
	}
	near(t, "all", e.Requests[0].Count, e.Total)

	got := e.Expect(&Threshold{Of: Scope{Scenario: first}})
	near(t, "requests of first", got.Requests, 200)
	near(t, "rate of first", got.Rate(), 200.0/60)
	got = e.Expect(&Threshold{Stages: beside.Stages})
	near(t, "requests of one stage", got.Requests, 50)

	first.After = []*Scenario{second} // a circle, which Load refuses, must not hang
	p.Estimate(0)
}

func TestEstimateNothing(t *testing.T) {
	if e := (&Plan{}).Estimate(0); e.Total != 0 || e.Curve != nil {
		t.Errorf("%+v", e)
	}
}
