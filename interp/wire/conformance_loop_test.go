package wire

import (
	"sync"
	"testing"
	"time"
)

// testOutcome: the phases of an exchange are in order, and none is said to be
// over before it was.
func testOutcome(t *testing.T, tr transport) {
	const pause = 50 * time.Millisecond
	epoch := tr.(*loop).epoch
	spoke := make(chan time.Duration, 2)
	s := serve(t, func(p *peer) {
		for p.request() != nil {
			for _, text := range []string{ok + "Content-Length: 2\r\n\r\nh", "i"} {
				time.Sleep(pause)
				spoke <- time.Since(epoch)
				p.send(text)
			}
		}
	})
	conn := tr.Open(s.host)
	defer conn.Close()
	apart := 0
	for i := range 4 {
		x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: 20 * time.Second})
		if x.Err != nil {
			t.Fatal(x.Err)
		}
		if (x.Connect >= 0) != (i == 0) || x.TLS >= 0 || x.Sent < 0 {
			t.Errorf("request %d: connect %v, tls %v, sent %v", i, x.Connect, x.TLS, x.Sent)
		}
		first, last := <-spoke, <-spoke
		if x.FirstByte < first || x.Done < last {
			t.Errorf("request %d: first byte at %v, sent at %v; done at %v, sent at %v", i, x.FirstByte, first, x.Done, last)
		}
		if x.FirstByte < last {
			apart++
		}
		if x.ResponseBody != nil || x.Header != nil {
			t.Error("a body was kept that nobody asked for")
		}
	}
	if apart == 0 {
		t.Errorf("no first byte is noted before the last was sent, %v later", pause)
	}
}

// testClosing: whatever is on its way ends and is handed back, in every phase.
func testClosing(t *testing.T, tr transport) {
	asked := make(chan bool, 100)
	server := func(follow func(*peer)) func(*testing.T) *Host {
		h := serve(t, func(p *peer) { follow(p); asked <- true; p.stall() }).host
		return func(*testing.T) *Host { return h }
	}
	stuck := server(func(p *peer) { _, _ = p.conn.Read(make([]byte, 1)) })
	silent := server(func(p *peer) { p.request() })
	halfway := server(func(p *peer) { p.request(); p.send(ok + "Content-Length: 10\r\n\r\nhel") })
	for name, c := range map[string]struct {
		host func(*testing.T) *Host
		body int
		sent bool
	}{
		"connecting": {deaf, 0, false},
		"sending":    {stuck, 8 << 20, true},
		"waiting":    {silent, 0, true},
		"receiving":  {halfway, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			conn := tr.Open(c.host(t))
			x := &Exchange{Method: "POST", Target: "/", Timeout: time.Minute, Body: make([]byte, c.body)}
			tr.Start(conn, x)
			for c.sent && len(asked) == 0 {
				turn(tr, 5*time.Millisecond)
			}
			if c.sent {
				<-asked
			}
			turn(tr, 30*time.Millisecond)
			conn.Close()
			if done := wait(tr, time.Hour); len(done) != 1 || done[0] != x {
				t.Fatalf("%d exchanges were handed back, want the one that was closed", len(done))
			}
			if x.Err != errClosed || x.Sent >= 0 != c.sent || x.Done < x.Sent {
				t.Errorf("%s, sent %v, done %v", result(x), x.Sent, x.Done)
			}
			conn.Close() // once more
			do(t, tr, conn, x)
			if x.Err != errClosed || x.Sent >= 0 {
				t.Errorf("an exchange on a closed connection: %s, sent %v", result(x), x.Sent)
			}
		})
	}
	t.Run("at once", func(t *testing.T) {
		conn := tr.Open(silent(t))
		x := &Exchange{Method: "GET", Target: "/", Timeout: time.Minute}
		tr.Start(conn, x)
		conn.Close()
		if done := wait(tr, time.Hour); len(done) != 1 || done[0] != x || x.Err != errClosed {
			t.Errorf("%d exchanges, %s", len(done), result(x))
		}
	})
	t.Run("everything", func(t *testing.T) { testClosingAll(t, tr, stuck(t), silent(t), halfway(t)) })
}

