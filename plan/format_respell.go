package plan

import (
	"bytes"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// respell writes what can be written in several ways in the one that is
// canonical: line ends, labels, and templates that are nothing but one value.
// Heredocs are left alone.
func respell(src []byte, body *hclsyntax.Body) []byte {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	r := &respeller{src: src, tokens: tokens, heredocs: heredocsIn(tokens)}
	r.lineEnds()
	r.labels(body)
	hclsyntax.Walk(body, r)
	return edited(src, slices.DeleteFunc(r.edits, func(e edit) bool { return holds(r.heredocs, e.from) }))
}

// A respeller walks a file and collects edits. It knows the nodes around the
// one that it is at.
type respeller struct {
	src      []byte
	tokens   hclsyntax.Tokens
	heredocs []span
	around   []hclsyntax.Node
	edits    []edit
}

// lineEnds makes every line end with LF, and comments without spaces before it.
func (r *respeller) lineEnds() {
	for _, t := range r.tokens {
		if t.Type == hclsyntax.TokenComment && !bytes.HasPrefix(t.Bytes, []byte("/*")) {
			if kept := bytes.TrimRight(t.Bytes, " \t\r\n"); len(kept) < len(t.Bytes) {
				end := ""
				if t.Bytes[len(t.Bytes)-1] == '\n' {
					end = "\n"
				}
				r.edits = append(r.edits, edit{t.Range.Start.Byte + len(kept), t.Range.End.Byte, end})
			}
			continue
		}
		at := t.Range.Start.Byte
		for text := range bytes.Lines(t.Bytes) {
			if kept := bytes.TrimRight(text, "\r\n"); bytes.HasSuffix(text, []byte("\r\n")) {
				r.edits = append(r.edits, edit{at + len(kept), at + len(text), "\n"})
			}
			at += len(text)
		}
	}
}

// labels puts the labels of all blocks in quotes.
func (r *respeller) labels(body *hclsyntax.Body) {
	for _, block := range body.Blocks {
		for _, at := range block.LabelRanges {
			if from, to := at.Start.Byte, at.End.Byte; r.src[from] != '"' {
				r.edits = append(r.edits, edit{from, from, `"`}, edit{to, to, `"`})
			}
		}
		r.labels(block.Body)
	}
}

// Enter implements hclsyntax.Walker.
func (r *respeller) Enter(n hclsyntax.Node) hcl.Diagnostics {
	if e, ok := n.(*hclsyntax.TemplateWrapExpr); ok {
		r.unwrap(e)
	}
	r.around = append(r.around, n)
	return nil
}

// Exit implements hclsyntax.Walker.
func (r *respeller) Exit(hclsyntax.Node) hcl.Diagnostics {
	r.around = r.around[:len(r.around)-1]
	return nil
}

// unwrap takes "${ and }" away from around a value: HCL gives the value itself
// for such a template, whatever its type. It stays where what is inside would
// mean something else without it, or goes over several lines.
func (r *respeller) unwrap(e *hclsyntax.TemplateWrapExpr) {
	from, to := e.SrcRange.Start.Byte, e.SrcRange.End.Byte
	inner, ok := r.inside(span{from, to})
	how := r.place(e)
	if !ok || how == keep || keyword(core(e)) {
		return
	}
	before, after := "", ""
	if how == enclose {
		before, after = "(", ")"
	}
	if from > 0 && isWord(r.src[from-1]) { // [for x in"${y}": x]
		before = " " + before
	}
	if to < len(r.src) && isWord(r.src[to]) {
		after += " "
	}
	r.edits = append(r.edits, edit{from, inner.from, before}, edit{inner.to, to, after})
}

// inside is what a template of one value has between its braces. It is false
// where that holds a comment or the end of a line.
func (r *respeller) inside(s span) (span, bool) {
	i, _ := slices.BinarySearchFunc(r.tokens, s.from, func(t hclsyntax.Token, at int) int { return t.Range.Start.Byte - at })
	for _, t := range r.tokens[i:] {
		if t.Range.Start.Byte >= s.to {
			break
		}
		if t.Type == hclsyntax.TokenComment || t.Type == hclsyntax.TokenNewline || t.Type == hclsyntax.TokenOHeredoc {
			return s, false
		}
	}
	text := r.src[s.from:s.to]
	for _, prefix := range []string{`"`, "${", "~"} {
		text = bytes.TrimPrefix(text, []byte(prefix))
	}
	from := s.to - len(text)
	for _, suffix := range []string{`"`, "}", "~"} {
		text = bytes.TrimSuffix(text, []byte(suffix))
	}
	from += len(text) - len(bytes.TrimLeft(text, " \t"))
	text = bytes.TrimSpace(text)
	return span{from, from + len(text)}, true
}

// A treatment is what becomes of a template that is one value.
type treatment int

const (
	keep    treatment = iota // stays as it is
	bare                     // only the value stays
	enclose                  // the value stays, in parentheses
)

// place tells from where a template stands what can become of it.
func (r *respeller) place(e *hclsyntax.TemplateWrapExpr) treatment {
	if len(r.around) == 0 {
		return keep
	}
	switch around := r.around[len(r.around)-1].(type) {
	case *hclsyntax.Attribute, *hclsyntax.TupleConsExpr, *hclsyntax.ObjectConsExpr, *hclsyntax.FunctionCallExpr,
		*hclsyntax.ParenthesesExpr, *hclsyntax.TemplateExpr, *hclsyntax.TemplateWrapExpr:
		return bare
	case *hclsyntax.ObjectConsKeyExpr:
		return enclose // else the name of a key would be taken for the key
	case *hclsyntax.IndexExpr:
		if around.Key == hclsyntax.Expression(e) {
			return bare
		}
		return keep
	case *hclsyntax.BinaryOpExpr, *hclsyntax.UnaryOpExpr, *hclsyntax.ConditionalExpr, *hclsyntax.ForExpr, hclsyntax.ChildScope:
		if whole(core(e)) {
			return bare
		}
		return enclose
	}
	return keep
}

// core is what templates of one value are in the end.
func core(e hclsyntax.Expression) hclsyntax.Expression {
	for {
		wrap, ok := e.(*hclsyntax.TemplateWrapExpr)
		if !ok {
			return e
		}
		e = wrap.Wrapped
	}
}

// whole reports whether no operator beside an expression can take a part of it.
func whole(e hclsyntax.Expression) bool {
	switch e.(type) {
	case *hclsyntax.BinaryOpExpr, *hclsyntax.UnaryOpExpr, *hclsyntax.ConditionalExpr:
		return false
	}
	return true
}

// keyword reports whether an expression begins with a name that begins or parts
// a loop where it stands by itself.
func keyword(e hclsyntax.Expression) bool {
	traversal, ok := e.(*hclsyntax.ScopeTraversalExpr)
	return ok && slices.Contains([]string{"for", "in", "if"}, traversal.Traversal.RootName())
}

func isWord(c byte) bool {
	return c == '_' || c == '-' || c >= 0x80 || '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}
