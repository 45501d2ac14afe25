package quantity

import (
	"fmt"
	"math/big"
	"strings"
)

// maxText bounds what is read as a quantity. No honest one is longer, and it
// keeps the arithmetic on a hostile one small.
const maxText = 64

// scan reads the decimal number that s starts with: digits, at most one point
// between digits, no sign, no exponent, no separators. It is exact.
func scan(s string) (n *big.Rat, rest string, ok bool) {
	end := digits(s)
	if end == 0 || len(s) > maxText {
		return nil, s, false
	}
	if end < len(s) && s[end] == '.' {
		fraction := digits(s[end+1:])
		if fraction == 0 {
			return nil, s, false
		}
		end += 1 + fraction
	}
	n, ok = new(big.Rat).SetString(s[:end])
	return n, s[end:], ok
}

// digits is the length of the run of decimal digits that s starts with.
func digits(s string) int {
	n := 0
	for n < len(s) && '0' <= s[n] && s[n] <= '9' {
		n++
	}
	return n
}

// number is the nearest float64; what maxText lets through is always finite.
func number(n *big.Rat) float64 {
	f, _ := n.Float64()
	return f
}

// round is the nearest whole number, halves up, and whether it fits.
func round(n *big.Rat) (int64, bool) {
	twice := new(big.Int).Lsh(n.Num(), 1)
	twice.Add(twice, n.Denom())
	twice.Div(twice, new(big.Int).Lsh(n.Denom(), 1))
	return twice.Int64(), twice.IsInt64()
}

// refuse is the error for a text that is not the quantity wanted: what it is
// not, what is wrong with it where that can be told, and what is accepted.
func refuse(text, kind, unit, accepted string) error {
	why := blunder(text)
	if why == "" {
		why = unit
	}
	if why != "" {
		why = ": " + why
	}
	return fmt.Errorf("%s is not a %s%s; %s", quote(text), kind, why, accepted)
}

// blunder names a mistake that has nothing to do with units.
func blunder(text string) string {
	switch {
	case text == "":
		return "it is empty"
	case len(text) > maxText:
		return "it is too long"
	case strings.ContainsAny(text, " \t\r\n\u00a0"):
		return "it must not contain spaces"
	case strings.HasPrefix(text, "-"):
		return "it must not be negative"
	case strings.HasPrefix(text, "+"):
		return "it must not have a sign"
	case strings.Contains(text, ","):
		return "write numbers without commas"
	case strings.Contains(text, "_"):
		return "write numbers without underscores"
	}
	return ""
}

// quote shows a text in an error, cut where it is long.
func quote(text string) string {
	const limit = 40
	if len(text) > limit {
		text = strings.ToValidUTF8(text[:limit], "") + "…"
	}
	return fmt.Sprintf("%q", text)
}
