package plan

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan/quantity"
)

// Format writes a value in the unit for people: "482ms", "38.5%", "16.7/s",
// "1,234", "1.5MiB".
func (u Unit) Format(v float64) string {
	switch u {
	case UnitTime:
		ns := v * float64(time.Millisecond)
		if math.IsInf(ns, 0) || math.IsNaN(ns) {
			return quantity.FormatNumber(ns)
		}
		ns = max(-math.MaxInt64/2, min(ns, math.MaxInt64/2)) // 146 years
		return quantity.FormatMeasured(time.Duration(math.Round(ns)))
	case UnitRatio:
		return quantity.FormatRatio(v)
	case UnitRate:
		return quantity.FormatRate(v)
	case UnitSizeRate:
		return quantity.FormatSize(v) + "/s"
	case UnitSize:
		return quantity.FormatSize(v)
	}
	return quantity.FormatNumber(v)
}

// FormatBeside is Format for a value that stands beside bounds, given as the
// plan says them ("< 500ms"; empty ones are passed over). It is written as they
// are: a rate per minute or hour, a gauge in per cent. And it has as many
// digits as it takes to lie on the same side of each bound as the value does,
// and not on a bound where the value does not: 500.2 milliseconds are not
// "500ms, target <= 500ms".
func (u Unit) FormatBeside(v float64, bounds ...string) string {
	text := u.formatLike(v, bounds)
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return text
	}
	var beside []Bound
	for _, b := range bounds {
		if bound, diags := parseBound(b, u, hcl.Range{}); !diags.HasErrors() {
			beside = append(beside, bound)
		}
	}
	suffix, worth := u.beside(v, bounds)
	shown, err := u.parse(strings.ReplaceAll(text, ",", ""))
	for digits := 3; digits <= 15 && (err != nil || !sameSide(shown, v, beside)); digits++ {
		text, shown = significant(v/worth, digits)
		text, shown, err = text+suffix, shown*worth, nil
	}
	return text
}

func sameSide(a, b float64, bounds []Bound) bool {
	for _, bound := range bounds {
		if bound.Holds(a) != bound.Holds(b) || (a == bound.Value) != (b == bound.Value) {
			return false
		}
	}
	return true
}

// formatLike is Format in the style of the bounds.
func (u Unit) formatLike(v float64, bounds []string) string {
	suffix, worth := u.beside(v, bounds)
	switch {
	case u == UnitNumber && suffix == "%":
		return quantity.FormatRatio(v)
	case u == UnitRate && len(bounds) > 0:
		return quantity.FormatNumber(v/worth) + suffix
	}
	return u.Format(v)
}

// beside is the suffix of a value beside bounds, and what one of it is worth.
func (u Unit) beside(v float64, bounds []string) (suffix string, worth float64) {
	switch u {
	case UnitTime:
		switch {
		case math.Abs(v) >= 1000:
			return "s", 1000
		case math.Abs(v) < 1:
			return "µs", 1.0 / 1000
		}
		return "ms", 1
	case UnitRatio:
		return "%", 1.0 / 100
	case UnitRate:
		return rateSuffix(bounds)
	case UnitSize, UnitSizeRate:
		return sizeSuffix(v, strings.TrimPrefix(string(u), "bytes"))
	case UnitNumber:
		for _, b := range bounds {
			if strings.HasSuffix(b, "%") {
				return "%", 1.0 / 100
			}
		}
	}
	return "", 1
}

func rateSuffix(bounds []string) (suffix string, worth float64) {
	for _, b := range bounds {
		_, per, _ := strings.Cut(b, "/")
		switch per {
		case "min":
			return "/min", 1.0 / 60
		case "h":
			return "/h", 1.0 / 3600
		}
	}
	return "/s", 1
}

func sizeSuffix(v float64, per string) (suffix string, worth float64) {
	suffix, worth = "B", 1
	for _, next := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if math.Abs(v) < worth*1024 {
			break
		}
		suffix, worth = next, worth*1024
	}
	return suffix + per, worth
}

// significant writes v with so many digits, without zeros at the end of a
// fraction, and says what a reader takes from it.
func significant(v float64, digits int) (text string, shown float64) {
	if v == 0 {
		return "0", 0
	}
	decimals := max(digits-1-int(math.Floor(math.Log10(math.Abs(v)))), 0)
	text = strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	shown, _ = strconv.ParseFloat(text, 64) // it was made by FormatFloat
	return text, shown
}
