//go:build linux

package port

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// buffers are what the kernel receives into: it takes the next one only when
// bytes are there, so an idle socket holds none. They lie one after the other in
// a mapping of their own, behind the ring that says which are free.
type buffers struct {
	mapping []byte
	free    []buffer
	tail    uint16
}

// A buffer is an entry of the ring. The tail of the whole lies in what the first
// entry has no use for.
type buffer struct {
	addr uint64
	len  uint32
	id   uint16
	tail uint16
}

const (
	bufferCount = 256
	bufferSize  = 8 << 10
	bufferGroup = 0
)

func newBuffers(r *ring) (*buffers, error) {
	const head = bufferCount * int(unsafe.Sizeof(buffer{}))
	mapping, err := unix.Mmap(-1, 0, head+bufferCount*bufferSize, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	b := &buffers{mapping: mapping}
	b.free = unsafe.Slice((*buffer)(unsafe.Pointer(&mapping[0])), bufferCount)
	reg := bufferRegister{addr: uint64(uintptr(unsafe.Pointer(&mapping[0]))), entries: bufferCount, group: bufferGroup}
	if err := r.register(registerBufferRing, unsafe.Pointer(&reg), 1); err != nil {
		b.close()
		return nil, err
	}
	for id := range uint16(bufferCount) {
		b.put(id)
	}
	return b, nil
}

// get is the buffer that a completion names.
func (b *buffers) get(id uint16, n int) []byte {
	at := len(b.mapping) - (bufferCount-int(id))*bufferSize
	return b.mapping[at : at+n : at+n]
}

// put frees a buffer. The kernel looks at the ring in the calls of this thread
// only, so that plain stores do.
func (b *buffers) put(id uint16) {
	e := &b.free[b.tail&(bufferCount-1)]
	e.addr = uint64(uintptr(unsafe.Pointer(unsafe.SliceData(b.get(id, bufferSize)))))
	e.len = bufferSize
	e.id = id
	b.tail++
	b.free[0].tail = b.tail
}

func (b *buffers) close() { _ = unix.Munmap(b.mapping) }
