package wire

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// testAnswers: one answer each, at once and byte by byte.
func testAnswers(t *testing.T, tr transport) {
	long := strings.Repeat("x", 3000)
	for name, c := range map[string]struct{ method, answer, want string }{
		"content length":            {"GET", ok + "Content-Length: 5\r\n\r\nhello", "OK hello"},
		"no body":                   {"GET", ok + "Content-Length: 0\r\n\r\n", "OK"},
		"close delimited":           {"GET", ok + "\r\nhello", "OK hello"},
		"HTTP/1.0":                  {"GET", "HTTP/1.0 200 OK\r\n\r\nhello", "OK hello"},
		"chunked":                   {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n", "OK hello world"},
		"chunked with trailers":     {"GET", ok + "Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n", "OK hello"},
		"bare line feeds":           {"GET", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "OK hello"},
		"no reason":                 {"GET", "HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi", "OK hi"},
		"HEAD":                      {"HEAD", ok + "Content-Length: 5\r\n\r\n", "OK"},
		"HEAD with a body":          {"HEAD", ok + "Content-Length: 5\r\n\r\nhello", "OK"},
		"204":                       {"DELETE", "HTTP/1.1 204 No Content\r\n\r\n", "No Content"},
		"304 with a length":         {"GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", "Not Modified"},
		"interim answers":           {"GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", "OK hi"},
		"stray bytes":               {"GET", ok + "Content-Length: 2\r\n\r\nhiHTTP/1.1 500 Oops\r\n\r\n", "OK hi"},
		"500":                       {"GET", "HTTP/1.1 500 Oops\r\nContent-Length: 1\r\n\r\nx", "Internal Server Error x"},
		"equal lengths twice":       {"GET", ok + "Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi", "OK hi"},
		"a long body":               {"GET", ok + "Content-Length: 3000\r\n\r\n" + long, "OK " + long},
		"closed in the body":        {"GET", ok + "Content-Length: 10\r\n\r\nhello", "reset: connection closed in the middle of the answer"},
		"closed in a chunk":         {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "reset: connection closed in the middle of the answer"},
		"closed before last chunk":  {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "reset: connection closed in the middle of the answer"},
		"closed in the head":        {"GET", "HTTP/1.1 200 OK\r\nConte", "reset: connection closed in the middle of the answer"},
		"closed at once":            {"GET", "", "reset: connection closed before the answer"},
		"only interim":              {"GET", "HTTP/1.1 100 Continue\r\n\r\n", "reset: connection closed in the middle of the answer"},
		"no HTTP":                   {"GET", "SSH-2.0-OpenSSH_9.6\r\n\r\n", "protocol: malformed HTTP response"},
		"bad version":               {"GET", "HTTX/1.1 200 OK\r\n\r\n", "protocol: malformed HTTP version"},
		"wrong version":             {"GET", "HTTP/2.0 200 OK\r\n\r\n", "protocol: malformed HTTP version"},
		"bad status":                {"GET", "HTTP/1.1 2x0 OK\r\n\r\n", "protocol: malformed HTTP status code"},
		"status below 100":          {"GET", "HTTP/1.1 042 OK\r\n\r\n", "protocol: malformed HTTP status code"},
		"bad header":                {"GET", ok + "no colon here\r\n\r\n", "protocol: malformed header"},
		"bad chunk size":            {"GET", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", "protocol: malformed answer: invalid byte in chunk length"},
		"huge chunk size":           {"GET", ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", "protocol: malformed answer: http chunk length too large"},
		"bad length":                {"GET", ok + "Content-Length: -5\r\n\r\nhello", "protocol: malformed answer: bad Content-Length"},
		"different lengths":         {"GET", ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi!", "protocol: malformed answer: message cannot contain multiple Content-Length headers"},
		"unknown coding":            {"GET", ok + "Transfer-Encoding: rot13\r\n\r\nhello", "protocol: malformed answer: unsupported transfer encoding"},
		"folded":                    {"GET", ok + "X: a\r\n b\r\nContent-Length:\r\n\t5\r\n\r\nhello", "OK hello"},
		"odd spelling":              {"GET", ok + "cONTENT-lENGTH:\t 05 \r\n\r\nhello", "OK hello"},
		"unknown status":            {"GET", "HTTP/1.1 299 Odd\r\nContent-Length: 2\r\n\r\nhi", "hi"},
		"chunked and a length":      {"GET", ok + "Content-Length: 3\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "OK hello"},
		"chunked in HTTP/1.0":       {"GET", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nhello", "OK hello"},
		"chunked to HEAD":           {"HEAD", ok + "Transfer-Encoding: chunked\r\n\r\n", "OK"},
		"no length to HEAD":         {"HEAD", ok + "\r\n", "OK"},
		"204 with a length":         {"GET", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello", "No Content"},
		"304 chunked":               {"GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", "Not Modified"},
		"101":                       {"GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "Switching Protocols"},
		"interim with a length":     {"GET", "HTTP/1.1 102 Processing\r\nContent-Length: 5\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", "OK hi"},
		"spaces after a chunk size": {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n2 \t\r\nhi\r\n00\r\n\r\n", "OK hi"},
		"empty line first":          {"GET", "\r\n" + ok + "\r\n", "protocol: malformed HTTP response"},
		"no status":                 {"GET", "HTTP/1.1\r\n\r\n", "protocol: malformed HTTP response"},
		"long status":               {"GET", "HTTP/1.1 2000 OK\r\n\r\n", "protocol: malformed HTTP status code"},
		"first field indented":      {"GET", ok + " X: y\r\n\r\n", "protocol: malformed header initial line"},
		"field without a name":      {"GET", ok + ": y\r\n\r\n", "protocol: malformed header line"},
		"NUL in a field":            {"GET", ok + "X: a\x00b\r\n\r\n", "protocol: malformed header line"},
		"CR in a field":             {"GET", ok + "X: a\rb\r\n\r\n", "protocol: malformed header line"},
		"empty length":              {"GET", ok + "Content-Length:\r\n\r\n", "protocol: malformed answer: invalid empty Content-Length"},
		"list of lengths":           {"GET", ok + "Content-Length: 2, 2\r\n\r\nhi", "protocol: malformed answer: bad Content-Length"},
		"overflowing length":        {"GET", ok + "Content-Length: 9223372036854775808\r\n\r\n", "protocol: malformed answer: bad Content-Length"},
		"chunked twice":             {"GET", ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "protocol: malformed answer: too many transfer encodings"},
		"gzip and chunked":          {"GET", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n", "protocol: malformed answer: unsupported transfer encoding"},
		"length as a trailer":       {"GET", ok + "Transfer-Encoding: chunked\r\nTrailer: Content-Length\r\n\r\n", "protocol: malformed answer: bad trailer key"},
		"no chunk size":             {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n\r\n", "protocol: malformed answer: empty hex number for chunk length"},
		"negative chunk size":       {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n-1\r\n", "protocol: malformed answer: invalid byte in chunk length"},
		"bare line feed of a chunk": {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n2\nhi\r\n", "protocol: malformed answer: chunked line ends with bare LF"},
		"chunk longer than said":    {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", "protocol: malformed chunked encoding"},
		"chunk without an end":      {"GET", ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nhello", "reset: connection closed in the middle of the answer"},
		"endless extension":         {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n1;" + strings.Repeat("x", 5000), "protocol: malformed answer: header line too long"},
		"endless trailer":           {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + strings.Repeat("x", 5000), "protocol: malformed answer: suspiciously long trailer after chunked body"},
		"malformed trailer":         {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nno colon\r\n\r\n", "protocol: malformed header"},
		"more framing than body":    {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1;"+strings.Repeat("x", 200)+"\r\ny\r\n", 200), "protocol: malformed answer: chunked encoding contains too much non-data"},
		"closed in half a line":     {"GET", ok + "no colo", "reset: connection closed in the middle of the answer"},
		"closed in a trailer":       {"GET", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\r\n", "reset: connection closed in the middle of the answer"},
		"huge length":               {"GET", ok + "Content-Length: 9223372036854775807\r\n\r\nhello", "reset: connection closed in the middle of the answer"},
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

// testHeads: heads of all sizes up to the limit, their ends on both sides of
// those of buffers.
func testHeads(t *testing.T, tr transport) {
	const begin, end = ok + "Content-Length: 2\r\nX-Fill: ", "\r\nX-Last: z\r\n\r\n"
	fill := func(size int) string { return begin + strings.Repeat("y", size-len(begin)-len(end)) + end + "hi" }
	many := ok + strings.Repeat("X-Many: y\r\n", 6000) + "Content-Length: 2\r\nX-Last: z\r\n\r\nhi"
	folds := ok + "X-Fold: a" + strings.Repeat("\r\n b", 10000) + "\r\nContent-Length: 2\r\nX-Last: z\r\n\r\nhi"
	interim := strings.Repeat("HTTP/1.1 102 Processing\r\nX: y\r\n\r\n", 1000) + fill(500)
	texts := []string{many, folds, interim, fill(64 << 10), fill(1 << 20)}
	for _, border := range []int{4 << 10, 8 << 10, 16 << 10} {
		for d := -3; d <= 3; d++ {
			texts = append(texts, fill(border+d))
		}
	}
	s := serve(t, func(p *peer) {
		for r := p.request(); r != nil; r = p.request() {
			var i int
			_, _ = fmt.Sscanf(r.URL.Path, "/%d", &i)
			p.send(texts[i])
		}
	})
	conn := tr.Open(s.host)
	defer conn.Close()
	for i, text := range texts {
		for _, keep := range []bool{true, false} {
			x := do(t, tr, conn, &Exchange{Method: "GET", Target: fmt.Sprintf("/%d", i), Timeout: 10 * time.Second, KeepBody: keep})
			if x.Err != nil || x.BytesReceived != int64(len(text)) {
				t.Errorf("text %d of %d bytes: %s, %d bytes counted", i, len(text), result(x), x.BytesReceived)
			}
			if keep && (string(x.ResponseBody) != "hi" || x.Header.Get("X-Last") != "z") {
				t.Errorf("text %d of %d bytes: body %q, last field %q", i, len(text), x.ResponseBody, x.Header.Get("X-Last"))
			}
		}
	}
	if n := s.conns.Load(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	t.Run("one byte too many", func(t *testing.T) {
		s := serve(t, answers(fill(1<<20+1), false))
		x := do(t, tr, tr.Open(s.host), &Exchange{Method: "GET", Target: "/", Timeout: 10 * time.Second})
		if want := "protocol: the answer's header is larger than 1 MiB"; result(x) != want {
			t.Errorf("got %q, want %q", result(x), want)
		}
	})
}

// testSplits: an answer that comes in two parts is the same as in one, wherever
// it is split.
func testSplits(t *testing.T, tr transport) {
	for name, text := range map[string]string{
		"length":  "HTTP/1.1 100 Continue\r\n\r\n" + ok + "X: a\r\n b\r\nContent-Length: 5\r\n\r\nhello",
		"chunked": ok + "Transfer-Encoding: chunked\r\n\r\n2;a=b\r\nhe\r\n3\r\nllo\r\n0\r\nX: y\r\n\r\n",
		"lines":   "HTTP/1.1 200\nA: b\nContent-Length: 5\n\nhello",
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(p *peer) {
				for r := p.request(); r != nil; r = p.request() {
					var at int
					_, _ = fmt.Sscanf(r.URL.Path, "/%d", &at)
					p.send(text[:at])
					time.Sleep(200 * time.Microsecond)
					p.send(text[at:])
				}
			})
			conn := tr.Open(s.host)
			defer conn.Close()
			for at := range len(text) {
				x := do(t, tr, conn, &Exchange{Method: "GET", Target: fmt.Sprintf("/%d", at), Timeout: 5 * time.Second, KeepBody: true})
				if result(x) != "OK hello" || x.BytesReceived != int64(len(text)) {
					t.Errorf("after %d bytes: %s, %d bytes counted", at, result(x), x.BytesReceived)
				}
			}
			if n := s.conns.Load(); n != 1 {
				t.Errorf("%d connections, want 1", n)
			}
		})
	}
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
