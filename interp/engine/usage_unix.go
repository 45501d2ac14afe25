//go:build unix

package engine

import (
	"runtime"
	"syscall"
	"time"
)

// usage is what this process has used so far.
type usage struct {
	cpu    time.Duration // user and system
	memory int64         // bytes resident at most
}

func readUsage() usage {
	var ru syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &ru); err != nil {
		return usage{}
	}
	memory := int64(ru.Maxrss)
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
		memory *= 1024 // kilobytes everywhere but there
	}
	return usage{cpu: time.Duration(ru.Utime.Nano() + ru.Stime.Nano()), memory: memory}
}
