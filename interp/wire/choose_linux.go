package wire

import (
	"fmt"
	"time"

	"bossplan/interp/wire/internal/port"
)

// available is the best there is of what is wanted.
func available(wanted string) Choice {
	const plain = "plain HTTP/1.1 on Linux"
	switch wanted {
	case Goroutines:
		return Choice{Goroutines, "asked for"}
	case Epoll:
		return Choice{Epoll, plain}
	}
	if err := port.Probe(); err != nil {
		return Choice{Epoll, plain + "; " + err.Error()}
	}
	return Choice{IOUring, plain}
}

// Refusal says why a transport that is wanted cannot be had here; nil: it can.
func Refusal(wanted string) error {
	if wanted == IOUring {
		return port.Probe()
	}
	return nil
}

// New makes a transport of the kind that is wanted, or of the next best. All
// times of an Outcome count from epoch, by the monotonic clock. The error is
// about what this process has used up, such as open files.
func New(epoch time.Time, wanted string) (Transport, error) {
	kind := available(wanted).Transport
	if kind == Goroutines {
		return NewStd(epoch), nil
	}
	p, err := port.New(port.Kind(kind), epoch)
	if err != nil {
		return nil, fmt.Errorf("no transport by %s: %w", kind, err)
	}
	return newFast(epoch, p), nil
}

// Capacity is how many connections one transport of the kind that is wanted may
// have open; 0: as many as there are to be had.
func Capacity(wanted string) int {
	if available(wanted).Transport == IOUring {
		return port.Capacity(port.IOUring)
	}
	return 0
}

// Tied reports whether such a transport works on the goroutine that calls it,
// which then has a thread of its own.
func Tied(wanted string) bool { return available(wanted).Transport != Goroutines }
