package plan

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan/yaml"
)

// What a plan may be at most. Plans are written by people and a page long;
// these are far beyond that, and low enough that a hostile file ends in a
// message before memory, stack or patience do.
const (
	maxFileSize  = 16 << 20      // bytes of one file
	maxWords     = 2 << 20       // words and signs of one file
	maxPieces    = 1 << 14       // lines of one template
	maxDigits    = 400           // of one number
	maxDepth     = yaml.MaxDepth // of nesting: brackets, templates, and operators that wait for each other
	maxValues    = 1 << 17       // values inside one value
	maxElements  = 1 << 13       // elements of one list that is written out or made by a loop
	maxTextSize  = 16 << 20      // bytes of text inside one value
	maxLabelSize = 128           // bytes of a name
)

// checkSize finds what would make parsing run out of memory or stack. HCL's
// parser and its expressions recurse, and Go cannot recover from a stack that
// is full, so this has to come first.
func checkSize(name string, src []byte) *hcl.Diagnostic {
	if words := countWords(src); words > maxWords {
		return &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "File too large",
			Detail:  fmt.Sprintf("%s has about %d words and signs; at most %d are read. Split it into files that import each other.", name, words, maxWords),
			Subject: &hcl.Range{Filename: name, Start: hcl.InitialPos, End: hcl.InitialPos},
		}
	}
	if spelling(name) == spellYAML || spelling(name) == spellJSON {
		return nil // nesting is looked at there before anything recurses, and each expression by itself
	}
	tokens, _ := hclsyntax.LexConfig(src, name, hcl.InitialPos) // the parser lexes again and reports what is wrong
	return checkTokens(tokens)
}

// checkTokens finds what an expression, or a file, cannot be parsed for.
func checkTokens(tokens hclsyntax.Tokens) *hcl.Diagnostic {
	if t := hugeNumber(tokens); t != nil {
		return &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Number out of range",
			Detail:  fmt.Sprintf("Numbers have at most %d digits and are at most 1e308.", maxDigits),
			Subject: &t.Range,
		}
	}
	if t := longTemplate(tokens); t != nil {
		return &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Text too long",
			Detail:  fmt.Sprintf("A text with ${…} in it, or a heredoc, has at most %d lines. Keep what is longer in a file and read it with file().", maxPieces),
			Subject: &t.Range,
		}
	}
	if t := tooDeep(tokens); t != nil {
		return &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Nested too deeply",
			Detail:  fmt.Sprintf("Brackets, templates and operators are nested more than %d deep here. Name parts of it in locals, or simplify it.", maxDepth),
			Subject: &t.Range,
		}
	}
	return nil
}

// longTemplate returns the token at which a template has become too long: HCL
// puts the lines of one together in quadratic time.
func longTemplate(tokens hclsyntax.Tokens) *hclsyntax.Token {
	pieces := 0
	for i, t := range tokens {
		if t.Type != hclsyntax.TokenStringLit && t.Type != hclsyntax.TokenQuotedLit {
			pieces = 0
		} else if pieces++; pieces > maxPieces {
			return &tokens[i]
		}
	}
	return nil
}

// countWords is at least the number of tokens, to within comments and texts.
func countWords(src []byte) int {
	words, inWord := 0, false
	for _, c := range src {
		isWord := c == '_' || c == '.' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
		if !isWord && c != ' ' || isWord && !inWord || c == '.' {
			words++
		}
		inWord = isWord
	}
	return words
}

// tooDeep returns the first token that is nested deeper than maxDepth.
// Operators of one expression count as nesting, because they make a tree that
// may be as deep as there are operators.
func tooDeep(tokens hclsyntax.Tokens) *hclsyntax.Token {
	s := &stack{levels: []level{{lines: true}}}
	for i := range tokens {
		if s.next(&tokens[i]); s.depth > maxDepth {
			return &tokens[i]
		}
	}
	return nil
}

// A level is a bracket that is open, with the operators since the last place
// at which an expression in it began.
type level struct {
	chain int
	lines bool // a line's end ends an expression: a body or an object
	fresh bool // nothing inside yet
}

// A stack holds the levels that are open; depth is their number and the sum of
// their chains.
type stack struct {
	levels []level
	depth  int
}

