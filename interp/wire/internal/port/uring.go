//go:build linux

package port

import (
	"net/netip"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A uring is a Port over io_uring. A socket is a file of the ring's own table,
// not an open file of the process; its number there is that of its berth. One
// operation receives for as long as a socket lives; a turn's sends and all that
// came in meanwhile cost one system call.
type uring struct {
	clock   clock
	thread  thread
	bell    *bell
	ring    *ring
	buffers *buffers
	started bool
	silent  bool // Shut: nobody is told anything more

	berths []berth
	vacant []int32
	limit  int // of berths: the size of the table
	busy   int // operations on their way

	slot int32 // a descriptor on its way into the table

	unsent       []int32 // berths of sockets whose send is not submitted yet
	notes, spare []int32 // berths of sockets that could not even begin to connect
}

// A berth is the place of a socket at a uring. It is not given to another one
// before all completions for it have been seen, so that none can be mistaken.
type berth struct {
	s      *Socket  // until Released
	to     *address // while it is connecting
	fault  error    // why it does not begin to connect
	busy   int8     // operations on their way
	filed  bool     // has a file in the table
	closed bool     // Close was called
}

// maxSeats bounds the table of files, which takes up to 16 bytes a file.
const maxSeats = 1 << 16

// mostUnsent is how many sends may wait for a system call. The kernel takes a
// few microseconds for each, and SentAt is a moment before the first.
const mostUnsent = 32

// A job is what a completion is for, in the upper half of its user data; the
// lower one is the berth.
type job uint32

const (
	connectJob job = iota
	sendJob
	receiveJob
	cancelJob
	closeJob
	bellJob
)

func newUring(epoch time.Time) (*uring, error) {
	r, err := newRing()
	if err != nil {
		return nil, err
	}
	p := &uring{clock: clock{epoch}, ring: r, limit: Capacity(IOUring)}
	table := resourceRegister{nr: uint32(p.limit), flags: resourceSparse}
	if err := r.register(registerFiles2, unsafe.Pointer(&table), unsafe.Sizeof(table)); err != nil {
		r.close()
		return nil, err
	}
	if p.buffers, err = newBuffers(r); err != nil {
		r.close()
		return nil, err
	}
	if p.bell, err = newBell(); err != nil {
		r.close()
		p.buffers.close()
		return nil, err
	}
	return p, nil
}

func (p *uring) start() {
	if p.started {
		return
	}
	p.started = true
	p.thread.tie()
	p.ring.start()
	p.watchBell()
}

// begin is the next operation on the socket of a berth, to be filled in.
func (p *uring) begin(opcode uint8, j job, at int32) *sqe {
	if p.ring.full() {
		p.submit()
	}
	e := p.ring.next()
	e.opcode, e.flags, e.fd = opcode, sqeFixedFile, at
	e.userData = uint64(j)<<32 | uint64(uint32(at))
	return e
}

// onItsWay counts an operation that the berth is not free before the end of.
func (p *uring) onItsWay(at int32) {
	p.berths[at].busy++
	p.busy++
}

func (p *uring) watchBell() {
	e := p.begin(opPollAdd, bellJob, 0)
	e.flags, e.fd = 0, int32(p.bell.fd)
	e.opFlags = pollEvents(unix.POLLIN)
	e.len = pollAddMulti
	p.busy++
}

// pollEvents are events as the kernel reads them: their halves change places
// where the first byte of a word is its highest.
func pollEvents(events uint32) uint32 {
	if one := uint16(1); *(*byte)(unsafe.Pointer(&one)) == 0 {
		return events<<16 | events>>16
	}
	return events
}

func (p *uring) Dial(s *Socket, to netip.AddrPort, from netip.Addr) {
	p.start()
	*s = Socket{Owner: s.Owner, SentAt: -1}
	at := p.berthFor(s)
	b := &p.berths[at]
	if b.fault = p.file(at, to, from); b.fault != nil {
		s.state = ended
		p.notes = append(p.notes, at)
		return
	}
	b.to = newAddress(to)
	e := p.begin(opConnect, connectJob, at)
	e.addr, e.off = uint64(uintptr(unsafe.Pointer(b.to))), uint64(b.to.length())
	p.onItsWay(at)
}

func (p *uring) berthFor(s *Socket) int32 {
	if n := len(p.vacant); n > 0 {
		s.seat = p.vacant[n-1] + 1
		p.vacant = p.vacant[:n-1]
	} else {
		p.berths = append(p.berths, berth{})
		s.seat = int32(len(p.berths))
	}
	p.berths[s.seat-1] = berth{s: s}
	return s.seat - 1
}

// file makes the berth's socket. It is an open file of the process for a moment
// only.
func (p *uring) file(at int32, to netip.AddrPort, from netip.Addr) error {
	if p.ring.fault != nil {
		return p.ring.fault
	}
	if int(at) >= p.limit {
		return os.NewSyscallError("socket", unix.EMFILE)
	}
	fd, err := open(to, from, 0)
	if err != nil {
		return err
	}
	p.slot = int32(fd)
	u := resourceUpdate{offset: uint32(at), data: uint64(uintptr(unsafe.Pointer(&p.slot)))}
	err = p.ring.register(registerFilesUpdate, unsafe.Pointer(&u), 1)
	_ = unix.Close(fd)
	if err != nil {
		return os.NewSyscallError("io_uring_register", err)
	}
	p.berths[at].filed = true
	return nil
}

func (p *uring) Close(s *Socket) {
	if s.seat == 0 {
		return
	}
	at := s.seat - 1
	s.seat = 0
	b := &p.berths[at]
	b.closed = true
	if b.busy > 0 {
		e := p.begin(opAsyncCancel, cancelJob, at)
		e.flags = sqeSkipSuccess // of the operation itself: its file is what is to be found
		e.opFlags = cancelAll | cancelFD | cancelFDFixed
	}
	if b.filed {
		e := p.begin(opClose, closeJob, 0)
		e.flags, e.fileIndex = 0, uint32(at)+1
		e.userData |= uint64(at)
		p.busy++
	}
	p.leave(at)
}

// leave frees what no operation on its way has to do with any more: the socket,
// and then its berth.
func (p *uring) leave(at int32) {
	b := &p.berths[at]
	if !b.closed || b.busy > 0 {
		return
	}
	s := b.s
	if s != nil {
		s.out, s.sending = nil, false
		b.s, b.to = nil, nil
	}
	if !b.filed {
		*b = berth{}
		p.vacant = append(p.vacant, at)
	}
	if s != nil && !p.silent {
		s.Owner.Released()
	}
}

func (p *uring) Wake() { p.bell.ring() }

func (p *uring) Shut() {
	p.silent = true
	if p.started {
		p.abandon()
		_ = p.ring.register(registerFilesUnregister, nil, 0)
	}
	p.ring.close()
	p.buffers.close()
	p.bell.close()
	p.thread.untie()
}

// abandon calls off all that is on its way, so that the kernel has done with the
// memory before it is unmapped.
func (p *uring) abandon() {
	for i := range p.berths {
		if b := &p.berths[i]; b.s != nil {
			b.s.seat, b.closed = 0, true
			p.leave(int32(i))
		}
	}
	e := p.begin(opAsyncCancel, cancelJob, 0)
	e.flags, e.opFlags = sqeSkipSuccess, cancelAny|cancelAll
	for end := p.clock.now() + patience; p.busy > 0 && p.clock.now() < end; {
		p.ring.block(10 * time.Millisecond)
		p.takeAll()
	}
}

// patience is how long Shut waits for operations that were called off, which is
// a matter of microseconds.
const patience = time.Second
