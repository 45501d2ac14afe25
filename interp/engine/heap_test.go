package engine

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

type nothingTimed struct{}

func (nothingTimed) fire(time.Duration) {}

// TestTimersComeInOrder pushes and pops at random and holds what comes out
// against a sorted list.
func TestTimersComeInOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var h timers
	var want []time.Duration
	for range 5000 {
		if h.len() == 0 || rng.IntN(3) > 0 {
			at := time.Duration(rng.IntN(500))
			h.push(at, dueAt(at))
			i, _ := slices.BinarySearch(want, at)
			want = slices.Insert(want, i, at)
			continue
		}
		if got := h.earliest(); got != want[0] {
			t.Fatalf("the earliest is due at %d, want %d", got, want[0])
		}
		if got := h.pop(); got != dueAt(want[0]) {
			t.Fatalf("popped %v, the earliest is %d", got, want[0])
		}
		want = want[1:]
		by := 0
		h.by(250, func(at time.Duration, t timed) {
			if at <= 250 && t == dueAt(at) {
				by++
			}
		})
		if n, _ := slices.BinarySearch(want, 251); by != n {
			t.Fatalf("%d are due by 250, want %d", by, n)
		}
	}
	if h.len() != len(want) {
		t.Fatalf("%d timers are left, want %d", h.len(), len(want))
	}
}

// A dueAt knows when it is due.
type dueAt time.Duration

func (dueAt) fire(time.Duration) {}

// BenchmarkTimers is one timer that fires and is set again, among so many.
//
// Medians of three interleaved runs, in ns: this one 52, 103, 148, 167; a 4-ary
// heap with moments and what is due together 65, 139, 164, 176; a hierarchical
// wheel with ticks of 1 µs 55, 90, 165, 198. The wheel also blurs the order within
// a tick.
func BenchmarkTimers(b *testing.B) {
	for _, n := range []int{64, 10_000, 50_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 2))
			var h timers
			reach := int64(n) * int64(10*time.Microsecond)
			for range n {
				h.push(time.Duration(rng.Int64N(reach)), nothingTimed{})
			}
			b.ResetTimer()
			for range b.N {
				at := h.earliest()
				h.push(at+time.Duration(rng.Int64N(reach)), h.pop())
			}
		})
	}
}
