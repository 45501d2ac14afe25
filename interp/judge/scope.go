package judge

import (
	"math"
	"slices"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/plan"
)

// A view lines a record up with a graph, by name.
type view struct {
	g         *graph.Graph
	r         *record.Record
	requests  []*graph.Request  // by their number in the record; nil: not in the graph
	numbers   []int             // the reverse, by their number in the graph; -1: not in the record
	scenarios []*graph.Scenario // by their number in the record; nil: not in the graph
	stages    [][]*plan.Stage   // of each scenario of the record; nil: not in the graph
}

func lineUp(g *graph.Graph, r *record.Record) *view {
	v := &view{g: g, r: r, numbers: slices.Repeat([]int{-1}, len(g.Requests))}
	byAddress := map[string]*graph.Request{}
	for _, q := range g.Requests {
		byAddress[q.Plan.Address()] = q
	}
	for i, q := range r.Requests {
		found := byAddress[q.Address]
		v.requests = append(v.requests, found)
		if found != nil {
			v.numbers[found.Index] = i
		}
	}
	for _, sc := range r.Scenarios {
		k := slices.IndexFunc(g.Scenarios, func(s *graph.Scenario) bool { return s.Plan.Name == sc.Name })
		stages := make([]*plan.Stage, len(sc.Stages))
		if k < 0 {
			v.scenarios, v.stages = append(v.scenarios, nil), append(v.stages, stages)
			continue
		}
		for i, st := range sc.Stages {
			all := g.Scenarios[k].Plan.Stages
			if j := slices.IndexFunc(all, func(s *plan.Stage) bool { return s.Name == st.Name }); j >= 0 {
				stages[i] = all[j]
			}
		}
		v.scenarios, v.stages = append(v.scenarios, g.Scenarios[k]), append(v.stages, stages)
	}
	return v
}

// A scope is the part of the load that a threshold looks at. Warm-up is in
// none but a guard's: what it protects is loaded then too.
type scope struct {
	*view
	threshold *plan.Threshold
	all       bool // everything, from the start to the end
}

func (v *view) scope(t *plan.Threshold) scope { return scope{view: v, threshold: t} }

// at finds a stage by its numbers in the record, unless it is warm-up or the
// graph does not know it.
func (v *view) at(scenario, stage int) (*plan.Scenario, *plan.Stage) {
	if scenario >= len(v.scenarios) || stage >= len(v.stages[scenario]) || v.stages[scenario][stage] == nil ||
		v.r.Scenarios[scenario].Stages[stage].Warmup {
		return nil, nil
	}
	return v.scenarios[scenario].Plan, v.stages[scenario][stage]
}

// stage reports whether a stage's time belongs to the scope.
func (s scope) stage(scenario, stage int) bool {
	sc, st := s.at(scenario, stage)
	return s.all || st != nil && s.threshold.LooksAt(sc, st)
}

// cell reports whether a cell's samples belong to the scope.
func (s scope) cell(c *record.Cell) bool {
	if s.all {
		return true
	}
	sc, st := s.at(c.Scenario, c.Stage)
	if st == nil || c.Warmup || c.Request >= len(s.requests) || s.requests[c.Request] == nil {
		return false
	}
	return s.threshold.Looks(sc, st, s.requests[c.Request].Plan)
}

// request reports whether the scope has requests of this kind in any stage.
func (s scope) request(q *graph.Request) bool {
	for _, sc := range s.g.Scenarios {
		if !slices.Contains(sc.Plan.UserClasses, q.Class.Plan) {
			continue
		}
		for _, st := range sc.Plan.Stages {
			if !st.Warmup && s.threshold.Looks(sc.Plan, st, q.Plan) {
				return true
			}
		}
	}
	return false
}

// spans is the scope's time.
func (s scope) spans() []record.Span {
	if s.all {
		return []record.Span{{To: math.MaxInt64}}
	}
	return s.r.JudgedSpans(s.stage)
}

// length is how long spans are together.
func length(spans []record.Span) time.Duration {
	var d time.Duration
	for _, s := range spans {
		d += s.To - s.From
	}
	return d
}

// clip is what of spans lies in [from, to].
func clip(spans []record.Span, from, to time.Duration) []record.Span {
	var out []record.Span
	for _, s := range spans {
		if c := (record.Span{From: max(s.From, from), To: min(s.To, to)}); c.To > c.From {
			out = append(out, c)
		}
	}
	return out
}

// A tally is the requests of a scope as one, or one by one.
type tally struct {
	all  record.Stats
	each []*record.Stats // by the request's number in the record; nil where it has no sample
}

func (t *tally) add(c *record.Cell, perRequest bool) {
	if perRequest {
		t.of(c.Request).Merge(&c.Stats)
		return
	}
	t.all.Merge(&c.Stats)
}

// of is the Stats of one request, made where there were none.
func (t *tally) of(request int) *record.Stats {
	for len(t.each) <= request {
		t.each = append(t.each, nil)
	}
	if t.each[request] == nil {
		t.each[request] = &record.Stats{}
	}
	return t.each[request]
}

// look is the Stats of one request, empty where it has no sample.
func (t *tally) look(request int) *record.Stats {
	if request < 0 || request >= len(t.each) || t.each[request] == nil {
		return &record.Stats{}
	}
	return t.each[request]
}

func (t *tally) merge(o *tally) {
	t.all.Merge(&o.all)
	for i, s := range o.each {
		if s != nil {
			t.of(i).Merge(s)
		}
	}
}

// reset empties t but keeps its memory.
func (t *tally) reset() {
	t.all.Reset()
	for _, s := range t.each {
		if s != nil {
			s.Reset()
		}
	}
}
