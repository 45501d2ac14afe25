package interp

import (
	"context"
	"slices"
	"time"

	"bossplan/interp/probe"
	"bossplan/interp/record"
	"bossplan/interp/wire"
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
func startProbes(ctx context.Context, probes []*plan.Probe, gate wire.Gate, epoch time.Time) (*runningProbes, error) {
	set, err := probe.New(probes, gate, epoch)
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

// finish takes the last samples and gives all of them, lined up with the load's
// end. It does without those that take longer than patience, or than kill lets
// it wait.
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
	closeGauges(probes, end)
	return probes
}

// closeGauges has the first sample after the load's end count as that of the
// end: nothing new was sent in between, and without it what happened since the
// sample before would be judged by nobody. Later ones, of the grace, stay out.
func closeGauges(probes []record.Probe, end time.Duration) {
	for _, probe := range probes {
		for _, g := range probe.Gauges {
			if i := slices.IndexFunc(g.Times, func(at time.Duration) bool { return at > end }); i >= 0 {
				g.Times[i] = end
			}
		}
	}
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
