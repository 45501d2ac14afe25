package plan

import (
	"fmt"
	"math"

	"bossplan/plan/quantity"
)

// rows finds data whose rows are used once each and are too few: for the users,
// each of whom has its own part of them, or for the iterations that are certain
// to come. Rows that are fetched are counted only when the run begins.
func (l *linter) rows() {
	if len(l.plan.Data) == 0 {
		return
	}
	slow := l.plan.count(longest, fewest)
	for _, use := range l.drawn.uses(l.plan.Data, &slow) {
		d := use.Data
		if d.Table == nil || !d.Unique() {
			continue
		}
		rows := float64(len(d.Table.Rows))
		what := fmt.Sprintf("%s has %s, and each is used once.", d.Address(), quantity.Counted(int64(len(d.Table.Rows)), "row"))
		switch {
		case use.Users > rows:
			l.warn("too-few-rows", d.Address(), d.DeclRange, "Fewer rows than users",
				fmt.Sprintf("%s As many as %s users draw from it, so some get none. Add rows, plan fewer users, or let them be used again: on_end = \"recycle\".", what, quantity.FormatAbout(use.Users)))
		case d.OnEnd == OnEndFail && use.Iterations > rows+3*math.Sqrt(use.Iterations):
			l.warn("too-few-rows", d.Address(), d.DeclRange, "Fewer rows than iterations",
				fmt.Sprintf("%s Even if every answer takes until its timeout, about %s iterations draw from it, so those after the last row fail. Add rows, or say on_end = \"recycle\" or \"stop_user\".", what, quantity.FormatAbout(use.Iterations)))
		}
	}
}