// testClosingAll closes the transport itself with exchanges on their way to each
// of the hosts, small ones and large ones.
func testClosingAll(t *testing.T, tr transport, hosts ...*Host) {
	var conns []Conn
	large := make([]byte, 4<<20)
	for i := range 8 {
		for _, h := range hosts {
			conn := tr.Open(h)
			conns = append(conns, conn)
			tr.Start(conn, &Exchange{Method: "POST", Target: "/", Body: large[:i%2*len(large)], Timeout: time.Minute})
		}
	}
	many := len(conns)
	turn(tr, 50*time.Millisecond)
	tr.Close()
	tr.Close()
	var done []*Exchange
	for begun := time.Now(); len(done) < many && time.Since(begun) < patience; {
		done = tr.Wait(done, time.Hour)
	}
	seen := map[*Exchange]bool{}
	for _, x := range done {
		if seen[x] || x.Err != errClosed {
			t.Errorf("after Close, handed back before %v: %s", seen[x], result(x))
		}
		seen[x] = true
	}
	if len(seen) != many {
		t.Errorf("%d exchanges were handed back, want %d", len(seen), many)
	}
	x := do(t, tr, conns[0], &Exchange{Method: "GET", Target: "/"})
	if x.Err != errClosed {
		t.Errorf("an exchange after Close: %s", result(x))
	}
	if done := tr.Wait(nil, time.Hour); len(done) > 0 {
		t.Errorf("%d exchanges more were handed back", len(done))
	}
}

// testWaiting: Wait ends at its moment, and does not spin until then.
func testWaiting(t *testing.T, tr transport) {
	epoch := tr.(*loop).epoch
	s := serve(t, func(p *peer) { p.request(); p.stall() })
	conn := tr.Open(s.host)
	defer conn.Close()
	for _, busy := range []bool{false, true} {
		if busy {
			tr.Start(conn, &Exchange{Method: "GET", Target: "/", Timeout: time.Minute})
		}
		for _, ahead := range []time.Duration{-time.Hour, 0, 100 * time.Microsecond, 3 * time.Millisecond, 40 * time.Millisecond} {
			until, calls := time.Since(epoch)+ahead, 0
			for calls == 0 || time.Since(epoch) < until {
				if done := tr.Wait(nil, until); len(done) > 0 {
					t.Fatalf("%s was handed back", result(done[0]))
				}
				calls++
			}
			if calls > 20 {
				t.Errorf("Wait was called %d times for %v, busy %v", calls, ahead, busy)
			}
		}
	}
}

// testWaking: Wake ends a Wait, the next one if there is none, from anywhere.
func testWaking(t *testing.T, tr transport) {
	for range 20 {
		tr.Wake()
		if done := tr.Wait(nil, time.Hour); len(done) != 0 {
			t.Errorf("Wake before Wait handed back %d exchanges", len(done))
		}
		time.AfterFunc(time.Millisecond, tr.Wake)
		if done := tr.Wait(nil, time.Hour); len(done) != 0 {
			t.Errorf("Wake in Wait handed back %d exchanges", len(done))
		}
	}
	s := serve(t, func(p *peer) {
		for p.request() != nil {
			p.send(ok + "Content-Length: 2\r\n\r\nhi")
		}
	})
	conn := tr.Open(s.host)
	defer conn.Close()
	stop := make(chan struct{})
	var wakers sync.WaitGroup
	for range 4 {
		wakers.Go(func() {
			for {
				select {
				case <-stop:
					return
				case <-time.After(100 * time.Microsecond):
					tr.Wake()
				}
			}
		})
	}
	for range 200 {
		x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: 20 * time.Second, KeepBody: true})
		if result(x) != "OK hi" {
			t.Errorf("while others call Wake: %s", result(x))
		}
	}
	close(stop)
	wakers.Wait()
}
