// Package record holds what a run measured, and the verdict over it: pure data.
//
// The engine fills a [Record], the judge reads it, reports show it. Nothing
// here reads a clock or a file. Records are mergeable by construction: counters
// add up, histograms merge, so one loop, several loops and later several
// machines give the same record. Times inside a run are [time.Duration]s since
// its start; histograms count µs.
//
// A Record is not safe for concurrent use; the engine hands it to one reader
// at a time.
package record

import "time"

// A Record is what a run measured.
type Record struct {
	Run       Run
	Requests  []Request
	Scenarios []Scenario
	Cells     []*Cell // of every scenario, stage and request that could occur; some stay empty
	Errors    []Error // by request, kind and message
	Checks    []Check // by request, in the order of the plan
	Setup     []Setup // requests of on_start and on_stop: in no other figure
	Data      []Data  // of the plan, in its order
	Probes    []Probe
	Windows   []Windows // of the thresholds that have a window
	Gaps      []Gap     // 5 s and longer without a completion while load was running
	Series    Series
	Generator Generator
	Abort     *Abort        // set when an abort rule ended the run
	Broken    []FirstBroken // thresholds that were seen broken while the run went on
}

// State says how a run ended.
type State string

const (
	StateCompleted   State = "completed"
	StateAborted     State = "aborted"     // by an abort rule
	StateInterrupted State = "interrupted" // by a signal
	StateUnreachable State = "unreachable" // a host could not be reached before the start
	StateUnready     State = "unready"     // or did not give the data that the plan needs
	StateCrashed     State = "crashed"     // what a checkpoint says until the run has ended
)

// Run is what was run, where and when.
type Run struct {
	ID              string
	BossplanVersion string
	Started, Ended  time.Time // UTC
	State           State
	StateDetail     string // "SIGTERM", "connection refused by 127.0.0.1:8000", …
	Seed            uint64
	TimeScale       float64 // 1 unless the schedule was shortened
	Demo            bool    // against the embedded sample service
	Command         string  // how it was called, secrets left out
	Plan            PlanInfo
	Variables       []Variable
	Hosts           []Host
	Reports         []Report // further artefacts the plan asks for
}

// PlanInfo identifies the plan.
type PlanInfo struct {
	Name        string // "heavy"
	File        string
	SHA256      string
	GitRevision string // empty outside a repository
	GitDirty    bool
}

// Variable is an input as it may be shown: Value is "(sensitive)" where the
// plan says so.
type Variable struct{ Name, Value, Source string }

// Host is a service under test.
type Host struct{ Address, BaseURL, Transport string }

// Report is a report block: what to write and where inside the run's directory.
type Report struct{ Kind, Path string }

// Request identifies a row. Its index in Record.Requests is its number
// everywhere in the record.
type Request struct {
	Address string // "user_class.member.request.list_tasks"
	Name    string // the row it is counted under
	Method  string
}

// Scenario is a workload as it went.
type Scenario struct {
	Name       string
	Open       bool
	Iterations Iterations
	Users      Users
	Stages     []Stage
}

// Iterations is the account of a scenario, warm-up included. Once a run has
// ended Started = Completed + Unfinished, and for an open scenario
// Planned = Started + Dropped.
type Iterations struct {
	Planned    int64 // -1: the plan does not say how many (closed model by duration)
	Started    int64
	Completed  int64
	Dropped    int64
	Unfinished int64
}

// Users is how many there should be at most, and were.
type Users struct{ PlannedMax, Max int }

// Stage is when a stage ran and how much of its load there was. A stage that
// never began has Ended 0.
type Stage struct {
	Name              string
	Warmup            bool
	Start, End        time.Duration
	Ended             bool
	PlannedUserTime   float64 // closed: the planned level, integrated over the stage as it ran, in user seconds
	UserTime          float64 // closed: users alive, integrated likewise; days of 50,000 are no Duration any more
	PlannedIterations float64 // open: due in the stage as it ran
	StartedIterations int64   // open: of those
	DroppedIterations int64   // open: of those, never started; an iteration counts where it was due
}

// A Cell is all that was measured of one request in one stage of one scenario.
// A sample belongs to the stage in which its request was due.
type Cell struct {
	Scenario, Stage, Request int
	Warmup                   bool // of the stage: kept out of all that is judged
	Stats
}

// An Error is a group of failed requests that failed in the same way.
type Error struct {
	Request     int    // -1: of none, but of the data that a run needs
	Kind        string // connect, reset, timeout, status, check, capture, expression, protocol, tls, dns, guard, unfinished
	Message     string
	Count       int64
	First, Last time.Duration
	Warmup      bool
}

