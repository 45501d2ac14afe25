package engine

import (
	"cmp"
	"net/http"
	"strconv"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/interp/wire"
)

// An interval is what one loop writes down between two readings by the
// collector. It belongs to the loop until it is handed over, and to the
// collector until it is given back.
type interval struct {
	graph     *graph.Graph
	windows   []*windowed // thresholds with a window
	cells     []*record.Cell
	touched   []int        // cells with samples
	checks    []checkCount // by number
	hooks     []hookCount  // by number
	spent     []spentCount // by number of the data
	scenarios []scenarioCounts
	errors    map[errorKey]*errorCount
	lost      int64 // errors that were not grouped because there are too many kinds
	open      map[windowKey]*windowStats
	recent    []recent // the last window of each threshold that has windows, and of each of its requests

	completed   int64         // requests that came to an end
	first, last time.Duration // of those ends
	inFlight    int           // at the end of the interval
	oldest      time.Duration // nothing that was due before is outstanding then
	heldCount   int64
	heldTime    time.Duration
	exchanges   int64  // that came to an end, of on_start and on_stop too
	strain      strain // what the loop did in the interval
}

// scenarioCounts is what happened in a scenario during an interval.
type scenarioCounts struct {
	started, completed, dropped, unfinished int64
	sent                                    int64 // requests
	users, maxUsers                         int   // at its end, and at most
	maxWorks                                int   // of them, those whose on_start is behind them
	stages                                  []stageCounts
}

type stageCounts struct {
	userTime                  time.Duration
	planned, started, dropped int64
}

// maxErrorKinds bounds the groups of errors of an interval, and of a run: a
// server that words every error differently must not fill the memory.
const maxErrorKinds = 1000

// checkCount is how often a check was made outside of warm-up.
type checkCount struct{ made, met int64 }

// hookCount is what came of a request of on_start or on_stop.
type hookCount struct {
	count, failed int64
	response      record.Histogram
}

// spentCount is how many users or iterations the end of a data's rows stopped.
type spentCount struct {
	stopped int64
	first   time.Duration
}

type errorKey struct {
	cell    int // of a hook's request: -1 - its number
	status  int
	kind    string
	message string
}

// compare orders errors, so that a record does not depend on a map's order.
func (k errorKey) compare(o errorKey) int {
	return cmp.Or(cmp.Compare(k.cell, o.cell), cmp.Compare(k.kind, o.kind),
		cmp.Compare(k.status, o.status), cmp.Compare(k.message, o.message))
}

type errorCount struct {
	count       int64
	first, last time.Duration
}

func newInterval(g *graph.Graph) *interval {
	iv := &interval{
		graph:   g,
		windows: windowedThresholds(g),
		cells:   make([]*record.Cell, g.NumCells),
		errors:  map[errorKey]*errorCount{},
		open:    map[windowKey]*windowStats{},
		recent:  make([]recent, len(windowedThresholds(g))*len(g.Requests)),
		checks:  make([]checkCount, len(g.Checks)),
		hooks:   make([]hookCount, len(g.Hooks)),
		spent:   make([]spentCount, len(g.Data)),
	}
	for _, s := range g.Scenarios {
		iv.scenarios = append(iv.scenarios, scenarioCounts{stages: make([]stageCounts, len(s.Levels))})
	}
	return iv
}

// reset empties the interval and keeps its memory.
func (iv *interval) reset() {
	for _, c := range iv.touched {
		iv.cells[c].Reset()
	}
	iv.touched = iv.touched[:0]
	for i := range iv.scenarios {
		c := &iv.scenarios[i]
		clear(c.stages)
		*c = scenarioCounts{stages: c.stages}
	}
	clear(iv.checks)
	for i := range iv.hooks {
		h := &iv.hooks[i]
		h.response.Reset()
		*h = hookCount{response: h.response}
	}
	clear(iv.spent)
	clear(iv.errors)
	clear(iv.open)
	clear(iv.recent)
	iv.lost, iv.completed, iv.inFlight, iv.heldCount, iv.heldTime, iv.exchanges = 0, 0, 0, 0, 0, 0
}

// stats is where the samples of a cell go.
func (iv *interval) stats(cell int) *record.Stats {
	c := iv.cells[cell]
	if c == nil {
		c = &record.Cell{}
		iv.cells[cell] = c
	}
	if c.Total() == 0 {
		iv.touched = append(iv.touched, cell)
	}
	return &c.Stats
}

// sample writes down a request that came to an end.
func (iv *interval) sample(u *user, o *wire.Outcome, v *verdict) {
	cell := u.scenario.graph.Cell(u.stage, u.position())
	t := timesOf(u, o)
	iv.failed(cell, v, o.Done)
	s := iv.stats(cell)
	t.add(group(s, v.outcome))
	note(s, o, v)
	for _, w := range iv.windows {
		if w.cells[cell] {
			ws := iv.window(w, u)
			w.times(group(&ws.Stats, v.outcome), &t)
			note(&ws.Stats, o, v)
		}
	}
	if iv.completed == 0 {
		iv.first = o.Done
	}
	iv.first, iv.last = min(iv.first, o.Done), max(iv.last, o.Done)
	iv.completed++
}

// note adds what is counted of a request beside its times.
func note(s *record.Stats, o *wire.Outcome, v *verdict) {
	s.Sent += o.BytesSent
	s.Received += o.BytesReceived
	s.Checks += v.checks
	s.ChecksMet += v.met
}

// setup writes down a request of on_start or on_stop that came to an end.
func (iv *interval) setup(u *user, done time.Duration, v *verdict) {
	number := u.compiled().Index
	h := &iv.hooks[number]
	h.count++
	h.response.Record(micros(done - u.due))
	if v.outcome != met {
		h.failed++
	}
	iv.failed(-1-number, v, done)
}

