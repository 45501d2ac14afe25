package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Threshold is an assertion about a metric.
type Threshold struct {
	Name       string
	Metric     Metric
	Target     Bound
	Critical   *Bound // nil: missing the target is a warning at worst
	Of         Scope
	Outcome    Outcome
	Stages     []*Stage      // empty: all judged stages
	PerRequest bool          // the worst request decides
	Window     time.Duration // the bound must hold in every window; 0: over the whole judged time
	MinSamples int64
	Abort      *Abort
	DeclRange  hcl.Range
}

// Address is the threshold's name as references and records write it.
func (t *Threshold) Address() string { return "threshold." + t.Name }

// A Scope narrows a threshold to part of the load. At most one field is set;
// none means everything.
type Scope struct {
	Scenario *Scenario
	Class    *UserClass
	Request  *Request
}

// String is the scope as a table shows it: "all", "scenario.main",
// "user_class.admin", "user_class.member.request.list_tasks".
func (s Scope) String() string {
	switch {
	case s.Scenario != nil:
		return s.Scenario.Address()
	case s.Class != nil:
		return s.Class.Address()
	case s.Request != nil:
		return s.Request.Address()
	}
	return "all"
}

// Outcome says which requests a time metric looks at.
type Outcome string

const (
	OutcomeOK     Outcome = "ok"     // met their expectations, timed out or unfinished: what a user waited for
	OutcomeFailed Outcome = "failed" // everything that counts as an error
	OutcomeAny    Outcome = "any"
)

// An Abort stops the run when a threshold's critical bound (else its target)
// has been broken for For without a break, looked at over the last Window.
type Abort struct {
	For, Window time.Duration
	DeclRange   hcl.Range
}
