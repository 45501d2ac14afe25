package plan

import (
	"math"
	"time"
)

// A Level is how a stage's level moves: from where the stage before left it,
// in a straight line, to its own, and then on.
//
//	users or rate
//	  To   ┌───────────────
//	      ╱
//	From ╱
//	    └──┴───────────────┴─ t
//	    0  Ramp        Duration
//
// The level is users for a closed stage and iterations a second for an open
// one. Both the engine and everything that is said before a run come from
// these few functions, so they cannot disagree.
type Level struct {
	From, To float64
	Ramp     time.Duration // at most Duration: the rest of a longer ramp never happens
	Duration time.Duration
}

// Levels are the scenario's stages as levels. A ramp that does not fit its
// stage is cut, and the next stage starts from where it got to.
func (s *Scenario) Levels() []Level {
	levels := make([]Level, len(s.Stages))
	from := 0.0
	for i, st := range s.Stages {
		to := st.Rate
		if !st.Open {
			to = float64(st.Users)
		}
		l := Level{From: from, To: to, Ramp: st.RampTime(from), Duration: st.Duration}
		if l.Ramp > l.Duration {
			l.To = from + (to-from)*l.Duration.Seconds()/l.Ramp.Seconds()
			if !st.Open {
				l.To = math.Trunc(l.To)
			}
			l.Ramp = l.Duration
		}
		levels[i] = l
		from = l.To
	}
	return levels
}

// RampTime is how long the stage takes to come from a level to its own, whether
// or not that fits its duration.
func (s *Stage) RampTime(from float64) time.Duration {
	if s.SpawnRate > 0 {
		return seconds(math.Abs(float64(s.Users)-from) / s.SpawnRate)
	}
	return s.Ramp
}

// At is the level at t after the stage's start.
func (l Level) At(t time.Duration) float64 {
	if t >= l.Ramp {
		return l.To
	}
	return l.From + (l.To-l.From)*(float64(t)/float64(l.Ramp))
}

// Area is the level integrated over [0, t], in level × seconds: user-seconds,
// or iterations.
func (l Level) Area(t time.Duration) float64 {
	t = max(t, 0)
	if t >= l.Ramp {
		return (l.From+l.To)/2*l.Ramp.Seconds() + l.To*(t-l.Ramp).Seconds()
	}
	return (l.From + l.At(t)) / 2 * t.Seconds()
}

// When is the moment at which Area reaches area: the inverse of Area. It is
// the largest duration where the level never gets there.
func (l Level) When(area float64) time.Duration {
	ramp := l.Area(l.Ramp)
	if area >= ramp {
		if l.To <= 0 {
			return math.MaxInt64
		}
		return l.Ramp + seconds((area-ramp)/l.To)
	}
	// On the ramp: area = From·t + slope·t²/2. Written so that it is exact for
	// From = 0 and stable for small slopes.
	slope := (l.To - l.From) / l.Ramp.Seconds()
	root := math.Sqrt(max(l.From*l.From+2*slope*area, 0))
	if l.From+root == 0 {
		return 0
	}
	return seconds(2 * area / (l.From + root))
}

func seconds(s float64) time.Duration {
	if s >= math.MaxInt64/1e9 {
		return math.MaxInt64
	}
	return time.Duration(math.Round(s * 1e9))
}
