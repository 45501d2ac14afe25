package engine

import (
	"maps"
	"math"
	"slices"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/record"
)

// The collector takes the loops' intervals once a second, merges them into the
// record and lets the hook look at it.
type collector struct {
	graph    *graph.Graph
	record   *record.Record
	loops    []*loop
	epoch    time.Time
	hook     func(*record.Record, *record.Second) *record.Abort
	timeline *timeline
	aborted  chan struct{} // closed when the hook wants the end

	second  record.Second
	cells   []*record.Cell // of the second, by number; nil where never touched
	touched []int          // the numbers of second.Cells
	errors  map[errorGroup]int
	windows *windowBook
	silence *silence
	most    []int // users of the second at most, by scenario
	gauge   busyGauge
}

// errorGroup is what a row of errors has in common.
type errorGroup struct {
	request       int // of a hook's request: -1 - its number
	kind, message string
	warmup        bool
}

func newCollector(g *graph.Graph, r *record.Record, loops []*loop, o Options) *collector {
	return &collector{
		graph: g, record: r, loops: loops, epoch: o.Epoch, hook: o.Second,
		timeline: newTimeline(r),
		aborted:  make(chan struct{}),
		cells:    make([]*record.Cell, g.NumCells),
		errors:   map[errorGroup]int{},
		windows:  newWindowBook(g),
		silence:  newSilence(g),
		most:     make([]int, len(g.Scenarios)),
		gauge:    newBusyGauge(len(loops), r.Generator.Cores, o),
	}
}

// run collects every second until finished is closed, and then what is left.
func (c *collector) run(finished <-chan struct{}) {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			for _, l := range c.loops {
				l.swap.Store(true)
				l.transport.Wake()
			}
			c.begin()
			for _, l := range c.loops {
				if iv, ok := <-l.intervals; ok {
					c.take(l, iv)
				}
			}
			c.abort(c.finish())
		case <-finished:
			// Every loop sends its last interval, perhaps after one that is
			// still on its way, and closes the channel.
			c.begin()
			for _, l := range c.loops {
				for iv := range l.intervals {
					c.take(l, iv)
				}
			}
			_ = c.finish() // an abort rule can stop nothing any more
			c.windows.closeAll(c.record)
			return
		}
	}
}

// begin empties the second.
func (c *collector) begin() {
	for _, cell := range c.second.Cells {
		cell.Reset()
	}
	c.second = record.Second{Cells: c.second.Cells[:0], Start: c.second.End}
	c.touched = c.touched[:0]
	clear(c.most)
	c.silence.begin()
	c.windows.oldest = math.MaxInt64
}

// take merges a loop's interval and gives it back.
func (c *collector) take(l *loop, iv *interval) {
	for _, number := range iv.touched {
		c.secondCell(number).Merge(&iv.cells[number].Stats)
	}
	c.takeErrors(iv)
	c.takeScenarios(iv)
	c.takeCounts(iv)
	c.windows.take(iv)
	c.silence.take(iv)
	c.gauge.take(l.id, iv)
	c.record.Generator.Exchanges += iv.exchanges
	c.second.Point.InFlight += iv.inFlight
	c.record.Generator.Held += iv.heldCount
	c.record.Generator.HeldTime += iv.heldTime
	c.record.Generator.LostErrors += iv.lost
	iv.reset()
	select {
	case l.spare <- iv:
	default: // the loop has ended and needs none
	}
}

// secondCell is a cell of the second.
func (c *collector) secondCell(number int) *record.Cell {
	cell := c.cells[number]
	if cell == nil {
		of := c.record.Cells[number]
		cell = &record.Cell{Scenario: of.Scenario, Stage: of.Stage, Request: of.Request, Warmup: of.Warmup}
		c.cells[number] = cell
	}
	if cell.Total() == 0 {
		c.second.Cells = append(c.second.Cells, cell)
		c.touched = append(c.touched, number)
	}
	return cell
}

func (c *collector) takeErrors(iv *interval) {
	r := c.record
	for _, k := range slices.SortedFunc(maps.Keys(iv.errors), errorKey.compare) {
		n := iv.errors[k]
		g := errorGroup{request: k.cell, kind: k.kind, message: k.text()}
		list := &r.Errors
		if k.cell < 0 {
			list = &r.Setup[-1-k.cell].Errors
		} else {
			g.request, g.warmup = r.Cells[k.cell].Request, r.Cells[k.cell].Warmup
		}
		i, ok := c.errors[g]
		if !ok {
			if len(c.errors) >= maxErrorKinds {
				if k.cell >= 0 {
					r.Generator.LostErrors += n.count
				}
				continue
			}
			i = len(*list)
			c.errors[g] = i
			*list = append(*list, record.Error{
				Request: max(g.request, -1-g.request), Kind: g.kind, Message: g.message, Warmup: g.warmup, First: n.first,
			})
		}
		e := &(*list)[i]
		e.Count += n.count
		e.First, e.Last = min(e.First, n.first), max(e.Last, n.last)
	}
}

