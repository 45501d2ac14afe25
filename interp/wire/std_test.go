package wire

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestStdLeavesNothing: after Close no goroutine is left, whatever was on its
// way.
func TestStdLeavesNothing(t *testing.T) {
	s := serve(t, func(p *peer) { p.request(); p.stall() })
	before := runtime.NumGoroutine()
	tr := NewStd(time.Now())
	for range 10 {
		tr.Start(tr.Open(s.host), &Exchange{Method: "GET", Target: "/"})
	}
	time.Sleep(30 * time.Millisecond)
	tr.Close()
	// A goroutine that has said it is done may still be on its way out.
	stacks := ours()
	for end := time.Now().Add(time.Second); stacks != "" && time.Now().Before(end); stacks = ours() {
		time.Sleep(time.Millisecond)
	}
	if stacks != "" {
		t.Errorf("left behind, %d goroutines before:\n%s", before, stacks)
	}
}

// ours are the stacks of goroutines that run the package's code, not the tests'.
func ours() string {
	buf := make([]byte, 1<<20)
	var left []string
	for _, g := range strings.Split(string(buf[:runtime.Stack(buf, true)]), "\n\n") {
		if strings.Contains(g, "wire.(*Std)") || strings.Contains(g, "wire.(*trip)") || strings.Contains(g, "http2ClientConn") {
			left = append(left, g)
		}
	}
	return strings.Join(left, "\n\n")
}

// TestStdWait holds the lateness of Wait against a bound that only a broken
// clock would miss, and logs what it is.
func TestStdWait(t *testing.T) {
	tr := NewStd(time.Now())
	defer tr.Close()
	var late []time.Duration
	for i := range 50 {
		until := time.Since(tr.epoch) + time.Duration(i*137%5000)*time.Microsecond
		if done := tr.Wait(nil, until); len(done) > 0 {
			t.Fatal("an exchange that nobody started")
		}
		l := time.Since(tr.epoch) - until
		if l < 0 {
			t.Fatalf("Wait came back %v early", -l)
		}
		late = append(late, l)
	}
	slices.Sort(late)
	t.Logf("late: median %v, p90 %v, max %v", late[25], late[45], late[49])
	if late[25] > 50*time.Millisecond {
		t.Errorf("median lateness %v", late[25])
	}
}

// TestStdMany runs many exchanges at once over few connections' worth of time.
func TestStdMany(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(echo))
	defer s.Close()
	h := hostOf(t, s.URL)
	tr := NewStd(time.Now())
	defer tr.Close()
	const users, rounds = 50, 20
	left := map[*Exchange]int{}
	for range users {
		x := &Exchange{Method: "GET", Target: "/", Timeout: 10 * time.Second, KeepBody: true}
		x.Owner = tr.Open(h)
		left[x] = rounds
		tr.Start(x.Owner.(Conn), x)
	}
	for len(left) > 0 {
		for _, x := range tr.Wait(nil, time.Hour) {
			if x.Err != nil || x.Status != 200 {
				t.Fatal(result(x))
			}
			if left[x]--; left[x] == 0 {
				delete(left, x)
				continue
			}
			tr.Start(x.Owner.(Conn), x)
		}
	}
}

func BenchmarkStd(b *testing.B) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer s.Close()
	h := hostOf(b, s.URL)
	tr := NewStd(time.Now())
	defer tr.Close()
	c := tr.Open(h)
	x := &Exchange{Method: "GET", Target: "/", Timeout: 10 * time.Second}
	var done []*Exchange
	b.ReportAllocs()
	for b.Loop() {
		tr.Start(c, x)
		done = tr.Wait(done[:0], time.Hour)
		if x.Err != nil {
			b.Fatal(x.Err)
		}
	}
}
