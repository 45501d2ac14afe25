package wire

import (
	"context"
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

	literal   bool // the name is an address
	addresses []netip.AddrPort
	until     time.Duration // addresses are known until then
	asked     bool          // a resolver is under way
	waiting   []*ride       // for it
	turn      int           // of the local addresses
}

// A resolution is what a resolver brings.
type resolution struct {
	host      *fastHost
	addresses []netip.Addr
	err       error
}

func newFastHost(f *Fast, h *Host) *fastHost {
	host, text, _ := net.SplitHostPort(h.address())
	number, _ := strconv.ParseUint(text, 10, 16) // checked when the plan was read
	fh := &fastHost{fast: f, host: h, dialer: newDialer(h, nil), port: uint16(number), name: host}
	if a, err := netip.ParseAddr(host); err == nil {
		fh.literal = true
		fh.addresses = []netip.AddrPort{netip.AddrPortFrom(a, fh.port)}
	}
	return fh
}

// known reports whether the addresses are known at a moment. If not they are
// asked for, and r is told when they are.
func (h *fastHost) known(r *ride, now time.Duration) bool {
	if h.literal || now < h.until {
		return true
	}
	h.waiting = append(h.waiting, r)
	r.waiting = h
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
			ride.resolved(r.err)
		}
	}
}

// forget takes a ride off the list of those that wait.
func (h *fastHost) forget(r *ride) {
	for i, w := range h.waiting {
		if w == r {
			h.waiting[i] = nil
		}
	}
}

// local is the address from which to connect to one, of the host's own in turn;
// not valid: any.
func (h *fastHost) local(to netip.Addr) netip.Addr {
	n := len(h.host.Local)
	for range n {
		h.turn = (h.turn + 1) % n
		if a := h.host.Local[h.turn]; a.Is4() == to.Unmap().Is4() {
			return a
		}
	}
	return netip.Addr{}
}
