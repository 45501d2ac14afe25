//go:build linux

// Package port moves the bytes of many TCP sockets for one goroutine, without a
// goroutine, a lock or an allocation for any of them.
//
// There are two of them with one behaviour: over io_uring, which hands a whole
// turn's work to the kernel in one call, and over epoll, where io_uring is not
// to be had. Both are told of what the owner of a socket wants ([Port.Dial],
// [Port.Send], [Port.Close]) and tell it from within [Port.Wait] what came of it
// ([Owner]).
//
// All methods but Wake are for one goroutine, which the first call ties to its
// thread. All moments are readings of the monotonic clock since the epoch that
// the port was made with.
package port

import (
	"net/netip"
	"time"
)

// A Port carries sockets. What goes wrong with one is told to its owner, as an
// error that a syscall.Errno can be found in.
type Port interface {
	// Dial makes s a TCP socket, without delay of small packets, and begins to
	// connect it; a valid from is the address that it is bound to, its port
	// chosen by the kernel. s must not be open.
	Dial(s *Socket, to netip.AddrPort, from netip.Addr)
	// Send begins to send b, which may go out with the next Wait only. b must
	// not change until the owner hears Sent or the socket was closed and
	// Released was heard. One Send at a time.
	Send(s *Socket, b []byte)
	// Close ends s, perhaps with the next Wait only: its owner hears nothing more
	// of it but Released. A socket that was never dialled, or has been closed,
	// stays as it is.
	Close(s *Socket)
	// Wait sends what is to be sent, blocks until there is something to tell,
	// Wake was called, or the clock reads until, and then tells all there is to
	// tell at the moment. It may return early. Dial, Send and Close may be
	// called from within what it calls; Wait may not.
	Wait(until time.Duration)
	// Wake ends a Wait, the next one if there is none now. Any goroutine may
	// call it, after Shut too.
	Wake()
	// Shut closes all sockets and frees the port. Owners hear nothing of it.
	Shut()
}

// An Owner is told what became of its socket, from within Wait.
type Owner interface {
	// Connected is heard once after Dial. After an error the socket is as good
	// as closed; Close must still be called.
	Connected(err error, at time.Duration)
	// Sent is heard once after Send: all of it was taken by the kernel, or it
	// never will be, because of err. What the peer has said may still be
	// received.
	Sent(err error)
	// Received is heard for all that arrives, asked for or not. b is the port's
	// and valid during the call only. At the moment at all of it had arrived.
	Received(b []byte, at time.Duration)
	// Ended is heard once: nothing more will arrive, because the peer has said
	// so (err is nil), or because of err. Close must still be called.
	Ended(err error, at time.Duration)
	// Released is heard once after Close, perhaps from within it: the socket and
	// what was sent are the owner's again.
	Released()
}
