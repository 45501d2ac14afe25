package jsonwalk

import (
	"bytes"
	"iter"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
)

// matches reports whether a key, without its quotes, is the one of the step.
func (s *Step) matches(key []byte, plain bool) bool {
	return plain && string(key) == s.Name || !plain && s.matchesDecoded(key)
}

func (s *Step) matchesDecoded(key []byte) bool {
	return cty.NormalizeString(string(appendText(nil, key))) == s.Name
}

// Text gives the text of a string, in its quotes, that is known to be valid.
// Where nothing in it is escaped, it is a part of quoted itself.
func Text(quoted []byte) []byte {
	inside := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(inside, '\\') < 0 && utf8.Valid(inside) {
		return inside
	}
	return appendText(make([]byte, 0, len(inside)), inside)
}

// appendText decodes the inside of a string.
func appendText(dst, inside []byte) []byte {
	for len(inside) > 0 {
		switch c := inside[0]; {
		case c == '\\':
			dst, inside = appendEscape(dst, inside[1:])
		case c < utf8.RuneSelf:
			dst, inside = append(dst, c), inside[1:]
		default:
			r, size := utf8.DecodeRune(inside)
			dst, inside = utf8.AppendRune(dst, r), inside[size:]
		}
	}
	return dst
}

func appendEscape(dst, rest []byte) (_, left []byte) {
	switch c := rest[0]; c {
	case 'b':
		return append(dst, '\b'), rest[1:]
	case 'f':
		return append(dst, '\f'), rest[1:]
	case 'n':
		return append(dst, '\n'), rest[1:]
	case 'r':
		return append(dst, '\r'), rest[1:]
	case 't':
		return append(dst, '\t'), rest[1:]
	case 'u':
		r, left := unicode(rest[1:])
		return utf8.AppendRune(dst, r), left
	default:
		return append(dst, c), rest[1:]
	}
}

// unicode reads the digits of a \u escape, and the second half of a surrogate
// pair; half a pair is U+FFFD.
func unicode(rest []byte) (r rune, left []byte) {
	r, _ = hex4(rest)
	left = rest[4:]
	if !utf16.IsSurrogate(r) {
		return r, left
	}
	if len(left) >= 6 && left[0] == '\\' && left[1] == 'u' {
		second, _ := hex4(left[2:])
		if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
			return pair, left[6:]
		}
	}
	return utf8.RuneError, left
}

// Elements are the elements of an array that is known to be valid.
func Elements(array []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i := gap(array, 1); i < len(array) && array[i] != ']'; i = behind(array, i) {
			start := i
			if i = skip(array, i, 0); i < 0 || !yield(array[start:i]) {
				return
			}
		}
	}
}

// Members are the keys, in their quotes, and the values of an object that is
// known to be valid.
func Members(object []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		for i := gap(object, 1); i < len(object) && object[i] != '}'; i = behind(object, i) {
			start := i
			if i, _ = text(object, i+1); i < 0 {
				return
			}
			key := object[start:i]
			i = colon(object, i)
			start = i
			if i = skip(object, i, 0); i < 0 || !yield(key, object[start:i]) {
				return
			}
		}
	}
}

// behind is the index of what comes behind an element and its comma.
func behind(doc []byte, i int) int {
	if i = gap(doc, i); i < len(doc) && doc[i] == ',' {
		i = gap(doc, i+1)
	}
	return i
}
