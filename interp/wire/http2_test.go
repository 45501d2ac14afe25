package wire

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Types and flags of HTTP/2 frames, RFC 9113.
const (
	frameData, frameHeaders, frameReset, frameSettings = 0, 1, 3, 4
	framePing, frameGoAway, frameWindow                = 6, 7, 8

	flagEnd, flagAck, flagEndHeaders = 1, 1, 4

	settingStreams, settingWindow = 3, 4

	codeInternal, codeRefused = 2, 7
)

// A frame is one of HTTP/2, as the scripted server reads it.
type frame struct {
	kind, flags byte
	stream      uint32
	payload     []byte
}

// status200 is a header block: an entry of the static table of HPACK.
const status200 = "\x88"

// greet reads the client's preface and sends settings, in pairs.
func (p *peer) greet(settings ...uint32) {
	_, _ = io.ReadFull(p.read, make([]byte, len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")))
	var b []byte
	for i := 0; i < len(settings); i += 2 {
		b = binary.BigEndian.AppendUint16(b, uint16(settings[i]))
		b = binary.BigEndian.AppendUint32(b, settings[i+1])
	}
	p.frame(frameSettings, 0, 0, string(b))
}

func (p *peer) frame(kind, flags byte, stream uint32, payload string) {
	head := binary.BigEndian.AppendUint32(nil, uint32(len(payload))<<8|uint32(kind))
	head = append(head, flags)
	head = binary.BigEndian.AppendUint32(head, stream)
	p.send(string(head) + payload)
}

// next reads the next frame that matters, and answers those that do not; false
// at the end of the connection.
func (p *peer) next() (f frame, ok bool) {
	for {
		var head [9]byte
		if _, err := io.ReadFull(p.read, head[:]); err != nil {
			return f, false
		}
		f = frame{kind: head[3], flags: head[4], stream: binary.BigEndian.Uint32(head[5:])}
		f.payload = make([]byte, binary.BigEndian.Uint32(head[:4])>>8)
		if _, err := io.ReadFull(p.read, f.payload); err != nil {
			return f, false
		}
		switch {
		case f.kind == frameSettings && f.flags&flagAck == 0:
			p.frame(frameSettings, flagAck, 0, "")
		case f.kind == framePing && f.flags&flagAck == 0:
			p.frame(framePing, flagAck, 0, string(f.payload))
		case f.kind == frameSettings || f.kind == frameWindow:
		default:
			return f, true
		}
	}
}

// opened reads on until a request begins, and gives its stream; 0 at the end.
func (p *peer) opened() uint32 {
	for {
		f, ok := p.next()
		if !ok || f.kind == frameHeaders {
			return f.stream
		}
	}
}

// answer gives a stream a whole answer.
func (p *peer) answer(stream uint32, body string) {
	p.frame(frameHeaders, flagEndHeaders, stream, status200)
	p.frame(frameData, flagEnd, stream, body)
}

func (p *peer) goAway(last, code uint32) {
	p.frame(frameGoAway, 0, 0, string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, last), code)))
}

func (p *peer) resetStream(stream, code uint32) {
	p.frame(frameReset, 0, stream, string(binary.BigEndian.AppendUint32(nil, code)))
}

// serve2 is serve for HTTP/2 by prior knowledge.
func serve2(t *testing.T, follow func(*peer)) *script {
	s := serve(t, follow)
	s.host.HTTP = "2"
	return s
}

// settle makes c's connection and waits until it allows so many streams.
func settle(t *testing.T, tr transport, c Conn, streams int) {
	t.Helper()
	grown := make(chan struct{}, 100)
	c.(Shared).Grown(func() { grown <- struct{}{} })
	if x := do(t, tr, c, &Exchange{Method: "GET", Target: "/", Timeout: patience}); x.Err != nil {
		t.Fatal(x.Err)
	}
	for c.(Shared).Streams() < streams {
		select {
		case <-grown:
		case <-time.After(patience):
			t.Fatalf("%d streams, want %d", c.(Shared).Streams(), streams)
		}
	}
}

// launch starts n exchanges on c.
func launch(tr transport, c Conn, method string, n int, timeout time.Duration) []*Exchange {
	xs := make([]*Exchange, n)
	for i := range xs {
		xs[i] = &Exchange{Method: method, Target: "/", Timeout: timeout, KeepBody: true}
		tr.Start(c, xs[i])
	}
	return xs
}

