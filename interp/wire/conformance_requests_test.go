package wire

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testRequests: what goes over the wire is what was asked for.
func testRequests(t *testing.T, tr transport) {
	for name, c := range map[string]struct {
		x    Exchange
		want string
	}{
		"plain": {Exchange{Method: "GET", Target: "/"},
			"GET / HTTP/1.1|Host: HOST|User-Agent: bossplan/0.1"},
		"odd target": {Exchange{Method: "GET", Target: "//a//%2F/b;c?x=%zz&y=a?b&&"},
			"GET //a//%2F/b;c?x=%zz&y=a?b&& HTTP/1.1|Host: HOST|User-Agent: bossplan/0.1"},
		"headers": {Exchange{Method: "DELETE", Target: "/", Headers: []Header{{"X-A", "1"}, {"user-agent", "mine"}, {"host", "other.example"}, {"X-A", "2"}}},
			"DELETE / HTTP/1.1|Host: other.example|X-A: 1|user-agent: mine|X-A: 2"},
		"lengths of ours": {Exchange{Method: "POST", Target: "/", Body: []byte("12345"), Headers: []Header{{"content-length", "99"}, {"Transfer-Encoding", "chunked"}}},
			"POST / HTTP/1.1|Host: HOST|User-Agent: bossplan/0.1|Content-Length: 5||12345"},
		"empty POST": {Exchange{Method: "POST", Target: "/"},
			"POST / HTTP/1.1|Host: HOST|User-Agent: bossplan/0.1|Content-Length: 0"},
		"GET with a body": {Exchange{Method: "GET", Target: "/", Body: []byte("x")},
			"GET / HTTP/1.1|Host: HOST|User-Agent: bossplan/0.1|Content-Length: 1||x"},
	} {
		t.Run(name, func(t *testing.T) {
			seen := make(chan string, 1)
			s := serve(t, func(p *peer) {
				var b bytes.Buffer
				for !bytes.Contains(b.Bytes(), []byte("\r\n\r\n")) || b.Len() < bytes.Index(b.Bytes(), []byte("\r\n\r\n"))+4+len(c.x.Body) {
					buf := make([]byte, 4096)
					n, err := p.read.Read(buf)
					b.Write(buf[:n])
					if err != nil {
						break
					}
				}
				seen <- b.String()
				p.send(ok + "Content-Length: 0\r\n\r\n")
				p.request()
			})
			c.x.Timeout = 5 * time.Second
			do(t, tr, tr.Open(s.host), &c.x)
			if c.x.Err != nil {
				t.Fatal(c.x.Err)
			}
			raw := <-seen
			if c.x.BytesSent != int64(len(raw)) || c.x.BytesReceived != int64(len(ok+"Content-Length: 0\r\n\r\n")) {
				t.Errorf("counted %d bytes out and %d in, want %d out", c.x.BytesSent, c.x.BytesReceived, len(raw))
			}
			got := strings.TrimRight(strings.ReplaceAll(strings.ReplaceAll(raw, "\r\n", "|"), s.host.URL.Host, "HOST"), "|")
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
	for name, x := range map[string]*Exchange{
		"space in the target":      {Method: "GET", Target: "/a b"},
		"line break in the path":   {Method: "GET", Target: "/a\r\nX: y"},
		"line break in a header":   {Method: "GET", Target: "/", Headers: []Header{{"X", "a\nb"}}},
		"colon in a header's name": {Method: "GET", Target: "/", Headers: []Header{{"X: y", "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(p *peer) { p.request() })
			do(t, tr, tr.Open(s.host), x)
			if x.Err == nil || x.Err.Kind != "protocol" || s.conns.Load() != 0 {
				t.Errorf("got %q after %d connections, want nothing to be sent", result(x), s.conns.Load())
			}
		})
	}
}
