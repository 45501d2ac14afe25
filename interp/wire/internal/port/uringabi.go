//go:build linux

package port

// What the kernel and a ring's user say to each other: include/uapi/linux/io_uring.h.

// An sqe is an operation that is asked for.
type sqe struct {
	opcode    uint8
	flags     uint8
	ioprio    uint16
	fd        int32
	off       uint64
	addr      uint64
	len       uint32
	opFlags   uint32
	userData  uint64
	bufGroup  uint16
	_         uint16
	fileIndex uint32
	_         [2]uint64
}

// A cqe is what became of one. res is a count, or an errno below zero.
type cqe struct {
	userData uint64
	res      int32
	flags    uint32
}

const (
	opPollAdd     = 6
	opAsyncCancel = 14
	opConnect     = 16
	opSend        = 26
	opRecv        = 27
)

const (
	sqeFixedFile      = 1 << 0
	sqeBufferSelect   = 1 << 5
	sqeSkipSuccess    = 1 << 6
	recvPollFirst     = 1 << 0
	recvMultishot     = 1 << 1
	pollAddMulti      = 1 << 0
	cqeBuffer         = 1 << 0
	cqeMore           = 1 << 1
	cqeBufferShift    = 16
	enterGetEvents    = 1 << 0
	enterExtArg       = 1 << 3
	enterRegistered   = 1 << 4
	setupCQSize       = 1 << 3
	setupClamp        = 1 << 4
	setupDisabled     = 1 << 6
	setupSubmitAll    = 1 << 7
	setupTaskrunFlag  = 1 << 9
	setupSingleIssuer = 1 << 12
	setupDeferTaskrun = 1 << 13
	sqOverflow        = 1 << 1
	sqTaskrun         = 1 << 2
	offsetRings       = 0
	offsetSQEs        = 0x10000000
)

const (
	registerFilesUpdate = 6
	registerEnableRings = 12
	registerFiles2      = 13
	registerRingFDs     = 20
	unregisterRingFDs   = 21
	registerBufferRing  = 22
	resourceSparse      = 1 << 0
)

type ringParams struct {
	sqEntries, cqEntries uint32
	flags                uint32
	sqThreadCPU          uint32
	sqThreadIdle         uint32
	features             uint32
	wqFD                 uint32
	_                    [3]uint32
	sq                   struct {
		head, tail, mask, entries, flags, dropped, array, _ uint32
		_                                                   uint64
	}
	cq struct {
		head, tail, mask, entries, overflow, cqes, flags, _ uint32
		_                                                   uint64
	}
}

// A resourceRegister asks for a table of files.
type resourceRegister struct {
	nr    uint32
	flags uint32
	_     uint64
	data  uint64
	tags  uint64
}

// A resourceUpdate fills a slot of a table.
type resourceUpdate struct {
	offset uint32
	_      uint32
	data   uint64
}

// A bufferRegister names the memory of a ring of buffers.
type bufferRegister struct {
	addr    uint64
	entries uint32
	group   uint16
	flags   uint16
	_       [3]uint64
}

// A waitArgument bounds a wait.
type waitArgument struct {
	sigmask   uint64
	sigmaskSz uint32
	_         uint32
	timeout   uint64
}
