package diag

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/displaywidth"
)

// tabWidth is how far apart tab stops are shown.
const tabWidth = 4

// cells is how many columns of a terminal a text takes.
func cells(s string) int { return displaywidth.String(s) }

// hostile reports whether a character could change how a terminal or an
// editor shows what comes after it: controls, and marks of writing direction.
func hostile(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'
}

// clean makes a text that came from outside safe to print on one line.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if hostile(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// visible is a piece of a source line as it is shown from a column on: tabs
// become spaces up to the next stop. It also tells the column after it.
func visible(s string, column int) (string, int) {
	var b strings.Builder
	for i, piece := range strings.Split(s, "\t") {
		if i > 0 {
			n := tabWidth - column%tabWidth
			b.WriteString(strings.Repeat(" ", n))
			column += n
		}
		piece = clean(piece)
		b.WriteString(piece)
		column += cells(piece)
	}
	return b.String(), column
}

// fit cuts the parts of a line so that together they take at most width
// columns, and of the guilty part as much as possible is seen.
func fit(before, guilty, after string, width int) (string, string, string) {
	if cells(before)+cells(guilty)+cells(after) <= width {
		return before, guilty, after
	}
	// Something of what is around the guilty part says where it is.
	const around = 12
	room := width - min(cells(before), around) - min(cells(after), around)
	guilty = displaywidth.TruncateString(guilty, max(room, around), "…")
	rest := width - cells(guilty)
	before = tail(before, max(rest-min(cells(after), around), 1))
	after = displaywidth.TruncateString(after, max(rest-cells(before), 0), "…")
	return before, guilty, after
}

// tail is the end of a text, in at most width columns.
func tail(s string, width int) string {
	if cells(s) <= width {
		return s
	}
	runes := []rune(s)
	from, used := len(runes), 1
	for from > 0 && used+cells(string(runes[from-1])) <= width {
		from--
		used += cells(string(runes[from]))
	}
	return "…" + string(runes[from:])
}

// wrap breaks a detail into lines. Its own line breaks stay, and a line that
// is indented is left as it is: it shows something.
func wrap(s string, width int) []string {
	if s == "" {
		return nil
	}
	var lines []string
	for paragraph := range strings.SplitSeq(strings.TrimRight(s, "\n"), "\n") {
		if strings.HasPrefix(paragraph, " ") || strings.HasPrefix(paragraph, "\t") {
			shown, _ := visible(paragraph, 0)
			lines = append(lines, shown)
			continue
		}
		lines = append(lines, wrapParagraph(clean(paragraph), width)...)
	}
	return lines
}

func wrapParagraph(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// Clean makes a text that came from outside safe to print on one line: what
// could change how a terminal shows the rest is replaced.
func Clean(s string) string { return clean(s) }
