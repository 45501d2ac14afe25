package wire

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// moods are what a server of many connections may do with a request, by its
// path, and what comes of it.
func moods() map[string]struct {
	follow func(*peer) bool // false: that was the connection's last
	want   string
} {
	const hi = "Content-Length: 2\r\n\r\nhi"
	said := func(text string, more bool) func(*peer) bool {
		return func(p *peer) bool { p.send(text); return more }
	}
	return map[string]struct {
		follow func(*peer) bool
		want   string
	}{
		"/plain":   {said(ok+hi, true), "OK hi"},
		"/chunked": {said(ok+"Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", true), "OK hi"},
		"/interim": {said("HTTP/1.1 100 Continue\r\n\r\n"+ok+hi, true), "OK hi"},
		"/large":   {said(framed(patterned(50_000), "length"), true), "OK " + patterned(50_000)},
		"/leaves":  {said(ok+"Connection: close\r\n"+hi, false), "OK hi"},
		"/ends":    {said(ok+"\r\nhi", false), "OK hi"},
		"/stray":   {said(ok+hi+ok, true), "OK hi"},
		"/half":    {said(ok+"Content-Length: 10\r\n\r\nhi", false), "reset: connection closed in the middle of the answer"},
		"/nothing": {said("", false), "reset: connection closed before the answer"},
		"/garbage": {said("garbage\r\n\r\n", false), "protocol: malformed HTTP response"},
		"/late":    {func(p *peer) bool { time.Sleep(5 * time.Millisecond); p.send(ok + hi); return true }, "OK hi"},
		"/bits":    {func(p *peer) bool { p.trickle(ok + hi); return true }, "OK hi"},
		"/resets":  {func(p *peer) bool { p.reset(); return false }, "reset: connection reset before the answer"},
		"/stalls":  {func(p *peer) bool { p.send(ok); p.stall(); return false }, "timeout"},
	}
}

// testCrowd: many connections at once, to a server of all moods, and each
// exchange is handed back once with what is its own.
func testCrowd(t *testing.T, tr transport) {
	const users, rounds = 150, 8
	moods := moods()
	var paths []string
	for path := range moods {
		paths = append(paths, path)
	}
	s := serve(t, func(p *peer) {
		for r := p.request(); r != nil; r = p.request() {
			if !moods[r.URL.Path].follow(p) {
				return
			}
		}
	})
	left := map[*Exchange]int{}
	next := func(x *Exchange) {
		path := paths[rand.IntN(len(paths))]
		timeout := 25 * time.Second
		if path == "/stalls" {
			timeout = 60 * time.Millisecond
		}
		*x = Exchange{Method: "POST", Target: path, Body: []byte("b"), Timeout: timeout, KeepBody: true, Owner: x.Owner}
		tr.Start(x.Owner.(Conn), x)
	}
	for range users {
		x := &Exchange{Owner: tr.Open(s.host)}
		left[x] = rounds
		next(x)
	}
	for len(left) > 0 {
		done := wait(tr, time.Hour)
		if len(done) == 0 {
			t.Fatalf("%d exchanges are never handed back", len(left))
		}
		for _, x := range done {
			if left[x] == 0 {
				t.Fatalf("an exchange was handed back that was not on its way: %s", result(x))
			}
			want := moods[x.Target].want
			if got := result(x); got != want && !(want == "timeout" && strings.HasPrefix(got, "timeout: ")) {
				t.Errorf("%s: got %.100q, want %.100q", x.Target, got, want)
			}
			if left[x]--; left[x] > 0 {
				next(x)
				continue
			}
			delete(left, x)
			x.Owner.(Conn).Close()
		}
	}
}
