// Package interp is the interpreter: it compiles a plan into an execution graph,
// runs the graph against real servers, and judges what was measured.
//
//	Plan ──Compile──► Graph ──Run──► Record ──Judge──► Verdict
//
// Compile and Judge are pure. Run takes time and the network, and nothing from
// a terminal or a file but the certificates that the plan names. The parts are
// packages of their own below this one: expr, graph, guard, wire, engine, record,
// metric, probe, judge. carriage.go chooses how requests are carried.
package interp

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/hashicorp/hcl/v2"

	"bossplan/interp/engine"
	"bossplan/interp/graph"
	"bossplan/interp/judge"
	"bossplan/interp/record"
	"bossplan/interp/wire"
	"bossplan/plan"
)

// Compile makes the execution graph of a plan that was loaded without errors.
func Compile(p *plan.Plan, o graph.Options) (*graph.Graph, hcl.Diagnostics) {
	return graph.Compile(p, o)
}

// Judge says what a record means for the thresholds of a graph's plan. It is a
// pure function of the two.
func Judge(g *graph.Graph, r *record.Record) record.Verdict { return judge.Judge(g, r) }

// An Observer sees a run while it goes on. Its methods are called from one
// goroutine at a time and must not keep the record; the load does not wait for
// them.
type Observer interface {
	// Begin is called once before anything is sent.
	Begin(*record.Record)
	// Second is called after every second, with the state of each threshold
	// over what was measured so far.
	Second(*record.Record, *record.Second, []record.Status)
}

// Options say how a graph is run.
type Options struct {
	Run            record.Run    // the run's identity; Started, Ended and State are filled in
	Observer       Observer      // may be nil
	Guards         []*plan.Guard // of the plan, those whose hosts are loaded: their abort rules hold
	Gate           wire.Gate     // nil: every target may be loaded
	Transport      string        // as wire.Choose takes it: "auto" (also ""), "io_uring", "epoll" or "std"
	SkipPreflight  bool          // go on even if a host cannot be reached
	Kill           <-chan struct{}
	InterruptGrace time.Duration // how long requests may go on after ctx was cancelled
}

// Run carries out the graph and returns what it measured. It ends by itself, or
// early but in order when ctx is cancelled; closing Kill ends it at once. The
// record is complete in every case. The error is about what makes a run
// impossible before it begins, such as a certificate that cannot be read.
func Run(ctx context.Context, g *graph.Graph, o Options) (*record.Record, error) {
	r := &record.Record{Run: o.Run}
	r.Run.Started = time.Now().UTC()
	carried := newCarriage(g, o.Transport)
	hosts, err := wireHosts(g, r, carried, o.Gate)
	if err != nil {
		return nil, err
	}
	engine.Prepare(g, r)
	if !o.SkipPreflight {
		if fault := preflight(ctx, g, hosts, r, o.Gate); fault != "" {
			neverBegan(ctx, r, record.StateUnreachable, fault)
			return r, nil
		}
	}
	data, fault := readData(ctx, g, hosts, r)
	if fault != "" {
		neverBegan(ctx, r, record.StateUnready, fault)
		return r, nil
	}
	// What opening connections and asking for data took is not part of the run.
	epoch := time.Now()
	r.Run.Started = epoch.UTC()
	probes, err := startProbes(ctx, g.Plan.Probes, o.Gate, epoch)
	if err != nil {
		return nil, err
	}
	if o.Observer != nil {
		o.Observer.Begin(r)
	}
	watcher := judge.NewWatcher(g, o.Guards)
	err = engine.Run(ctx, g, r, engine.Options{
		Hosts:          hosts,
		Data:           data,
		Transport:      func(epoch time.Time) (engine.Transport, error) { return wire.New(epoch, carried.wanted) },
		Tied:           wire.Tied(carried.wanted),
		Aside:          carried.aside,
		Capacity:       wire.Capacity(carried.wanted),
		Epoch:          epoch,
		Kill:           o.Kill,
		InterruptGrace: o.InterruptGrace,
		Second: func(r *record.Record, s *record.Second) *record.Abort {
			r.Probes = probes.set.Snapshot()
			abort := watcher.Second(r, s)
			r.Broken = watcher.Broken()
			if o.Observer != nil {
				o.Observer.Second(r, s, watcher.States())
			}
			return abort
		},
	})
	patience := lastSample
	if r.Run.State == record.StateInterrupted {
		patience = hurriedSample
	}
	r.Probes = probes.finish(loadEnd(r), patience, o.Kill)
	if err != nil {
		return nil, err
	}
	return r, nil
}

// neverBegan makes r the record of a run that could not begin.
func neverBegan(ctx context.Context, r *record.Record, state record.State, why string) {
	r.Run.State, r.Run.StateDetail = state, why
	if ctx.Err() != nil {
		// What was cut off says nothing of the host.
		r.Run.State, r.Run.StateDetail = record.StateInterrupted, ""
	}
	r.Run.Ended = time.Now().UTC()
}

// wireHosts makes the graph's hosts ready for exchanges and notes them in the
// record.
func wireHosts(g *graph.Graph, r *record.Record, carried carriage, gate wire.Gate) ([]*wire.Host, error) {
	var hosts []*wire.Host
	for i, h := range g.Hosts {
		w, err := wire.NewHost(h.Plan)
		if err != nil {
			return nil, err
		}
		w.Gate = gate
		hosts = append(hosts, w)
		r.Run.Hosts = append(r.Run.Hosts, record.Host{
			Address: "host." + h.Plan.Name, BaseURL: h.Plan.BaseURL.String(), Transport: carried.choices[i].Transport,
		})
	}
	return hosts, nil
}

// preflight opens one connection to every host, those of probes included, and
// sends nothing. It says which host cannot be reached and why, or nothing.
func preflight(ctx context.Context, g *graph.Graph, hosts []*wire.Host, r *record.Record, gate wire.Gate) string {
	checked := map[*plan.Host]bool{}
	check := func(p *plan.Host, w *wire.Host) string {
		if checked[p] {
			return ""
		}
		checked[p] = true
		fault := wire.Preflight(ctx, w)
		if fault == nil {
			return ""
		}
		noteRefusal(r, fault)
		return fmt.Sprintf("%s at %s: %s", p.Address(), net.JoinHostPort(w.URL.Hostname(), port(w)), fault.Message)
	}
	for i, w := range hosts {
		if fault := check(g.Hosts[i].Plan, w); fault != "" {
			return fault
		}
	}
	for _, p := range g.Plan.Probes {
		w, err := wire.NewHost(p.Host)
		if err != nil {
			continue // the probe cannot start, and says so itself
		}
		w.Gate = gate
		if fault := check(p.Host, w); fault != "" {
			return p.Address() + ": " + fault
		}
	}
	return ""
}

func port(h *wire.Host) string {
	if p := h.URL.Port(); p != "" {
		return p
	}
	if h.URL.Scheme == "https" {
		return "443"
	}
	return "80"
}
