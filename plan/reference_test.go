package plan

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// metricOf reads a reference to a metric in a plan that has the probes.
func metricOf(expr hcl.Expression, probes map[string]*Probe) (Metric, hcl.Diagnostics) {
	d := &decoder{plan: &Plan{}, registry: newRegistry()}
	d.probes = probes
	m, _ := d.metricReference(expr, "threshold metric")
	return m, d.diags
}

func parseExpr(t *testing.T, text string) hcl.Expression {
	t.Helper()
	expr, diags := hclsyntax.ParseExpression([]byte(text), "p.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return expr
}

func testProbes() map[string]*Probe {
	return map[string]*Probe{
		"pool":  {Name: "pool", Gauges: []Gauge{{Name: "overflow"}, {Name: "waits", Counter: true}}},
		"cache": {Name: "cache", Gauges: []Gauge{{Name: "hit_rate"}}},
	}
}

func TestDecodeMetric(t *testing.T) {
	probes := testProbes()
	for _, c := range []struct {
		text string
		want Metric
	}{
		{"metric.response_time.p50", Metric{Name: "response_time", Statistic: "p50", Quantile: 50, Unit: UnitTime}},
		{"metric.response_time.p5", Metric{Name: "response_time", Statistic: "p5", Quantile: 5, Unit: UnitTime}},
		{"metric.response_time.p100", Metric{Name: "response_time", Statistic: "p100", Quantile: 100, Unit: UnitTime}},
		{"metric.response_time.p999", Metric{Name: "response_time", Statistic: "p999", Quantile: 99.9, Unit: UnitTime}},
		{"metric.response_time.p9999", Metric{Name: "response_time", Statistic: "p9999", Quantile: 99.99, Unit: UnitTime}},
		{`metric.lag["p99.5"]`, Metric{Name: "lag", Statistic: "p99.5", Quantile: 99.5, Unit: UnitTime}},
		{`metric.lag["p0.1"]`, Metric{Name: "lag", Statistic: "p0.1", Quantile: 0.1, Unit: UnitTime}},
		{"metric.tls_time.stddev", Metric{Name: "tls_time", Statistic: "stddev", Unit: UnitTime}},
		{"metric.requests.rate", Metric{Name: "requests", Statistic: "rate", Unit: UnitRate}},
		{"metric.requests.count", Metric{Name: "requests", Statistic: "count", Unit: UnitCount}},
		{"metric.errors.rate", Metric{Name: "errors", Statistic: "rate", Unit: UnitRatio}},
		{"metric.checks.rate", Metric{Name: "checks", Statistic: "rate", Unit: UnitRatio}},
		{"metric.in_flight.max", Metric{Name: "in_flight", Statistic: "max", Unit: UnitCount}},
		{"metric.received.rate", Metric{Name: "received", Statistic: "rate", Unit: UnitSizeRate}},
		{"metric.sent.count", Metric{Name: "sent", Statistic: "count", Unit: UnitSize}},
		{"probe.pool.overflow.max", Metric{Probe: probes["pool"], Gauge: "overflow", Statistic: "max"}},
		{"probe.pool.waits", Metric{Probe: probes["pool"], Gauge: "waits", Statistic: "increase"}},
		{"probe.pool.waits.rate", Metric{Probe: probes["pool"], Gauge: "waits", Statistic: "rate", Unit: UnitRate}},
	} {
		expr := parseExpr(t, c.text)
		c.want.Range = expr.Range()
		got, diags := metricOf(expr, probes)
		if diags.HasErrors() {
			t.Errorf("%s: %v", c.text, diags)
		} else if diff := cmp.Diff(c.want, got, cmpopts.EquateComparable(), cmp.Comparer(func(a, b *Probe) bool { return a == b })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.text, diff)
		}
	}
}

func TestDecodeMetricErrors(t *testing.T) {
	for _, c := range []struct{ text, guilty, want string }{
		{`"metric.response_time.p95"`, `"metric.response_time.p95"`, "without quotes"},
		{"1 + 2", "1 + 2", "Write metric.NAME.STATISTIC"},
		{"metrics.requests.rate", "metrics", "Did you mean metric?"},
		{"host.api", "host", "starts with metric or probe"},
		{"metric", "metric", "The metrics are response_time,"},
		{"metric.respons_time.p95", "respons_time", "Did you mean response_time?"},
		{"metric.responseTime.p95", "responseTime", "Did you mean response_time?"},
		{"metric.response_time", "metric.response_time", "p50 to p9999"},
		{"metric.response_time.p101", "p101", `metric.response_time["p10.1"]`},
		{"metric.response_time.p995", "p995", `Did you mean metric.response_time["p99.5"]?`},
		{"metric.response_time.p99.5", "p99.5", `Write metric.response_time["p99.5"].`},
		{"metric.response_time.p0", "p0", "above 0 and at most 100"},
		{`metric.response_time["p1e1"]`, `["p1e1"]`, "has no"},
		{`metric.response_time["p99.5.1"]`, `["p99.5.1"]`, "has no"},
		{`metric.response_time["p"]`, `["p"]`, "has no"},
		{"metric.response_time.maximum", "maximum", "has no"},
		{"metric.response_time.rate", "rate", "mean, min, max and stddev"},
		{"metric.requests.p95", "p95", "It has count and rate."},
		{"metric.requests.rat", "rat", "Did you mean rate?"},
		{"metric.requests.rate.x", "x", "nothing may follow"},
		{"metric.requests[0]", "[0]", `has no "0"`},
		{"metric.requests[null]", "[null]", "has no"},
		{"probe", "probe", "The probes are cache and pool."},
		{"probe.pol.overflow.max", "pol", "Did you mean pool?"},
		{"probe.pool", "probe.pool", "The gauges are overflow and waits."},
		{"probe.pool.overflw.max", "overflw", "Did you mean overflow?"},
		{"probe.pool.overflow", "probe.pool.overflow", "Say which statistic"},
		{"probe.pool.overflow.p95", "p95", "It has min, max, mean, last, increase and rate."},
		{"probe.pool.overflow.max.x", "x", "nothing may follow"},
	} {
		_, diags := metricOf(parseExpr(t, c.text), testProbes())
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, c.want) {
			t.Errorf("%s: %v, want a detail with %q", c.text, diags, c.want)
			continue
		}
		if got := string(diags[0].Subject.SliceBytes([]byte(c.text))); got != c.guilty {
			t.Errorf("%s: points at %q, want %q", c.text, got, c.guilty)
		}
	}
	_, diags := metricOf(parseExpr(t, "probe.x.y.max"), nil)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail, "There are no probes.") {
		t.Errorf("without probes: %v", diags)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"response_time", "requests", "api", "users"}
	for name, want := range map[string]string{
		"respons_time": "response_time", "ResponseTime": "response_time", "request": "requests",
		"user": "users", "apj": "api", "pai": "api", "uesrs": "users", "x": "", "zzzzzz": "", "": "", "API": "api",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}
