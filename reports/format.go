package reports

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"bossplan/interp/record"
	"bossplan/plan"
	"bossplan/plan/quantity"
)

// absent is what a person reads where nothing was measured.
const absent = "–"

// milliseconds writes µs as ms with three significant digits, whole from 100
// on: "0.412", "8.12", "1240"; NaN is absent.
func milliseconds(us float64) string {
	ms := us / 1000
	switch {
	case math.IsNaN(ms):
		return absent
	case ms >= 99.95:
		return fmt.Sprintf("%.0f", ms)
	case ms >= 9.995:
		return fmt.Sprintf("%.1f", ms)
	case ms >= 0.9995 || ms == 0:
		return fmt.Sprintf("%.2f", ms)
	}
	return fmt.Sprintf("%.3f", ms)
}

// rate writes events a second with two decimals, as Locust does.
func rate(perSecond float64) string { return fmt.Sprintf("%.2f", perSecond) }

// fails writes a count of errors with its share: "31(2.36%)".
func fails(t *tally) string {
	return fmt.Sprintf("%d(%s)", t.errors, quantity.FormatRatio(t.ratio()))
}

// measured writes a value of a metric's unit for a person.
func measured(v float64, unit string) string { return plan.Unit(unit).Format(v) }

// actual writes what a threshold measured as it reads beside what it demands.
func actual(t *record.ThresholdResult) string {
	if t.Actual == nil {
		return absent
	}
	return beside(t, *t.Actual)
}

func beside(t *record.ThresholdResult, v float64) string {
	return plan.Unit(t.Unit).FormatBeside(v, t.Target, t.Critical)
}

// position writes a place in a plan as file:line, empty if there is none.
func position(p record.Position) string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// clean makes text from a plan or a server safe to print in one line: control
// characters, which could move a terminal's cursor or fake a line, are shown
// as escapes, invalid UTF-8 as the replacement character.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if strings.IndexFunc(s, invisible) < 0 {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\t':
			b.WriteByte(' ')
		case !invisible(c):
			b.WriteRune(c)
		case c < 0x100:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			fmt.Fprintf(&b, `\u%04x`, c)
		}
	}
	return b.String()
}

// invisible reports whether c controls how text is shown, the marks that
// reverse its direction among them.
func invisible(c rune) bool {
	return unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == '\u2028' || c == '\u2029'
}

// reason says in one line why the verdict is what it is.
func reason(v *record.Verdict) string {
	if len(v.Reasons) > 0 {
		return clean(strings.Join(v.Reasons, "; "))
	}
	met := 0
	for _, t := range v.Thresholds {
		if t.Status == record.Pass {
			met++
		}
	}
	return fmt.Sprintf("%d of %d thresholds met", met, len(v.Thresholds))
}

// notes are what a reader should know of a threshold beyond its row.
func notes(t *record.ThresholdResult) []string {
	var out []string
	if t.Detail != "" {
		out = append(out, clean(t.Detail))
	}
	if t.FirstBroken != nil {
		out = append(out, "first broken at "+quantity.FormatMeasured(*t.FirstBroken))
	}
	if t.Status == record.Inconclusive && t.ActualWithoutLag != nil {
		out = append(out, "without the generator's own lag "+beside(t, *t.ActualWithoutLag))
	}
	return out
}

// warmupNote says how much was kept out of the tables, empty if nothing was.
func warmupNote(r *record.Record) string {
	n := r.WarmupRequests()
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("Warm-up kept out of all figures: %s.", quantity.Counted(n, "request"))
}

// trustValue writes an item's value and limit, each absent where there is none.
func trustValue(t *record.TrustItem) (value, limit string) {
	value, limit = absent, ""
	show := func(v float64) string {
		if t.Unit == "cores" {
			return fmt.Sprintf("%.2g cores", v)
		}
		return measured(v, t.Unit)
	}
	if t.Actual != nil {
		value = show(*t.Actual)
	}
	if t.Limit != nil {
		limit = show(*t.Limit)
	}
	return value, limit
}
