package expr

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"bossplan/interp/expr/jsonwalk"
)

// What names stand for that differ from plan to plan, and how parts of objects
// and lists are reached.

var (
	errNoAnswer = errors.New("there is no answer yet")
	errNoField  = errors.New("the answer has no such header or cookie")
)

// whole compiles a name that stands for an object.
func (c *compiler) wholeName(e hclsyntax.Expression, root string) term {
	t := wildTerm(&placed{&whole{names: c.names, root: root}, e.Range()}, false)
	t.kind, t.structure = kindOpaque, true
	return t
}

// A placed code gives its errors their place.
type placed struct {
	code
	rng hcl.Range
}

func (p *placed) value(f *Frame) (value, error) {
	v, err := p.code.value(f)
	if err != nil {
		return value{}, at(err, p.rng)
	}
	return v, nil
}

func (p *placed) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(p, dst, f) }

// A variable is vars.NAME.
type variable int

func (i variable) value(f *Frame) (value, error) {
	if int(i) >= len(f.Vars) {
		return value{}, nil
	}
	return f.Vars[i].v, nil
}

func (i variable) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(i, dst, f) }

// A row is row.DATA: the plain value, or an object of all columns.
type row struct {
	data int
	rng  hcl.Range
}

func (r *row) value(f *Frame) (value, error) {
	n := f.row(r.data)
	if n < 0 {
		return value{}, nil
	}
	v, err := f.dataset(r.data).row(n)
	if err != nil {
		return value{}, at(err, r.rng)
	}
	return v, nil
}

func (r *row) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(r, dst, f) }

// A cell is row.DATA.COLUMN, or one column of a row that is drawn.
type cell struct {
	data   int
	column string
	hint   int  // where the column is likely to be
	picks  bool // from a row that is drawn now
	rng    hcl.Range
}

func (c *cell) value(f *Frame) (value, error) {
	n, err := f.row(c.data), error(nil)
	if c.picks {
		n, err = f.pick(c.data)
	} else if n < 0 {
		err = errNoRow
	}
	if err != nil {
		return value{}, at(err, c.rng)
	}
	v, err := f.dataset(c.data).cell(n, c.column, c.hint)
	if err != nil {
		return value{}, at(err, c.rng)
	}
	return v, nil
}

func (c *cell) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(c, dst, f) }

// A picked row is pick(data.DATA).
type picked struct {
	data int
	rng  hcl.Range
}

func (p *picked) value(f *Frame) (value, error) {
	n, err := f.pick(p.data)
	if err != nil {
		return value{}, at(err, p.rng)
	}
	v, err := f.dataset(p.data).row(n)
	if err != nil {
		return value{}, at(err, p.rng)
	}
	return v, nil
}

func (p *picked) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(p, dst, f) }

// pick compiles pick(data.NAME).
func (c *compiler) pick(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) != 1 {
		return c.failing(e, "pick takes one data: pick(data.NAME)")
	}
	name, ok := e.Args[0].(*hclsyntax.ScopeTraversalExpr)
	if keyed := c.keyed(e.Args[0]); keyed != nil {
		name, ok = keyed, true
	}
	if !ok || name.Traversal.RootName() != "data" || len(name.Traversal) < 2 {
		return c.failing(e, "pick takes a data of the plan: pick(data.NAME)")
	}
	i, rest := instance(name.Traversal, c.names.data)
	if i < 0 || len(rest) > 0 {
		return c.failing(e, "there is no such data")
	}
	return wildTerm(&picked{data: i, rng: e.Range()}, true)
}

// An answerPart is what every answer has.
type answerPart int

const (
	partStatus answerPart = iota
	partTime
	partBody
)

type answerCode struct {
	part answerPart
	rng  hcl.Range
}

