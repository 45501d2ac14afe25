package wire

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
)

// tcp connects to d's host if its gate lets it: by the name before that is
// resolved, and by the very address that is dialled, whatever the name stood
// for a moment ago.
func (d *dialer) tcp(ctx context.Context) (net.Conn, error) {
	gate := d.host.Gate
	if gate == nil {
		return (&net.Dialer{LocalAddr: d.local()}).DialContext(ctx, "tcp", d.host.address())
	}
	name := d.host.URL.Hostname()
	if why := gate.Refuse(name, netip.Addr{}); why != "" {
		return nil, &Error{"guard", why}
	}
	var refused atomic.Pointer[Error] // addresses may be dialled side by side
	dialer := net.Dialer{LocalAddr: d.local(), ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if why := gate.Refuse(name, at.Addr()); why != "" {
			refused.Store(&Error{"guard", why})
			return refused.Load()
		}
		return nil
	}}
	conn, err := dialer.DialContext(ctx, "tcp", d.host.address())
	if why := refused.Load(); why != nil {
		// One of several addresses may have answered: none is to be loaded.
		if err == nil {
			_ = conn.Close()
		}
		return nil, why
	}
	return conn, err
}

// local is the address that the next connection is made from, of the host's in
// turn; nil: whichever the system chooses.
func (d *dialer) local() net.Addr {
	list := d.host.Local
	if len(list) == 0 {
		return nil
	}
	next := d.turn.Add(1) - 1
	return &net.TCPAddr{IP: list[int(next)%len(list)].AsSlice()}
}
