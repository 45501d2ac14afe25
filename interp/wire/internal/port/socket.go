//go:build linux

package port

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// A Socket is one socket of a port. The zero value is ready to be dialled, and a
// closed one, once Released was heard, to be dialled again.
type Socket struct {
	Owner Owner
	// SentAt is the moment at which the first bytes of the last Send were handed
	// to the kernel, negative before.
	SentAt time.Duration
	// Taken is how many bytes of the last Send the kernel has taken: all of them
	// once Sent was heard without an error, and the last word once Released was.
	Taken int

	out     []byte // what is still to be sent
	fault   error  // why an earlier Send failed
	seat    int32  // at the port, from 1; 0: not open
	state   state
	sending bool // Sent is owed
	queued  bool // has another turn coming (epoll)
}

// A state says what may be heard of an open socket.
type state uint8

const (
	connecting state = iota
	live             // Connected was heard
	ended            // nothing more will arrive
)

// fail ends a Send, and remembers why.
func (s *Socket) fail(errno syscall.Errno) error {
	err := os.NewSyscallError("write", errno)
	if s.fault == nil && errno != unix.EPIPE {
		s.fault = err
	}
	s.out, s.sending = nil, false
	return err
}

// end tells that nothing more will arrive. A reset that a Send ran into is no
// longer told to who reads: he would take it for the peer's regular end.
func (s *Socket) end(errno syscall.Errno, at time.Duration) {
	s.state = ended
	if errno == 0 {
		s.Owner.Ended(s.fault, at)
		return
	}
	s.Owner.Ended(os.NewSyscallError("read", errno), at)
}