// takeCounts adds up what is counted beside the cells.
func (c *collector) takeCounts(iv *interval) {
	for i, n := range iv.checks {
		c.record.Checks[i].Made += n.made
		c.record.Checks[i].Met += n.met
	}
	for i := range iv.hooks {
		s := &c.record.Setup[i]
		s.Count += iv.hooks[i].count
		s.Failed += iv.hooks[i].failed
		s.Response.Merge(&iv.hooks[i].response)
	}
	for i, n := range iv.spent {
		d := &c.record.Data[i]
		if n.stopped > 0 && (d.Stopped == 0 || n.first < d.First) {
			d.First = n.first
		}
		d.Stopped += n.stopped
	}
}

func (c *collector) takeScenarios(iv *interval) {
	for i := range iv.scenarios {
		n := &iv.scenarios[i]
		s := &c.record.Scenarios[i]
		s.Iterations.Started += n.started
		s.Iterations.Completed += n.completed
		s.Iterations.Dropped += n.dropped
		s.Iterations.Unfinished += n.unfinished
		c.second.Point.Started += n.sent
		for k, st := range n.stages {
			s.Stages[k].UserTime += st.userTime.Seconds()
			if s.Open {
				s.Iterations.Planned += st.planned
				s.Stages[k].PlannedIterations += float64(st.planned)
				s.Stages[k].StartedIterations += st.started
				s.Stages[k].DroppedIterations += st.dropped
			}
		}
		c.second.Point.Users += n.users
		c.second.Point.Dropped += n.dropped
		c.most[i] += n.maxUsers
		c.silence.most[i] += n.maxWorks
	}
}

// abort has the run end, if that is wanted for the first time.
func (c *collector) abort(a *record.Abort) {
	if a != nil && c.record.Abort == nil {
		c.record.Abort = a
		close(c.aborted)
	}
}

// finish brings the record up to the moment and shows it to the hook, which may
// want the end.
func (c *collector) finish() *record.Abort {
	r := c.record
	now := time.Since(c.epoch)
	c.second.End = now
	c.timeline.fill(r, now)
	for i, s := range c.graph.Scenarios {
		sc := &r.Scenarios[i]
		sc.Users.Max = max(sc.Users.Max, c.most[i])
		for k := range sc.Stages {
			if st := &sc.Stages[k]; !sc.Open && st.End > st.Start {
				st.PlannedUserTime = s.Levels[k].Area(st.End - st.Start)
			}
		}
	}
	for i, number := range c.touched {
		r.Cells[number].Merge(&c.second.Cells[i].Stats)
	}
	c.point()
	c.windows.closeOld(r)
	c.silence.finish(r, c.second.Cells, now)
	if c.hook == nil {
		return nil
	}
	return c.hook(r, &c.second)
}

// point sums the second up for the series.
func (c *collector) point() {
	p := &c.second.Point
	p.Warmup = len(c.second.Cells) > 0
	var response, lag record.Histogram
	for _, cell := range c.second.Cells {
		p.Warmup = p.Warmup && cell.Warmup
		response.Merge(&cell.Met.Response)
		response.Merge(&cell.Late.Response)
		for _, g := range []*record.Group{&cell.Met, &cell.Late, &cell.Failed} {
			lag.Merge(&g.Lag)
		}
		p.Completed += cell.Completed()
		p.Failed += cell.FailedCompleted()
		p.Sent += cell.Sent
		p.Received += cell.Received
	}
	h := &response
	p.P50, p.P95, p.P99, p.Max = millis(h, 50), millis(h, 95), millis(h, 99), millis(h, 100)
	p.LagP99 = millis(&lag, 99)
	p.At = c.second.End
	c.gauge.finish(&c.record.Generator, p, record.Span{From: c.second.Start, To: c.second.End})
	c.record.Series.Append(*p, c.requestPoints())
}

// requestPoints is each request's part of the point.
func (c *collector) requestPoints() []record.RequestPoint {
	cells := make([][]*record.Cell, len(c.record.Requests))
	for _, cell := range c.second.Cells {
		cells[cell.Request] = append(cells[cell.Request], cell)
	}
	points := make([]record.RequestPoint, len(cells))
	for i, of := range cells {
		points[i] = requestPoint(of)
	}
	return points
}

// requestPoint sums the cells of one request up. Mostly there is one.
func requestPoint(cells []*record.Cell) record.RequestPoint {
	s := &record.Stats{}
	if len(cells) == 1 {
		s = &cells[0].Stats
	} else {
		for _, cell := range cells {
			s.Merge(&cell.Stats)
		}
	}
	h := &s.Pool(record.PopulationOK).Response
	return record.RequestPoint{Completed: s.Completed(), Failed: s.FailedCompleted(), P50: millis(h, 50), P95: millis(h, 95)}
}

// millis is a percentile in ms, NaN where nothing was counted.
func millis(h *record.Histogram, q float64) float64 {
	if h.Count() == 0 {
		return math.NaN()
	}
	return float64(h.Quantile(q)) / 1000
}
