package plan

import "github.com/hashicorp/hcl/v2"

// A Flow is what a user does in one iteration: requests in order. A request
// that stands by itself in a user class is a flow of one, without a label; so
// are on_start and on_stop, whose requests are never counted.
type Flow struct {
	Class     *UserClass
	Label     string // the block's own label; empty: a request that stands by itself, on_start or on_stop
	Hook      Hook   // whether it is one of the choices at all
	Weight    float64
	OnFailure OnFailure
	Requests  []*Request
	DeclRange hcl.Range
}

// Hook says when a flow that is no choice is carried out.
type Hook string

const (
	HookNone  Hook = ""         // one of the choices of a user
	HookStart Hook = "on_start" // once, before a user's first iteration
	HookStop  Hook = "on_stop"  // once, after its last
)

// OnFailure says what becomes of a flow when one of its requests failed.
type OnFailure string

const (
	FailureStops     OnFailure = "stop" // the iteration ends there
	FailureContinues OnFailure = "continue"
)

// Address is the flow's name as references and records write it; of a request
// that stands by itself, that of the request.
func (f *Flow) Address() string {
	switch {
	case f.Hook != HookNone:
		return f.Class.Address() + "." + string(f.Hook)
	case f.Label == "" && len(f.Requests) == 1:
		return f.Requests[0].Address()
	}
	return f.Class.Address() + ".flow." + f.Label
}

// A Check is a condition that an answer must meet. Condition may use every
// run-time name, response.… of the answer included.
type Check struct {
	Name      string
	Condition Expression
	DeclRange hcl.Range
}

// A Capture keeps a value of an answer for the user's later requests, as
// vars.NAME.
type Capture struct {
	Name      string
	Value     Expression
	DeclRange hcl.Range
}
