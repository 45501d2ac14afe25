package plan

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A MetricSpec is one metric of the language: what may stand after
// metric.NAME, and what it means.
type MetricSpec struct {
	Name       string
	Meaning    string
	Percentile bool // p50, p99, ["p99.5"], … may stand too, in the unit of the first statistic
	Statistics []Statistic
}

// A Statistic is one figure of a metric and its unit.
type Statistic struct {
	Name string
	Unit Unit
}

// Metrics is every metric of the language, in the order of its reference.
func Metrics() []MetricSpec {
	times := []Statistic{{"mean", UnitTime}, {"min", UnitTime}, {"max", UnitTime}, {"stddev", UnitTime}}
	counts := func(count, rate Unit) []Statistic { return []Statistic{{"count", count}, {"rate", rate}} }
	levels := []Statistic{{"max", UnitCount}, {"last", UnitCount}}
	return []MetricSpec{
		{"response_time", "from the moment a request was due to the last byte of its answer", true, times},
		{"service_time", "from the first byte sent to the last byte received", true, times},
		{"connect_time", "to open a connection", true, times},
		{"tls_time", "the TLS handshake of a connection", true, times},
		{"first_byte_time", "from the first byte sent to the first byte received", true, times},
		{"lag", "how late the generator itself started a request", true, times},
		{"requests", "requests completed, with whatever outcome", false, counts(UnitCount, UnitRate)},
		{"errors", "requests failed or unfinished; rate is their share of all", false, counts(UnitCount, UnitRatio)},
		{"checks", "checks passed, as a share of those made", false, []Statistic{{"rate", UnitRatio}}},
		{"users", "users at the same time", false, levels},
		{"in_flight", "requests at the same time", false, levels},
		{"dropped", "iterations that were due and could not start", false, levels},
		{"unfinished", "requests without an answer at the end", false, levels},
		{"received", "bytes received", false, counts(UnitSize, UnitSizeRate)},
		{"sent", "bytes sent", false, counts(UnitSize, UnitSizeRate)},
	}
}

// gaugeStatistics are what may stand after probe.NAME.GAUGE.
func gaugeStatistics() []Statistic {
	return []Statistic{
		{"min", UnitNumber}, {"max", UnitNumber}, {"mean", UnitNumber}, {"last", UnitNumber},
		{"increase", UnitNumber}, {"rate", UnitRate},
	}
}

// metricReference reads a reference to a metric: metric.NAME.STATISTIC or
// probe.NAME.GAUGE.STATISTIC. After a counter the statistic may be left out and
// is its increase. It is false where there is none, which is reported, or where
// a key in it is not known yet.
func (d *decoder) metricReference(expr hcl.Expression, what string) (Metric, bool) {
	rng := expr.Range()
	t, isReference, known := d.traversal(expr, what)
	if isReference && !known {
		return Metric{}, false
	}
	steps, ok := referenceSteps(t)
	if !isReference || !ok {
		d.fail(&rng, "Metric must be a reference", "Write metric.NAME.STATISTIC, like metric.response_time.p95, or probe.NAME.GAUGE.STATISTIC, without quotes.")
		return Metric{}, false
	}
	if steps, ok = d.foldKeys(steps); !ok {
		return Metric{}, false
	}
	m, diags := decodeMetric(steps, rng, d.probes)
	for _, diagnostic := range diags {
		d.report(diagnostic)
	}
	return m, !diags.HasErrors()
}

// foldKeys makes one name of the name and the key of a probe or gauge that
// for_each repeats.
func (d *decoder) foldKeys(steps []step) ([]step, bool) {
	prefix := "probe."
	for i := 1; i <= 2 && i < len(steps) && steps[0].name == "probe"; i++ {
		if d.repeated[prefix+steps[i].name] != nil {
			p, folded := segment{name: steps[i].name}, steps[i+1:]
			if len(folded) > 0 && folded[0].index {
				p.key, p.keyed, folded = folded[0].name, true, folded[1:]
			}
			name, ok := d.instance(p, prefix, &steps[i].rng)
			if !ok {
				return nil, false
			}
			steps = append(append(steps[:i:i], step{name: name, rng: steps[i].rng}), folded...)
		}
		prefix += steps[i].name + "."
	}
	return steps, true
}

// decodeMetric checks the names of a metric.
func decodeMetric(steps []step, rng hcl.Range, probes map[string]*Probe) (Metric, hcl.Diagnostics) {
	switch root := steps[0].name; root {
	case "metric":
		return measured(steps, rng)
	case "probe":
		return probed(steps, rng, probes)
	default:
		return Metric{}, mistake(steps[0].rng, "Not a metric",
			fmt.Sprintf("A metric starts with metric or probe, like metric.response_time.p95.%s", suggest(root, []string{"metric", "probe"})))
	}
}

