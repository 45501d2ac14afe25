package wire

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// connKey is the context key under which newHTTP2Conn passes a connection to
// the transport's dial function.
type connKey struct{}

// newHTTP2 makes the transport that turns connections of ours into HTTP/2 ones.
// It dials none itself and keeps none.
func newHTTP2() *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	return &http.Transport{
		Protocols: protocols,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return ctx.Value(connKey{}).(net.Conn), nil
		},
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// newHTTP2Conn starts HTTP/2 over conn, be it TLS or not: what both sides speak
// has been agreed on.
func newHTTP2Conn(ctx context.Context, t *http.Transport, conn net.Conn) (*http.ClientConn, error) {
	// The address is one that nobody looks at.
	return t.NewClientConn(context.WithValue(ctx, connKey{}, conn), "http", "given:1")
}

// dismissal is for how long after an exchange's deadline its stream may take to
// be given up.
const dismissal = time.Second

// dismiss ends the use of a stream by its answer's body. Where not all of it was
// read net/http has something to write: a server that reads nothing at all must
// not keep the exchange for ever, and costs the link.
func (l *link) dismiss(body io.Closer, whole bool, deadline time.Time) {
	if !whole && !deadline.IsZero() {
		defer time.AfterFunc(max(time.Until(deadline), 0)+dismissal, func() { _ = l.raw.Close() }).Stop()
	}
	_ = body.Close()
}

// A greeting is an HTTP/2 connection that tells when the server's first frame,
// which are its settings, has been taken: when more is read after all of it. One
// that begins with anything else is told as well, and ends there: net/http gives
// no account of it to requests that come later.
type greeting struct {
	net.Conn
	heard   func() // nil: one of the two was called
	foreign func()
	head    [9]byte
	got     int // bytes
}

func (g *greeting) Read(b []byte) (int, error) {
	if g.heard != nil && g.got >= len(g.head) && g.got-len(g.head) >= g.length() {
		g.heard()
		g.heard = nil
	}
	n, err := g.Conn.Read(b)
	if g.heard != nil {
		if g.got < len(g.head) {
			copy(g.head[g.got:], b[:n])
		}
		g.got += n
		if g.got >= len(g.head) && g.head[3] != 4 { // the type of SETTINGS
			g.foreign()
			g.heard = nil
			return 0, errNotHTTP2
		}
	}
	return n, err
}

// length is how long the first frame is after its head.
func (g *greeting) length() int {
	return int(binary.BigEndian.Uint32(g.head[:4]) >> 8)
}

// A watch notes how far an HTTP/2 request gets. It is told so on goroutines of
// the connection, perhaps when nobody cares any more.
type watch struct {
	epoch        time.Time
	asked        time.Duration // moment at which net/http was given the request
	waits        bool          // for a stream, most likely
	wrote, first atomic.Int64  // moments: the header is out, an answer begins; 0: not yet
	written      atomic.Bool   // all of the request is out
}

func (w *watch) now() time.Duration { return max(time.Since(w.epoch), 1) }

// trace has net/http tell w.
func (w *watch) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteHeaders:         func() { w.wrote.CompareAndSwap(0, int64(w.now())) },
		WroteRequest:         func(httptrace.WroteRequestInfo) { w.written.Store(true) },
		GotFirstResponseByte: func() { w.first.CompareAndSwap(0, int64(w.now())) },
	})
}

// sent is when the request began to go out, negative if it did not. Where it had
// a stream at once that is when it was given away; where it had to wait for one
// it is known when it was out, which is a moment later.
func (w *watch) sent() time.Duration {
	wrote, first := time.Duration(w.wrote.Load()), time.Duration(w.first.Load())
	switch {
	case wrote == 0 && first == 0:
		return -1
	case !w.waits:
		return w.asked
	case wrote == 0 || first > 0 && first < wrote:
		return first
	}
	return wrote
}

// note writes down how far the request has got.
func (w *watch) note(o *Outcome) phase {
	if o.Sent < 0 {
		o.Sent = w.sent()
	}
	if at := w.first.Load(); at > 0 {
		o.FirstByte = time.Duration(at)
		return receiving
	}
	if w.written.Load() {
		return waiting
	}
	return sending
}

