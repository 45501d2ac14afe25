package graph

import (
	"fmt"
	"time"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan/diag"
	"bossplan/plan/quantity"
)

// What a record keeps does not grow with the number of requests, but it does
// with what a plan tells apart. These bounds keep it in the memory of a machine.
const (
	// maxWindows bounds the windows of a threshold: 64 MB of them, or a window a
	// second for eleven days.
	maxWindows = 1_000_000
	// maxCells bounds the pairs of stage and request: about 150 MB before
	// anything is measured.
	maxCells = 100_000
)

// limits refuses plans that would need more than a record holds.
func (c *compiler) limits() {
	c.cells()
	c.windows()
}

// cells refuses scenarios of too many stages and requests.
func (c *compiler) cells() {
	if c.graph.NumCells <= maxCells {
		return
	}
	largest := c.graph.Scenarios[0]
	for _, s := range c.graph.Scenarios {
		if len(s.Levels)*len(s.Requests) > len(largest.Levels)*len(largest.Requests) {
			largest = s
		}
	}
	rng := largest.Plan.DeclRange
	c.diags = append(c.diags, &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  "Too many stages and requests",
		Detail: fmt.Sprintf("Every request is measured in every stage. This plan has %s such pairs, %s of them here, and at most %s are kept. Use fewer stages, or fewer requests.",
			quantity.FormatCount(int64(c.graph.NumCells)), quantity.FormatCount(int64(len(largest.Levels)*len(largest.Requests))), quantity.FormatCount(maxCells)),
		Subject: &rng,
		Extra:   diag.Address(largest.Plan.Address()),
	})
}

// windows refuses thresholds that would have more windows than a record holds.
func (c *compiler) windows() {
	var planned time.Duration
	for _, s := range c.graph.Scenarios {
		for _, l := range s.Levels {
			planned += l.Duration
		}
	}
	for _, t := range c.graph.Plan.Thresholds {
		if t.Window == 0 {
			continue
		}
		n := float64(planned) / float64(t.Window)
		if t.PerRequest {
			n *= float64(len(c.graph.Requests))
		}
		if n <= maxWindows {
			continue
		}
		rng := t.DeclRange
		c.diags = append(c.diags, &hcl.Diagnostic{
			Severity: hcl.DiagError,
			Summary:  "Too many windows",
			Detail: fmt.Sprintf("With a window of %s there would be about %s of them, and at most %s are kept. Make the window longer, or look at fewer requests.",
				quantity.FormatDuration(t.Window), quantity.FormatAbout(n), quantity.FormatCount(maxWindows)),
			Subject: &rng,
			Extra:   diag.Address(t.Address()),
		})
	}
}
