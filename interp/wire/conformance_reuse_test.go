package wire

import (
	"cmp"
	"strings"
	"testing"
	"time"
)

// testReuse: which answers leave a connection that carries the next request.
func testReuse(t *testing.T, tr transport) {
	for name, c := range map[string]struct {
		answer  string
		method  string // "": GET
		headers []Header
		ends    bool   // the server closes after its answer
		want    string // "": OK hi
		conns   int32  // after three requests
	}{
		"content length":         {answer: ok + "Content-Length: 2\r\n\r\nhi", conns: 1},
		"chunked with trailers":  {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX: y\r\n\r\n", conns: 1},
		"interim answers":        {answer: "HTTP/1.1 100 Continue\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", conns: 1},
		"keep-alive of HTTP/1.0": {answer: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", conns: 1},
		"HTTP/1.0":               {answer: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", conns: 3},
		"close announced":        {answer: ok + "Connection: close\r\nContent-Length: 2\r\n\r\nhi", conns: 3},
		"close wanted":           {answer: ok + "Content-Length: 2\r\n\r\nhi", headers: []Header{{"Connection", "close"}}, conns: 3},
		"stray bytes":            {answer: ok + "Content-Length: 2\r\n\r\nhi" + ok, conns: 3},
		"stray line break":       {answer: ok + "Content-Length: 2\r\n\r\nhi\r\n", conns: 3},
		"stray after chunks":     {answer: ok + "Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n\r\n", conns: 3},
		"close in a list":        {answer: ok + "Connection: x , CLOSE\r\nContent-Length: 2\r\n\r\nhi", conns: 3},
		"close the second time":  {answer: ok + "Connection: x\r\nconnection: close\r\nContent-Length: 2\r\n\r\nhi", conns: 3},
		"close and keep-alive":   {answer: ok + "Connection: keep-alive, close\r\nContent-Length: 2\r\n\r\nhi", conns: 3},
		"another word":           {answer: ok + "Connection: closed\r\nContent-Length: 2\r\n\r\nhi", conns: 1},
		"close while interim":    {answer: "HTTP/1.1 102 Processing\r\nConnection: close\r\n\r\n" + ok + "Content-Length: 2\r\n\r\nhi", conns: 1},
		"close of HTTP/1.0":      {answer: "HTTP/1.0 200 OK\r\nConnection: keep-alive, close\r\nContent-Length: 2\r\n\r\nhi", conns: 3},
		"chunked and a length":   {answer: ok + "Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", conns: 1},
		"by the connection":      {answer: ok + "\r\nhi", ends: true, conns: 3},
		"304":                    {answer: "HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n", want: "Not Modified", conns: 1},
		"204":                    {answer: "HTTP/1.1 204 No Content\r\n\r\n", want: "No Content", conns: 1},
		"204 with a body":        {answer: "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nhi", want: "No Content", conns: 3},
		"HEAD":                   {method: "HEAD", answer: ok + "Content-Length: 2\r\n\r\n", want: "OK", conns: 1},
		"HEAD without a length":  {method: "HEAD", answer: ok + "\r\n", want: "OK", conns: 1},
		"101":                    {answer: "HTTP/1.1 101 Switching Protocols\r\n\r\n", want: "Switching Protocols", conns: 3},
		"too large to be kept":   {answer: ok + "Content-Length: 2000\r\n\r\n" + strings.Repeat("x", 2000), want: "protocol: the answer's body is larger than 1 KiB, too large to be kept", conns: 3},
		"not gzip":               {answer: ok + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi", want: "protocol: the answer's body is not valid gzip", conns: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(p *peer) {
				for p.request() != nil {
					p.send(c.answer)
					if c.ends {
						return
					}
				}
			})
			conn := tr.Open(s.host)
			defer conn.Close()
			method, want := cmp.Or(c.method, "GET"), cmp.Or(c.want, "OK hi")
			for i := range 3 {
				x := do(t, tr, conn, &Exchange{Method: method, Target: "/", Headers: c.headers, Timeout: 5 * time.Second, KeepBody: true, MaxBody: 1 << 10})
				if result(x) != want {
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
	never := func(p *peer) { // answers no connection's second request, and none but the first's first
		if p.request() != nil && p.number == 0 {
			p.send(hi)
			p.request()
		}
	}
	rudely := func(p *peer) { // resets when the second request has arrived
		if p.request() != nil {
			p.send(hi)
			p.request()
			if p.number > 0 {
				p.send(hi)
			} else {
				p.reset()
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
		"GET that crosses a reset":        {rudely, "GET", "OK hi", 2},
		"POST that crosses a reset":       {rudely, "POST", "reset: connection reset before the answer", 1},
		"GET that is never answered":      {never, "GET", closed, 2},
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

// testIdle: servers end connections, or speak over them, while the user waits.
// That is noticed before the next request, and no failure.
func testIdle(t *testing.T, tr transport) {
	const hi = ok + "Content-Length: 2\r\n\r\nhi"
	for name, end := range map[string]func(*peer){
		"closes":      func(p *peer) { _ = p.conn.Close() },
		"half-closes": func(p *peer) { _ = p.conn.CloseWrite() },
		"resets":      (*peer).reset,
		"speaks":      func(p *peer) { p.send(ok) },
	} {
		t.Run(name, func(t *testing.T) {
			ended := make(chan bool, 1)
			s := serve(t, func(p *peer) {
				if p.request() != nil {
					p.send(hi)
					time.Sleep(time.Millisecond)
					end(p)
					ended <- true
					p.request()
				}
			})
			conn := tr.Open(s.host)
			defer conn.Close()
			for i := range 10 {
				x := do(t, tr, conn, &Exchange{Method: "POST", Target: "/", Body: []byte("b"), Timeout: 10 * time.Second, KeepBody: true})
				if result(x) != "OK hi" || x.Connect < 0 {
					t.Errorf("request %d: %s, connect time %v", i, result(x), x.Connect)
				}
				<-ended
				if i%2 == 0 {
					turn(tr, 5*time.Millisecond)
				} else {
					time.Sleep(5 * time.Millisecond) // nobody looks meanwhile
				}
			}
			if n := s.conns.Load(); n != 10 {
				t.Errorf("%d connections, want 10", n)
			}
		})
	}
	t.Run("answers before it was asked", func(t *testing.T) {
		s := serve(t, func(p *peer) {
			p.send(hi)
			if p.request() != nil {
				p.send(hi)
				p.request()
			}
		})
		conn := tr.Open(s.host)
		defer conn.Close()
		for i := range 3 {
			x := do(t, tr, conn, &Exchange{Method: "POST", Target: "/", Timeout: 10 * time.Second, KeepBody: true})
			if result(x) != "OK hi" || x.Connect < 0 {
				t.Errorf("request %d: %s, connect time %v", i, result(x), x.Connect)
			}
			turn(tr, 20*time.Millisecond)
		}
	})
}

// testRate: one connection after the other, as fast as can be.
func testRate(t *testing.T, tr transport) {
	const many = 300
	for name, c := range map[string]struct {
		answer  string
		headers []Header
	}{
		"announced": {ok + "Connection: close\r\nContent-Length: 2\r\n\r\nhi", nil},
		"wanted":    {ok + "Content-Length: 2\r\n\r\nhi", []Header{{"Connection", "close"}}},
		"the end":   {ok + "\r\nhi", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, answers(c.answer, false))
			conn := tr.Open(s.host)
			defer conn.Close()
			for i := range many {
				x := do(t, tr, conn, &Exchange{Method: "POST", Target: "/", Headers: c.headers, Timeout: 10 * time.Second, KeepBody: true})
				if result(x) != "OK hi" || x.Connect < 0 {
					t.Fatalf("request %d: %s, connect time %v", i, result(x), x.Connect)
				}
			}
			if n := s.conns.Load(); n != many {
				t.Errorf("%d connections, want %d", n, many)
			}
		})
	}
}
