//go:build linux

package port

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Probe says, for people, why io_uring is not to be had; nil: it is. It makes a
// port, tries it and throws it away, because no list of features tells what a
// sandbox forbids.
func Probe() error {
	p, err := newUring(time.Now(), ringCompletions)
	if err != nil {
		return explain(err)
	}
	defer p.Shut()
	p.Wait(-1)
	if p.ring.fault != nil {
		return explain(p.ring.fault)
	}
	return p.closes()
}

// closes tries whether a file is closed when it leaves the ring's table, though
// there are operations on others. Before Linux 6.13 it was not: the peers of
// sockets that were closed would not have heard of it as long as others waited
// for an answer.
func (p *uring) closes() error {
	var pairs [2][2]int
	for i := range pairs {
		pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			return explain(err)
		}
		err = p.put(int32(i), pair[0])
		_ = unix.Close(pair[0])
		defer func() { _ = unix.Close(pair[1]) }()
		if err != nil {
			return explain(err)
		}
		pairs[i] = pair
	}
	p.berths = []berth{{s: &Socket{seat: 1, state: live}, filed: true}}
	p.receive(0, 0)
	p.ring.look()
	if err := p.put(1, -1); err != nil {
		return explain(err)
	}
	n, _, err := unix.Recvfrom(pairs[1][1], make([]byte, 1), unix.MSG_DONTWAIT)
	if n != 0 || err != nil {
		return errors.New("io_uring of this kernel closes sockets late, Linux 6.13 or later is needed")
	}
	return nil
}

func explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.ENOSYS):
		return fmt.Errorf("this kernel has no io_uring: %w", err)
	case errors.Is(err, unix.EINVAL):
		return fmt.Errorf("io_uring of this kernel is too old, Linux 6.13 or later is needed: %w", err)
	case errors.Is(err, unix.EPERM), errors.Is(err, unix.EACCES):
		if off := switchedOff(); off != "" {
			return fmt.Errorf("io_uring is switched off here (kernel.io_uring_disabled = %s): %w", off, err)
		}
		return fmt.Errorf("io_uring is not allowed here: %w", err)
	}
	return fmt.Errorf("io_uring cannot be used here: %w", err)
}

// switchedOff is the setting that keeps people from io_uring, empty where it
// does not.
func switchedOff() string {
	b, err := os.ReadFile("/proc/sys/kernel/io_uring_disabled")
	if setting := strings.TrimSpace(string(b)); err == nil && setting != "0" {
		return setting
	}
	return ""
}
