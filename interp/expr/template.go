package expr

import (
	"bytes"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A template is a sequence that makes one string, encoded for the place it goes
// to and in the normal form of cty.
//
// Its literals are encoded beforehand, and most parts have no byte that any
// encoding changes: to look at those bytes is all there is to do. Where a part
// has one, the text is made again from the raw pieces and encoded as a whole,
// because an escape, or a letter and its accent, may straddle two of them.
type template struct {
	sequence // raw
	enc      Encoding
	special  *[256]bool // bytes that enc changes, or that may combine with others
	tail     []byte     // suffix as it goes out
	entire   bool       // it is always encoded as a whole
	rng      hcl.Range
}

// maxEnds is how many parts there may be of which the ends are remembered. A
// template of more is rare; it is always encoded as a whole.
const maxEnds = 8

// under is the template for a place that needs enc. In JSON it is a string with
// its quotes.
func (t *template) under(enc Encoding) *template {
	under := *t
	under.enc, under.special = enc, enc.special()
	under.parts = slices.Clone(t.parts)
	under.entire = len(t.parts) == 0 || len(t.parts) > maxEnds
	for i := range under.parts {
		p := &under.parts[i]
		under.entire = under.entire || i > 0 && beginsForeign(p.prefix) || enc == Path && endsInEscape(p.prefix)
		p.encoded, _ = encode(bytes.Clone(p.prefix), 0, enc)
	}
	under.entire = under.entire || beginsForeign(t.suffix)
	under.tail, _ = encode(bytes.Clone(t.suffix), 0, enc)
	if enc == JSON && len(t.parts) > 0 {
		under.parts[0].encoded = append([]byte{'"'}, under.parts[0].encoded...)
		under.tail = append(under.tail, '"')
	}
	return &under
}

// textOf is a template of nothing but a code.
func textOf(t term, rng hcl.Range) *template {
	single := &template{rng: rng}
	single.add(part{writer: raw(t.code), safe: t.safe})
	return single
}

func (t *template) append(dst []byte, f *Frame) ([]byte, error) {
	var ends [maxEnds]int
	start := len(dst)
	if t.entire {
		return t.again(dst, f, start, ends[:0], nil)
	}
	for i := range t.parts {
		p := &t.parts[i]
		dst = append(dst, p.encoded...)
		from := len(dst)
		var err error
		dst, err = p.append(dst, f)
		ends[i%maxEnds] = len(dst) // with more parts it is entire
		if err != nil || !p.safe && find(t.special, dst, from) < len(dst) {
			return t.again(dst, f, start, ends[:i+1], err)
		}
	}
	return append(dst, t.tail...), nil
}

// again makes the text from its raw pieces, after the first parts were written
// to dst[start:]; those are not computed a second time, since they may draw.
// failed is what the last of them gave.
func (t *template) again(dst []byte, f *Frame, start int, ends []int, failed error) ([]byte, error) {
	middle := len(dst)
	if t.enc == JSON {
		dst = append(dst, '"')
	}
	text, from := len(dst), start
	for i, end := range ends {
		p := &t.parts[i]
		dst = append(dst, p.prefix...)
		dst = append(dst, dst[from+len(p.encoded):end]...)
		from = end
	}
	if failed != nil {
		failed = t.parts[len(ends)-1].failure(failed)
	}
	if dst, failed = t.appendFrom(len(ends), dst, f, failed); failed != nil {
		return dst, failed
	}
	if !isASCII(dst[text:]) {
		dst = normalize(dst, text)
	}
	dst, err := encode(dst, text, t.enc)
	if err != nil {
		return dst, at(err, t.rng)
	}
	if t.enc == JSON {
		dst = append(dst, '"')
	}
	return moveDown(dst, start, middle), nil
}

func (t *template) value(f *Frame) (value, error) {
	text, err := t.append(nil, f)
	return str(share(text)), err
}

// template compiles a string with interpolations.
func (c *compiler) template(e *hclsyntax.TemplateExpr) term {
	t := &template{rng: e.Range()}
	result := term{kind: kindString}
	for _, piece := range e.Parts {
		p := c.term(piece)
		switch known, _ := p.code.(*constant); {
		case p.structure:
			p = c.refuse(piece, "a template can hold a string, a number or a bool, but not an object or a list; jsonencode makes a string of one")
		case known != nil && !p.nullable:
			t.literal(known.text...)
			continue
		case known != nil:
			p = c.refuse(piece, "the value is null, but a template needs text")
		}
		null := &Error{Range: piece.Range(), Message: "the value is null, but a template needs text"}
		t.add(part{writer: raw(p.code), null: null, safe: p.safe})
		result.draws = result.draws || p.draws
		result.fails = result.fails || p.fails || p.nullable
	}
	t.normalizeLiterals()
	result.code = t.under(Plain)
	return result
}

// raw is the writer of a part of a template, which normalises the text as a
// whole.
func raw(c code) writer {
	if s, ok := c.(slot); ok {
		return s.raw()
	}
	return c
}

// normalizeLiterals brings each merged literal into cty's normal form.
func (t *template) normalizeLiterals() {
	for i := range t.parts {
		t.parts[i].prefix = normalize(t.parts[i].prefix, 0)
	}
	t.suffix = normalize(t.suffix, 0)
}

func beginsForeign(text []byte) bool { return len(text) > 0 && nonASCII[text[0]] }

// holds reports whether a literal holds a byte of set.
func (t *template) holds(set *[256]bool) bool {
	for _, p := range t.parts {
		if find(set, p.prefix, 0) < len(p.prefix) {
			return true
		}
	}
	return find(set, t.suffix, 0) < len(t.suffix)
}
