package expr

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"bossplan/interp/expr/jsonwalk"
)

// index compiles COLLECTION[KEY] with a key that is computed.
func (c *compiler) index(e *hclsyntax.IndexExpr) term {
	if name := c.keyed(e); name != nil {
		return c.name(name)
	}
	key := c.term(e.Key)
	if key.opaque() {
		return c.leaf(e)
	}
	if !c.dynamic[e.Collection] {
		return c.constantIndex(e, key)
	}
	source := c.term(e.Collection)
	if source.opaque() || source.retyped || !source.wild {
		return c.leaf(e)
	}
	if key.isConstant() {
		v, _ := key.value(nil)
		step, err := indexStep(v)
		if err != nil {
			return c.leaf(e)
		}
		return inPath(source, path{rng: e.Range(), steps: []jsonwalk.Step{step}})
	}
	return wildTerm(&indexed{code: source.code, key: key.code, rng: e.Range()}, source.draws || key.draws)
}

// An indexed code is an element, or an attribute, with a key that shows only at
// run time.
type indexed struct {
	code
	key code
	rng hcl.Range
}

func (x *indexed) value(f *Frame) (value, error) {
	v, err := x.code.value(f)
	key, keyErr := x.key.value(f)
	if err = first(err, keyErr); err != nil {
		return value{}, err
	}
	step, err := indexStep(key)
	if err == nil {
		p := path{rng: x.rng, steps: []jsonwalk.Step{step}}
		v, err = p.of(v)
	}
	if err != nil {
		return value{}, at(err, x.rng)
	}
	return v, nil
}

func (x *indexed) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(x, dst, f) }

// constantIndex compiles an element, at a computed place, of a list, an object
// or a map of the plan.
func (c *compiler) constantIndex(e *hclsyntax.IndexExpr, key term) term {
	known, diags := c.known(e.Collection)
	known, _ = known.UnmarkDeep()
	if diags.HasErrors() || known.IsNull() || !known.CanIterateElements() || known.Type().IsSetType() {
		return c.leaf(e)
	}
	x := &choice{key: key.code, rng: e.Range()}
	result := term{code: x, fails: true, untyped: true, draws: key.draws, safe: true}
	list := known.Type().IsListType() || known.Type().IsTupleType()
	if !list {
		x.names = map[string]*constant{}
	}
	isFirst := true
	for it := known.ElementIterator(); it.Next(); isFirst = false {
		name, element := it.Element()
		v, ok := fromCty(element)
		if !ok || v.isNull() {
			return c.leaf(e)
		}
		t := constantTerm(v, element.Type())
		result.kind = eitherKind(result.kind, t, isFirst)
		result.safe = result.safe && t.safe
		if list {
			x.list = append(x.list, t.code.(*constant))
		} else {
			x.names[name.AsString()] = t.code.(*constant)
		}
	}
	if isFirst {
		return c.leaf(e)
	}
	return result
}

// A choice is one of several constants.
type choice struct {
	key   code
	list  []*constant
	names map[string]*constant // of an object or a map
	rng   hcl.Range
}

func (x *choice) find(f *Frame) (*constant, error) {
	key, err := x.key.value(f)
	if err != nil {
		return nil, err
	}
	step, err := indexStep(key)
	if err != nil {
		return nil, at(err, x.rng)
	}
	if found, ok := x.names[step.Name]; ok {
		return found, nil
	}
	if step.Index < 0 || step.Index >= len(x.list) {
		return nil, at(jsonwalk.ErrMissing, x.rng)
	}
	return x.list[step.Index], nil
}

func (x *choice) value(f *Frame) (value, error) {
	found, err := x.find(f)
	if err != nil {
		return value{}, err
	}
	return found.known, nil
}

func (x *choice) append(dst []byte, f *Frame) ([]byte, error) {
	found, err := x.find(f)
	if err != nil {
		return dst, err
	}
	return append(dst, found.text...), nil
}

// A splat is SOURCE[*].….
type splat struct {
	code
	each path
}

// splat compiles a splat whose rest is a plain path.
func (c *compiler) splat(e *hclsyntax.SplatExpr) term {
	source := c.term(e.Source)
	if source.opaque() || source.retyped {
		return c.leaf(e)
	}
	s := &splat{code: source.code, each: path{rng: e.Range(), named: true}}
	switch each := e.Each.(type) {
	case *hclsyntax.AnonSymbolExpr:
	case *hclsyntax.RelativeTraversalExpr:
		if each.Source != hclsyntax.Expression(e.Item) {
			return c.leaf(e)
		}
		for _, t := range each.Traversal {
			step, ok := stepOf(t)
			if !ok {
				return c.leaf(e)
			}
			s.each.steps = append(s.each.steps, step)
		}
	default:
		return c.leaf(e)
	}
	t := wildTerm(s, source.draws)
	t.nullable, t.structure = false, true
	return t
}

// value makes a list of what the path leads to from each element. A null has
// none, and what is no list is the only one.
func (s *splat) value(f *Frame) (value, error) {
	v, err := s.code.value(f)
	switch {
	case err != nil:
		return value{}, err
	case v.isNull():
		return canonicalJSON("[]"), nil
	case v.kind != kindJSON || v.text()[0] != '[':
		only, err := s.each.of(v)
		if err != nil {
			return value{}, at(err, s.each.rng)
		}
		text, err := only.appendJSON([]byte("["))
		return structure(string(append(text, ']'))), err
	}
	if len(s.each.steps) == 0 {
		return v, nil
	}
	return s.list(v)
}

func (s *splat) list(v value) (value, error) {
	text := []byte("[")
	for element := range jsonwalk.Elements(view(v.text())) {
		raw, failed, err := jsonwalk.Find(element, s.each.steps)
		if err != nil {
			return value{}, s.each.failure(failed, err)
		}
		if len(text) > 1 {
			text = append(text, ',')
		}
		text = append(text, raw...)
	}
	list := structure(share(append(text, ']')))
	list.form = v.form
	return list, nil
}

func (s *splat) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(s, dst, f) }

// constants are the elements of a list, a tuple or a set of primitives that is
// known.
func (c *compiler) constants(e hclsyntax.Expression) (list []value, ok bool) {
	if c.dynamic[e] {
		return nil, false
	}
	known, diags := c.known(e)
	known, _ = known.UnmarkDeep()
	if diags.HasErrors() || known.IsNull() || !isSequence(known.Type()) {
		return nil, false
	}
	for _, element := range known.AsValueSlice() {
		v, ok := fromCty(element)
		if !ok {
			return nil, false
		}
		list = append(list, v)
	}
	return list, true
}

func isSequence(t cty.Type) bool { return t.IsListType() || t.IsTupleType() || t.IsSetType() }
