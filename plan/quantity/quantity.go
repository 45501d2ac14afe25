// Package quantity reads the quantities of a plan, such as "1h30m",
// "1000/min", "1%" and "10MiB", and writes them for people.
//
// Reading is exact (1.1s is 1,100,000,000 ns) and strict: what is not a
// quantity is an error that says what is accepted. No sign, no exponent, no
// separator, no space is allowed, so NaN and infinities cannot be said. All
// functions are pure and may be used from any goroutine.
package quantity

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// A unit is one spelling and what it is worth.
type unit struct {
	name  string
	worth int64
}

// find looks a unit up by its exact spelling.
func find(units []unit, name string) (unit, bool) {
	i := slices.IndexFunc(units, func(u unit) bool { return u.name == name })
	if i < 0 {
		return unit{}, false
	}
	return units[i], true
}

// hint says which unit was meant: the one with the same letters in another
// case, or what a usual other spelling stands for.
func hint(units []unit, aliases map[string]string, name string) string {
	if meant, ok := aliases[strings.ToLower(name)]; ok {
		return fmt.Sprintf("write %q for %q", meant, name)
	}
	for _, u := range units {
		if strings.EqualFold(u.name, name) {
			return fmt.Sprintf("write %q for %q", u.name, name)
		}
	}
	if name == "" {
		return ""
	}
	return fmt.Sprintf("unknown unit %s", quote(name))
}

func durationUnits() []unit {
	return []unit{
		{"h", int64(time.Hour)},
		{"m", int64(time.Minute)},
		{"s", int64(time.Second)},
		{"ms", int64(time.Millisecond)},
		{"us", int64(time.Microsecond)},
		{"µs", int64(time.Microsecond)}, // micro sign
		{"μs", int64(time.Microsecond)}, // Greek mu, what a keyboard may give
		{"ns", 1},
	}
}

func durationAliases() map[string]string {
	return map[string]string{
		"sec": "s", "secs": "s", "second": "s", "seconds": "s",
		"min": "m", "mins": "m", "minute": "m", "minutes": "m",
		"hr": "h", "hrs": "h", "hour": "h", "hours": "h",
		"msec": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
		"d": "24h", "day": "24h", "days": "24h",
	}
}

const durations = `write it like "500ms", "90s", "1h30m", "1.5h" or "90" for seconds`

// Duration reads a duration: a number of seconds, or numbers with the units
// h, m, s, ms, us (µs) and ns from the largest to the smallest. It is never
// negative; zero is for the caller to refuse.
func Duration(s string) (time.Duration, error) {
	if n, rest, ok := scan(s); ok && rest == "" {
		return asDuration(s, n.Mul(n, ratio(int64(time.Second))))
	}
	units := durationUnits()
	sum, last, rest := new(big.Rat), int64(0), s
	for first := true; first || rest != ""; first = false {
		n, tail, ok := scan(rest)
		if !ok {
			return 0, refuse(s, "duration", "", durations)
		}
		end := strings.IndexAny(tail, "0123456789.")
		if end < 0 {
			end = len(tail)
		}
		u, ok := find(units, tail[:end])
		if !ok {
			return 0, refuse(s, "duration", hint(units, durationAliases(), tail[:end]), durations)
		}
		if last != 0 && u.worth >= last {
			return 0, refuse(s, "duration", "units must go from the largest to the smallest, each once", durations)
		}
		sum.Add(sum, n.Mul(n, ratio(u.worth)))
		last, rest = u.worth, tail[end:]
	}
	return asDuration(s, sum)
}

func asDuration(text string, ns *big.Rat) (time.Duration, error) {
	n, ok := round(ns)
	if !ok {
		return 0, fmt.Errorf("%s is too long a duration; at most 2562047h (292 years) can be said", quote(text))
	}
	return time.Duration(n), nil
}

func ratio(n int64) *big.Rat { return new(big.Rat).SetInt64(n) }

// rateUnits are worth how many seconds one of them has.
func rateUnits() []unit { return []unit{{"s", 1}, {"min", 60}, {"h", 3600}} }

func rateAliases() map[string]string {
	return map[string]string{
		"sec": "s", "second": "s", "seconds": "s",
		"m": "min", "mins": "min", "minute": "min", "minutes": "min",
		"hr": "h", "hour": "h", "hours": "h",
	}
}

