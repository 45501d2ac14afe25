package jsonwalk

import (
	"encoding/binary"
	"math/bits"
)

// gap is the index of the first byte from i that is no white space. Mostly
// there is none; -1 stays.
func gap(doc []byte, i int) int {
	if uint(i) < uint(len(doc)) && doc[i] <= ' ' {
		return space(doc, i)
	}
	return i
}

// space is gap where there is something. In indented text it is long.
func space(doc []byte, i int) int {
	for i < len(doc) {
		switch doc[i] {
		case ' ':
			if i+8 <= len(doc) && binary.LittleEndian.Uint64(doc[i:i+8]) == ' '*ones {
				i += 7
			}
			i++
		case '\n', '\t', '\r':
			i++
		default:
			return i
		}
	}
	return i
}

// word is the index behind a word that must begin at i.
func word(doc []byte, i int, word string) int {
	if len(doc)-i < len(word) || string(doc[i:i+len(word)]) != word {
		return -1
	}
	return i + len(word)
}

// colon is the index of the value behind the colon that must come next.
func colon(doc []byte, i int) int {
	if i = gap(doc, i); uint(i) >= uint(len(doc)) || doc[i] != ':' {
		return -1
	}
	return gap(doc, i+1)
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// special has the high bit of each byte set that ends plain text: a quote, a
// backslash or a control character. Bits above the lowest one may be wrong.
func special(x uint64) uint64 {
	quote, escape := x^'"'*ones, x^'\\'*ones
	return ((x - ' '*ones) | (quote - ones) | (escape - ones)) &^ x & highs
}

// text is the index behind the closing quote of a string whose first byte is at
// i. If it is plain, it stands for itself: ASCII without an escape.
func text(doc []byte, i int) (end int, plain bool) {
	foreign := uint64(0) // has a high bit if one of the bytes has
	for i >= 0 && i+8 <= len(doc) {
		x := binary.LittleEndian.Uint64(doc[i : i+8])
		found := special(x)
		if found == 0 {
			foreign |= x
			i += 8
			continue
		}
		foreign |= x & (found ^ (found - 1)) // up to the special byte
		at := bits.TrailingZeros64(found) &^ 7
		i += at/8 + 1
		switch byte(x >> at) {
		case '"':
			return i, foreign&highs == 0
		case '\\':
			i, foreign = escape(doc, i), highs
		default:
			return -1, false
		}
	}
	return rest(doc, i), false
}

// rest is text for the last bytes of a document.
func rest(doc []byte, i int) int {
	for i >= 0 && i < len(doc) && doc[i] >= ' ' {
		switch doc[i] {
		case '"':
			return i + 1
		case '\\':
			i = escape(doc, i+1)
		default:
			i++
		}
	}
	return -1
}

// escape is the index behind an escape whose backslash is before i.
func escape(doc []byte, i int) int {
	if i >= len(doc) {
		return -1
	}
	switch doc[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		if _, ok := hex4(doc[i+1:]); ok {
			return i + 5
		}
	}
	return -1
}

// hex4 reads the four digits of a \u escape.
func hex4(digits []byte) (r rune, ok bool) {
	if len(digits) < 4 {
		return 0, false
	}
	for _, d := range digits[:4] {
		switch {
		case '0' <= d && d <= '9':
			d -= '0'
		case 'a' <= d|0x20 && d|0x20 <= 'f':
			d = (d | 0x20) - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(d)
	}
	return r, true
}