// results waits for exchanges, holds that each is handed back once, and counts
// what came of them.
func results(t *testing.T, tr transport, xs []*Exchange) map[string]int {
	t.Helper()
	back := map[*Exchange]int{}
	for len(back) < len(xs) {
		done := wait(tr, time.Hour)
		if len(done) == 0 {
			t.Fatalf("%d of %d exchanges were handed back", len(back), len(xs))
		}
		for _, x := range done {
			back[x]++
		}
	}
	if more := tr.Wait(nil, 0); len(more) > 0 {
		t.Fatalf("%d exchanges were handed back twice", len(more))
	}
	counts := map[string]int{}
	for _, x := range xs {
		if back[x] != 1 {
			t.Fatalf("handed back %d times", back[x])
		}
		counts[result(x)]++
	}
	return counts
}

// expect holds that there is one result, n times.
func expect(t *testing.T, got map[string]int, n int, want string) {
	t.Helper()
	if len(got) != 1 || got[want] != n {
		t.Errorf("got %v, want %d times %q", got, n, want)
	}
}

// TestHTTP2Streams: as many exchanges as the server allows share a connection,
// and their bytes are counted once.
func TestHTTP2Streams(t *testing.T) {
	const streams, size = 20, 1000
	var now, most atomic.Int32
	all := make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" && r.Method == "PUT" {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
				if n == streams {
					close(all)
				}
			}
			<-all
			now.Add(-1)
		}
		body, _ := io.ReadAll(r.Body)
		_, _ = w.Write(bytes.Repeat([]byte("x"), size+len(body)))
	})
	s := httptest.NewUnstartedServer(handler)
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Config.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: streams}
	var conns atomic.Int32
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			conns.Add(1)
		}
	}
	s.Start()
	defer s.Close()
	h := hostOf(t, s.URL)
	h.HTTP = "2"
	tr := NewStd(time.Now())
	defer tr.Close()
	c := tr.Open(h)
	if n := c.(Shared).Streams(); n != 1 {
		t.Errorf("%d streams before there is a connection", n)
	}
	settle(t, tr, c, streams)
	if n := c.(Shared).Streams(); n != streams {
		t.Errorf("%d streams, want %d", n, streams)
	}
	xs := launch(tr, c, "PUT", streams, patience)
	expect(t, results(t, tr, xs), streams, "OK "+strings.Repeat("x", size))
	received := int64(0)
	for _, x := range xs {
		received += x.BytesReceived
		if x.Connect >= 0 || x.Sent < x.Begun || x.FirstByte < x.Sent {
			t.Errorf("%+v", x.Outcome)
		}
	}
	if received < streams*size || received > streams*(size+200) {
		t.Errorf("%d bytes received for %d answers of %d", received, streams, size)
	}
	if conns.Load() != 1 || most.Load() != streams {
		t.Errorf("%d connections, %d exchanges at a time", conns.Load(), most.Load())
	}
}

// TestHTTP2OneStream: where more are started than the server allows, they wait,
// and the wait comes before they are sent.
func TestHTTP2OneStream(t *testing.T) {
	s := serve2(t, func(p *peer) {
		p.greet(settingStreams, 1)
		for id := p.opened(); id != 0; id = p.opened() {
			time.Sleep(20 * time.Millisecond)
			if n := p.read.Buffered(); n > 50 {
				t.Errorf("%d bytes wait beside the one stream", n)
			}
			p.answer(id, "one")
		}
	})
	tr := NewStd(time.Now())
	defer tr.Close()
	c := tr.Open(s.host)
	settle(t, tr, c, 1)
	xs := launch(tr, c, "POST", 3, patience)
	expect(t, results(t, tr, xs), 3, "OK one")
	first := xs[0].Sent
	last := first
	for _, x := range xs {
		first, last = min(first, x.Sent), max(last, x.Sent)
		if x.Done-x.Sent > x.Sent-x.Begun+time.Second {
			t.Errorf("sent after %v, done after %v", x.Sent-x.Begun, x.Done-x.Begun)
		}
	}
	// One of the three may have thought that it need not wait.
	if last-first < 15*time.Millisecond {
		t.Errorf("all were sent within %v", last-first)
	}
	if c.(Shared).Streams() != 1 || s.conns.Load() != 1 {
		t.Errorf("%d streams, %d connections", c.(Shared).Streams(), s.conns.Load())
	}
}