func (s *stack) next(t *hclsyntax.Token) {
	top := &s.levels[len(s.levels)-1]
	switch t.Type {
	case hclsyntax.TokenTemplateControl: // ifs nest until their endif
		s.step()
		s.open(level{})
	case hclsyntax.TokenOBrack, hclsyntax.TokenOParen: // an index or a call is a step of the chain it stands in
		s.step()
		s.open(level{})
	case hclsyntax.TokenOBrace:
		s.open(level{lines: true, fresh: true})
		return
	case hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc, hclsyntax.TokenTemplateInterp:
		s.open(level{})
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote,
		hclsyntax.TokenCHeredoc, hclsyntax.TokenTemplateSeqEnd:
		s.close()
	case hclsyntax.TokenComma:
		s.restart()
	case hclsyntax.TokenNewline, hclsyntax.TokenComment: // a comment holds the end of its line
		if top.lines && bytes.HasSuffix(t.Bytes, []byte("\n")) {
			s.restart()
		}
		return
	case hclsyntax.TokenIdent:
		if top.fresh && string(t.Bytes) == "for" {
			top.lines = false
		}
	case hclsyntax.TokenQuotedLit, hclsyntax.TokenStringLit, hclsyntax.TokenNumberLit, hclsyntax.TokenEqual:
	default:
		s.step()
	}
	top = &s.levels[len(s.levels)-1]
	top.fresh = false
}

func (s *stack) open(l level) {
	s.levels = append(s.levels, l)
	s.depth++
}

func (s *stack) close() {
	if last := len(s.levels) - 1; last > 0 {
		s.depth -= s.levels[last].chain + 1
		s.levels = s.levels[:last]
	}
}

// step adds an operator to the expression that is being read.
func (s *stack) step() {
	s.levels[len(s.levels)-1].chain++
	s.depth++
}

// restart begins a new expression on the same level.
func (s *stack) restart() {
	top := &s.levels[len(s.levels)-1]
	s.depth -= top.chain
	top.chain = 0
}

// hugeNumber returns the first number that is too large to be written out.
func hugeNumber(tokens hclsyntax.Tokens) *hclsyntax.Token {
	for i, t := range tokens {
		if t.Type != hclsyntax.TokenNumberLit {
			continue
		}
		f, err := strconv.ParseFloat(string(t.Bytes), 64)
		if len(t.Bytes) > maxDigits || err != nil || math.IsInf(f, 0) {
			return &tokens[i]
		}
	}
	return nil
}

// checkValue finds what makes a value too large to work with: doubling a list
// or a text thirty times takes thirty lines of locals.
func checkValue(v cty.Value) error {
	m := measure{}
	return m.add(v)
}

// A measure adds up what is inside a value and stops at the limits, so that
// its own time is bounded even where parts are shared.
type measure struct{ values, bytes int }

func (m *measure) add(v cty.Value) error {
	v, _ = v.Unmark()
	m.values++
	if v.IsNull() || !v.IsKnown() {
		return nil
	}
	ty := v.Type()
	switch {
	case ty == cty.String:
		m.bytes += len(v.AsString())
	case ty == cty.Number:
		if err := checkNumber(v.AsBigFloat()); err != nil {
			return err
		}
	case ty.IsTupleType() && ty.Length() > maxElements: // cty takes quadratic time over these
		return fmt.Errorf("the value is too large: a list has at most %d elements", maxElements)
	case v.CanIterateElements():
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			if k.Type() == cty.String && !k.IsNull() && k.IsKnown() { // an element of a set is its own key
				m.bytes += len(k.AsString())
			}
			if err := m.add(e); err != nil {
				return err
			}
		}
	}
	if m.values > maxValues || m.bytes > maxTextSize {
		return fmt.Errorf("the value is too large: at most %d values and %d MiB of text can be held in one", maxValues, maxTextSize>>20)
	}
	return nil
}

// checkNumber refuses what no quantity of a plan can be, and what would take
// hundreds of megabytes to write down.
func checkNumber(f *big.Float) error {
	if f.IsInf() {
		return errors.New("the number is out of range: it is infinite, as what is divided by zero is")
	}
	if f.MantExp(nil) > 1024 || f.Sign() != 0 && f.MantExp(nil) < -1074 {
		return fmt.Errorf("the number is out of range: numbers are between 1e-308 and 1e308")
	}
	return nil
}
