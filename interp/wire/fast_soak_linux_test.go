package wire

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// fickle is a server that does anything with a request.
func fickle(p *peer) {
	for p.request() != nil {
		pause := time.Duration(rand.IntN(30)) * time.Millisecond
		switch rand.IntN(16) {
		case 0:
			p.reset()
			return
		case 1:
			return
		case 2:
			p.send(ok + "Content-Length: 10\r\n\r\nabc")
			time.Sleep(pause)
			return
		case 3:
			p.send(ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
			time.Sleep(pause / 10)
			p.send("0\r\n\r\n")
		case 4:
			time.Sleep(pause)
			p.send(ok + "Content-Length: 2\r\n\r\nhi")
		case 5:
			p.send(ok + "Content-Length: 2\r\n\r\nhi" + ok)
		case 6:
			p.send(ok + "\r\n" + strings.Repeat("y", 100_000))
			return
		case 7:
			p.send("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 3\r\n\r\nabc")
		case 8:
			p.send("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.2:1/\r\nContent-Length: 0\r\n\r\n")
		case 9:
			p.send("no HTTP at all\r\n\r\n")
		default:
			p.send(ok + "Set-Cookie: a=1\r\nContent-Length: 2\r\n\r\nhi")
		}
	}
}

// A soak is users who ask a fickle server, and now and then go.
type soak struct {
	t       *testing.T
	tr      Transport
	host    *Host
	epoch   time.Time
	users   []*soakUser
	out     int // exchanges with the transport
	outcome map[string]int
}

type soakUser struct {
	conn    Conn
	x       Exchange
	started time.Duration
	out     bool
}

func (s *soak) start(u *soakUser) {
	u.x = Exchange{
		Method: []string{"GET", "POST", "PUT"}[rand.IntN(3)], Target: "/", Owner: u, Session: &Session{},
		Timeout: time.Duration(1+rand.IntN(40)) * time.Millisecond, KeepBody: rand.IntN(2) == 0,
	}
	if u.x.Method != "GET" && rand.IntN(5) == 0 {
		u.x.Body = bytes.Repeat([]byte("z"), 300_000)
	}
	u.started, u.out = time.Since(s.epoch), true
	s.out++
	s.tr.Start(u.conn, &u.x)
}

func (s *soak) take(done []*Exchange) {
	for _, x := range done {
		u := x.Owner.(*soakUser)
		if !u.out || x != &u.x {
			s.t.Fatal("an exchange was handed back that was not on its way")
		}
		u.out = false
		s.out--
		kind := "ok"
		if x.Err != nil {
			kind = x.Err.Kind
		}
		s.outcome[kind]++
		if kind == "timeout" && x.Done-u.started < x.Timeout {
			s.t.Errorf("timed out after %v of %v", x.Done-u.started, x.Timeout)
		}
		if x.Begun < u.started || x.Done < x.FirstByte || x.FirstByte >= 0 && x.FirstByte < x.Sent {
			s.t.Errorf("started %v, begun %v, sent %v, first byte %v, done %v", u.started, x.Begun, x.Sent, x.FirstByte, x.Done)
		}
	}
}

func (s *soak) run(long time.Duration) {
	for end := time.Since(s.epoch) + long; time.Since(s.epoch) < end; {
		for range 1 + rand.IntN(40) {
			u := s.users[rand.IntN(len(s.users))]
			switch {
			case !u.out:
				s.start(u)
			case rand.IntN(50) == 0:
				u.conn.Close()
			}
			if !u.out && rand.IntN(20) == 0 {
				u.conn.Close()
				u.conn = s.tr.Open(s.host)
			}
		}
		s.take(s.tr.Wait(nil, time.Since(s.epoch)+time.Duration(rand.IntN(500))*time.Microsecond))
		for _, u := range s.users {
			if !u.out && u.x.Err == errClosed {
				u.conn.Close()
				u.conn = s.tr.Open(s.host)
			}
		}
	}
}

// TestFastSoak: every exchange that is started is handed back once, whatever
// happens to it.
func TestFastSoak(t *testing.T) {
	server := serve(t, fickle)
	server.host.FollowRedirects, server.host.Cookies = 2, true
	eachFast(t, func(t *testing.T, tr Transport) {
		s := &soak{t: t, tr: tr, host: server.host, epoch: time.Now(), outcome: map[string]int{}}
		if f, ok := tr.(*Fast); ok {
			s.epoch = f.epoch
		}
		for range 200 {
			s.users = append(s.users, &soakUser{conn: tr.Open(s.host)})
		}
		s.run(time.Second)
		for _, u := range s.users[:100] {
			u.conn.Close()
		}
		s.take(tr.Wait(nil, 0))
		tr.Close()
		s.take(tr.Wait(nil, time.Hour))
		if s.out != 0 {
			t.Errorf("%d exchanges were not handed back", s.out)
		}
		for _, kind := range []string{"ok", "reset", "timeout", "protocol"} {
			if s.outcome[kind] == 0 {
				t.Errorf("nothing came out as %q: %v", kind, s.outcome)
			}
		}
		t.Log(s.outcome)
	})
}
