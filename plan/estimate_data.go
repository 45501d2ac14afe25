package plan

import (
	"math"
	"slices"
	"strings"
)

// A DataUse is what draws rows of one data.
type DataUse struct {
	Data       *Data
	Users      float64 // of the closed model, at the same time, at most
	Iterations float64 // that take a row, warm-up included; so does each on_start that names one
}

// DataUses is what draws from each of the plan's data, in their order. An
// iteration takes one row of a data however often it names it.
func (p *Plan) DataUses(e *Estimate) []DataUse {
	return p.drawing().uses(p.Data, e)
}

// drawing are the names of the data that each flow takes rows of.
type drawing map[*Flow]map[string]bool

func (p *Plan) drawing() drawing {
	d := drawing{}
	for _, c := range p.UserClasses {
		for _, f := range c.flows() {
			names := map[string]bool{}
			for _, r := range f.Requests {
				for _, e := range slices.Concat(r.before(), r.inherited(), r.after()) {
					e.draws(names)
				}
			}
			d[f] = names
		}
	}
	return d
}

// draws notes the data that an expression takes rows of: row.NAME and
// pick(data.NAME).
func (e Expression) draws(names map[string]bool) {
	for _, t := range e.Variables() {
		if root := t.RootName(); root == "row" || root == "data" {
			if name, ok := member(t); ok {
				names[name] = true
			}
		}
	}
}

func (d drawing) uses(data []*Data, e *Estimate) []DataUse {
	list := make([]DataUse, len(data))
	for i := range data {
		list[i].Data = data[i]
	}
	for _, s := range e.Scenarios {
		inScenario, started := make([]float64, len(data)), s.starts()
		for i, class := range s.Scenario.UserClasses {
			users, iterations := s.usersAndIterations(i)
			shares := d.shares(class, data)
			for k := range data {
				if d[class.OnStart][data[k].label()] {
					list[k].Iterations += started[i]
				} else if shares[k] == 0 {
					continue
				}
				inScenario[k] += users
				list[k].Iterations += part(iterations, shares[k])
			}
		}
		for k, users := range inScenario { // scenarios that follow each other use the same rows
			list[k].Users = max(list[k].Users, math.Floor(users+1e-9))
		}
	}
	return list
}

// label is the data's own label, without the key of a for_each: what row.… and
// pick() begin with.
func (d *Data) label() string {
	label, _, _ := strings.Cut(d.Name, "[")
	return label
}

// usersAndIterations are those of one class: users of the closed model at the
// same time, at most, and iterations in all.
func (e *ScenarioEstimate) usersAndIterations(class int) (users, iterations float64) {
	for _, st := range e.Stages {
		iterations += st.byClass[class]
		if !st.Stage.Open {
			users = max(users, e.work.users(max(st.Level.From, st.Level.To))[class])
		}
	}
	return users, iterations
}

// shares are the parts of a class's iterations that draw from each of the data.
func (d drawing) shares(c *UserClass, data []*Data) []float64 {
	sum, shares := 0.0, make([]float64, len(data))
	for _, f := range c.Choices {
		sum += f.Weight
		if len(d[f]) == 0 {
			continue
		}
		for k := range data {
			if d[f][data[k].label()] {
				shares[k] += f.Weight
			}
		}
	}
	for k := range shares {
		shares[k] = ratio(shares[k], sum)
	}
	return shares
}
