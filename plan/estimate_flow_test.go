package plan

import (
	"math"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// expression is a run-time expression as a plan holds it.
func expression(t *testing.T, src string) Expression {
	t.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(src), "p.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return Expression{Expression: e, Scope: &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{"n": cty.NumberIntVal(4)})}}}
}

// shop is a class of whose iterations a quarter looks around, which is one
// request, and the rest buys: a list, then two looks at an item after a pause of
// a second each, then an order if there is something to order.
func shop(t *testing.T) (class *UserClass, around, list, look, order *Request) {
	class = &UserClass{Name: "shopper", Weight: 1, Wait: Wait{Kind: WaitConstant, Min: 2 * time.Second, Max: 2 * time.Second}, Host: &Host{Name: "api"}}
	request := func(label string) *Request { return &Request{Class: class, Label: label, Timeout: 10 * time.Second} }
	around, list, look, order = request("around"), request("list"), request("look"), request("order")
	around.Weight = 1
	look.Repeat = expression(t, "var.n / 2")
	look.Pause = Wait{Kind: WaitConstant, Min: time.Second, Max: time.Second}
	order.When = expression(t, "vars.item != null")
	addChoice(&Flow{Class: class, Weight: 1, OnFailure: FailureStops, Requests: []*Request{around}})
	addChoice(&Flow{Class: class, Label: "buy", Weight: 3, OnFailure: FailureStops, Requests: []*Request{list, look, order}})
	return class, around, list, look, order
}

func TestEstimateFlow(t *testing.T) {
	class, around, list, look, order := shop(t)
	p := &Plan{Scenarios: []*Scenario{testScenario("main", []*UserClass{class}, &Stage{Users: 100, Duration: 1000 * time.Second})}}
	e := p.Estimate(500 * time.Millisecond)
	// Looking around takes 0.5 s, buying 4 × 0.5 s and two pauses: with the wait
	// 0.25 × 2.5 + 0.75 × 6 = 5.125 s an iteration, of 1 + 0.75 × 3 = 3.25 requests.
	iterations := 100 * 1000 / 5.125
	near(t, "iterations", e.Iterations, iterations)
	near(t, "requests", e.Total, iterations*3.25)
	for i, want := range []struct {
		request *Request
		made    float64
	}{{around, 0.25}, {list, 0.75}, {look, 1.5}, {order, 0.75}} {
		r := e.Requests[i]
		if r.Request != want.request || r.AtMost != (want.request == order) || r.Repeats {
			t.Errorf("request %d is %+v", i, r)
		}
		near(t, want.request.Label, r.Count, iterations*want.made)
		near(t, want.request.Label+" of class", r.OfClass, want.made/3.25)
		near(t, want.request.Label+" of all", r.OfAll, want.made/3.25)
	}
	near(t, "rate", e.Curve[0].Rate, 100/5.125*3.25)
	near(t, "in flight", e.PeakInFlight, 100/5.125*(0.25*0.5+0.75*2))
	if got := e.Expect(&Threshold{Of: Scope{Request: look}}).Requests; math.Abs(got-iterations*1.5) > 1e-6 {
		t.Errorf("a threshold sees %v looks", got)
	}
}

// What may be claimed of a flow holds whatever its conditions and failures make
// of it.
func TestEstimateOutlook(t *testing.T) {
	class, around, list, look, order := shop(t)
	p := &Plan{Scenarios: []*Scenario{testScenario("main", []*UserClass{class}, &Stage{Users: 100, Duration: 1000 * time.Second})}}
	counts := func(e Estimate) map[*Request]float64 {
		got := map[*Request]float64{}
		for _, r := range e.Requests {
			got[r.Request] = r.Count
		}
		return got
	}
	// Every list fails at once: an iteration is one request, and then the wait.
	n := 100 * 1000 / 2.0
	got := counts(p.count(0, most))
	for request, want := range map[*Request]float64{around: 0.25 * n, list: 0.75 * n, look: 1.5 * n, order: 0.75 * n} {
		near(t, "most "+request.Label, got[request], want)
	}
	// Every answer takes 10 s and something fails after the list.
	n = 100 * 1000 / (0.25*12 + 0.75*(2+4*10+2))
	got = counts(p.count(longest, fewest))
	for request, want := range map[*Request]float64{around: 0.25 * n, list: 0.75 * n, look: 0, order: 0} {
		near(t, "fewest "+request.Label, got[request], want)
	}
	class.Choices[1].OnFailure = FailureContinues
	n = 100 * 1000 / (0.25*2 + 0.75*4)
	near(t, "most looks of a flow that goes on", counts(p.count(0, most))[look], 1.5*n)
	if got := counts(p.count(longest, fewest)); got[look] == 0 || got[order] != 0 {
		t.Errorf("a flow that goes on makes at least %v looks and %v orders", got[look], got[order])
	}
	look.Repeat = expression(t, "user.index")
	if e := p.Estimate(0); !e.Requests[2].Repeats || e.Requests[2].AtMost {
		t.Errorf("a request that is repeated as the run says: %+v", e.Requests[2])
	}
	if got := counts(p.count(longest, fewest)); got[look] != 0 {
		t.Errorf("at least %v looks of a number that only the run knows", got[look])
	}
}

func TestEstimateHooks(t *testing.T) {
	class := testClass("a", 1, Wait{Kind: WaitConstant, Min: time.Second, Max: time.Second}, 1)
	login, logout := &Request{Class: class, Label: "login"}, &Request{Class: class, Label: "logout", When: expression(t, "vars.token != null")}
	class.OnStart = &Flow{Class: class, Hook: HookStart, Requests: []*Request{login}}
	class.OnStop = &Flow{Class: class, Hook: HookStop, Requests: []*Request{logout}}
	s := testScenario("main", []*UserClass{class},
		&Stage{Users: 100, Ramp: 10 * time.Second, Duration: time.Minute},
		&Stage{Users: 20, Duration: time.Minute},
		&Stage{Users: 50, Duration: time.Minute})
	p := &Plan{Scenarios: []*Scenario{s}}
	e := p.Estimate(0)
	near(t, "requests", e.Total, 100*55+20*60+50*60)
	if len(e.Hooks) != 2 || e.Hooks[0].Count != 130 || e.Hooks[1].Count != 130 || !e.Hooks[1].AtMost || len(e.Requests) != 1 {
		t.Errorf("hooks %+v", e.Hooks)
	}
	open := testScenario("open", []*UserClass{class}, &Stage{Open: true, Rate: 10, Duration: time.Minute})
	if e := (&Plan{Scenarios: []*Scenario{open}}).Estimate(time.Second); e.Hooks[0].Count != 10 {
		t.Errorf("open hooks %+v", e.Hooks)
	}
}

func TestHostLoads(t *testing.T) {
	wait := Wait{Kind: WaitConstant, Min: time.Second, Max: time.Second}
	a, b, c := testClass("a", 3, wait, 1), testClass("b", 1, wait, 1), testClass("c", 1, wait, 1)
	b.Host = &Host{Name: "other", Connections: 7}
	c.Host = b.Host
	first := testScenario("first", []*UserClass{a, b}, &Stage{Users: 40, Duration: time.Minute})
	open := testScenario("open", []*UserClass{c}, &Stage{Open: true, Rate: 10, Duration: time.Minute})
	open.MaxInFlight = 1000
	p := &Plan{Hosts: []*Host{b.Host, a.Host, {Name: "idle"}}, Scenarios: []*Scenario{first, open}}
	loads := p.HostLoads()
	if len(loads) != 2 || loads[0].Host != b.Host || loads[1].Host != a.Host {
		t.Fatalf("%+v", loads)
	}
	near(t, "users of other", loads[0].Users, 10+10*30)
	near(t, "rate to other", loads[0].Rate, 10+10)
	near(t, "connections to other", loads[0].Connections, 7)
	near(t, "users of api", loads[1].Users, 30)
	near(t, "connections to api", loads[1].Connections, 30)
	if loads[0].Scheduled {
		t.Error("a closed scenario's rate depends on answers")
	}
}
