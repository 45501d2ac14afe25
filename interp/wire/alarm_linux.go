package wire

import (
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A fdAlarm is a timer of the kernel's. The runtime waits for it as it waits
// for a socket, so it is heard within some ten microseconds where a Go timer
// takes up to a millisecond.
type fdAlarm struct {
	file *os.File
	raw  syscall.RawConn
	done sync.WaitGroup

	// Wait sets the alarm for nearly every request: these are kept so that
	// nothing is allocated then.
	spec unix.ItimerSpec
	arm  func(fd uintptr)
}

func newAlarm(ring func()) alarm {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return newTimerAlarm(ring)
	}
	a := &fdAlarm{file: os.NewFile(uintptr(fd), "timer")}
	if a.raw, err = a.file.SyscallConn(); err != nil {
		_ = a.file.Close()
		return newTimerAlarm(ring)
	}
	a.arm = func(fd uintptr) { _ = unix.TimerfdSettime(int(fd), 0, &a.spec, nil) }
	a.done.Go(func() {
		var expirations [8]byte
		for {
			if _, err := a.file.Read(expirations[:]); err != nil {
				return
			}
			ring()
		}
	})
	return a
}

func (a *fdAlarm) set(left time.Duration) {
	// Zero would disarm it. Control sees to it that the descriptor is still ours
	// while another goroutine closes it.
	a.spec.Value = unix.NsecToTimespec(int64(max(left, 1)))
	_ = a.raw.Control(a.arm)
}

func (a *fdAlarm) close() {
	_ = a.file.Close()
	a.done.Wait()
}
