//go:build unix

package wire

import (
	"errors"
	"syscall"
)

// connectCauses are the ways in which a connection does not come about.
var connectCauses = []struct {
	errno   syscall.Errno
	message string
}{
	{syscall.ECONNREFUSED, "connection refused"},
	{syscall.ETIMEDOUT, "timed out connecting"},
	{syscall.EHOSTUNREACH, "no route to host"},
	{syscall.ENETUNREACH, "network unreachable"},
	{syscall.ECONNRESET, "connection reset while connecting"},
	{syscall.ECONNABORTED, "connection reset while connecting"},
	{syscall.EADDRNOTAVAIL, "no free local port: fewer connections, or more local addresses, are needed"},
	{syscall.EADDRINUSE, "no free local port: fewer connections, or more local addresses, are needed"},
	{syscall.EMFILE, "too many open files: raise the limit (ulimit -n)"},
	{syscall.ENFILE, "too many open files on this machine"},
	{syscall.EACCES, "not permitted"},
	{syscall.EPERM, "not permitted"},
}

// pending reports whether an idle connection has something to say: bytes that
// nobody asked for, its end, or an error. It takes nothing and never blocks.
func pending(c syscall.RawConn) bool {
	var err error
	failed := c.Control(func(fd uintptr) {
		var b [1]byte
		_, _, err = syscall.Recvfrom(int(fd), b[:], syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
	})
	return failed != nil || !errors.Is(err, syscall.EAGAIN) && !errors.Is(err, syscall.EINTR)
}
