package graph

import (
	"slices"
	"testing"

	"bossplan/plan"
)

// TestRowsOfLanes: all lanes together take each row once a round, in every order,
// and end where the rows do.
func TestRowsOfLanes(t *testing.T) {
	for _, order := range []plan.DataOrder{plan.OrderSequential, plan.OrderShuffle} {
		for _, rows := range []int{1, 2, 3, 7, 64, 100, 1000} {
			for _, lanes := range []int64{1, 3, 10, 1500} {
				d := &Data{Plan: &plan.Data{Order: order, OnEnd: plan.OnEndStopUser}, Lanes: lanes, seed: 7}
				uses := make([]int, rows)
				for lane := range lanes {
					n := int64(0)
					for row := d.Row(lane, n, rows); row >= 0; row = d.Row(lane, n, rows) {
						uses[row]++
						n++
					}
				}
				if i := slices.IndexFunc(uses, func(n int) bool { return n != 1 }); i >= 0 {
					t.Errorf("%s, %d rows, %d lanes: row %d is taken %d times", order, rows, lanes, i, uses[i])
				}
				d.Plan.OnEnd = plan.OnEndRecycle
				for n := range int64(5) {
					if row := d.Row(lanes-1, n*int64(rows), rows); row < 0 || row >= rows {
						t.Errorf("%s, %d rows: recycled to row %d", order, rows, row)
					}
				}
			}
		}
	}
}

// TestShuffleIsNew for each round and seed, and moves most rows.
func TestShuffleIsNew(t *testing.T) {
	order := func(seed uint64) []uint64 {
		var out []uint64
		for place := range uint64(500) {
			out = append(out, shuffled(place, 500, seed))
		}
		return out
	}
	first := order(1)
	for seed := range uint64(20) {
		same := 0
		for place, row := range order(seed) {
			if row == first[place] {
				same++
			}
		}
		if seed != 1 && same > 10 {
			t.Errorf("seed %d leaves %d of 500 rows where seed 1 has them", seed, same)
		}
	}
}
