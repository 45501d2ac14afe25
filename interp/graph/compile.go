package graph

import (
	"fmt"
	"hash/fnv"
	"time"

	"github.com/hashicorp/hcl/v2"

	"bossplan/interp/expr"
	"bossplan/plan"
)

// Options are what a run adds to a plan.
type Options struct {
	Seed      uint64
	TimeScale float64 // multiplies every duration of the schedule; 0 counts as 1
}

// Compile makes the execution graph of a plan. The plan must have been loaded
// without errors; diagnostics are about what only shows when run-time
// expressions are compiled.
func Compile(p *plan.Plan, o Options) (*Graph, hcl.Diagnostics) {
	if o.TimeScale == 0 {
		o.TimeScale = 1
	}
	c := &compiler{
		graph:   &Graph{Plan: p, Seed: o.Seed, TimeScale: o.TimeScale},
		hosts:   map[*plan.Host]*Host{},
		classes: map[*plan.UserClass]*Class{},
	}
	for i, d := range p.Data {
		c.graph.Data = append(c.graph.Data, &Data{Index: i, Plan: d})
	}
	done := map[*plan.Scenario]*Scenario{}
	for _, ps := range p.Scenarios {
		s := c.scenario(ps)
		done[ps] = s
		c.graph.Scenarios = append(c.graph.Scenarios, s)
	}
	for _, s := range c.graph.Scenarios {
		for _, before := range s.Plan.After {
			s.After = append(s.After, done[before])
		}
	}
	c.deal()
	c.fetches()
	c.limits()
	return c.graph, c.diags
}

type compiler struct {
	graph   *Graph
	hosts   map[*plan.Host]*Host
	classes map[*plan.UserClass]*Class
	diags   hcl.Diagnostics

	// Of the request that is being compiled:
	names *expr.Names
	rows  []int // the data whose rows it reads
}

func (c *compiler) scenario(p *plan.Scenario) *Scenario {
	s := &Scenario{
		Index:      len(c.graph.Scenarios),
		Plan:       p,
		StartDelay: c.scale(p.StartDelay),
		Levels:     p.Levels(),
		firstCell:  c.graph.NumCells,
	}
	for i := range s.Levels {
		s.Levels[i].Ramp = c.scale(s.Levels[i].Ramp)
		s.Levels[i].Duration = c.scale(s.Levels[i].Duration)
	}
	for _, pc := range p.UserClasses {
		class := c.class(pc)
		s.offsets = append(s.offsets, len(s.Requests))
		s.Classes = append(s.Classes, class)
		s.Requests = append(s.Requests, class.Requests...)
		for _, f := range class.Choices {
			s.Choices = append(s.Choices, Choice{Flow: f, Class: len(s.Classes) - 1})
		}
	}
	c.graph.NumCells += len(p.Stages) * len(s.Requests)
	if p.Open() {
		s.Mix = c.openMix(s)
	} else {
		s.Fixed, s.Mix = c.closedMix(s)
		s.ranks = ranks(s.Fixed, len(s.Classes))
	}
	return s
}

func (c *compiler) scale(d time.Duration) time.Duration {
	return time.Duration(float64(d) * c.graph.TimeScale)
}

// closedMix divides users over classes: first those of fixed_count, in turns so
// that a ramp has all of them early, then the rest by weight.
func (c *compiler) closedMix(s *Scenario) (fixed []int, mix *Mix) {
	var weights []float64
	weighted := false
	left := make([]int, len(s.Classes))
	for i, class := range s.Classes {
		left[i] = class.Plan.FixedCount
		w := class.Plan.Weight
		if class.Plan.FixedCount > 0 {
			w = 0
		}
		weighted = weighted || w > 0
		weights = append(weights, w)
	}
	for more := true; more; {
		more = false
		for i := range left {
			if left[i] > 0 {
				left[i]--
				fixed = append(fixed, i)
				more = true
			}
		}
	}
	if !weighted {
		return fixed, nil
	}
	return fixed, NewMix(weights, c.seed(s.Plan.Address()))
}

// ranks says of each user how many of the same class come before it. Counting
// them when it is spawned would take a second of the load's time with 50,000.
func ranks(users []int, classes int) []int64 {
	seen := make([]int64, classes)
	var out []int64
	for _, class := range users {
		out = append(out, seen[class])
		seen[class]++
	}
	return out
}

// openMix weighs all choices of the scenario: an open iteration is one of them
// in the share of its class times its share within the class.
func (c *compiler) openMix(s *Scenario) *Mix {
	var weights []float64
	scale := 1.0 // all classes' totals multiplied: keeps whole weights whole
	totals := make([]float64, len(s.Classes))
	for i, class := range s.Classes {
		for _, f := range class.Choices {
			totals[i] += f.Plan.Weight
		}
		scale *= totals[i]
	}
	for _, choice := range s.Choices {
		class := s.Classes[choice.Class]
		weights = append(weights, class.Plan.Weight*choice.Flow.Plan.Weight*(scale/totals[choice.Class]))
	}
	return NewMix(weights, c.seed(s.Plan.Address()))
}

func (c *compiler) class(p *plan.UserClass) *Class {
	if class := c.classes[p]; class != nil {
		return class
	}
	class := &Class{Index: len(c.graph.Classes), Plan: p, Host: c.host(p.Host), Names: names(p, c.graph.Plan)}
	c.classes[p] = class
	c.graph.Classes = append(c.graph.Classes, class)
	var weights []float64
	for _, pf := range p.Choices {
		class.Choices = append(class.Choices, c.flow(class, pf))
		weights = append(weights, pf.Weight)
	}
	class.Mix = NewMix(weights, c.seed(p.Address()))
	if p.OnStart != nil {
		class.OnStart = c.flow(class, p.OnStart)
	}
	if p.OnStop != nil {
		class.OnStop = c.flow(class, p.OnStop)
	}
	return class
}

func (c *compiler) host(p *plan.Host) *Host {
	if h := c.hosts[p]; h != nil {
		return h
	}
	h := &Host{Index: len(c.graph.Hosts), Plan: p}
	c.hosts[p] = h
	c.graph.Hosts = append(c.graph.Hosts, h)
	return h
}

// seed is the run's seed made particular to a name.
func (c *compiler) seed(name string) uint64 { return SeedFor(c.graph.Seed, name, 0) }

// SeedFor derives the seed of a part of the run: the same for the same seed,
// name and index, wherever that part is run.
func SeedFor(seed uint64, name string, index int64) uint64 {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d\x00%s\x00%d", seed, name, index)
	return h.Sum64()
}
