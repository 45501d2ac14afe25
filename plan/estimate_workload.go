package plan

import (
	"math"
	"slices"
	"sort"
	"time"
)

// A workload is how many requests a second a scenario makes at any level, if
// every answer takes the same time.
//
// Everything in it is linear in the level between a few kinks: where the users
// of a fixed_count are all there, where an open scenario has max_in_flight
// running, where a host's max_rate is reached. So a sum of trapezoids between
// the kinks is exact.
type workload struct {
	scenario *Scenario
	classes  []classWork
	fixed    []float64     // closed: the classes' fixed counts, ascending
	capacity float64       // open: iterations a second at most, from max_in_flight
	slowest  time.Duration // the longest answer
}

// classWork is one user class of a workload. Times are in seconds.
type classWork struct {
	steps    []madeStep // its requests
	requests float64    // made in an iteration, on average
	latency  float64    // of an iteration's requests together, on average
	busy     float64    // from the start of an iteration to its end, on average
	cycle    float64    // of a closed user, from one iteration to the next, on average
	fixed    float64    // users of this class whatever the level
	weight   float64    // share of the others; of all iterations in the open model
}

const (
	// leastCycle stands for no time at all, so that shares stay numbers.
	leastCycle = 1e-12
	// unbounded is the rate, a second, above which nothing limits a figure but
	// leastCycle. No plan can ask for as much.
	unbounded = 1e10
)

func newWorkload(s *Scenario, latency time.Duration, o outlook) workload {
	w := workload{scenario: s, capacity: math.Inf(1)}
	sum := 0.0
	for _, class := range s.UserClasses {
		c := newClassWork(class, latency, o)
		if !s.Open() && c.fixed > 0 {
			c.weight = 0
			w.fixed = append(w.fixed, c.fixed)
		}
		sum += c.weight
		w.classes = append(w.classes, c)
		for _, step := range c.steps {
			w.slowest = max(w.slowest, answer(step.request, latency))
		}
	}
	slices.Sort(w.fixed)
	mean := 0.0
	for i := range w.classes {
		if sum > 0 {
			w.classes[i].weight /= sum
		}
		mean += w.classes[i].weight * w.classes[i].busy
	}
	if s.Open() && s.MaxInFlight > 0 && mean > 0 {
		w.capacity = float64(s.MaxInFlight) / mean
	}
	return w
}

func newClassWork(class *UserClass, latency time.Duration, o outlook) classWork {
	c := classWork{fixed: float64(class.FixedCount), weight: class.Weight}
	sum, first := 0.0, 0.0
	for _, f := range class.Choices {
		sum += f.Weight
	}
	for i, f := range class.Choices {
		share := 0.0
		if sum > 0 {
			share = f.Weight / sum
		}
		w := newFlowWork(f, latency, o)
		for _, step := range w.steps {
			step.made *= share
			c.steps = append(c.steps, step)
		}
		if i == 0 {
			first = w.requests
			c.requests = first
		}
		c.requests += share * (w.requests - first) // exact where all choices make as many
		c.latency += share * w.latency
		c.busy += share * w.busy
		c.cycle += share * cycle(class.Wait, w.busy)
	}
	return c
}

// answer is how long a request takes: its timeout where that is shorter.
func answer(r *Request, latency time.Duration) time.Duration {
	if r.Timeout > 0 {
		return min(latency, r.Timeout)
	}
	return latency
}

// cycle is the expected time from the start of an iteration that takes t to the
// start of the next, in seconds.
func cycle(w Wait, t float64) float64 {
	if w.Kind != WaitPacing {
		return t + w.Mean().Seconds()
	}
	low, high := w.Min.Seconds(), w.Max.Seconds()
	switch {
	case t <= low:
		return w.Mean().Seconds()
	case t >= high:
		return t
	}
	// The mean of the greater of t and a pace uniform in [low, high].
	return (t*(t-low) + (high*high-t*t)/2) / (high - low)
}

