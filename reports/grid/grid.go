// Package grid lays out tables without lines for terminals and logs.
package grid

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Column is one column of a grid. Figures stand to the right, texts to the
// left; texts give way when a line is too long for the terminal.
type Column struct {
	Title   string
	Figure  bool // to the right, and never cut
	Least   int  // a text is not cut below this width; 0: minWidth
	KeepEnd bool // a text whose end says more than its beginning, such as an address
}

// A Grid is a table without lines: columns parted by two spaces, so that it
// stays readable in a log. Cells hold clean text.
type Grid struct {
	Columns []Column
	rows    [][]string
}

// Add appends a row; it has a cell for every column.
func (g *Grid) Add(cells ...string) { g.rows = append(g.rows, cells) }

// Len is how many rows there are.
func (g *Grid) Len() int { return len(g.rows) }

const (
	Indent   = "  " // of every line
	wideGap  = 2    // spaces between two columns
	closeGap = 1    // the same where room is short
	minWidth = 10   // a text is not cut below this
	Whole    = 1000 // least width of a text that is never cut, such as a verdict
)

// Render writes the grid into b, no wider than limit where that can be had (0:
// as wide as it is). paint, which may be nil, colours a padded cell.
func (g *Grid) Render(b *strings.Builder, limit int, paint func(row, col int, cell string) string) {
	widths, gap := g.widths(limit)
	g.line(b, widths, gap, g.titles(), nil)
	for i, cells := range g.rows {
		g.line(b, widths, gap, cells, func(col int, cell string) string {
			if paint == nil {
				return cell
			}
			return paint(i, col, cell)
		})
	}
}

func (g *Grid) titles() []string {
	out := make([]string, len(g.Columns))
	for i, c := range g.Columns {
		out[i] = c.Title
	}
	return out
}

// widths is how wide each column is and what parts them: as wide as the widest
// cell. Where room is short first the gaps, then the widest text give way until
// the line fits.
func (g *Grid) widths(limit int) (w []int, gap int) {
	w = make([]int, len(g.Columns))
	gap = wideGap
	total := len(Indent) + gap*(len(w)-1)
	for i, c := range g.Columns {
		w[i] = width(c.Title)
		for _, cells := range g.rows {
			w[i] = max(w[i], width(cells[i]))
		}
		total += w[i]
	}
	if limit > 0 && total > limit {
		total -= (wideGap - closeGap) * (len(w) - 1)
		gap = closeGap
	}
	for limit > 0 && total > limit {
		i := g.widest(w)
		if i < 0 {
			break
		}
		w[i]--
		total--
	}
	return w, gap
}

// widest is the widest column that can give way, -1 if there is none.
func (g *Grid) widest(w []int) int {
	widest := -1
	for i, c := range g.Columns {
		if !c.Figure && w[i] > max(cmp.Or(c.Least, minWidth), width(c.Title)) && (widest < 0 || w[i] > w[widest]) {
			widest = i
		}
	}
	return widest
}

func (g *Grid) line(b *strings.Builder, widths []int, gap int, cells []string, paint func(int, string) string) {
	var out strings.Builder
	out.WriteString(Indent)
	for i, cell := range cells {
		if i > 0 {
			out.WriteString(strings.Repeat(" ", gap))
		}
		c := g.Columns[i]
		text := cut(cell, widths[i], c.KeepEnd)
		pad := strings.Repeat(" ", max(widths[i]-width(text), 0))
		if paint != nil {
			text = paint(i, text)
		}
		if c.Figure {
			out.WriteString(pad + text)
		} else {
			out.WriteString(text + pad)
		}
	}
	b.WriteString(strings.TrimRight(out.String(), " "))
	b.WriteByte('\n')
}

// cut shortens s to w cells, with "…" where something is missing.
func cut(s string, w int, keepEnd bool) string {
	if width(s) <= w {
		return s
	}
	for width(s) > w-1 && s != "" {
		if keepEnd {
			_, n := utf8.DecodeRuneInString(s)
			s = s[n:]
		} else {
			_, n := utf8.DecodeLastRuneInString(s)
			s = s[:len(s)-n]
		}
	}
	if keepEnd {
		return "…" + s
	}
	return s + "…"
}

// width is how many cells of a terminal s takes.
func width(s string) int {
	n := 0
	for _, c := range s {
		switch {
		case c < 0x300:
			n++
		case unicode.In(c, unicode.Mn, unicode.Me, unicode.Cf):
		case unicode.In(c, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana),
			c >= 0x1F300 && c <= 0x1FAFF, c >= 0xFF01 && c <= 0xFF60:
			n += 2
		default:
			n++
		}
	}
	return n
}