// A step is one name of a reference and where it stands.
type step struct {
	name  string
	rng   hcl.Range
	index bool // written as an index: ["p99.5"]
}

// referenceSteps are the names of a reference. An index with a text in it is a
// name like any other.
func referenceSteps(traversal hcl.Traversal) ([]step, bool) {
	if len(traversal) == 0 || traversal.IsRelative() {
		return nil, false
	}
	var steps []step
	for _, t := range traversal {
		s := step{rng: t.SourceRange()}
		switch t := t.(type) {
		case hcl.TraverseRoot:
			s.name = t.Name
		case hcl.TraverseAttr:
			s.name, s.rng = t.Name, afterDot(s.rng, t.Name)
		case hcl.TraverseIndex:
			s.name, s.index = indexName(t.Key), true
		default:
			return nil, false
		}
		steps = append(steps, s)
	}
	return steps, true
}

// afterDot is an attribute's range without the dot before its name.
func afterDot(rng hcl.Range, name string) hcl.Range {
	if rng.End.Byte-rng.Start.Byte == len(name)+1 {
		rng.Start.Byte++
		rng.Start.Column++
	}
	return rng
}

func indexName(key cty.Value) string {
	switch {
	case key.IsNull() || !key.IsKnown():
		return ""
	case key.Type() == cty.String:
		return key.AsString()
	case key.Type() == cty.Number:
		return key.AsBigFloat().Text('f', -1)
	}
	return ""
}

// mistake is a list of one error.
func mistake(rng hcl.Range, summary, detail string) hcl.Diagnostics {
	return hcl.Diagnostics{{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: &rng}}
}

// suggest is a sentence with the nearest known name, or nothing.
func suggest(name string, known []string) string {
	if near := Nearest(name, known); near != "" {
		return fmt.Sprintf(" Did you mean %s?", near)
	}
	return ""
}

// measured checks the names of metric.NAME.STATISTIC.
func measured(steps []step, rng hcl.Range) (Metric, hcl.Diagnostics) {
	var names []string
	specs := Metrics()
	for _, s := range specs {
		names = append(names, s.Name)
	}
	if len(steps) == 1 {
		return Metric{}, mistake(rng, "Incomplete metric", "Write metric.NAME.STATISTIC. The metrics are "+list(names)+".")
	}
	i := slices.Index(names, steps[1].name)
	if i < 0 {
		return Metric{}, mistake(steps[1].rng, "Unknown metric",
			fmt.Sprintf("There is no metric %q.%s The metrics are %s.", steps[1].name, suggest(steps[1].name, names), list(names)))
	}
	spec := specs[i]
	if len(steps) == 2 {
		return Metric{}, mistake(rng, "Incomplete metric",
			fmt.Sprintf("Say which statistic of %s is meant: %s.", spec.Name, spec.choices()))
	}
	if len(steps) > 3 {
		return Metric{}, tooLong(spec, steps)
	}
	return spec.pick(steps[2], rng)
}

// tooLong explains a reference with names to spare. What looks like
// metric.response_time.p99.5 is the usual one.
func tooLong(spec MetricSpec, steps []step) hcl.Diagnostics {
	if _, ok := percentile(steps[2].name + "." + steps[3].name); ok && spec.Percentile && len(steps) == 4 {
		return mistake(hcl.RangeBetween(steps[2].rng, steps[3].rng), "Percentile with a fraction",
			fmt.Sprintf("Write metric.%s[%q].", spec.Name, steps[2].name+"."+steps[3].name))
	}
	return mistake(steps[3].rng, "Metric reference too long", "A metric is metric.NAME.STATISTIC; nothing may follow.")
}

// pick finds the statistic of a metric.
func (s MetricSpec) pick(stat step, rng hcl.Range) (Metric, hcl.Diagnostics) {
	m := Metric{Name: s.Name, Statistic: stat.name, Range: rng}
	var names []string
	for _, known := range s.Statistics {
		if known.Name == stat.name {
			m.Unit = known.Unit
			return m, nil
		}
		names = append(names, known.Name)
	}
	if !s.Percentile {
		return Metric{}, mistake(stat.rng, "Unknown statistic",
			fmt.Sprintf("%s has no %q.%s It has %s.", s.Name, stat.name, suggest(stat.name, names), s.choices()))
	}
	if q, ok := percentile(stat.name); ok {
		m.Quantile, m.Unit = q, s.Statistics[0].Unit
		return m, nil
	}
	return Metric{}, mistake(stat.rng, "Unknown statistic",
		fmt.Sprintf("%s has no %q.%s It has %s.", s.Name, stat.name, percentileHint(s.Name, stat.name, names), s.choices()))
}

