// Package graph holds the execution graph: what will happen, compiled from a
// plan and fixed before the run.
//
//	scenario smoke ─┬─► scenario main ─► …        thresholds
//	                └─► scenario admin            (judged after)
//	probes, from the first start to the last end
//
// A scenario starts when all it comes after have ended; scenarios without an
// order run side by side. Everything the engine needs on the path of a request
// is resolved here: names to numbers, expressions to programs, weights to a
// deterministic order. A Graph is read-only after Compile and may be shared.
package graph

import (
	"time"

	"bossplan/interp/expr"
	"bossplan/plan"
)

// A Graph is a compiled plan.
type Graph struct {
	Plan        *plan.Plan
	Seed        uint64
	TimeScale   float64 // durations of the schedule are multiplied by it; 1: as planned
	Hosts       []*Host
	Classes     []*Class
	Requests    []*Request // of all classes in use; the index is the request's number in records
	Scenarios   []*Scenario
	NumCells    int      // cells of the record: one per scenario, stage and request
	Interpreted []string // run-time expressions left to HCL's evaluation, as file:line
}

// A Host is a service under test and its number.
type Host struct {
	Index int
	Plan  *plan.Host
}

// A Class is a kind of user.
type Class struct {
	Index    int
	Plan     *plan.UserClass
	Host     *Host
	Requests []*Request
}

// A Request is a request ready to be rendered.
type Request struct {
	Index  int // its number in records
	Plan   *plan.Request
	Class  *Class
	Host   *Host
	Prefix string // path of the host's base URL, without a slash at its end
	Path   *expr.Program
	Query  []Field
	Header []Field       // host, class and request merged, later ones first resolved; names in canonical form
	Body   *expr.Program // nil: none, or Form
	Form   []Field
}

// A Field is a name and the program of its value.
type Field struct {
	Name  string
	Value *expr.Program
}

// A Scenario is a workload with its schedule after scaling.
type Scenario struct {
	Index    int
	Plan     *plan.Scenario
	After    []*Scenario
	Classes  []*Class
	Requests []*Request // of its classes, in order
	Levels   []plan.Level
	Grace    time.Duration

	firstCell int
}

// Cell is the number of the record's cell for a stage and a request of the
// scenario, given by its position in Requests.
func (s *Scenario) Cell(stage, request int) int {
	return s.firstCell + stage*len(s.Requests) + request
}
