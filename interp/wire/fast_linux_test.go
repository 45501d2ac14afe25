package wire

import (
	"bytes"
	"math/rand/v2"
	"net/url"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// eachFast runs a test over both ports, on a goroutine that keeps its transport
// to itself.
func eachFast(t *testing.T, test func(*testing.T, Transport)) {
	for _, kind := range []string{IOUring, Epoll} {
		t.Run(kind, func(t *testing.T) {
			if got := available(kind); got.Transport != kind {
				t.Skip(got.Why)
			}
			tr := opened(t, time.Now(), kind)
			defer tr.Close()
			test(t, tr)
		})
	}
}

func TestFastConforms(t *testing.T) {
	for _, kind := range []string{IOUring, Epoll} {
		t.Run(kind, func(t *testing.T) {
			if got := available(kind); got.Transport != kind {
				t.Skip(got.Why)
			}
			testConformance(t, func(epoch time.Time) transport { return opened(t, epoch, kind) })
		})
	}
}

// nowhere is a host for a port that has no kernel.
func nowhere() *Host { return &Host{URL: &url.URL{Scheme: "http", Host: "127.0.0.1:1"}} }

// TestFastAllocates: an exchange of which nothing is kept leaves nothing behind.
func TestFastAllocates(t *testing.T) {
	p := &echoPort{epoch: time.Now(), answer: []byte(plainAnswer)}
	f := newFast(p.epoch, p)
	defer f.Close()
	c, x := f.Open(nowhere()), plainExchange()
	var done []*Exchange
	once := func() {
		f.Start(c, x)
		if done = f.Wait(done[:0], time.Hour); len(done) != 1 || x.Err != nil {
			t.Fatal(result(x))
		}
	}
	once()
	if n := testing.AllocsPerRun(1000, once); n > 0 {
		t.Errorf("%v allocations an exchange", n)
	}
}

// TestFastMemory: an open connection that is idle holds no buffer, no parser and
// no goroutine.
func TestFastMemory(t *testing.T) {
	p := &echoPort{epoch: time.Now(), answer: []byte(plainAnswer)}
	f := newFast(p.epoch, p)
	defer f.Close()
	const conns, bound = 10_000, 400
	h, x := nowhere(), plainExchange()
	kept := make([]Conn, conns)
	before := heap()
	for i := range kept {
		kept[i] = f.Open(h)
		f.Start(kept[i], x)
		f.Wait(nil, time.Hour)
	}
	each := (heap() - before) / conns
	t.Logf("%d bytes a connection", each)
	if each > bound {
		t.Errorf("an idle connection takes %d bytes, want %d at most", each, bound)
	}
	runtime.KeepAlive(kept)
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// TestFastBody: what is sent is what the owner's body was until the exchange was
// handed back, whatever becomes of that memory then.
func TestFastBody(t *testing.T) {
	const spoilt = 0xff
	eachFast(t, func(t *testing.T, tr Transport) {
		var strange atomic.Int64
		s := serve(t, func(p *peer) {
			_, _ = p.read.ReadString('\n')
			if p.number%2 == 0 {
				p.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno")
			}
			buf := make([]byte, 16<<10)
			for {
				n, err := p.read.Read(buf)
				strange.Add(int64(bytes.Count(buf[:n], []byte{spoilt})))
				if err != nil {
					return
				}
				time.Sleep(200 * time.Microsecond)
			}
		})
		body := make([]byte, 4<<20)
		for range 40 {
			for i := range body {
				body[i] = 'x'
			}
			c := tr.Open(s.host)
			x := do(t, tr, c, &Exchange{Method: "POST", Target: "/", Body: body, Timeout: time.Duration(5+rand.IntN(15)) * time.Millisecond})
			if x.BytesSent > int64(len(body))+200 || x.Err == nil && x.Status != 413 {
				t.Errorf("%d bytes sent: %s", x.BytesSent, result(x))
			}
			for i := range body {
				body[i] = spoilt
			}
			tr.Wait(nil, 0)
			c.Close()
		}
		if n := strange.Load(); n > 0 {
			t.Errorf("%d bytes went out of a body that was its owner's again", n)
		}
	})
}

// TestFastBegins: a request over an open connection begins when its bytes go to
// the kernel, so that time spent on a crowd before it shows as lag.
func TestFastBegins(t *testing.T) {
	s := serve(t, func(p *peer) {
		for p.request() != nil {
			p.send(ok + "Content-Length: 2\r\n\r\nhi")
		}
	})
	eachFast(t, func(t *testing.T, tr Transport) {
		c := tr.Open(s.host)
		for i := range 3 {
			x := do(t, tr, c, &Exchange{Method: "GET", Target: "/", Timeout: time.Minute})
			if x.Err != nil || (x.Begun == x.Sent) != (i > 0) || x.Begun > x.Sent || x.Sent > x.FirstByte || x.FirstByte > x.Done {
				t.Errorf("request %d: begun %v, sent %v, first byte %v, done %v: %s", i, x.Begun, x.Sent, x.FirstByte, x.Done, result(x))
			}
		}
	})
}

// TestFastLooks: a request that may not go out twice takes a fresh connection
// where its server has closed the one there was but a moment ago.
func TestFastLooks(t *testing.T) {
	eachFast(t, func(t *testing.T, tr Transport) {
		now, closed := make(chan bool), make(chan bool)
		s := serve(t, func(p *peer) {
			p.request()
			p.send(ok + "Content-Length: 2\r\n\r\nhi")
			if p.number == 0 {
				<-now
				_ = p.conn.Close()
				close(closed)
			}
		})
		f, c := tr.(*Fast), tr.Open(s.host)
		defer c.Close()
		for i := range 2 {
			x := do(t, tr, c, &Exchange{Method: "POST", Target: "/", Timeout: time.Minute, KeepBody: true})
			if result(x) != "OK hi" {
				t.Errorf("request %d: %s", i, result(x))
			}
			if i == 0 {
				close(now)
				<-closed
				f.now = f.clock() - unseen/2
			}
		}
	})
}

// TestFastStamps: headers that are kept rendered are those of the request at
// hand, however many others there are.
func TestFastStamps(t *testing.T) {
	var s stamps
	d := newDialer(nowhere(), nil)
	for i := range 5000 {
		headers := []Header{{"X-Kind", string(rune('a' + i%11))}, {"Connection", []string{"close", "keep-alive"}[i%2]}}
		if i%7 == 0 {
			headers = append(headers, Header{"X-Number", strings.Repeat("1", i%50)})
		}
		if i%97 == 0 {
			headers = append(headers, Header{"X-Bad", "a\nb"})
		}
		r := &request{}
		r.begin(d, &Exchange{Method: "POST", Target: "/", Headers: headers, Body: []byte("b")})
		kept := s.of(r)
		if kept == nil {
			continue
		}
		got := string(r.appendLength(append(r.appendTarget(nil), kept.text...)))
		if want := string(r.appendHead(nil)); got != want || kept.closes != r.closes() || r.check() != nil {
			t.Fatalf("request %d: got\n%q\nwant\n%q", i, got, want)
		}
	}
	if len(s.all) != maxStamps {
		t.Errorf("%d stamps are kept, want %d", len(s.all), maxStamps)
	}
}