// choices names what may stand after the metric.
func (s MetricSpec) choices() string {
	var names []string
	if s.Percentile {
		names = append(names, "p50 to p9999", fmt.Sprintf("any percentile as metric.%s[\"p99.5\"]", s.Name))
	}
	for _, stat := range s.Statistics {
		names = append(names, stat.Name)
	}
	return list(names)
}

// percentile reads p50 as 50, p99.5 as 99.5, and p999 as 99.9: three or more
// nines are a percentage without its point.
func percentile(name string) (float64, bool) {
	digits, ok := strings.CutPrefix(name, "p")
	if !ok || len(digits) > 12 || strings.Trim(digits, "0123456789.") != "" {
		return 0, false
	}
	if len(digits) > 2 && strings.Trim(digits, "9") == "" {
		digits = digits[:2] + "." + digits[2:]
	}
	if strings.HasPrefix(digits, ".") || strings.HasSuffix(digits, ".") {
		return 0, false
	}
	p, err := strconv.ParseFloat(digits, 64)
	return p, err == nil && p > 0 && p <= 100
}

// percentileHint says how a percentile that was not understood is written, or
// suggests a name: p995 may be 99.5.
func percentileHint(metric, name string, names []string) string {
	digits, ok := strings.CutPrefix(name, "p")
	if !ok || digits == "" || strings.Trim(digits, "0123456789.") != "" {
		switch fold(name) { // what other tools call them
		case "median", "med":
			name = "p50"
		case "avg", "average":
			name = "mean"
		}
		return suggest(name, append(names, "p50", "p90", "p95", "p99"))
	}
	if meant := "p" + digits[:min(2, len(digits))] + "." + digits[min(2, len(digits)):]; len(digits) > 2 {
		if _, ok := percentile(meant); ok {
			return fmt.Sprintf(" Did you mean metric.%s[%q]?", metric, meant)
		}
	}
	return " A percentile is above 0 and at most 100."
}

// probed checks the names of probe.NAME.GAUGE.STATISTIC.
func probed(steps []step, rng hcl.Range, probes map[string]*Probe) (Metric, hcl.Diagnostics) {
	names := slices.Sorted(maps.Keys(probes))
	if len(steps) == 1 {
		return Metric{}, mistake(rng, "Incomplete metric", "Write probe.NAME.GAUGE.STATISTIC. "+existing("probes", names))
	}
	probe := probes[steps[1].name]
	if probe == nil {
		return Metric{}, mistake(steps[1].rng, "Unknown probe",
			fmt.Sprintf("There is no probe %q.%s %s", steps[1].name, suggest(steps[1].name, names), existing("probes", names)))
	}
	var gauges []string
	for _, g := range probe.Gauges {
		gauges = append(gauges, g.Name)
	}
	if len(steps) == 2 {
		return Metric{}, mistake(rng, "Incomplete metric", "Write probe.NAME.GAUGE.STATISTIC. "+existing("gauges", gauges))
	}
	i := slices.Index(gauges, steps[2].name)
	if i < 0 {
		return Metric{}, mistake(steps[2].rng, "Unknown gauge",
			fmt.Sprintf("%s has no gauge %q.%s %s", probe.Address(), steps[2].name, suggest(steps[2].name, gauges), existing("gauges", gauges)))
	}
	return gauged(probe, probe.Gauges[i], steps, rng)
}

// gauged finds the statistic of a gauge.
func gauged(probe *Probe, gauge Gauge, steps []step, rng hcl.Range) (Metric, hcl.Diagnostics) {
	m := Metric{Probe: probe, Gauge: gauge.Name, Range: rng}
	if len(steps) == 3 && gauge.Counter {
		m.Statistic = "increase"
		return m, nil
	}
	var names []string
	for _, s := range gaugeStatistics() {
		names = append(names, s.Name)
	}
	switch len(steps) {
	case 3:
		return Metric{}, mistake(rng, "Incomplete metric",
			fmt.Sprintf("Say which statistic of %s is meant: %s.", gauge.Name, list(names)))
	case 4:
	default:
		return Metric{}, mistake(steps[4].rng, "Metric reference too long", "A probe's metric is probe.NAME.GAUGE.STATISTIC; nothing may follow.")
	}
	i := slices.Index(names, steps[3].name)
	if i < 0 {
		return Metric{}, mistake(steps[3].rng, "Unknown statistic",
			fmt.Sprintf("A gauge has no %q.%s It has %s.", steps[3].name, suggest(steps[3].name, names), list(names)))
	}
	m.Statistic, m.Unit = names[i], gaugeStatistics()[i].Unit
	return m, nil
}

// existing says what there is to choose from.
func existing(what string, names []string) string {
	if len(names) == 0 {
		return fmt.Sprintf("There are no %s.", what)
	}
	return fmt.Sprintf("The %s are %s.", what, list(names))
}

// list joins names as prose does; a long list is cut.
func list(names []string) string {
	const most = 20
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
