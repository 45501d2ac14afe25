//go:build !linux

package wire

import (
	"fmt"
	"runtime"
	"time"
)

func available(wanted string) Choice {
	if wanted == Goroutines {
		return Choice{Goroutines, "asked for"}
	}
	return Choice{Goroutines, "the only one on " + runtime.GOOS}
}

// Refusal says why a transport that is wanted cannot be had here; nil: it can.
func Refusal(wanted string) error {
	if wanted == Epoll || wanted == IOUring {
		return fmt.Errorf("%s needs Linux, and this is %s", wanted, runtime.GOOS)
	}
	return nil
}

// New makes a transport of the kind that is wanted, or of the next best. All
// times of an Outcome count from epoch, by the monotonic clock. The error is
// about what this process has used up, such as open files.
func New(epoch time.Time, _ string) (Transport, error) { return NewStd(epoch), nil }

// Capacity is how many connections one transport of the kind that is wanted may
// have open; 0: as many as there are to be had.
func Capacity(string) int { return 0 }

// Tied reports whether such a transport works on the goroutine that calls it,
// which then has a thread of its own.
func Tied(string) bool { return false }
