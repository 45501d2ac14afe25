package reports

import (
	"encoding/json"
	"math"
	"strconv"
	"time"

	"bossplan/interp/record"
)

// A number is a JSON number; what was not measured (NaN, infinity) is null.
type number float64

// MarshalJSON writes the shortest form that reads back the same.
func (n number) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(n), -1), nil }

// millis is a time in ms, written with three decimals.
type millis float64

// MarshalJSON writes null for what was not measured.
func (m millis) MarshalJSON() ([]byte, error) { return appendNumber(nil, float64(m), 3), nil }

// millisSeries is a column of times in ms. It is written in one piece: a run
// has thousands of points, and each would cost a call.
type millisSeries []float64

// MarshalJSON writes null for what was not measured.
func (s millisSeries) MarshalJSON() ([]byte, error) { return appendSeries(s, 3), nil }

// numberSeries is a column of numbers.
type numberSeries []float64

// MarshalJSON writes null for what was not measured.
func (s numberSeries) MarshalJSON() ([]byte, error) { return appendSeries(s, -1), nil }

func appendSeries(s []float64, decimals int) []byte {
	b := make([]byte, 0, 8*len(s)+2)
	b = append(b, '[')
	for i, v := range s {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendNumber(b, v, decimals)
	}
	return append(b, ']')
}

func appendNumber(b []byte, v float64, decimals int) []byte {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return append(b, "null"...)
	case v == math.Trunc(v) && decimals < 0 && math.Abs(v) < 1<<53:
		return strconv.AppendInt(b, int64(v), 10)
	case decimals < 0:
		return strconv.AppendFloat(b, v, jsonFormat(v), -1, 64)
	}
	return strconv.AppendFloat(b, v, 'f', decimals, 64)
}

// jsonFormat keeps very large and very small numbers short.
func jsonFormat(v float64) byte {
	if a := math.Abs(v); a < 1e-6 || a >= 1e21 {
		return 'e'
	}
	return 'f'
}

// inMillis is a duration in ms.
func inMillis(d time.Duration) millis { return millis(float64(d) / float64(time.Millisecond)) }

// figure is a measured value of a unit, null where there is none.
func figure(v *float64, unit string) json.Marshaler {
	switch {
	case v == nil:
		return number(math.NaN())
	case unit == "ms":
		return millis(*v)
	}
	return number(*v)
}

// A timing is the spread of times in ms; all are null where there is no sample.
type timing struct {
	Min  millis `json:"min"`
	Mean millis `json:"mean"`
	Max  millis `json:"max"`
	P50  millis `json:"p50"`
	P90  millis `json:"p90"`
	P95  millis `json:"p95"`
	P99  millis `json:"p99"`
	P999 millis `json:"p999"`
}

func timingOf(h *record.Histogram) timing {
	if h.Count() == 0 {
		nan := millis(math.NaN())
		return timing{nan, nan, nan, nan, nan, nan, nan, nan}
	}
	q := func(percent float64) millis { return millis(float64(h.Quantile(percent)) / 1000) }
	return timing{
		Min:  millis(float64(h.Min()) / 1000),
		Mean: millis(h.Mean() / 1000),
		Max:  millis(float64(h.Max()) / 1000),
		P50:  q(50), P90: q(90), P95: q(95), P99: q(99), P999: q(99.9),
	}
}
