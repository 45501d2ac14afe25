package wire

import (
	"bufio"
	"errors"
	"math"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	maxHeader    = 1 << 20  // bytes of an answer before its body, interim answers included
	readBuffer   = 4 << 10  // bytes a worker reads at once
	inlineUpload = 16 << 10 // bytes of a request that any socket takes without its peer's help
)

// lingering is how long the rest of a finished conversation is waited for: the
// last words of a peer that has stopped listening, the end of an upload whose
// answer has come.
const lingering = 50 * time.Millisecond

// A scratch is what a worker needs while an exchange is on its way.
type scratch struct {
	source  source
	reader  *bufio.Reader
	head    []byte
	request http.Request // tells http.ReadResponse the method, no more
}

func newScratch(epoch time.Time) *scratch {
	s := &scratch{source: source{epoch: epoch}}
	s.reader = bufio.NewReaderSize(&s.source, readBuffer)
	return s
}

// A source reads an answer from a link. It notes when the first byte came and
// limits the head.
type source struct {
	epoch time.Time
	conn  net.Conn
	first time.Duration // -1: nothing came
	left  int64         // bytes of the head that may still come
	err   error         // what Read failed with: the parser may take it for less and go on
}

func (s *source) Read(b []byte) (int, error) {
	if s.err != nil {
		return 0, s.err
	}
	if s.left <= 0 {
		s.err = errHeaderTooLarge
		return 0, s.err
	}
	if int64(len(b)) > s.left {
		b = b[:s.left]
	}
	var n int
	n, s.err = s.conn.Read(b)
	if n > 0 && s.first < 0 {
		s.first = time.Since(s.epoch)
	}
	s.left -= int64(n)
	return n, s.err
}

// http1 sends r over l and reads the head of its answer.
func (p *trip) http1(l *link, r *request) (*answer, *failure) {
	s := p.s
	if p.x.Sent < 0 {
		p.x.Sent = p.now()
	}
	s.source = source{epoch: s.source.epoch, conn: l.conn, first: -1, left: maxHeader}
	s.reader.Reset(&s.source)
	up := s.send(l, r)
	p.up = up
	resp, failed := s.readHead(r.method)
	began := s.source.first >= 0
	if began {
		p.x.FirstByte = s.source.first
	}
	if failed != nil {
		err := p.readFault(failed)
		untouched := l.raw.out.Load() == 0
		resend := err.Kind == "reset" && err != errClosed && !began && (untouched || r.idempotent())
		return nil, &failure{err: err, resend: resend}
	}
	s.source.left = math.MaxInt64
	reuse := func() bool {
		return up.settled() && !resp.Close && !r.closes() && resp.StatusCode != http.StatusSwitchingProtocols &&
			s.reader.Buffered() == 0
	}
	return &answer{status: resp.StatusCode, header: resp.Header, body: resp.Body, reuse: reuse}, nil
}

// readFault says why an answer could not be read: what the upload ran into, if
// it did, is nearer to the cause than what the reader saw of it. HTTP/2 has no
// upload of ours and names its own causes.
func (p *trip) readFault(failure error) *Error {
	var known *Error
	if p.up == nil || errors.As(failure, &known) {
		return fault(failure, receiving)
	}
	if err := p.s.source.err; err != nil {
		// The parser may have taken half a line for a whole one.
		failure = err
	}
	finished, failed := p.up.state()
	switch {
	case failed != nil:
		return fault(failed, sending)
	case p.s.source.first >= 0:
		return fault(failure, receiving)
	case !finished:
		return fault(failure, sending)
	}
	return fault(failure, waiting)
}

// readHead reads heads until one is not interim.
func (s *scratch) readHead(method string) (*http.Response, error) {
	s.request.Method = method
	for {
		resp, err := http.ReadResponse(s.reader, &s.request)
		switch {
		case err != nil:
			return nil, err
		case resp.ProtoMajor != 1:
			return nil, errors.New("malformed HTTP version")
		case resp.StatusCode < 100:
			return nil, errors.New("malformed HTTP status code")
		case resp.StatusCode >= 200 || resp.StatusCode == http.StatusSwitchingProtocols:
			return resp, nil
		}
	}
}

// An upload is a request on its way out. A small one has been written when
// send returns; a large one is written beside the reading, because a server
// may answer, and stop listening, before it has all of it.
type upload struct {
	done chan struct{} // nil: written at once
	err  error         // once done
}

func (s *scratch) send(l *link, r *request) *upload {
	s.head = r.appendHead(s.head[:0])
	if len(s.head)+len(r.body) <= inlineUpload {
		s.head = append(s.head, r.body...)
		_, err := l.conn.Write(s.head)
		lastWords(l, err)
		return &upload{err: err}
	}
	up := &upload{done: make(chan struct{})}
	go func() {
		defer close(up.done)
		if _, up.err = l.conn.Write(s.head); up.err == nil {
			_, up.err = l.conn.Write(r.body)
		}
		lastWords(l, up.err)
	}()
	return up
}

// lastWords gives a peer that takes no more of a request a moment to say why.
func lastWords(l *link, err error) {
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		_ = l.raw.SetReadDeadline(time.Now().Add(lingering))
	}
}

// state reports whether the upload has ended and what it ran into.
func (u *upload) state() (bool, error) {
	if u.done == nil {
		return true, u.err
	}
	select {
	case <-u.done:
		return true, u.err
	default:
		return false, nil
	}
}

// wait blocks until the upload has ended: after its link was closed, at once.
func (u *upload) wait() {
	if u != nil && u.done != nil {
		<-u.done
	}
}

// settled waits a moment for the end of an upload whose answer has come, and
// reports whether all of it was taken.
func (u *upload) settled() bool {
	if u.done != nil {
		select {
		case <-u.done:
		case <-time.After(lingering):
			return false
		}
	}
	return u.err == nil
}
