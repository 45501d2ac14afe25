package engine

import (
	"sync/atomic"
	"time"

	"bossplan/interp/graph"
)

// A limiter spaces the requests to a host evenly, as its max_rate says. It is
// the one thing that loops share on the path of a request: were each given a
// part of the rate, a single user would get no more than the part of its loop.
// Nobody waits in it: a slot is taken with one atomic operation.
type limiter struct {
	gap  time.Duration // between requests; 0: no limit
	next atomic.Int64  // the earliest moment for the next one
}

// newLimiters makes one for each host of the graph.
func newLimiters(g *graph.Graph) []*limiter {
	var out []*limiter
	for _, h := range g.Hosts {
		r := &limiter{}
		if h.Plan.MaxRate > 0 {
			r.gap = time.Duration(1e9 / h.Plan.MaxRate)
		}
		out = append(out, r)
	}
	return out
}

// admit says how long a request that is ready now is held back. Any goroutine
// may call it.
func (r *limiter) admit(now time.Duration) time.Duration {
	if r.gap == 0 {
		return 0
	}
	for {
		next := r.next.Load()
		slot := max(now, time.Duration(next))
		if r.next.CompareAndSwap(next, int64(slot+r.gap)) {
			return slot - now
		}
	}
}
