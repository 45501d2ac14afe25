package plan

import "github.com/hashicorp/hcl/v2"

// A Metric is a checked reference to something measured: metric.NAME.STATISTIC
// or probe.NAME.GAUGE.STATISTIC.
type Metric struct {
	Name      string // "response_time", "errors", …; empty for a probe
	Probe     *Probe
	Gauge     string
	Statistic string  // as written: "p95", "p99.5", "mean", "rate", …
	Quantile  float64 // in percent where the statistic is a percentile (99.5), else 0
	Unit      Unit
	Range     hcl.Range
}

// String is the metric as a table shows it: "response_time.p95",
// "probe.pool.overflow.max".
func (m Metric) String() string {
	if m.Probe != nil {
		return "probe." + m.Probe.Name + "." + m.Gauge + "." + m.Statistic
	}
	return m.Name + "." + m.Statistic
}

// A Unit is what a metric is measured in; values of a [Bound] are in it.
type Unit string

const (
	UnitTime     Unit = "ms"    // milliseconds
	UnitRatio    Unit = "ratio" // 0 to 1
	UnitRate     Unit = "1/s"   // per second
	UnitCount    Unit = "count"
	UnitSize     Unit = "bytes"
	UnitSizeRate Unit = "bytes/s"
	UnitNumber   Unit = "" // a gauge's own
)

// A Bound is one side of a threshold: an operator and a value in the metric's
// unit.
type Bound struct {
	Op    string // "<", "<=", ">", ">=", "=="
	Value float64
	Text  string // as the plan says it, spaces normalised: "< 500ms"
	Range hcl.Range
}

// Holds reports whether v meets the bound.
func (b Bound) Holds(v float64) bool {
	switch b.Op {
	case "<":
		return v < b.Value
	case "<=":
		return v <= b.Value
	case ">":
		return v > b.Value
	case ">=":
		return v >= b.Value
	default:
		return v == b.Value
	}
}

// Upper reports whether the bound limits from above: smaller is better.
func (b Bound) Upper() bool { return b.Op == "<" || b.Op == "<=" }
