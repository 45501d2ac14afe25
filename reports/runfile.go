package reports

import (
	"encoding/json"
	"io"

	"bossplan/interp/record"
)

// formatVersion is that of run.json. A field that is added raises its second
// number, one that changes or goes the first.
const formatVersion = "1.2"

// runFile is run.json. Times are ms, rates per second, sizes bytes, moments
// RFC 3339 in UTC; what was not measured is null, a list is never null.
type runFile struct {
	FormatVersion   string          `json:"format_version"`
	BossplanVersion string          `json:"bossplan_version"`
	ExitCode        *int            `json:"exit_code"` // null in a checkpoint: the process has not ended
	Run             runInfo         `json:"run"`
	Verdict         verdictInfo     `json:"verdict"`
	Thresholds      []thresholdInfo `json:"thresholds"`
	Requests        []requestInfo   `json:"requests"`
	Totals          requestInfo     `json:"totals"`
	WarmupRequests  int64           `json:"warmup_requests"` // kept out of all figures
	Errors          []errorInfo     `json:"errors"`
	Checks          []checkInfo     `json:"checks"`
	Setup           []setupInfo     `json:"setup"`
	Data            []dataInfo      `json:"data"`
	Scenarios       []scenarioInfo  `json:"scenarios"`
	Probes          []probeInfo     `json:"probes"`
	Trust           []trustInfo     `json:"trust"`
	Findings        []findingInfo   `json:"findings"`
	Abort           *abortInfo      `json:"abort"`
	Gaps            []gapInfo       `json:"gaps"`
	Windows         []windowsInfo   `json:"windows"`
	Generator       generatorInfo   `json:"generator"`
	Series          seriesInfo      `json:"series"`
}

type runInfo struct {
	ID          string         `json:"id"`
	Started     *string        `json:"started"`
	Ended       *string        `json:"ended"`
	State       record.State   `json:"state"`
	StateDetail string         `json:"state_detail"`
	Seed        uint64         `json:"seed"`
	TimeScale   number         `json:"time_scale"`
	Demo        bool           `json:"demo"`
	Command     string         `json:"command"`
	JudgedTime  millis         `json:"judged_time"`
	Plan        planInfo       `json:"plan"`
	Variables   []variableInfo `json:"variables"`
	Hosts       []hostInfo     `json:"hosts"`
}

type planInfo struct {
	Name        string `json:"name"`
	File        string `json:"file"`
	SHA256      string `json:"sha256"`
	GitRevision string `json:"git_revision"`
	GitDirty    bool   `json:"git_dirty"`
}

type variableInfo struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

type hostInfo struct {
	Address   string `json:"address"`
	BaseURL   string `json:"base_url"`
	Transport string `json:"transport"`
}

type verdictInfo struct {
	Status  record.Status `json:"status"`
	Reasons []string      `json:"reasons"`
}

type thresholdInfo struct {
	Address          string         `json:"address"`
	Status           record.Status  `json:"status"`
	Scope            string         `json:"scope"`
	Metric           string         `json:"metric"`
	Unit             string         `json:"unit"`
	Actual           json.Marshaler `json:"actual"`
	ActualWithoutLag json.Marshaler `json:"actual_without_lag"`
	Target           string         `json:"target"`
	Critical         *string        `json:"critical"` // null: the plan gives none
	Samples          int64          `json:"samples"`
	FirstBroken      *millis        `json:"first_broken"`
	Detail           string         `json:"detail"`
	Range            rangeInfo      `json:"range"`
}

type rangeInfo struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

type requestInfo struct {
	Address      string `json:"address"`
	Name         string `json:"name"`
	Method       string `json:"method"`
	Count        int64  `json:"count"`  // completed
	Failed       int64  `json:"failed"` // of count
	Unfinished   int64  `json:"unfinished"`
	Rate         number `json:"rate"` // count over the judged time
	Sent         int64  `json:"sent"`
	Received     int64  `json:"received"`
	Checks       int64  `json:"checks"`
	ChecksMet    int64  `json:"checks_met"`
	ResponseTime timing `json:"response_time"`
	ServiceTime  timing `json:"service_time"`
	Lag          timing `json:"lag"`
	FailedTime   timing `json:"failed_response_time"` // of those that ResponseTime leaves out
}

type errorInfo struct {
	Request string `json:"request"` // its address
	Kind    string `json:"kind"`
	Message string `json:"message"`
	Count   int64  `json:"count"`
	First   millis `json:"first"`
	Last    millis `json:"last"`
}

type checkInfo struct {
	Request string `json:"request"` // its address
	Name    string `json:"name"`
	Made    int64  `json:"made"`
	Met     int64  `json:"met"`
}

type setupInfo struct {
	Address      string      `json:"address"`
	Name         string      `json:"name"`
	Method       string      `json:"method"`
	Hook         string      `json:"hook"`
	Count        int64       `json:"count"`
	Failed       int64       `json:"failed"` // of count
	ResponseTime timing      `json:"response_time"`
	Errors       []errorInfo `json:"errors"`
}

type dataInfo struct {
	Address string  `json:"address"`
	Rows    int     `json:"rows"`
	Stopped int64   `json:"stopped"` // users that found no row left
	First   *millis `json:"first"`   // when the first of them did; null: none
}

