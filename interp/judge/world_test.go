package judge

import (
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/plan"
)

// A world is a plan with two classes and a record of a good run of it:
//
//	scenario main   warm 0–10 s (warm-up), peak 10–40 s    10 users
//	  user_class member   request list (weight 3), create (1)
//	  user_class admin    request stats (1)
//
// In the peak each request has 100 samples of 100 ms. Tests bend it.
type world struct {
	g *graph.Graph
	r *record.Record
}

const (
	list = iota
	create
	stats
)

func newWorld(thresholds ...*plan.Threshold) *world {
	member := &plan.UserClass{Name: "member", Weight: 9}
	admin := &plan.UserClass{Name: "admin", Weight: 1}
	request := func(c *plan.UserClass, label string, weight float64) {
		r := &plan.Request{Class: c, Label: label, Name: label, Weight: weight, Method: "GET"}
		r.Flow = &plan.Flow{Class: c, Weight: weight, Requests: []*plan.Request{r}}
		c.Requests = append(c.Requests, r)
	}
	request(member, "list", 3)
	request(member, "create", 1)
	request(admin, "stats", 1)
	main := &plan.Scenario{Name: "main", UserClasses: []*plan.UserClass{member, admin}}
	main.Stages = []*plan.Stage{
		{Scenario: main, Name: "warm", Users: 10, Duration: 10 * time.Second, Warmup: true},
		{Scenario: main, Name: "peak", Users: 10, Duration: 30 * time.Second},
	}
	w := &world{
		g: &graph.Graph{Plan: &plan.Plan{Scenarios: []*plan.Scenario{main}, Thresholds: thresholds}, TimeScale: 1},
		r: &record.Record{
			Run: record.Run{
				Started: time.Unix(1000, 0), Ended: time.Unix(1040, 0), State: record.StateCompleted, TimeScale: 1, Seed: 7,
			},
			Generator: record.Generator{Cores: 2, CPU: 4 * time.Second, MaxMemory: 1 << 20},
		},
	}
	sc := &graph.Scenario{Plan: main, Levels: main.Levels()}
	for i, c := range main.UserClasses {
		class := &graph.Class{Index: i, Plan: c}
		for _, q := range c.Requests {
			r := &graph.Request{Index: len(w.g.Requests), Plan: q, Class: class}
			class.Requests = append(class.Requests, r)
			w.g.Requests = append(w.g.Requests, r)
			w.r.Requests = append(w.r.Requests, record.Request{Address: q.Address(), Name: q.Name, Method: q.Method})
		}
		w.g.Classes = append(w.g.Classes, class)
		sc.Classes = append(sc.Classes, class)
	}
	sc.Requests = w.g.Requests
	w.g.Scenarios = []*graph.Scenario{sc}
	w.r.Scenarios = []record.Scenario{{
		Name:       "main",
		Iterations: record.Iterations{Planned: -1, Started: 300, Completed: 300},
		Users:      record.Users{PlannedMax: 10, Max: 10},
		Stages: []record.Stage{
			{Name: "warm", Warmup: true, End: 10 * time.Second, Ended: true, PlannedUserTime: 100, UserTime: 100},
			{Name: "peak", Start: 10 * time.Second, End: 40 * time.Second, Ended: true, PlannedUserTime: 300, UserTime: 300},
		},
	}}
	for st := range 2 {
		for q := range w.g.Requests {
			c := &record.Cell{Stage: st, Request: q, Warmup: st == 0}
			w.r.Cells = append(w.r.Cells, c)
			if st == 1 {
				met(c, 100, 100, 0)
			}
		}
	}
	return w
}

// cell is that of a request in the peak.
func (w *world) cell(request int) *record.Cell { return w.r.Cells[3+request] }

func (w *world) judge() record.Verdict { return Judge(w.g, w.r) }

// set leaves a request of the peak with n samples.
func (w *world) set(request, n int, ms, lag int64) *record.Cell {
	c := w.cell(request)
	c.Stats = record.Stats{}
	met(c, n, ms, lag)
	return c
}

// met adds n requests that met their expectations.
func met(c *record.Cell, n int, ms, lag int64) { fill(&c.Met, n, ms, lag) }

func fill(g *record.Group, n int, ms, lag int64) {
	for range n {
		g.Response.Record(ms * 1000)
		g.ResponseLessLag.Record((ms - lag) * 1000)
		g.Service.Record((ms - lag) * 1000)
		g.Lag.Record(lag * 1000)
	}
}

// p95 is a threshold on the 95th percentile.
func p95(target, critical float64) *plan.Threshold {
	return below("p95", plan.Metric{Name: "response_time", Statistic: "p95", Quantile: 95, Unit: plan.UnitTime}, target, critical)
}

// errorRate is a threshold on errors.
func errorRate(target, critical float64) *plan.Threshold {
	return below("errors", plan.Metric{Name: "errors", Statistic: "rate", Unit: plan.UnitRatio}, target, critical)
}

// below is a threshold from above; critical 0: none.
func below(name string, m plan.Metric, target, critical float64) *plan.Threshold {
	t := &plan.Threshold{Name: name, Metric: m, Target: bound("<", target, m.Unit), Outcome: plan.OutcomeOK, MinSamples: 1}
	if critical != 0 {
		b := bound("<", critical, m.Unit)
		t.Critical = &b
	}
	return t
}
