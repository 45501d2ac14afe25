// Package graph holds the execution graph: what will happen, compiled from a
// plan and fixed before the run.
//
//	data ─► scenario smoke ─┬─► scenario main ─► …        thresholds
//	                        └─► scenario admin            (judged after)
//	probes, from the first start to the last end
//
// Data is fetched before all else. A scenario starts when all it comes after have
// ended; scenarios without an order run side by side. What users do in them is
// flows: requests in order. Everything the engine needs on the path of a request
// is resolved here: names to numbers, expressions to programs, weights to a
// deterministic order. A Graph is read-only after Compile and may be shared.
package graph

import (
	"slices"
	"time"

	"bossplan/interp/expr"
	"bossplan/plan"
)

// A Graph is a compiled plan.
type Graph struct {
	Plan        *plan.Plan
	Seed        uint64
	TimeScale   float64 // durations of the schedule are multiplied by it; 1: as planned
	Hosts       []*Host // in use by requests, or asked for data
	Classes     []*Class
	Requests    []*Request // of all classes in use; the index is the request's number in records
	Hooks       []*Request // of their on_start and on_stop, likewise; never counted as load
	Checks      []*Check   // of Requests, likewise
	Data        []*Data    // of the plan, in its order
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
	Index           int
	Plan            *plan.UserClass
	Host            *Host
	Choices         []*Flow    // what an iteration may be
	Mix             *Mix       // over Choices
	OnStart, OnStop *Flow      // nil: nothing
	Requests        []*Request // of Choices, in order
	Names           *expr.Names
	ReadsRows       bool // whether any of its requests reads a row
}

// A Flow is what a user does in one iteration: one request, or several in order.
// So are on_start and on_stop.
type Flow struct {
	Plan  *plan.Flow
	Class *Class
	Steps []*Request
	Rows  []int // the data whose rows it reads, by number
}

// Certain reports whether an iteration of the flow sends a request in any case.
func (f *Flow) Certain() bool {
	return slices.ContainsFunc(f.Steps, func(r *Request) bool { return r.When == nil && r.Repeat == nil })
}

// A Request is a request ready to be rendered: a step of a flow.
type Request struct {
	Index    int // its number in records; of a hook's among Hooks
	Position int // among its class's Requests
	Plan     *plan.Request
	Class    *Class
	Host     *Host
	Prefix   string // path of the host's base URL, without a slash at its end
	Path     *expr.Program
	Query    []Field
	Headers  []Header      // host, class and request merged
	Body     *expr.Program // nil: none, or one of those below
	Form     []Field
	Parts    *Parts

	When, Repeat *expr.Evaluator // nil: always, once
	Checks       []*Check
	Captures     []Capture
	KeepHeader   bool  // a check or capture reads headers of the answer
	KeepBody     bool  // or its body
	Rows         []int // the data whose rows it reads, by number
}

// Certain reports whether an iteration sends the request as often as its flow
// comes to it.
func (r *Request) Certain() bool {
	return r.Plan.Flow.Weight > 0 && r.When == nil && r.Repeat == nil
}

// A Check is a condition that an answer must meet, and its number in records.
type Check struct {
	Index     int // -1: of a hook, and so not counted
	Request   *Request
	Plan      *plan.Check
	Condition *expr.Evaluator
}

// A Capture fills a variable of the user.
type Capture struct {
	Plan  *plan.Capture
	Var   int // its number in Frame.Vars
	Value *expr.Evaluator
}

// A Field is a name, encoded as it goes out, and the program of its value.
type Field struct {
	Name  string
	Value *expr.Program
}

// A Header is a field of the request's head. With a Password it is basic
// authentication and Value is the user name.
type Header struct {
	Name     string
	Prefix   string        // before the value: "Bearer "
	Value    *expr.Program // nil: Prefix is all there is, the same in every request
	Password *expr.Program
}

// A Scenario is a workload with its schedule after scaling.
type Scenario struct {
	Index      int
	Plan       *plan.Scenario
	After      []*Scenario
	StartDelay time.Duration
	Classes    []*Class
	Requests   []*Request   // of its classes, in order
	Choices    []Choice     // open: what an iteration may be, of all classes
	Levels     []plan.Level // one a stage
	Fixed      []int        // closed: class (position in Classes) of the first users, from fixed_count
	Mix        *Mix         // closed: over Classes, for the users after Fixed; open: over Choices. nil where all users are in Fixed

	firstCell int
	offsets   []int     // position in Requests of the first request of each class
	ranks     []int64   // of the users of Fixed, and more where they cannot be reckoned, each within its class
	lanes     [][]int64 // by data and class: where the lanes of its users begin; of an open scenario there is one
}

// A Choice is a flow that an open scenario's iteration may be.
type Choice struct {
	Flow  *Flow
	Class int // position in Classes
}

// Cell is the number of the record's cell for a stage and a request of the
// scenario, given by its position in Requests.
func (s *Scenario) Cell(stage, request int) int {
	return s.firstCell + stage*len(s.Requests) + request
}

// Offset is the position in Requests of a class's first request.
func (s *Scenario) Offset(class int) int { return s.offsets[class] }

// ClassOf is the class, as a position in Classes, of the user with an index.
// It depends on nothing else, so that any part of the users can be run
// anywhere.
func (s *Scenario) ClassOf(user int64) int {
	if user < int64(len(s.Fixed)) {
		return s.Fixed[user]
	}
	if s.Mix == nil {
		return s.Fixed[user%int64(len(s.Fixed))]
	}
	return s.Mix.At(user - int64(len(s.Fixed)))
}

// RankInClass is how many users with a smaller index are of the same class.
func (s *Scenario) RankInClass(user int64) int64 {
	if user < int64(len(s.ranks)) {
		return s.ranks[user]
	}
	class := s.ClassOf(user)
	rank := int64(s.Classes[class].Plan.FixedCount)
	if s.Mix != nil {
		rank += s.Mix.CountBefore(user-int64(len(s.Fixed)), class)
	}
	return rank
}
