package yaml

import (
	"bytes"
	"sort"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A source is a text and where its lines begin. The YAML reader counts lines
// and characters; HCL wants lines, columns as people see them, and bytes.
type source struct {
	name  string
	check Check
	text  []byte
	lines []int          // offset of each line's first byte
	marks map[int][]mark // by line number from 0, of lines that are not ASCII
}

// A mark is a known place in a line, so that finding another place in a long
// one does not mean counting from its start.
type mark struct{ offset, runes, columns int }

// markEvery is about how many bytes lie between two marks.
const markEvery = 256

func newSource(name string, text []byte, check Check) *source {
	if check == nil {
		check = func(hclsyntax.Tokens) *hcl.Diagnostic { return nil }
	}
	s := &source{name: name, check: check, text: text, lines: []int{0}, marks: map[int][]mark{}}
	for i, c := range text {
		if c == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	for n := range s.lines {
		if line := s.line(n); !ascii(line) {
			s.marks[n] = marksOf(s.lines[n], line)
		}
	}
	return s
}

// line is the text of a line, numbered from 0, with its line break.
func (s *source) line(n int) []byte {
	if n+1 < len(s.lines) {
		return s.text[s.lines[n]:s.lines[n+1]]
	}
	return s.text[s.lines[n]:]
}

func ascii(text []byte) bool {
	for _, c := range text {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// marksOf puts marks where a character begins that stands for itself, so that
// none that people see as one is cut in two.
func marksOf(offset int, line []byte) []mark {
	marks := []mark{{offset: offset}}
	from := 0
	for i, r := range string(line) {
		if i-from < markEvery || !alone(r) && i-from < 16*markEvery {
			continue
		}
		last := marks[len(marks)-1]
		piece := line[from:i]
		marks = append(marks, mark{offset + i, last.runes + utf8.RuneCount(piece), last.columns + columns(piece)})
		from = i
	}
	return marks
}

// alone reports whether a character never joins the one before it.
func alone(r rune) bool {
	return r < utf8.RuneSelf && r != '\n' || unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

// columns counts characters as people see them, the way HCL does.
func columns(text []byte) int {
	if ascii(text) || len(text) == 0 {
		return len(text)
	}
	whole := func(data []byte, _ bool) (int, []byte, error) { return len(data), data, nil }
	scanner := hcl.NewRangeScannerFragment(text, "", hcl.InitialPos, whole)
	scanner.Scan()
	return scanner.Range().End.Column - 1
}

// before is the last mark of a line for which reached is true.
func (s *source) before(n int, reached func(mark) bool) mark {
	marks := s.marks[n]
	i := sort.Search(len(marks), func(i int) bool { return !reached(marks[i]) })
	return marks[max(i-1, 0)]
}

// lineOf is the number, from 0, of the line in which an offset lies.
func (s *source) lineOf(offset int) int { return sort.SearchInts(s.lines, offset+1) - 1 }

// pos is the place of an offset.
func (s *source) pos(offset int) hcl.Pos {
	n := s.lineOf(offset)
	if s.marks[n] == nil {
		return hcl.Pos{Line: n + 1, Column: offset - s.lines[n] + 1, Byte: offset}
	}
	m := s.before(n, func(m mark) bool { return m.offset <= offset })
	return hcl.Pos{Line: n + 1, Column: m.columns + columns(s.text[m.offset:offset]) + 1, Byte: offset}
}

// rng is the range of the bytes from one offset to another.
func (s *source) rng(from, to int) hcl.Range {
	return hcl.Range{Filename: s.name, Start: s.pos(from), End: s.pos(to)}
}

// offset is where a character is, by the reader's count: lines and characters
// from 1. What lies outside the text counts as its nearest end.
func (s *source) offset(line, column int) int {
	n := min(max(line-1, 0), len(s.lines)-1)
	end := s.lines[n] + len(s.line(n))
	if s.marks[n] == nil {
		return min(s.lines[n]+max(column-1, 0), end)
	}
	m := s.before(n, func(m mark) bool { return m.runes < column })
	at := m.offset
	for left := column - 1 - m.runes; left > 0 && at < end; left-- {
		_, size := utf8.DecodeRune(s.text[at:])
		at += size
	}
	return at
}

// lineAround is the line in which an offset lies, without its line break.
func (s *source) lineAround(offset int) []byte {
	return bytes.TrimRight(s.line(s.lineOf(offset)), "\r\n")
}
