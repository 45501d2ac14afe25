package h1

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/textproto"
)

// maxLine is the longest line before a chunk, and the longest trailer, in bytes:
// net/http reads both through a buffer of that size.
const maxLine = 4 << 10

// feedChunked reads on in a chunked body (RFC 9112, 7.1), as strictly as
// net/http: lines end with CRLF, and overhead is bounded.
func (p *Parser) feedChunked(b []byte) (int, error) {
	switch p.state {
	case inChunkSize:
		return p.feedChunkSize(b)
	case inChunk:
		n := int(min(uint64(len(b)), uint64(p.left)))
		if p.left -= int64(n); p.left == 0 {
			p.state = inChunkEnd
		}
		return n, p.take(b[:n])
	case inChunkEnd:
		n := min(2-len(p.buf), len(b))
		p.buf = append(p.buf, b[:n]...)
		if len(p.buf) < 2 {
			return n, nil
		}
		if string(p.buf) != "\r\n" {
			return n, errors.New("malformed chunked encoding")
		}
		p.buf, p.state = p.buf[:0], inChunkSize
		return n, nil
	}
	return p.feedTrailer(b)
}

func (p *Parser) feedChunkSize(b []byte) (int, error) {
	n := bytes.IndexByte(b, '\n') + 1
	if n == 0 {
		if len(p.buf)+len(b) >= maxLine {
			return len(b), errors.New("header line too long")
		}
		p.buf = append(p.buf, b...)
		return len(b), nil
	}
	line := b[:n]
	if len(p.buf) > 0 {
		p.buf = append(p.buf, line...)
		line = p.buf
	}
	if len(line) > maxLine {
		return n, errors.New("header line too long")
	}
	err := p.beginChunk(line)
	p.buf = p.buf[:0]
	return n, err
}

// beginChunk reads the line before a chunk.
func (p *Parser) beginChunk(line []byte) error {
	switch i := bytes.IndexByte(line, '\r'); {
	case i < 0:
		return errors.New("chunked line ends with bare LF")
	case i != len(line)-2:
		return errors.New("invalid CR in chunked line")
	}
	line = line[:len(line)-2]
	overhead := int64(len(line)) + 2
	line = bytes.TrimRight(line, " \t")
	line, _, _ = bytes.Cut(line, []byte(";"))
	size, err := hex(line)
	if err != nil {
		return err
	}
	// A byte a chunk is allowed, overhead without end is not.
	p.excess += overhead - 16 - 2*int64(size)
	p.excess = max(p.excess, 0)
	switch {
	case size == 0:
		p.state = inTrailer
	case p.excess > 16<<10:
		return errors.New("chunked encoding contains too much non-data")
	default:
		p.left, p.state = int64(size), inChunk
	}
	return nil
}

func hex(b []byte) (n uint64, err error) {
	if len(b) == 0 {
		return 0, errors.New("empty hex number for chunk length")
	}
	for i, c := range b {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, errors.New("invalid byte in chunk length")
		}
		if i == 16 {
			return 0, errors.New("http chunk length too large")
		}
		n = n<<4 | uint64(c)
	}
	return n, nil
}

// feedTrailer reads what follows the last chunk: an empty line, or fields and an
// empty line. The fields are checked and dropped.
func (p *Parser) feedTrailer(b []byte) (int, error) {
	before := len(p.buf)
	p.buf = append(p.buf, b[:min(len(b), maxLine-before)]...)
	if len(p.buf) < 2 {
		return len(b), nil
	}
	if string(p.buf[:2]) == "\r\n" {
		p.buf, p.state = p.buf[:0], atEnd
		return 2 - before, nil
	}
	if !bytes.Contains(p.buf, []byte("\r\n\r\n")) {
		if len(p.buf) == maxLine {
			return len(b), errors.New("http: suspiciously long trailer after chunked body")
		}
		return len(b), nil
	}
	r := bufio.NewReader(bytes.NewReader(p.buf))
	if _, err := textproto.NewReader(r).ReadMIMEHeader(); err != nil && !errors.Is(err, io.EOF) {
		return len(b), err
	}
	n := len(p.buf) - r.Buffered() - before
	p.buf, p.state = p.buf[:0], atEnd
	if n < 0 {
		// It ended, by an empty line of another kind, in what was taken before.
		p.keep, n = false, 0
	}
	return n, nil
}