// TestHTTP2Settings: what the server allows may change.
func TestHTTP2Settings(t *testing.T) {
	s := serve2(t, func(p *peer) {
		p.greet(settingStreams, 2)
		p.answer(p.opened(), "")
		p.frame(frameSettings, 0, 0, "\x00\x03\x00\x00\x00\x09")
		for id := p.opened(); id != 0; id = p.opened() {
			p.answer(id, "")
		}
	})
	tr := NewStd(time.Now())
	defer tr.Close()
	c := tr.Open(s.host)
	settle(t, tr, c, 2)
	for end := time.Now().Add(patience); c.(Shared).Streams() != 9; {
		if time.Now().After(end) {
			t.Fatalf("%d streams, want 9", c.(Shared).Streams())
		}
		if x := do(t, tr, c, &Exchange{Method: "GET", Target: "/", Timeout: patience}); x.Err != nil {
			t.Fatal(x.Err)
		}
	}

	none := serve2(t, func(p *peer) { p.greet(settingStreams, 0); p.stall() })
	c = tr.Open(none.host)
	x := do(t, tr, c, &Exchange{Method: "GET", Target: "/", Timeout: 200 * time.Millisecond})
	if x.Err == nil || x.Err.Kind != "timeout" {
		t.Errorf("no stream is allowed: %s", result(x))
	}
}

// TestHTTP2Resending: a request goes out again where the server has said that it
// did nothing about it, whatever its method, and once.
func TestHTTP2Resending(t *testing.T) {
	for name, c := range map[string]struct {
		follow func(*peer)
		method string
		want   string
		conns  int32
	}{
		"refused once": {func(p *peer) {
			p.greet()
			p.resetStream(p.opened(), codeRefused)
			p.answer(p.opened(), "second")
			p.stall()
		}, "POST", "OK second", 1},
		"refused for ever": {func(p *peer) {
			p.greet()
			p.resetStream(p.opened(), codeRefused)
			p.resetStream(p.opened(), codeRefused)
			p.stall()
		}, "POST", "reset: the request was reset by the server: HTTP/2 REFUSED_STREAM", 1},
		"reset": {func(p *peer) {
			p.greet()
			p.resetStream(p.opened(), codeInternal)
			p.stall()
		}, "GET", "reset: the request was reset by the server: HTTP/2 INTERNAL_ERROR", 1},
		"farewell at once": {func(p *peer) {
			p.greet()
			id := p.opened()
			if p.number > 0 {
				p.answer(id, "second")
				p.stall()
			}
			p.goAway(0, 0)
		}, "POST", "OK second", 2},
		"farewell, then the answer": {func(p *peer) {
			p.greet()
			id := p.opened()
			p.goAway(id, 0)
			p.answer(id, "first")
			p.stall()
		}, "POST", "OK first", 1},
		"farewell, then the end": {func(p *peer) {
			p.greet()
			p.goAway(p.opened(), 0)
		}, "POST", "reset: connection closed by the server (GOAWAY)", 1},
		"farewell for a fault": {func(p *peer) {
			p.greet()
			p.opened()
			p.goAway(0, codeInternal)
			p.stall()
		}, "POST", "reset: connection closed by the server (GOAWAY)", 1},
		"closed": {func(p *peer) {
			p.greet()
			p.opened()
			_ = p.conn.CloseWrite() // with what was not read, Close would reset it
			p.stall()
		}, "GET", "reset: connection closed before the answer", 1},
		"in the middle": {func(p *peer) {
			p.greet()
			id := p.opened()
			p.frame(frameHeaders, flagEndHeaders, id, status200)
			p.frame(frameData, 0, id, "half")
			p.resetStream(id, codeRefused)
			p.stall()
		}, "GET", "reset: the request was reset by the server: HTTP/2 REFUSED_STREAM", 1},
		"garbage": {func(p *peer) {
			p.greet()
			p.frame(frameHeaders, flagEndHeaders, p.opened(), "\xff\xff\xff\xff\xff\xff")
			p.stall()
		}, "GET", "protocol: malformed answer: HTTP/2 COMPRESSION_ERROR", 1},
		"no settings": {func(p *peer) {
			p.frame(framePing, 0, 0, "12345678")
			p.stall()
		}, "GET", "protocol: the server does not speak HTTP/2", 1},
		"HTTP/1.1": {func(p *peer) {
			p.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
			p.stall()
		}, "GET", "protocol: the server does not speak HTTP/2", 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve2(t, c.follow)
			tr := NewStd(time.Now())
			defer tr.Close()
			x := do(t, tr, tr.Open(s.host), &Exchange{Method: c.method, Target: "/", Timeout: patience, KeepBody: true})
			if result(x) != c.want {
				t.Errorf("got %q, want %q", result(x), c.want)
			}
			if got := s.conns.Load(); got != c.conns {
				t.Errorf("%d connections, want %d", got, c.conns)
			}
		})
	}
}