// users divides a level of users over the classes: those of fixed_count first,
// in turns, then by weight. Where no class has a weight, users beyond the
// fixed ones repeat their proportions.
func (w *workload) users(level float64) []float64 {
	fixed, weight := 0.0, 0.0
	for _, c := range w.classes {
		fixed += c.fixed
		weight += c.weight
	}
	out := make([]float64, len(w.classes))
	turns := w.turns(min(level, fixed))
	for i, c := range w.classes {
		out[i] = min(c.fixed, turns)
		switch rest := level - fixed; {
		case rest <= 0:
		case weight > 0:
			out[i] += rest * c.weight
		case fixed > 0:
			out[i] += rest * c.fixed / fixed
		}
	}
	return out
}

// turns is how many users each class with a fixed_count has, unless it has no
// more, once they are n together.
func (w *workload) turns(n float64) float64 {
	last, used := 0.0, 0.0
	for i, f := range w.fixed {
		classes := float64(len(w.fixed) - i) // that still get more
		if used+(f-last)*classes >= n {
			return last + (n-used)/classes
		}
		used += (f - last) * classes
		last = f
	}
	return last
}

// free are the iterations a second of each class at a level, if no host has a
// max_rate.
func (w *workload) free(level float64) []float64 {
	if w.scenario.Open() {
		out := make([]float64, len(w.classes))
		for i, c := range w.classes {
			out[i] = min(level, w.capacity) * c.weight
		}
		return out
	}
	out := w.users(level)
	for i, c := range w.classes {
		out[i] /= max(c.cycle, leastCycle)
	}
	return out
}

// rates are the iterations a second of each class at a level. Requests to a
// host beyond its max_rate are held back, from all its classes alike.
func (w *workload) rates(level float64) []float64 {
	out := w.free(level)
	for host, sum := range w.hosts(out) {
		if sum <= host.MaxRate {
			continue
		}
		for i, class := range w.scenario.UserClasses {
			if class.Host == host {
				out[i] *= host.MaxRate / sum
			}
		}
	}
	return out
}

// hosts are the requests a second that go to each host with a max_rate, at the
// given rates of iterations.
func (w *workload) hosts(rates []float64) map[*Host]float64 {
	sums := map[*Host]float64{}
	for i, class := range w.scenario.UserClasses {
		if class.Host != nil && class.Host.MaxRate > 0 {
			sums[class.Host] += rates[i] * w.classes[i].requests
		}
	}
	return sums
}

// load is users and requests in flight at a level, and requests a second.
func (w *workload) load(level float64) (users, inFlight, rate float64) {
	rates := w.rates(level)
	var divided []float64
	if !w.scenario.Open() {
		divided, users = w.users(level), level
	}
	for i, c := range w.classes {
		rate += rates[i] * c.requests
		if w.scenario.Open() {
			users += rates[i] * c.busy
		}
		if divided != nil && c.cycle <= leastCycle {
			inFlight += divided[i] // always answered at once, always asking
			continue
		}
		inFlight += rates[i] * c.latency
	}
	if rate > unbounded {
		rate = math.Inf(1)
	}
	return users, inFlight, rate
}

// kinks are the levels strictly between two at which rates bend, ascending.
func (w *workload) kinks(from, to float64) []float64 {
	low, high := min(from, to), max(from, to)
	var at []float64
	used, last := 0.0, 0.0
	for i, f := range w.fixed {
		used += (f - last) * float64(len(w.fixed)-i)
		last = f
		at = append(at, used)
	}
	at = append(at, w.capacity)
	at = slices.DeleteFunc(at, func(k float64) bool { return k <= low || k >= high })
	at = append(at, low, high)
	slices.Sort(at)
	at = append(at, w.hostKinks(at)...)
	slices.Sort(at)
	return slices.DeleteFunc(slices.Compact(at), func(k float64) bool { return k <= low || k >= high })
}

