package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/interp/wire"
)

// A lineTransport is a fake one whose connections carry several exchanges, more
// with time, and which holds that none gets more than it allows.
type lineTransport struct {
	*fakeTransport
	t        *testing.T
	conns    int
	carriers map[*wire.Exchange]*lineConn
}

type lineConn struct {
	transport *lineTransport
	streams   atomic.Int32
	grown     func()
	load      int
	most      int
}

func (c *lineConn) Close()         { c.transport.t.Error("a shared connection was closed") }
func (c *lineConn) Streams() int   { return int(c.streams.Load()) }
func (c *lineConn) Grown(f func()) { c.grown = f }

// Cut answers what has no answer.
func (c *lineConn) Cut(x *wire.Exchange) {
	f := c.transport.fakeTransport
	f.mu.Lock()
	f.done = append(f.done, x)
	f.mu.Unlock()
	f.Wake()
}

func (f *lineTransport) Open(*wire.Host) wire.Conn {
	f.conns++
	c := &lineConn{transport: f}
	c.streams.Store(1)
	return c
}

func (f *lineTransport) Start(conn wire.Conn, x *wire.Exchange) {
	c := conn.(*lineConn)
	f.carriers[x] = c
	if c.load++; c.load > c.Streams() {
		f.t.Errorf("%d exchanges on a connection that carries %d", c.load, c.Streams())
	}
	if c.load == 1 && f.conns < 4 && c.most > 1 {
		f.t.Error("two on one connection before each carried one")
	}
	c.most = max(c.most, c.load)
	if rand.IntN(5) == 0 && c.Streams() < 10 {
		time.AfterFunc(time.Duration(rand.IntN(int(time.Millisecond))), func() { c.streams.Add(1); c.grown() })
	}
	f.fakeTransport.Start(conn, x)
}

func (f *lineTransport) Wait(done []*wire.Exchange, until time.Duration) []*wire.Exchange {
	done = f.fakeTransport.Wait(done, until)
	for _, x := range done {
		f.carriers[x].load--
		delete(f.carriers, x)
	}
	return done
}

// TestLines: users share connections that carry several exchanges each, none is
// forgotten in the queue, and whoever is cut off costs the others nothing.
func TestLines(t *testing.T) {
	const iterations = 3000
	g := compile(t, `
user_class "u" {
  host = host.api
  request "a" { path = "/a" }
}
user_class "stuck" {
  host = host.api
  request "a" { path = "/never" }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users      = 60
    iterations = `+fmt.Sprint(iterations)+`
    duration   = "1m"
  }
}
scenario "short" {
  user_classes  = [user_class.stuck]
  graceful_stop = "10ms"
  stage "x" {
    users    = 3
    duration = "50ms"
  }
}`)
	g.Hosts[0].Plan.Connections = 4
	var made *lineTransport
	log := &sentLog{delay: func(target string) time.Duration {
		if target == "/never" {
			return -1
		}
		return time.Duration(rand.IntN(int(2 * time.Millisecond)))
	}}
	r := runOver(t, g, nil, func(epoch time.Time) (Transport, error) {
		made = &lineTransport{
			fakeTransport: &fakeTransport{epoch: epoch, log: log, wake: make(chan struct{}, 1)}, t: t, carriers: map[*wire.Exchange]*lineConn{},
		}
		return made, nil
	})
	if n := r.Scenarios[0].Iterations; n.Completed != iterations || n.Unfinished != 0 {
		t.Errorf("%+v", n)
	}
	if n := r.Scenarios[1].Iterations; n.Unfinished != 3 {
		t.Errorf("the scenario that was cut off: %+v", n)
	}
	if made.conns != 4 {
		t.Errorf("%d connections, want 4", made.conns)
	}
}

// runOver runs a graph in one loop over a transport.
func runOver(t *testing.T, g *graph.Graph, hosts []*wire.Host, open func(time.Time) (Transport, error)) *record.Record {
	t.Helper()
	if hosts == nil {
		hosts = []*wire.Host{{URL: g.Hosts[0].Plan.BaseURL}}
	}
	r := &record.Record{}
	Prepare(g, r)
	if err := runLoops(context.Background(), g, r, Options{Hosts: hosts, Epoch: time.Now(), Transport: open}, 1); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestSharedHTTP2 is about real connections: so many, so full, and the wait for
// a stream is the server's time.
func TestSharedHTTP2(t *testing.T) {
	const users, conns, streams, iterations = 40, 2, 5, 400
	const service = 10 * time.Millisecond
	var mu sync.Mutex
	now, most, opened := 0, 0, 0
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		now++
		most = max(most, now)
		mu.Unlock()
		time.Sleep(service)
		mu.Lock()
		now--
		mu.Unlock()
	}))
	s.Config.Protocols = new(http.Protocols)
	s.Config.Protocols.SetUnencryptedHTTP2(true)
	s.Config.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: streams}
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		mu.Lock()
		defer mu.Unlock()
		if state == http.StateNew {
			opened++
		}
	}
	s.Start()
	defer s.Close()
	g := compile(t, closedPlan("", fmt.Sprintf("stage \"x\" {\nusers = %d\niterations = %d\nduration = \"1m\"\n}", users, iterations)))
	g.Hosts[0].Plan.Connections = conns
	at, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	r := runOver(t, g, []*wire.Host{{URL: at, HTTP: "2"}}, func(epoch time.Time) (Transport, error) { return wire.NewStd(epoch), nil })
	total := r.Totals()
	if n := total.Met.Response.Count(); n != iterations {
		t.Errorf("%d requests were met, want %d: %+v", n, iterations, r.Errors)
	}
	if opened != conns || most != conns*streams {
		t.Errorf("%d connections with %d requests at a time, want %d with %d", opened, most, conns, conns*streams)
	}
	response, served, lag := total.Met.Response.Quantile(50), total.Met.Service.Quantile(50), total.Met.Lag.Quantile(50)
	if wait := int64(users/(conns*streams)-1) * service.Microseconds(); response-lag < wait || served > response {
		t.Errorf("response %d µs, of which lag %d, service %d: the wait for a stream is missing", response, lag, served)
	}
}
