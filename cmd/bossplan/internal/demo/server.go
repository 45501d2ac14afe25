package demo

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// grace is how long Serve lets requests under way finish.
const grace = 5 * time.Second

// Serve answers requests on a listener until the context ends; then it lets
// those under way finish, closes every connection, and returns nil. It returns
// earlier with an error where accepting fails. It closes the listener, not the
// service.
func Serve(ctx context.Context, listener net.Listener, s *Service) error {
	var silent silent
	server := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       5 * time.Minute, // longer than users think
		MaxHeaderBytes:    16 << 10,
		ConnState:         silent.note,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return errors.Join(err, server.Close())
	case <-ctx.Done():
	}
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	silent.close()
	err := server.Shutdown(limit)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	<-ended
	return err
}

// silent holds the connections that have not sent anything yet. Shutdown would
// wait for a first request on them, for as long as it may.
type silent struct {
	mu    sync.Mutex
	conns map[net.Conn]bool
}

// note follows a connection's state, for http.Server.ConnState.
func (s *silent) note(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state != http.StateNew {
		delete(s.conns, c)
		return
	}
	if s.conns == nil {
		s.conns = make(map[net.Conn]bool)
	}
	s.conns[c] = true
}

func (s *silent) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.Close()
	}
}
