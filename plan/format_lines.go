package plan

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// tightenLines leaves at most one blank line in a row, none at the ends of a
// block and of the file, and exactly one line break at the end of the text.
func tightenLines(src []byte) []byte {
	lines := linesOf(src)
	var out bytes.Buffer
	last := line{opens: true} // as if the file were a block
	for i, l := range lines {
		if l.blank && (last.blank || last.opens || closesAfter(lines[i:])) {
			continue
		}
		out.Write(l.text)
		out.WriteByte('\n')
		last = l
	}
	return out.Bytes()
}

// A line is one line of a text, without its end.
type line struct {
	text   []byte
	blank  bool // and not a part of a heredoc or comment
	opens  bool // its last sign opens a bracket
	closes bool // its first sign closes one
	inside bool // it goes on with a heredoc or comment
	begun  bool // it has a sign or comment
}

// closesAfter reports whether blank lines lead to the end of a block or file.
func closesAfter(lines []line) bool {
	for _, l := range lines {
		if !l.blank {
			return l.closes
		}
	}
	return true
}

// linesOf takes a text apart into lines.
func linesOf(src []byte) []line {
	var lines []line
	for text := range bytes.Lines(src) {
		lines = append(lines, line{text: bytes.TrimSuffix(text, []byte("\n"))})
	}
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	depth, from := 0, 0 // of heredocs
	for _, t := range tokens {
		at := t.Range.Start.Line - 1
		switch t.Type {
		case hclsyntax.TokenNewline, hclsyntax.TokenEOF:
			continue
		case hclsyntax.TokenComment:
			lines[at].sign(t.Type)
			if bytes.HasPrefix(t.Bytes, []byte("/*")) {
				markInside(lines[at+1 : t.Range.End.Line])
			}
			continue
		case hclsyntax.TokenOHeredoc:
			if depth == 0 {
				from = at + 1
			}
			depth++
		case hclsyntax.TokenCHeredoc:
			if depth--; depth == 0 {
				markInside(lines[from:t.Range.End.Line])
			}
		}
		lines[at].sign(t.Type)
	}
	for i, l := range lines {
		lines[i].blank = !l.inside && len(bytes.Trim(l.text, " \t")) == 0
	}
	return lines
}

func markInside(lines []line) {
	for i := range lines {
		lines[i].inside = true
	}
}

// sign notes the next sign of a line.
func (l *line) sign(t hclsyntax.TokenType) {
	if !l.begun {
		l.begun = true
		switch t {
		case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenTemplateSeqEnd:
			l.closes = true
		}
	}
	switch t {
	case hclsyntax.TokenComment: // says nothing of what the line leaves open
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		l.opens = true
	default:
		l.opens = false
	}
}
