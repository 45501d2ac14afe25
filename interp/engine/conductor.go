package engine

import (
	"context"
	"time"

	"bossplan/interp/graph"
)

// The conductor starts scenarios and stages and ends them. It works ahead: as
// soon as a moment is known the loops get it as a timer, so that a conductor
// that comes late does not make the load late.
type conductor struct {
	graph    *graph.Graph
	loops    []*loop
	epoch    time.Time
	grace    time.Duration // after an interruption
	kill     <-chan struct{}
	timeline *timeline
	events   chan func()
	states   []*scenarioState

	stopping    bool
	interrupted bool
}

// scenarioState is how far a scenario has come.
type scenarioState struct {
	graph     *graph.Scenario
	begun     bool
	stage     int         // the last one whose start is known
	stageLeft int         // loops that have not done its iterations yet
	timer     *time.Timer // the next thing to happen by time, nil if none
	left      int         // loops that are not drained
	ended     bool

	end, cutAt time.Duration // of its last stage and of the grace after it, once they are known; -1 before
}

func newConductor(g *graph.Graph, loops []*loop, tl *timeline, o Options) *conductor {
	c := &conductor{
		graph: g, loops: loops, epoch: o.Epoch, grace: o.InterruptGrace, kill: o.Kill, timeline: tl,
		events: make(chan func(), 64),
	}
	for _, s := range g.Scenarios {
		st := &scenarioState{graph: s, stage: -1, left: len(loops), end: -1, cutAt: -1}
		c.states = append(c.states, st)
		for _, l := range loops {
			sl := l.scenarios[s.Index]
			sl.stageDone = func(stage int) { c.events <- func() { c.loopDone(st, stage) } }
			sl.drained = func() { c.events <- func() { c.loopDrained(st) } }
		}
	}
	return c
}

// run returns when every scenario has ended, on whatever grounds. aborted tells
// it that an abort rule wants the end.
func (c *conductor) run(ctx context.Context, aborted <-chan struct{}) {
	c.startReady()
	interrupted, kill := ctx.Done(), c.kill
	for !c.allEnded() {
		select {
		case f := <-c.events:
			f()
		case <-interrupted:
			interrupted = nil
			c.interrupted = true
			c.stop(c.grace)
		case <-aborted:
			aborted = nil
			c.stop(farFuture)
		case <-kill:
			kill = nil
			c.interrupted = true
			c.stop(0)
		}
	}
	for _, l := range c.loops {
		l.post(func() { l.quit = true })
	}
}

func (c *conductor) now() time.Duration { return time.Since(c.epoch) }

func (c *conductor) allEnded() bool {
	for _, st := range c.states {
		if !st.ended {
			return false
		}
	}
	return true
}

// startReady begins every scenario whose predecessors have ended.
func (c *conductor) startReady() {
	for _, st := range c.states {
		if st.begun || c.stopping || !c.ready(st) {
			continue
		}
		st.begun = true
		c.startStage(st, 0, c.now()+st.graph.StartDelay)
	}
}

func (c *conductor) ready(st *scenarioState) bool {
	for _, before := range st.graph.After {
		if !c.states[before.Index].ended {
			return false
		}
	}
	return true
}

// startStage has the loops begin a stage, and goes on to the next one as long
// as the moments are known.
func (c *conductor) startStage(st *scenarioState, stage int, at time.Duration) {
	st.stage, st.stageLeft = stage, len(c.loops)
	c.timeline.begin(st.graph.Index, stage, at)
	for _, l := range c.loops {
		l.post(func() {
			sl := l.scenarios[st.graph.Index]
			l.timers.push(at, &stageStart{scenario: sl, stage: stage, at: at})
		})
	}
	end := at + st.graph.Levels[stage].Duration
	switch {
	case st.graph.Plan.Stages[stage].Iterations > 0:
		c.at(st, end, func() { c.endStage(st, stage, end) })
	case stage+1 == len(st.graph.Levels):
		c.endScenario(st, end)
	default:
		c.startStage(st, stage+1, end)
	}
}

// at runs f on the conductor's goroutine at a moment, in place of what was set
// for the scenario before.
func (c *conductor) at(st *scenarioState, at time.Duration, f func()) {
	if st.timer != nil {
		st.timer.Stop()
	}
	st.timer = time.AfterFunc(at-c.now(), func() { c.events <- f })
}

// loopDone hears that a loop has done its iterations of a stage.
func (c *conductor) loopDone(st *scenarioState, stage int) {
	if stage != st.stage || c.stopping {
		return
	}
	if st.stageLeft--; st.stageLeft == 0 {
		c.endStage(st, stage, c.now())
	}
}

// endStage ends a stage that lasts for a number of iterations.
func (c *conductor) endStage(st *scenarioState, stage int, at time.Duration) {
	if stage != st.stage || c.stopping {
		return
	}
	if stage+1 < len(st.graph.Levels) {
		c.startStage(st, stage+1, at)
		return
	}
	st.stage = len(st.graph.Levels) // nothing more is to be heard of this stage
	c.endScenario(st, at)
}

// endScenario has the loops start nothing from a moment on, and cut off what
// takes longer than the grace.
func (c *conductor) endScenario(st *scenarioState, at time.Duration) {
	c.endWith(st, at, st.graph.Plan.GracefulStop)
}

// endWith is endScenario with a grace of its own.
func (c *conductor) endWith(st *scenarioState, at, grace time.Duration) {
	st.end = at
	c.timeline.end(st.graph.Index, at, c.stopping)
	for _, l := range c.loops {
		l.post(func() {
			sl := l.scenarios[st.graph.Index]
			sl.end = at
			l.timers.push(at, &scenarioEnd{scenario: sl, at: at})
		})
	}
	c.cutAt(st, at+grace)
}

// cutAt sets the moment at which the grace is over.
func (c *conductor) cutAt(st *scenarioState, at time.Duration) {
	st.cutAt = at
	c.at(st, at, func() { c.cut(st) })
}

func (c *conductor) cut(st *scenarioState) {
	for _, l := range c.loops {
		l.post(func() { l.scenarios[st.graph.Index].cut(l.now()) })
	}
}

// loopDrained hears that nothing of a scenario is under way in a loop any more.
func (c *conductor) loopDrained(st *scenarioState) {
	if st.left--; st.left > 0 {
		return
	}
	st.ended = true
	st.timer.Stop()
	c.startReady()
}

// stop ends every scenario now, each with its own grace but no more than one
// given.
func (c *conductor) stop(grace time.Duration) {
	c.stopping = true
	now := c.now()
	for _, st := range c.states {
		switch {
		case st.ended:
		case !st.begun:
			st.ended = true
		case st.end >= 0 && st.end <= now:
			// In its grace already: it may get shorter, not longer.
			c.cutAt(st, min(st.cutAt, now+grace))
		default:
			c.endWith(st, now, min(grace, st.graph.Plan.GracefulStop))
		}
	}
}
