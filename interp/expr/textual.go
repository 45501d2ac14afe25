package expr

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"

	"bossplan/interp/expr/jsonwalk"
)

// jsonencode compiles jsonencode(…), which is text.
func (c *compiler) jsonencode(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) != 1 {
		return c.leaf(e)
	}
	var s sequence
	draws := c.json(&s, e.Args[0])
	t := &template{sequence: s, rng: e.Range()}
	t.normalizeLiterals()
	return term{code: t.under(Plain), kind: kindString, draws: draws, fails: true, untyped: true}
}

// contains compiles contains(LIST, VALUE).
func (c *compiler) contains(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) != 2 {
		return c.leaf(e)
	}
	wanted := c.term(e.Args[1])
	if wanted.opaque() || wanted.retyped {
		return c.leaf(e)
	}
	m := &membership{wanted: wanted.code, typed: wanted.kind != kindAny && wanted.kind != kindNull, rng: e.Range()}
	result := term{code: m, kind: kindBool, draws: wanted.draws, fails: true, untyped: true, safe: true}
	var ok bool
	if m.known, ok = c.constants(e.Args[0]); ok {
		return result
	}
	list := c.term(e.Args[0])
	if list.opaque() || list.retyped || !list.wild {
		return c.leaf(e)
	}
	m.list, result.draws = list.code, result.draws || list.draws
	return result
}

// A membership is whether a value is an element of a list.
type membership struct {
	known  []value
	list   code // nil: known
	wanted code
	typed  bool // wanted is null of a type, which HCL can look for
	rng    hcl.Range
}

func (m *membership) value(f *Frame) (value, error) {
	var list value
	var err error
	if m.list != nil {
		if list, err = m.list.value(f); err == nil {
			list, err = list.toParam(paramList)
		}
	}
	wanted, wantedErr := m.wanted.value(f)
	if wantedErr == nil && wanted.isNull() && wanted.of == kindNull && !m.typed {
		wantedErr = errArgument
	}
	if err = first(err, wantedErr); err != nil {
		return value{}, at(err, m.rng)
	}
	found, err := m.search(list, wanted)
	if err != nil {
		return value{}, at(err, m.rng)
	}
	return boolean(found), nil
}

func (m *membership) search(list, wanted value) (bool, error) {
	for _, v := range m.known {
		if same, err := equal(v, wanted); same || err != nil {
			return same, err
		}
	}
	if m.list == nil {
		return false, nil
	}
	for element := range jsonwalk.Elements(view(list.text())) {
		v, err := fromJSON(element)
		if err != nil {
			return false, err
		}
		if same, err := equal(v, wanted); same || err != nil {
			return same, err
		}
	}
	return false, nil
}

func (m *membership) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(m, dst, f) }

// format compiles format(FORMAT, …) where the format is known and has no verbs
// but %s, %d and %05d.
func (c *compiler) format(e *hclsyntax.FunctionCallExpr, fn function.Function) term {
	if len(e.Args) == 0 || c.dynamic[e.Args[0]] {
		return c.leaf(e)
	}
	known, ok := c.term(e.Args[0]).code.(*constant)
	if !ok || known.known.kind != kindString {
		return c.leaf(e)
	}
	pieces, ok := parseFormat(known.known.text())
	if !ok || len(pieces) != len(e.Args) {
		return c.leaf(e)
	}
	return c.builtin(e, builtin{params: "ta", variadic: true, kind: kindString, run: func(args []value) (value, error) {
		return formatted(pieces, args, fn)
	}})
}

// A piece is a verb of a format and the text before it; the last one has none.
type piece struct {
	before string
	number bool // %d, else %s
	width  int  // of a number, in zeros
}

func parseFormat(format string) (pieces []piece, ok bool) {
	var p piece
	for {
		before, rest, found := strings.Cut(format, "%")
		p.before += before
		if !found {
			return append(pieces, p), true
		}
		n := len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		if n == len(rest) || n > 2 || n > 0 && (rest[0] != '0' || rest[n] != 'd') {
			return nil, false
		}
		p.width, _ = strconv.Atoi(rest[:n])
		switch rest[n] {
		case '%':
			p.before += "%"
		case 's', 'd':
			p.number = rest[n] == 'd'
			pieces = append(pieces, p)
			p = piece{}
		default:
			return nil, false
		}
		format = rest[n+1:]
	}
}

func formatted(pieces []piece, args []value, fn function.Function) (value, error) {
	var text []byte
	for i, p := range pieces {
		text = append(text, p.before...)
		if i+1 == len(args) {
			break
		}
		v, err := args[i+1].toParam(paramText)
		if err == nil && p.number {
			v, err = args[i+1].toParam(paramNumber)
		}
		switch {
		case err != nil:
			return value{}, err
		case p.number && (!v.isWhole() || v.n < 0):
			return call(fn, args...)
		case p.number:
			digits := strconv.FormatInt(v.n, 10)
			text = append(text, strings.Repeat("0", max(0, p.width-len(digits)))...)
			text = append(text, digits...)
		default:
			text = append(text, v.text()...)
		}
		if len(text) > maxText {
			return value{}, errLarge
		}
	}
	return normal(share(text)), nil
}
