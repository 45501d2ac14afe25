package plan

import (
	"math"
	"testing"
	"time"
)

func TestLevels(t *testing.T) {
	s := &Scenario{Stages: []*Stage{
		{Users: 1000, SpawnRate: 100, Duration: time.Minute},
		{Users: 100, Ramp: 10 * time.Second, Duration: 5 * time.Second},
		{Users: 100, Duration: time.Second},
	}}
	got := s.Levels()
	want := []Level{
		{0, 1000, 10 * time.Second, time.Minute},
		{1000, 550, 5 * time.Second, 5 * time.Second}, // half of the way in half of the time
		{550, 100, 0, time.Second},
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("stage %d: %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestLevelArea(t *testing.T) {
	for _, l := range []Level{
		{0, 1000, 10 * time.Second, time.Minute},
		{1000, 100, 20 * time.Second, time.Minute},
		{50, 50, 0, time.Minute},
		{0, 20, 0, time.Minute},
		{30, 0, 10 * time.Second, 20 * time.Second},
	} {
		sum := 0.0
		const step = time.Millisecond
		for at := time.Duration(0); at < l.Duration; at += step {
			sum += l.At(at+step/2) * step.Seconds()
			if at%time.Second == 0 {
				area := l.Area(at)
				if back := l.When(area); l.At(at) > 0 && at > 0 && math.Abs((back-at).Seconds()) > 1e-6 {
					t.Errorf("%+v: Area(%v) = %v, but When of it is %v", l, at, area, back)
				}
			}
		}
		if got := l.Area(l.Duration); math.Abs(got-sum) > 1e-3*sum+1e-6 {
			t.Errorf("%+v: area %v, summed %v", l, got, sum)
		}
	}
}
