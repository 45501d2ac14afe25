package plan

import (
	"math"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// An outlook says what is taken for what only the run decides: whether the
// conditions of a flow hold, how often it repeats what it repeats, and whether
// it stops early because a request failed. Where a plan leaves none of this
// open, all three come to the same.
type outlook int

const (
	likely outlook = iota // conditions hold, nothing fails, a number that is not known is 1
	most                  // no run makes more requests
	fewest                // no run makes fewer
)

// maxRepeat is how often a request of a flow is sent in a row at most.
const maxRepeat = 1e6

// flowWork is one iteration of a flow. Times are in seconds.
type flowWork struct {
	steps    []madeStep
	requests float64 // made together
	latency  float64 // of the requests together
	busy     float64 // from the start of the iteration to its end, pauses included
}

// A madeStep is a request and how often an iteration makes it, on average.
type madeStep struct {
	request *Request
	made    float64
}

// estimate is the step's request before anything of it is counted.
func (s madeStep) estimate(ofClass float64) RequestEstimate {
	_, known := s.request.Times()
	return RequestEstimate{Request: s.request, OfClass: ofClass, AtMost: s.request.When.IsSet(), Repeats: !known}
}

// Times is how often a flow sends the request in a row, if that is known before
// the run; else it is 1.
func (r *Request) Times() (n float64, known bool) {
	if !r.Repeat.IsSet() {
		return 1, true
	}
	v, ok := r.Repeat.settled()
	if !ok || v.Type() != cty.Number {
		return 1, false
	}
	n, _ = v.AsBigFloat().Float64()
	return min(max(n, 0), maxRepeat), true
}

func newFlowWork(f *Flow, latency time.Duration, o outlook) flowWork {
	switch o {
	case most:
		return mostOf(f)
	case fewest:
		return fewestOf(f, latency)
	}
	var w flowWork
	for _, r := range f.Requests {
		n, _ := r.Times()
		w.add(r, n, latency)
	}
	return w
}

// add appends a request that is made n times, each after its pause.
func (w *flowWork) add(r *Request, n float64, latency time.Duration) {
	took := answer(r, latency).Seconds()
	w.steps = append(w.steps, madeStep{r, n})
	w.requests += n
	w.latency += n * took
	w.busy += n * (took + r.Pause.Mean().Seconds())
}

// mostOf makes every request as often as it may be, in the time of the shortest
// iteration: the two together are more than any run can do. Answers come at
// once.
func mostOf(f *Flow) flowWork {
	var w flowWork
	shortest, passed := math.Inf(1), 0.0
	for _, r := range f.Requests {
		n, known := r.Times()
		if !known {
			n = maxRepeat
		}
		w.add(r, n, 0)
		pause := r.Pause.Mean().Seconds()
		if f.OnFailure != FailureContinues {
			shortest = min(shortest, passed+pause) // it fails here, and with it the iteration
		}
		if known && !r.When.IsSet() {
			passed += n * pause
		}
	}
	w.busy = min(shortest, passed)
	return w
}

// fewestOf makes only what must be made, in the time of the longest iteration.
// A flow that stops where a request fails makes only its first one for certain.
func fewestOf(f *Flow, latency time.Duration) flowWork {
	var w flowWork
	for i, r := range f.Requests {
		n, known := r.Times()
		least := n
		switch {
		case r.When.IsSet() || !known:
			least = 0
		case f.OnFailure != FailureContinues && i > 0:
			least = 0
		case f.OnFailure != FailureContinues:
			least = min(n, 1)
		}
		if !known {
			n = maxRepeat
		}
		w.add(r, n, latency)
		w.requests += least - n
		w.steps[i].made = least
	}
	return w
}