// A Check is how often a condition on the answers of a request was looked at
// outside of warm-up, and was met.
type Check struct {
	Request   int
	Name      string
	Made, Met int64
}

// Setup is a request of on_start or on_stop. Users make it before and after
// their load, so no total, threshold or account has it.
type Setup struct {
	Request
	Hook     string // "on_start" or "on_stop"
	Count    int64  // those that ended, and those that the end of the run cut off
	Failed   int64  // of them
	Response Histogram
	Errors   []Error // their Request is the index in Record.Setup
}

// Data is a table that users drew rows from.
type Data struct {
	Address string        // "data.users"
	Rows    int           // 0: not used
	Stopped int64         // users, or iterations of the open model, that found none left and stopped
	First   time.Duration // when the first of them did
}

// A Probe is what a probe saw.
type Probe struct {
	Address   string // "probe.pool"
	Samples   int64  // readings in which every gauge had a value; the others are Failures
	Failures  int64
	Refused   int64 // of Failures, those that a guard refused
	LastError string
	Gauges    []Gauge
}

// A Gauge is one figure of a probe over time. Times and Values have equal
// length; where a run is so long that they would pass MaxPoints every other
// sample is dropped, extremes first kept in Min and Max.
type Gauge struct {
	Name     string
	Counter  bool
	Times    []time.Duration
	Values   []float64
	Min, Max float64 // over all samples, judged or not
	Sum      float64
	Count    int64
	Last     float64
}

// Windows is a threshold's metric in each of its windows, in order of time. Only
// what is read from requests has them; levels and probes are recorded over time.
type Windows struct {
	Threshold int // its index in the plan
	Width     time.Duration
	Points    []Window
}

// A Window is the metric over the requests that were due in
// [Start, Start+Width) of the judged time.
type Window struct {
	Start        time.Duration
	Due          int64   // requests that were due in it
	Samples      int64   // of them, those the metric looks at
	Value        float64 // in the metric's unit; meaningless without samples
	ValueLessLag float64
	Request      int // where the threshold is per request, and each has a point; else -1
}

// A Gap is a time in which nothing completed although load was running.
type Gap struct {
	From, To time.Duration
	Due      float64 // completions that were to be expected in it
}

// Abort says which abort rule ended the run, and when.
type Abort struct {
	Threshold int    // whose rule it was; -1: a guard's
	Guard     string // its address, "guard.prod"; empty: a threshold's
	At        time.Duration
	Detail    string
}

// FirstBroken says when a threshold was first seen broken.
type FirstBroken struct {
	Threshold int
	At        time.Duration
}

// Generator is what bossplan says of itself.
type Generator struct {
	Cores       int
	CPU         time.Duration // user and system, of the whole process during the run
	MaxMemory   int64         // bytes resident at most; 0: unknown here
	Held        int64         // requests that a host's max_rate held back
	HeldTime    time.Duration
	Interpreted []string // run-time expressions that could not be compiled, as file:line
	LostErrors  int64    // errors not grouped because there were too many kinds

	// Loops drive the load, each on a thread of its own; 0: net/http's goroutines
	// do their part of it on any thread.
	Loops int
	// What requests cost: CPU of the loops' threads, or, where their transports
	// work on others too, of the whole process; and the exchanges it went into,
	// those of warm-up, on_start and on_stop too.
	LoopCPU   time.Duration
	Exchanges int64

	// The part of the time in which the busiest loop had something to do, between
	// 0 and 1: over the whole run, and in the second in which it was most. Where
	// others work for the loops, at least the part of all cores that the process
	// used.
	Busy, BusyMost float64
	// Saturated is when a loop had something to do for more than [SaturatedAt] of
	// each second: what it would have sent or taken then had to wait for it. Times
	// that it measured are too long by that wait, and the load is what it could
	// make.
	Saturated []Span
}

// SaturatedAt is the busy part of a second from which on a loop is saturated.
const SaturatedAt = 0.95

// Cost is the CPU that one exchange took, 0 if there was none.
func (g *Generator) Cost() time.Duration {
	if g.Exchanges == 0 {
		return 0
	}
	return g.LoopCPU / time.Duration(g.Exchanges)
}

// maxSaturated bounds Saturated: with more spans than that the last one grows, so
// that it says rather too much than too little.
const maxSaturated = 1000

// NoteBusy notes how busy the busiest loop was in a second.
func (g *Generator) NoteBusy(share float64, second Span) {
	g.BusyMost = max(g.BusyMost, share)
	if share <= SaturatedAt {
		return
	}
	n := len(g.Saturated)
	if n > 0 && (g.Saturated[n-1].To >= second.From || n == maxSaturated) {
		g.Saturated[n-1].To = second.To
		return
	}
	g.Saturated = append(g.Saturated, second)
}
