package engine

import (
	"syscall"
	"time"
)

// usage is what this process has used so far.
type usage struct {
	cpu    time.Duration // user and system
	memory int64         // bytes resident at most; 0: unknown here
}

func readUsage() usage {
	process, err := syscall.GetCurrentProcess()
	if err != nil {
		return usage{}
	}
	var created, exited, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(process, &created, &exited, &kernel, &user); err != nil {
		return usage{}
	}
	return usage{cpu: ticks(kernel) + ticks(user)}
}

// ticks reads a duration, which comes in steps of 100 ns.
func ticks(t syscall.Filetime) time.Duration {
	return time.Duration(int64(t.HighDateTime)<<32|int64(t.LowDateTime)) * 100
}
