package wire

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// testConformance holds a transport against servers of all kinds.
func testConformance(t *testing.T, open func(epoch time.Time) transport) {
	for name, test := range map[string]func(*testing.T, transport){
		"answers":   testAnswers,
		"faults":    testFaults,
		"cuts":      testCuts,
		"reuse":     testReuse,
		"resending": testResending,
		"uploads":   testUploads,
		"requests":  testRequests,
		"redirects": testRedirects,
		"steering":  testSteering,
		"cookies":   testCookies,
		"encodings": testEncodings,
		"outcome":   testOutcome,
		"closing":   testClosing,
	} {
		t.Run(name, func(t *testing.T) {
			test(t, newLoop(t, open))
		})
	}
}

func TestStdConforms(t *testing.T) {
	testConformance(t, func(epoch time.Time) transport { return NewStd(epoch) })
}

const ok = "HTTP/1.1 200 OK\r\n"

// testAnswers: one answer each, at once and byte by byte.
func testAnswers(t *testing.T, tr transport) {
	long := strings.Repeat("x", 3000)
	for name, c := range map[string]struct{ method, answer, want string }{
		"content length":           {"GET", ok + "Content-Length: 5\r\n\r\nhello", "OK hello"},
		"no body":                  {"GET", ok + "Content-Length: 0\r\n\r\n", "OK"},
		"close delimited":          {"GET", ok + "\r\nhello", "OK hello"},
		"HTTP/1.0":                 {"GET", "HTTP/1.0 200 OK\r\n\r\nhello", "OK hello"},
		"chunked":                  {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n", "OK hello world"},
		"chunked with trailers":    {"GET", ok + "Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n", "OK hello"},
		"bare line feeds":          {"GET", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "OK hello"},
		"no reason":                {"GET", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", "OK hi"},
		"HEAD":                     {"HEAD", ok + "Content-Length: 5\r\n\r\n", "OK"},
		"HEAD with a body":         {"HEAD", ok + "Content-Length: 5\r\n\r\nhello", "OK"},
		"204":                      {"DELETE", "HTTP/1.1 204 No Content\r\n\r\n", "No Content"},
		"304 with a length":        {"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", "Not Modified"},
		"interim answers":          {"GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", "OK hi"},
		"stray bytes":              {"GET", ok + "Content-Length: 2\r\n\r\nhiHTTP/1.1 500 Oops\r\n\r\n", "OK hi"},
		"500":                      {"GET", "HTTP/1.1 500 Oops\r\nContent-Length: 1\r\n\r\nx", "Internal Server Error x"},
		"equal lengths twice":      {"GET", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi", "OK hi"},
		"a long body":              {"GET", ok + "Content-Length: 3000\r\n\r\n" + long, "OK " + long},
		"closed in the body":       {"GET", ok + "Content-Length: 10\r\n\r\nhello", "reset: connection closed in the middle of the answer"},
		"closed in a chunk":        {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "reset: connection closed in the middle of the answer"},
		"closed before last chunk": {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "reset: connection closed in the middle of the answer"},
		"closed in the head":       {"GET", "HTTP/1.1 200 OK\r\nConte", "reset: connection closed in the middle of the answer"},
		"closed at once":           {"GET", "", "reset: connection closed before the answer"},
		"only interim":             {"GET", "HTTP/1.1 100 Continue\r\n\r\n", "reset: connection closed in the middle of the answer"},
		"no HTTP":                  {"GET", "SSH-2.0-OpenSSH_9.6\r\n\r\n", "protocol: malformed HTTP response"},
		"bad version":              {"GET", "HTTX/1.1 200 OK\r\n\r\n", "protocol: malformed HTTP version"},
		"wrong version":            {"GET", "HTTP/2.0 200 OK\r\n\r\n", "protocol: malformed HTTP version"},
		"bad status":               {"GET", "HTTP/1.1 2x0 OK\r\n\r\n", "protocol: malformed HTTP status code"},
		"status below 100":         {"GET", "HTTP/1.1 042 OK\r\n\r\n", "protocol: malformed HTTP status code"},
		"bad header":               {"GET", ok + "no colon here\r\n\r\n", "protocol: malformed header"},
		"bad chunk size":           {"GET", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", "protocol: malformed answer: invalid byte in chunk length"},
		"huge chunk size":          {"GET", ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", "protocol: malformed answer: http chunk length too large"},
		"bad length":               {"GET", ok + "Content-Length: -5\r\n\r\nhello", "protocol: malformed answer: bad Content-Length"},
		"different lengths":        {"GET", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!", "protocol: malformed answer: message cannot contain multiple Content-Length headers"},
		"unknown coding":           {"GET", ok + "Transfer-Encoding: rot13\r\n\r\nhello", "protocol: malformed answer: unsupported transfer encoding"},
		"huge length":              {"GET", ok + "Content-Length: 9223372036854775807\r\n\r\nhello", "reset: connection closed in the middle of the answer"},
	} {
		for _, slow := range []bool{false, true} {
			if slow && len(c.answer) > 1000 {
				continue
			}
			t.Run(fmt.Sprintf("%s/slow=%v", name, slow), func(t *testing.T) {
				s := serve(t, answers(c.answer, slow))
				conn := tr.Open(s.host)
				defer conn.Close()
				x := do(t, tr, conn, &Exchange{Method: c.method, Target: "/", Timeout: 5 * time.Second, KeepBody: true})
				if got := result(x); got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		}
	}
}

// testFaults: servers that do not answer as one should, and how it is named.
func testFaults(t *testing.T, tr transport) {
	const short = 150 * time.Millisecond
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
		"silent": {func(p *peer) { p.request(); p.stall() }, short,
			"timeout: timed out waiting for the first byte"},
		"half a head": {func(p *peer) { p.request(); p.send(ok); p.stall() }, short,
			"timeout: timed out receiving the answer"},
		"half a body": {func(p *peer) { p.request(); p.send(ok + "Content-Length: 10\r\n\r\nhel"); p.stall() }, short,
			"timeout: timed out receiving the answer"},
		"endless head": {func(p *peer) {
			p.request()
			p.send(ok)
			for line := "X-Filler: " + strings.Repeat("x", 1000) + "\r\n"; ; {
				if _, err := io.WriteString(p.conn, line); err != nil {
					return
				}
			}
		}, 5 * time.Second, "protocol: the answer's header is larger than 1 MiB"},
		"endless line": {func(p *peer) {
			p.request()
			for line := strings.Repeat("x", 1000); ; {
				if _, err := io.WriteString(p.conn, line); err != nil {
					return
				}
			}
		}, 5 * time.Second, "protocol: the answer's header is larger than 1 MiB"},
		"endless interim answers": {func(p *peer) {
			p.request()
			for {
				if _, err := io.WriteString(p.conn, strings.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 50)); err != nil {
					return
				}
			}
		}, 5 * time.Second, "protocol: the answer's header is larger than 1 MiB"},
		"endless body": {func(p *peer) {
			p.request()
			p.send(ok + "\r\n")
			for line := strings.Repeat("x", 1000); ; {
				if _, err := io.WriteString(p.conn, line); err != nil {
					return
				}
			}
		}, short, "timeout: timed out receiving the answer"},
		"a byte now and then": {func(p *peer) {
			p.request()
			p.send(ok + "Content-Length: 1000\r\n\r\n")
			for {
				if _, err := io.WriteString(p.conn, "x"); err != nil {
					return
				}
				time.Sleep(5 * time.Millisecond)
			}
		}, short, "timeout: timed out receiving the answer"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.follow)
			conn := tr.Open(s.host)
			defer conn.Close()
			timeout := c.timeout
			if timeout == 0 {
				timeout = 5 * time.Second
			}
			x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: timeout})
			if got := result(x); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if s.conns.Load() != 1 {
				t.Errorf("%d connections, want 1: a fresh one is never tried again", s.conns.Load())
			}
		})
	}
	t.Run("too large to be kept", func(t *testing.T) {
		s := serve(t, answers(ok+"\r\n"+strings.Repeat("x", 3000), false))
		x := do(t, tr, tr.Open(s.host), &Exchange{Method: "GET", Target: "/", KeepBody: true, MaxBody: 2048})
		if want := "protocol: the answer's body is larger than 2 KiB, too large to be kept"; result(x) != want {
			t.Errorf("got %q, want %q", result(x), want)
		}
	})
}

// testCuts: whatever part of an answer comes, the whole of it is an answer and
// anything less is a reset.
func testCuts(t *testing.T, tr transport) {
	const whole = ok + "Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5\r\nhello\r\n1;a=b\r\n!\r\n0\r\nX: y\r\n\r\n"
	for _, end := range []func(*peer){func(p *peer) { _ = p.conn.CloseWrite() }, (*peer).reset} {
		s := serve(t, func(p *peer) {
			r := p.request()
			if r == nil {
				return
			}
			var n int
			_, _ = fmt.Sscanf(r.URL.Path, "/%d", &n)
			p.send(whole[:n])
			if n < len(whole) {
				end(p)
			}
		})
		for n := range len(whole) + 1 {
			conn := tr.Open(s.host)
			x := do(t, tr, conn, &Exchange{Method: "GET", Target: fmt.Sprintf("/%d", n), Timeout: 5 * time.Second, KeepBody: true})
			conn.Close()
			switch {
			case n == len(whole) && result(x) != "OK hello!":
				t.Errorf("whole answer: %s", result(x))
			case n < len(whole) && (x.Err == nil || x.Err.Kind != "reset"):
				t.Errorf("%d of %d bytes: %s", n, len(whole), result(x))
			}
		}
	}
}

// testReuse: which answers leave a connection that carries the next request.
func testReuse(t *testing.T, tr transport) {
	for name, c := range map[string]struct {
		answer  string
		headers []Header
		conns   int32 // after three requests
	}{
		"content length":         {answer: ok + "Content-Length: 2\r\n\r\nhi", conns: 1},
		"chunked with trailers":  {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n", conns: 1},
		"interim answers":        {answer: "HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", conns: 1},
		"keep-alive of HTTP/1.0": {answer: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", conns: 1},
		"HTTP/1.0":               {answer: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", conns: 3},
		"close announced":        {answer: ok + "Connection: close\r\nContent-Length: 2\r\n\r\nhi", conns: 3},
		"close wanted":           {answer: ok + "Content-Length: 2\r\n\r\nhi", headers: []Header{{"Connection", "close"}}, conns: 3},
		"stray bytes":            {answer: ok + "Content-Length: 2\r\n\r\nhi" + ok, conns: 3},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(p *peer) {
				for p.request() != nil {
					p.send(c.answer)
				}
			})
			conn := tr.Open(s.host)
			defer conn.Close()
			for i := range 3 {
				x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Headers: c.headers, Timeout: 5 * time.Second, KeepBody: true})
				if result(x) != "OK hi" {
					t.Errorf("request %d: %s", i, result(x))
				}
				if fresh := i == 0 || c.conns > 1; fresh != (x.Connect >= 0) {
					t.Errorf("request %d: connect time %v, fresh connection %v", i, x.Connect, fresh)
				}
			}
			if got := s.conns.Load(); got != c.conns {
				t.Errorf("%d connections, want %d", got, c.conns)
			}
		})
	}
}

