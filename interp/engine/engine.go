// Package engine drives the load of an execution graph and measures it.
//
//	           ┌───────── conductor ─────────┐      scenarios, stages, the end
//	           ▼                             ▼
//	loop 0: users, timers, connections   loop 1: …   one per core
//	           │  a second's samples         │
//	           └────────► collector ◄────────┘      record, hooks
//
// A loop owns its users, their timers, connections, generators and histograms,
// so nothing is locked on the path of a request, and nothing is shared there but
// the rate of a host that has a max_rate. Which loop owns what follows from
// shares: user i and tick i belong to share i mod 64, shares are dealt to the
// loops, and all that a share does is a function of the seed. One loop or many
// send the same requests.
//
// Two clocks are kept for every request: when it was due and when it started.
// Time that passed in between because the generator was late is lag; time that
// passed because the server kept the user, the slot or the connection busy is
// the server's and counts into the response time.
//
// Read it in this order: loops.go (how many), loop.go with heap.go and queue.go,
// scenario.go, closed.go and open.go (who is due when), departure.go (the end of
// it), user.go, flow.go, hook.go and rows.go (what a user does), host.go with
// limiter.go (what may hold it back), call.go and render.go with multipart.go (a
// request on its way), answer.go, sample.go and window.go (what is written down),
// conductor.go with timeline.go, collector.go, and what it keeps: windowbook.go,
// silence.go, and busy.go with meter.go (what all this costs). fetch.go asks for
// data before the start.
package engine

import (
	"context"
	"runtime"
	"time"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/interp/wire"
	"bossplan/plan"
)

// A Transport carries the requests of one loop. All methods but Wake are called
// from that loop only.
type Transport interface {
	// Open makes a connection that is dialled when first used.
	Open(*wire.Host) wire.Conn
	// Start sends x on c and returns at once; Wait hands x back when it ended.
	Start(c wire.Conn, x *wire.Exchange)
	// Wait blocks until an exchange has ended, Wake was called or the clock
	// reads until, and appends all that have ended to done.
	Wait(done []*wire.Exchange, until time.Duration) []*wire.Exchange
	// Wake makes Wait return, now or the next time. Any goroutine may call it.
	Wake()
	// Close ends everything that is on its way.
	Close()
}

// Options are what a run needs besides its graph.
type Options struct {
	Hosts     []*wire.Host                             // as numbered by the graph
	Data      []*expr.Dataset                          // likewise; nil where nothing uses it
	Transport func(epoch time.Time) (Transport, error) // one is made for each loop
	Tied      bool                                     // transports work on the goroutine that calls them: loops get threads of their own
	Aside     bool                                     // but not for all hosts, or not at all: the loops' CPU is not all that requests cost
	Capacity  int                                      // connections that a transport may have open; 0: any number
	Epoch     time.Time                                // the run's start: zero of every duration in the record

	// Kill, once closed, ends the run at once: what is on its way is counted
	// as unfinished.
	Kill <-chan struct{}
	// InterruptGrace bounds how long requests may go on after the context was
	// cancelled; the scenarios' own graceful_stop bounds it too.
	InterruptGrace time.Duration
	// Second is called after every second with the record so far and what the
	// second added. What it returns, if not nil, stops the run. It is never
	// called twice at a time; the engine does not touch the record meanwhile,
	// and goes on sending however long it takes. May be nil.
	Second func(*record.Record, *record.Second) *record.Abort
}

// numShares is how finely users and ticks are dealt out. It does not depend on
// the machine, so the same seed means the same requests everywhere.
const numShares = 64

// minPerLoop is how much of a limit (max_in_flight, shared connections) each
// loop must get, so that splitting it does not make one loop wait while another
// has room.
const minPerLoop = 16

// Run carries out the graph and fills r, which [Prepare] laid out and which
// holds the run's identity already. It returns when everything has ended.
// Cancelling ctx ends the run early but in order, with r complete. The error is
// that of a transport that could not be made: then nothing has begun.
func Run(ctx context.Context, g *graph.Graph, r *record.Record, o Options) error {
	return runLoops(ctx, g, r, o, countLoops(g, o.Capacity))
}