// TestHTTP2GoAway: a server that goes away finishes what it has begun; the rest,
// and all that comes later, goes to one other connection.
func TestHTTP2GoAway(t *testing.T) {
	s := serve2(t, func(p *peer) {
		p.greet(settingStreams, 100)
		p.answer(p.opened(), "")
		if p.number > 0 {
			for id := p.opened(); id != 0; id = p.opened() {
				p.answer(id, "new")
			}
			return
		}
		var ids []uint32
		for len(ids) < 10 {
			ids = append(ids, p.opened())
		}
		p.goAway(ids[4], 0)
		time.Sleep(30 * time.Millisecond)
		for _, id := range ids[:5] {
			p.answer(id, "old")
		}
		p.stall()
	})
	tr := NewStd(time.Now())
	defer tr.Close()
	c := tr.Open(s.host)
	settle(t, tr, c, 100)
	got := results(t, tr, launch(tr, c, "POST", 10, patience))
	// The first of the new connection is answered with nothing.
	if got["OK old"] != 5 || got["OK new"]+got["OK"] != 5 {
		t.Errorf("got %v", got)
	}
	expect(t, results(t, tr, launch(tr, c, "POST", 20, patience)), 20, "OK new")
	if s.conns.Load() != 2 {
		t.Errorf("%d connections, want 2", s.conns.Load())
	}
}

// TestHTTP2Death: a connection that ends takes all that are on it along, each
// once and for the same reason.
func TestHTTP2Death(t *testing.T) {
	for name, c := range map[string]struct {
		end    func(*peer)
		method string
		want   string
	}{
		"closed, not to be repeated": {func(*peer) {}, "POST", "reset: connection closed before the answer"},
		"reset, not to be repeated":  {(*peer).reset, "POST", "reset: connection reset before the answer"},
		"closed, repeated":           {func(*peer) {}, "GET", "OK again"},
	} {
		t.Run(name, func(t *testing.T) {
			const n = 100
			s := serve2(t, func(p *peer) {
				p.greet(settingStreams, n)
				if p.number == 0 {
					p.answer(p.opened(), "")
					for range n {
						p.opened()
					}
					c.end(p)
					return
				}
				for id := p.opened(); id != 0; id = p.opened() {
					p.answer(id, "again")
				}
			})
			tr := NewStd(time.Now())
			defer tr.Close()
			conn := tr.Open(s.host)
			settle(t, tr, conn, n)
			expect(t, results(t, tr, launch(tr, conn, c.method, n, patience)), n, c.want)
			x := do(t, tr, conn, &Exchange{Method: "POST", Target: "/", Timeout: patience, KeepBody: true})
			if result(x) != "OK again" || s.conns.Load() != 2 {
				t.Errorf("afterwards %s, %d connections", result(x), s.conns.Load())
			}
		})
	}
}

// TestHTTP2Cut: one exchange may be ended, or all of a connection's.
func TestHTTP2Cut(t *testing.T) {
	release := make(chan struct{})
	s := serve2(t, func(p *peer) {
		p.greet(settingStreams, 10)
		p.answer(p.opened(), "")
		ids := []uint32{p.opened(), p.opened(), p.opened()}
		<-release
		for _, id := range ids {
			p.answer(id, "on")
		}
		for p.opened() != 0 {
		}
	})
	tr := NewStd(time.Now())
	defer tr.Close()
	c := tr.Open(s.host).(Shared)
	settle(t, tr, c, 10)
	xs := launch(tr, c, "POST", 3, patience)
	time.Sleep(30 * time.Millisecond)
	c.Cut(xs[1])
	const cut = "reset: the connection was closed from this side"
	expect(t, results(t, tr, xs[1:2]), 1, cut)
	close(release)
	expect(t, results(t, tr, []*Exchange{xs[0], xs[2]}), 2, "OK on")

	xs = launch(tr, c, "POST", 5, patience)
	c.Cut(xs[0]) // perhaps before it has begun
	time.Sleep(30 * time.Millisecond)
	c.Close()
	expect(t, results(t, tr, xs), 5, cut)
	x := do(t, tr, c, &Exchange{Method: "GET", Target: "/", Timeout: patience})
	if result(x) != cut || s.conns.Load() != 1 {
		t.Errorf("after Close: %s, %d connections", result(x), s.conns.Load())
	}
}

