package probe

import (
	"slices"
	"time"

	"bossplan/interp/record"
)

// A track is a gauge's samples. It keeps the samples 0, stride, 2·stride, … and
// the newest one; the stride doubles whenever they would be too many.
type track struct {
	gauge  record.Gauge
	stride int64
	tail   bool // the newest sample is not one of those kept for good
}

// add takes note of a value that was read at a moment.
func (t *track) add(at time.Duration, v float64) {
	g := &t.gauge
	if g.Count == 0 {
		g.Min, g.Max = v, v
	}
	g.Min, g.Max = min(g.Min, v), max(g.Max, v)
	g.Sum += v
	g.Last = v
	if t.tail {
		g.Times, g.Values = g.Times[:len(g.Times)-1], g.Values[:len(g.Values)-1]
	}
	if len(g.Times) >= record.MaxPoints {
		t.thin()
	}
	g.Times, g.Values = append(g.Times, at), append(g.Values, v)
	t.tail = g.Count%t.stride != 0
	g.Count++
}

// thin drops every other sample.
func (t *track) thin() {
	g := &t.gauge
	n := 0
	for i := 0; i < len(g.Times); i += 2 {
		g.Times[n], g.Values[n] = g.Times[i], g.Values[i]
		n++
	}
	g.Times, g.Values = g.Times[:n], g.Values[:n]
	t.stride *= 2
}

func (t *track) snapshot() record.Gauge {
	g := t.gauge
	g.Times, g.Values = slices.Clone(g.Times), slices.Clone(g.Values)
	return g
}
