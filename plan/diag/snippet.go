package diag

import (
	"bytes"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"bossplan/plan/yaml"
)

// What a snippet shows at most: a range may span a whole file, and a line may
// be one.
const (
	maxLines = 6
	maxLine  = 400 // bytes to either side of the guilty part, and of it
)

// A Snippet is the source text that a diagnostic is about: whole lines, unless
// they are very long or many.
type Snippet struct {
	Context        *string `json:"context"` // header of the block around it: scenario "main"
	Code           string  `json:"code"`
	StartLine      int     `json:"start_line"`      // of the code's first line
	HighlightStart int     `json:"highlight_start"` // byte offset of the guilty part in the code
	HighlightEnd   int     `json:"highlight_end"`   // exclusive; equal to the start where nothing is there
	Values         []Value `json:"values"`          // never nil
}

// newSnippet cuts the lines of a range out of a file's text. It is nil where
// the range does not lie in the text. A range at the very end, after the last
// line break, is shown at the end of the last line.
func newSnippet(rng hcl.Range, src []byte) *Snippet {
	start, end := rng.Start.Byte, max(rng.End.Byte, rng.Start.Byte)
	if len(src) == 0 || start < 0 || start > len(src) {
		return nil
	}
	line := rng.Start.Line
	for start == len(src) && start > 0 && src[start-1] == '\n' {
		start--
		line--
		src = src[:start]
	}
	end = min(end, len(src))

	from := bytes.LastIndexByte(src[:start], '\n') + 1
	last := end
	if end > start && src[end-1] == '\n' {
		last-- // an end just after a line break belongs to the line before it
	}
	to := lineEnd(src, last)
	if n := bytes.Count(src[from:to], []byte("\n")); n >= maxLines {
		to = nthLineEnd(src, from, maxLines)
	}
	// A line break itself is not shown; what is wrong with it is at its line's end.
	start, end = min(start, to), min(end, to, start+maxLine*maxLines)
	from, to = max(from, start-maxLine), min(to, end+maxLine)
	from, to = runeStart(src, from, start), runeStart(src, to, len(src))
	return &Snippet{
		Code:           valid(src[from:to]),
		StartLine:      line,
		HighlightStart: start - from,
		HighlightEnd:   end - from,
	}
}

// valid is the text with a question mark for every byte that is not UTF-8, so
// that offsets stay true.
func valid(src []byte) string {
	var b strings.Builder
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size == 1 {
			r = '?'
		}
		b.WriteRune(r)
		src = src[size:]
	}
	return b.String()
}

// lineEnd is where the line with an offset in it ends, its line break left out.
func lineEnd(src []byte, at int) int {
	if n := bytes.IndexByte(src[at:], '\n'); n >= 0 {
		return trimCR(src, at+n)
	}
	return trimCR(src, len(src))
}

func trimCR(src []byte, end int) int { return len(bytes.TrimSuffix(src[:end], []byte("\r"))) }

// nthLineEnd is where the n-th line from an offset on ends.
func nthLineEnd(src []byte, from, n int) int {
	end := from
	for range n {
		end = from + bytes.IndexByte(src[from:], '\n')
		from = end + 1
	}
	return trimCR(src, end)
}

// runeStart moves an offset forward out of the middle of a character.
func runeStart(src []byte, at, limit int) int {
	for at < limit && at > 0 && at < len(src) && !utf8.RuneStart(src[at]) {
		at++
	}
	return at
}

// maxContext is the size of file, in bytes, up to which contexts are looked for.
const maxContext = 1 << 18

// contexts finds the block around a place, scanning each file once.
type contexts struct {
	sources map[string][]byte
	blocks  map[string][]block
	navs    map[string]yaml.Nav // of files in YAML and JSON
}

// A block is a top-level block of a file: the text before its brace, and where
// it lies.
type block struct {
	header   string
	from, to int
}

// at is the header of the outermost block around the range, or nil.
func (c *contexts) at(rng hcl.Range) *string {
	src := c.sources[rng.Filename]
	if len(src) > maxContext {
		return nil
	}
	switch strings.ToLower(filepath.Ext(rng.Filename)) {
	case ".hcl":
	case ".yaml", ".yml", ".json":
		return c.key(rng, src)
	default:
		return nil
	}
	blocks, done := c.blocks[rng.Filename]
	if !done {
		blocks = topBlocks(src)
		c.blocks[rng.Filename] = blocks
	}
	for _, b := range blocks {
		if b.from <= rng.Start.Byte && rng.Start.Byte < b.to {
			return &b.header
		}
	}
	return nil
}

// key names the block by the keys that lead to it.
func (c *contexts) key(rng hcl.Range, src []byte) *string {
	nav, done := c.navs[rng.Filename]
	if !done {
		parse := yaml.Parse
		if strings.ToLower(filepath.Ext(rng.Filename)) == ".json" {
			parse = yaml.ParseJSON
		}
		file, _ := parse(src, rng.Filename, noExpressions)
		nav, _ = file.Nav.(yaml.Nav)
		c.navs[rng.Filename] = nav
	}
	if context := nav.ContextString(rng.Start.Byte); context != "" {
		return &context
	}
	return nil
}

// noExpressions keeps expressions from being parsed: only keys are of interest.
func noExpressions(hclsyntax.Tokens) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError}
}

// topBlocks looks at tokens and braces only: the file may be broken, or nested
// deeper than a parser can follow.
func topBlocks(src []byte) []block {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	var blocks []block
	depth, line := 0, 0 // line: where the line, or what follows a block on it, begins
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOBrace, hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
			if header := src[line:t.Range.Start.Byte]; depth == 0 && !bytes.ContainsRune(header, '=') {
				blocks = append(blocks, block{header: string(bytes.TrimSpace(header)), from: line, to: len(src)})
			}
			depth++
		case hclsyntax.TokenCBrace, hclsyntax.TokenTemplateSeqEnd:
			depth = max(depth-1, 0)
			if n := len(blocks); depth == 0 && n > 0 && blocks[n-1].to == len(src) {
				blocks[n-1].to, line = t.Range.End.Byte, t.Range.End.Byte
			}
		case hclsyntax.TokenNewline, hclsyntax.TokenComment:
			if depth == 0 {
				line = t.Range.End.Byte
			}
		}
	}
	return blocks
}
