//go:build linux

package port

import (
	"encoding/binary"
	"net"
	"net/netip"
	"os"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// open makes a TCP socket for to, bound to from where that is valid. flags are
// added to the socket's type.
func open(to netip.AddrPort, from netip.Addr, flags int) (int, error) {
	family := unix.AF_INET6
	if to.Addr().Unmap().Is4() {
		family = unix.AF_INET
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|flags, unix.IPPROTO_TCP)
	if err != nil {
		return -1, os.NewSyscallError("socket", err)
	}
	if err := prepare(fd, from); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

func prepare(fd int, from netip.Addr) error {
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return os.NewSyscallError("setsockopt", err)
	}
	if !from.IsValid() {
		return nil
	}
	// The port is chosen by connect then, which knows where to: one local port
	// serves as many connections as there are peers.
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
	a := newAddress(netip.AddrPortFrom(from, 0))
	if _, _, errno := unix.Syscall(unix.SYS_BIND, uintptr(fd), uintptr(unsafe.Pointer(a)), a.length()); errno != 0 {
		return os.NewSyscallError("bind", errno)
	}
	return nil
}

// An address is a sockaddr_in or a sockaddr_in6, as the kernel reads it.
type address [unix.SizeofSockaddrInet6]byte

func newAddress(to netip.AddrPort) *address {
	a := new(address)
	ip := to.Addr().Unmap()
	binary.BigEndian.PutUint16(a[2:], to.Port())
	if ip.Is4() {
		binary.NativeEndian.PutUint16(a[0:], unix.AF_INET)
		four := ip.As4()
		copy(a[4:], four[:])
		return a
	}
	binary.NativeEndian.PutUint16(a[0:], unix.AF_INET6)
	sixteen := ip.As16()
	copy(a[8:], sixteen[:])
	binary.NativeEndian.PutUint32(a[24:], scope(ip.Zone()))
	return a
}

func (a *address) length() uintptr {
	if binary.NativeEndian.Uint16(a[0:]) == unix.AF_INET {
		return unix.SizeofSockaddrInet4
	}
	return unix.SizeofSockaddrInet6
}

// scope is the number of the interface that a zone names, 0 for none.
func scope(zone string) uint32 {
	if zone == "" {
		return 0
	}
	if n, err := strconv.ParseUint(zone, 10, 32); err == nil {
		return uint32(n)
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index)
	}
	return 0
}

// connectError is what an attempt to connect came to, nil for 0.
func connectError(errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return os.NewSyscallError("connect", errno)
}

// connectFault is why an attempt to connect that is over failed, nil if it did
// not.
func connectFault(fd int) error {
	errno, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err != nil {
		return os.NewSyscallError("getsockopt", err)
	}
	return connectError(syscall.Errno(errno))
}
