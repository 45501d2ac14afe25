package wire

import (
	"cmp"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"
)

// testFaults: servers that do not answer as one should, and how it is named.
func testFaults(t *testing.T, tr transport) {
	const short, patient = 100 * time.Millisecond, 10 * time.Second
	for name, c := range map[string]struct {
		follow  func(*peer)
		timeout time.Duration
		want    string
	}{
		"reset before the answer": {func(p *peer) { p.request(); p.reset() }, 0,
			"reset: connection reset before the answer"},
		"reset in the body": {func(p *peer) {
			p.request()
			p.send(ok + "Content-Length: 10\r\n\r\nhel")
			time.Sleep(20 * time.Millisecond)
			p.reset()
		}, 0, "reset: connection reset in the middle of the answer"},
		"reset in the head": {func(p *peer) {
			p.request()
			p.send(ok + "X-Cut: ")
			time.Sleep(20 * time.Millisecond)
			p.reset()
		}, 0, "reset: connection reset in the middle of the answer"},
		"silent": {func(p *peer) { p.request(); p.stall() }, short,
			"timeout: timed out waiting for the first byte"},
		"half a head": {func(p *peer) { p.request(); p.send(ok); p.stall() }, short,
			"timeout: timed out receiving the answer"},
		"half a body": {func(p *peer) { p.request(); p.send(ok + "Content-Length: 10\r\n\r\nhel"); p.stall() }, short,
			"timeout: timed out receiving the answer"},
		"half a line": {func(p *peer) { p.request(); p.send("HTTP/1.1 2"); p.stall() }, short,
			"timeout: timed out receiving the answer"},
		"half a chunk": {func(p *peer) {
			p.request()
			p.send(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel")
			p.stall()
		}, short, "timeout: timed out receiving the answer"},
		"no end of the trailer": {func(p *peer) {
			p.request()
			p.send(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")
			p.stall()
		}, short, "timeout: timed out receiving the answer"},
		"no end of the body": {func(p *peer) { p.request(); p.send(ok + "\r\nhello"); p.stall() }, short,
			"timeout: timed out receiving the answer"},
		"interim, then silent": {func(p *peer) { p.request(); p.send("HTTP/1.1 100 Continue\r\n\r\n"); p.stall() }, short,
			"timeout: timed out receiving the answer"},
		"interim now and then": {func(p *peer) {
			p.request()
			p.drip("HTTP/1.1 102 Processing\r\n\r\n")
		}, short, "timeout: timed out receiving the answer"},
		"a byte of the head now and then": {func(p *peer) {
			p.request()
			p.send(ok + "X: ")
			p.drip("x")
		}, short, "timeout: timed out receiving the answer"},
		"a chunk now and then": {func(p *peer) {
			p.request()
			p.send(ok + "Transfer-Encoding: chunked\r\n\r\n")
			p.drip("1\r\nx\r\n")
		}, short, "timeout: timed out receiving the answer"},
		"malformed, then silent": {func(p *peer) { p.request(); p.send("SSH-2.0-x\r\n"); p.stall() }, patient,
			"protocol: malformed HTTP response"},
		"malformed, a field, then silent": {func(p *peer) { p.request(); p.send(ok + "no colon\r\n"); p.stall() }, patient,
			"protocol: malformed header"},
		"malformed chunk, then silent": {func(p *peer) {
			p.request()
			p.send(ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n")
			p.stall()
		}, patient, "protocol: malformed answer: invalid byte in chunk length"},
		"whole, then reset": {func(p *peer) { p.request(); p.send(ok + "Content-Length: 2\r\n\r\nhi"); p.reset() }, 0,
			"OK"},
		"reset at the end of a body without a length": {func(p *peer) {
			p.request()
			p.send(ok + "\r\nhello")
			time.Sleep(20 * time.Millisecond)
			p.reset()
		}, 0, "reset: connection reset in the middle of the answer"},
		"half-closed before the answer": {func(p *peer) { p.request(); _ = p.conn.CloseWrite(); p.stall() }, 0,
			"reset: connection closed before the answer"},
		"half-closed in the answer": {func(p *peer) {
			p.request()
			p.send(ok + "Content-Length: 10\r\n\r\nhel")
			_ = p.conn.CloseWrite()
			p.stall()
		}, 0, "reset: connection closed in the middle of the answer"},
		"half-closed at the end": {func(p *peer) {
			p.request()
			p.send(ok + "\r\nhello")
			_ = p.conn.CloseWrite()
			p.stall()
		}, 0, "OK"},
		"endless head": {func(p *peer) {
			p.request()
			p.send(ok)
			p.flood("X-Filler: " + strings.Repeat("x", 1000) + "\r\n")
		}, patient, "protocol: the answer's header is larger than 1 MiB"},
		"endless line": {func(p *peer) {
			p.request()
			p.flood(strings.Repeat("x", 1000))
		}, patient, "protocol: the answer's header is larger than 1 MiB"},
		"endless interim answers": {func(p *peer) {
			p.request()
			p.flood(strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 50))
		}, patient, "protocol: the answer's header is larger than 1 MiB"},
		"endless body": {func(p *peer) {
			p.request()
			p.send(ok + "\r\n")
			p.flood(strings.Repeat("x", 1000))
		}, short, "timeout: timed out receiving the answer"},
		"a byte now and then": {func(p *peer) {
			p.request()
			p.send(ok + "Content-Length: 1000\r\n\r\n")
			p.drip("x")
		}, short, "timeout: timed out receiving the answer"},
	} {
		t.Run(name, func(t *testing.T) {
			// On a crowded machine a short time may be over in an earlier phase:
			// then there is another try with twice as much.
			for timeout := cmp.Or(c.timeout, patient); ; timeout *= 2 {
				s := serve(t, c.follow)
				conn := tr.Open(s.host)
				x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: timeout})
				conn.Close()
				if x.Err != nil && x.Err.Kind == "timeout" && result(x) != c.want && timeout < patient {
					continue
				}
				if got := result(x); got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
				if n := s.conns.Load(); n > 1 {
					t.Errorf("%d connections, want 1: a fresh one is never tried again", n)
				}
				return
			}
		})
	}
}

