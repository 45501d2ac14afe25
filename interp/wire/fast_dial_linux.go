package wire

import (
	"net/netip"
	"os"
	"time"
)

// happy is how long an address is waited for where there is one of the other
// family: many names have an IPv6 address that leads nowhere. It is what
// net.Dialer waits, and RFC 8305 proposes about the same. Unlike there the first
// attempt is given up then, and made again when all others have failed.
const happy = 300 * time.Millisecond

// dial opens a pipe: it asks whether it may, and for the host's addresses.
func (r *ride) dial(now time.Duration) {
	r.phase, r.dialled = connecting, now
	r.to, r.trying, r.slow, r.missed = nil, netip.AddrPort{}, netip.AddrPort{}, nil
	h := r.conn.host
	if gate := h.host.Gate; gate != nil {
		if why := gate.Refuse(h.name, netip.Addr{}); why != "" {
			r.miss(&Error{"guard", why}, now)
			return
		}
	}
	r.guard()
	if h.fault != nil {
		r.miss(fault(h.fault, connecting), now)
		return
	}
	if h.known(r, now) {
		r.resolved(nil, now)
	}
}

// connectBy is the moment by which there must be a connection; 0: none.
func (r *ride) connectBy() time.Duration {
	limit := r.conn.host.host.ConnectTimeout
	if limit <= 0 {
		return r.end
	}
	if at := r.dialled + limit; r.end == 0 || at < r.end {
		return at
	}
	return r.end
}

// resolved goes on once the host's addresses are known, or are not to be known
// because of err.
func (r *ride) resolved(err error, now time.Duration) {
	if err != nil {
		r.miss(fault(err, connecting), now)
		return
	}
	r.to = r.conn.host.addresses
	if len(r.to) == 0 {
		r.miss(&Error{"dns", "no such host"}, now)
		return
	}
	r.connect(now)
}

// connect tries the next address.
func (r *ride) connect(now time.Duration) {
	f, h := r.conn.fast, r.conn.host
	if len(r.to) == 0 && r.slow.IsValid() {
		r.to, r.slow = []netip.AddrPort{r.slow}, netip.AddrPort{}
	}
	if len(r.to) == 0 {
		h.doubt()
		r.miss(fault(r.missed, connecting), now)
		return
	}
	r.trying, r.to = r.to[0], r.to[1:]
	if gate := h.host.Gate; gate != nil {
		if why := gate.Refuse(h.name, r.trying.Addr()); why != "" {
			r.miss(&Error{"guard", why}, now)
			return
		}
	}
	from, ok := h.local(r.trying.Addr())
	if !ok {
		r.next(errFamily, now)
		return
	}
	r.guard()
	if len(r.to) > 0 {
		r.hurry(now + r.share(now))
	}
	f.port.Dial(&f.newPipe(r.conn).socket, r.trying, from)
}

// share is how long an address may take where others are left to be tried, so
// that one that does not answer leaves some time for them.
func (r *ride) share(now time.Duration) time.Duration {
	share := r.conn.host.host.ConnectTimeout
	if by := r.connectBy(); by > 0 {
		share = (by - now) / time.Duration(len(r.to)+1)
	}
	if r.to[0].Addr().Is4() != r.trying.Addr().Is4() && (share <= 0 || share > happy) {
		share = happy
	}
	if share <= 0 {
		share = time.Minute // nobody has set a limit
	}
	return share
}

// next tries the next address, because of what the last one came to.
func (r *ride) next(err error, now time.Duration) {
	if r.missed == nil {
		r.missed = err
	}
	r.conn.drop()
	r.connect(now)
}

// connected hears that the pipe is open, or why it is not.
func (r *ride) connected(err error, at time.Duration) {
	if err != nil {
		r.next(err, at)
		return
	}
	r.x.Connect = max(r.x.Connect, 0) + at - r.dialled
	r.send(r.conn.pipe)
}

// late is called when the time for connecting is up, or that for one address.
func (r *ride) late(now time.Duration) {
	by := r.connectBy()
	switch {
	case r.waiting != nil:
		r.miss(&Error{"timeout", "timed out resolving the host's name"}, now)
	case by > 0 && now >= by:
		r.conn.host.doubt()
		r.miss(timeoutFault(os.ErrDeadlineExceeded, connecting), now)
	default:
		if !r.slow.IsValid() {
			r.slow = r.trying
		}
		r.next(os.ErrDeadlineExceeded, now)
	}
}

// miss ends the exchange, for which there is no connection.
func (r *ride) miss(err *Error, now time.Duration) {
	r.x.Connect = max(r.x.Connect, 0) + now - r.dialled
	r.fail(err, now)
}
