package engine

import (
	"runtime"

	"bossplan/interp/graph"
)

// countLoops is one per core, but fewer where limits shared by all would be
// split too finely, and more where one loop's transport could not open the
// connections of its part. Even then each loop has a part of every such limit.
func countLoops(g *graph.Graph, capacity int) int {
	n, most := min(runtime.GOMAXPROCS(0), numShares), numShares
	for _, limit := range limits(g) {
		n, most = min(n, limit/minPerLoop), min(most, limit)
	}
	n = max(n, 1)
	if all := connections(g); capacity > 0 {
		for n < most && largestPart(all, n) > capacity {
			n++
		}
	}
	return n
}

// limits are those that loops share: connections of hosts, and iterations at the
// same time.
func limits(g *graph.Graph) []int {
	var list []int
	for _, h := range g.Hosts {
		if h.Plan.Connections > 0 {
			list = append(list, h.Plan.Connections)
		}
	}
	for _, s := range g.Scenarios {
		if s.Plan.Open() {
			list = append(list, s.Plan.MaxInFlight)
		}
	}
	return list
}

// largestPart is how much of a number that is dealt out share by share the first
// of n loops gets.
func largestPart(total, n int) int {
	shares := (numShares + n - 1) / n
	return (total + numShares - 1) / numShares * shares
}

// connections is how many may be open at the same time, or somewhat more.
// Scenarios of which one comes after the other are not.
func connections(g *graph.Graph) int {
	shared := 0
	for _, h := range g.Hosts {
		shared += h.Plan.Connections
	}
	most := 0
	before := orders(g)
	for i, s := range g.Scenarios {
		beside := own(s)
		for k, o := range g.Scenarios {
			if k != i && !before[i][k] && !before[k][i] {
				beside += own(o)
			}
		}
		most = max(most, beside)
	}
	return shared + most
}

// own is how many connections a scenario's users have of their own.
func own(s *graph.Scenario) int {
	owners := false
	for _, c := range s.Classes {
		owners = owners || c.Host.Plan.Connections == 0
	}
	if !owners {
		return 0
	}
	if s.Plan.Open() {
		return s.Plan.MaxInFlight
	}
	most := 0
	for _, stage := range s.Plan.Stages {
		most = max(most, stage.Users)
	}
	return most
}

// orders finds for every scenario those that must have ended before it begins, by
// number.
func orders(g *graph.Graph) [][]bool {
	before := make([][]bool, len(g.Scenarios))
	var fill func(s *graph.Scenario) []bool
	fill = func(s *graph.Scenario) []bool {
		if before[s.Index] != nil {
			return before[s.Index]
		}
		all := make([]bool, len(g.Scenarios))
		before[s.Index] = all
		for _, o := range s.After {
			all[o.Index] = true
			for i, is := range fill(o) {
				all[i] = all[i] || is
			}
		}
		return all
	}
	for _, s := range g.Scenarios {
		fill(s)
	}
	return before
}

// makeRoom lets Go run n loops and two more goroutines at a time, until the
// function that it gives is called. With as many as there are cores a loop that
// comes back from the kernel waits in Go's queue while the collector of garbage or
// the live view has its place, up to 10 ms; the system's own scheduler lets one
// that has waited go first.
func makeRoom(n int) (restore func()) {
	before := runtime.GOMAXPROCS(0)
	if n+2 <= before {
		return func() {}
	}
	runtime.GOMAXPROCS(n + 2)
	return func() { runtime.GOMAXPROCS(before) }
}
