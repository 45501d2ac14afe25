package engine

import (
	"time"

	"bossplan/interp/graph"
	"bossplan/plan"
)

// A lane is where a closed scenario's user takes its rows of a data, and how often
// it has; see graph.Data.
type lane struct{ number, uses int64 }

// takeRows draws the rows that a flow reads, at the begin of each iteration. It
// gives the data, if any, whose rows are used up and that asks for the user's
// end then; a data that does not leaves no row, so that requests which need it
// fail. In on_stop all do: a user that ends cannot be asked to.
func (u *user) takeRows(f *graph.Flow) *graph.Data {
	if len(f.Rows) == 0 {
		return nil
	}
	data := u.scenario.loop.graph.Data
	if u.lanes == nil {
		u.lanes = make([]lane, len(data))
		for i := range u.lanes {
			u.lanes[i].number = u.scenario.graph.Lane(i, u.index)
		}
	}
	for _, i := range f.Rows {
		l := &u.lanes[i]
		if !u.takeRow(data[i], l.number, l.uses) && !u.life.stopping {
			return data[i]
		}
		l.uses++
	}
	return nil
}

// takeRow draws the row that a lane gives at its n-th use. It is false where
// there is none and the user is to stop.
func (u *user) takeRow(d *graph.Data, lane, n int64) bool {
	rows := u.scenario.loop.data[d.Index].Len()
	row := -1
	switch {
	case d.Plan.Order != plan.OrderRandom:
		row = d.Row(lane, n, rows)
	case rows > 0:
		row = u.frame.Rand.IntN(rows)
	}
	u.frame.Rows[d.Index] = int32(row)
	return row >= 0 || d.Plan.OnEnd != plan.OnEndStopUser
}

// stopUser ends a user for good because the rows of a data are used up.
func (s *scenarioLoop) stopUser(u *user, d *graph.Data, now time.Duration) {
	s.loop.interval.spend(d, now)
	s.closed.spent[u.index] = true
	s.remove(u, now)
}

// spent is the data, if any, that has no row for the stream's next tick and asks
// for its user's end then.
func (e *stream) spent() *graph.Data {
	s := e.scenario
	if e.uses == nil {
		return nil
	}
	for _, i := range e.choice().Flow.Rows {
		d := s.loop.graph.Data[i]
		if d.Plan.OnEnd == plan.OnEndStopUser && d.Plan.Order != plan.OrderRandom &&
			d.Row(s.graph.Lane(i, 0), e.uses[i], s.loop.data[i].Len()) < 0 {
			return d
		}
	}
	return nil
}

// deal gives the user of the stream's next tick its rows.
func (e *stream) deal(u *user, f *graph.Flow) {
	s := e.scenario
	for _, i := range f.Rows {
		u.takeRow(s.loop.graph.Data[i], s.graph.Lane(i, 0), e.uses[i])
	}
}

// count adds the stream's tick to the uses of rows. All loops count all ticks:
// which row one gets must not depend on whose it is.
func (e *stream) count() {
	for _, i := range e.choice().Flow.Rows {
		e.uses[i]++
	}
}

// usesBefore is how often rows were used by the ticks of the stages before, all
// of which are known even if some still wait for room; nil where no iteration of
// the scenario reads rows.
func (s *scenarioLoop) usesBefore() []int64 {
	before := s.open.last
	if before == nil {
		for _, class := range s.graph.Classes {
			if class.ReadsRows {
				return make([]int64, len(s.loop.graph.Data))
			}
		}
		return nil
	}
	if before.uses == nil {
		return nil
	}
	rest := before.clone()
	for rest.advance() {
	}
	return rest.uses
}
