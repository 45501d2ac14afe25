package metric

import (
	"math"
	"slices"
	"time"

	"bossplan/interp/record"
)

// Gauge is a statistic of a probe's figure over the samples taken in spans,
// both ends included: min, max, mean, last, increase or rate. Samples and spans
// are in order of time.
//
// The increase is from one sample to the next within a span, so what happened
// in a warm-up between two spans is not in it. A counter that falls was started
// again, from 0. Both increase and rate (per second of the time between the
// samples) need two samples in one span.
func Gauge(g *record.Gauge, statistic string, spans []record.Span) Sample {
	s := gather(g, spans)
	if s.count == 0 {
		return Sample{}
	}
	var v float64
	switch statistic {
	case "min":
		v = s.min
	case "max":
		v = s.max
	case "mean":
		v = s.sum / float64(s.count)
	case "last":
		v = s.last
	case "increase", "rate":
		if s.steps == 0 {
			return Sample{Samples: s.count}
		}
		v = s.increase
		if statistic == "rate" {
			v /= s.between.Seconds()
		}
	default:
		return Sample{}
	}
	return Sample{Value: v, ValueLessLag: v, Samples: s.count, Measured: true}
}

type gaugeSums struct {
	count, steps   int64
	min, max, last float64
	sum, increase  float64
	between        time.Duration // of the steps
	left           int           // samples of the record that are not in the spans
}

func gather(g *record.Gauge, spans []record.Span) gaugeSums {
	first, end := samplesIn(g.Times, spans)
	s := gaugeSums{left: len(g.Times) - (end - first)}
	before := -1 // span of the sample before, -1: none
	for i := first; i < end; i++ {
		at, v := g.Times[i], g.Values[i]
		span := spanAt(spans, at)
		if span < 0 || math.IsNaN(v) {
			s.left++
			before = -1
			continue
		}
		if span == before && at > g.Times[i-1] {
			s.step(g.Counter, g.Values[i-1], v, at-g.Times[i-1])
		}
		s.add(v)
		before = span
	}
	// A long run's record keeps every second, fourth … sample only, but knows
	// the extremes, the sum and the number of all.
	if s.left == 0 && s.count > 0 && g.Count > s.count {
		s.min, s.max, s.sum, s.count, s.last = g.Min, g.Max, g.Sum, g.Count, g.Last
	}
	return s
}

func (s *gaugeSums) add(v float64) {
	if s.count == 0 {
		s.min, s.max = v, v
	}
	s.min, s.max = min(s.min, v), max(s.max, v)
	s.sum += v
	s.last = v
	s.count++
}

func (s *gaugeSums) step(counter bool, from, to float64, d time.Duration) {
	switch {
	case counter && to < from:
		s.increase += to
	default:
		s.increase += to - from
	}
	s.between += d
	s.steps++
}

// samplesIn is the range of samples between the first span's start and the last
// one's end: a threshold with windows looks at a few of thousands each time.
func samplesIn(times []time.Duration, spans []record.Span) (first, end int) {
	if len(spans) == 0 {
		return 0, 0
	}
	first, _ = slices.BinarySearch(times, spans[0].From)
	end, _ = slices.BinarySearch(times, spans[len(spans)-1].To+1)
	return first, max(first, end)
}

func spanAt(spans []record.Span, at time.Duration) int {
	for i, s := range spans {
		if s.From <= at && at <= s.To {
			return i
		}
	}
	return -1
}
