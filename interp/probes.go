package interp

import (
	"context"
	"time"

	"bossplan/interp/probe"
	"bossplan/interp/record"
	"bossplan/plan"
)

// lastSample is how long the end of a run waits for the probes' last samples: a
// server that hangs must not keep the reports from being written.
const lastSample = 5 * time.Second

// hurriedSample is the same for a run that was interrupted: whoever did that
// may kill it soon.
const hurriedSample = time.Second

// runningProbes are the probes beside a run.
type runningProbes struct {
	set    *probe.Set
	ending chan struct{}
	ended  chan struct{}
	cancel context.CancelFunc
}

// startProbes takes the first samples. The probes go on when ctx is cancelled:
// how the server comes out of an interrupted load is of interest too.
func startProbes(ctx context.Context, probes []*plan.Probe, epoch time.Time) (*runningProbes, error) {
	set, err := probe.New(probes, epoch)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	p := &runningProbes{set: set, ending: make(chan struct{}), ended: make(chan struct{}), cancel: cancel}
	go func() {
		set.Run(ctx, p.ending)
		close(p.ended)
	}()
	return p, nil
}

// finish takes the last samples, which count as those of the load's end. It
// does without those that take longer than patience, or than kill lets it wait.
func (p *runningProbes) finish(end, patience time.Duration, kill <-chan struct{}) []record.Probe {
	close(p.ending)
	select {
	case <-p.ended:
	case <-time.After(patience):
	case <-kill:
	}
	p.cancel()
	<-p.ended
	probes := p.set.Snapshot()
	for _, probe := range probes {
		for _, g := range probe.Gauges {
			if n := len(g.Times); n > 0 {
				g.Times[n-1] = min(g.Times[n-1], end)
			}
		}
	}
	return probes
}

// loadEnd is when the last stage ended.
func loadEnd(r *record.Record) time.Duration {
	var end time.Duration
	for _, sc := range r.Scenarios {
		for _, st := range sc.Stages {
			end = max(end, st.End)
		}
	}
	return end
}
