package interp

import (
	"bossplan/interp/graph"
	"bossplan/interp/wire"
)

// A carriage is how requests are carried.
type carriage struct {
	choices []wire.Choice // of the graph's hosts
	wanted  string        // of the transports that loops get
	aside   bool          // some hosts are left to goroutines
}

// newCarriage chooses. Loops whose hosts are all left to goroutines need no
// transport that ties them to threads.
func newCarriage(g *graph.Graph, wanted string) carriage {
	if wanted == "" {
		wanted = wire.Auto
	}
	c := carriage{wanted: wire.Goroutines}
	for _, h := range g.Hosts {
		choice := wire.Choose(h.Plan, wanted)
		c.choices = append(c.choices, choice)
		if choice.Transport == wire.Goroutines {
			c.aside = true
		} else {
			c.wanted = wanted
		}
	}
	return c
}
