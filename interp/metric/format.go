package metric

import (
	"math"
	"strconv"
	"strings"
	"time"

	"bossplan/plan"
)

// Format writes a value of a unit for people, with three significant digits:
// "482ms", "1.24s", "0.52%", "15.2/s", "1.5MiB". Whole digits are never cut.
func Format(unit plan.Unit, v float64) string {
	text, _ := format(unit, "s", v, 3)
	return text
}

// FormatBeside is Format for a value that stands beside a bound: rates are per
// minute or hour where the bound's are, and there are as many digits as it
// takes for the text to lie on the same side of the bound as the value: 500.2
// milliseconds are not "500ms, target <= 500ms".
func FormatBeside(unit plan.Unit, v float64, b plan.Bound) string {
	per := "s"
	if _, after, found := strings.Cut(b.Text, "/"); found {
		per = after
	}
	text := ""
	for digits := 3; digits <= 12; digits++ {
		var shown float64
		text, shown = format(unit, per, v, digits)
		if b.Holds(shown) == b.Holds(v) {
			break
		}
	}
	return text
}

// FormatTime writes a moment or a length of the run: "12.1s", "1m30s".
func FormatTime(d time.Duration) string { return d.Round(100 * time.Millisecond).String() }

// format returns the text, and the value that a reader takes from it.
func format(unit plan.Unit, per string, v float64, digits int) (text string, shown float64) {
	suffix, scale := unitOf(unit, per, v)
	number := significant(v/scale, digits)
	shown, _ = strconv.ParseFloat(number, 64)
	return number + suffix, shown * scale
}

// unitOf is how a value is written, and what one of that unit is worth.
func unitOf(unit plan.Unit, per string, v float64) (suffix string, scale float64) {
	switch unit {
	case plan.UnitTime:
		if math.Abs(v) >= 1000 {
			return "s", 1000
		}
		return "ms", 1
	case plan.UnitRatio:
		return "%", 1.0 / 100
	case plan.UnitRate:
		switch per {
		case "min", "m":
			return "/min", 1.0 / 60
		case "h":
			return "/h", 1.0 / 3600
		}
		return "/s", 1
	case plan.UnitSize:
		return sizeUnit(v)
	case plan.UnitSizeRate:
		suffix, scale = sizeUnit(v)
		return suffix + "/s", scale
	}
	return "", 1
}

func sizeUnit(v float64) (suffix string, scale float64) {
	suffix, scale = "B", 1
	for _, next := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if math.Abs(v) < scale*1024 {
			break
		}
		suffix, scale = next, scale*1024
	}
	return suffix, scale
}

// significant writes v with so many digits, without zeros at the end of a
// fraction.
func significant(v float64, digits int) string {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	decimals := max(digits-1-int(math.Floor(math.Log10(math.Abs(v)))), 0)
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}
