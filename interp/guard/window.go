package guard

import (
	"time"

	"bossplan/plan"
)

// within reports whether a moment lies in a part of the day. The clock on the
// wall of the window's place counts, also on a day that has an hour more or
// less.
func within(w *plan.TimeWindow, now time.Time) bool {
	hour, minute, second := now.In(w.Location).Clock()
	at := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	if w.From < w.To {
		return w.From <= at && at < w.To
	}
	return at >= w.From || at < w.To // over midnight
}
