package expr

import "github.com/hashicorp/hcl/v2/hclsyntax"

// try compiles try(…): the first argument that does not fail.
func (c *compiler) try(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) == 0 {
		return c.leaf(e)
	}
	c.lenient++
	defer func() { c.lenient-- }()
	a := &attempt{}
	result := term{code: a, fails: true, untyped: true, safe: true}
	for i, arg := range e.Args {
		t := c.term(arg)
		a.codes = append(a.codes, t.code)
		result.kind = eitherKind(result.kind, t, i == 0)
		result.nullable = result.nullable || t.nullable
		result.draws = result.draws || t.draws
		result.fails = result.fails && t.fails
		result.safe = result.safe && t.safe
		result.wild = result.wild || t.wild
		result.retyped = result.retyped || t.retyped
	}
	return result
}

type attempt struct{ codes []code }

func (a *attempt) value(f *Frame) (v value, err error) {
	for _, c := range a.codes {
		if v, err = c.value(f); err == nil {
			return v, nil
		}
	}
	return value{}, err
}

func (a *attempt) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(a, dst, f) }

// can compiles can(…): whether its argument does not fail.
func (c *compiler) can(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) != 1 {
		return c.leaf(e)
	}
	c.lenient++
	defer func() { c.lenient-- }()
	t := c.term(e.Args[0])
	return term{code: &possible{t.code}, kind: kindBool, draws: t.draws, safe: true}
}

type possible struct{ code }

func (p *possible) value(f *Frame) (value, error) {
	_, err := p.code.value(f)
	return boolean(err == nil), nil
}

func (p *possible) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(p, dst, f) }
