package expr

import (
	"math/big"

	"github.com/zclconf/go-cty/cty"
)

// maxExponent bounds numbers, in bits: 1e1233 is too large. HCL writes all
// digits of a number, and of 1e999999999 there is no end.
const maxExponent = 4096

// maxDigits bounds the text that a number is read from, in bytes: the work
// grows with the square of it.
const maxDigits = 4096

// parseNumber reads a number as cty does, the usual ones without a big.Float.
// The text may be a server's.
func parseNumber(s string) (value, error) {
	if n, ok := parseDigits(s); ok {
		return integer(n), nil
	}
	switch {
	case isDecimal(s):
		return digits(s), nil
	case len(s) > maxDigits:
		return value{}, errNumber
	}
	v, err := cty.ParseNumberVal(s)
	switch {
	case err != nil:
		return value{}, errNumber
	case isExcessive(v.AsBigFloat()):
		return value{}, errExcessive
	}
	return number(v.AsBigFloat()), nil
}

// isExcessive reports whether a number is too large, or too close to zero, to
// be worked with.
func isExcessive(f *big.Float) bool {
	exponent := f.MantExp(nil)
	return f.IsInf() || exponent > maxExponent || exponent < -maxExponent
}

// parseDigits reads an integer of up to 18 digits, which cannot overflow. The
// negative zero is none.
func parseDigits(s string) (n int64, ok bool) {
	digits := s
	if len(s) > 0 && s[0] == '-' {
		digits = s[1:]
	}
	if len(digits) == 0 || len(digits) > 18 {
		return 0, false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(digits[i]-'0')
	}
	if len(digits) < len(s) {
		return -n, n != 0
	}
	return n, true
}

// isDecimal reports whether s is a number with a fraction, as HCL would write
// it: so short that it keeps its digits, and without a zero to leave out.
func isDecimal(s string) bool {
	const digitsKept = 100
	if len(s) > 0 && s[0] == '-' {
		s = s[1:]
	}
	point := -1
	for i := range len(s) {
		switch c := s[i]; {
		case c == '.' && point < 0:
			point = i
		case c < '0' || c > '9':
			return false
		}
	}
	return point > 0 && len(s) <= digitsKept && s[len(s)-1] > '0' && (point == 1 || s[0] != '0')
}
