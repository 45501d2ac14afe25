//go:build linux

package port

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// A Kind is one of the two ports. With the benchmarks of this package, on two
// busy shared cores and Linux 6.18, medians of nine runs of each in turn, the
// port's thread needed:
//
//	                                       io_uring   epoll
//	exchange on an open connection           7.2 µs   8.2 µs
//	exchange with a connection of its own     46 µs    65 µs
//	lateness of a wait of 1 ms, median        24 µs    26 µs
//	kernel memory beside an idle socket       860 B    200 B
//
// The kernel took nineteen twentieths of the time. Beside the kernel's 3.6 kB
// for the socket itself, this package keeps 120 bytes.
type Kind string

const (
	IOUring Kind = "io_uring"
	Epoll   Kind = "epoll"
)

// New makes a port whose clock reads the time since epoch.
func New(kind Kind, epoch time.Time) (Port, error) {
	switch kind {
	case IOUring:
		return newUring(epoch, ringCompletions)
	case Epoll:
		return newPoller(epoch)
	}
	return nil, fmt.Errorf("no such port of sockets: %q", kind)
}

// Capacity is how many sockets may be open: of all epoll ports of the process
// together, whose sockets are open files, or of one io_uring port, whose sockets
// are files of its ring only.
func Capacity(kind Kind) int {
	if kind == IOUring {
		// A place in the ring is free only when the kernel has called off what was
		// on its way, so those who close and dial in one turn need two.
		table := tableSize()
		return table - min(1024, table/8)
	}
	// What else a process has open: connections on goroutines, a database, the
	// files of a report.
	files := fileLimit()
	return files - min(256, files/4)
}

// tableSize is how many files a ring may have. The kernel takes some 16 bytes
// for each.
func tableSize() int { return min(fileLimit(), 1<<16) }

func fileLimit() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 1024
	}
	return int(min(limit.Cur, 1<<30))
}
