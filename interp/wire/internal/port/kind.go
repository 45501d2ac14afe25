//go:build linux

package port

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// A Kind is one of the two ports.
type Kind string

const (
	IOUring Kind = "io_uring"
	Epoll   Kind = "epoll"
)

// New makes a port whose clock reads the time since epoch.
func New(kind Kind, epoch time.Time) (Port, error) {
	switch kind {
	case IOUring:
		return newUring(epoch)
	case Epoll:
		return newPoller(epoch)
	}
	return nil, fmt.Errorf("no such port of sockets: %q", kind)
}

// Capacity is how many sockets may be open: of all epoll ports of the process
// together, whose sockets are open files, or of one io_uring port, whose sockets
// are files of its ring only.
func Capacity(kind Kind) int {
	files := fileLimit()
	if kind == IOUring {
		return min(files, maxSeats)
	}
	// What else a process has open: connections on goroutines, a database, the
	// files of a report.
	reserve := min(256, files/4)
	return files - reserve
}

func fileLimit() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 1024
	}
	return int(min(limit.Cur, 1<<30))
}
