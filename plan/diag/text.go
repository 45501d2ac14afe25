package diag

import (
	"fmt"
	"io"
	"strings"
)

// TextOptions say for whom text is written.
type TextOptions struct {
	Color bool // with ANSI colours
	Width int  // columns to wrap at; 0: 80. Less than 40 counts as 40
}

// WriteText writes the list for people, a blank line after each diagnostic:
//
//	Error: Bound that does not fit the metric
//
//	  on plans/heavy.hcl line 42, column 15, in threshold.p95:
//	   42 │   target = "< 1%"
//	      │               ^^
//
//	  The metric is a time, but "1%" is a ratio. Write a bound like "< 500ms".
func (l List) WriteText(w io.Writer, o TextOptions) error {
	if o.Width == 0 {
		o.Width = 80
	}
	o.Width = max(o.Width, 40)
	var b strings.Builder
	for _, d := range l.Diagnostics {
		t := text{out: &b, TextOptions: o, tint: red}
		if d.Severity == severityWarning {
			t.tint = yellow
		}
		t.diagnostic(d)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

const (
	red    = "\x1b[31m"
	yellow = "\x1b[33m"
	bold   = "\x1b[1m"
	dim    = "\x1b[2m"
	reset  = "\x1b[0m"
)

// text writes one diagnostic.
type text struct {
	TextOptions
	out  *strings.Builder
	tint string // colour of the severity
}

// paint sets a text in a style where colours are wanted.
func (t *text) paint(style, s string) string {
	if !t.Color || s == "" {
		return s
	}
	return style + s + reset
}

func (t *text) diagnostic(d Diagnostic) {
	title := strings.ToUpper(d.Severity[:1]) + d.Severity[1:] + ":"
	fmt.Fprintf(t.out, "%s %s\n\n", t.paint(bold+t.tint, title), t.paint(bold, clean(d.Summary)))
	if where := headline(d); where != "" {
		fmt.Fprintf(t.out, "  %s:\n", where)
	}
	if d.Snippet != nil {
		t.snippet(d)
	}
	if d.Range != nil || d.Address != "" {
		t.out.WriteByte('\n')
	}
	for _, line := range wrap(d.Detail, t.Width-2) {
		t.out.WriteString(strings.TrimRight("  "+line, " ") + "\n")
	}
	if d.Detail != "" {
		t.out.WriteByte('\n')
	}
}

// headline says where a diagnostic is: "on FILE line N, column C, in ADDRESS".
func headline(d Diagnostic) string {
	in := clean(d.Address)
	if in == "" && d.Snippet != nil && d.Snippet.Context != nil {
		in = clean(*d.Snippet.Context)
	}
	var parts []string
	if d.Range != nil {
		parts = append(parts, fmt.Sprintf("on %s line %d, column %d", clean(d.Range.Filename), d.Range.Start.Line, d.Range.Start.Column))
	}
	if in != "" {
		parts = append(parts, "in "+in)
	}
	return strings.Join(parts, ", ")
}

// snippet writes the source lines, the guilty part underlined, and then what
// the names in it stand for.
func (t *text) snippet(d Diagnostic) {
	s := d.Snippet
	lines := strings.Split(s.Code, "\n")
	last := s.StartLine + len(lines) - 1
	gutter := max(len(fmt.Sprint(last)), 3)
	offset := 0
	for i, line := range lines {
		from := min(max(s.HighlightStart-offset, 0), len(line))
		to := min(max(s.HighlightEnd-offset, 0), len(line))
		shown, caret := t.line(strings.TrimSuffix(line, "\r"), from, to, t.Width-gutter-5, i == 0)
		t.row(gutter, fmt.Sprint(s.StartLine+i), shown)
		if caret != "" {
			t.row(gutter, "", t.paint(bold+t.tint, caret))
		}
		offset += len(line) + 1
	}
	if end := d.Range.End; len(lines) == maxLines && end.Line > last {
		t.row(gutter, "", t.paint(dim, fmt.Sprintf("… to line %d", end.Line)))
	}
	for _, v := range s.Values {
		t.row(gutter, "", t.paint(dim, "where ")+clean(v.Traversal)+" "+clean(v.Statement))
	}
}

// row writes one line behind the gutter.
func (t *text) row(gutter int, number, content string) {
	left := fmt.Sprintf("  %*s │", gutter, number)
	t.out.WriteString(t.paint(dim, left))
	if content != "" {
		t.out.WriteString(" " + content)
	}
	t.out.WriteByte('\n')
}

// line is a source line as it is shown, and the carets below line[from:to].
// There is at least one caret in the first line of a range; in the others what
// the line is indented with is not underlined.
func (t *text) line(line string, from, to, width int, first bool) (shown, caret string) {
	from, to = min(from, len(line)), min(to, len(line))
	if !first {
		for from < to && (line[from] == ' ' || line[from] == '\t') {
			from++
		}
	}
	before, column := visible(line[:from], 0)
	guilty, column := visible(line[from:to], column)
	after, _ := visible(line[to:], column)
	before, guilty, after = fit(before, guilty, after, width)
	n := cells(guilty)
	if n == 0 && first {
		n = 1
	}
	if n > 0 {
		caret = strings.Repeat(" ", cells(before)) + strings.Repeat("^", n)
	}
	return strings.TrimRight(before+t.paint(bold, guilty)+after, " "), caret
}