// runLoops is Run with a number of loops.
func runLoops(ctx context.Context, g *graph.Graph, r *record.Record, o Options, n int) error {
	if o.Tied {
		defer makeRoom(n)()
	}
	loops, err := newLoops(g, o, n)
	if err != nil {
		return err
	}
	finished := make(chan struct{})
	col := newCollector(g, r, loops, o)
	con := newConductor(g, loops, col.timeline, o)
	go func() {
		con.run(ctx, col.aborted)
		close(finished)
	}()
	for _, l := range loops {
		go l.run()
	}
	col.run(finished)
	switch {
	case r.Abort != nil:
		r.Run.State = record.StateAborted
	case con.interrupted:
		r.Run.State = record.StateInterrupted
	default:
		r.Run.State = record.StateCompleted
	}
	r.Run.Ended = o.Epoch.Add(time.Since(o.Epoch)).UTC()
	return nil
}

// newLoops makes n loops, or none where one of them gets no transport.
func newLoops(g *graph.Graph, o Options, n int) ([]*loop, error) {
	rates := newLimiters(g)
	var loops []*loop
	for i := range n {
		transport, err := o.Transport(o.Epoch)
		if err != nil {
			for _, l := range loops {
				l.transport.Close()
			}
			return nil, err
		}
		loops = append(loops, newLoop(i, n, g, rates, o, transport))
	}
	return loops, nil
}

// Prepare lays out the record: everything that could happen has its place
// before it does.
func Prepare(g *graph.Graph, r *record.Record) {
	for _, req := range g.Requests {
		r.Requests = append(r.Requests, record.Request{
			Address: req.Plan.Address(), Name: req.Plan.Name, Method: req.Plan.Method,
		})
	}
	for _, hook := range g.Hooks {
		r.Setup = append(r.Setup, record.Setup{Hook: string(hook.Plan.Flow.Hook), Request: record.Request{
			Address: hook.Plan.Address(), Name: hook.Plan.Name, Method: hook.Plan.Method,
		}})
	}
	for _, check := range g.Checks {
		r.Checks = append(r.Checks, record.Check{Request: check.Request.Index, Name: check.Plan.Name})
	}
	for _, d := range g.Data {
		r.Data = append(r.Data, record.Data{Address: d.Plan.Address()})
	}
	r.Cells = make([]*record.Cell, g.NumCells)
	for _, s := range g.Scenarios {
		sc := record.Scenario{Name: s.Plan.Name, Open: s.Plan.Open()}
		sc.Iterations.Planned = plannedIterations(s.Plan)
		for k, st := range s.Plan.Stages {
			sc.Users.PlannedMax = max(sc.Users.PlannedMax, st.Users)
			sc.Stages = append(sc.Stages, record.Stage{Name: st.Name, Warmup: st.Warmup})
			for i, req := range s.Requests {
				r.Cells[s.Cell(k, i)] = &record.Cell{Scenario: s.Index, Stage: k, Request: req.Index, Warmup: st.Warmup}
			}
		}
		if sc.Open {
			sc.Users.PlannedMax = s.Plan.MaxInFlight
		}
		r.Scenarios = append(r.Scenarios, sc)
	}
	for _, w := range windowedThresholds(g) {
		r.Windows = append(r.Windows, record.Windows{Threshold: w.index, Width: w.threshold.Window})
	}
	r.Generator.Cores = runtime.GOMAXPROCS(0)
	r.Generator.Interpreted = g.Interpreted
	r.Run.State = record.StateCrashed
}

// plannedIterations is how many the plan asks for, or -1 where it is a level of
// users for a time. An open scenario's are counted as they fall due.
func plannedIterations(s *plan.Scenario) int64 {
	if s.Open() {
		return 0
	}
	var n int64
	for _, st := range s.Stages {
		if st.Iterations == 0 {
			return -1
		}
		n += st.Iterations
	}
	return n
}
