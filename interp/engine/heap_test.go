package engine

import (
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
		if len(h) == 0 || rng.IntN(3) > 0 {
			at := time.Duration(rng.IntN(500))
			h.push(at, nothingTimed{})
			i, _ := slices.BinarySearch(want, at)
			want = slices.Insert(want, i, at)
			continue
		}
		if got := h.pop().at; got != want[0] {
			t.Fatalf("popped %d, the earliest is %d", got, want[0])
		}
		want = want[1:]
	}
	if len(h) != len(want) {
		t.Fatalf("%d timers are left, want %d", len(h), len(want))
	}
}
