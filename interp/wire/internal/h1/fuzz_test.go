package h1

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const testMaxBody = 1 << 10

// An answer is what was read of one.
type answer struct {
	Status int
	Header http.Header
	Body   string
	Reuse  bool // the connection may carry another: it is to be kept and nothing else came on it
	Err    string
}

// byNetHTTP reads an answer from a connection that ends after b, as the std
// transport does.
func byNetHTTP(b []byte, w Wants) answer {
	source := &ending{Reader: bytes.NewReader(b)}
	r := bufio.NewReaderSize(source, 4<<10)
	fault := func(err error) answer {
		if source.ended {
			// What net/http makes of half a line is nothing that we heed.
			err = io.ErrUnexpectedEOF
		}
		if len(b) == 0 {
			err = io.EOF
		}
		return answer{Err: reason(err)}
	}
	request := &http.Request{Method: http.MethodGet}
	if w.Head {
		request.Method = http.MethodHead
	}
	for {
		resp, err := http.ReadResponse(r, request)
		switch {
		case err != nil:
			return fault(err)
		case resp.ProtoMajor != 1:
			return fault(errVersion)
		case resp.StatusCode < 100:
			return fault(errStatus)
		case resp.StatusCode < 200 && resp.StatusCode != 101:
			continue
		}
		limit := int64(math.MaxInt64)
		if w.Body {
			limit = w.MaxBody + 1
		}
		body, err := io.ReadAll(io.LimitReader(resp.Body, limit))
		switch {
		case w.Body && int64(len(body)) == limit:
			return answer{Err: reason(ErrBodyTooLarge)}
		case err != nil:
			return fault(err)
		case !w.Body:
			body = nil
		}
		reuse := !resp.Close && resp.StatusCode != 101 && source.Len()+r.Buffered() == 0
		return answer{resp.StatusCode, wanted(resp.Header, w), string(body), reuse, ""}
	}
}

// wanted is what remains of a header where not all of it is kept.
func wanted(all http.Header, w Wants) http.Header {
	if w.Header {
		return all
	}
	var kept http.Header
	for _, name := range []string{"Location", "Set-Cookie"} {
		if v := all[name]; v != nil && w.Steering {
			if kept == nil {
				kept = http.Header{}
			}
			kept[name] = v
		}
	}
	return kept
}

// An ending reader knows whether its end was seen.
type ending struct {
	*bytes.Reader
	ended bool
}

func (e *ending) Read(b []byte) (int, error) {
	n, err := e.Reader.Read(b)
	e.ended = e.ended || err != nil
	return n, err
}

