package wire

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// skipped is how much of a redirect's own body is read for the sake of keeping
// its connection, in bytes.
const skipped = 64 << 10

// finish reads the body of the last answer and ends the use of its link.
func (p *trip) finish(a *answer) *Error {
	body, failure := p.read(a)
	p.x.Done = p.now()
	var err *Error
	if failure != nil {
		err = p.readFault(failure)
	}
	p.close(a, err == nil)
	if p.x.KeepHeader || p.x.KeepBody {
		p.x.Header = a.header
	}
	if err != nil || !p.x.KeepBody {
		return err
	}
	p.x.ResponseBody, err = decode(body, a.header, p.x.limit())
	return err
}

// skip drops the body of an answer that leads on to another one.
func (p *trip) skip(a *answer) {
	_, err := io.CopyN(io.Discard, a.body, skipped)
	p.close(a, errors.Is(err, io.EOF))
}

// close ends the use of a's link. whole says whether all of the answer was read.
func (p *trip) close(a *answer, whole bool) {
	if a.link.h2 == nil {
		// A body of HTTP/1.1 would read on if it were closed; the link is instead.
		p.leave(a.link, whole && a.reuse())
		return
	}
	a.link.dismiss(a.body, whole, p.deadline)
	p.leave(a.link, a.link.alive())
}

// read reads a's body to its end. It is kept only if the exchange says so.
func (p *trip) read(a *answer) ([]byte, error) {
	if !p.x.KeepBody {
		_, err := io.Copy(io.Discard, a.body)
		return nil, err
	}
	return readAll(a.body, p.x.limit())
}

func (x *Exchange) limit() int64 {
	if x.MaxBody > 0 {
		return x.MaxBody
	}
	return DefaultMaxBody
}

// readAll reads r to its end; more than limit bytes are an *Error.
func readAll(r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if int64(len(body)) > limit {
		return nil, tooLarge(limit)
	}
	return body, err
}

func tooLarge(limit int64) *Error {
	return &Error{"protocol", fmt.Sprintf("the answer's body is larger than %d KiB, too large to be kept", limit>>10)}
}

// decode undoes the encodings of a kept body, the last one first. One that it
// does not know leaves the body as it came.
func decode(body []byte, header http.Header, limit int64) ([]byte, *Error) {
	names := encodings(header)
	if len(body) == 0 {
		return body, nil
	}
	for i := len(names) - 1; i >= 0; i-- {
		open := decoders(names[i])
		if open == nil {
			return body, nil
		}
		r, err := open(body)
		if err == nil {
			body, err = readAll(r, limit)
		}
		var known *Error
		if errors.As(err, &known) {
			return nil, known
		}
		if err != nil {
			return nil, &Error{"protocol", "the answer's body is not valid " + names[i]}
		}
	}
	return body, nil
}

// encodings are the encodings of an answer in the order in which they were
// applied.
func encodings(header http.Header) []string {
	var names []string
	for name := range strings.SplitSeq(strings.Join(header.Values("Content-Encoding"), ","), ",") {
		name = strings.ToLower(strings.TrimSpace(name))
		if name != "" && name != "identity" {
			names = append(names, strings.TrimPrefix(name, "x-"))
		}
	}
	return names
}

func decoders(name string) func([]byte) (io.Reader, error) {
	switch name {
	case "gzip":
		return func(b []byte) (io.Reader, error) { return gzip.NewReader(bytes.NewReader(b)) }
	case "deflate":
		return inflate
	}
	return nil
}

// inflate reads "deflate", which is zlib's format by the standard and raw
// deflate by some servers.
func inflate(b []byte) (io.Reader, error) {
	if r, err := zlib.NewReader(bytes.NewReader(b)); err == nil {
		return r, nil
	}
	return flate.NewReader(bytes.NewReader(b)), nil
}
