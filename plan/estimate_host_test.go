package plan

import (
	"testing"
	"time"
)

func TestHostLoadsAtMost(t *testing.T) {
	second := Wait{Kind: WaitConstant, Min: time.Second, Max: time.Second}
	stage := func(s Stage) *Stage { s.Duration = time.Minute; return &s }
	for _, test := range []struct {
		name        string
		class       func(*UserClass)
		first, then *Scenario
		users, rate float64
		repeats     bool
	}{
		{"one after the other", nil,
			&Scenario{Stages: []*Stage{stage(Stage{Users: 50})}}, &Scenario{Stages: []*Stage{stage(Stage{Users: 40})}}, 50, 50, false},
		{"at once", nil,
			&Scenario{Stages: []*Stage{stage(Stage{Users: 50})}}, &Scenario{StartDelay: 59 * time.Second, Stages: []*Stage{stage(Stage{Users: 40})}}, 90, 90, false},
		{"while the first still waits for answers", nil,
			&Scenario{GracefulStop: time.Minute, Stages: []*Stage{stage(Stage{Users: 50})}}, &Scenario{StartDelay: 61 * time.Second, Stages: []*Stage{stage(Stage{Users: 40})}}, 90, 50, false},
		{"when nobody waits any more", nil,
			&Scenario{GracefulStop: time.Minute, Stages: []*Stage{stage(Stage{Users: 50})}}, &Scenario{StartDelay: 91 * time.Second, Stages: []*Stage{stage(Stage{Users: 40})}}, 50, 50, false},
		{"open", nil,
			&Scenario{MaxInFlight: 1000, Stages: []*Stage{stage(Stage{Open: true, Rate: 10})}}, nil, 300, 10, false},
		{"open, capped", nil,
			&Scenario{MaxInFlight: 7, Stages: []*Stage{stage(Stage{Open: true, Rate: 10})}}, nil, 7, 10, false},
		{"open, held back", func(c *UserClass) { c.Host.MaxRate = 1 },
			&Scenario{MaxInFlight: 1000, Stages: []*Stage{stage(Stage{Open: true, Rate: 10})}}, nil, 1000, 1, false},
		{"open, held back together with another", func(c *UserClass) { c.Host.MaxRate = 15 },
			&Scenario{MaxInFlight: 500, Stages: []*Stage{stage(Stage{Open: true, Rate: 10})}}, &Scenario{MaxInFlight: 400, Stages: []*Stage{stage(Stage{Open: true, Rate: 10})}}, 900, 20, false},
		{"repeated as the run decides", func(c *UserClass) { c.Requests[0].Repeat = expression(t, "user.index + 1") },
			&Scenario{Stages: []*Stage{stage(Stage{Users: 50})}}, nil, 50, 50, true},
	} {
		class := testClass("a", 1, second, 1)
		class.Requests[0].Timeout = 30 * time.Second
		if test.class != nil {
			test.class(class)
		}
		p := &Plan{Hosts: []*Host{class.Host}}
		for _, s := range []*Scenario{test.first, test.then} {
			if s != nil {
				s.UserClasses = []*UserClass{class}
				p.Scenarios = append(p.Scenarios, s)
			}
		}
		if test.name == "one after the other" {
			test.then.After = []*Scenario{test.first}
		}
		loads := p.HostLoads()
		if len(loads) != 1 {
			t.Fatalf("%s: %d hosts", test.name, len(loads))
		}
		if l := loads[0]; l.Users != test.users || l.Rate != test.rate || l.Repeats != test.repeats {
			t.Errorf("%s: %+v, want %v users, rate %v, repeats %t", test.name, l, test.users, test.rate, test.repeats)
		}
	}
}
