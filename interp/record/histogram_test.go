package record

import (
	"math/rand/v2"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// TestHistogramAgreesWithLibrary holds every step against HdrHistogram's own
// layout: the same values share a step there and here.
func TestHistogramAgreesWithLibrary(t *testing.T) {
	lib := hdrhistogram.New(1, MaxValue, 3)
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200_000 {
		v := rng.Int64N(int64(1) << (1 + rng.IntN(32)))
		v = min(v, MaxValue)
		i := StepOf(v)
		if u := upper(i); StepOf(u) != i || u < v || StepOf(u+1) != i+1 {
			t.Fatalf("value %d: step %d ends at %d, which is in step %d", v, i, u, StepOf(u))
		}
		if !lib.ValuesAreEquivalent(v, upper(i)) || lib.ValuesAreEquivalent(v, upper(i)+1) {
			t.Fatalf("value %d: our step ends at %d, the library's does not", v, upper(i))
		}
	}
}

func TestHistogramQuantile(t *testing.T) {
	var h Histogram
	for v := int64(1); v <= 1000; v++ {
		h.Record(v)
	}
	for q, want := range map[float64]int64{0: 1, 50: 500, 95: 950, 99: 990, 99.9: 999, 100: 1000} {
		if got := h.Quantile(q); got != want {
			t.Errorf("p%v = %d, want %d", q, got, want)
		}
	}
	if h.Min() != 1 || h.Max() != 1000 || h.Mean() != 500.5 {
		t.Errorf("min %d max %d mean %v", h.Min(), h.Max(), h.Mean())
	}
}

func TestHistogramMergeAndReset(t *testing.T) {
	var a, b, both Histogram
	rng := rand.New(rand.NewPCG(3, 4))
	for range 10_000 {
		v := rng.Int64N(5_000_000)
		both.Record(v)
		if v%2 == 0 {
			a.Record(v)
		} else {
			b.Record(v)
		}
	}
	a.Merge(&b)
	for _, q := range []float64{1, 50, 99, 99.99, 100} {
		if a.Quantile(q) != both.Quantile(q) {
			t.Errorf("p%v: merged %d, at once %d", q, a.Quantile(q), both.Quantile(q))
		}
	}
	var inSteps int64
	a.Steps(func(_, n int64) { inSteps += n })
	if a.Count() != both.Count() || inSteps != both.Count() {
		t.Errorf("count: merged %d, at once %d, in steps %d", a.Count(), both.Count(), inSteps)
	}
	a.Reset()
	if a.Count() != 0 || a.Quantile(50) != 0 || a.Max() != 0 {
		t.Error("reset left values behind")
	}
}

func TestHistogramCountBeyond32Bits(t *testing.T) {
	var h Histogram
	h.Record(10)
	h.bump(10, 1<<32-2)
	h.Record(10)
	h.bump(10, 4)
	h.count += 1<<32 + 2
	h.Record(2000)
	var total int64
	h.Steps(func(_, n int64) { total += n })
	if want := int64(1<<32 + 5); total != want || h.Quantile(99) != 10 {
		t.Errorf("total %d, want %d; p99 %d", total, want, h.Quantile(99))
	}
	var twice Histogram
	twice.Merge(&h)
	twice.Merge(&h)
	total = 0
	twice.Steps(func(_, n int64) { total += n })
	if want := int64(2 * (1<<32 + 5)); total != want || twice.Count() != want {
		t.Errorf("merged twice: %d in steps, %d counted, want %d", total, twice.Count(), want)
	}
}

// BenchmarkHistogram is one value: of a spread as response times have it, where
// each falls into another page, and of one as lag has it, where all share a few.
func BenchmarkHistogram(b *testing.B) {
	rng := rand.New(rand.NewPCG(5, 6))
	for _, c := range []struct {
		name   string
		spread float64
	}{{"wide", 20_000}, {"narrow", 30}} {
		b.Run(c.name, func(b *testing.B) {
			values := make([]int64, 4096)
			for i := range values {
				values[i] = int64(c.spread * rng.ExpFloat64())
			}
			var h Histogram
			b.ResetTimer()
			for i := range b.N {
				h.Record(values[i%len(values)])
			}
		})
	}
}
