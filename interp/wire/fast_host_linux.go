package wire

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"time"
)

// remembered is how long the addresses of a name are taken to be its own. A
// thousand users that connect in the same moment ask once.
const remembered = time.Second

// A fastHost is a host as one transport sees it.
type fastHost struct {
	fast   *Fast
	host   *Host
	dialer *dialer // stands for the host in requests
	port   uint16
	name   string

	literal   bool  // the name is an address
	fault     error // why there is none that could be dialled
	addresses []netip.AddrPort
	until     time.Duration // addresses are known until then
	asked     bool          // a resolver is under way
	waiting   []*ride       // for it
	turn      int           // of the local addresses
	stamps    stamps
}

// A resolution is what a resolver brings.
type resolution struct {
	host      *fastHost
	addresses []netip.Addr
	err       error
}

func newFastHost(f *Fast, h *Host) *fastHost {
	host, text, _ := net.SplitHostPort(h.address())
	number, err := strconv.ParseUint(text, 10, 16)
	fh := &fastHost{fast: f, host: h, dialer: newDialer(h, nil), port: uint16(number), name: host}
	if err != nil {
		fh.fault = errNoPort
	}
	if a, err := netip.ParseAddr(host); err == nil {
		fh.literal = true
		fh.addresses = []netip.AddrPort{netip.AddrPortFrom(a, fh.port)}
	}
	return fh
}

var errNoPort = errors.New("no such port")

// known reports whether the addresses are known at a moment. If not they are
// asked for, and r is told when they are.
func (h *fastHost) known(r *ride, now time.Duration) bool {
	if h.literal || now < h.until {
		return true
	}
	r.waiting, r.place = h, len(h.waiting)
	h.waiting = append(h.waiting, r)
	if !h.asked {
		h.asked = true
		go h.resolve()
	}
	return false
}

// resolve asks on a goroutine of its own: a name may take seconds.
func (h *fastHost) resolve() {
	ctx, cancel := context.WithTimeout(h.fast.ctx, time.Minute)
	defer cancel()
	addresses, err := net.DefaultResolver.LookupNetIP(ctx, "ip", h.name)
	f := h.fast
	f.mailMu.Lock()
	f.resolved = append(f.resolved, resolution{h, addresses, err})
	f.mailMu.Unlock()
	f.stir()
}

// learn takes what the resolver brought. A failure is not remembered.
func (h *fastHost) learn(r resolution) {
	h.asked = false
	if r.err == nil {
		h.addresses = nil
		for _, a := range r.addresses {
			h.addresses = append(h.addresses, netip.AddrPortFrom(a.Unmap(), h.port))
		}
		h.until = h.fast.clock() + remembered
	}
	waiting := h.waiting
	h.waiting = nil
	for _, ride := range waiting {
		if ride != nil {
			ride.waiting = nil
			ride.resolved(r.err, h.fast.clock())
		}
	}
}

// forget takes a ride off the list of those that wait.
func (h *fastHost) forget(r *ride) {
	h.waiting[r.place], r.waiting = nil, nil
}

// doubt forgets the addresses, because no connection came of them.
func (h *fastHost) doubt() { h.until = 0 }

// local is the address from which to connect to one, of the host's own in turn;
// not valid: whichever the system chooses. It is not ok where all of them are of
// the other family.
func (h *fastHost) local(to netip.Addr) (from netip.Addr, ok bool) {
	n := len(h.host.Local)
	for range n {
		a := h.host.Local[h.turn%n]
		h.turn = (h.turn + 1) % n
		if a.Is4() == to.Unmap().Is4() {
			return a, true
		}
	}
	return netip.Addr{}, n == 0
}
