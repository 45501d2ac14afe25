package plan

import (
	"math"
	"time"
)

// A HostLoad is what comes to one host at the same time, at most: what answers
// cannot make worse. Probes and the fetching of data are not part of it.
type HostLoad struct {
	Host        *Host
	Users       float64 // of the open model: iterations under way, at most
	Rate        float64 // requests a second, if answers come at once
	InFlight    float64 // requests, if every answer takes until its timeout
	Connections float64 // open at the same time, at most
	Scheduled   bool    // the rate is one of open scenarios alone, which does not depend on answers
}

// HostLoads is the load of each host that a scenario goes to, in the plan's
// order.
func (p *Plan) HostLoads() []HostLoad {
	by := map[*Host]*HostLoad{}
	var list []HostLoad
	for _, h := range p.Hosts {
		by[h] = &HostLoad{Host: h, Scheduled: true}
	}
	fast, slow := p.count(0, likely), p.count(longest, likely)
	fast.peaks(func(at map[*Host]HostLoad) {
		for h, x := range at {
			if l := by[h]; l != nil {
				l.Rate = max(l.Rate, x.Rate)
				l.Users = max(l.Users, x.Users)
				l.Scheduled = l.Scheduled && x.Scheduled
			}
		}
	})
	slow.peaks(func(at map[*Host]HostLoad) {
		for h, x := range at {
			if l := by[h]; l != nil {
				l.Users = max(l.Users, x.Users)
				l.InFlight = max(l.InFlight, x.InFlight)
			}
		}
	})
	for _, h := range p.Hosts {
		l := by[h]
		if l.Users == 0 && l.Rate == 0 {
			continue
		}
		l.Connections = math.Ceil(l.Users)
		if h.Connections > 0 {
			l.Connections = min(l.Connections, float64(h.Connections))
		}
		list = append(list, *l)
	}
	return list
}

// peaks calls see with the load of all hosts at each moment at which it can be
// highest: the ends of ramps and stages.
func (e *Estimate) peaks(see func(map[*Host]HostLoad)) {
	for _, s := range e.Scenarios {
		for _, st := range s.Stages {
			for _, at := range []time.Duration{st.Start, st.Start + st.Level.Ramp, st.End} {
				see(e.hostsAt(at))
				see(e.hostsAt(max(at-1, 0))) // just before a level falls at once
			}
		}
	}
}

// hostsAt is the load of each host at a moment.
func (e *Estimate) hostsAt(t time.Duration) map[*Host]HostLoad {
	at := map[*Host]HostLoad{}
	for _, s := range e.Scenarios {
		st := s.running(t)
		if st == nil {
			continue
		}
		level := st.Level.At(t - st.Start)
		rates, users := s.work.rates(level), s.work.users(level)
		for i, class := range s.Scenario.UserClasses {
			c := s.work.classes[i]
			x, known := at[class.Host]
			if !known {
				x.Scheduled = true
			}
			if s.Scenario.Open() {
				x.Users += rates[i] * c.busy
			} else {
				x.Users += users[i]
				x.Scheduled = false
			}
			rate := rates[i] * c.requests
			if rate > unbounded {
				rate = math.Inf(1)
			}
			x.Rate += rate
			x.InFlight += rates[i] * c.latency
			at[class.Host] = x
		}
	}
	return at
}

// running is the stage that a moment belongs to, nil where there is none. The
// end of the last stage belongs to it.
func (e *ScenarioEstimate) running(t time.Duration) *StageEstimate {
	for i := range e.Stages {
		st := &e.Stages[i]
		if st.Start <= t && (t < st.End || i == len(e.Stages)-1 && t == st.End) {
			return st
		}
	}
	return nil
}
