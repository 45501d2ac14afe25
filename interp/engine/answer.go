package engine

import (
	"errors"
	"fmt"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/wire"
)

// A verdict is what became of a request.
type verdict struct {
	outcome     outcome
	kind        string // of the failure; empty: none
	message     string
	status      int   // of kind "status"
	checks, met int64 // made, and of those met
}

// fail makes the request failed, for the first reason there is.
func (v *verdict) fail(kind, message string) {
	if v.kind == "" {
		v.outcome, v.kind, v.message = failed, kind, message
	}
}

// conclude judges the request that has ended and writes it down.
func (u *user) conclude() {
	l := u.scenario.loop
	o := &u.call.exchange.Outcome
	v := u.judge(o)
	u.failed = v.outcome != met
	u.idle = o.Sent < 0 && o.Err != nil
	if u.counted() {
		l.interval.sample(u, o, &v)
	} else {
		l.interval.setup(u, o.Done, &v)
	}
	l.calls.giveBack(u.call)
	u.call = nil
}

// judge says what became of the request: whether it was answered, with a status
// that was expected, and with what its checks and captures ask for.
func (u *user) judge(o *wire.Outcome) (v verdict) {
	req := u.compiled()
	if o.Err != nil {
		v.fail(o.Err.Kind, o.Err.Message)
		if o.Err.Kind == "timeout" {
			v.outcome = late
		}
		return v
	}
	if !req.Plan.ExpectStatus.Contains(o.Status) {
		v.fail("status", "")
		v.status = o.Status
	}
	if len(req.Checks)+len(req.Captures) > 0 {
		u.read(req, o, &v)
	}
	return v
}

// read makes the checks of a whole answer, whatever its status, and then, if it
// is what was expected, the captures.
func (u *user) read(req *graph.Request, o *wire.Outcome, v *verdict) {
	l := u.scenario.loop
	l.answer.Reset()
	l.answer.Status, l.answer.Header, l.answer.Body = o.Status, o.Header, o.ResponseBody
	l.answer.Time = o.Done - o.Begun
	u.frame.Answer = &l.answer
	for _, check := range req.Checks {
		holds, err := check.Condition.Bool(&u.frame)
		v.checks++
		switch {
		case err != nil:
			v.fail("check", fmt.Sprintf("check %s: %s", check.Plan.Name, err))
		case !holds:
			v.fail("check", "check "+check.Plan.Name)
		default:
			v.met++
		}
		if u.counted() {
			l.interval.check(u, check, err == nil && holds)
		}
	}
	if v.kind == "" {
		u.capture(req, v)
	}
	u.frame.Answer = nil
	l.answer.Reset()
}

// capture keeps the values that the answer gives. One that it does not give
// leaves the variable as it was.
func (u *user) capture(req *graph.Request, v *verdict) {
	for _, c := range req.Captures {
		value, err := c.Value.Value(&u.frame)
		switch {
		case errors.Is(err, expr.ErrNull):
			v.fail("capture", fmt.Sprintf("capture %s: the value is null", c.Plan.Name))
		case err != nil:
			v.fail("capture", fmt.Sprintf("capture %s: %s", c.Plan.Name, err))
		default:
			u.frame.Vars[c.Var] = value
		}
	}
}

// evaluationError is an error of an evaluator as it becomes one in the record;
// nil stays nil.
func evaluationError(err error, ev *expr.Evaluator) *wire.Error {
	if err == nil {
		return nil
	}
	var placed *expr.Error
	if errors.As(err, &placed) {
		return &wire.Error{Kind: "expression", Message: err.Error()}
	}
	rng := ev.Range()
	return &wire.Error{Kind: "expression", Message: fmt.Sprintf("%s:%d: %s", rng.Filename, rng.Start.Line, err)}
}
