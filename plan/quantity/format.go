package quantity

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// FormatDuration writes a duration of a plan exactly: "15m", "1m30s", "1.5s",
// "250ms", "0s".
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	return strings.Replace(s, "h0m", "h", 1)
}

// FormatMeasured writes a measured time with three significant digits: "83µs",
// "4.82ms", "482ms", "1.24s"; from a minute on with the unit below the
// largest: "12m4s", "1h5m".
func FormatMeasured(d time.Duration) string {
	switch {
	case d < 0:
		return "-" + FormatMeasured(-max(d, -math.MaxInt64))
	case d >= time.Hour:
		return FormatDuration(d.Round(time.Minute))
	case d >= time.Minute:
		return FormatDuration(d.Round(time.Second))
	}
	return FormatDuration(time.Duration(significant(float64(d), 3)))
}

// FormatRate writes events a second with three significant digits, in the unit
// in which they are at least one: "16.7/s", "30/min", "5/h". A rate that is
// unbounded says so.
func FormatRate(perSecond float64) string {
	switch {
	case math.IsInf(perSecond, 1):
		return "unbounded"
	case perSecond == 0 || significant(perSecond, 3) >= 1 || math.IsNaN(perSecond):
		return FormatNumber(perSecond) + "/s"
	case significant(perSecond*60, 3) >= 1:
		return FormatNumber(perSecond*60) + "/min"
	}
	return FormatNumber(perSecond*3600) + "/h"
}

// FormatRatio writes a share in per cent with three significant digits:
// "38.5%", "0.12%", "100%". What is not quite all is never shown as 100%.
func FormatRatio(r float64) string {
	percent := r * 100
	digits := 3
	for digits < 9 && percent < 100 && significant(percent, digits) >= 100 {
		digits++
	}
	return plain(significant(percent, digits)) + "%"
}

// FormatSize writes bytes with three significant digits and binary units:
// "512B", "1.5MiB".
func FormatSize(bytes float64) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	i := 0
	for i < len(units)-1 && math.Abs(bytes) >= 1023.5 {
		bytes /= 1024
		i++
	}
	return FormatNumber(bytes) + units[i]
}

// FormatCount writes a whole number with a comma every three digits:
// "1,234,567".
func FormatCount(n int64) string {
	return group(strconv.FormatInt(n, 10))
}

// FormatNumber writes a number that is an expectation or an average: three
// significant digits, but whole from a thousand on: "0.0125", "38.5", "28,571".
// Infinity is "unbounded", what is not a number "n/a".
func FormatNumber(v float64) string {
	switch {
	case math.IsNaN(v):
		return "n/a"
	case math.IsInf(v, 0):
		return "unbounded"
	case math.Abs(v) >= 1e15:
		return strconv.FormatFloat(v, 'g', 3, 64)
	case math.Abs(v) >= 999.5:
		return group(strconv.FormatFloat(math.Round(v), 'f', 0, 64))
	}
	return plain(significant(v, 3))
}

// FormatAbout writes a number that is only known roughly: three significant
// digits, whatever its size: "29,800".
func FormatAbout(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return FormatNumber(v)
	}
	return FormatNumber(significant(v, 3))
}

// significant rounds to a number of significant digits.
func significant(v float64, digits int) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
	if err != nil {
		return v
	}
	return rounded
}

// plain writes a number without an exponent and without zeros at its end.
func plain(v float64) string {
	if v == 0 {
		v = 0 // a negative zero has a sign
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// group puts a comma between every three digits.
func group(s string) string {
	sign, digits := "", s
	if strings.HasPrefix(s, "-") {
		sign, digits = "-", s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// Counted is a number with its noun, in the plural unless it is one: "1 plan",
// "1,234 requests", "2 libraries".
func Counted(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return FormatCount(n) + " " + stem + "ies"
	}
	return FormatCount(n) + " " + noun + "s"
}
