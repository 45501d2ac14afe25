package record

import "time"

// Status is the state of a threshold or of the whole run.
type Status string

const (
	Pass         Status = "PASS"
	Warn         Status = "WARN"
	Fail         Status = "FAIL"
	NoData       Status = "NO_DATA" // of a threshold only
	Inconclusive Status = "INCONCLUSIVE"
)

// A Verdict is what a record says about a plan's thresholds.
type Verdict struct {
	Status     Status
	Reasons    []string // why it is not better, most important first; for PASS what was met
	Thresholds []ThresholdResult
	Trust      []TrustItem
	Findings   []Finding
}

// A ThresholdResult is one row of the threshold table.
type ThresholdResult struct {
	Address          string // "threshold.p95"
	Status           Status
	Scope            string   // "all", "user_class.member.request.list_tasks"
	Metric           string   // "response_time.p95"
	Unit             string   // of Actual: "ms", "ratio", "1/s", "count", "bytes", "bytes/s" or ""
	Actual           *float64 // nil: nothing was measured
	ActualWithoutLag *float64 // of time metrics
	Target, Critical string   // as the plan says them; Critical may be empty
	Samples          int64
	FirstBroken      *time.Duration
	Detail           string // what a reader should know: "p99 of 50 samples is their maximum"
	Range            Position
}

// A Position is a place in a plan.
type Position struct {
	File         string
	Line, Column int
}

// A TrustItem is one line of what the run says about its own reliability.
type TrustItem struct {
	Name          string
	Actual, Limit *float64
	Unit          string
	OK            bool
	Detail        string
}

// A Finding is something a reader must not miss that is not a threshold.
type Finding struct {
	ID              string // "silence", "unjudged-errors", …
	Summary, Detail string
}