func (a *answerCode) value(f *Frame) (value, error) {
	switch {
	case f.Answer == nil:
		return value{}, at(errNoAnswer, a.rng)
	case a.part == partStatus:
		return integer(int64(f.Answer.Status)), nil
	case a.part == partTime:
		return fraction(f.Answer.milliseconds()), nil
	}
	return str(f.Answer.body()), nil
}

func (a *answerCode) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(a, dst, f) }

// A field is a header or a cookie.
type field struct {
	name   string
	cookie bool
	rng    hcl.Range
}

func (h *field) value(f *Frame) (value, error) {
	if f.Answer == nil {
		return value{}, at(errNoAnswer, h.rng)
	}
	text, ok := "", false
	if h.cookie {
		text, ok = f.Answer.cookie(h.name)
	} else {
		text, ok = f.Answer.header(h.name)
	}
	if !ok {
		return value{}, at(errNoField, h.rng)
	}
	return str(text), nil
}

func (h *field) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(h, dst, f) }

// A document is response.json and what a path leads to in it.
type document struct{ path path }

func (d *document) value(f *Frame) (value, error) {
	if f.Answer == nil {
		return value{}, at(errNoAnswer, d.path.rng)
	}
	v, err := f.Answer.find(&d.path)
	if err != nil {
		return value{}, at(err, d.path.rng)
	}
	return v, nil
}

func (d *document) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(d, dst, f) }

// document compiles response.json.…
func (c *compiler) document(e hclsyntax.Expression, rest hcl.Traversal) term {
	return c.follow(e, wildTerm(&document{path{rng: e.Range()}}, false), rest)
}

// An inside is a part of what a code gives.
type inside struct {
	code
	path path
}

func (i *inside) value(f *Frame) (value, error) {
	v, err := i.code.value(f)
	if err != nil {
		return value{}, err
	}
	if v, err = i.path.of(v); err != nil {
		return value{}, at(err, i.path.rng)
	}
	return v, nil
}

func (i *inside) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(i, dst, f) }

// follow compiles a traversal from what t gives.
func (c *compiler) follow(e hclsyntax.Expression, t term, rest hcl.Traversal) term {
	if len(rest) == 0 {
		return t
	}
	if !t.wild {
		return c.failing(e, "nothing can follow: the value is neither an object nor a list")
	}
	if p, ok := t.code.(*picked); ok && stepName(rest[0]) != "" {
		if table := c.names.Data[p.data].Table; table != nil && len(table.Columns) > 0 {
			code := &cell{data: p.data, column: stepName(rest[0]), picks: true, rng: e.Range()}
			return c.follow(e, wildTerm(code, true), rest[1:])
		}
	}
	if r, ok := t.code.(*regexCode); ok && len(rest) == 1 {
		if group, ok := r.group(rest[0]); ok {
			return group
		}
	}
	p := path{rng: e.Range(), named: true}
	for _, t := range rest {
		s, ok := stepOf(t)
		if !ok {
			return c.failing(e, "the key in square brackets must be a text or a number")
		}
		p.steps = append(p.steps, s)
	}
	return inPath(t, p)
}

// inPath is the term of what p leads to from t.
func inPath(t term, p path) term {
	switch code := t.code.(type) {
	case *document:
		p.steps = append(append([]jsonwalk.Step{}, code.path.steps...), p.steps...)
		p.named = p.named && (code.path.named || len(code.path.steps) == 0)
		return wildTerm(&document{p}, t.draws)
	case *inside:
		p.steps = append(append([]jsonwalk.Step{}, code.path.steps...), p.steps...)
		p.named = p.named && code.path.named
		return wildTerm(&inside{code.code, p}, t.draws)
	}
	return wildTerm(&inside{t.code, p}, t.draws)
}

// relative compiles a traversal from something that is not a name.
func (c *compiler) relative(e *hclsyntax.RelativeTraversalExpr) term {
	source := c.term(e.Source)
	if source.opaque() || source.retyped || !source.wild {
		return c.leaf(e)
	}
	return c.follow(e, source, e.Traversal)
}