// hostKinks are the levels at which a host's max_rate is reached. Between the
// given levels the free rates are linear.
func (w *workload) hostKinks(levels []float64) []float64 {
	var at []float64
	for i := 1; i < len(levels); i++ {
		from, to := levels[i-1], levels[i]
		after := w.hosts(w.free(to))
		for host, a := range w.hosts(w.free(from)) {
			if b := after[host]; a < host.MaxRate && host.MaxRate < b {
				at = append(at, from+(to-from)*(host.MaxRate-a)/(b-a))
			}
		}
	}
	return at
}

// area is the iterations of each class in the first t of a stage.
func (w *workload) area(l Level, t time.Duration) []float64 {
	out := make([]float64, len(w.classes))
	add := func(from, to, seconds float64) {
		a, b := w.rates(from), w.rates(to)
		for i := range out {
			out[i] += (a[i] + b[i]) / 2 * seconds
		}
	}
	if ramp := min(t, l.Ramp); ramp > 0 {
		from, to := l.From, cut(l, ramp).To
		points := w.kinks(from, to)
		if to < from {
			slices.Reverse(points)
		}
		at := from
		for _, next := range append(points, to) {
			span := ramp.Seconds()
			if to != from {
				span *= (next - at) / (to - from)
			}
			add(at, next, span)
			at = next
		}
	}
	if t > l.Ramp {
		add(l.To, l.To, (t - l.Ramp).Seconds())
	}
	return out
}

// stage is a stage that begins at start.
func (w *workload) stage(st *Stage, l Level, start time.Duration) StageEstimate {
	length := l.Duration
	by := w.area(l, length)
	wanted := float64(st.Iterations)
	done := st.Iterations > 0 && addUp(by) >= wanted
	if done {
		n := sort.Search(int(length), func(t int) bool { return addUp(w.area(l, time.Duration(t))) >= wanted })
		length = time.Duration(n)
		by = w.area(l, max(length, 1))
		scale(by, wanted/addUp(by))
	}
	e := StageEstimate{Stage: st, Start: start, End: later(start, length), Level: cut(l, length), finite: by, Iterations: wanted}
	e.byClass = slices.Clone(by)
	if !done {
		for i := range by {
			if by[i] > unbounded*length.Seconds() {
				e.byClass[i] = math.Inf(1)
			}
		}
		e.Iterations = addUp(e.byClass)
	}
	e.Requests = w.requests(e.Iterations, e.byClass)
	e.Rate = perSecond(e.Requests, length)
	_, _, first := w.load(l.At(0))
	_, _, last := w.load(l.At(length))
	e.PeakRate = max(first, last)
	return e
}

// requests are those of all classes' iterations. Where every iteration makes as
// many, their sum is exact.
func (w *workload) requests(iterations float64, byClass []float64) float64 {
	first := w.classes[0].requests
	total := part(iterations, first)
	for i, c := range w.classes {
		if more := c.requests - first; more != 0 {
			if math.IsInf(byClass[i], 1) {
				return w.unevenly(byClass)
			}
			total += byClass[i] * more
		}
	}
	return total
}

// unevenly is the sum of what the classes' iterations make.
func (w *workload) unevenly(byClass []float64) float64 {
	total := 0.0
	for i, c := range w.classes {
		total += part(byClass[i], c.requests)
	}
	return total
}

// cut is the first t of a level.
func cut(l Level, t time.Duration) Level {
	if t >= l.Duration {
		return l
	}
	to := l.To
	if t < l.Ramp {
		to = l.At(t)
	}
	return Level{From: l.From, To: to, Ramp: min(l.Ramp, t), Duration: t}
}

// addUp is the sum of values.
func addUp(values []float64) float64 {
	total := 0.0
	for _, v := range values {
		total += v
	}
	return total
}

func scale(values []float64, by float64) {
	for i := range values {
		values[i] *= by
	}
}
