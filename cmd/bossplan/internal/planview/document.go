package planview

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// formatVersion is that of the document. A field that is added raises its
// second number, one that changes or goes the first.
const formatVersion = "1.1"

// document is a plan as plan --json writes it. Times are ms, rates a second,
// sizes bytes; what has no bound, or is not known, is null; a list never is.
// docs/plan.schema.json explains every field.
type document struct {
	FormatVersion   string          `json:"format_version"`
	BossplanVersion string          `json:"bossplan_version"`
	Plan            planInfo        `json:"plan"`
	Variables       []variableInfo  `json:"variables"`
	Hosts           []hostInfo      `json:"hosts"`
	Guards          []guardInfo     `json:"guards"`
	Data            []dataInfo      `json:"data"`
	UserClasses     []classInfo     `json:"user_classes"`
	Scenarios       []scenarioInfo  `json:"scenarios"`
	Probes          []probeInfo     `json:"probes"`
	Load            loadInfo        `json:"load"`
	Requests        []requestInfo   `json:"requests"`
	Needs           needsInfo       `json:"needs"`
	Thresholds      []thresholdInfo `json:"thresholds"`
	Reports         []reportInfo    `json:"reports"`
	Interpreted     []string        `json:"interpreted"`
	Lints           []lintInfo      `json:"lints"`
}

type planInfo struct {
	Name    string       `json:"name"`
	File    string       `json:"file"`
	SHA256  string       `json:"sha256"`
	Sources []sourceInfo `json:"sources"`
}

type sourceInfo struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

type variableInfo struct {
	Name      string `json:"name"`
	Value     string `json:"value"`
	Source    string `json:"source"`
	Sensitive bool   `json:"sensitive"`
}

type hostInfo struct {
	Address         string      `json:"address"`
	BaseURL         string      `json:"base_url"`
	Protocol        string      `json:"protocol"`
	Transport       string      `json:"transport"`
	TransportWhy    string      `json:"transport_why"`
	Connections     *int        `json:"connections"` // null: one per user
	LocalAddresses  []string    `json:"local_addresses"`
	Timeout         millis      `json:"timeout"`
	ConnectTimeout  millis      `json:"connect_timeout"`
	FollowRedirects int         `json:"follow_redirects"`
	Cookies         bool        `json:"cookies"`
	MaxRate         *figure     `json:"max_rate"`
	Guards          []string    `json:"guards"`
	Load            *hostLoad   `json:"load"` // null: no scenario goes there
	Writes          []writeInfo `json:"writes"`
}

type hostLoad struct {
	Users       figure `json:"users"`
	Rate        figure `json:"rate"`
	InFlight    figure `json:"in_flight"`
	Connections figure `json:"connections"`
}

type writeInfo struct {
	Method string `json:"method"`
	Count  band   `json:"count"`
}

// A band is one figure for the fastest answers, for those of the assumed time
// and for the slowest.
type band struct {
	AtOnce    figure `json:"at_once"`
	AtLatency figure `json:"at_latency"`
	AtTimeout figure `json:"at_timeout"`
}

type guardInfo struct {
	Address     string          `json:"address"`
	Hosts       []string        `json:"hosts"`
	Protects    []string        `json:"protects"`
	Confirm     []string        `json:"confirm"`
	Acknowledge []string        `json:"acknowledge"`
	Window      *string         `json:"window"`
	MaxUsers    *int            `json:"max_users"`
	MaxRate     *figure         `json:"max_rate"`
	Abort       *guardAbortInfo `json:"abort"`
}

type guardAbortInfo struct {
	Metric string `json:"metric"`
	Bound  string `json:"bound"`
	For    millis `json:"for"`
	Window millis `json:"window"`
}

type dataInfo struct {
	Address    string   `json:"address"`
	Host       *string  `json:"host"` // null: rows of a file
	Rows       *int     `json:"rows"` // null: fetched
	Columns    []string `json:"columns"`
	Order      string   `json:"order"`
	OnEnd      string   `json:"on_end"`
	Unique     bool     `json:"unique"`
	Users      figure   `json:"users"`
	Iterations figure   `json:"iterations"`
	Enough     *bool    `json:"enough"` // null: known when the run begins
}

type classInfo struct {
	Address    string       `json:"address"`
	Host       string       `json:"host"`
	Weight     figure       `json:"weight"`
	FixedCount *int         `json:"fixed_count"`
	Wait       waitInfo     `json:"wait"`
	Mix        string       `json:"mix"`
	Choices    []choiceInfo `json:"choices"`
	OnStart    *choiceInfo  `json:"on_start"`
	OnStop     *choiceInfo  `json:"on_stop"`
}

type waitInfo struct {
	Kind string `json:"kind"` // empty: none
	Min  millis `json:"min"`
	Max  millis `json:"max"`
}

type choiceInfo struct {
	Address   string     `json:"address"`
	Share     figure     `json:"share"`
	OnFailure string     `json:"on_failure"`
	Steps     []stepInfo `json:"steps"`
}

