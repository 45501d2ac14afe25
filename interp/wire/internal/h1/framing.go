package h1

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
)

// net/http's reasons, without what it quotes of the answer.
var (
	errVersion      = errors.New("malformed HTTP version")
	errStatus       = errors.New("malformed HTTP status code")
	errCodings      = errors.New("too many transfer encodings")
	errCoding       = errors.New("unsupported transfer encoding")
	errLengths      = errors.New("message cannot contain multiple Content-Length headers")
	errEmptyLength  = errors.New("invalid empty Content-Length")
	errLength       = errors.New("bad Content-Length")
	errTrailerField = errors.New("bad trailer key")
)

// A framing is what a head says of where its answer ends and of what comes
// after it (RFC 9112, 6 and 9).
type framing struct {
	major, minor int
	status       int
	length       []byte // the first Content-Length
	lengths      int    // how many there were
	differ       bool   // with one unlike the first
	codings      int    // how many Transfer-Encodings there were
	chunked      bool   // the first
	close, alive bool   // what Connection said
	badTrailer   bool   // Trailer announced what no trailer may hold
}

// readStatus reads the first line of a head, which begins the next framing.
func (p *Parser) readStatus(line []byte) error {
	p.framing = framing{length: p.framing.length[:0]}
	p.header, p.values = nil, nil
	if p.wants.Header {
		p.header = http.Header{}
	}
	f := &p.framing
	if len(line) >= 12 && string(line[:9]) == "HTTP/1.1 " && (len(line) == 12 || line[12] == ' ') {
		if f.status = digits(line[9:12]); f.status >= 100 {
			f.major, f.minor = 1, 1
			return nil
		}
	}
	version, rest, found := bytes.Cut(line, []byte(" "))
	if !found {
		return errResponse
	}
	code, _, _ := bytes.Cut(bytes.TrimLeft(rest, " "), []byte(" "))
	var err error
	if f.status, err = strconv.Atoi(string(code)); err != nil || len(code) != 3 || f.status < 0 {
		return errStatus
	}
	if f.major, f.minor, found = http.ParseHTTPVersion(string(version)); !found {
		return errVersion
	}
	return nil
}

// digits is a plain number, 0 for anything else.
func digits(b []byte) (n int) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func (f *framing) addLength(value []byte) {
	value = trim(value)
	if f.lengths++; f.lengths == 1 {
		f.length = append(f.length, value...)
		return
	}
	f.differ = f.differ || !bytes.Equal(value, f.length)
}

func (f *framing) addCoding(value []byte) {
	if f.codings++; f.codings == 1 {
		f.chunked = is(value, "chunked")
	}
}

func (f *framing) addConnection(value []byte) {
	for word := range bytes.SplitSeq(value, []byte(",")) {
		word = trim(word)
		f.close = f.close || is(word, "close")
		f.alive = f.alive || is(word, "keep-alive")
	}
}

func (f *framing) addTrailer(value []byte) {
	for name := range bytes.SplitSeq(value, []byte(",")) {
		name = trim(name)
		if is(name, "transfer-encoding") || is(name, "trailer") || is(name, "content-length") {
			f.badTrailer = true
		}
	}
}

// knowsChunks reports whether the answer's version has transfer encodings; in
// older ones the field means nothing.
func (f *framing) knowsChunks() bool {
	return f.major > 1 || f.major == 1 && f.minor >= 1 || f.major == 0 && f.minor == 0
}

// size is the length of the body, -1 where it is not given.
func (f *framing) size() (int64, error) {
	switch {
	case f.differ:
		return 0, errLengths
	case f.lengths == 0:
		return -1, nil
	case len(f.length) == 0:
		return 0, errEmptyLength
	}
	if len(f.length) < 10 && f.length[0] != '0' {
		if n := digits(f.length); n > 0 {
			return int64(n), nil
		}
	}
	n, err := strconv.ParseUint(string(f.length), 10, 63)
	if err != nil {
		return 0, errLength
	}
	return int64(n), nil
}

// check finds what is wrong with f as a whole.
func (f *framing) check() error {
	if !f.knowsChunks() {
		f.codings, f.chunked = 0, false
	}
	_, err := f.size()
	switch {
	case f.codings > 1:
		return errCodings
	case f.codings == 1 && !f.chunked:
		return errCoding
	case err != nil:
		return err
	case f.badTrailer && f.chunked:
		return errTrailerField
	case f.major != 1:
		return errVersion
	case f.status < 100:
		return errStatus
	}
	return nil
}

// interim reports whether another head follows.
func (f *framing) interim() bool {
	return f.status < 200 && f.status != http.StatusSwitchingProtocols
}

// bodiless reports whether answers of that status have no body.
func (f *framing) bodiless() bool {
	return f.status < 200 || f.status == http.StatusNoContent || f.status == http.StatusNotModified
}

// closes reports whether the connection ends with the answer, if its body does
// not say so.
func (f *framing) closes() bool {
	if f.minor == 0 {
		return f.close || !f.alive
	}
	return f.close
}

// endHead goes on to what follows a head.
func (p *Parser) endHead() error {
	f := &p.framing
	if err := f.check(); err != nil {
		return err
	}
	if f.interim() {
		p.state = inStatus
		return nil
	}
	length, _ := f.size()
	p.status = f.status
	p.keep = !f.closes() && f.status != http.StatusSwitchingProtocols
	switch {
	case p.wants.Head || f.bodiless():
		p.state = atEnd
	case f.chunked:
		p.state, p.excess = inChunkSize, 0
	case length > 0:
		p.state, p.left = inBody, length
	case length == 0:
		p.state = atEnd
	default:
		p.state, p.keep = inRest, false
	}
	p.adjust()
	return nil
}

// adjust makes of the kept fields what net/http makes of them.
func (p *Parser) adjust() {
	if !p.wants.Header {
		return
	}
	f, h := &p.framing, p.header
	if v := h["Pragma"]; len(v) > 0 && v[0] == "no-cache" && h["Cache-Control"] == nil {
		h["Cache-Control"] = []string{"no-cache"}
	}
	delete(h, "Transfer-Encoding")
	if f.close && f.minor > 0 {
		delete(h, "Connection")
	}
	if f.lengths > 1 {
		h["Content-Length"] = []string{string(f.length)}
	}
	if f.chunked {
		delete(h, "Trailer")
		if p.state != atEnd {
			delete(h, "Content-Length")
		}
	}
}
