package wire

import (
	"net"
	"net/url"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// deaf is a host that answers nothing to those who want to connect: its queue is
// full and nobody takes from it.
func deaf(t *testing.T) *Host {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	raw, err := l.(*net.TCPListener).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) { err = unix.Listen(int(fd), 0) }); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if c, err := net.DialTimeout("tcp", l.Addr().String(), 50*time.Millisecond); err == nil {
			t.Cleanup(func() { _ = c.Close() })
		}
	}
	return &Host{URL: &url.URL{Scheme: "http", Host: l.Addr().String()}}
}