// TestSharedDial: exchanges that wait for one connection share its failure, too.
func TestSharedDial(t *testing.T) {
	s := serve(t, func(p *peer) { p.stall() })
	s.host.URL.Scheme, s.host.ConnectTimeout = "https", 300*time.Millisecond
	tr := NewStd(time.Now())
	defer tr.Close()
	begun := time.Now()
	xs := launch(tr, tr.Open(s.host), "GET", 20, patience)
	expect(t, results(t, tr, xs), 20, "timeout: timed out in the TLS handshake")
	if taken := time.Since(begun); taken > 5*time.Second || s.conns.Load() > 2 {
		t.Errorf("%d connections, one after the other, took %v", s.conns.Load(), taken)
	}
}

// TestSharedHTTP1: exchanges that share a connection that turns out to be of
// HTTP/1.1 use it one after the other.
func TestSharedHTTP1(t *testing.T) {
	var now atomic.Int32
	var cutting atomic.Bool // then the server may still be at work for one that is gone
	s := serve(t, func(p *peer) {
		for p.request() != nil {
			if now.Add(1) > 1 && !cutting.Load() {
				t.Error("two at a time")
			}
			time.Sleep(2 * time.Millisecond)
			now.Add(-1)
			p.send(ok + "Content-Length: 2\r\n\r\nhi")
		}
	})
	tr := NewStd(time.Now())
	defer tr.Close()
	c := tr.Open(s.host)
	xs := launch(tr, c, "GET", 20, patience)
	expect(t, results(t, tr, xs), 20, "OK hi")
	if s.conns.Load() != 1 || c.(Shared).Streams() != 1 {
		t.Errorf("%d connections", s.conns.Load())
	}
	cutting.Store(true)
	xs = launch(tr, c, "GET", 20, patience)
	time.Sleep(5 * time.Millisecond)
	c.(Shared).Cut(xs[10])
	got := results(t, tr, xs)
	if got["OK hi"] < 19 {
		t.Errorf("got %v, want no other exchange to fail with the one that was cut", got)
	}
}

// TestHTTP2Uploads: bodies heed the server's windows, and are their owner's
// again when the exchange is.
func TestHTTP2Uploads(t *testing.T) {
	body := bytes.Repeat([]byte("b"), 300<<10)
	s := serve2(t, func(p *peer) {
		p.greet(settingWindow, 1000)
		p.answer(p.opened(), "")
		id, got, allowed := p.opened(), 0, 1000
		for got < len(body) {
			f, ok := p.next()
			if !ok {
				return
			}
			if got += len(f.payload); got > allowed {
				t.Errorf("%d bytes came where %d were allowed", got, allowed)
			}
			allowed += 1000
			p.frame(frameWindow, 0, id, "\x00\x00\x03\xe8")
			p.frame(frameWindow, 0, 0, "\x00\x00\x03\xe8")
		}
		p.answer(id, fmt.Sprint(got))
		p.stall()
	})
	tr := NewStd(time.Now())
	defer tr.Close()
	c := tr.Open(s.host)
	settle(t, tr, c, 2) // so that the client knows of the window
	x := do(t, tr, c, &Exchange{Method: "POST", Target: "/", Body: body, Timeout: patience, KeepBody: true})
	if want := fmt.Sprint("OK ", len(body)); result(x) != want {
		t.Errorf("got %q, want %q", result(x), want)
	}

	early := serve2(t, func(p *peer) {
		p.greet(settingWindow, 10)
		p.frame(frameHeaders, flagEndHeaders|flagEnd, p.opened(), status200)
		p.stall()
	})
	x = do(t, tr, tr.Open(early.host), &Exchange{Method: "POST", Target: "/", Body: body, Timeout: patience})
	clear(body) // the race detector has a word to say where it is still read
	if result(x) != "OK" {
		t.Errorf("answered early: %s", result(x))
	}

	deaf := serve2(t, func(p *peer) {
		p.greet(settingWindow, 1<<30)
		p.frame(frameWindow, 0, 0, "\x3f\xff\x00\x00")
		p.stall()
	})
	x = do(t, tr, tr.Open(deaf.host), &Exchange{Method: "POST", Target: "/", Body: make([]byte, 16<<20), Timeout: 300 * time.Millisecond})
	if x.Err == nil || x.Err.Kind != "timeout" || x.Done-x.Begun > 5*time.Second {
		t.Errorf("a server that reads nothing: %s after %v", result(x), x.Done-x.Begun)
	}
}
