package plan

import "time"

// maxCurve bounds the points of an estimate's curve.
const maxCurve = 240

// A CurvePoint is the whole load at one moment.
type CurvePoint struct {
	At       time.Duration
	Users    float64
	Rate     float64 // requests a second
	InFlight float64
}

// draw fills in the curve and the peaks. The curve has evenly spaced points;
// peaks are looked for where they can be, at the ends of ramps and stages.
func (e *Estimate) draw() {
	if e.Duration <= 0 {
		return
	}
	const steps = maxCurve - 1
	for i := range maxCurve {
		at := e.Duration/steps*time.Duration(i) + e.Duration%steps*time.Duration(i)/steps
		e.Curve = append(e.Curve, e.at(at))
	}
	for _, s := range e.Scenarios {
		for _, st := range s.Stages {
			for _, at := range []time.Duration{st.Start, st.Start + st.Level.Ramp, st.End} {
				e.peak(e.at(at))
				e.peak(e.at(max(at-1, 0))) // just before a level falls at once
			}
		}
	}
}

func (e *Estimate) peak(p CurvePoint) {
	e.PeakUsers = max(e.PeakUsers, p.Users)
	e.PeakInFlight = max(e.PeakInFlight, p.InFlight)
}

// at is the load at a moment. The end of the last stage belongs to it.
func (e *Estimate) at(t time.Duration) CurvePoint {
	p := CurvePoint{At: t}
	for _, s := range e.Scenarios {
		if st := s.running(t); st != nil {
			users, inFlight, rate := s.work.load(st.Level.At(t - st.Start))
			p.Users += users
			p.InFlight += inFlight
			p.Rate += rate
		}
	}
	return p
}
