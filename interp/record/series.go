package record

import (
	"math"
	"time"
)

// MaxPoints bounds a series. A run of up to two hours has one point a second;
// beyond that neighbours are joined, so a point stands for 2, 4, 8 … seconds.
const MaxPoints = 7200

// maxRequestPoints bounds the rows of all requests of a series together, at 32
// bytes a point: with more than some hundred requests points are joined earlier.
const maxRequestPoints = 4 << 20

// maxPoints is how many points a series of so many requests has at most. It is
// even, so that all of them have a neighbour to be joined with.
func maxPoints(requests int) int {
	return max(min(MaxPoints, maxRequestPoints/max(requests, 1)), 128) &^ 1
}

// A Second is what completed, by completion time, between two readings of the
// recorder: one second, the last one perhaps shorter. It is valid only during
// the call that hands it over.
type Second struct {
	Start, End time.Duration
	Cells      []*Cell // those with samples
	Point      Point
}

// A Point is one moment of the series. Times are in ms, NaN where nothing was
// measured.
type Point struct {
	At            time.Duration // end of the time it stands for
	Users         int
	InFlight      int
	Started       int64 // requests that were made, whether or not something could be sent
	Completed     int64
	Failed        int64 // of Completed
	Dropped       int64 // open iterations that were not started
	Sent          int64
	Received      int64
	P50, P95, P99 float64 // response time of what users waited for
	Max           float64
	LagP99        float64
	CPU           float64 // cores in use by the generator
	Busy          float64 // the part of the time in which its busiest loop had something to do; NaN: too short a time to say
	Warmup        bool    // nothing but warm-up completed
}

// A RequestPoint is a request's share of a Point.
type RequestPoint struct {
	Completed, Failed int64
	P50, P95          float64
}

// Series is the run over time, by completion. Requests has one row per request,
// each as long as Points.
type Series struct {
	Step     time.Duration // what a point stands for
	Points   []Point
	Requests [][]RequestPoint

	pending int // points merged into the last one since Step grew beyond a second
}

// Append adds a second. requests has a point for every request of the record.
func (s *Series) Append(p Point, requests []RequestPoint) {
	if s.Step == 0 {
		s.Step = time.Second
		s.Requests = make([][]RequestPoint, len(requests))
	}
	if len(s.Points) >= maxPoints(len(requests)) && s.pending == 0 {
		s.halve()
	}
	if s.pending > 0 {
		last := len(s.Points) - 1
		s.Points[last] = s.Points[last].Join(p)
		for i, q := range requests {
			s.Requests[i][last] = joinRequest(s.Requests[i][last], q)
		}
	} else {
		s.Points = append(s.Points, p)
		for i, q := range requests {
			s.Requests[i] = append(s.Requests[i], q)
		}
	}
	if s.pending++; time.Duration(s.pending)*time.Second >= s.Step {
		s.pending = 0
	}
}

// halve joins neighbours and doubles the step.
func (s *Series) halve() {
	n := len(s.Points) / 2
	for i := range n {
		s.Points[i] = s.Points[2*i].Join(s.Points[2*i+1])
	}
	s.Points = s.Points[:n]
	for r, row := range s.Requests {
		for i := range n {
			row[i] = joinRequest(row[2*i], row[2*i+1])
		}
		s.Requests[r] = row[:n]
	}
	s.Step *= 2
}

// Join makes one point of two neighbours: counts add up, levels are the later
// ones, percentiles the worse: a coarser series must not look better.
func (a Point) Join(b Point) Point {
	b.Started += a.Started
	b.Completed += a.Completed
	b.Failed += a.Failed
	b.Dropped += a.Dropped
	b.Sent += a.Sent
	b.Received += a.Received
	b.P50, b.P95, b.P99 = Worse(a.P50, b.P50), Worse(a.P95, b.P95), Worse(a.P99, b.P99)
	b.Max, b.LagP99 = Worse(a.Max, b.Max), Worse(a.LagP99, b.LagP99)
	b.CPU, b.Busy = Worse(a.CPU, b.CPU), Worse(a.Busy, b.Busy)
	b.Warmup = a.Warmup && b.Warmup
	return b
}

func joinRequest(a, b RequestPoint) RequestPoint {
	return RequestPoint{a.Completed + b.Completed, a.Failed + b.Failed, Worse(a.P50, b.P50), Worse(a.P95, b.P95)}
}

// Worse is the larger of two, NaN only if both are.
func Worse(a, b float64) float64 {
	switch {
	case math.IsNaN(a):
		return b
	case math.IsNaN(b):
		return a
	}
	return max(a, b)
}
