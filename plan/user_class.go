package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A UserClass is a kind of user: where it goes, what it does in which shares,
// and how long it waits in between.
type UserClass struct {
	Name       string
	Host       *Host
	Weight     float64 // share among the classes of a scenario; 1 where a scenario has one class and none is given
	FixedCount int     // so many users of this class, whatever the level; 0: by Weight
	Wait       Wait
	Headers    []Field
	Tags       map[string]string
	Mix        Mix
	Requests   []*Request
	DeclRange  hcl.Range
}

// Address is the class's name as references write it.
func (c *UserClass) Address() string { return "user_class." + c.Name }

// Mix says how a user chooses its next request.
type Mix string

const (
	MixExact  Mix = "exact"  // deterministic interleave: shares hold to within one request a user
	MixRandom Mix = "random" // independent draws
)

// WaitKind says what a user does between two iterations.
type WaitKind string

const (
	WaitNone        WaitKind = ""            // start the next at once
	WaitConstant    WaitKind = "constant"    // Min after the end of the last
	WaitBetween     WaitKind = "between"     // uniform in [Min, Max] after the end of the last
	WaitExponential WaitKind = "exponential" // exponential with mean Min after the end of the last
	WaitPacing      WaitKind = "pacing"      // uniform in [Min, Max] from due start to due start
)

// Wait is the pause between a user's iterations. throughput("0.5/s") is read
// as pacing of its reciprocal.
type Wait struct {
	Kind     WaitKind
	Min, Max time.Duration // Max equals Min where the kind has one argument
}

// Mean is the expected pause: between iterations or, for pacing, between
// their due starts.
func (w Wait) Mean() time.Duration { return (w.Min + w.Max) / 2 }
