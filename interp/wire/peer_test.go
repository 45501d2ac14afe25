package wire

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// transport is what the engine wants of one; every implementation must pass
// testConformance.
type transport interface {
	Open(*Host) Conn
	Start(Conn, *Exchange)
	Wait([]*Exchange, time.Duration) []*Exchange
	Wake()
	Close()
}

// A peer is one connection as the scripted server sees it.
type peer struct {
	t      *testing.T
	conn   *net.TCPConn
	read   *bufio.Reader
	number int // of the connection, from 0
	ended  chan struct{}
}

// request reads one request's head and body; nil at the end of the connection.
func (p *peer) request() *http.Request {
	req, err := http.ReadRequest(p.read)
	if err != nil {
		return nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil
	}
	req.Body = io.NopCloser(strings.NewReader(string(body)))
	return req
}

func (p *peer) send(text string) { _, _ = io.WriteString(p.conn, text) }

// trickle sends one byte at a time, and rests now and then.
func (p *peer) trickle(text string) {
	for i := range len(text) {
		p.send(text[i : i+1])
		if i%8 == 0 {
			time.Sleep(50 * time.Microsecond)
		}
	}
}

// flood sends text over and over until nobody takes it.
func (p *peer) flood(text string) {
	for b := []byte(text); ; {
		if _, err := p.conn.Write(b); err != nil {
			return
		}
	}
}

// drip does it slowly.
func (p *peer) drip(text string) {
	for {
		if _, err := io.WriteString(p.conn, text); err != nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// reset ends the connection with a RST.
func (p *peer) reset() {
	_ = p.conn.SetLinger(0)
	_ = p.conn.Close()
}

// stall does nothing until the test ends.
func (p *peer) stall() { <-p.ended }

// A script is a server on loopback whose connections all follow one script.
type script struct {
	host  *Host
	conns atomic.Int32
}

func serve(t *testing.T, follow func(*peer)) *script {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &script{host: &Host{URL: &url.URL{Scheme: "http", Host: l.Addr().String()}, ConnectTimeout: 5 * time.Second}}
	ended := make(chan struct{})
	var handlers sync.WaitGroup
	t.Cleanup(func() { close(ended); _ = l.Close(); handlers.Wait() })
	handlers.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p := &peer{t, conn.(*net.TCPConn), bufio.NewReader(conn), int(s.conns.Add(1)) - 1, ended}
			handlers.Go(func() {
				stop := make(chan struct{})
				defer close(stop)
				go func() {
					select {
					case <-ended:
						_ = p.conn.Close()
					case <-stop:
					}
				}()
				follow(p)
				_ = p.conn.Close()
			})
		}
	})
	return s
}

// answers is a script: text for each request, byte by byte or at once, and the
// connection's end after the first.
func answers(text string, slow bool) func(*peer) {
	return func(p *peer) {
		if p.request() == nil {
			return
		}
		if slow {
			p.trickle(text)
			return
		}
		p.send(text)
	}
}

// do runs x on c to its end and holds what is noted of it against what must be
// so of every exchange.
func do(t *testing.T, tr transport, c Conn, x *Exchange) *Exchange {
	t.Helper()
	begun := time.Now()
	tr.Start(c, x)
	done := wait(tr, time.Hour)
	if len(done) != 1 || done[0] != x {
		t.Fatalf("Wait gave %d exchanges, want the one that was started", len(done))
	}
	taken := time.Since(begun)
	if x.Begun < 0 || x.Done < x.Begun || x.Done-x.Begun > taken {
		t.Errorf("begun %v, done %v, after %v", x.Begun, x.Done, taken)
	}
	if x.Sent >= 0 && (x.Sent < x.Begun || x.Sent > x.Done) {
		t.Errorf("begun %v, sent %v, done %v", x.Begun, x.Sent, x.Done)
	}
	if x.FirstByte >= 0 && (x.FirstByte < x.Sent || x.FirstByte > x.Done || x.BytesReceived == 0) {
		t.Errorf("sent %v, first byte %v, done %v, %d bytes", x.Sent, x.FirstByte, x.Done, x.BytesReceived)
	}
	if x.Err == nil && (x.Sent < 0 || x.FirstByte < 0 || x.BytesSent == 0) {
		t.Errorf("an answer, but sent %v, first byte %v, %d bytes out", x.Sent, x.FirstByte, x.BytesSent)
	}
	if limit := x.Timeout; x.Err != nil && x.Err.Kind == "timeout" && x.Sent >= 0 && taken < limit {
		t.Errorf("timed out after %v, %v early", taken, limit-taken)
	}
	return x
}

// patience is how long a test waits for an exchange that should long have ended.
const patience = 30 * time.Second

// wait gives the exchanges that end next, none where nothing does for very long.
func wait(tr transport, until time.Duration) []*Exchange {
	var done []*Exchange
	begun := time.Now()
	defer time.AfterFunc(patience, tr.Wake).Stop()
	for len(done) == 0 && time.Since(begun) < patience {
		done = tr.Wait(done, until)
	}
	return done
}

// result is an outcome in a line: "200 body", or the error.
func result(x *Exchange) string {
	if x.Err != nil {
		return x.Err.Error()
	}
	return strings.TrimSpace(http.StatusText(x.Status) + " " + string(x.ResponseBody))
}
