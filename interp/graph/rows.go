package graph

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"bossplan/plan"
)

// A Data is a table of the plan and how its rows are dealt out.
//
// Users do not share a place in the table: that would make what one of them gets
// depend on who was quicker, and cost a lock. Each has a lane of its own
// instead, and takes its rows there:
//
//	lane 0   row 0    row 3    row 6     Lanes = 3
//	lane 1   row 1    row 4    row 7
//	lane 2   row 2    row 5    row 8
//
// So no row goes to two users, whoever carries them out, and all rows are taken
// once each lane has come to its end. A user of the closed model has a lane; the
// iterations of an open scenario, each a user of its own, share one and take its
// rows in the order of their ticks.
type Data struct {
	Index int // in the plan
	Plan  *plan.Data
	Used  bool     // by any expression
	Lanes int64    // 0: nobody reads its rows
	Fetch *Request // how a host is asked for the rows; nil: they are of a file, or not used

	seed uint64
}

// Row is the row that a lane gives at its n-th use, of a table of so many rows:
// -1 where they are used up. The data must not be of random order.
func (d *Data) Row(lane, n int64, rows int) int {
	if rows == 0 {
		return -1
	}
	place := lane + n*d.Lanes
	round := place / int64(rows)
	if round > 0 && d.Plan.OnEnd != plan.OnEndRecycle {
		return -1
	}
	place %= int64(rows)
	if d.Plan.Order == plan.OrderShuffle {
		return int(shuffled(uint64(place), uint64(rows), d.seed+uint64(round)))
	}
	return int(place)
}

// shuffled is where a permutation of the numbers below n puts place: a Feistel
// network over the next even power of two, walked until it comes back below n.
// It takes no memory, and every loop reckons the same.
func shuffled(place, n, seed uint64) uint64 {
	half := 1
	for half < 32 && uint64(1)<<(2*half) < n {
		half++
	}
	mask := uint64(1)<<half - 1
	for {
		left, right := place>>half, place&mask
		for round := range uint64(4) {
			left, right = right, left^scramble(right+seed+round<<32)&mask
		}
		if place = left<<half | right; place < n {
			return place
		}
	}
}

// scramble spreads a number over all bits (the finaliser of splitmix64, Steele
// et al. 2014).
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Lane is the lane of a data that the user with an index has, if its class reads
// rows of it. In an open scenario all have the same. It takes as long as
// RankInClass.
func (s *Scenario) Lane(data int, user int64) int64 {
	if s.Plan.Open() {
		return s.lanes[data][0]
	}
	return s.lanes[data][s.ClassOf(user)] + s.RankInClass(user)
}

// deal gives every user that reads rows its lanes.
func (c *compiler) deal() {
	counts := map[*Scenario][]int64{}
	for _, d := range c.graph.Data {
		d.seed = c.seed(d.Plan.Address())
		for _, s := range c.graph.Scenarios {
			s.lanes = append(s.lanes, make([]int64, max(len(s.Classes), 1)))
			lanes := s.lanes[d.Index]
			open := false
			for i, class := range s.Classes {
				switch {
				case !class.reads(d.Index):
				case s.Plan.Open():
					open = true
				default:
					if counts[s] == nil {
						counts[s] = s.countUsers()
					}
					lanes[i] = d.Lanes
					d.Lanes += counts[s][i]
				}
			}
			if open {
				lanes[0] = d.Lanes
				d.Lanes++
			}
		}
	}
}

// reads reports whether a request of the class reads rows of a data.
func (c *Class) reads(data int) bool {
	for _, f := range append([]*Flow{c.OnStart, c.OnStop}, c.Choices...) {
		if f != nil && f.Reads(data) {
			return true
		}
	}
	return false
}

// Reads reports whether a step reads rows of a data.
func (f *Flow) Reads(data int) bool { return slices.Contains(f.Rows, data) }

// countUsers is how many users of each class a closed scenario has at most.
// Where their ranks cannot be reckoned exactly they are kept: two users of one
// rank would take the same rows.
func (s *Scenario) countUsers() []int64 {
	var most float64
	for _, l := range s.Levels {
		most = max(most, l.To)
	}
	keep := s.Mix == nil || s.Mix.cycle == nil
	counts := make([]int64, len(s.Classes))
	for user := range int64(most) {
		class := s.ClassOf(user)
		if keep && user >= int64(len(s.ranks)) {
			s.ranks = append(s.ranks, counts[class])
		}
		counts[class]++
	}
	return counts
}

// fetches compiles how hosts are asked for the rows that they give.
func (c *compiler) fetches() {
	for _, d := range c.graph.Data {
		f := d.Plan.Fetch
		if f == nil || !d.Used {
			continue
		}
		asker := &plan.UserClass{Name: d.Plan.Name, Host: f.Host}
		class := &Class{Plan: asker, Host: c.host(f.Host), Names: names(asker, c.graph.Plan)}
		d.Fetch = c.request(class, &plan.Request{
			Class: asker, Label: d.Plan.Name, Name: d.Plan.Name, Method: "GET", Timeout: f.Host.Timeout,
			Path:         plan.Static(cty.StringVal(f.Path), d.Plan.DeclRange),
			ExpectStatus: plan.StatusSet{{From: 200, To: 299}},
		})
	}
}