const rates = `write it like "20/s", "1000/min" or "5/h"`

// maxRate keeps what is computed from a rate inside what an engine can count
// (one every nanosecond).
const maxRate = 1e9

// Rate reads a rate in events a second: a number, a slash and s, min or h.
func Rate(s string) (perSecond float64, err error) {
	n, rest, ok := scan(s)
	if !ok {
		return 0, refuse(s, "rate", "", rates)
	}
	per, slash := strings.CutPrefix(rest, "/")
	u, ok := find(rateUnits(), per)
	if !slash || !ok {
		return 0, refuse(s, "rate", rateHint(rest), rates)
	}
	if perSecond = number(n.Quo(n, ratio(u.worth))); perSecond > maxRate {
		return 0, fmt.Errorf("%s is too high a rate; at most 1000000000/s can be said", quote(s))
	}
	return perSecond, nil
}

// rateHint says what is wrong with what follows a rate's number.
func rateHint(rest string) string {
	what, per, slash := strings.Cut(rest, "/")
	if !slash {
		return "it does not say per what time"
	}
	if what != "" {
		return fmt.Sprintf("leave out %q", what)
	}
	return hint(rateUnits(), rateAliases(), per)
}

const ratios = `write it like "1%" or "0.01"`

// Ratio reads a share between 0 and 1: a percentage or a plain number.
func Ratio(s string) (float64, error) {
	n, rest, ok := scan(s)
	if !ok || rest != "" && rest != "%" {
		return 0, refuse(s, "ratio", "", ratios)
	}
	if rest == "%" {
		n.Quo(n, ratio(100))
	}
	if n.Cmp(ratio(1)) > 0 {
		if rest == "" && n.Cmp(ratio(100)) <= 0 {
			return 0, fmt.Errorf("%s is more than the whole; for per cent write %q", quote(s), s+"%")
		}
		return 0, fmt.Errorf("%s is more than the whole; a ratio is between 0 and 1 (100%%)", quote(s))
	}
	return number(n), nil
}

func sizeUnits() []unit {
	return []unit{
		{"", 1}, {"B", 1},
		{"kB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12},
		{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	}
}

func sizeAliases() map[string]string {
	return map[string]string{
		"k": "KiB", "ki": "KiB", "m": "MiB", "mi": "MiB", "g": "GiB", "gi": "GiB", "t": "TiB", "ti": "TiB",
		"byte": "B", "bytes": "B",
	}
}

const sizes = `write it like "512", "5kB", "10MiB" or "1.5GiB"`

// Size reads a number of bytes: plain, or with B, kB, MB, GB, TB (powers of
// 1000) or KiB, MiB, GiB, TiB (powers of 1024).
func Size(s string) (int64, error) {
	n, rest, ok := scan(s)
	if !ok {
		return 0, refuse(s, "size", "", sizes)
	}
	u, ok := find(sizeUnits(), rest)
	if !ok {
		return 0, refuse(s, "size", hint(sizeUnits(), sizeAliases(), rest), sizes)
	}
	bytes, fits := round(n.Mul(n, ratio(u.worth)))
	if !fits {
		return 0, fmt.Errorf("%s is too large a size; at most 8388607TiB can be said", quote(s))
	}
	return bytes, nil
}

const sizeRates = `write it like "10MiB/s" or "500kB/s"`

// SizeRate reads a size a second (or minute, or hour) in bytes a second.
func SizeRate(s string) (bytesPerSecond float64, err error) {
	size, per, slash := strings.Cut(s, "/")
	u, known := find(rateUnits(), per)
	if !slash || !known {
		unit := "it does not say per what time"
		if slash {
			unit = hint(rateUnits(), rateAliases(), per)
		}
		return 0, refuse(s, "size a second", unit, sizeRates)
	}
	bytes, err := Size(size)
	if err != nil {
		return 0, err
	}
	return float64(bytes) / float64(u.worth), nil
}

const numbers = `write it like "0", "100" or "2.5"`

// Number reads a plain number.
func Number(s string) (float64, error) {
	n, rest, ok := scan(s)
	if !ok || rest != "" {
		return 0, refuse(s, "number", "", numbers)
	}
	return number(n), nil
}
