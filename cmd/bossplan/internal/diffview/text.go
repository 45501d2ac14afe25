package diffview

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/clipperhouse/displaywidth"

	"bossplan/plan"
	"bossplan/plan/quantity"
)

// TextOptions say how the text is shown.
type TextOptions struct {
	Color bool
	Width int // of the terminal; 0: as wide as it gets
}

// WriteText writes what differs for people, the worst of each plan first, and
// one line that sums up.
//
//   - guard.production      removed: hosts ["*.example.org"]   DANGER: host.api is open to it now
//     ~ threshold.p95         target < 500ms → < 800ms           LOOSENED
//     ~ scenario.main.peak    users 1000 → 1200 (+20 %)
func (r *Report) WriteText(w io.Writer, o TextOptions) error {
	title := r.Base.String() + " → " + r.Head.String()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", clean(title))
	for _, g := range r.groups(func(p Plan) string { return textOf(p, o) }) {
		b.WriteString("\n")
		if len(g.names) > 1 || g.names[0] != title { // two files are named by the title
			heading := &text{TextOptions: o}
			fmt.Fprintf(&b, "%s\n", heading.paint(clean(strings.Join(g.names, ", ")), "1"))
		}
		b.WriteString(g.body)
	}
	summary := r.summary()
	fmt.Fprintf(&b, "\n%s%s.\n", strings.ToUpper(summary[:1]), summary[1:])
	_, err := io.WriteString(w, b.String())
	return err
}

// A text is what is shown as it grows.
type text struct {
	TextOptions
	b strings.Builder
}

const (
	indent = "  "
	gap    = "  "
	widest = 44 // columns of an address that are made room for
	wide   = 60 // the same of what changed
)

// A row is one line of a plan's table.
type row struct {
	mark, address, what string
	severity            plan.Severity
	note                string
}

// textOf is what changed in one plan.
func textOf(p Plan, o TextOptions) string {
	if p.Difference == nil {
		return indent + "The errors are above.\n"
	}
	t := &text{TextOptions: o}
	var rows []row
	for _, c := range p.Difference.Changes {
		sign, address := mark(c.Action), clean(c.Address)
		for _, l := range lines(c) {
			for _, what := range t.change(l) {
				rows = append(rows, row{sign, address, what, l.severity, clean(l.note)})
				sign, address, l.note, l.severity = " ", "", "", plan.Changed
			}
		}
	}
	t.table(rows)
	t.load(p.Difference)
	return t.b.String()
}

// table aligns rows in columns; a cell that is far wider than others sticks out.
func (t *text) table(rows []row) {
	first, second := 0, 0
	for _, r := range rows {
		if n := displaywidth.String(r.address); n <= widest {
			first = max(first, n)
		}
		if n := displaywidth.String(r.what); n <= wide && (tag(r.severity) != "" || r.note != "") {
			second = max(second, n)
		}
	}
	for _, r := range rows {
		line := indent + r.mark + " " + pad(r.address, first) + gap + r.what
		ending := tag(r.severity)
		switch {
		case ending != "" && r.note != "":
			ending += ": " + r.note
		case r.note != "":
			ending = r.note
		}
		if ending != "" {
			line = indent + r.mark + " " + pad(r.address, first) + gap + pad(r.what, second) + gap + t.paint(ending, color(r.severity))
		}
		fmt.Fprintln(&t.b, strings.TrimRight(line, " "))
	}
}

// change writes one change: on one line where there is room, else what was
// above what is, cut to where they differ.
func (t *text) change(l line) []string {
	if l.text != "" {
		return []string{clean(l.text)}
	}
	name, from, to := clean(l.name), clean(l.from), clean(l.to)
	one := name + " " + from + " → " + to
	if l.percent != "" {
		one += " (" + l.percent + ")"
	}
	room := 100
	if t.Width > 0 {
		room = max(t.Width-widest, 40)
	}
	if displaywidth.String(one) <= room {
		return []string{one}
	}
	from, to = differing(from, to, room)
	return []string{name, "  - " + from, "  + " + to}
}

// differing cuts two long values so that where they first differ is seen.
func differing(a, b string, room int) (string, string) {
	const before = 16
	as, bs := []rune(a), []rune(b)
	same := 0
	for same < len(as) && same < len(bs) && as[same] == bs[same] {
		same++
	}
	cut := func(rs []rune) string {
		start := ""
		if from := same - before; from > 0 && len(rs) > room {
			rs, start = rs[from:], "…"
		}
		return displaywidth.TruncateString(start+string(rs[:min(len(rs), room+1)]), room, "…")
	}
	return cut(as), cut(bs)
}

// load writes what the load comes to, where that differs.
func (t *text) load(d *plan.Difference) {
	figures := moved(d)
	if len(figures) > 0 {
		fmt.Fprintf(&t.b, "%sLoad, if answers take 120ms\n", indent)
	}
	for _, f := range figures {
		fmt.Fprintf(&t.b, "%s  %s  %s → %s%s\n", indent, pad(f.Name, len("expected requests")), f.From, f.To, bracketed(percent(f.Percent)))
	}
	if len(d.Shares) > 0 {
		fmt.Fprintf(&t.b, "%sShares of all requests\n", indent)
	}
	width := 0
	for _, s := range d.Shares {
		width = max(width, displaywidth.String(clean(s.Address)))
	}
	for _, s := range d.Shares {
		fmt.Fprintf(&t.b, "%s  %s  %s → %s\n", indent, pad(clean(s.Address), width), quantity.FormatRatio(s.Base), quantity.FormatRatio(s.Head))
	}
	if why := without(d); why != "" {
		fmt.Fprintf(&t.b, "%s%s\n", indent, clean(why))
	}
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-displaywidth.String(s), 0))
}

func color(s plan.Severity) string {
	return map[plan.Severity]string{plan.Danger: "1;31", plan.Loosened: "1;33", plan.Tightened: "32"}[s]
}

func (t *text) paint(s, code string) string {
	if !t.Color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// clean makes a text safe to print on one line of a terminal.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}
