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
// port and throws it away, because no list of features tells what a sandbox
// forbids.
func Probe() error {
	p, err := newUring(time.Now())
	if err != nil {
		return explain(err)
	}
	defer p.Shut()
	p.Wait(-1)
	return explain(p.ring.fault)
}

func explain(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.ENOSYS):
		return fmt.Errorf("this kernel has no io_uring: %w", err)
	case errors.Is(err, unix.EINVAL):
		return fmt.Errorf("io_uring of this kernel is too old, Linux 6.1 or later is needed: %w", err)
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