// testResending: the server ends a connection that has carried one request.
func testResending(t *testing.T, tr transport) {
	const hi = ok + "Content-Length: 2\r\n\r\nhi"
	idle := func(p *peer) { // closes while nothing is on its way
		if p.request() != nil {
			p.send(hi)
		}
	}
	unasked := func(p *peer) { // speaks while nothing was asked
		if p.request() != nil {
			p.send(hi)
			time.Sleep(20 * time.Millisecond)
			p.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
			p.request()
		}
	}
	late := func(p *peer) { // closes when the second request has arrived
		if p.request() != nil {
			p.send(hi)
			p.request()
			if p.number > 0 {
				p.send(hi)
			}
		}
	}
	partly := func(p *peer) { // closes when some of the second answer is out
		if p.request() != nil {
			p.send(hi)
			if p.request() != nil {
				p.send("HTTP/1.1 2")
			}
		}
	}
	const closed = "reset: connection closed before the answer"
	for name, c := range map[string]struct {
		follow func(*peer)
		method string
		want   string
		conns  int32
	}{
		"GET after an idle close":         {idle, "GET", "OK hi", 2},
		"POST after an idle close":        {idle, "POST", "OK hi", 2},
		"POST after a stray answer":       {unasked, "POST", "OK hi", 2},
		"GET that crosses a close":        {late, "GET", "OK hi", 2},
		"PUT that crosses a close":        {late, "PUT", "OK hi", 2},
		"DELETE that crosses a close":     {late, "DELETE", "OK hi", 2},
		"POST that crosses a close":       {late, "POST", closed, 1},
		"PATCH that crosses a close":      {late, "PATCH", closed, 1},
		"GET whose answer had begun":      {partly, "GET", "reset: connection closed in the middle of the answer", 1},
		"PROPFIND, which we do not know ": {late, "PROPFIND", closed, 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.follow)
			conn := tr.Open(s.host)
			defer conn.Close()
			first := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: 5 * time.Second, KeepBody: true})
			if result(first) != "OK hi" {
				t.Fatalf("first request: %s", result(first))
			}
			time.Sleep(50 * time.Millisecond)
			x := &Exchange{Method: c.method, Target: "/", Timeout: 5 * time.Second, KeepBody: true}
			if c.method == "PUT" || c.method == "POST" {
				x.Body = []byte("body")
			}
			do(t, tr, conn, x)
			if result(x) != c.want {
				t.Errorf("got %q, want %q", result(x), c.want)
			}
			if got := s.conns.Load(); got != c.conns {
				t.Errorf("%d connections, want %d", got, c.conns)
			}
		})
	}
}

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
	t.Run("reset", func(t *testing.T) {
		s := serve(t, func(p *peer) { _, _ = p.read.ReadString('\n'); p.reset() })
		x := do(t, tr, tr.Open(s.host), &Exchange{Method: "PUT", Target: "/", Body: big, Timeout: 5 * time.Second})
		if x.Err == nil || x.Err.Kind != "reset" {
			t.Errorf("got %q, want a reset", result(x))
		}
	})
}

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

