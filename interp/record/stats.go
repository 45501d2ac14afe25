package record

import "time"

// Stats is what was measured of a set of requests. The zero value is empty.
//
// Every request is in exactly one of three groups, because the three have to
// be told apart to be honest about time:
//
//	Met     met its expectations
//	Late    timed out, or was unfinished at the end (Unfinished of them)
//	Failed  failed in another way, perhaps fast
//
// What a user waited for is Met and Late: a timeout is a long wait, and leaving
// it out would make a dead server look fast. A quick 503 is not a quick answer,
// so Failed stays out of it.
type Stats struct {
	Met, Late, Failed Group
	Unfinished        int64 // of Late
	Checks, ChecksMet int64
	Sent, Received    int64 // bytes on the wire
}

// A Group is the timing of requests with one outcome.
type Group struct {
	Response        Histogram // due → last byte
	ResponseLessLag Histogram // the same, each less its own lag
	Service         Histogram // first byte sent → last byte received
	Lag             Histogram // due → actual start, where only the generator was in the way
	Connect         Histogram // of requests that opened a connection
	TLS             Histogram // of requests that did a handshake
	FirstByte       Histogram // first byte sent → first byte received
}

// Count is the number of requests in the group.
func (g *Group) Count() int64 { return g.Response.Count() }

// Completed is the number of requests that came to an end, well or not.
func (s *Stats) Completed() int64 {
	return s.Met.Count() + s.Late.Count() + s.Failed.Count() - s.Unfinished
}

// FailedCompleted is how many of Completed failed.
func (s *Stats) FailedCompleted() int64 {
	return s.Late.Count() + s.Failed.Count() - s.Unfinished
}

// Total is Completed and Unfinished: what a table counts as requests.
func (s *Stats) Total() int64 { return s.Completed() + s.Unfinished }

// Errors is what a table counts as failures: failed or unfinished.
func (s *Stats) Errors() int64 { return s.FailedCompleted() + s.Unfinished }

// Merge adds o to s. o is unchanged.
func (s *Stats) Merge(o *Stats) {
	s.Met.Merge(&o.Met)
	s.Late.Merge(&o.Late)
	s.Failed.Merge(&o.Failed)
	s.Unfinished += o.Unfinished
	s.Checks += o.Checks
	s.ChecksMet += o.ChecksMet
	s.Sent += o.Sent
	s.Received += o.Received
}

// Reset empties s but keeps its memory for the next samples.
func (s *Stats) Reset() {
	met, late, failed := s.Met, s.Late, s.Failed
	met.Reset()
	late.Reset()
	failed.Reset()
	*s = Stats{Met: met, Late: late, Failed: failed}
}

// Merge adds o to g. o is unchanged.
func (g *Group) Merge(o *Group) {
	if o.Count() == 0 {
		return
	}
	g.Response.Merge(&o.Response)
	g.ResponseLessLag.Merge(&o.ResponseLessLag)
	g.Service.Merge(&o.Service)
	g.Lag.Merge(&o.Lag)
	g.Connect.Merge(&o.Connect)
	g.TLS.Merge(&o.TLS)
	g.FirstByte.Merge(&o.FirstByte)
}

// Reset empties g but keeps its memory.
func (g *Group) Reset() {
	g.Response.Reset()
	g.ResponseLessLag.Reset()
	g.Service.Reset()
	g.Lag.Reset()
	g.Connect.Reset()
	g.TLS.Reset()
	g.FirstByte.Reset()
}

// Population is which groups a time metric looks at.
type Population int

const (
	PopulationOK     Population = iota // Met and Late
	PopulationFailed                   // Late and Failed
	PopulationAny
)

// Pool merges the groups of a population into one. Where that is a single
// non-empty group it is returned itself: treat the result as read-only.
func (s *Stats) Pool(p Population) *Group {
	var parts []*Group
	if p != PopulationFailed {
		parts = append(parts, &s.Met)
	}
	if p != PopulationOK {
		parts = append(parts, &s.Failed)
	}
	parts = append(parts, &s.Late)
	var only *Group
	for _, g := range parts {
		if g.Count() > 0 {
			if only != nil {
				return merged(parts)
			}
			only = g
		}
	}
	if only == nil {
		return &Group{}
	}
	return only
}

func merged(parts []*Group) *Group {
	g := &Group{}
	for _, p := range parts {
		g.Merge(p)
	}
	return g
}

// Select merges the cells that keep accepts into one Stats.
func (r *Record) Select(keep func(*Cell) bool) *Stats {
	s := &Stats{}
	for _, c := range r.Cells {
		if c.Total() > 0 && keep(c) {
			s.Merge(&c.Stats)
		}
	}
	return s
}

// Judged merges the cells of one request outside warm-up.
func (r *Record) Judged(request int) *Stats {
	return r.Select(func(c *Cell) bool { return !c.Warmup && c.Request == request })
}

// Totals merges all cells outside warm-up.
func (r *Record) Totals() *Stats {
	return r.Select(func(c *Cell) bool { return !c.Warmup })
}

// WarmupRequests is how many requests were kept out of every table.
func (r *Record) WarmupRequests() int64 {
	return r.Select(func(c *Cell) bool { return c.Warmup }).Total()
}

// A Span is a part of the run.
type Span struct{ From, To time.Duration }

// JudgedSpans is the judged time, as disjoint spans in order: the union of the
// stages that are not warm-up and that keep accepts (nil: all).
func (r *Record) JudgedSpans(keep func(scenario, stage int) bool) []Span {
	var spans []Span
	for i, sc := range r.Scenarios {
		for k, st := range sc.Stages {
			if !st.Warmup && st.End > st.Start && (keep == nil || keep(i, k)) {
				spans = append(spans, Span{st.Start, st.End})
			}
		}
	}
	return union(spans)
}

// JudgedTime is the length of JudgedSpans: what rates are over.
func (r *Record) JudgedTime(keep func(scenario, stage int) bool) time.Duration {
	var d time.Duration
	for _, s := range r.JudgedSpans(keep) {
		d += s.To - s.From
	}
	return d
}
