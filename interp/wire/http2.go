package wire

import (
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// connKey is the context key under which newHTTP2Conn passes a connection to
// the transport's dial functions.
type connKey struct{}

// newHTTP2 makes the transport that turns connections of ours into HTTP/2 ones.
// It dials none itself and keeps none.
func newHTTP2() *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	given := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return ctx.Value(connKey{}).(net.Conn), nil
	}
	return &http.Transport{
		Protocols:              protocols,
		DialContext:            given,
		DialTLSContext:         given,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
	}
}

// newHTTP2Conn starts HTTP/2 over conn: by what TLS has agreed on, or by prior
// knowledge.
func newHTTP2Conn(ctx context.Context, t *http.Transport, conn net.Conn) (*http.ClientConn, error) {
	scheme := "http"
	if _, ok := conn.(*tls.Conn); ok {
		scheme = "https"
	}
	// The address is one that nobody looks at.
	return t.NewClientConn(context.WithValue(ctx, connKey{}, conn), scheme, "given:1")
}

// http2 sends r over l and reads the head of its answer. began says whether
// anything of an answer came.
func (p *trip) http2(l *link, r *request) (a *answer, began bool, err *Error) {
	ctx, err := p.context()
	if err != nil {
		return nil, false, err
	}
	// The hooks run on the connection's own goroutines.
	var first atomic.Int64
	var written atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotFirstResponseByte: func() { first.CompareAndSwap(0, int64(max(p.now(), 1))) },
		WroteRequest:         func(httptrace.WroteRequestInfo) { written.Store(true) },
	})
	resp, failure := l.h2.RoundTrip(r.http2(ctx))
	if at := first.Load(); at > 0 {
		began = true
		p.x.FirstByte = time.Duration(at)
	}
	if failure != nil {
		at := sending
		switch {
		case began:
			at = receiving
		case written.Load():
			at = waiting
		}
		return nil, began, fault(failure, at)
	}
	reuse := func() bool { return l.h2.Err() == nil }
	return &answer{status: resp.StatusCode, header: resp.Header, body: resp.Body, reuse: reuse}, true, nil
}

// http2 is r as net/http wants it. The target goes out as it stands: an opaque
// URL that begins with the authority is cut down to it again.
func (r *request) http2(ctx context.Context) *http.Request {
	host := r.host()
	scheme := r.dialer.host.URL.Scheme
	req := &http.Request{
		Method: r.method,
		URL:    &url.URL{Scheme: scheme, Host: r.dialer.host.URL.Host, Opaque: "//" + host + r.target},
		Host:   host,
		Header: http.Header{},
		Body:   http.NoBody,
	}
	for name, value := range r.fields() {
		// What speaks of the connection is not allowed in HTTP/2.
		if (Header{Name: name}).is("Connection", "Keep-Alive", "Proxy-Connection", "Upgrade") {
			continue
		}
		req.Header.Add(name, value)
	}
	if len(r.body) > 0 {
		req.ContentLength = int64(len(r.body))
		req.Body = io.NopCloser(bytes.NewReader(r.body))
	}
	return req.WithContext(ctx)
}

// http2Fault is nil where err does not come from HTTP/2.
func http2Fault(err error) *Error {
	text := err.Error()
	switch {
	case strings.Contains(text, "looked like an HTTP/1.1 header"):
		return &Error{"protocol", "the server does not speak HTTP/2"}
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
