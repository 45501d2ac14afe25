package plan

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan/quantity"
)

// parseBound reads a threshold's bound such as "< 500ms" for a metric in the
// given unit. Diagnostics point at the guilty part where rng is a quoted
// literal on one line, else at all of rng.
func parseBound(text string, unit Unit, rng hcl.Range) (Bound, hcl.Diagnostics) {
	op, start := operator(text)
	value := strings.TrimSpace(text[start:])
	at := start + strings.Index(text[start:], value)
	if op == "" {
		return Bound{}, noOperator(text, unit, rng)
	}
	if value == "" {
		return Bound{}, mistake(rng, "Bound without a value",
			fmt.Sprintf("Write the value after the operator, like %q.", op+" "+unit.example()))
	}
	v, err := unit.parse(value)
	if err != nil {
		return Bound{}, mistake(within(rng, text, at, at+len(value)), "Bound that does not fit the metric", unit.misfit(value, err))
	}
	return Bound{Op: op, Value: v, Text: op + " " + value, Range: rng}, nil
}

// operator finds the operator a bound starts with and where its value begins.
func operator(text string) (op string, end int) {
	rest := strings.TrimLeft(text, " \t")
	start := len(text) - len(rest)
	for _, op := range []string{"<=", ">=", "==", "<", ">"} {
		if after, ok := strings.CutPrefix(rest, op); ok && !strings.ContainsAny(after[:min(1, len(after))], "<>=!") {
			return op, start + len(op)
		}
	}
	return "", start
}

// noOperator says how a bound without a known operator is to be mended.
func noOperator(text string, unit Unit, rng hcl.Range) hcl.Diagnostics {
	trimmed := strings.TrimSpace(text)
	value := strings.TrimLeft(trimmed, "<>=!≤≥≠~ \t")
	wrong := strings.TrimSpace(strings.TrimSuffix(trimmed, value))
	if value == "" {
		value = unit.example()
	}
	if wrong != "" {
		at := strings.Index(text, wrong)
		return mistake(within(rng, text, at, at+len(wrong)), "Unknown operator",
			fmt.Sprintf("A bound starts with <, <=, >, >= or ==, not with %s. Write %q.", wrong, mended(wrong, unit, value)))
	}
	return mistake(rng, "Bound without an operator",
		fmt.Sprintf("A bound says on which side of its value the metric must be: it starts with <, <=, >, >= or ==. Write %q.", mended("", unit, value)))
}

// mended is the bound that was most likely meant. Without an operator that is
// told by what the value is: rates, and shares of more than a half, are usually
// wished to be high.
func mended(wrong string, unit Unit, value string) string {
	op := "<="
	v, err := unit.parse(value)
	switch {
	case wrong == "=<" || wrong == "≤":
	case wrong == "=>" || wrong == "≥":
		op = ">="
	case wrong == "=" || wrong == "===" || wrong == "" && err == nil && v == 0:
		op = "=="
	case wrong != "":
	case unit == UnitRate || unit == UnitSizeRate,
		err == nil && v > 0.5 && (unit == UnitRatio || strings.HasSuffix(value, "%")):
		op = ">="
	}
	return op + " " + value
}

// within is the range of text[from:to] in the source if rng holds text on one
// line, in quotes or, in YAML, without, which its length tells; else it is rng.
func within(rng hcl.Range, text string, from, to int) hcl.Range {
	quote := 1
	switch more := rng.End.Byte - rng.Start.Byte - len(text); {
	case rng.Start.Line != rng.End.Line || more != 0 && more != 2:
		return rng
	case more == 0:
		quote = 0
	}
	at := func(i int) hcl.Pos {
		return hcl.Pos{
			Line:   rng.Start.Line,
			Column: rng.Start.Column + quote + utf8.RuneCountInString(text[:i]),
			Byte:   rng.Start.Byte + quote + i,
		}
	}
	return hcl.Range{Filename: rng.Filename, Start: at(from), End: at(to)}
}

