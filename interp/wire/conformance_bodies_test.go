package wire

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// patterned is a body in which every piece is unlike the others.
func patterned(n int) string {
	b := make([]byte, 0, n+8)
	for i := 0; len(b) < n; i++ {
		b = fmt.Appendf(b, "%d,", i)
	}
	return string(b[:n])
}

// framed is a whole answer with body in one of three framings.
func framed(body, how string) string {
	switch how {
	case "length":
		return fmt.Sprintf(ok+"Content-Length: %d\r\n\r\n%s", len(body), body)
	case "chunked":
		var b strings.Builder
		b.WriteString(ok + "Transfer-Encoding: chunked\r\n\r\n")
		for size := 1; len(body) > 0; size = size*3 + 1 {
			n := min(size, len(body))
			fmt.Fprintf(&b, "%x\r\n%s\r\n", n, body[:n])
			body = body[n:]
		}
		return b.String() + "0\r\n\r\n"
	}
	return ok + "\r\n" + body
}

// testBodies: bodies of all sizes around those of buffers come out as they are.
func testBodies(t *testing.T, tr transport) {
	for _, how := range []string{"length", "chunked", "close"} {
		t.Run(how, func(t *testing.T) {
			s := serve(t, func(p *peer) {
				for r := p.request(); r != nil; r = p.request() {
					var size int
					_, _ = fmt.Sscanf(r.URL.Path, "/%d", &size)
					p.send(framed(patterned(size), how))
					if how == "close" {
						return
					}
				}
			})
			conn := tr.Open(s.host)
			defer conn.Close()
			for _, size := range []int{0, 1, 4000, 4095, 4096, 4097, 8191, 8192, 8193, 16384, 65535, 65537, 1 << 20} {
				for _, keep := range []bool{true, false} {
					want := patterned(size)
					x := do(t, tr, conn, &Exchange{Method: "GET", Target: fmt.Sprintf("/%d", size), Timeout: 10 * time.Second, KeepBody: keep, MaxBody: max(1, int64(size))})
					if x.Err != nil || keep && string(x.ResponseBody) != want || !keep && x.ResponseBody != nil {
						t.Errorf("%d bytes, kept %v: %v, a body of %d bytes", size, keep, x.Err, len(x.ResponseBody))
					}
					if got := x.BytesReceived; got != int64(len(framed(want, how))) {
						t.Errorf("%d bytes, kept %v: %d bytes counted, want %d", size, keep, got, len(framed(want, how)))
					}
				}
			}
			if n := s.conns.Load(); how != "close" && n != 1 {
				t.Errorf("%d connections, want 1", n)
			}
		})
	}
}

// allocated is how many bytes f allocates, the servers' share included.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// testHuge: bodies that no memory could hold are counted, or refused once more
// of them has come than may be kept.
func testHuge(t *testing.T, tr transport) {
	piece := strings.Repeat("x", 1<<20)
	const few = 8 << 20 // bytes of memory
	for name, c := range map[string]struct {
		head, between string
		pieces        int
	}{
		"length":  {ok + "Content-Length: 104857600\r\n\r\n", "", 100},
		"chunked": {ok + "Transfer-Encoding: chunked\r\n\r\n", "100000\r\n%s\r\n", 30},
		"close":   {ok + "\r\n", "", 30},
	} {
		t.Run(name, func(t *testing.T) {
			part, end := piece, ""
			if c.between != "" {
				part, end = fmt.Sprintf(c.between, piece), "0\r\n\r\n"
			}
			s := serve(t, func(p *peer) {
				p.request()
				p.send(c.head)
				for b, left := []byte(part), c.pieces; left > 0; left-- {
					_, _ = p.conn.Write(b)
				}
				p.send(end)
			})
			conn := tr.Open(s.host)
			defer conn.Close()
			x := &Exchange{Method: "GET", Target: "/", Timeout: 25 * time.Second}
			used := allocated(func() { do(t, tr, conn, x) })
			want := int64(len(c.head) + c.pieces*len(part) + len(end))
			if x.Err != nil || x.BytesReceived != want {
				t.Errorf("%s, %d bytes counted, want %d", result(x), x.BytesReceived, want)
			}
			if used > few {
				t.Errorf("%d bytes of memory for %d", used, want)
			}
		})
	}
	for name, head := range map[string]string{
		"endless":  ok + "\r\n",
		"promised": ok + "Content-Length: 9223372036854775807\r\n\r\n",
		"chunk":    ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n",
	} {
		t.Run("kept, "+name, func(t *testing.T) {
			s := serve(t, func(p *peer) {
				p.request()
				p.send(head)
				p.flood(piece)
			})
			conn := tr.Open(s.host)
			defer conn.Close()
			x := &Exchange{Method: "GET", Target: "/", Timeout: 25 * time.Second, KeepBody: true, MaxBody: 1 << 20}
			used := allocated(func() { do(t, tr, conn, x) })
			if want := "protocol: the answer's body is larger than 1024 KiB, too large to be kept"; result(x) != want {
				t.Errorf("got %q, want %q", result(x), want)
			}
			if used > 2*few {
				t.Errorf("%d bytes of memory for a limit of 1 MiB", used)
			}
		})
	}
}

// testLimits: what may be kept may be as long as that to the byte.
func testLimits(t *testing.T, tr transport) {
	const limit = 2 << 10
	for _, how := range []string{"length", "chunked", "close"} {
		for size, want := range map[int]string{
			limit:     "OK " + patterned(limit),
			limit + 1: "protocol: the answer's body is larger than 2 KiB, too large to be kept",
		} {
			s := serve(t, answers(framed(patterned(size), how), false))
			conn := tr.Open(s.host)
			x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: 5 * time.Second, KeepBody: true, MaxBody: limit})
			if result(x) != want {
				t.Errorf("%s, %d bytes: got %q, want %q", how, size, result(x), want)
			}
			conn.Close()
		}
	}
}

// testEncodings: a kept body is decoded, the codings undone in their order.
func testEncodings(t *testing.T, tr transport) {
	zip := func(text string) string {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = io.WriteString(w, text)
		_ = w.Close()
		return b.String()
	}
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = io.WriteString(w, "hello")
	_ = w.Close()
	for name, c := range map[string]struct{ encoding, body, want string }{
		"gzip":         {"gzip", zip("hello"), "OK hello"},
		"x-gzip":       {"X-GZIP", zip("hello"), "OK hello"},
		"twice":        {"gzip, gzip", zip(zip("hello")), "OK hello"},
		"deflate":      {"deflate", z.String(), "OK hello"},
		"identity":     {"identity", "hello", "OK hello"},
		"unknown":      {"br", "hello", "OK hello"},
		"empty":        {"gzip", "", "OK"},
		"not gzip":     {"gzip", "hello", "protocol: the answer's body is not valid gzip"},
		"cut off":      {"gzip", zip("hello")[:20], "protocol: the answer's body is not valid gzip"},
		"decompressed": {"gzip", zip(strings.Repeat("x", 1<<20)), "protocol: the answer's body is larger than 64 KiB, too large to be kept"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, answers(fmt.Sprintf(ok+"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s", c.encoding, len(c.body), c.body), false))
			x := do(t, tr, tr.Open(s.host), &Exchange{Method: "GET", Target: "/", Timeout: 5 * time.Second, KeepBody: true, MaxBody: 64 << 10})
			if result(x) != c.want {
				t.Errorf("got %q, want %q", result(x), c.want)
			}
			if x.Err == nil && http.Header(x.Header).Get("Content-Encoding") == "" {
				t.Error("the answer's header is missing")
			}
		})
	}
}
