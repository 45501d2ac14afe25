package wire

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// connectCauses are the ways in which a connection does not come about.
var connectCauses = []struct {
	errno   syscall.Errno
	message string
}{
	{windows.WSAECONNREFUSED, "connection refused"},
	{windows.WSAETIMEDOUT, "timed out connecting"},
	{windows.WSAEHOSTUNREACH, "no route to host"},
	{windows.WSAENETUNREACH, "network unreachable"},
	{windows.WSAECONNRESET, "connection reset while connecting"},
	{windows.WSAECONNABORTED, "connection reset while connecting"},
	{windows.WSAEADDRNOTAVAIL, "no free local port: fewer connections, or more local addresses, are needed"},
	{windows.WSAEADDRINUSE, "no free local port: fewer connections, or more local addresses, are needed"},
	{windows.WSAEMFILE, "too many open sockets"},
	{windows.WSAENOBUFS, "too many open sockets"},
	{windows.WSAEACCES, "not permitted"},
}

// wsaPoll is found once; it never changes.
var wsaPoll = windows.NewLazySystemDLL("ws2_32.dll").NewProc("WSAPoll")

// pending reports whether an idle connection has something to say: bytes that
// nobody asked for, its end, or an error. It takes nothing and never blocks.
func pending(c syscall.RawConn) bool {
	const readable = 0x0100 // POLLRDNORM
	var events uintptr
	failed := c.Control(func(fd uintptr) {
		query := struct {
			socket          uintptr
			events, revents int16
		}{socket: fd, events: readable}
		// 0: nothing has happened; 1: something has; SOCKET_ERROR: broken.
		events, _, _ = wsaPoll.Call(uintptr(unsafe.Pointer(&query)), 1, 0)
	})
	return failed != nil || events != 0
}