type scenarioInfo struct {
	Name       string         `json:"name"`
	Open       bool           `json:"open"`
	Iterations iterationsInfo `json:"iterations"`
	Users      usersInfo      `json:"users"`
	Stages     []stageInfo    `json:"stages"`
}

type iterationsInfo struct {
	Planned    *int64 `json:"planned"` // null: the plan does not say how many
	Started    int64  `json:"started"`
	Completed  int64  `json:"completed"`
	Dropped    int64  `json:"dropped"`
	Unfinished int64  `json:"unfinished"`
}

type usersInfo struct {
	PlannedMax int `json:"planned_max"`
	Max        int `json:"max"`
}

type stageInfo struct {
	Name   string  `json:"name"`
	Warmup bool    `json:"warmup"`
	Start  *millis `json:"start"` // null: it never began
	End    *millis `json:"end"`
	Ended  bool    `json:"ended"`
}

type probeInfo struct {
	Address   string      `json:"address"`
	Samples   int64       `json:"samples"`
	Failures  int64       `json:"failures"`
	LastError string      `json:"last_error"`
	Gauges    []gaugeInfo `json:"gauges"`
}

type gaugeInfo struct {
	Name    string       `json:"name"`
	Counter bool         `json:"counter"`
	Min     number       `json:"min"`
	Mean    number       `json:"mean"`
	Max     number       `json:"max"`
	Last    number       `json:"last"`
	Times   millisSeries `json:"times"`
	Values  numberSeries `json:"values"`
}

type trustInfo struct {
	Name   string         `json:"name"`
	Actual json.Marshaler `json:"actual"`
	Limit  json.Marshaler `json:"limit"`
	Unit   string         `json:"unit"`
	OK     bool           `json:"ok"`
	Detail string         `json:"detail"`
}

type findingInfo struct {
	ID      string `json:"id"`
	Summary string `json:"summary"`
	Detail  string `json:"detail"`
}

type abortInfo struct {
	Threshold string `json:"threshold"` // its address; empty: a guard's rule
	Guard     string `json:"guard"`     // likewise
	At        millis `json:"at"`
	Detail    string `json:"detail"`
}

type gapInfo struct {
	From millis `json:"from"`
	To   millis `json:"to"`
	Due  number `json:"due"`
}

type windowsInfo struct {
	Threshold string       `json:"threshold"` // its address
	Width     millis       `json:"width"`
	Start     millisSeries `json:"start"`
	Due       []int64      `json:"due"`
	Samples   []int64      `json:"samples"`
	Value     numberSeries `json:"value"`
	LessLag   numberSeries `json:"value_without_lag"`
	Request   []*string    `json:"request"` // its address; nil unless the threshold is per request
}

type generatorInfo struct {
	Cores       int      `json:"cores"`
	CPU         millis   `json:"cpu"`
	MaxMemory   *int64   `json:"max_memory"`
	Held        int64    `json:"held"`
	HeldTime    millis   `json:"held_time"`
	Interpreted []string `json:"interpreted"`
	LostErrors  int64    `json:"lost_errors"`

	Loops     int        `json:"loops"`
	Exchanges int64      `json:"exchanges"`
	LoopCPU   millis     `json:"loop_cpu"`
	Cost      *int64     `json:"cost_per_request"` // ns
	Busy      number     `json:"busy"`
	BusyMost  number     `json:"busy_most"`
	Saturated []spanInfo `json:"saturated"`
}

type spanInfo struct {
	From millis `json:"from"`
	To   millis `json:"to"`
}

// seriesInfo is the run over time in columns of equal length: a point counts
// what completed in the step that ends at it.
type seriesInfo struct {
	Step      millis          `json:"step"`
	At        millisSeries    `json:"at"`
	Users     []int64         `json:"users"`
	InFlight  []int64         `json:"in_flight"`
	Started   []int64         `json:"started"`
	Completed []int64         `json:"completed"`
	Failed    []int64         `json:"failed"`
	Dropped   []int64         `json:"dropped"`
	Sent      []int64         `json:"sent"`
	Received  []int64         `json:"received"`
	P50       millisSeries    `json:"p50"`
	P95       millisSeries    `json:"p95"`
	P99       millisSeries    `json:"p99"`
	Max       millisSeries    `json:"max"`
	LagP99    millisSeries    `json:"lag_p99"`
	CPU       numberSeries    `json:"cpu"`
	Busy      numberSeries    `json:"busy"`
	Warmup    []bool          `json:"warmup"`
	Requests  []requestSeries `json:"requests"`
}

type requestSeries struct {
	Address   string       `json:"address"`
	Completed []int64      `json:"completed"`
	Failed    []int64      `json:"failed"`
	P50       millisSeries `json:"p50"`
	P95       millisSeries `json:"p95"`
}

// writeRunFile writes run.json. Compact: a long run has 7,200 points a request.
func writeRunFile(w io.Writer, r *record.Record, v *record.Verdict, exitCode *int) error {
	return encode(w, newRunFile(r, v, exitCode))
}

func encode(w io.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(document)
}

// runFiles are several runs in one document.
type runFiles struct {
	FormatVersion string     `json:"format_version"`
	Runs          []*runFile `json:"runs"`
}
