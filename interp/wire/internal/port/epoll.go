//go:build linux

package port

import (
	"fmt"
	"net/netip"
	"os"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A poller is a Port over epoll. The kernel is asked once, when a socket
// connects, to tell of every change of it: no later call says so again. What is
// to be sent goes out at once; only what the kernel has no room for waits to
// hear that there is some.
type poller struct {
	clock  clock
	thread thread
	bell   *bell
	wait   waiter

	seats  []seat
	vacant []int32 // seats without a socket

	notes, spare []note   // to be told in the next Wait
	more, later  []ticket // have more to read or to write than one turn allows

	events [256]unix.EpollEvent
	buf    [64 << 10]byte // what was read, for the length of one call
}

// A seat is the place of a socket at a poller. Its turn tells the sockets apart
// that had it one after the other.
type seat struct {
	s    *Socket
	turn int32
	fd   int32 // -1: none
}

// A ticket is for one socket, and worthless once that was closed.
type ticket struct{ seat, turn int32 }

// What the waiter tells of that is no socket.
const (
	bellTicket  = -1
	timerTicket = -2
)

// A note is something that happened outside Wait.
type note struct {
	ticket
	connected bool // else sent
	err       error
}

func newPoller(epoch time.Time) (*poller, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	b, err := newBell()
	if err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	ring := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: bellTicket}
	if err := unix.EpollCtl(fd, unix.EPOLL_CTL_ADD, b.fd, &ring); err != nil {
		_ = unix.Close(fd)
		b.close()
		return nil, fmt.Errorf("epoll: %w", err)
	}
	return &poller{clock: clock{epoch}, bell: b, wait: waiter{fd: fd}}, nil
}

// holder is the socket that t is for, nil if that was closed.
func (p *poller) holder(t ticket) *Socket {
	if at := &p.seats[t.seat]; at.turn == t.turn {
		return at.s
	}
	return nil
}

func (p *poller) ticketOf(s *Socket) ticket {
	seat := s.seat - 1
	return ticket{seat, p.seats[seat].turn}
}

func (p *poller) Dial(s *Socket, to netip.AddrPort, from netip.Addr) {
	p.thread.tie()
	p.seatFor(s)
	t := p.ticketOf(s)
	fd, err := open(to, from, unix.SOCK_NONBLOCK)
	p.seats[t.seat].fd = int32(fd)
	if err == nil {
		err = p.connect(fd, to, t)
	}
	if err != nil {
		s.state = ended
		p.notes = append(p.notes, note{t, true, err})
	}
}

// seatFor seats s, which has nothing of its last time left.
func (p *poller) seatFor(s *Socket) {
	*s = Socket{Owner: s.Owner, SentAt: -1}
	if n := len(p.vacant); n > 0 {
		s.seat = p.vacant[n-1] + 1
		p.vacant = p.vacant[:n-1]
	} else {
		p.seats = append(p.seats, seat{})
		s.seat = int32(len(p.seats))
	}
	p.seats[s.seat-1].s = s
}

func (p *poller) connect(fd int, to netip.AddrPort, t ticket) error {
	a := newAddress(to)
	_, _, errno := syscall.RawSyscall(unix.SYS_CONNECT, uintptr(fd), uintptr(unsafe.Pointer(a)), a.length())
	if errno != 0 && errno != unix.EINPROGRESS && errno != unix.EINTR {
		return connectError(errno)
	}
	// Only now, because a socket that is not even connecting counts as hung up.
	// Reports of room to write come for the asking only, when a write came up
	// short; so they may stand here from the beginning.
	all := unix.EpollEvent{
		Events: unix.EPOLLIN | unix.EPOLLPRI | unix.EPOLLRDHUP | unix.EPOLLOUT | unix.EPOLLET,
		Fd:     t.seat,
		Pad:    t.turn,
	}
	return os.NewSyscallError("epoll_ctl", unix.EpollCtl(p.wait.fd, unix.EPOLL_CTL_ADD, fd, &all))
}

func (p *poller) Close(s *Socket) {
	if s.seat == 0 {
		return
	}
	p.vacant = append(p.vacant, s.seat-1)
	p.seats[s.seat-1].leave()
	s.Owner.Released()
}

// leave closes the seat's socket, and makes its tickets worthless.
func (at *seat) leave() {
	if at.fd >= 0 {
		_ = unix.Close(int(at.fd))
	}
	at.s.seat, at.s.out, at.s.sending = 0, nil, false
	*at = seat{turn: at.turn + 1, fd: -1}
}

func (p *poller) Wait(until time.Duration) {
	p.thread.tie()
	told := p.tellNotes()
	p.more, p.later = p.later[:0], p.more
	if told || len(p.later) > 0 {
		until = -1 // there is something to do: look, but do not wait
	}
	n := p.wait.until(until, p.clock, p.events[:])
	for _, event := range p.events[:n] {
		switch event.Fd {
		case bellTicket:
			p.bell.heard()
		case timerTicket:
		default:
			p.take(ticket{event.Fd, event.Pad}, event.Events)
		}
	}
	for _, t := range p.later {
		p.resume(t)
	}
}

// tellNotes reports whether there were any.
func (p *poller) tellNotes() bool {
	p.notes, p.spare = p.spare[:0], p.notes
	for i := range p.spare {
		n := &p.spare[i]
		s := p.holder(n.ticket)
		switch {
		case s == nil:
		case n.connected:
			s.Owner.Connected(n.err, p.clock.now())
		default:
			s.Owner.Sent(n.err)
		}
		n.err = nil
	}
	return len(p.spare) > 0
}

// take sees to a socket of which the kernel had something to tell.
func (p *poller) take(t ticket, events uint32) {
	s := p.holder(t)
	if s == nil {
		return
	}
	const trouble = unix.EPOLLERR | unix.EPOLLHUP
	if s.state == connecting && events&(unix.EPOLLOUT|trouble) != 0 {
		p.connected(t, s, events&trouble != 0)
	}
	if events&(unix.EPOLLIN|unix.EPOLLPRI|unix.EPOLLRDHUP|trouble) != 0 {
		// More than bytes may be there: then a short read is not the last.
		p.receive(t, events&(unix.EPOLLPRI|unix.EPOLLRDHUP|trouble) != 0)
	}
	if events&(unix.EPOLLOUT|trouble) != 0 {
		p.proceed(t)
	}
}

func (p *poller) connected(t ticket, s *Socket, trouble bool) {
	var err error
	if trouble {
		err = connectFault(int(p.seats[t.seat].fd))
	}
	s.state = live
	if err != nil {
		s.state = ended
	}
	s.Owner.Connected(err, p.clock.now())
}

// resume goes on where an earlier turn stopped.
func (p *poller) resume(t ticket) {
	s := p.holder(t)
	if s == nil {
		return
	}
	s.queued = false
	p.receive(t, true)
	p.proceed(t)
}

// another gives s another turn, after all others.
func (p *poller) another(t ticket, s *Socket) {
	if !s.queued {
		s.queued = true
		p.more = append(p.more, t)
	}
}

func (p *poller) Wake() { p.bell.ring() }

func (p *poller) Shut() {
	for i := range p.seats {
		if at := &p.seats[i]; at.s != nil {
			at.leave()
		}
	}
	p.wait.close()
	p.bell.close()
	p.thread.untie()
}
