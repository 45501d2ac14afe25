package reports

import (
	"math"
	"time"

	"bossplan/interp/record"
)

// maxChartPoints bounds the report: a chart is not wider than that in pixels.
const maxChartPoints = 1000

// chartData is what the report's script draws.
type chartData struct {
	At           millisSeries     `json:"at"` // ms since the start
	Users        []int64          `json:"users"`
	InFlight     []int64          `json:"in_flight"`
	Completed    numberSeries     `json:"completed"` // per second
	Failed       numberSeries     `json:"failed"`
	P50          millisSeries     `json:"p50"`
	P95          millisSeries     `json:"p95"`
	P99          millisSeries     `json:"p99"`
	Bands        []chartBand      `json:"bands"`
	Distribution distributionData `json:"distribution"`
	Gauges       []gaugeData      `json:"gauges"`
}

// A chartBand is a stage behind the curves.
type chartBand struct {
	Name   string `json:"name"`
	Start  millis `json:"start"`
	End    millis `json:"end"`
	Warmup bool   `json:"warmup"`
	Shaded bool   `json:"shaded"`
}

// distributionData is the response time over the share of slower requests:
// x is the number of nines, -log10(1 - q).
type distributionData struct {
	X  numberSeries `json:"x"`
	MS millisSeries `json:"ms"`
}

type gaugeData struct {
	Name   string       `json:"name"`
	At     millisSeries `json:"at"`
	Values numberSeries `json:"values"`
}

func newChartData(r *record.Record) chartData {
	d := foldPoints(r.Series.Points, maxChartPoints)
	d.Bands = bandsOf(r)
	d.Distribution = distributionOf(&r.Totals().Pool(record.PopulationOK).Response)
	d.Gauges = each(gaugesOf(r), func(g namedGauge) gaugeData {
		at, values := foldGauge(g.Gauge, maxChartPoints)
		return gaugeData{clean(g.name), at, values}
	})
	return d
}

// foldStep is how many of n points must become one for at most limit of them.
func foldStep(n, limit int) int { return max(1, (n+limit-1)/limit) }

// foldPoints joins neighbours until at most limit points are left. Rates are
// means; percentiles and levels are the worst, so that no peak is lost. A last
// point that stands for a moment only goes with the one before it: five
// requests in its 3 ms would be drawn as 1,700 a second.
func foldPoints(points []record.Point, limit int) chartData {
	step := foldStep(len(points), limit)
	var d chartData
	d.At, d.Users, d.InFlight = millisSeries{}, []int64{}, []int64{}
	from := time.Duration(0)
	for i, end := 0, 0; i < len(points); i = end {
		end = min(i+step, len(points))
		if end == len(points)-1 && 2*(points[end].At-points[end-1].At) < points[0].At {
			end++
		}
		p := joined(points[i:end])
		d.At = append(d.At, float64(inMillis(p.At)))
		d.Users = append(d.Users, int64(p.Users))
		d.InFlight = append(d.InFlight, int64(p.InFlight))
		d.Completed = append(d.Completed, perSecond(p.Completed, p.At-from))
		d.Failed = append(d.Failed, perSecond(p.Failed, p.At-from))
		d.P50, d.P95, d.P99 = append(d.P50, p.P50), append(d.P95, p.P95), append(d.P99, p.P99)
		from = p.At
	}
	return d
}

// joined is one point for several neighbours, with the highest of their levels.
func joined(group []record.Point) record.Point {
	out := group[0]
	for _, p := range group[1:] {
		users, inFlight := max(out.Users, p.Users), max(out.InFlight, p.InFlight)
		out = out.Join(p)
		out.Users, out.InFlight = users, inFlight
	}
	return out
}

// bandsOf are the stages that ran, every other one shaded.
func bandsOf(r *record.Record) []chartBand {
	out := []chartBand{}
	for _, sc := range r.Scenarios {
		for _, st := range sc.Stages {
			if st.End <= st.Start {
				continue
			}
			name := st.Name
			if len(r.Scenarios) > 1 {
				name = sc.Name + "." + st.Name
			}
			out = append(out, chartBand{clean(name), inMillis(st.Start), inMillis(st.End), st.Warmup, len(out)%2 == 1})
		}
	}
	return out
}

// distributionOf is the percentile curve of h, up to the last percentile that
// a sample stands for.
func distributionOf(h *record.Histogram) distributionData {
	d := distributionData{X: numberSeries{}, MS: millisSeries{}}
	if h.Count() == 0 {
		return d
	}
	const perNine, maxNines = 20, 5
	end := math.Log10(float64(h.Count()))
	for i := 0; i <= maxNines*perNine; i++ {
		x := float64(i) / perNine
		if x > end && i > 0 {
			break
		}
		q := 100 * (1 - math.Pow(10, -x))
		d.X = append(d.X, x)
		d.MS = append(d.MS, float64(h.Quantile(q))/1000)
	}
	if last := d.X[len(d.X)-1]; last < end && end < maxNines {
		d.X = append(d.X, end)
		d.MS = append(d.MS, float64(h.Max())/1000)
	}
	return d
}

// A namedGauge is a gauge with its full name, "probe.pool.overflow".
type namedGauge struct {
	name string
	*record.Gauge
}

func gaugesOf(r *record.Record) []namedGauge {
	var out []namedGauge
	for i := range r.Probes {
		p := &r.Probes[i]
		for k := range p.Gauges {
			out = append(out, namedGauge{p.Address + "." + p.Gauges[k].Name, &p.Gauges[k]})
		}
	}
	return out
}

// foldGauge keeps of every group of neighbours the smallest and the largest in
// their order: which of the two is the worse only the plan knows.
func foldGauge(g *record.Gauge, limit int) (at millisSeries, values numberSeries) {
	step := foldStep(len(g.Values), limit/2)
	at, values = millisSeries{}, numberSeries{}
	keep := func(i int) {
		at = append(at, float64(inMillis(g.Times[i])))
		values = append(values, g.Values[i])
	}
	for i := 0; i < len(g.Values); i += step {
		low, high := i, i
		for k := i + 1; k < min(i+step, len(g.Values)); k++ {
			if g.Values[k] < g.Values[low] {
				low = k
			}
			if g.Values[k] > g.Values[high] {
				high = k
			}
		}
		keep(min(low, high))
		if low != high {
			keep(max(low, high))
		}
	}
	return at, values
}
