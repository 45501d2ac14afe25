package h1

import (
	"bytes"
	"errors"
)

// net/http's reasons, without what it quotes of the answer.
var (
	errResponse   = errors.New("malformed HTTP response")
	errFirstField = errors.New("malformed header initial line")
	errLongField  = errors.New("message too large") // of a first field that begins with a space
	errNoColon    = errors.New("malformed header: missing colon")
)

// spliced is how much is added at once to a line that was cut. What comes after
// the line is read where it lies.
const spliced = 512

// feedHead reads on in a head, and in the next one where that was interim.
func (p *Parser) feedHead(b []byte) (int, error) {
	before := len(p.buf)
	b = b[:min(len(b), MaxHead-p.heads-before)]
	piece := b
	if before > 0 {
		b = b[:min(len(b), spliced)]
		p.buf = append(p.buf, b...)
		piece = p.buf
	}
	used, err := p.readLines(piece)
	p.heads += used
	if err != nil {
		return len(b), err
	}
	if p.state > inFields {
		p.buf = p.buf[:0]
		return used - before, nil
	}
	if before == 0 || used > 0 {
		p.buf = append(p.buf[:0], piece[used:]...)
	}
	if p.heads+len(p.buf) >= MaxHead {
		return len(b), ErrHeadTooLarge
	}
	return len(b), nil
}

// readLines reads the lines that are whole in b, which begins with one, up to
// the end of the last head. A field is whole when it is certain that it does not
// go on with the next line.
func (p *Parser) readLines(b []byte) (used int, err error) {
	for p.state <= inFields && err == nil {
		rest := b[used:]
		end := p.scanned + bytes.IndexByte(rest[p.scanned:], '\n') + 1
		if end == p.scanned {
			p.scanned = len(rest)
			return used, nil
		}
		switch {
		case p.state == inStatus:
			err = p.readStatus(chomp(rest[:end]))
			p.state = inFirst
		case !p.folds && len(chomp(rest[:end])) == 0:
			err = p.endHead()
		default:
			if !p.folds {
				if p.colon, err = p.findColon(chomp(rest[:end])); err != nil {
					return used, err
				}
			}
			if end == len(rest) {
				p.scanned = end - 1
				return used, nil
			}
			if isBlank(rest[end]) {
				p.scanned, p.folds = end, true
				continue
			}
			err = p.readField(p.unfold(rest[:end]), p.colon)
			p.state = inFields
		}
		used += end
		p.scanned, p.folds = 0, false
	}
	return used, err
}

// findColon is where the name ends in a field's first line. It checks what can
// be said of that line whatever follows.
func (p *Parser) findColon(line []byte) (int, error) {
	if p.state == inFirst && isBlank(line[0]) {
		if len(line) > 80 {
			return 0, errLongField
		}
		return 0, errFirstField
	}
	i := bytes.IndexByte(line, ':')
	if i < 0 {
		return 0, errNoColon
	}
	return i, nil
}

// unfold gives a field without its line break, and without those within it,
// which mean no more than a space (RFC 9112, 5.2).
func (p *Parser) unfold(lines []byte) []byte {
	if !p.folds {
		return trim(chomp(lines))
	}
	p.fold = p.fold[:0]
	for line := range bytes.SplitSeq(lines[:len(lines)-1], []byte("\n")) {
		if len(p.fold) > 0 {
			p.fold = append(p.fold, ' ')
		}
		p.fold = append(p.fold, trim(bytes.TrimSuffix(line, []byte("\r")))...)
	}
	return p.fold
}

// chomp takes the line break off a line that ends with one.
func chomp(line []byte) []byte {
	n := len(line) - 1
	if n > 0 && line[n-1] == '\r' {
		n--
	}
	return line[:n]
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// trim takes blanks off both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && isBlank(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isBlank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}
