package engine

import "time"

// A timed is something that is due at a moment: a user, a stage, a tick.
type timed interface {
	// fire is called once, as soon as the clock reads at or later.
	fire(now time.Duration)
}

// timers is a 4-ary min-heap: shallower than a binary one. The moments are apart
// from what is due at them, so that looking for the least of four children reads
// half a cache line. The zero value is empty.
type timers struct {
	at []time.Duration
	t  []timed // as at
}

func (h *timers) len() int { return len(h.at) }

// earliest is the first moment. There must be one.
func (h *timers) earliest() time.Duration { return h.at[0] }

func (h *timers) push(at time.Duration, t timed) {
	h.at, h.t = append(h.at, at), append(h.t, t)
	i := len(h.at) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if h.at[parent] <= at {
			break
		}
		h.at[i], h.t[i] = h.at[parent], h.t[parent]
		i = parent
	}
	h.at[i], h.t[i] = at, t
}

// pop takes what is due first. There must be something.
func (h *timers) pop() timed {
	first := h.t[0]
	last := len(h.at) - 1
	at, t := h.at[last], h.t[last]
	h.t[last] = nil
	h.at, h.t = h.at[:last], h.t[:last]
	if last > 0 {
		h.sink(at, t)
	}
	return first
}

// sink finds a place for t, from the top down.
func (h *timers) sink(at time.Duration, t timed) {
	i := 0
	for c := h.least(i); c > 0 && h.at[c] < at; c = h.least(i) {
		h.at[i], h.t[i] = h.at[c], h.t[c]
		i = c
	}
	h.at[i], h.t[i] = at, t
}

// least is the child of i that is due first; 0: it has none.
func (h *timers) least(i int) int {
	c := 4*i + 1
	if c+4 <= len(h.at) {
		four := h.at[c : c+4 : c+4]
		a, b := 0, 2
		if four[1] < four[0] {
			a = 1
		}
		if four[3] < four[2] {
			b = 3
		}
		if four[b] < four[a] {
			a = b
		}
		return c + a
	}
	if c >= len(h.at) {
		return 0
	}
	least := c
	for k := c + 1; k < len(h.at); k++ {
		if h.at[k] < h.at[least] {
			least = k
		}
	}
	return least
}

// by calls f with everything that is due by a moment, in no order. What it costs
// goes by how much there is of that, not by all.
func (h *timers) by(moment time.Duration, f func(time.Duration, timed)) { h.below(0, moment, f) }

// below is by for what is at i and further down.
func (h *timers) below(i int, moment time.Duration, f func(time.Duration, timed)) {
	if i >= len(h.at) || h.at[i] > moment {
		return
	}
	f(h.at[i], h.t[i])
	for c := 4*i + 1; c <= 4*i+4; c++ {
		h.below(c, moment, f)
	}
}
