package expr

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// isRunTimeFunction reports whether a function draws or reads the clock.
func isRunTimeFunction(name string) bool {
	switch name {
	case "uuid", "random_int", "random_string", "one_of", "now":
		return true
	}
	return false
}

// call compiles a function call.
func (c *compiler) call(e *hclsyntax.FunctionCallExpr) term {
	switch {
	case e.Name == "one_of":
		return c.oneOf(e)
	case e.ExpandFinal:
		return c.leaf(e)
	case e.Name == "uuid":
		if len(e.Args) != 0 {
			return c.refuse(e, "uuid takes no arguments")
		}
		return term{code: uuidCode{}, kind: kindString, draws: true, safe: true}
	case e.Name == "random_int":
		return c.randomInt(e)
	case e.Name == "random_string":
		return c.randomString(e)
	case e.Name == "now":
		return c.now(e)
	}
	return c.leaf(e)
}

type uuidCode struct{}

func (uuidCode) append(dst []byte, f *Frame) ([]byte, error) { return appendUUID(dst, f.Rand), nil }

func (u uuidCode) value(f *Frame) (value, error) { return str(string(appendUUID(nil, f.Rand))), nil }

// A wholeArgument is an argument that must be a whole number.
type wholeArgument struct {
	code
	rng hcl.Range
}

func (a wholeArgument) int64(f *Frame) (int64, error) {
	v, err := a.value(f)
	if err != nil {
		return 0, err
	}
	n, err := wholeNumber(v)
	if err != nil {
		return 0, at(err, a.rng)
	}
	return n, nil
}

func wholeNumber(v value) (int64, error) {
	v, err := v.toNumber()
	switch {
	case err != nil:
		return 0, err
	case v.isNull():
		return 0, errArgument
	}
	return v.int64()
}

// whole compiles the arguments of a call that takes whole numbers. Where they
// are constants, check is asked whether the call can succeed.
func (c *compiler) whole(e *hclsyntax.FunctionCallExpr, check func(args []int64) error) (_ []wholeArgument, result term, ok bool) {
	result.draws, result.safe = true, true
	var args []wholeArgument
	var known []int64
	for _, arg := range e.Args {
		t := c.term(arg)
		if t.opaque() {
			return nil, c.leaf(e), false
		}
		args = append(args, wholeArgument{code: t.code, rng: arg.Range()})
		if !t.isConstant() {
			continue
		}
		v, _ := t.value(nil)
		n, err := wholeNumber(v)
		if err != nil {
			return nil, c.refuse(e, err.Error()), false
		}
		known = append(known, n)
	}
	result.fails = len(known) < len(args)
	result.untyped = result.fails
	if !result.fails {
		if err := check(known); err != nil {
			return nil, c.refuse(e, err.Error()), false
		}
	}
	return args, result, true
}

func (c *compiler) randomInt(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) != 2 {
		return c.refuse(e, "random_int takes a lower and an upper bound")
	}
	args, result, ok := c.whole(e, func(args []int64) error {
		if args[0] > args[1] {
			return errRange
		}
		return nil
	})
	if ok {
		result.kind = kindNumber
		result.code = &randomInt{low: args[0], high: args[1], rng: e.Range()}
	}
	return result
}

type randomInt struct {
	low, high wholeArgument
	rng       hcl.Range
}

func (r *randomInt) value(f *Frame) (value, error) {
	low, err := r.low.int64(f)
	high, highErr := r.high.int64(f)
	if err = first(err, highErr); err != nil {
		return value{}, err
	}
	n, err := drawInt(f.Rand, low, high)
	if err != nil {
		return value{}, at(err, r.rng)
	}
	return integer(n), nil
}

func (r *randomInt) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(r, dst, f) }

func (c *compiler) randomString(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) != 1 {
		return c.refuse(e, "random_string takes a length")
	}
	args, result, ok := c.whole(e, func(args []int64) error {
		if args[0] < 0 || args[0] > maxRandomString {
			return errLength
		}
		return nil
	})
	if ok {
		result.kind = kindString
		result.code = &randomString{length: args[0], rng: e.Range()}
	}
	return result
}

type randomString struct {
	length wholeArgument
	rng    hcl.Range
}

func (r *randomString) append(dst []byte, f *Frame) ([]byte, error) {
	n, err := r.length.int64(f)
	if err != nil {
		return dst, err
	}
	if dst, err = appendLetters(dst, f.Rand, n); err != nil {
		return dst, at(err, r.rng)
	}
	return dst, nil
}

func (r *randomString) value(f *Frame) (value, error) {
	text, err := r.append(nil, f)
	return str(string(text)), err
}

func (c *compiler) now(e *hclsyntax.FunctionCallExpr) term {
	format := "rfc3339"
	switch len(e.Args) {
	case 0:
	case 1:
		t := c.term(e.Args[0])
		known, ok := t.code.(*constant)
		if !ok {
			return c.leaf(e)
		}
		if t.nullable {
			return c.refuse(e, "the format of now is null")
		}
		format = string(known.text)
	default:
		return c.refuse(e, "now takes one format at most")
	}
	clock, err := parseClock(format)
	if err != nil {
		return c.refuse(e, err.Error())
	}
	return term{code: clock, kind: clock.kind(), safe: clock.unit != 0}
}

// arms are the arguments of one_of. A list that is spread over them must be
// known.
func (c *compiler) arms(e *hclsyntax.FunctionCallExpr) (_ []hclsyntax.Expression, ok bool) {
	if !e.ExpandFinal {
		return e.Args, len(e.Args) > 0
	}
	last := len(e.Args) - 1
	if c.dynamic[e.Args[last]] {
		return nil, false
	}
	list, diags := c.known(e.Args[last])
	list, _ = list.UnmarkDeep()
	if diags.HasErrors() || list.IsNull() || !list.CanIterateElements() || list.Type().IsMapType() || list.Type().IsObjectType() {
		return nil, false
	}
	arms := append([]hclsyntax.Expression{}, e.Args[:last]...)
	for _, v := range list.Elements() {
		arms = append(arms, &hclsyntax.LiteralValueExpr{Val: v, SrcRange: e.Args[last].Range()})
	}
	return arms, len(arms) > 0
}

// oneOf compiles one_of(…). Only the argument that is drawn is computed.
func (c *compiler) oneOf(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) == 0 {
		return c.refuse(e, "one_of needs a value to choose")
	}
	arms, ok := c.arms(e)
	if !ok {
		return c.leaf(e)
	}
	c.lenient++
	defer func() { c.lenient-- }()
	p := &pick{}
	result := term{code: p, draws: true, safe: true}
	for i, arm := range arms {
		t := c.term(arm)
		p.arms = append(p.arms, t.code)
		result.kind = eitherKind(result.kind, t, i == 0)
		result.nullable = result.nullable || t.nullable
		result.fails = result.fails || t.fails
		result.safe = result.safe && t.safe
	}
	result.untyped = result.fails
	return result
}

// eitherKind is the kind of one of several values. HCL's one_of takes the type
// off a null, so what may be null is of any kind.
func eitherKind(so kind, t term, isFirst bool) kind {
	switch {
	case t.opaque() || !isFirst && so == kindOpaque:
		return kindOpaque
	case t.nullable || !isFirst && so != t.kind:
		return kindAny
	}
	return t.kind
}

type pick struct{ arms []code }

func (p *pick) draw(f *Frame) code { return p.arms[f.Rand.IntN(len(p.arms))] }

func (p *pick) value(f *Frame) (value, error) { return p.draw(f).value(f) }

func (p *pick) append(dst []byte, f *Frame) ([]byte, error) { return p.draw(f).append(dst, f) }
