package record

import (
	"math"
	"testing"
	"time"
)

// TestLongSeries: a series that grows coarser loses no request, keeps the worst
// percentile and stays within its bound.
func TestLongSeries(t *testing.T) {
	var s Series
	const seconds = 5*MaxPoints + 3
	for i := range seconds {
		p := Point{At: time.Duration(i+1) * time.Second, Users: i, Completed: 2, Failed: 1, P95: math.NaN()}
		if i == 1000 {
			p.P95 = 99
		}
		s.Append(p, []RequestPoint{{Completed: 2, Failed: 1, P50: math.NaN(), P95: p.P95}})
	}
	if s.Step != 8*time.Second || len(s.Points) > MaxPoints || len(s.Requests[0]) != len(s.Points) {
		t.Fatalf("step %s, %d points, %d of the request", s.Step, len(s.Points), len(s.Requests[0]))
	}
	var all RequestPoint
	worst := math.NaN()
	before := time.Duration(0)
	for i, p := range s.Points {
		if q := s.Requests[0][i]; q.Completed != p.Completed || q.Failed != p.Failed {
			t.Fatalf("point %d: %+v of the request, %+v of all", i, q, p)
		}
		if d := p.At - before; d != s.Step && i < len(s.Points)-1 {
			t.Fatalf("point %d stands for %s", i, d)
		}
		before = p.At
		all.Completed += p.Completed
		all.Failed += p.Failed
		worst = Worse(worst, p.P95)
	}
	if all.Completed != 2*seconds || all.Failed != seconds || worst != 99 {
		t.Errorf("%d completed, %d failed, p95 %v", all.Completed, all.Failed, worst)
	}
	if last := s.Points[len(s.Points)-1]; last.Users != seconds-1 {
		t.Errorf("the level at the end is %d", last.Users)
	}
}

func TestManyRequestsHaveFewerPoints(t *testing.T) {
	for requests, want := range map[int]int{0: MaxPoints, 1: MaxPoints, 26: MaxPoints, 10_000: 418, 1_000_000: 128} {
		if got := maxPoints(requests); got != want {
			t.Errorf("%d points for %d requests, want %d", got, requests, want)
		}
	}
}
