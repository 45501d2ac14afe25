package raw

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

func TestRun(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs Linux")
	}
	var requests atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests.Add(1)
		w.Header()["Date"] = nil
	}))
	defer server.Close()
	if err := Run(context.Background(), server.Listener.Addr().String(), 3, 100*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if requests.Load() < 6 {
		t.Errorf("%d requests", requests.Load())
	}
}

// TestFails has a server that takes connections and ends them, and none at all.
func TestFails(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for c, err := listener.Accept(); err == nil; c, err = listener.Accept() {
			c.Close()
		}
	}()
	for range 2 {
		if err := Run(context.Background(), listener.Addr().String(), 2, time.Second); err == nil {
			t.Error("no error")
		}
		listener.Close()
	}
}
