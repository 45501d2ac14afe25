package wire

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// testUploads: large bodies, and servers that do not care for them.
func testUploads(t *testing.T, tr transport) {
	big := bytes.Repeat([]byte("b"), 8<<20)
	for name, c := range map[string]struct {
		follow  func(*peer)
		timeout time.Duration
		want    string
	}{
		"taken": {func(p *peer) {
			if r := p.request(); r != nil {
				n, _ := io.Copy(io.Discard, r.Body)
				text := fmt.Sprint(n)
				p.send(fmt.Sprintf(ok+"Content-Length: %d\r\n\r\n%s", len(text), text))
				p.request()
			}
		}, 20 * time.Second, fmt.Sprintf("OK %d", len(big))},
		"answered early, then ignored": {func(p *peer) {
			_, _ = p.read.ReadString('\n')
			p.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
			p.stall()
		}, 20 * time.Second, "Request Entity Too Large no"},
		"answered early, then closed": {func(p *peer) {
			_, _ = p.read.ReadString('\n')
			p.send("HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno")
			_ = p.conn.CloseWrite()
			time.Sleep(50 * time.Millisecond)
		}, 20 * time.Second, "Request Entity Too Large no"},
		"read slowly": {func(p *peer) {
			buf, left := make([]byte, 128<<10), len(big)
			for {
				line, err := p.read.ReadString('\n')
				if err != nil || line == "\r\n" {
					break
				}
			}
			for left > 0 {
				n, err := p.read.Read(buf)
				if left -= n; err != nil {
					return
				}
				time.Sleep(100 * time.Microsecond)
			}
			p.send(ok + "Content-Length: 2\r\n\r\nhi")
		}, 20 * time.Second, "OK hi"},
		"waved on": {func(p *peer) {
			_, _ = p.read.Peek(1)
			p.send("HTTP/1.1 100 Continue\r\n\r\n")
			if p.request() != nil {
				p.send(ok + "Content-Length: 2\r\n\r\nhi")
			}
		}, 20 * time.Second, "OK hi"},
		"never read": {func(p *peer) { p.stall() }, 300 * time.Millisecond, "timeout: timed out sending the request"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.follow)
			conn := tr.Open(s.host)
			defer conn.Close()
			x := do(t, tr, conn, &Exchange{Method: "POST", Target: "/", Body: big, Timeout: c.timeout, KeepBody: true})
			if result(x) != c.want {
				t.Errorf("got %q, want %q", result(x), c.want)
			}
		})
	}
	t.Run("answered early, then read", func(t *testing.T) {
		s := serve(t, func(p *peer) {
			for {
				r, err := http.ReadRequest(p.read)
				if err != nil {
					return
				}
				p.send(ok + "Content-Length: 2\r\n\r\nhi")
				if n, err := io.Copy(io.Discard, r.Body); err != nil || n != 1<<20 {
					return
				}
			}
		})
		conn := tr.Open(s.host)
		defer conn.Close()
		for i := range 5 {
			x := do(t, tr, conn, &Exchange{Method: "POST", Target: "/", Body: big[:1<<20], Timeout: 20 * time.Second, KeepBody: true})
			if result(x) != "OK hi" {
				t.Errorf("request %d: %s", i, result(x))
			}
			turn(tr, time.Millisecond)
		}
	})
	t.Run("of all sizes", func(t *testing.T) {
		s := serve(t, func(p *peer) {
			for r := p.request(); r != nil; r = p.request() {
				body, _ := io.ReadAll(r.Body)
				what := "hi"
				if string(body) != patterned(len(body)) {
					what = "no"
				}
				p.send(fmt.Sprintf(ok+"X-Size: %d\r\nContent-Length: 2\r\n\r\n%s", len(body), what))
			}
		})
		conn := tr.Open(s.host)
		defer conn.Close()
		for _, size := range []int{0, 1, 4096, inlineUpload - 200, inlineUpload - 50, inlineUpload, inlineUpload + 1, 64 << 10, 3 << 20} {
			x := do(t, tr, conn, &Exchange{Method: "PUT", Target: "/", Body: []byte(patterned(size)), Timeout: 20 * time.Second, KeepBody: true})
			if result(x) != "OK hi" || x.Header.Get("X-Size") != fmt.Sprint(size) || x.BytesSent <= int64(size) || x.BytesSent > int64(size)+200 {
				t.Errorf("%d bytes: %s, %s arrived, %d counted", size, result(x), x.Header.Get("X-Size"), x.BytesSent)
			}
		}
		if n := s.conns.Load(); n != 1 {
			t.Errorf("%d connections, want 1", n)
		}
	})
	t.Run("reset", func(t *testing.T) {
		s := serve(t, func(p *peer) { _, _ = p.read.ReadString('\n'); p.reset() })
		x := do(t, tr, tr.Open(s.host), &Exchange{Method: "PUT", Target: "/", Body: big, Timeout: 5 * time.Second})
		if x.Err == nil || x.Err.Kind != "reset" {
			t.Errorf("got %q, want a reset", result(x))
		}
	})
}
