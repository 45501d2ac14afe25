package engine

import (
	"fmt"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/wire"
	"bossplan/plan"
)

// An iteration is a flow: its requests in order, one after another.
//
//	begin ─► proceed ─► approach ─► request ─► launch ─► … ─► finish ─┐
//	            ▲        its pause   max_rate   connection             │
//	            └───────────────────────────── goOn ◄──────────────────┘
//	                                              └─► complete
//
// The first request is due when the iteration is, a later one when the one
// before has ended, its pause added. What `when` passes over is neither sent nor
// counted.
//
// An iteration is started as soon as it has begun, except while max_rate holds
// its first request back: that is not due before it is let go. When the scenario
// ends, a request in flight may come to its end and no further one starts; the
// iteration is completed then, since of what it did nothing is missing. Only one
// whose request is cut off is unfinished, so there are as many unfinished
// iterations as unfinished requests.

// maxRepeat bounds how often a request is sent in a row.
const maxRepeat = 1_000_000

// begin starts the iteration that was due at u.due.
func (u *user) begin(f *graph.Flow) {
	u.home = u.scenario.stageAt(u.due)
	u.begun = false
	u.frame.Iteration++
	u.follow(f)
}

// follow begins a flow, a hook's too. Its first request is due at u.due.
func (u *user) follow(f *graph.Flow) {
	u.flow, u.step, u.left = f, -1, 0
	u.failed, u.idle = false, false
	u.stage = u.scenario.stageAt(u.due)
	u.scenario.busy++
	u.scenario.loop.isBusy(u)
	u.proceed(u.due)
}

// counted reports whether what the user is at is load.
func (u *user) counted() bool { return u.flow.Plan.Hook == plan.HookNone }

// proceed comes to the next request of the flow, or to the flow's end, at a
// moment.
func (u *user) proceed(now time.Duration) {
	for u.left == 0 {
		if u.step++; u.step == len(u.flow.Steps) {
			u.complete(now)
			return
		}
		n, err := u.times()
		if err != nil {
			u.misfire(err)
			return
		}
		u.left = n
	}
	u.left--
	u.approach()
}

// times is how often the request that the user has come to is to be sent.
func (u *user) times() (int64, *wire.Error) {
	req := u.compiled()
	for _, i := range req.Rows {
		if u.frame.Rows[i] < 0 {
			rng := req.Plan.DeclRange
			return 0, &wire.Error{Kind: "expression", Message: fmt.Sprintf("%s:%d: %s has no more rows",
				rng.Filename, rng.Start.Line, u.scenario.loop.graph.Data[i].Plan.Address())}
		}
	}
	if req.When != nil {
		if send, err := req.When.Bool(&u.frame); err != nil || !send {
			return 0, evaluationError(err, req.When)
		}
	}
	if req.Repeat == nil {
		return 1, nil
	}
	n, err := req.Repeat.Int(&u.frame)
	if err == nil && (n < 0 || n > maxRepeat) {
		err = fmt.Errorf("repeat must be between 0 and %d", maxRepeat)
	}
	return n, evaluationError(err, req.Repeat)
}

// misfire is a request that failed because it cannot be said whether it was to
// be sent.
func (u *user) misfire(err *wire.Error) {
	l := u.scenario.loop
	now := l.now()
	u.start()
	u.call = l.calls.take(u)
	u.call.exchange.Outcome = unsent(err, now)
	u.started = now
	u.conclude()
	u.goOn(now)
}

// approach makes the pause before the request.
func (u *user) approach() {
	pause := drawWait(u.compiled().Plan.Pause, u.frame.Rand)
	if u.idle {
		pause += unsentPause
	}
	if pause == 0 {
		u.request()
		return
	}
	u.enter()
	u.state = pausing
	u.due += pause
	u.ready += pause
	u.wakeAt(max(u.due, u.ready))
}

// request sends the request, or lets max_rate hold it back.
func (u *user) request() {
	l := u.scenario.loop
	u.started = -1
	if wait := u.host().rate.admit(max(l.clock, u.due)); wait > 0 {
		u.state = held
		if u.counted() {
			l.interval.held(wait)
		}
		u.due = max(l.clock, u.due) + wait
		u.ready = u.due
		u.wakeAt(u.due)
		return
	}
	u.launch()
}

// launch sends the request, which is due now for good.
func (u *user) launch() {
	u.start()
	u.connect()
}

// start counts a request as made, and with the first one the iteration. If
// max_rate held it, it is perhaps of a later stage than it would have been.
func (u *user) start() {
	first := !u.begun
	u.enter()
	u.stage = u.scenario.stageAt(u.due)
	if first {
		u.home = u.stage
	}
	if u.counted() {
		u.scenario.counts().sent++
	}
}

// enter counts the iteration as started.
func (u *user) enter() {
	if !u.begun && u.counted() {
		u.scenario.iterationStarted(u)
	}
	u.begun = true
}

// goOn goes on with the flow after a request that ended at now.
func (u *user) goOn(now time.Duration) {
	u.due, u.ready = now, now
	stops := u.failed && u.flow.Plan.OnFailure != plan.FailureContinues
	switch {
	case stops:
		u.complete(now)
	case u.scenario.over && u.flow.Plan.Hook != plan.HookStop:
		if u.left == 0 && u.step == len(u.flow.Steps)-1 {
			u.step++ // nothing of the flow is missing
		}
		u.complete(now)
	default:
		u.proceed(now)
	}
}

// complete ends the flow.
func (u *user) complete(now time.Duration) {
	u.state = resting
	u.scenario.loop.notBusy(u)
	u.scenario.busy--
	if !u.counted() {
		u.hooked(now)
		return
	}
	u.idle = u.idle || !u.begun
	u.enter()
	u.scenario.iterationCompleted(u, now)
}
