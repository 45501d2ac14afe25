package engine

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// threadTimes says that the times of a thread are known here.
const threadTimes = true

// A thread reads the times of the thread that opened it.
type thread struct {
	stat *os.File // its schedstat; nil where the kernel has none
}

func (t *thread) open() { t.stat, _ = os.Open("/proc/thread-self/schedstat") }

func (t *thread) close() {
	if t.stat != nil {
		t.stat.Close()
	}
}

// read must be called on the thread itself.
func (t *thread) read() threadTime {
	var ts unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &ts); err != nil {
		return threadTime{}
	}
	return threadTime{cpu: time.Duration(ts.Nano()), queued: t.queued()}
}

// queued is the second figure of a schedstat, in ns; 0: not known.
func (t *thread) queued() time.Duration {
	if t.stat == nil {
		return 0
	}
	var buf [96]byte
	n, _ := t.stat.ReadAt(buf[:], 0) // io.EOF is the rule: it is shorter
	fields := bytes.Fields(buf[:n])
	if len(fields) < 2 {
		return 0
	}
	ns, _ := strconv.ParseInt(string(fields[1]), 10, 64)
	return time.Duration(ns)
}
