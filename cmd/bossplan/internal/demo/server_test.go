package demo

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// serve serves s on a loopback port until the test ends.
func serve(t testing.TB, s *Service) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, listener, s) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Serve: %v", err)
		}
	})
	return "http://" + listener.Addr().String()
}

func TestServeOverTheNetwork(t *testing.T) {
	s := open(t, Options{Tasks: 30})
	url := serve(t, s)
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for range 2 { // the second time over the same connection
		r, err := client.Get(url + "/api/tasks")
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Body.Close() != nil {
			t.Fatal(err)
		}
		if r.StatusCode != 200 || r.ContentLength != int64(len(body)) || !strings.HasPrefix(string(body), `{"tasks":[{"id":1,`) {
			t.Errorf("status %d, Content-Length %d: %.60s", r.StatusCode, r.ContentLength, body)
		}
	}
	r, err := client.Head(url + "/api/tasks")
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(r.Body); r.StatusCode != 200 || len(body) != 0 {
		t.Errorf("HEAD: status %d with %d bytes", r.StatusCode, len(body))
	}
}

func TestServeFinishesWhatIsUnderWay(t *testing.T) {
	s := open(t, Options{Tasks: 1, PoolSize: 1})
	s.pool.patience = time.Hour
	held := hold(t, s.pool, 1)[0]
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended, status := make(chan error, 1), make(chan int, 1)
	go func() { ended <- Serve(ctx, listener, s) }()
	go func() {
		r, err := http.Get("http://" + listener.Addr().String() + "/api/tasks/1")
		if err != nil {
			t.Error(err)
			status <- 0
			return
		}
		r.Body.Close()
		status <- r.StatusCode
	}()
	for s.pool.status().Waiting == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	s.pool.checkin(held)
	if got := <-status; got != 200 {
		t.Errorf("status %d", got)
	}
	if err := <-ended; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestServeReportsABrokenListener(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	if err := Serve(context.Background(), listener, open(t, Options{Tasks: 1})); err == nil {
		t.Error("no error")
	}
}

func TestServeDoesNotWaitForTheSilent(t *testing.T) {
	s := open(t, Options{Tasks: 1})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- Serve(ctx, listener, s) }()
	c, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	time.Sleep(20 * time.Millisecond) // for it to be accepted
	cancel()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(grace - time.Second):
		t.Error("still waiting for a connection that says nothing")
		<-ended
	}
}
