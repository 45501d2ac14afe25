package interp

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/record"
)

// TestGaugesAtTheLoadsEnd: with a long grace a probe goes on after the load. Its
// samples must stay in order, or the last step of a counter would be lost.
func TestGaugesAtTheLoadsEnd(t *testing.T) {
	for _, c := range []struct {
		name        string
		times, want []time.Duration
	}{
		{"nothing was read", nil, nil},
		{"the last one came just after the end", []time.Duration{5, 10, 12}, []time.Duration{5, 10, 11}},
		{"some came in the grace", []time.Duration{5, 10, 15, 20, 23}, []time.Duration{5, 10, 11, 20, 23}},
		{"the last one failed", []time.Duration{5, 10}, []time.Duration{5, 10}},
	} {
		probes := []record.Probe{{Gauges: []record.Gauge{{Times: c.times}}}}
		closeGauges(probes, 11)
		if diff := cmp.Diff(c.want, probes[0].Gauges[0].Times); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
