//go:build linux

package port

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// A thread is the hold of a port on its goroutine's thread.
type thread struct{ tied bool }

// tie makes the calling goroutine keep its thread, and the kernel wake that
// thread when it is due: by default it may do so 50 µs late, to save power.
func (t *thread) tie() {
	if t.tied {
		return
	}
	t.tied = true
	runtime.LockOSThread()
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 1, 0, 0, 0)
}

func (t *thread) untie() {
	if !t.tied {
		return
	}
	t.tied = false
	_ = unix.Prctl(unix.PR_SET_TIMERSLACK, 0, 0, 0, 0) // the thread's own default
	runtime.UnlockOSThread()
}