// parse reads a bound's value in the unit.
func (u Unit) parse(value string) (float64, error) {
	switch u {
	case UnitTime:
		return parseTime(value)
	case UnitRatio:
		return quantity.Ratio(value)
	case UnitRate:
		return orZero(value, quantity.Rate)
	case UnitSizeRate:
		return orZero(value, quantity.SizeRate)
	case UnitSize:
		n, err := quantity.Size(value)
		return float64(n), err
	case UnitCount:
		return quantity.Number(value)
	}
	return parseGauge(value)
}

// parseTime reads milliseconds. A number alone would be seconds anywhere else;
// in a bound "< 500" is more often meant to be milliseconds, so it is refused.
func parseTime(value string) (float64, error) {
	if v, err := quantity.Number(value); err == nil && v != 0 {
		return 0, fmt.Errorf("%q has no unit; write %q or %q", value, value+"ms", value+"s")
	}
	d, err := quantity.Duration(value)
	return float64(d) / float64(time.Millisecond), err
}

// orZero lets a 0 stand without a unit.
func orZero(value string, parse func(string) (float64, error)) (float64, error) {
	if v, err := quantity.Number(value); err == nil && v == 0 {
		return 0, nil
	}
	return parse(value)
}

// parseGauge reads a plain number, which may be negative, or a percentage.
func parseGauge(value string) (float64, error) {
	digits, negative := strings.CutPrefix(value, "-")
	digits, percent := strings.CutSuffix(digits, "%")
	v, err := quantity.Number(digits)
	if err != nil {
		return 0, fmt.Errorf(`%q is not a number; write it like "0", "2.5" or "70%%"`, value)
	}
	if percent {
		v /= 100
	}
	if negative {
		v = -v
	}
	return v, nil
}

// misfit explains why a value is not one of the unit: because it is of another
// kind, or because it is of none.
func (u Unit) misfit(value string, err error) string {
	for _, other := range []Unit{UnitTime, UnitRatio, UnitRate, UnitSizeRate, UnitSize} {
		v, wrong := other.parse(value)
		if other != u && wrong == nil && v != 0 && strings.Trim(value, "0123456789.") != "" {
			return fmt.Sprintf("The metric is %s, but %q is %s. Write a bound like %q.", u.kind(), value, other.kind(), "< "+u.example())
		}
	}
	return fmt.Sprintf("The metric is %s. %s.", u.kind(), err)
}

// kind is what the unit measures, with its article.
func (u Unit) kind() string {
	switch u {
	case UnitTime:
		return "a time"
	case UnitRatio:
		return "a ratio"
	case UnitRate:
		return "a rate"
	case UnitSizeRate:
		return "a size a second"
	case UnitSize:
		return "a size"
	case UnitCount:
		return "a count"
	}
	return "a plain number"
}

// example is a value in the unit as a plan would say it.
func (u Unit) example() string {
	switch u {
	case UnitTime:
		return "500ms"
	case UnitRatio:
		return "1%"
	case UnitRate:
		return "1000/min"
	case UnitSizeRate:
		return "10MiB/s"
	case UnitSize:
		return "10MiB"
	}
	return "100"
}

// Stricter reports whether a demands something that b does not: some value
// meets b but not a. As a threshold's critical bound a must not be stricter
// than its target b; bounds in opposite directions always are.
func Stricter(a, b Bound) bool {
	aLow, aHigh := a.ends()
	bLow, bHigh := b.ends()
	return aLow > bLow || aHigh < bHigh
}

// ends are the least and the greatest value that meets the bound.
func (b Bound) ends() (low, high float64) {
	switch b.Op {
	case "<":
		return math.Inf(-1), math.Nextafter(b.Value, math.Inf(-1))
	case "<=":
		return math.Inf(-1), b.Value
	case ">":
		return math.Nextafter(b.Value, math.Inf(1)), math.Inf(1)
	case ">=":
		return b.Value, math.Inf(1)
	}
	return b.Value, b.Value
}
