package expr

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math/rand/v2"
)

// The run-time functions themselves, shared by compiled code and by HCL's own
// evaluation, so that both draw the same numbers in the same order.

const (
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

	// lettersPerDraw characters come from one draw: 62^10 is below 2^63.
	lettersPerDraw = 10
	lettersRange   = 839299365868340224

	// maxRandomString bounds random_string(n), in bytes.
	maxRandomString = 1 << 20
)

var (
	errLength = errors.New("random_string takes a length from 0 to 1048576")
	errRange  = errors.New("random_int takes its lower bound first")
)

// appendUUID draws a version 4 UUID.
func appendUUID(dst []byte, r *rand.Rand) []byte {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], r.Uint64()&^0xf000|0x4000)
	binary.BigEndian.PutUint64(id[8:], r.Uint64()&^(3<<62)|2<<62)
	var text [36]byte
	hex.Encode(text[0:], id[0:4])
	hex.Encode(text[9:], id[4:6])
	hex.Encode(text[14:], id[6:8])
	hex.Encode(text[19:], id[8:10])
	hex.Encode(text[24:], id[10:])
	text[8], text[13], text[18], text[23] = '-', '-', '-', '-'
	return append(dst, text[:]...)
}

// drawInt draws from a to b, both included.
func drawInt(r *rand.Rand, a, b int64) (int64, error) {
	if a > b {
		return 0, errRange
	}
	span := uint64(b) - uint64(a) + 1
	if span == 0 { // the whole of int64
		return int64(r.Uint64()), nil
	}
	return int64(uint64(a) + r.Uint64N(span)), nil
}

// appendLetters draws n letters and digits.
func appendLetters(dst []byte, r *rand.Rand, n int64) ([]byte, error) {
	if n < 0 || n > maxRandomString {
		return dst, errLength
	}
	for n > 0 {
		bits := r.Uint64N(lettersRange)
		for range min(n, lettersPerDraw) {
			dst = append(dst, letters[bits%uint64(len(letters))])
			bits /= uint64(len(letters))
			n--
		}
	}
	return dst, nil
}
