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
	jobs   uint8    // on their way, a bit each
	filed  bool     // has a file in the table
	closed bool     // Close was called
}

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
	bellJob
)

func newUring(epoch time.Time, completions uint32) (*uring, error) {
	r, err := newRing(completions)
	if err != nil {
		return nil, err
	}
	p := &uring{clock: clock{epoch}, ring: r, limit: tableSize()}
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
	e.userData = userData(j, at)
	return e
}

func userData(j job, at int32) uint64 { return uint64(j)<<32 | uint64(uint32(at)) }

// onItsWay counts an operation that the berth is not free before the end of.
func (p *uring) onItsWay(j job, at int32) {
	p.berths[at].jobs |= 1 << j
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
	p.onItsWay(connectJob, at)
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
	err = p.put(at, fd)
	_ = unix.Close(fd)
	p.berths[at].filed = err == nil
	return os.NewSyscallError("io_uring_register", err)
}

// put puts an open file into the ring's table; -1 takes out what was there, and
// closes it if no operation is on its way.
func (p *uring) put(at int32, fd int) error {
	p.slot = int32(fd)
	u := resourceUpdate{offset: uint32(at), data: uint64(uintptr(unsafe.Pointer(&p.slot)))}
	return p.ring.register(registerFilesUpdate, unsafe.Pointer(&u), 1)
}

func (p *uring) Close(s *Socket) {
	if s.seat == 0 {
		return
	}
	at := s.seat - 1
	s.seat = 0
	p.berths[at].closed = true
	for j := connectJob; j <= receiveJob; j++ {
		if p.berths[at].jobs&(1<<j) != 0 {
			p.callOff(j, at)
		}
	}
	p.leave(at)
}

// callOff cancels an operation by its user data, which the kernel finds at once;
// by its file it would look through the operations of all sockets.
func (p *uring) callOff(j job, at int32) {
	e := p.begin(opAsyncCancel, cancelJob, at)
	e.flags, e.fd = sqeSkipSuccess, 0
	e.addr = userData(j, at)
}

// leave frees a berth whose socket was closed, and the socket, once no operation
// is on its way.
func (p *uring) leave(at int32) {
	b := &p.berths[at]
	if !b.closed || b.jobs != 0 {
		return
	}
	if b.filed {
		_ = p.put(at, -1)
	}
	s := b.s
	*b = berth{}
	p.vacant = append(p.vacant, at)
	s.out, s.sending = nil, false
	if !p.silent {
		s.Owner.Released()
	}
}

func (p *uring) Wake() { p.bell.ring() }

func (p *uring) Shut() {
	p.silent = true
	if p.started {
		p.abandon()
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
		if s := p.berths[i].s; s != nil {
			p.Close(s) // unless it was before
		}
	}
	p.callOff(bellJob, 0)
	for end := p.clock.now() + patience; p.busy > 0 && p.clock.now() < end; {
		p.ring.block(10 * time.Millisecond)
		p.takeAll()
	}
}

// patience is how long Shut waits for operations that were called off, which is
// a matter of microseconds.
const patience = time.Second
