//go:build linux

package port

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A ring is an io_uring for one thread. What was completed becomes visible in
// enter only, so nothing but the order of the program stands between the two
// sides of its memory.
type ring struct {
	fd       int
	entering uintptr // how enter names the ring
	how      uintptr // and the flag that says so
	fault    error   // what enter should never say

	rings, sqesAt []byte // mappings

	sqHead, sqTail, sqFlags *uint32
	sqes                    []sqe
	tail                    uint32 // of what was written; the kernel sees it in enter

	cqHead, cqTail *uint32
	cqes           []cqe

	// Arguments of system calls, kept here so that nothing is allocated.
	limit unix.Timespec
	wait  waitArgument
}

const (
	ringEntries       = 256
	ringCompletions   = 4096 // more than these the kernel keeps elsewhere, at a cost
	ringFlags         = setupCQSize | setupClamp | setupDisabled | setupSubmitAll | setupTaskrunFlag | setupSingleIssuer | setupDeferTaskrun
	registeredRingAny = ^uint32(0)
)

// newRing makes a ring with room for so many completions, which start must enable
// on its own thread.
func newRing(completions uint32) (*ring, error) {
	params := ringParams{flags: ringFlags, cqEntries: completions}
	fd, _, errno := syscall.Syscall(unix.SYS_IO_URING_SETUP, ringEntries, uintptr(unsafe.Pointer(&params)), 0)
	if errno != 0 {
		return nil, errno
	}
	r := &ring{fd: int(fd), entering: fd}
	if err := r.mapRings(&params); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *ring) mapRings(p *ringParams) (err error) {
	const access, kind = unix.PROT_READ | unix.PROT_WRITE, unix.MAP_SHARED | unix.MAP_POPULATE
	size := max(int(p.sq.array+p.sqEntries*4), int(p.cq.cqes)+int(p.cqEntries)*int(unsafe.Sizeof(cqe{})))
	if r.rings, err = unix.Mmap(r.fd, offsetRings, size, access, kind); err != nil {
		return fmt.Errorf("mmap: %w", err)
	}
	if r.sqesAt, err = unix.Mmap(r.fd, offsetSQEs, int(p.sqEntries)*int(unsafe.Sizeof(sqe{})), access, kind); err != nil {
		return fmt.Errorf("mmap: %w", err)
	}
	word := func(at uint32) *uint32 { return (*uint32)(unsafe.Pointer(&r.rings[at])) }
	r.sqHead, r.sqTail, r.sqFlags = word(p.sq.head), word(p.sq.tail), word(p.sq.flags)
	r.cqHead, r.cqTail = word(p.cq.head), word(p.cq.tail)
	r.sqes = unsafe.Slice((*sqe)(unsafe.Pointer(&r.sqesAt[0])), p.sqEntries)
	r.cqes = unsafe.Slice((*cqe)(unsafe.Pointer(&r.rings[p.cq.cqes])), p.cqEntries)
	order := unsafe.Slice(word(p.sq.array), p.sqEntries)
	for i := range order {
		order[i] = uint32(i)
	}
	return nil
}

// start enables the ring for the calling thread, and for no other.
func (r *ring) start() {
	if err := r.register(registerEnableRings, nil, 0); err != nil {
		r.fault = fmt.Errorf("io_uring: %w", err)
		return
	}
	// Saves looking up the descriptor in each call.
	u := resourceUpdate{offset: registeredRingAny, data: uint64(r.fd)}
	if r.register(registerRingFDs, unsafe.Pointer(&u), 1) == nil {
		r.entering, r.how = uintptr(u.offset), enterRegistered
	}
}

func (r *ring) register(what uintptr, arg unsafe.Pointer, n uintptr) error {
	_, _, errno := syscall.Syscall6(unix.SYS_IO_URING_REGISTER, uintptr(r.fd), what, uintptr(arg), n, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// next is an empty operation at the end of those to be submitted. The ring must
// not be full.
func (r *ring) next() *sqe {
	e := &r.sqes[r.tail&uint32(len(r.sqes)-1)]
	*e = sqe{}
	r.tail++
	return e
}

func (r *ring) full() bool { return r.pending() == uint32(len(r.sqes)) }

// pending is how many operations are to be submitted.
func (r *ring) pending() uint32 { return r.tail - atomic.LoadUint32(r.sqHead) }

// submit hands over what is pending, and learns nothing.
func (r *ring) submit() { r.enter(0, 0) }

// look hands over what is pending and learns what is completed, without waiting.
func (r *ring) look() { r.enter(0, enterGetEvents) }

func (r *ring) enter(want, flags uintptr) {
	atomic.StoreUint32(r.sqTail, r.tail)
	_, _, errno := syscall.RawSyscall6(unix.SYS_IO_URING_ENTER, r.entering, uintptr(r.pending()), want, flags|r.how, 0, 0)
	r.check(errno)
}

// block is look, and then waits until something is completed, at most for left.
func (r *ring) block(left time.Duration) {
	atomic.StoreUint32(r.sqTail, r.tail)
	r.limit = unix.NsecToTimespec(int64(left))
	r.wait.timeout = uint64(uintptr(unsafe.Pointer(&r.limit)))
	_, _, errno := syscall.Syscall6(unix.SYS_IO_URING_ENTER, r.entering, uintptr(r.pending()), 1,
		enterGetEvents|enterExtArg|r.how, uintptr(unsafe.Pointer(&r.wait)), unsafe.Sizeof(r.wait))
	r.check(errno)
}

// check takes a breath where the kernel has no memory, so that a loop of tries
// leaves it some time.
func (r *ring) check(errno syscall.Errno) {
	switch errno {
	case 0, unix.EINTR, unix.ETIME:
		return
	case unix.EAGAIN, unix.EBUSY, unix.ENOMEM:
	default:
		r.fault = fmt.Errorf("io_uring: %w", errno)
	}
	breath := unix.NsecToTimespec(int64(time.Millisecond))
	_ = unix.Nanosleep(&breath, nil)
}

// completed is how many completions can be taken.
func (r *ring) completed() uint32 { return atomic.LoadUint32(r.cqTail) - *r.cqHead }

// unseen reports whether the kernel has more to tell in enter.
func (r *ring) unseen() bool { return atomic.LoadUint32(r.sqFlags)&(sqTaskrun|sqOverflow) != 0 }

// take is the next of the completions, of which there must be one.
func (r *ring) take() cqe {
	head := *r.cqHead
	c := r.cqes[head&uint32(len(r.cqes)-1)]
	atomic.StoreUint32(r.cqHead, head+1)
	return c
}

func (r *ring) close() {
	if r.how != 0 {
		u := resourceUpdate{offset: uint32(r.entering)}
		_ = r.register(unregisterRingFDs, unsafe.Pointer(&u), 1)
	}
	_ = unix.Close(r.fd)
	for _, m := range [][]byte{r.rings, r.sqesAt} {
		if m != nil {
			_ = unix.Munmap(m)
		}
	}
}
