//go:build linux

package port

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// turnReads and turnBytes bound what one socket may do before the others have
// their turn.
const (
	turnReads = 4
	turnBytes = 1 << 20 // to be written
)

// receive tells what has arrived. To stop at a short read is enough, because the
// kernel tells of what comes after; with all it is not, because it has told of
// something that follows the bytes.
func (p *poller) receive(t ticket, all bool) {
	for range turnReads {
		s := p.holder(t)
		if s == nil || s.state != live {
			return
		}
		n, errno := receive(p.seats[t.seat].fd, p.buf[:])
		switch {
		case errno == unix.EAGAIN:
			return
		case errno == unix.EINTR:
		case errno != 0:
			s.end(errno, p.clock.now())
			return
		case n == 0:
			s.end(0, p.clock.now())
			return
		default:
			s.Owner.Received(p.buf[:n], p.clock.now())
			if n == len(p.buf) {
				all = true
				break
			}
			if !all {
				return
			}
		}
	}
	if s := p.holder(t); s != nil && s.state == live {
		p.another(t, s)
	}
}

func (p *poller) Send(s *Socket, b []byte) {
	s.SentAt, s.Taken = -1, 0
	if s.seat == 0 {
		return
	}
	s.out, s.sending = b, true
	t := p.ticketOf(s)
	if done, err := p.push(t, s); done {
		p.notes = append(p.notes, note{t, false, err})
	}
}

// proceed sends what a send that came up short left over.
func (p *poller) proceed(t ticket) {
	s := p.holder(t)
	if s == nil || !s.sending || s.state == connecting {
		return
	}
	if done, err := p.push(t, s); done {
		s.Owner.Sent(err)
	}
}

// push sends what the kernel has room for. It is done when nothing is left to be
// sent, because of err if there is one.
func (p *poller) push(t ticket, s *Socket) (done bool, err error) {
	for pushed := 0; pushed < turnBytes; {
		at := s.SentAt
		if at < 0 {
			at = p.clock.now()
		}
		n, errno := send(p.seats[t.seat].fd, s.out[:min(len(s.out), turnBytes)])
		switch {
		case errno == unix.EAGAIN:
			return false, nil
		case errno == unix.EINTR:
			continue
		case errno != 0:
			return true, s.fail(errno)
		}
		s.SentAt = at
		s.Taken += n
		pushed += n
		if s.out = s.out[n:]; len(s.out) == 0 {
			s.out, s.sending = nil, false
			return true, nil
		}
	}
	p.another(t, s)
	return false, nil
}

// receive and send never block, so the scheduler need not be told of them.

func receive(fd int32, b []byte) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall6(unix.SYS_RECVFROM, uintptr(fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), unix.MSG_DONTWAIT, 0, 0)
	return int(n), errno
}

func send(fd int32, b []byte) (int, syscall.Errno) {
	n, _, errno := syscall.RawSyscall6(unix.SYS_SENDTO, uintptr(fd),
		uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
	return int(n), errno
}
