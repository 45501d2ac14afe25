package graph

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestMixKeepsShares walks many users and holds every count, at every moment,
// against its exact share: within one for a single user, within the number of
// users for all together.
func TestMixKeepsShares(t *testing.T) {
	for _, weights := range [][]float64{
		{10, 5, 4, 3, 2, 1, 1}, {1, 1}, {9, 1}, {100, 1, 1}, {5}, {0, 3, 0, 1}, {2.5, 0.5, 1.25}, {1000003, 7, 1},
	} {
		total := 0.0
		for _, w := range weights {
			total += w
		}
		for _, users := range []int64{1, 2, 3, 7, 40} {
			mix := NewMix(weights, 42)
			rng := rand.New(rand.NewPCG(1, uint64(users)))
			walks := make([]Walk, users)
			for u := range walks {
				walks[u] = mix.Start(int64(u), rng)
			}
			counts, made := make([]float64, len(weights)), 0.0
			for range 200 {
				for u := range walks {
					counts[mix.Next(&walks[u])]++
					made++
				}
				for i, w := range weights {
					if off := math.Abs(counts[i] - made*w/total); off > float64(users)+1e-9 {
						t.Fatalf("weights %v, %d users: choice %d is off by %v after %v", weights, users, i, off, made)
					}
					if w == 0 && counts[i] > 0 {
						t.Fatalf("weights %v: choice %d has weight 0 but was made", weights, i)
					}
				}
			}
		}
	}
}

func TestMixStartsSpread(t *testing.T) {
	mix := NewMix([]float64{10, 5, 4, 3, 2, 1, 1}, 7)
	first := make([]int, 7)
	for u := range int64(26) {
		w := mix.Start(u, nil)
		first[mix.Next(&w)]++
	}
	// 26 users start at 26 different places: together they are exact at once.
	for i, want := range []int{10, 5, 4, 3, 2, 1, 1} {
		if first[i] != want {
			t.Errorf("choice %d is the first of %d users, want %d", i, first[i], want)
		}
	}
}

func TestMixDraw(t *testing.T) {
	mix := NewMix([]float64{3, 0, 1}, 1)
	rng := rand.New(rand.NewPCG(1, 1))
	counts := make([]int, 3)
	for range 40_000 {
		counts[mix.Draw(rng)]++
	}
	if counts[1] != 0 || math.Abs(float64(counts[0])-30_000) > 600 {
		t.Errorf("drawn %v of 40,000 with weights 3/0/1", counts)
	}
}

func TestMixAt(t *testing.T) {
	for _, weights := range [][]float64{{9, 1}, {0.9, 0.1}, {math.Pi, math.E, 1}} {
		mix := NewMix(weights, 1)
		counts := make([]int64, len(weights))
		for k := range int64(1000) {
			for i := range weights {
				if off := counts[i] - mix.CountBefore(k, i); off > 3 || off < -3 || mix.cycle != nil && off != 0 {
					t.Fatalf("weights %v: %d times choice %d before %d, CountBefore says %d", weights, counts[i], i, k, mix.CountBefore(k, i))
				}
			}
			counts[mix.At(k)]++
		}
	}
}

// BenchmarkMix is one choice by weight: of a user's walk, of a tick by its number,
// and of a random draw.
func BenchmarkMix(b *testing.B) {
	m := NewMix([]float64{10, 5, 4, 3, 2, 1, 1}, 7)
	rng := rand.New(rand.NewPCG(1, 2))
	b.Run("exact", func(b *testing.B) {
		w := m.Start(3, rng)
		for range b.N {
			m.Next(&w)
		}
	})
	b.Run("tick", func(b *testing.B) {
		for i := range b.N {
			m.At(int64(i))
		}
	})
	b.Run("random", func(b *testing.B) {
		for range b.N {
			m.Draw(rng)
		}
	})
}
