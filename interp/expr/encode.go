package expr

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
)

// Text is encoded after it was written, in place.

const hexDigits = "0123456789abcdef"

// bytesWhere is the set of bytes for which in holds.
func bytesWhere(in func(b byte) bool) (set [256]bool) {
	for i := range set {
		set[i] = in(byte(i))
	}
	return set
}

// The sets of bytes that each encoding has to look at; never written to.
var (
	pathSpecial = bytesWhere(func(b byte) bool {
		return b <= ' ' || b >= 0x7f || bytes.IndexByte([]byte("\"#%<>\\^`{|}"), b) >= 0
	})
	querySpecial  = bytesWhere(func(b byte) bool { return !unreserved(b) })
	headerSpecial = bytesWhere(func(b byte) bool { return b == '\r' || b == '\n' || b == 0 })
	headerCareful = bytesWhere(func(b byte) bool { return headerSpecial[b] || b >= utf8.RuneSelf })
	jsonSpecial   = bytesWhere(func(b byte) bool {
		return b < ' ' || b >= utf8.RuneSelf || bytes.IndexByte([]byte(`"\<>&`), b) >= 0
	})
	nonASCII = bytesWhere(func(b byte) bool { return b >= utf8.RuneSelf })
)

// unreserved is RFC 3986's set of bytes that mean nothing in a URL.
func unreserved(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' ||
		b == '-' || b == '.' || b == '_' || b == '~'
}

// find is the index of the first byte of set in dst[from:], or len(dst).
func find(set *[256]bool, dst []byte, from int) int {
	for i, b := range dst[from:] {
		if set[b] {
			return from + i
		}
	}
	return len(dst)
}

// special is the set of bytes that enc changes, and of those that may combine
// with others into one: all but ASCII.
func (enc Encoding) special() *[256]bool {
	switch enc {
	case Path:
		return &pathSpecial
	case Query:
		return &querySpecial
	case Header:
		return &headerCareful
	case JSON:
		return &jsonSpecial
	}
	return &nonASCII
}

// encode brings dst[start:] into the form that enc asks for, in JSON that of
// the inside of a string. It fails only for a header.
func encode(dst []byte, start int, enc Encoding) ([]byte, error) {
	switch enc {
	case Path:
		return percent(dst, find(&pathSpecial, dst, start), &pathSpecial, true), nil
	case Query:
		return percent(dst, find(&querySpecial, dst, start), &querySpecial, false), nil
	case Header:
		if find(&headerSpecial, dst, start) < len(dst) {
			return dst[:start], errHeader
		}
	case JSON:
		return escapeJSON(dst, start), nil
	}
	return dst, nil
}

// percent encodes the special bytes of dst[from:]. The encoded text is written
// behind the plain one and then moved down. With keep, an escape that is there
// already stays.
func percent(dst []byte, from int, special *[256]bool, keep bool) []byte {
	const upperHex = "0123456789ABCDEF"
	end := len(dst)
	for i := from; i < end; i++ {
		b := dst[i]
		if special[b] && !(keep && isEscape(dst[i:end])) {
			dst = append(dst, '%', upperHex[b>>4], upperHex[b&15])
		} else {
			dst = append(dst, b)
		}
	}
	return moveDown(dst, from, end)
}

// moveDown replaces dst[from:end] by dst[end:].
func moveDown(dst []byte, from, end int) []byte {
	return dst[:from+copy(dst[from:], dst[end:])]
}

// isEscape reports whether text begins with a percent sign and two hex digits.
func isEscape(text []byte) bool {
	return len(text) >= 3 && text[0] == '%' && isHex(text[1]) && isHex(text[2])
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}

// endsInEscape reports whether text ends in what the next bytes could make an
// escape.
func endsInEscape(text []byte) bool {
	n := len(text)
	return n >= 1 && text[n-1] == '%' || n >= 2 && text[n-2] == '%' && isHex(text[n-1])
}

// escapeJSON escapes dst[start:] for the inside of a JSON string, exactly as
// encoding/json does, its HTML escapes included, since cty's JSON is its.
func escapeJSON(dst []byte, start int) []byte {
	from := find(&jsonSpecial, dst, start)
	end := len(dst)
	for i := from; i < end; {
		b := dst[i]
		if b < utf8.RuneSelf {
			dst = escapeASCII(dst, b)
			i++
			continue
		}
		r, size := utf8.DecodeRune(dst[i:end])
		switch {
		case r == utf8.RuneError && size == 1:
			dst = append(dst, `\ufffd`...)
		case r == '\u2028' || r == '\u2029':
			dst = append(dst, `\u202`...)
			dst = append(dst, hexDigits[r&15])
		default:
			dst = append(dst, dst[i:i+size]...)
		}
		i += size
	}
	return moveDown(dst, from, end)
}

func escapeASCII(dst []byte, b byte) []byte {
	switch b {
	case '"', '\\':
		return append(dst, '\\', b)
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	if jsonSpecial[b] {
		return append(dst, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15])
	}
	return append(dst, b)
}

// isASCII reports whether text is ASCII alone.
func isASCII(text []byte) bool {
	const highs = 0x8080808080808080
	for len(text) >= 8 {
		if binary.LittleEndian.Uint64(text)&highs != 0 {
			return false
		}
		text = text[8:]
	}
	return find(&nonASCII, text, 0) == len(text)
}

// normalize brings dst[start:] into the normal form that cty keeps strings in.
func normalize(dst []byte, start int) []byte {
	return append(dst[:start], cty.NormalizeString(string(dst[start:]))...)
}