// testConnecting: no connection comes about.
func testConnecting(t *testing.T, tr transport) {
	const short, long = 100 * time.Millisecond, 10 * time.Second
	for name, c := range map[string]struct {
		connect, timeout time.Duration
	}{
		"for longer than a connection may take": {short, long},
		"for longer than the exchange may take": {long, short},
		"without another limit":                 {short, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h := deaf(t)
			h.ConnectTimeout = c.connect
			conn := tr.Open(h)
			defer conn.Close()
			begun := time.Now()
			x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: c.timeout})
			taken := time.Since(begun)
			if want := "timeout: timed out connecting"; result(x) != want || x.Sent >= 0 || x.FirstByte >= 0 {
				t.Errorf("got %q, sent %v, first byte %v, want %q", result(x), x.Sent, x.FirstByte, want)
			}
			if taken < short || x.Connect <= 0 || x.Connect > taken {
				t.Errorf("given up after %v, of which connecting %v, want %v", taken, x.Connect, short)
			}
		})
	}
	t.Run("refused", func(t *testing.T) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_ = l.Close()
		conn := tr.Open(&Host{URL: &url.URL{Scheme: "http", Host: l.Addr().String()}, ConnectTimeout: long})
		defer conn.Close()
		for range 3 {
			x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: long})
			if want := "connect: connection refused"; result(x) != want || x.Sent >= 0 || x.Connect < 0 {
				t.Errorf("got %q, sent %v, connect %v, want %q", result(x), x.Sent, x.Connect, want)
			}
		}
	})
}