// failed counts the reason of a failure, if it is one.
func (iv *interval) failed(cell int, v *verdict, at time.Duration) {
	if v.outcome != met {
		iv.failure(errorKey{cell: cell, kind: v.kind, message: v.message, status: v.status}, at)
	}
}

// check counts a check.
func (iv *interval) check(u *user, c *graph.Check, holds bool) {
	if u.scenario.graph.Plan.Stages[u.stage].Warmup {
		return
	}
	n := &iv.checks[c.Index]
	n.made++
	if holds {
		n.met++
	}
}

// spend notes that a user or an iteration was stopped because the rows of a data
// are used up.
func (iv *interval) spend(d *graph.Data, now time.Duration) {
	n := &iv.spent[d.Index]
	if n.stopped == 0 {
		n.first = now
	}
	n.stopped++
}

// unfinished writes down a request that the end of the run cut off.
func (iv *interval) unfinished(u *user, now time.Duration) {
	v := verdict{outcome: late, kind: "unfinished", message: "no answer when the run ended"}
	if u.started < 0 {
		v.message = "no free connection until the run ended"
	}
	if !u.counted() {
		iv.setup(u, now, &v)
		return
	}
	cell := u.scenario.graph.Cell(u.stage, u.position())
	t := timing{
		response: micros(now - u.due), lag: micros(u.lag(u.started)),
		service: -1, firstByte: -1, connect: -1, tls: -1,
	}
	iv.failed(cell, &v, now)
	s := iv.stats(cell)
	t.add(&s.Late)
	s.Unfinished++
	for _, w := range iv.windows {
		if w.cells[cell] {
			ws := iv.window(w, u)
			w.times(&ws.Late, &t)
			ws.Unfinished++
		}
	}
}

// held writes down that max_rate held a request back.
func (iv *interval) held(wait time.Duration) {
	iv.heldCount++
	iv.heldTime += wait
}

// planned counts a tick that fell due.
func (iv *interval) planned(s *scenarioLoop, stage int) {
	iv.scenarios[s.graph.Index].stages[stage].planned++
}

// lose counts a tick that is never started in the stage in which it fell due:
// one that waited for room is known to be lost only when its scenario has ended.
func (iv *interval) lose(s *scenarioLoop, stage int) {
	n := &iv.scenarios[s.graph.Index]
	n.dropped++
	n.stages[stage].dropped++
}

// dropped writes down a tick that was not started.
func (iv *interval) dropped(s *scenarioLoop, stage, request int, due time.Duration) {
	iv.lose(s, stage)
	cell := s.graph.Cell(stage, request)
	for _, w := range iv.windows {
		if w.cells[cell] {
			iv.due(w, s.loop.origins, due, s.graph.Requests[request].Index)
		}
	}
}

// failure counts an error in its group.
func (iv *interval) failure(k errorKey, at time.Duration) {
	e := iv.errors[k]
	if e == nil {
		if len(iv.errors) >= maxErrorKinds {
			if k.cell >= 0 {
				iv.lost++
			}
			return
		}
		e = &errorCount{first: at}
		iv.errors[k] = e
	}
	e.count++
	e.last = at
}

// text is the error's message.
func (k errorKey) text() string {
	if k.kind != "status" {
		return k.message
	}
	if name := http.StatusText(k.status); name != "" {
		return strconv.Itoa(k.status) + " " + name
	}
	return "status " + strconv.Itoa(k.status)
}

// lag is how late the generator was: from when the request was due, and nothing
// else in the way, to when it started; negative: it never did.
func (u *user) lag(started time.Duration) time.Duration {
	if started < 0 {
		return 0
	}
	return max(started-max(u.due, u.ready), 0)
}

type outcome int

const (
	met outcome = iota
	late
	failed
)

func group(s *record.Stats, o outcome) *record.Group {
	switch o {
	case met:
		return &s.Met
	case late:
		return &s.Late
	}
	return &s.Failed
}

// timing is one request's times in µs; a phase that was not reached is negative.
type timing struct {
	response, lag, service, firstByte, connect, tls int64
}

func timesOf(u *user, o *wire.Outcome) timing {
	t := timing{
		response: micros(o.Done - u.due), lag: micros(u.lag(max(u.started, o.Begun))),
		service: -1, firstByte: -1, connect: phase(o.Connect), tls: phase(o.TLS),
	}
	if o.Sent >= 0 {
		t.service = micros(o.Done - o.Sent)
		if o.FirstByte >= 0 {
			t.firstByte = micros(o.FirstByte - o.Sent)
		}
	}
	return t
}

// phase is how long a phase took in µs, or -1.
func phase(d time.Duration) int64 {
	if d < 0 {
		return -1
	}
	return micros(d)
}

// lessLag is the response time without the generator's part.
func (t *timing) lessLag() int64 { return t.response - t.lag }

func (t *timing) add(g *record.Group) {
	g.Response.Record(t.response)
	g.ResponseLessLag.Record(t.lessLag())
	g.Lag.Record(t.lag)
	recordPhase(&g.Service, t.service)
	recordPhase(&g.FirstByte, t.firstByte)
	recordPhase(&g.Connect, t.connect)
	recordPhase(&g.TLS, t.tls)
}

func recordPhase(h *record.Histogram, micros int64) {
	if micros >= 0 {
		h.Record(micros)
	}
}

// micros rounds to the nearest µs.
func micros(d time.Duration) int64 { return int64((d + 500) / time.Microsecond) }
