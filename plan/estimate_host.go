package plan

import (
	"math"
	"slices"
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
	Repeats     bool    // a request is sent in a row as often as only the run decides; Rate takes it for one
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
				l.Repeats = l.Repeats || x.Repeats
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
		l.Connections = h.shared(l.Users)
		list = append(list, *l)
	}
	return list
}

// peaks calls see with the load of all hosts at each moment at which it can be
// highest: the ends of ramps and stages, just before and just after.
func (e *Estimate) peaks(see func(map[*Host]HostLoad)) {
	var moments []time.Duration
	for _, s := range e.Scenarios {
		for _, st := range s.Stages {
			for _, at := range []time.Duration{st.Start, st.Start + st.Level.Ramp, st.End} {
				moments = append(moments, at, max(at-1, 0))
			}
		}
	}
	slices.Sort(moments)
	for _, at := range slices.Compact(moments) {
		see(e.hostsAt(at))
	}
}

// hostsAt is the load of each host at a moment.
func (e *Estimate) hostsAt(t time.Duration) map[*Host]HostLoad {
	at, due := map[*Host]HostLoad{}, map[*Host]float64{}
	for i := range e.Scenarios {
		e.Scenarios[i].dueAt(t, due)
	}
	for i := range e.Scenarios {
		for host, x := range e.Scenarios[i].hostsAt(t, due) {
			sum, known := at[host]
			at[host] = HostLoad{
				Users: sum.Users + x.Users, Rate: sum.Rate + x.Rate, InFlight: sum.InFlight + x.InFlight,
				Scheduled: x.Scheduled && (sum.Scheduled || !known), Repeats: sum.Repeats || x.Repeats,
			}
		}
	}
	return at
}

// dueAt adds the requests a second that a scenario would send to each host
// with a max_rate if that did not hold them back.
func (s *ScenarioEstimate) dueAt(t time.Duration, due map[*Host]float64) {
	if st := s.present(t); st != nil {
		for host, rate := range s.work.hosts(s.work.free(st.Level.At(t - st.Start))) {
			due[host] += rate
		}
	}
}

// hostsAt is what a scenario brings to each host at a moment. Where a max_rate
// holds the open model back, iterations pile up: in the end as many as may be
// under way.
func (s *ScenarioEstimate) hostsAt(t time.Duration, due map[*Host]float64) map[*Host]HostLoad {
	at := map[*Host]HostLoad{}
	st := s.present(t)
	if st == nil {
		return at
	}
	level, open := st.Level.At(t-st.Start), s.Scenario.Open()
	rates, users := s.work.rates(level), s.work.users(level)
	for i, class := range s.Scenario.UserClasses {
		c, x := &s.work.classes[i], at[class.Host]
		x.Scheduled = open
		x.InFlight += rates[i] * c.latency
		if rate := rates[i] * c.requests; rate > unbounded {
			x.Rate = math.Inf(1)
		} else {
			x.Rate += rate
		}
		x.Repeats = x.Repeats || c.repeats()
		switch {
		case !open:
			x.Users += users[i]
		case class.Host.held(due):
			x.Users = float64(s.Scenario.MaxInFlight)
		default:
			x.Users += rates[i] * c.busy
		}
		at[class.Host] = x
	}
	return at
}

// held reports whether the host's max_rate holds back what is due.
func (h *Host) held(due map[*Host]float64) bool {
	return h.MaxRate > 0 && due[h] > h.MaxRate*(1+1e-9)
}

// repeats reports whether how often a request is sent is known only while users
// run.
func (c *classWork) repeats() bool {
	return slices.ContainsFunc(c.steps, func(s madeStep) bool {
		_, known := s.request.Times()
		return !known
	})
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

// present is the stage whose users are there: after the last one they stay
// until what they wait for is answered.
func (e *ScenarioEstimate) present(t time.Duration) *StageEstimate {
	if t >= e.left() {
		return nil
	}
	return e.running(min(t, e.End))
}

// left is when a scenario's last users have gone.
func (e *ScenarioEstimate) left() time.Duration {
	return later(e.End, min(e.work.slowest, e.Scenario.GracefulStop))
}
