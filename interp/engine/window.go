package engine

import (
	"slices"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/metric"
	"bossplan/interp/record"
	"bossplan/plan"
)

// A windowed is a threshold that demands its bound in every window of time.
type windowed struct {
	number    int // among those like it
	index     int // in the plan
	threshold *plan.Threshold
	cells     []bool // by number: does the threshold look at it
}

// windowedThresholds are those of the plan, in its order, that are read from
// requests; levels and probes are in the record over time anyway.
func windowedThresholds(g *graph.Graph) []*windowed {
	var out []*windowed
	for i, t := range g.Plan.Thresholds {
		if t.Window > 0 && metric.SourceOf(t.Metric) == metric.FromRequests {
			out = append(out, &windowed{number: len(out), index: i, threshold: t, cells: cellsOf(g, t)})
		}
	}
	return out
}

// times adds those of a request's times that the threshold measures, and always
// the response time: by it requests are counted.
func (w *windowed) times(g *record.Group, t *timing) {
	g.Response.Record(t.response)
	switch w.threshold.Metric.Name {
	case "response_time":
		g.ResponseLessLag.Record(t.lessLag())
	case "service_time":
		recordPhase(&g.Service, t.service)
	case "first_byte_time":
		recordPhase(&g.FirstByte, t.firstByte)
	case "connect_time":
		recordPhase(&g.Connect, t.connect)
	case "tls_time":
		recordPhase(&g.TLS, t.tls)
	case "lag":
		g.Lag.Record(t.lag)
	}
}

// cellsOf marks the cells in a threshold's scope.
func cellsOf(g *graph.Graph, t *plan.Threshold) []bool {
	cells := make([]bool, g.NumCells)
	for _, s := range g.Scenarios {
		for k, stage := range s.Plan.Stages {
			for i, r := range s.Requests {
				cells[s.Cell(k, i)] = !stage.Warmup && t.Looks(s.Plan, stage, r.Plan)
			}
		}
	}
	return cells
}

// A windowKey is one window of one threshold; request is -1 unless the
// threshold is per request.
type windowKey struct {
	threshold, request int
	start              time.Duration
}

// origins is where the first window of each threshold that has windows begins:
// with the first stage that the threshold judges. Were it the run's start, the
// last window would be a sliver of some milliseconds, in which a single request
// makes a rate of hundreds a second. Every loop has them from the same stages,
// so they are equal everywhere. A negative one is not known yet.
type origins []time.Duration

func newOrigins(windows []*windowed) origins {
	return slices.Repeat(origins{-1}, len(windows))
}

// begin notes that a stage begins.
func (o origins) begin(windows []*windowed, s *graph.Scenario, stage int, at time.Duration) {
	for k, w := range windows {
		first := s.Cell(stage, 0)
		if o[k] < 0 && slices.Contains(w.cells[first:first+len(s.Requests)], true) {
			o[k] = at
		}
	}
}

// key is the window that a request due at a moment belongs to.
func (w *windowed) key(o origins, due time.Duration, request int) windowKey {
	if !w.threshold.PerRequest {
		request = -1
	}
	origin := o[w.number]
	return windowKey{threshold: w.number, request: request, start: origin + (due - origin).Truncate(w.threshold.Window)}
}

// windowStats is a window while it is being filled.
type windowStats struct {
	due int64
	record.Stats
}

// recent is a window that was looked up before: mostly the next request is due
// in it as well.
type recent struct {
	from, to time.Duration
	stats    *windowStats
}

// window is the window that the request at which a user is was due in, with the
// request counted.
func (iv *interval) window(w *windowed, u *user) *windowStats {
	return iv.due(w, u.scenario.loop.origins, u.due, u.compiled().Index)
}

// due counts a request in the window that it was due in.
func (iv *interval) due(w *windowed, o origins, due time.Duration, request int) *windowStats {
	r := &iv.recent[w.number*len(iv.graph.Requests)+request]
	if r.stats == nil || due < r.from || due >= r.to {
		k := w.key(o, due, request)
		ws := iv.open[k]
		if ws == nil {
			ws = &windowStats{}
			iv.open[k] = ws
		}
		*r = recent{k.start, k.start + w.threshold.Window, ws}
	}
	r.stats.due++
	return r.stats
}