// testOutcome: the phases of an exchange are in order and of the right size.
func testOutcome(t *testing.T, tr transport) {
	s := serve(t, func(p *peer) {
		for p.request() != nil {
			time.Sleep(50 * time.Millisecond)
			p.send(ok + "Content-Length: 2\r\n\r\nh")
			time.Sleep(50 * time.Millisecond)
			p.send("i")
		}
	})
	conn := tr.Open(s.host)
	for i := range 2 {
		x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: 5 * time.Second})
		if x.Err != nil {
			t.Fatal(x.Err)
		}
		if (x.Connect >= 0) != (i == 0) || x.TLS >= 0 || x.Sent < 0 {
			t.Errorf("request %d: connect %v, tls %v, sent %v", i, x.Connect, x.TLS, x.Sent)
		}
		if x.FirstByte-x.Sent < 45*time.Millisecond || x.Done-x.FirstByte < 45*time.Millisecond {
			t.Errorf("request %d: first byte after %v, done %v later, want 50ms each", i, x.FirstByte-x.Sent, x.Done-x.FirstByte)
		}
		if x.ResponseBody != nil || x.Header != nil {
			t.Error("a body was kept that nobody asked for")
		}
	}
}

// testClosing: whatever is on its way ends and is handed back.
func testClosing(t *testing.T, tr transport) {
	s := serve(t, func(p *peer) { p.request(); p.stall() })
	conn := tr.Open(s.host)
	x := &Exchange{Method: "GET", Target: "/", Timeout: time.Minute}
	tr.Start(conn, x)
	time.Sleep(50 * time.Millisecond)
	conn.Close()
	if done := wait(tr, time.Hour); done[0] != x || x.Err == nil || x.Err.Kind != "reset" {
		t.Errorf("closed connection: %s", result(x))
	}
	do(t, tr, conn, x)
	if x.Err == nil || x.Sent >= 0 {
		t.Errorf("exchange on a closed connection: %s", result(x))
	}

	go func() { time.Sleep(20 * time.Millisecond); tr.Wake() }()
	if done := tr.Wait(nil, time.Hour); len(done) != 0 {
		t.Errorf("Wake handed back %d exchanges", len(done))
	}

	const many = 20
	for range many {
		tr.Start(tr.Open(s.host), &Exchange{Method: "POST", Target: "/", Body: make([]byte, 1<<20), Timeout: time.Minute})
	}
	time.Sleep(50 * time.Millisecond)
	tr.Close()
	var done []*Exchange
	for len(done) < many {
		done = tr.Wait(done, time.Hour)
	}
	for _, x := range done {
		if x.Err == nil {
			t.Errorf("after Close: %s", result(x))
		}
	}
}
