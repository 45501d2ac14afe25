package engine

import (
	"sync"
	"time"

	"bossplan/interp/record"
)

// A timeline is when stages began and ended, or will as far as that is known.
// The conductor writes it, the collector reads it.
type timeline struct {
	mu     sync.Mutex
	stages [][]span
}

type span struct {
	begun, ends bool // is start, is end known
	cut         bool // end is not where it would have ended by itself
	start, end  time.Duration
}

func newTimeline(r *record.Record) *timeline {
	t := &timeline{}
	for _, s := range r.Scenarios {
		t.stages = append(t.stages, make([]span, len(s.Stages)))
	}
	return t
}

// begin notes that a stage begins, and with it that the one before ends.
func (t *timeline) begin(scenario, stage int, at time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	st := t.stages[scenario]
	st[stage] = span{begun: true, start: at}
	if stage > 0 {
		st[stage-1].ends, st[stage-1].end = true, at
	}
}

// end notes that the scenario ends at a moment, where cut is set before its
// time, and that stages which would have begun later never do.
func (t *timeline) end(scenario int, at time.Duration, cut bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for k := range t.stages[scenario] {
		st := &t.stages[scenario][k]
		switch {
		case st.start >= at:
			*st = span{}
		case st.begun && (!st.ends || st.end > at):
			st.ends, st.end, st.cut = true, at, cut
		}
	}
}

// fill writes what has happened by a moment into the record's stages.
func (t *timeline) fill(r *record.Record, now time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, stages := range t.stages {
		for k, s := range stages {
			st := &r.Scenarios[i].Stages[k]
			st.Start, st.End, st.Ended = 0, 0, false
			if !s.begun || s.start > now {
				continue
			}
			st.Start, st.End = s.start, now
			if s.ends && s.end <= now {
				st.End, st.Ended = s.end, !s.cut
			}
		}
	}
}
