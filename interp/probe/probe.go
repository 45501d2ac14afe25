// Package probe reads server-side figures beside the load.
//
// Each probe has a goroutine and a connection of its own, so that nothing it
// does is counted as load or has to wait for it. An answer that does not come,
// or that is not what it should be, is a failure and leaves a gap: a figure
// that could not be read is never taken for 0.
package probe

import (
	"context"
	"fmt"
	"sync"
	"time"

	"bossplan/interp/record"
	"bossplan/interp/wire"
	"bossplan/plan"
)

// maxBody is the size in bytes of the largest answer a probe reads.
const maxBody = 1 << 20

// A Set is the probes of a run.
type Set struct{ samplers []*sampler }

// New prepares a plan's probes, which ask only what the gate lets through. All
// times of their samples count from epoch.
// An error means that a file of a host's tls block cannot be used, or that a
// probe's header has no value before the run.
func New(probes []*plan.Probe, gate wire.Gate, epoch time.Time) (*Set, error) {
	s := &Set{}
	for _, p := range probes {
		sampler, err := newSampler(p, gate, epoch)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.Address(), err)
		}
		s.samplers = append(s.samplers, sampler)
	}
	return s, nil
}

// Run samples every probe: at once, then at its interval, and once more when
// finish is closed, so that the last value is the end's. It returns when all
// that is done, which takes at most a probe's timeout twice after finish, or
// soon after ctx ends.
func (s *Set) Run(ctx context.Context, finish <-chan struct{}) {
	var all sync.WaitGroup
	for _, p := range s.samplers {
		all.Go(func() { p.run(ctx, finish) })
	}
	all.Wait()
}

// Snapshot is what the probes have seen so far, in the order of New. It may be
// called at any time and from any goroutine; what it returns is the caller's.
func (s *Set) Snapshot() []record.Probe {
	list := make([]record.Probe, len(s.samplers))
	for i, p := range s.samplers {
		list[i] = p.snapshot()
	}
	return list
}

// A sampler is one probe at work.
type sampler struct {
	plan    *plan.Probe
	epoch   time.Time
	host    *wire.Host
	request wire.Exchange // as it goes out each time
	session wire.Session

	mu     sync.Mutex
	seen   record.Probe // but for its gauges
	tracks []track
}

func newSampler(p *plan.Probe, gate wire.Gate, epoch time.Time) (*sampler, error) {
	host, err := wire.NewHost(p.Host)
	if err != nil {
		return nil, err
	}
	host.Gate = gate
	if p.Interval <= 0 {
		return nil, fmt.Errorf("the interval must be greater than zero, not %v", p.Interval)
	}
	s := &sampler{plan: p, epoch: epoch, host: host, seen: record.Probe{Address: p.Address()}}
	for _, g := range p.Gauges {
		s.tracks = append(s.tracks, track{gauge: record.Gauge{Name: g.Name, Counter: g.Counter}, stride: 1})
	}
	headers, err := headers(p)
	if err != nil {
		return nil, err
	}
	s.request = wire.Exchange{
		Method: p.Method, Target: target(p), Headers: headers, Timeout: p.Timeout,
		Session: &s.session, KeepBody: true, MaxBody: maxBody,
	}
	return s, nil
}

func (s *sampler) run(ctx context.Context, finish <-chan struct{}) {
	transport := wire.NewStd(s.epoch)
	defer transport.Close()
	stop := context.AfterFunc(ctx, transport.Close)
	defer stop()
	conn := transport.Open(s.host)
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	for next := time.Now(); ; {
		s.sample(ctx, transport, conn)
		// A slow answer skips ticks; it does not move them.
		next = next.Add(time.Since(next).Truncate(s.plan.Interval) + s.plan.Interval)
		timer.Reset(time.Until(next))
		select {
		case <-ctx.Done():
			return
		case <-finish:
			s.sample(ctx, transport, conn)
			return
		case <-timer.C:
		}
	}
}

// sample asks once and takes note of what came.
func (s *sampler) sample(ctx context.Context, transport *wire.Std, conn wire.Conn) {
	x := s.request
	begun := time.Since(s.epoch)
	transport.Start(conn, &x)
	for done := []*wire.Exchange(nil); len(done) == 0; {
		done = transport.Wait(done, begun+time.Hour)
	}
	if ctx.Err() != nil {
		return // what failed now failed because of us
	}
	values, err := s.evaluate(&x, x.Done-begun)
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, v := range values {
		if v != nil {
			s.tracks[i].add(x.Done, *v)
		}
	}
	// One in which any gauge could not be read has failed: each reading counts
	// once.
	if err != nil {
		s.seen.Failures++
		s.seen.LastError = err.Error()
		if x.Err != nil && x.Err.Kind == "guard" {
			s.seen.Refused++
		}
		return
	}
	s.seen.Samples++
}

// evaluate reads the gauges from an answer: nil for one that could not be read,
// no values at all where there is no answer to read. The error is the first.
func (s *sampler) evaluate(x *wire.Exchange, took time.Duration) ([]*float64, error) {
	if x.Err != nil {
		return nil, x.Err
	}
	if !s.plan.ExpectStatus.Contains(x.Status) {
		return nil, fmt.Errorf("unexpected status %d", x.Status)
	}
	answer := newAnswer(x, took)
	values := make([]*float64, len(s.plan.Gauges))
	var first error
	for i, g := range s.plan.Gauges {
		v, err := answer.read(g.Value)
		switch {
		case err == nil:
			values[i] = &v
		case first == nil:
			first = fmt.Errorf("gauge %q: %w", g.Name, err)
		}
	}
	return values, first
}

func (s *sampler) snapshot() record.Probe {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.seen
	for i := range s.tracks {
		p.Gauges = append(p.Gauges, s.tracks[i].snapshot())
	}
	return p
}
