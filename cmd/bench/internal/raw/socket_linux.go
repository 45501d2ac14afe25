package raw

import (
	"io"
	"net"
	"syscall"
	"unsafe"
)

// A socket is a connection's descriptor. Its functions are made once, for each
// made anew would be an allocation a request.
type socket struct {
	raw     syscall.RawConn
	receive func(fd uintptr) bool
	send    func(fd uintptr) bool
	b       []byte
	n       int
	errno   syscall.Errno
}

func newSocket(c *net.TCPConn) (*socket, error) {
	r, err := c.SyscallConn()
	if err != nil {
		return nil, err
	}
	s := &socket{raw: r}
	s.receive = func(fd uintptr) bool { return s.call(syscall.SYS_RECVFROM, fd) }
	s.send = func(fd uintptr) bool { return s.call(syscall.SYS_SENDTO, fd) }
	return s, nil
}

// call reports false where the descriptor is not ready.
func (s *socket) call(number, fd uintptr) bool {
	n, _, errno := syscall.RawSyscall6(number, fd, uintptr(unsafe.Pointer(&s.b[0])), uintptr(len(s.b)), syscall.MSG_NOSIGNAL, 0, 0)
	s.n, s.errno = int(n), errno
	return errno != syscall.EAGAIN
}

func (s *socket) read(b []byte) (int, error) {
	s.b = b
	if err := s.raw.Read(s.receive); err != nil {
		return 0, err
	}
	if s.errno != 0 {
		return 0, s.errno
	}
	if s.n == 0 {
		return 0, io.EOF
	}
	return s.n, nil
}

// write sends a request, which a socket without anything on its way has room
// for.
func (s *socket) write(b []byte) error {
	s.b = b
	if err := s.raw.Write(s.send); err != nil {
		return err
	}
	if s.errno != 0 {
		return s.errno
	}
	if s.n != len(b) {
		return io.ErrShortWrite
	}
	return nil
}
