package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"
)

// A Scenario is a workload: who, in which stages, after what. Its stages are
// all closed (users) or all open (rate).
type Scenario struct {
	Name         string
	UserClasses  []*UserClass
	After        []*Scenario // these must have ended before it starts
	StartDelay   time.Duration
	GracefulStop time.Duration
	OnLate       OnLate
	MaxInFlight  int // open model: iterations at the same time; DefaultMaxInFlight where the plan gives none
	Stages       []*Stage
	DeclRange    hcl.Range
}

// DefaultMaxInFlight bounds the users that an open scenario may create where
// the plan says nothing: enough for 500/s against 2 s answers, and about 50 MB.
const DefaultMaxInFlight = 1000

// Address is the scenario's name as references write it.
func (s *Scenario) Address() string { return "scenario." + s.Name }

// Open reports whether iterations start on a schedule of their own.
func (s *Scenario) Open() bool { return len(s.Stages) > 0 && s.Stages[0].Open }

// OnLate says what happens to an open iteration that is due while
// MaxInFlight are running.
type OnLate string

const (
	LateQueue OnLate = "queue" // it starts late, timed from when it was due
	LateDrop  OnLate = "drop"  // it is counted as dropped
)

// A Stage is a level and how long it is held.
type Stage struct {
	Scenario *Scenario
	Name     string
	Open     bool

	Users     int     // closed: the level to reach
	SpawnRate float64 // closed: users a second on the way there; 0: Ramp says how
	Rate      float64 // open: iterations a second to reach
	Arrivals  Arrivals

	Ramp       time.Duration // to reach the level from the stage before; 0 (and no SpawnRate): at once
	Duration   time.Duration // of the whole stage, ramp included; the limit where Iterations is set
	Iterations int64         // the stage ends after so many; 0: by Duration
	Warmup     bool          // kept out of all that is judged and of every table
	DeclRange  hcl.Range
	LevelRange hcl.Range // of users or rate
}

// Address is the stage's name as references write it.
func (s *Stage) Address() string { return s.Scenario.Address() + "." + s.Name }

// Arrivals says how an open stage spaces its iterations.
type Arrivals string

const (
	ArrivalsPoisson Arrivals = "poisson"
	ArrivalsEven    Arrivals = "even"
)
