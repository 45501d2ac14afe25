// Package target is the server that the benchmark sends its requests to: one
// thread around epoll and a fixed answer, so that it costs little, is the same
// for every client, and can say what really happened. It counts requests, and
// keeps a log of when each reached it and when it was answered: the truth that
// the clients' own figures are held against.
//
// It speaks only what the benchmark needs: GET requests without a body, over
// HTTP/1.1, one after the other on connections that stay open. For TLS and
// HTTP/2 there is a second one, on net/http.
//
// A server is driven over its standard input, a command a line, and answers
// each with one line of JSON: a Count.
//
//	count        what happened since the last reset
//	log FILE     writes the log since the last reset, and counts
//	reset        begins anew; a stall is armed again
//
// It ends with its input: a server does not outlive the program that started it.
package target

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Options say how a server behaves. The zero value answers at once.
type Options struct {
	Delay    time.Duration // from a request to its answer
	StallAt  time.Duration // from the first request since the reset …
	StallFor time.Duration // … until nothing is answered for so long; 0: never
	Log      int           // how many requests the log holds at most; 0: no log

	TLS   bool // serve by net/http, with a certificate of its own
	HTTP2 bool // speak HTTP/2 as well: by ALPN with TLS, by prior knowledge without
	Cert  string
	Key   string
}

// A Count is what a server says of itself.
type Count struct {
	Address  string   `json:"address,omitempty"` // in the first line, before any command
	Requests int64    `json:"requests"`          // answered, or waiting to be
	Open     int      `json:"open"`              // connections
	Accepted int64    `json:"accepted"`          // connections
	Unlogged int64    `json:"unlogged"`          // requests that the log had no room for
	Stall    [2]int64 `json:"stall"`             // from and to, on the clock of the log; 0 before it is known
	Error    string   `json:"error,omitempty"`   // why the command was not carried out
}

// answer has 200 bytes, head and all.
func answer() []byte {
	head := "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 128\r\n\r\n"
	return []byte(head + content(200-len(head)))
}

// content is a JSON document of n bytes.
func content(n int) string {
	const frame = `{"id":17,"status":"open","title":""}`
	return strings.Replace(frame, `""`, `"`+strings.Repeat("x", n-len(frame))+`"`, 1)
}

// Serve answers requests at a free port of 127.0.0.1 and commands from in
// until in ends.
func Serve(o Options, in *os.File, out io.Writer) error {
	if o.TLS || o.HTTP2 {
		return serveHTTP(o, in, out)
	}
	return serveRaw(o, in, out)
}

// A server carries out commands.
type server interface {
	count() Count
	reset()
	writeLog(path string) error
}

// obey carries out one line and answers it.
func obey(s server, line string, out io.Writer) error {
	verb, argument, _ := strings.Cut(strings.TrimSpace(line), " ")
	var failed error
	switch verb {
	case "count":
	case "reset":
		s.reset()
	case "log":
		failed = s.writeLog(argument)
	default:
		failed = fmt.Errorf("unknown command %q", verb)
	}
	c := s.count()
	if failed != nil {
		c.Error = failed.Error()
	}
	return json.NewEncoder(out).Encode(c)
}

var errNoLog = errors.New("this server keeps no log")