type stepInfo struct {
	Request     string   `json:"request"`
	Wait        waitInfo `json:"wait"`
	Conditional bool     `json:"conditional"`
	Repeat      *figure  `json:"repeat"` // null: known only while users run
}

type scenarioInfo struct {
	Address     string      `json:"address"`
	Model       string      `json:"model"`
	After       []string    `json:"after"`
	Start       millis      `json:"start"`
	End         millis      `json:"end"`
	UserClasses []string    `json:"user_classes"`
	Stages      []stageInfo `json:"stages"`
}

type stageInfo struct {
	Name       string `json:"name"`
	Start      millis `json:"start"`
	End        millis `json:"end"`
	From       figure `json:"from"`
	To         figure `json:"to"`
	Ramp       millis `json:"ramp"`
	Warmup     bool   `json:"warmup"`
	Iterations band   `json:"iterations"`
	Requests   band   `json:"requests"`
	Rate       band   `json:"rate"`
	PeakRate   band   `json:"peak_rate"`
}

type probeInfo struct {
	Address  string      `json:"address"`
	Kind     string      `json:"kind"`
	Host     string      `json:"host"`
	Interval millis      `json:"interval"`
	Gauges   []gaugeInfo `json:"gauges"`
}

type gaugeInfo struct {
	Name    string `json:"name"`
	Counter bool   `json:"counter"`
}

type loadInfo struct {
	AssumedLatency millis    `json:"assumed_latency"`
	Iterations     band      `json:"iterations"`
	Requests       band      `json:"requests"`
	Judged         band      `json:"judged"`
	Duration       band      `json:"duration"`
	JudgedTime     band      `json:"judged_time"`
	PeakUsers      band      `json:"peak_users"`
	PeakInFlight   band      `json:"peak_in_flight"`
	Curve          curveInfo `json:"curve"`
}

// curveInfo is the load over time at the assumed latency, in columns.
type curveInfo struct {
	At       []millis `json:"at"`
	Users    []figure `json:"users"`
	Rate     []figure `json:"rate"`
	InFlight []figure `json:"in_flight"`
}

type requestInfo struct {
	Address  string `json:"address"`
	Name     string `json:"name"`
	Method   string `json:"method"`
	Hook     bool   `json:"hook"`
	OfClass  figure `json:"of_class"`
	OfAll    figure `json:"of_all"`
	Count    band   `json:"count"`
	AtMost   bool   `json:"at_most"`
	Repeats  bool   `json:"repeats"`
	Checks   int    `json:"checks"`
	Captures int    `json:"captures"`
}

type needsInfo struct {
	Connections figure       `json:"connections"`
	Files       figure       `json:"files"`
	Users       figure       `json:"users"`
	Cells       int          `json:"cells"`
	Memory      figure       `json:"memory"`
	MemoryParts []memoryInfo `json:"memory_parts"`
	Lacks       []lackInfo   `json:"lacks"`
}

type lackInfo struct {
	Of      string   `json:"of"`
	Hosts   []string `json:"hosts"`
	Target  *string  `json:"target"` // null: of the process
	Needed  figure   `json:"needed"`
	Sure    figure   `json:"sure"`
	There   figure   `json:"there"`
	Message string   `json:"message"`
}

type memoryInfo struct {
	For   string `json:"for"`
	Bytes figure `json:"bytes"`
	Basis string `json:"basis"`
}

type thresholdInfo struct {
	Address  string    `json:"address"`
	Metric   string    `json:"metric"`
	Unit     string    `json:"unit"`
	Scope    string    `json:"scope"`
	Target   string    `json:"target"`
	Critical *string   `json:"critical"`
	Requests *figure   `json:"requests"` // null: of a probe
	Samples  *figure   `json:"samples"`  // null: not of a probe
	Lints    []string  `json:"lints"`
	Range    rangeInfo `json:"range"`
}

type reportInfo struct {
	Kind string `json:"kind"`
	Path string `json:"path"`
}

type lintInfo struct {
	ID      string    `json:"id"`
	Address string    `json:"address"`
	Summary string    `json:"summary"`
	Detail  string    `json:"detail"`
	Range   rangeInfo `json:"range"`
}

type rangeInfo struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// A figure is a number with three decimals; one without bound is null.
type figure float64

// MarshalJSON implements json.Marshaler.
func (f figure) MarshalJSON() ([]byte, error) {
	v := float64(f)
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return []byte("null"), nil
	}
	if v >= 1e15 {
		return json.Marshal(v)
	}
	return strconv.AppendFloat(nil, math.Round(v*1000)/1000, 'f', -1, 64), nil
}

// millis are a time in ms.
type millis time.Duration

// MarshalJSON implements json.Marshaler.
func (m millis) MarshalJSON() ([]byte, error) {
	return figure(float64(m) / float64(time.Millisecond)).MarshalJSON()
}