// reason is the part of a message that does not quote the answer, as the
// transports name it.
func reason(err error) string {
	text := err.Error()
	for _, prefix := range []string{"net/http: ", "http: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	for _, quote := range []string{`"`, ": ", ";"} {
		text, _, _ = strings.Cut(text, quote)
	}
	return strings.Replace(strings.TrimRight(text, " :"), "MIME ", "", 1)
}

// byParser reads the same with p in pieces, whose lengths are taken from cuts
// in turn; none: in one piece.
func byParser(p *Parser, b []byte, w Wants, cuts []byte) answer {
	p.Begin(w)
	rest := b
	for i := 0; len(rest) > 0; i++ {
		n := len(rest)
		if len(cuts) > 0 {
			n = min(n, int(cuts[i%len(cuts)])+1)
		}
		// A copy that is spoilt afterwards: nothing may be kept of a piece.
		piece := bytes.Clone(rest[:n])
		took, done, err := p.Feed(piece)
		for i := range piece {
			piece[i] = '!'
		}
		if err != nil {
			return answer{Err: reason(err)}
		}
		if took > n || !done && took < n {
			return answer{Err: fmt.Sprintf("took %d of %d, done %v", took, n, done)}
		}
		rest = rest[took:]
		if done {
			return answer{p.Status(), p.Header(), string(p.Body()), p.Keep() && len(rest) == 0, ""}
		}
	}
	if err := p.End(); err != nil {
		return answer{Err: reason(err)}
	}
	return answer{p.Status(), p.Header(), string(p.Body()), p.Keep(), ""}
}

// seeds are answers with something special about each.
var seeds = []string{
	"", ok, ok + "\r\nhello",
	ok + "Content-Length: 5\r\n\r\nhello",
	ok + "Content-Length: 5\r\n\r\nhelloHTTP/1.1 500",
	ok + "Content-Length: 5\r\n\r\nhel",
	ok + "Content-Length: 0\r\n\r\n",
	ok + "Content-Length:  \t05 \r\n\r\nhello",
	ok + "content-length: 2\r\nCONTENT-LENGTH: 2\r\n\r\nhi",
	ok + "Content-Length: 2\r\nContent-Length: 02\r\n\r\nhi",
	ok + "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
	ok + "Content-Length: 2, 2\r\n\r\nhi",
	ok + "Content-Length: -5\r\n\r\nhello",
	ok + "Content-Length: +5\r\n\r\nhello",
	ok + "Content-Length:\r\n\r\nhello",
	ok + "Content-Length : 2\r\n\r\nhi",
	ok + "Content-Length: 9223372036854775807\r\n\r\nhello",
	ok + "Content-Length: 9223372036854775808\r\n\r\nhello",
	"HTTP/1.0 200 OK\r\n\r\nhello",
	"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nh",
	"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nh",
	"HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 1\r\n\r\nh",
	"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nh\r\n0\r\n\r\n",
	"HTTP/1.2 200 OK\r\nContent-Length: 1\r\n\r\nh",
	"HTTP/0.9 200 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/0.0 200 OK\r\nTransfer-Encoding: x\r\n\r\n",
	"HTTP/1.10 200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n", "HTTX/1.1 200 OK\r\n\r\n",
	"SSH-2.0-OpenSSH_9.6\r\n", "\r\n" + ok, "HTTP/1.1\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
	"HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 042 OK\r\n\r\n", "HTTP/1.1 +42 OK\r\n\r\n", "HTTP/1.1 -42 OK\r\n\r\n",
	"HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 999 OK\r\nContent-Length: 0\r\n\r\n",
	"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
	"HTTP/1.1 200 OK\r\r\nContent-Length: 5\r\n\nhello",
	"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi",
	"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nx",
	"HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n",
	"HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi",
	"HTTP/1.1 100 Continue\r\nContent-Length: x\r\n\r\n" + ok + "\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
	"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nabc",
	ok + "A: b\r\n c\r\n\td \r\n \r\nContent-Length: 0\r\n\r\n",
	ok + "Content-Length:\r\n 1\r\n\r\nx", ok + "Transfer-Encoding: chunked\r\n \r\n\r\n0\r\n\r\n",
	ok + "Connection: Close\r\nContent-Length: 1\r\n\r\nx",
	ok + "Connection: a , CLOSE\r\nContent-Length: 1\r\n\r\nx",
	ok + "Connection: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
	ok + "Connection: closed, not-close\r\nContent-Length: 1\r\n\r\nx",
	ok + "Pragma: no-cache\r\nContent-Length: 0\r\n\r\n",
	ok + "no colon\r\n\r\n", ok + " x: y\r\n\r\n", ok + "\tx" + strings.Repeat("y", 80) + "\r\n\r\n", ok + ": y\r\n\r\n",
	ok + "x\ty: z\r\n\r\n", ok + "X: \x00\r\n\r\n", ok + "X: y\rz\r\n\r\n", ok + "X: caf\u00e9\r\nContent-Length: 0\r\n\r\n",
	ok + "X: \x7f\r\n\r\n", ok + "X-\u00e9: y\r\n\r\n", ok + "X: 1234567\x1f\r\n\r\n", ok + "x y: z\r\nContent-Length: 0\r\n\r\n",
	ok + "Set-Cookie: a=b\r\nset-cookie: c=d\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\nrest",
	ok + "Transfer-Encoding: Chunked\r\nTrailer: X, Content-MD5\r\n\r\n5\r\nhello\r\n0\r\nX: y\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\nTrailer: X, content-length\r\n\r\n0\r\n\r\n",
	ok + "Trailer: content-length\r\nContent-Length: 0\r\n\r\n",
	ok + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	ok + "Content-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", ok + "Transfer-Encoding: identity\r\n\r\nhello",
	ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", ok + "Transfer-Encoding: chunked\r\n\r\n\r\n", ok + "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
	ok + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", ok + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
	ok + "Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n", ok + "Transfer-Encoding: chunked\r\n\r\n1\r\r\nx\r\n0\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n", ok + "Transfer-Encoding: chunked\r\n\r\n1 \t\r\nx\r\n000\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\n\r\n1;" + strings.Repeat("x", 4095) + "\r\nx\r\n0\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1;"+strings.Repeat("x", 4000)+"\r\nx\r\n", 5) + "0\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1;"+strings.Repeat("x", 4000)+"\r\nx\r\n", 4) + "0;" + strings.Repeat("x", 4000) + "\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nx\r\n\r\n", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n x: y\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: y\n\n" + ok + "\r\n", ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n\nX: y\r\n\r\n",
	ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + strings.Repeat("y", 4096) + "\r\n\r\n",
	ok + "Content-Length: 3000\r\n\r\n" + strings.Repeat("x", 3000),
	ok + "X: " + strings.Repeat("y", 9000) + "\r\nContent-Length: 0\r\n\r\n",
}

func FuzzParser(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s), []byte{}, false)
		f.Add([]byte(s), []byte{0}, true)
		f.Add([]byte(s), []byte{2, 6}, false)
	}
	f.Fuzz(func(t *testing.T, b, cuts []byte, head bool) {
		var p Parser
		for _, w := range []Wants{
			{Head: head, Header: true, Body: true, MaxBody: testMaxBody},
			{Head: head, Steering: true, Body: true, MaxBody: testMaxBody},
			{Head: head},
		} {
			// Twice: nothing of one answer may be seen in the next.
			byParser(&p, b, w, nil)
			got := byParser(&p, b, w, cuts)
			if diff := cmp.Diff(byNetHTTP(b, w), got); diff != "" {
				t.Errorf("%q cut as %v, %+v: (-net/http +parser)\n%s", b, cuts, w, diff)
			}
		}
	})
}
