package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Guard protects targets from being loaded by mistake. It applies to a host
// whose name, or one of whose resolved addresses, matches a pattern.
type Guard struct {
	Name        string
	Hosts       []string    // patterns: names with *, addresses, or prefixes such as 10.0.0.0/8; lower case
	Window      *TimeWindow // nil: at any time
	Acknowledge []string    // lines that must be given
	MaxUsers    int         // users at the same time on a guarded host; 0: no limit
	MaxRate     float64     // requests a second on a guarded host; 0: no limit
	Abort       *GuardAbort // nil: none
	DeclRange   hcl.Range
}

// Address is the guard's name as references write it.
func (g *Guard) Address() string { return "guard." + g.Name }

// A TimeWindow is a part of the day, in a location of its own. Where To is not
// after From it goes over midnight.
type TimeWindow struct {
	Text     string        // as the plan writes it: "02:00-05:00 UTC"
	From, To time.Duration // since midnight
	Location *time.Location
}

// A GuardAbort stops the run where a bound has been broken for some time.
type GuardAbort struct {
	Metric Metric
	Bound  Bound
	For    time.Duration
	Window time.Duration // that is looked back on
	Range  hcl.Range
}
