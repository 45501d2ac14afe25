package reports

import (
	"testing"
	"time"

	"bossplan/interp/record"

	"github.com/google/go-cmp/cmp"
)

// TestFoldPointsJoinsShortEnd holds that the moment between the last full second
// and the end makes no spike.
func TestFoldPointsJoinsShortEnd(t *testing.T) {
	points := []record.Point{
		{At: time.Second, Completed: 10, Users: 4},
		{At: 2 * time.Second, Completed: 10, Users: 4},
		{At: 2003 * time.Millisecond, Completed: 5},
	}
	for _, c := range []struct {
		limit     int
		at, users []float64
		completed []float64
	}{
		{1000, []float64{1000, 2003}, []float64{4, 4}, []float64{10, perSecond(15, 1003*time.Millisecond)}},
		{1, []float64{2003}, []float64{4}, []float64{perSecond(25, 2003*time.Millisecond)}},
	} {
		d := foldPoints(points, c.limit)
		users := each(d.Users, func(n int64) float64 { return float64(n) })
		if diff := cmp.Diff([][]float64{c.at, c.users, c.completed}, [][]float64{d.At, users, d.Completed}); diff != "" {
			t.Errorf("at most %d points (-want +got):\n%s", c.limit, diff)
		}
	}
	points[2].At = 2600 * time.Millisecond
	if d := foldPoints(points, 1000); len(d.At) != 3 {
		t.Errorf("an end of 0.6 s should stand for itself, got %v", d.At)
	}
}
