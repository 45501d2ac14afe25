//go:build linux

package port

import (
	"fmt"
	"sync"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// A bell is what other goroutines ring to wake a port. The port watches fd for
// new writes and reads none of them, which saves a system call.
type bell struct {
	rung  atomic.Bool // and not yet heard: ringing again would tell nothing new
	mu    sync.Mutex  // no write may meet a descriptor that was closed
	fd    int
	muted bool
}

func newBell() (*bell, error) {
	fd, err := unix.Eventfd(0, unix.EFD_NONBLOCK|unix.EFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	return &bell{fd: fd}, nil
}

func (b *bell) ring() {
	if b.rung.Swap(true) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.muted {
		return
	}
	one := [8]byte{1} // either byte order will do: it only has to be more than nothing
	_, _ = unix.Write(b.fd, one[:])
}

// heard is called in a Wait that ends because of the bell. What was done before
// a ring that this hides is seen by whoever called Wait.
func (b *bell) heard() { b.rung.Store(false) }

func (b *bell) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.muted = true
	_ = unix.Close(b.fd)
}
