package wire

import "time"

// An alarm calls a function at a moment that can be moved. It is Wait's clock:
// set is for Wait's goroutine only, close for any.
type alarm interface {
	set(left time.Duration)
	close()
}

// A timerAlarm is a Go timer. In a process that is otherwise idle these are up
// to a millisecond late, because the runtime then sleeps in whole milliseconds.
type timerAlarm struct{ timer *time.Timer }

func newTimerAlarm(ring func()) alarm {
	return timerAlarm{time.AfterFunc(time.Hour, ring)}
}

func (a timerAlarm) set(left time.Duration) { a.timer.Reset(left) }

func (a timerAlarm) close() { a.timer.Stop() }
