package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// A link is one open TCP connection and what is spoken over it: HTTP/1.1 by
// this package, HTTP/2 by net/http. An idle HTTP/1.1 link costs its socket and
// this struct: it has no goroutine and no buffer.
type link struct {
	raw     *counter
	socket  syscall.RawConn
	conn    net.Conn         // raw, or TLS over it
	h2      *http.ClientConn // nil: HTTP/1.1
	settled atomic.Bool      // HTTP/2: the server has said how many streams it allows
	foreign atomic.Bool      // or has said something else

	users int // exchanges on their way; under the mu of its stdConn
}

func (l *link) close() {
	if l.h2 != nil {
		_ = l.h2.Close()
	}
	// Not by way of TLS, which would wait for a peer that may be stuck to take
	// its farewell.
	_ = l.raw.Close()
}

// limit ends an HTTP/1.1 exchange at a moment; zero: never. HTTP/2 has a
// context for that: its connection reads on between exchanges.
func (l *link) limit(moment time.Time) {
	if l.h2 == nil {
		_ = l.raw.SetDeadline(moment)
	}
}

// alive reports whether an idle link can be expected to carry a request.
func (l *link) alive() bool {
	if l.h2 != nil {
		return l.h2.Err() == nil && l.h2.Available() > 0
	}
	if !pending(l.socket) {
		return true
	}
	if l.conn == net.Conn(l.raw) {
		return false
	}
	// Under TLS this may be a session ticket, which is no part of any answer.
	var b [1]byte
	_ = l.conn.SetReadDeadline(time.Now().Add(time.Millisecond))
	_, err := l.conn.Read(b[:])
	return errors.Is(err, os.ErrDeadlineExceeded)
}

// carries is alive for an HTTP/2 link that may be busy: one whose streams are
// all in use is alive. One that has fewer in use, and none to give, has said
// farewell, or does not answer. The mu of its stdConn is held.
func (l *link) carries(streams int) bool {
	return l.h2.Err() == nil && (l.h2.Available() > 0 || l.users >= streams)
}

// account adds the bytes that went over l since the last time to o. Those of
// exchanges side by side go to whichever ends first: only their sum is right.
func (l *link) account(o *Outcome) {
	o.BytesSent += l.raw.out.Swap(0)
	o.BytesReceived += l.raw.in.Swap(0)
}

// A counter is a connection that counts its bytes.
type counter struct {
	net.Conn
	in, out atomic.Int64
}

func (c *counter) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.in.Add(int64(n))
	return n, err
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.out.Add(int64(n))
	return n, err
}

// A dialer opens links to one host.
type dialer struct {
	host  *Host
	tls   *tls.Config     // of the host's handshakes; nil: none
	http2 *http.Transport // see newHTTP2
	turn  atomic.Uint32   // of the host's local addresses
}

func newDialer(h *Host, http2 *http.Transport) *dialer {
	d := &dialer{host: h, http2: http2}
	if h.URL.Scheme == "https" {
		d.tls = h.client()
	}
	return d
}

// dial resolves, connects and shakes hands as cfg says, within the host's
// ConnectTimeout and ctx. The time and the bytes that it took go to o. Over
// HTTP/2 settled is called, on another goroutine, once the server has said how
// many streams it allows, which may be before dial returns.
func (d *dialer) dial(ctx context.Context, cfg *tls.Config, o *Outcome, settled func(*link)) (*link, *Error) {
	if limit := d.host.ConnectTimeout; limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	begun := time.Now()
	l, err := d.connect(ctx)
	o.Connect = max(o.Connect, 0) + time.Since(begun)
	if err != nil {
		return nil, fault(err, connecting)
	}
	agreed := ""
	if cfg != nil {
		begun = time.Now()
		agreed, err = l.handshake(ctx, cfg, o)
		o.TLS = max(o.TLS, 0) + time.Since(begun)
	}
	if err == nil {
		err = d.speak(ctx, l, agreed, settled)
	}
	l.account(o)
	if err != nil {
		l.close()
		return nil, fault(err, handshaking)
	}
	return l, nil
}

func (d *dialer) connect(ctx context.Context) (*link, error) {
	conn, err := d.tcp(ctx)
	if err != nil {
		return nil, err
	}
	raw := &counter{Conn: conn}
	socket, err := conn.(*net.TCPConn).SyscallConn()
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return &link{raw: raw, socket: socket, conn: raw}, nil
}

// handshake gives the protocol that was agreed on.
func (l *link) handshake(ctx context.Context, cfg *tls.Config, o *Outcome) (string, error) {
	secure := tls.Client(l.raw, cfg)
	if err := secure.HandshakeContext(ctx); err != nil {
		// A handshake that ctx ends fails with whatever the closed socket says.
		return "", errors.Join(ctx.Err(), err)
	}
	l.conn = secure
	state := secure.ConnectionState()
	o.Resumed = state.DidResume
	return state.NegotiatedProtocol, nil
}

// speak starts HTTP/2 where the host and the handshake have agreed on it.
func (d *dialer) speak(ctx context.Context, l *link, agreed string, settled func(*link)) error {
	wanted := d.host.HTTP == "2"
	if wanted && d.tls != nil && agreed != "h2" {
		return errNotHTTP2
	}
	if !wanted && agreed != "h2" {
		return nil
	}
	var err error
	g := &greeting{Conn: l.conn, heard: func() { settled(l) }, foreign: func() { l.foreign.Store(true) }}
	l.h2, err = newHTTP2Conn(ctx, d.http2, g)
	return err
}

// Preflight resolves h's name, connects and, for https, shakes hands, within
// its ConnectTimeout and ctx. No request is sent. It is nil where all of that
// succeeds.
func Preflight(ctx context.Context, h *Host) *Error {
	transport := newHTTP2()
	defer transport.CloseIdleConnections()
	d := newDialer(h, transport)
	l, err := d.dial(ctx, d.tls, &Outcome{}, func(*link) {})
	if err != nil {
		return err
	}
	l.close()
	return nil
}
