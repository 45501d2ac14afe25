//go:build linux

package port

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A waiter waits at an epoll descriptor, for nanoseconds if need be.
type waiter struct {
	fd    int
	busy  bool          // there was something the last time
	limit unix.Timespec // of a wait, kept here so that nothing is allocated

	old   bool // the kernel cannot wait for nanoseconds
	timer int  // what stands in for it then; -1: none
	alarm unix.ItimerSpec
}

// until waits until there are events or the clock reads moment, and reports how
// many events there are.
func (w *waiter) until(moment time.Duration, c clock, events []unix.EpollEvent) int {
	now := c.now()
	// In a busy time the next events are there already, and a look that cannot
	// block need not be announced to the scheduler.
	if w.busy || moment <= now {
		if n := w.look(events); n > 0 || moment <= now {
			return w.found(n)
		}
	}
	return w.found(w.block(min(moment-now, longest), events))
}

func (w *waiter) found(n int) int {
	w.busy = n > 0
	return n
}

func (w *waiter) look(events []unix.EpollEvent) int {
	n, _, errno := syscall.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(w.fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(events))), uintptr(len(events)), 0, 0, 0)
	return counted(n, errno)
}

func (w *waiter) block(left time.Duration, events []unix.EpollEvent) int {
	if !w.old {
		w.limit = unix.NsecToTimespec(int64(left))
		n, _, errno := syscall.Syscall6(unix.SYS_EPOLL_PWAIT2, uintptr(w.fd),
			uintptr(unsafe.Pointer(unsafe.SliceData(events))), uintptr(len(events)),
			uintptr(unsafe.Pointer(&w.limit)), 0, 0)
		// Before Linux 5.11 there is no such call; some sandboxes say EPERM to
		// every call that they do not know.
		if errno != unix.ENOSYS && errno != unix.EPERM {
			return counted(n, errno)
		}
		w.openTimer()
	}
	return w.blockByTimer(left, events)
}

// openTimer makes a timer that ends waits. Where even that cannot be had, waits
// are rounded up to milliseconds.
func (w *waiter) openTimer() {
	w.old, w.timer = true, -1
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return
	}
	due := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: timerTicket}
	if err := unix.EpollCtl(w.fd, unix.EPOLL_CTL_ADD, fd, &due); err != nil {
		_ = unix.Close(fd)
		return
	}
	w.timer = fd
}

func (w *waiter) blockByTimer(left time.Duration, events []unix.EpollEvent) int {
	ms := int((left + time.Millisecond - 1) / time.Millisecond)
	if w.timer >= 0 {
		w.alarm.Value = unix.NsecToTimespec(int64(left))
		if unix.TimerfdSettime(w.timer, 0, &w.alarm, nil) == nil {
			ms = -1
		}
	}
	n, _, errno := syscall.Syscall6(unix.SYS_EPOLL_PWAIT, uintptr(w.fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(events))), uintptr(len(events)), uintptr(ms), 0, 0)
	return counted(n, errno)
}

// counted is how many events a call brought. What can go wrong is a signal only.
func counted(n uintptr, errno syscall.Errno) int {
	if errno != 0 {
		return 0
	}
	return int(n)
}

func (w *waiter) close() {
	if w.old && w.timer >= 0 {
		_ = unix.Close(w.timer)
	}
	_ = unix.Close(w.fd)
}
