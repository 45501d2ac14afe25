package engine

import "time"

// A timed is something that is due at a moment: a user, a stage, a tick.
type timed interface {
	// fire is called once, as soon as the clock reads at or later.
	fire(now time.Duration)
}

// timers is a 4-ary min-heap: shallower than a binary one, and its four
// children share a cache line or two. The zero value is empty.
type timers []timer

type timer struct {
	at time.Duration
	t  timed
}

func (h *timers) push(at time.Duration, t timed) {
	*h = append(*h, timer{at, t})
	s := *h
	i := len(s) - 1
	for i > 0 {
		parent := (i - 1) / 4
		if s[parent].at <= s[i].at {
			break
		}
		s[parent], s[i] = s[i], s[parent]
		i = parent
	}
}

// pop removes the earliest timer. There must be one.
func (h *timers) pop() timer {
	s := *h
	first := s[0]
	last := len(s) - 1
	s[0] = s[last]
	s[last] = timer{}
	*h = s[:last]
	h.sink(0)
	return first
}

// by calls f with every timer that is due by a moment, in no order. What it
// costs goes by how many there are of those, not by all.
func (h timers) by(moment time.Duration, f func(timer)) { h.below(0, moment, f) }

// below is by for the timers from i down.
func (h timers) below(i int, moment time.Duration, f func(timer)) {
	if i >= len(h) || h[i].at > moment {
		return
	}
	f(h[i])
	for c := 4*i + 1; c <= 4*i+4; c++ {
		h.below(c, moment, f)
	}
}

func (h *timers) sink(i int) {
	s := *h
	for {
		least := i
		for c := 4*i + 1; c <= 4*i+4 && c < len(s); c++ {
			if s[c].at < s[least].at {
				least = c
			}
		}
		if least == i {
			return
		}
		s[i], s[least] = s[least], s[i]
		i = least
	}
}
