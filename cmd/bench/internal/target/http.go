package target

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// standard is the server on net/http. It has no delay, stall or log.
type standard struct {
	requests, accepted atomic.Int64
	open               atomic.Int64
	body               []byte
}

func serveHTTP(o Options, in io.Reader, out io.Writer) error {
	if o.Delay > 0 || o.StallFor > 0 || o.Log > 0 {
		return errors.New("the server for TLS and HTTP/2 has no delay, stall or log")
	}
	s := &standard{body: []byte(content(128))}
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := s.server(o)
	failed := make(chan error, 1)
	go func() {
		if o.TLS {
			failed <- server.ServeTLS(listener, o.Cert, o.Key)
			return
		}
		failed <- server.Serve(listener)
	}()
	if err := json.NewEncoder(out).Encode(Count{Address: listener.Addr().String()}); err != nil {
		return err
	}
	go func() { failed <- s.commands(in, out) }()
	err = <-failed
	return errors.Join(err, server.Close())
}

func (s *standard) server(o Options) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(o.HTTP2 && o.TLS)
	protocols.SetUnencryptedHTTP2(o.HTTP2 && !o.TLS)
	return &http.Server{
		Handler:           s,
		Protocols:         &protocols,
		ConnState:         s.state,
		TLSConfig:         &tls.Config{MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: time.Minute,
		// Clients that end in the middle of something are no news.
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

func (s *standard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	header := w.Header()
	header["Content-Type"] = []string{"application/json"}
	header["Content-Length"] = []string{fmt.Sprint(len(s.body))}
	header["Date"] = nil
	// An error is the client's: it has gone.
	_, _ = w.Write(s.body)
}

func (s *standard) state(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.accepted.Add(1)
		s.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		s.open.Add(-1)
	}
}

func (s *standard) commands(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		if err := obey(s, lines.Text(), out); err != nil {
			return err
		}
	}
	return lines.Err()
}

func (s *standard) count() Count {
	return Count{Requests: s.requests.Load(), Open: int(s.open.Load()), Accepted: s.accepted.Load()}
}

func (s *standard) reset() {
	s.requests.Store(0)
	s.accepted.Store(0)
}

func (s *standard) writeLog(string) error { return errNoLog }
