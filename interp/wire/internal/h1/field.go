package h1

import (
	"encoding/binary"
	"errors"
	"net/http"
	"strings"
)

var errField = errors.New("malformed header line")

// readField reads a field on one line, which has a colon after its name. It
// notes what it says of the framing and keeps it if that is wanted.
func (p *Parser) readField(line []byte, colon int) error {
	name, value := line[:colon], line[colon+1:]
	if !validName(name) || !validValue(value) {
		return errField
	}
	for len(value) > 0 && isBlank(value[0]) {
		value = value[1:]
	}
	steers := false
	switch len(name) {
	case len("Content-Length"):
		if is(name, "content-length") {
			p.framing.addLength(value)
		}
	case len("Transfer-Encoding"):
		if is(name, "transfer-encoding") {
			p.framing.addCoding(value)
		}
	case len("Connection"):
		if is(name, "connection") {
			p.framing.addConnection(value)
		}
		steers = is(name, "set-cookie")
	case len("Trailer"):
		if is(name, "trailer") {
			p.framing.addTrailer(value)
		}
	case len("Location"):
		steers = is(name, "location")
	}
	if p.wants.Header || steers && p.wants.Steering {
		p.keepField(line, len(name), len(value))
	}
	return nil
}

// keepField keeps a field, given where its name ends and its value begins.
func (p *Parser) keepField(line []byte, name, value int) {
	if p.header == nil {
		p.header = http.Header{}
	}
	text := string(line)
	key := http.CanonicalHeaderKey(text[:name])
	text = text[len(text)-value:]
	if more := p.header[key]; more != nil {
		p.header[key] = append(more, text)
		return
	}
	if len(p.values) == 0 {
		p.values = make([]string, 8)
	}
	p.values[0] = text
	p.header[key], p.values = p.values[:1:1], p.values[1:]
}

// validName reports whether a field may have that name: a token (RFC 9110,
// 5.6.2), but net/http lets spaces pass.
func validName(b []byte) bool {
	for _, c := range b {
		if lower := c | 0x20; 'a' <= lower && lower <= 'z' || c == '-' {
			continue
		}
		if !('0' <= c && c <= '9') && strings.IndexByte("!#$%&'*+.^_`|~ ", c) < 0 {
			return false
		}
	}
	return len(b) > 0
}

// validValue reports whether a field may have that value: no control characters
// but tabs. Eight bytes that are far from any are passed at once.
func validValue(b []byte) bool {
	for len(b) >= 8 {
		if suspect(binary.LittleEndian.Uint64(b)) && !validBytes(b[:8]) {
			return false
		}
		b = b[8:]
	}
	return validBytes(b)
}

// suspect reports whether a byte of eight may be below a space or a DEL. It
// finds them all and a few others: a subtraction borrows from the next byte
// only if there was one, and the top bit of a byte tells that it is neither
// (Mycroft 1987).
func suspect(w uint64) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	low := (w - 0x20*ones) &^ w
	del := w ^ 0x7f*ones
	del = (del - ones) &^ del
	return (low|del)&tops != 0
}

func validBytes(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// is compares without regard to the case of b; word is in lower case.
func is(b []byte, word string) bool {
	if len(b) != len(word) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != word[i] {
			return false
		}
	}
	return true
}
