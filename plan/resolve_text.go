package plan

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"bossplan/plan/quantity"
)

// Each kind of value has one text here. They are exact: other texts are other
// values.

func (r *resolver) flag(name string, v bool) { r.set(name, strconv.FormatBool(v), nil) }

func (r *resolver) count(name string, n int64) { r.set(name, strconv.FormatInt(n, 10), floatOf(n)) }

func (r *resolver) number(name string, n float64) { r.set(name, plainNumber(n), &n) }

func (r *resolver) duration(name string, d time.Duration) {
	r.set(name, durationText(d), secondsOf(d))
}

// rate adds a rate that may not be given.
func (r *resolver) rate(name string, perSecond float64) {
	r.optional(name, rateText(perSecond), &perSecond, perSecond > 0)
}

// quoted adds a text that may not be given.
func (r *resolver) quoted(name, text string) { r.optional(name, quotedText(text), nil, text != "") }

func (r *resolver) bound(name string, b Bound, unit Unit) {
	r.set(name, b.canonical(unit), &b.Value)
}

func (r *resolver) host(h *Host) {
	if h != nil {
		r.set("host", h.Address(), nil)
	}
}

func (r *resolver) lines(name string, list []string) {
	var quoted []string
	for _, line := range list {
		quoted = append(quoted, quotedText(line))
	}
	r.set(name, "["+strings.Join(quoted, ", ")+"]", nil)
}

func (r *resolver) bytes(name string, content []byte) {
	r.set(name, fmt.Sprintf("%d bytes, sha256 %x", len(content), sha256.Sum256(content)), nil)
}

func (r *resolver) wait(w Wait) {
	attribute := string(cmp.Or(w.Kind, "wait"))
	text := "none"
	switch {
	case w.Kind == WaitNone:
	case w.Min == w.Max:
		text = fmt.Sprintf("%s(%s)", w.Kind, durationText(w.Min))
	default:
		text = fmt.Sprintf("%s(%s, %s)", w.Kind, durationText(w.Min), durationText(w.Max))
	}
	s := Setting{Name: "wait", Value: text}
	for _, name := range []string{attribute + "()", "throughput()"} { // messages name the function
		from, veiled := r.plan.veiled[veiledKey(r.entries[len(r.entries)-1].Address, name)]
		if !veiled || w.Kind == WaitNone {
			continue
		}
		v, diags := from.Value(from.Scope)
		if diags.HasErrors() || !v.IsWhollyKnown() {
			s.Value = string(w.Kind) + "(" + r.shown.any(from) + ")"
			text += " " + r.exact.any(from)
		} else {
			s.Value, s.Sensitive = string(w.Kind)+"("+hidden+")", true
		}
	}
	r.add(s, text)
}

func (r *resolver) tags(tags map[string]string) {
	r.optional("tags", "{}", nil, false) // where they are made of something missing
	if _, veiled := r.veiled("tags"); veiled && tags == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		r.set("tags"+memberName(name), quotedText(tags[name]), nil)
	}
}

// sequence is a setting whose order means something.
func sequence[B any](r *resolver, name string, list []B, nameOf func(B) string) {
	s := Setting{Name: name, Sequence: []string{}}
	for _, b := range list {
		s.Sequence = append(s.Sequence, nameOf(b))
	}
	s.Value = "[" + strings.Join(s.Sequence, ", ") + "]"
	r.add(s, s.Value)
}

func floatOf(n int64) *float64 {
	f := float64(n)
	return &f
}

func secondsOf(d time.Duration) *float64 {
	s := d.Seconds()
	return &s
}

func durationText(d time.Duration) string { return quantity.FormatDuration(d) }

// rateText is a rate in the unit in which it is a whole number, else a second.
func rateText(perSecond float64) string {
	for _, unit := range []struct {
		name  string
		worth float64
	}{{"/s", 1}, {"/min", 60}, {"/h", 3600}} {
		n := perSecond * unit.worth
		if whole := math.Round(n); whole > 0 && math.Abs(n-whole) <= 1e-12*n {
			return plainNumber(whole) + unit.name
		}
	}
	return plainNumber(perSecond) + "/s"
}

// sizeText is a size in the largest unit in which it is a whole number.
func sizeText(bytes float64) string {
	unit := "B"
	for _, larger := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if bytes == 0 || math.Mod(bytes, 1024) != 0 {
			break
		}
		bytes, unit = bytes/1024, larger
	}
	return plainNumber(bytes) + unit
}

// canonical is the bound in one spelling: "< 500ms", ">= 1000/min", "<= 1%".
func (b Bound) canonical(unit Unit) string {
	value := plainNumber(b.Value)
	switch unit {
	case UnitTime:
		value = durationText(time.Duration(math.Round(b.Value * float64(time.Millisecond))))
	case UnitRatio:
		value = plainNumber(twelveDigits(b.Value*100)) + "%"
	case UnitRate:
		value = rateText(b.Value)
	case UnitSize:
		value = sizeText(b.Value)
	case UnitSizeRate:
		value = sizeText(b.Value) + "/s"
	}
	return b.Op + " " + value
}

// twelveDigits takes away what computing in binary has added.
func twelveDigits(v float64) float64 {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'e', 11, 64), 64) // it was made by FormatFloat
	return rounded
}

// canonical is the metric with its percentile as a number: "response_time.p99.9".
func (m Metric) canonical() string {
	if m.Quantile > 0 {
		return m.Name + ".p" + plainNumber(m.Quantile)
	}
	return m.String()
}

// canonical is the set as ranges that do not touch, in order: "200-399, 404".
func (s StatusSet) canonical() string {
	ranges := slices.Clone(s)
	slices.SortFunc(ranges, func(a, b StatusRange) int { return cmp.Compare(a.From, b.From) })
	var merged []StatusRange
	for _, next := range ranges {
		if last := len(merged) - 1; last >= 0 && next.From <= merged[last].To+1 {
			merged[last].To = max(merged[last].To, next.To)
			continue
		}
		merged = append(merged, next)
	}
	var list []string
	for _, m := range merged {
		text := strconv.Itoa(m.From)
		if m.To != m.From {
			text += "-" + strconv.Itoa(m.To)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// canonical is the window by its times; empty where there is none.
func (w *TimeWindow) canonical() string {
	if w == nil {
		return ""
	}
	clock := func(d time.Duration) string {
		layout := "15:04"
		if d%time.Minute != 0 {
			layout += ":05"
		}
		return time.Time{}.Add(d).Format(layout)
	}
	zone := "UTC"
	if w.Location != nil {
		zone = w.Location.String()
	}
	return clock(w.From) + "-" + clock(w.To) + " " + zone
}
