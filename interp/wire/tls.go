package wire

import (
	"crypto/tls"
	"sync"

	"bossplan/plan"
)

// How a host's TLS sessions are resumed:
//
//	user    each connection resumes the session of the one that it replaces, as
//	        a client does that comes back: ten thousand users make ten thousand
//	        full handshakes first
//	shared  a connection resumes whatever session the loop has: after the first
//	        few there are no full handshakes
//	off     every handshake is a full one
//
// A resumed handshake has no certificates to send and to check, but TLS 1.3
// still agrees on a fresh key, which is most of the work on both sides. Chains
// are checked each time: that is about a tenth of a full handshake, and a cache
// of what was checked before would have to be as careful as the check.

// client is the configuration of h's handshakes.
func (h *Host) client() *tls.Config {
	cfg := &tls.Config{}
	if h.TLS != nil {
		cfg = h.TLS.Clone()
	}
	if cfg.ServerName == "" {
		cfg.ServerName = h.URL.Hostname()
	}
	cfg.NextProtos = h.protocols()
	if h.Resumption == plan.ResumptionShared {
		cfg.ClientSessionCache = tls.NewLRUClientSessionCache(1)
	}
	return cfg
}

// handshakes is the configuration of the handshakes of one connection to d's
// host, which is nil where there are none. It is worth keeping.
func (d *dialer) handshakes() *tls.Config {
	if d.tls == nil || d.tls.ClientSessionCache != nil || d.host.Resumption == plan.ResumptionOff {
		return d.tls
	}
	cfg := d.tls.Clone()
	cfg.ClientSessionCache = &lastSession{}
	return cfg
}

// A lastSession keeps the last session of a connection. It is read when the
// connection is dialled and written when its server gives a ticket, which may be
// on another goroutine and after it was replaced.
type lastSession struct {
	mu    sync.Mutex
	state *tls.ClientSessionState
}

// Get gives the session, whatever the key: all are of the same host.
func (s *lastSession) Get(string) (*tls.ClientSessionState, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.state != nil
}

// Put replaces the session; nil forgets it.
func (s *lastSession) Put(_ string, state *tls.ClientSessionState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state = state
}