// http2 sends r over l and reads the head of its answer.
func (p *trip) http2(l *link, r *request) (*answer, *failure) {
	ctx, err := p.context()
	if err != nil {
		return nil, &failure{err: err}
	}
	w := &watch{epoch: p.s.source.epoch, waits: p.crowded}
	req := r.http2(w.trace(ctx))
	if len(r.body) > 0 {
		req.Body, req.ContentLength = p.outgoing(r.body), int64(len(r.body))
	}
	w.asked = p.now()
	resp, failed := l.h2.RoundTrip(req)
	reached := w.note(&p.x.Outcome)
	if failed != nil {
		err := fault(failed, reached)
		if l.foreign.Load() {
			return nil, &failure{err: errNotHTTP2}
		}
		untouched := w.sent() < 0
		resend := err.Kind == "reset" && err != errClosed && reached != receiving && (untouched || r.idempotent())
		return nil, &failure{err: err, resend: resend, refused: reached != receiving && refused(failed)}
	}
	return &answer{status: resp.StatusCode, header: resp.Header, body: resp.Body}, nil
}

// An outgoing is the body of an HTTP/2 request. net/http may want to read on when
// the answer has come, and takes its time to say that it no longer does. The bytes
// are their owner's again when the exchange is, so it finds none from then on.
type outgoing struct {
	mu   sync.Mutex
	rest bytes.Reader
	gone bool
}

func (p *trip) outgoing(b []byte) *outgoing {
	o := &outgoing{}
	o.rest.Reset(b)
	p.bodies = append(p.bodies, o)
	return o
}

func (o *outgoing) Read(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.gone {
		return 0, io.ErrClosedPipe // not the end: half a body must not look whole
	}
	return o.rest.Read(b)
}

func (o *outgoing) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.rest.Reset(nil)
	o.gone = true
	return nil
}

// http2 is r as net/http wants it, but for the body. The target goes out as it
// stands: an opaque URL that begins with the authority is cut down to it again.
func (r *request) http2(ctx context.Context) *http.Request {
	host := r.host()
	req := http.Request{
		Method: r.method,
		URL:    &url.URL{Scheme: r.dialer.host.URL.Scheme, Host: r.dialer.host.URL.Host, Opaque: "//" + host + r.target},
		Host:   host,
		Header: make(http.Header, len(r.headers)+2),
		Body:   http.NoBody,
	}
	values := make([]string, 0, len(r.headers)+2) // of all fields but those that are there twice
	for name, value := range r.fields() {
		// What speaks of the connection is not allowed in HTTP/2.
		if (Header{Name: name}).is("Connection", "Keep-Alive", "Proxy-Connection", "Upgrade") {
			continue
		}
		name = textproto.CanonicalMIMEHeaderKey(name)
		if before, ok := req.Header[name]; ok {
			req.Header[name] = append(before, value)
			continue
		}
		values = append(values, value)
		n := len(values)
		req.Header[name] = values[n-1 : n : n]
	}
	return req.WithContext(ctx)
}

// refused reports whether the server has said that it did nothing about a
// request.
func refused(err error) bool {
	text := err.Error()
	return strings.Contains(text, "graceful shutdown GOAWAY") ||
		strings.HasPrefix(text, "stream error: ") && strings.HasSuffix(text, "; REFUSED_STREAM; received from peer")
}

// http2Fault is nil where err does not come from HTTP/2.
func http2Fault(err error) *Error {
	text := err.Error()
	switch {
	case strings.Contains(text, "looked like an HTTP/1.1 header"):
		return errNotHTTP2
	case strings.Contains(text, "force closed via ClientConn.Close"):
		return errClosed
	case strings.Contains(text, "GOAWAY"):
		return &Error{"reset", "connection closed by the server (GOAWAY)"}
	case strings.Contains(text, "http2: client conn"):
		return &Error{"reset", "connection closed before the answer"}
	case strings.HasPrefix(text, "http2: response header list larger"):
		return &Error{"protocol", errHeaderTooLarge.Error()}
	case strings.HasPrefix(text, "connection error: "):
		return &Error{"protocol", "malformed answer: HTTP/2 " + strings.TrimPrefix(text, "connection error: ")}
	}
	stream, found := strings.CutPrefix(text, "stream error: stream ID ")
	if !found {
		return nil
	}
	_, rest, _ := strings.Cut(stream, "; ")
	code, cause, _ := strings.Cut(rest, "; ")
	if cause == "received from peer" {
		return &Error{"reset", "the request was reset by the server: HTTP/2 " + code}
	}
	return &Error{"protocol", "malformed answer: HTTP/2 " + code}
}
