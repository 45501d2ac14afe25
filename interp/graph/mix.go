package graph

import (
	"math"
	"math/rand/v2"
)

const (
	// maxCycle bounds the length of a precomputed order. All users share it; one
	// of their own would cost each a number for every choice.
	maxCycle = 1 << 14
	// maxChecked bounds the length up to which every rotation is tried for being
	// a good start: that takes time by its square.
	maxChecked = 1 << 10
)

// A Mix is a deterministic order of choices in given shares. After n choices
// each has been made n times its share, give or take one: nothing is drawn, so
// nothing has to average out.
//
// Small whole weights, the usual case, repeat after as many choices as they add
// up to: 10/5/4/3/2/1/1 is a cycle of 26. Users walk the same cycle from
// different places, so that together they keep the shares from their first
// request on. Other weights are interleaved as they come.
type Mix struct {
	weights []float64
	total   float64
	cycle   []int32 // nil: too long
	starts  []int32 // of the cycle: rotations that keep within one first, then the others
}

// NewMix makes the order for weights, which are finite, not negative and not
// all zero. The seed decides which user starts where.
func NewMix(weights []float64, seed uint64) *Mix {
	m := &Mix{weights: weights}
	for _, w := range weights {
		m.total += w
	}
	whole := wholeWeights(weights)
	if whole == nil {
		return m
	}
	n := 0
	for _, w := range whole {
		n += w
	}
	state := Walk{}
	greedy := &Mix{weights: weights, total: m.total}
	for range n {
		m.cycle = append(m.cycle, int32(state.pick(greedy)))
	}
	m.starts = orderStarts(m.cycle, whole, rand.New(rand.NewPCG(seed, 0x6d6978)))
	return m
}

// wholeWeights makes whole numbers in the same shares: decimals are scaled up,
// and what they have in common is divided out. It is nil if that does not work
// or they add up to more than maxCycle.
func wholeWeights(weights []float64) []int {
	for scale := 1.0; scale <= 1e6; scale *= 10 {
		if whole := roundWeights(weights, scale); whole != nil {
			return whole
		}
	}
	return nil
}

// roundWeights is wholeWeights for one scale.
func roundWeights(weights []float64, scale float64) []int {
	whole := make([]int, len(weights))
	common, total := 0, 0
	for i, w := range weights {
		scaled := math.Round(w * scale)
		if math.Abs(w*scale-scaled) > 1e-9*scaled || scaled > 1e9 {
			return nil
		}
		whole[i] = int(scaled)
		common = gcd(common, whole[i])
		total += whole[i]
	}
	if common == 0 || total/common > maxCycle {
		return nil
	}
	for i := range whole {
		whole[i] /= common
	}
	return whole
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// orderStarts is every rotation of the cycle once, in random order, but those
// that keep each count within one of its share for as long as one walks come
// first: a single user must be as exact as a thousand. The beginning is one.
func orderStarts(cycle []int32, whole []int, rng *rand.Rand) []int32 {
	var good, rest []int32
	for _, p := range rng.Perm(len(cycle)) {
		if p == 0 || len(cycle) <= maxChecked && keepsWithinOne(cycle, p, whole) {
			good = append(good, int32(p))
		} else {
			rest = append(rest, int32(p))
		}
	}
	return append(good, rest...)
}

// keepsWithinOne reports whether a walk from position p is never more than one
// away from n × share. Everything is multiplied by the cycle's length to stay
// in whole numbers, and only the count that changed is looked at together with
// those that fall behind, at the moment they are made up for.
func keepsWithinOne(cycle []int32, p int, whole []int) bool {
	n := len(cycle)
	counts := make([]int, len(whole))
	for k := 1; k <= n; k++ {
		c := cycle[(p+k-1)%n]
		behind := whole[c]*k - counts[c]*n // before this choice makes up for it
		counts[c]++
		if ahead := counts[c]*n - whole[c]*k; ahead > n || behind-whole[c] > n {
			return false
		}
	}
	return true
}

// A Walk is one user's place in a Mix. The zero value begins at the beginning.
type Walk struct {
	at     int32     // place in the cycle
	first  int32     // where there is no cycle: the drawn first choice plus one, until it is made
	n      float64   // choices made, likewise
	counts []float64 // of each, likewise
}

// Start is the place at which the user with the given index begins.
func (m *Mix) Start(user int64, rng *rand.Rand) Walk {
	if m.cycle != nil {
		return Walk{at: m.starts[user%int64(len(m.starts))]}
	}
	// Without a cycle a drawn first choice spreads the users; what follows
	// makes up for it.
	return Walk{first: int32(m.Draw(rng)) + 1}
}

// Next makes the next choice.
func (m *Mix) Next(w *Walk) int {
	if m.cycle == nil {
		return w.pick(m)
	}
	c := m.cycle[w.at]
	if w.at++; int(w.at) == len(m.cycle) {
		w.at = 0
	}
	return int(c)
}

// At is the k-th choice of a walk from the beginning of the cycle: for
// schedules that are split over many hands, where nobody walks. Without a cycle
// it is where the k-th multiple of the golden ratio falls among the shares,
// which keeps them almost as well.
func (m *Mix) At(k int64) int {
	if m.cycle == nil {
		_, f := math.Modf(float64(k+1) * math.Phi)
		return m.choose(f * m.total)
	}
	return int(m.cycle[k%int64(len(m.cycle))])
}

// CountBefore is how often At gives choice for the numbers below k.
func (m *Mix) CountBefore(k int64, choice int) int64 {
	if m.cycle == nil {
		return int64(float64(k) * m.weights[choice] / m.total)
	}
	var inCycle, before int64
	rest := k % int64(len(m.cycle))
	for i, c := range m.cycle {
		if int(c) == choice {
			inCycle++
			if int64(i) < rest {
				before++
			}
		}
	}
	return k/int64(len(m.cycle))*inCycle + before
}

// Draw chooses at random, in the shares of the weights.
func (m *Mix) Draw(rng *rand.Rand) int { return m.choose(rng.Float64() * m.total) }

// choose is the choice whose part of the total holds x.
func (m *Mix) choose(x float64) int {
	last := 0
	for i, w := range m.weights {
		if w == 0 {
			continue
		}
		if x < w {
			return i
		}
		x -= w
		last = i
	}
	return last
}

// pick chooses what is furthest behind its share.
func (w *Walk) pick(m *Mix) int {
	if w.counts == nil {
		w.counts = make([]float64, len(m.weights))
	}
	w.n++
	best, most := int(w.first)-1, math.Inf(-1)
	if best < 0 {
		for i, weight := range m.weights {
			if behind := weight*w.n/m.total - w.counts[i]; weight > 0 && behind > most {
				best, most = i, behind
			}
		}
	}
	w.first = 0
	w.counts[best]++
	return best
}
