//go:build linux

package port

import (
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

func (p *uring) Wait(until time.Duration) {
	p.start()
	told := p.tellNotes()
	p.turn(until, told)
	p.takeAll()
}

// tellNotes reports whether there were any.
func (p *uring) tellNotes() bool {
	p.notes, p.spare = p.spare[:0], p.notes
	for _, at := range p.spare {
		// A berth without a file is free as soon as its socket is closed, and may
		// have been given to another.
		b := &p.berths[at]
		if err := b.fault; err != nil {
			b.fault = nil
			b.s.Owner.Connected(err, p.clock.now())
		}
	}
	return len(p.spare) > 0
}

// turn hands over what is to be done and waits for what is completed.
func (p *uring) turn(until time.Duration, told bool) {
	ready := told || p.ring.completed() > 0
	if ready && p.ring.pending() == 0 && !p.ring.unseen() {
		return
	}
	p.stamp()
	if !ready {
		if now := p.clock.now(); until > now {
			p.ring.block(min(until-now, longest))
			return
		}
	}
	p.ring.look()
}

// submit hands over what is to be done.
func (p *uring) submit() {
	p.stamp()
	p.ring.submit()
}

// stamp is called right before the kernel hears of what is unsent.
func (p *uring) stamp() {
	if len(p.unsent) == 0 {
		return
	}
	now := p.clock.now()
	for _, at := range p.unsent {
		if s := p.berths[at].s; s != nil && s.sending && s.SentAt < 0 {
			s.SentAt = now
		}
	}
	p.unsent = p.unsent[:0]
}

// takeAll tells of what is completed now, not of what is completed meanwhile.
func (p *uring) takeAll() {
	n := p.ring.completed()
	if n == 0 {
		return
	}
	now := p.clock.now()
	for range n {
		p.take(p.ring.take(), now)
	}
}

func (p *uring) take(c cqe, now time.Duration) {
	j, at := job(c.userData>>32), int32(uint32(c.userData))
	if j == cancelJob {
		return // there was nothing to be called off any more
	}
	done := c.flags&cqeMore == 0
	if done {
		p.busy--
	}
	if j == bellJob {
		p.bell.heard()
		if done && !p.silent {
			p.watchBell()
		}
		return
	}
	if done {
		p.berths[at].jobs &^= 1 << j
	}
	p.completed(c, j, at, now)
}

// completed tells the owner of a berth's socket, if he wants to hear it still.
func (p *uring) completed(c cqe, j job, at int32, now time.Duration) {
	switch s := p.berths[at].s; {
	case j == receiveJob:
		p.received(c, at, now)
	case j == sendJob && p.berths[at].closed:
		s.Taken += max(0, int(c.res))
	case p.berths[at].closed:
	case j == connectJob:
		p.connected(s, at, errno(c), now)
	case j == sendJob:
		p.sent(s, at, c)
	}
	p.leave(at)
}

func errno(c cqe) syscall.Errno { return syscall.Errno(max(0, -c.res)) }

func (p *uring) connected(s *Socket, at int32, fault syscall.Errno, now time.Duration) {
	p.berths[at].to = nil
	if fault != 0 {
		s.state = ended
		s.Owner.Connected(connectError(fault), now)
		return
	}
	s.state = live
	p.receive(at, recvPollFirst)
	s.Owner.Connected(nil, now)
}

// receive asks for all that arrives from now on.
func (p *uring) receive(at int32, how uint16) {
	e := p.begin(opRecv, receiveJob, at)
	e.flags |= sqeBufferSelect
	e.ioprio = recvMultishot | how
	e.bufGroup = bufferGroup
	p.onItsWay(receiveJob, at)
}

func (p *uring) received(c cqe, at int32, now time.Duration) {
	s, fault := p.berths[at].s, errno(c)
	heard := !p.berths[at].closed && s.state == live
	goesOn := c.res > 0 || fault == unix.ENOBUFS || fault == unix.EINTR || fault == unix.EAGAIN
	if heard && goesOn && c.flags&cqeMore == 0 {
		p.receive(at, 0) // before its owner may give the berth away
	}
	if c.flags&cqeBuffer != 0 {
		id := uint16(c.flags >> cqeBufferShift)
		if heard && c.res > 0 {
			s.Owner.Received(p.buffers.get(id, int(c.res)), now)
		}
		p.buffers.put(id)
	}
	if heard && !goesOn {
		s.end(fault, now)
	}
}

func (p *uring) Send(s *Socket, b []byte) {
	s.SentAt, s.Taken = -1, 0
	if s.seat == 0 {
		return
	}
	at := s.seat - 1
	s.out, s.sending = b, true
	if len(p.unsent) == mostUnsent {
		p.submit()
	}
	p.unsent = append(p.unsent, at)
	p.send(s, at)
}

func (p *uring) send(s *Socket, at int32) {
	e := p.begin(opSend, sendJob, at)
	e.addr = uint64(uintptr(unsafe.Pointer(unsafe.SliceData(s.out))))
	e.len = uint32(min(len(s.out), turnBytes))
	e.opFlags = unix.MSG_NOSIGNAL | unix.MSG_WAITALL
	p.onItsWay(sendJob, at)
}

func (p *uring) sent(s *Socket, at int32, c cqe) {
	switch fault := errno(c); fault {
	case 0, unix.EINTR, unix.EAGAIN:
		s.Taken += max(0, int(c.res))
		s.out = s.out[max(0, c.res):]
		if len(s.out) > 0 {
			p.send(s, at)
			return
		}
		s.out, s.sending = nil, false
		s.Owner.Sent(nil)
	default:
		s.Owner.Sent(s.fail(fault))
	}
}
