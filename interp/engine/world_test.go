package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/interp/wire"
	"bossplan/plan"
)

// compile makes the graph of a plan's text, with one host named api.
func compile(t testing.TB, text string) *graph.Graph {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "case.hcl")
	rows := "n\n"
	for i := range 1000 {
		rows += fmt.Sprintln(i)
	}
	if err := os.WriteFile(filepath.Join(dir, "rows.csv"), []byte(rows), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("host \"api\" { base_url = \"http://127.0.0.1:1\" }\n"+text), 0o644); err != nil {
		t.Fatal(err)
	}
	p, diags := plan.Load(file, plan.Inputs{})
	if diags.HasErrors() {
		t.Fatalf("the plan does not load: %v", diags)
	}
	g, diags := graph.Compile(p, graph.Options{Seed: 7})
	if diags.HasErrors() {
		t.Fatalf("the plan does not compile: %v", diags)
	}
	return g
}

// A sentLog is what all loops have sent.
type sentLog struct {
	mu    sync.Mutex
	sent  []sent
	delay func(target string) time.Duration // of the answer; nil: none; negative: it never comes
}

type sent struct {
	target string
	at     time.Duration
}

func (s *sentLog) targets() []string {
	var out []string
	for _, x := range s.sent {
		out = append(out, x.target)
	}
	slices.Sort(out)
	return out
}

// A fakeTransport answers 200 without a network.
type fakeTransport struct {
	epoch time.Time
	log   *sentLog
	wake  chan struct{}
	mu    sync.Mutex
	done  []*wire.Exchange
}

type fakeConn struct{}

func (fakeConn) Close() {}

func (f *fakeTransport) Open(*wire.Host) wire.Conn { return fakeConn{} }

func (f *fakeTransport) Start(_ wire.Conn, x *wire.Exchange) {
	now := time.Since(f.epoch)
	f.log.mu.Lock()
	f.log.sent = append(f.log.sent, sent{x.Target, now})
	f.log.mu.Unlock()
	var delay time.Duration
	if f.log.delay != nil {
		delay = f.log.delay(x.Target)
	}
	answer := func() {
		done := time.Since(f.epoch)
		x.Outcome = wire.Outcome{Begun: now, Connect: -1, TLS: -1, Sent: now, FirstByte: done, Done: done, Status: 200}
		f.mu.Lock()
		f.done = append(f.done, x)
		f.mu.Unlock()
		f.Wake()
	}
	switch {
	case delay == 0:
		answer()
	case delay > 0:
		time.AfterFunc(delay, answer)
	}
}

func (f *fakeTransport) Wait(done []*wire.Exchange, until time.Duration) []*wire.Exchange {
	timer := time.NewTimer(until - time.Since(f.epoch))
	defer timer.Stop()
	select {
	case <-f.wake:
	case <-timer.C:
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	done = append(done, f.done...)
	f.done = nil
	return done
}

func (f *fakeTransport) Wake() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *fakeTransport) Close() {}

// drive runs a graph on so many loops against nothing.
func drive(t *testing.T, g *graph.Graph, loops int, log *sentLog) *record.Record {
	t.Helper()
	hosts := make([]*wire.Host, len(g.Hosts))
	for i, h := range g.Hosts {
		hosts[i] = &wire.Host{URL: h.Plan.BaseURL}
	}
	data := make([]*expr.Dataset, len(g.Data))
	for i, d := range g.Data {
		data[i] = expr.NewDataset(d.Plan.Table)
	}
	r := &record.Record{}
	Prepare(g, r)
	err := runLoops(context.Background(), g, r, Options{
		Hosts: hosts, Data: data, Epoch: time.Now(),
		Transport: func(epoch time.Time) (Transport, error) {
			return &fakeTransport{epoch: epoch, log: log, wake: make(chan struct{}, 1)}, nil
		},
	}, loops)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Scenarios {
		i := s.Iterations
		if i.Started != i.Completed+i.Unfinished {
			t.Errorf("scenario %s: started %d, completed %d, unfinished %d", s.Name, i.Started, i.Completed, i.Unfinished)
		}
		if s.Open && i.Planned != i.Started+i.Dropped {
			t.Errorf("scenario %s: planned %d, started %d, dropped %d", s.Name, i.Planned, i.Started, i.Dropped)
		}
		var dropped int64
		for _, st := range s.Stages {
			dropped += st.DroppedIterations
		}
		if dropped != i.Dropped {
			t.Errorf("scenario %s: %d dropped, %d of them in stages", s.Name, i.Dropped, dropped)
		}
	}
	return r
}
