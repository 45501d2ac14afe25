// Package h1 reads HTTP/1.1 answers from pieces of any size, as they come in. It
// does no input or output of its own and blocks on nothing.
//
// What it accepts, when it refuses the rest and how it names the reason is
// net/http's way ([net/http.ReadResponse] and the body it gives): an answer
// must mean the same whichever transport carries it. Where net/http is lax, so
// is this package. Reading goes by lines (head.go), which are taken where they
// lie; only what is cut between two pieces is copied. A line says something of
// the answer's framing (framing.go) or is a field (field.go) to be kept or
// dropped; a body is counted or kept, chunked ones by chunk.go.
package h1

import (
	"errors"
	"io"
	"net/http"
)

// MaxHead is how many bytes may come before an answer's body, interim answers
// included.
const MaxHead = 1 << 20

var (
	// ErrHeadTooLarge is what Feed gives after MaxHead bytes without a body.
	ErrHeadTooLarge = errors.New("the answer's header is larger than 1 MiB")
	// ErrBodyTooLarge is what Feed gives when a body that is to be kept is larger
	// than Wants.MaxBody.
	ErrBodyTooLarge = errors.New("the answer's body is too large to be kept")
)

// Wants is what is wanted of an answer.
type Wants struct {
	Head     bool  // the request was HEAD: the answer has no body
	Header   bool  // keep the fields
	Steering bool  // keep the fields Location and Set-Cookie
	Body     bool  // keep the body; else it is counted and dropped
	MaxBody  int64 // bytes of a kept body
}

type state uint8

const (
	inStatus    state = iota // the first line of a head
	inFirst                  // the line after it
	inFields                 // the lines after that
	inBody                   // a body of a known length
	inRest                   // a body that ends with the connection
	inChunkSize              // the line before a chunk
	inChunk
	inChunkEnd // the line break after it
	inTrailer
	atEnd
)

// A Parser reads one answer after another. It is used by one goroutine, and
// reads nothing before Begin.
type Parser struct {
	wants   Wants
	state   state
	started bool
	keep    bool
	status  int
	header  http.Header
	body    []byte
	left    int64 // of the body or the chunk
	excess  int64 // of chunk overhead, see chunk.go

	framing framing
	heads   int      // bytes of the lines of heads that were read
	values  []string // cut up into the header's slices
	colon   int      // where the name of the field being read ends
	folds   bool     // it goes on over several lines
	scanned int      // of it: no line ends between here and what has come
	fold    []byte   // it, on one line

	buf []byte // of a line, a field or a trailer that was cut
}

// roomy is the size in bytes from which on a buffer is not kept for the next
// answer: most are small, and a parser may serve many connections.
const roomy = 16 << 10

// Begin makes p ready for a new answer.
func (p *Parser) Begin(w Wants) {
	p.wants, p.state, p.started, p.keep = w, inStatus, false, false
	p.status, p.header, p.body = 0, nil, nil
	p.heads, p.folds, p.scanned = 0, false, 0
	for _, b := range []*[]byte{&p.buf, &p.fold, &p.framing.length} {
		if *b = (*b)[:0]; cap(*b) > roomy {
			*b = nil
		}
	}
}

// Feed takes from b what belongs to the answer. It says how many bytes that
// was and whether the answer is whole thereby; what follows is no part of it.
// After an error, or when the answer is whole, there must be no other Feed
// before Begin.
func (p *Parser) Feed(b []byte) (n int, done bool, err error) {
	p.started = p.started || len(b) > 0
	for n < len(b) && p.state != atEnd {
		took, err := p.step(b[n:])
		n += took
		if err != nil {
			return n, false, err
		}
	}
	return n, p.state == atEnd, nil
}

// step takes something from b, which is not empty.
func (p *Parser) step(b []byte) (int, error) {
	switch p.state {
	case inStatus, inFirst, inFields:
		return p.feedHead(b)
	case inBody:
		n := int(min(int64(len(b)), p.left))
		if p.left -= int64(n); p.left == 0 {
			p.state = atEnd
		}
		return n, p.take(b[:n])
	case inRest:
		return len(b), p.take(b)
	}
	return p.feedChunked(b)
}

// take has b as the next part of the body. What is kept grows with what has
// come, whatever length the answer promises.
func (p *Parser) take(b []byte) error {
	if !p.wants.Body {
		return nil
	}
	if int64(len(p.body)+len(b)) > p.wants.MaxBody {
		return ErrBodyTooLarge
	}
	p.body = append(p.body, b...)
	return nil
}

// End says what it means that the connection ends here: nil where that is how
// the answer ends, io.EOF where nothing of it came, and io.ErrUnexpectedEOF in
// the middle of it.
func (p *Parser) End() error {
	switch {
	case p.state == inRest:
		p.state = atEnd
		return nil
	case p.state == atEnd:
		return nil
	case !p.started:
		return io.EOF
	}
	return io.ErrUnexpectedEOF
}

// Started reports whether anything came.
func (p *Parser) Started() bool { return p.started }

// Status is the answer's status, once its head was read; 0 before.
func (p *Parser) Status() int { return p.status }

// Header are the answer's fields, where they were wanted, once its head was
// read. They are the caller's.
func (p *Parser) Header() http.Header { return p.header }

// Body is what was kept of the answer's body. It is the caller's.
func (p *Parser) Body() []byte { return p.body }

// Keep reports whether the connection may carry another answer after this one,
// as far as this one says.
func (p *Parser) Keep() bool { return p.keep }
