//go:build !linux

package wire

func newAlarm(ring func()) alarm { return newTimerAlarm(ring) }
