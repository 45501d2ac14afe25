package plan

import (
	"cmp"
	"math"
	"slices"
	"time"

	"bossplan/plan/quantity"
)

// assumedLatency is what answers are taken to take where loads are compared.
const assumedLatency = 120 * time.Millisecond

// A Figure is one number that the load comes to, before and after. Where there
// was or is no plan it is 0; what nothing limits is +Inf.
type Figure struct {
	Name       string // "requests"
	Base, Head float64
	From, To   string // as people read it
	Percent    *float64
}

// Differs reports whether the figure changed as far as a person can see.
func (f Figure) Differs() bool { return f.From != f.To }

// A ShareChange is a request whose share of all requests moved.
type ShareChange struct {
	Address    string
	Base, Head float64 // 0 to 1; 0 where there was or is no such request
}

// move is how far the share moved, without what computing in binary adds.
func (s ShareChange) move() float64 { return math.Round(math.Abs(s.Head-s.Base)*1e9) / 1e9 }

// weigh adds what the two loads come to.
func (d *Difference) weigh() {
	for _, p := range []*Plan{d.Base, d.Head} {
		if p != nil {
			d.NotLoaded = append(d.NotLoaded, p.missing()...)
		}
	}
	slices.Sort(d.NotLoaded)
	if d.NotLoaded = slices.Compact(d.NotLoaded); len(d.NotLoaded) > 0 {
		return
	}
	base, head := loadOf(d.Base), loadOf(d.Head)
	number := quantity.FormatAbout
	span := func(s float64) string { return quantity.FormatMeasured(seconds(s)) }
	d.Load = []Figure{
		figure("peak users", base.PeakUsers, head.PeakUsers, quantity.FormatNumber),
		figure("user-minutes", userMinutes(base), userMinutes(head), number),
		figure("duration", base.Duration.Seconds(), head.Duration.Seconds(), span),
		figure("judged time", base.JudgedTime.Seconds(), head.JudgedTime.Seconds(), span),
		figure("expected requests", base.Total, head.Total, number),
		figure("expected rate", perSecond(base.Total, base.Duration), perSecond(head.Total, head.Duration), quantity.FormatRate),
	}
	d.Shares = shares(base, head)
}

// missing are the variables without a value.
func (p *Plan) missing() []string {
	var names []string
	for _, v := range p.Variables {
		if !v.Value.IsWhollyKnown() {
			names = append(names, "var."+v.Name)
		}
	}
	return names
}

func loadOf(p *Plan) Estimate {
	if p == nil {
		return Estimate{}
	}
	return p.Estimate(assumedLatency)
}

func figure(name string, base, head float64, format func(float64) string) Figure {
	f := Figure{Name: name, Base: base, Head: head, From: format(base), To: format(head)}
	if base > 0 && !math.IsInf(base, 0) && !math.IsInf(head, 0) {
		percent := (head - base) / base * 100
		f.Percent = &percent
	}
	return f
}

// userMinutes is how long users of closed scenarios run, added up.
func userMinutes(e Estimate) float64 {
	sum := 0.0
	for _, s := range e.Scenarios {
		for _, st := range s.Stages {
			if !st.Stage.Open {
				sum += st.Level.Area(st.Duration()) / 60
			}
		}
	}
	return sum
}

// visibleShare is the least move of a share that is worth a line.
const visibleShare = 0.0005

// shares are the requests whose share of all moved, the greatest move first.
func shares(base, head Estimate) []ShareChange {
	list := []ShareChange{}
	at := map[string]int{}
	of := func(address string) *ShareChange {
		i, known := at[address]
		if !known {
			i = len(list)
			at[address] = i
			list = append(list, ShareChange{Address: address})
		}
		return &list[i]
	}
	for _, r := range base.Requests {
		of(r.Request.Address()).Base = r.OfAll
	}
	for _, r := range head.Requests {
		of(r.Request.Address()).Head = r.OfAll
	}
	list = slices.DeleteFunc(list, func(s ShareChange) bool { return s.move() < visibleShare })
	slices.SortStableFunc(list, func(a, b ShareChange) int {
		return cmp.Or(cmp.Compare(b.move(), a.move()), cmp.Compare(a.Address, b.Address))
	})
	return list
}
