// Package stat has the few figures that the benchmark is told in.
package stat

import (
	"cmp"
	"math"
	"slices"
)

// A Spread is the median of several measurements, the lowest and the highest.
// The zero Spread is of none.
type Spread struct {
	Median, Min, Max float64
	N                int
}

// Of makes a spread of values. The median of an even number is the mean of the
// two in the middle.
func Of(values ...float64) Spread {
	n := len(values)
	if n == 0 {
		return Spread{}
	}
	sorted := slices.Sorted(slices.Values(values))
	return Spread{Median: (sorted[(n-1)/2] + sorted[n/2]) / 2, Min: sorted[0], Max: sorted[n-1], N: n}
}

// Quantile is the smallest of the sorted values that at least the part q of
// them, 0 to 1, does not exceed: a value that was measured, none in between. Of
// no values it is the zero value.
func Quantile[T cmp.Ordered](sorted []T, q float64) T {
	if len(sorted) == 0 {
		var zero T
		return zero
	}
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}
