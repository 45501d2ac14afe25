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
	raw    *counter
	socket syscall.RawConn
	conn   net.Conn         // raw, or TLS over it
	h2     *http.ClientConn // nil: HTTP/1.1
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

// survives reports whether l carries on after a failed exchange: over HTTP/2 a
// failure may concern one stream only.
func (l *link) survives(err *Error) bool {
	return l.h2 != nil && err.Kind != "protocol" && l.alive()
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
	tls   *tls.Config     // of the host's handshakes
	http2 *http.Transport // see newHTTP2
}

func newDialer(h *Host, http2 *http.Transport) *dialer {
	d := &dialer{host: h, http2: http2}
	if h.URL.Scheme == "https" {
		d.tls = h.client()
	}
	return d
}

// dial resolves, connects and shakes hands, within the host's ConnectTimeout
// and ctx. The time and the bytes that it took go to o.
func (d *dialer) dial(ctx context.Context, o *Outcome) (*link, *Error) {
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
	if d.tls != nil {
		begun = time.Now()
		err = d.handshake(ctx, l)
		o.TLS = max(o.TLS, 0) + time.Since(begun)
	}
	if err == nil {
		err = d.speak(ctx, l)
	}
	used := l.counts()
	o.BytesSent += used.out
	o.BytesReceived += used.in
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

func (d *dialer) handshake(ctx context.Context, l *link) error {
	secure := tls.Client(l.raw, d.tls)
	err := secure.HandshakeContext(ctx)
	if err != nil {
		// A handshake that ctx ends fails with whatever the closed socket says.
		return errors.Join(ctx.Err(), err)
	}
	l.conn = secure
	return nil
}

// speak starts HTTP/2 where the host and the handshake have agreed on it.
func (d *dialer) speak(ctx context.Context, l *link) error {
	agreed := ""
	if secure, ok := l.conn.(*tls.Conn); ok {
		agreed = secure.ConnectionState().NegotiatedProtocol
	}
	wanted := d.host.HTTP == "2"
	if wanted && d.tls != nil && agreed != "h2" {
		return &Error{"protocol", "the server does not speak HTTP/2"}
	}
	if !wanted && agreed != "h2" {
		return nil
	}
	var err error
	l.h2, err = newHTTP2Conn(ctx, d.http2, l.conn)
	return err
}

// Preflight resolves h's name, connects and, for https, shakes hands, within
// its ConnectTimeout and ctx. No request is sent. It is nil where all of that
// succeeds.
func Preflight(ctx context.Context, h *Host) *Error {
	transport := newHTTP2()
	defer transport.CloseIdleConnections()
	l, err := newDialer(h, transport).dial(ctx, &Outcome{})
	if err != nil {
		return err
	}
	l.close()
	return nil
}
