package expr

import (
	"cmp"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// JSON is written as cty's jsonencode writes it: no spaces, the keys of objects
// sorted, HTML's special characters escaped.

// json adds the code that writes e as JSON to s, and reports whether it draws.
func (c *compiler) json(s *sequence, e hclsyntax.Expression) (draws bool) {
	if !c.dynamic[e] {
		return c.foldJSON(s, e)
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return c.json(s, e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return c.json(s, e.Wrapped)
	case *hclsyntax.TupleConsExpr:
		return c.tuple(s, e)
	case *hclsyntax.ObjectConsExpr:
		return c.object(s, e)
	case *hclsyntax.FunctionCallExpr:
		if arms, ok := c.arms(e); ok && e.Name == "one_of" {
			return c.oneOfJSON(s, arms)
		}
	}
	t := c.term(e)
	s.add(part{writer: t.json(e.Range())})
	return t.draws
}

// foldJSON adds the text of what is static.
func (c *compiler) foldJSON(s *sequence, e hclsyntax.Expression) (draws bool) {
	v, diags := c.known(e)
	if diags.HasErrors() {
		if c.lenient == 0 {
			c.diags = append(c.diags, diags...)
		}
		s.add(part{writer: jsonLeaf{c.leafOf(e)}})
		return true
	}
	v, _ = v.UnmarkDeep()
	text, err := appendCtyJSON(nil, v, e.Range())
	if err != nil {
		c.report(err)
	}
	s.literal(text...)
	return false
}

func (c *compiler) oneOfJSON(s *sequence, arms []hclsyntax.Expression) (draws bool) {
	c.lenient++
	defer func() { c.lenient-- }()
	p := &pickWriter{}
	for _, arm := range arms {
		var w sequence
		c.json(&w, arm)
		p.arms = append(p.arms, w.writer())
	}
	s.add(part{writer: p})
	return true
}

func (c *compiler) tuple(s *sequence, e *hclsyntax.TupleConsExpr) (draws bool) {
	s.literal('[')
	for i, element := range e.Exprs {
		if i > 0 {
			s.literal(',')
		}
		draws = c.json(s, element) || draws
	}
	s.literal(']')
	return draws
}

// An item is one attribute of an object, as text and code.
type item struct {
	key   string
	draws bool
	sequence
}

// object adds an object with its keys sorted. HCL computes the values in the
// order of the source; where that shows in what they draw, they are computed so
// and sorted afterwards.
func (c *compiler) object(s *sequence, e *hclsyntax.ObjectConsExpr) (draws bool) {
	items, ok := c.items(e)
	if !ok {
		s.add(part{writer: jsonLeaf{c.leafOf(e)}})
		return true
	}
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
		draws = draws || items[i].draws
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(items[a].key, items[b].key) })
	s.literal('{')
	if drawnInOrder(items, order) {
		for i, index := range order {
			if i > 0 {
				s.literal(',')
			}
			s.extend(&items[index].sequence)
		}
	} else {
		s.add(part{writer: &sorted{items: items, order: order}})
	}
	s.literal('}')
	return draws
}

// items compiles the attributes in the order of the source. ok is false where a
// key is not known or not alone, which is left to HCL.
func (c *compiler) items(e *hclsyntax.ObjectConsExpr) (items []item, ok bool) {
	seen := map[string]bool{}
	for _, source := range e.Items {
		key, ok := c.key(source.KeyExpr)
		if !ok || seen[key] {
			return nil, false
		}
		seen[key] = true
		it := item{key: key}
		it.literal(appendQuoted(nil, key)...)
		it.literal(':')
		it.draws = c.json(&it.sequence, source.ValueExpr)
		items = append(items, it)
	}
	return items, true
}

func (c *compiler) key(e hclsyntax.Expression) (key string, ok bool) {
	if c.dynamic[e] {
		return "", false
	}
	v, diags := c.known(e)
	if diags.HasErrors() {
		if c.lenient == 0 {
			c.diags = append(c.diags, diags...)
		}
		return "", false
	}
	v, _ = v.UnmarkDeep()
	text, err := convert.Convert(v, cty.String)
	if err != nil || v.IsNull() {
		c.refuse(e, "a key must be a string")
		return "", false
	}
	return text.AsString(), true
}

// drawnInOrder reports whether the items that draw come in the same order in
// both the source and the sorted object.
func drawnInOrder(items []item, order []int) bool {
	last := -1
	for _, index := range order {
		if !items[index].draws {
			continue
		}
		if index < last {
			return false
		}
		last = index
	}
	return true
}

// extend adds another sequence.
func (s *sequence) extend(other *sequence) {
	for _, p := range other.parts {
		s.literal(p.prefix...)
		s.add(p)
	}
	s.literal(other.suffix...)
}

// A sorted object computes its items in the order of the source and then brings
// their texts into the order of their keys.
type sorted struct {
	items []item
	order []int
}

func (s *sorted) append(dst []byte, f *Frame) ([]byte, error) {
	var room [32]int
	start, ends := len(dst), room[:0]
	var failed error
	for i := range s.items {
		var err error
		dst, err = s.items[i].append(dst, f)
		failed = first(failed, err)
		ends = append(ends, len(dst))
	}
	middle := len(dst)
	for i, index := range s.order {
		from := start
		if index > 0 {
			from = ends[index-1]
		}
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, dst[from:ends[index]]...)
	}
	return moveDown(dst, start, middle), failed
}

type pickWriter struct{ arms []writer }

func (p *pickWriter) append(dst []byte, f *Frame) ([]byte, error) {
	return p.arms[f.Rand.IntN(len(p.arms))].append(dst, f)
}

// json is the writer of a term's value as JSON.
func (t term) json(rng hcl.Range) writer {
	l, isLeaf := t.code.(*leaf)
	text, isTemplate := t.code.(*template)
	switch {
	case isLeaf:
		return jsonLeaf{l}
	case t.kind == kindOpaque || t.kind == kindAny:
		return anyJSON{t.code}
	case t.kind == kindString && isTemplate:
		return text.under(JSON)
	case t.kind == kindString && !t.nullable:
		return textOf(t, rng).under(JSON)
	case t.kind == kindString:
		return orNull{textOf(t, rng).under(JSON)}
	case t.nullable:
		return orNull{t.code}
	}
	return t.code
}

// orNull writes null for a null.
type orNull struct{ writer }

func (o orNull) append(dst []byte, f *Frame) ([]byte, error) {
	start := len(dst)
	dst, err := o.writer.append(dst, f)
	if err == ErrNull {
		return append(dst[:start], "null"...), nil
	}
	return dst, err
}

// anyJSON writes a value whose type shows only at run time.
type anyJSON struct{ code }

func (a anyJSON) append(dst []byte, f *Frame) ([]byte, error) {
	v, err := a.value(f)
	if err != nil {
		return dst, err
	}
	return v.appendJSON(dst)
}

// appendQuoted appends text as a JSON string.
func appendQuoted(dst []byte, text string) []byte {
	start := len(dst) + 1
	dst = append(append(dst, '"'), text...)
	return append(escapeJSON(dst, start), '"')
}
