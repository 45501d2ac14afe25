package expr

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty/function"
)

// isRunTimeFunction reports whether a function draws or reads the clock.
func isRunTimeFunction(name string) bool {
	switch name {
	case "uuid", "random_int", "random_string", "one_of", "now", "pick":
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
	case e.Name == "pick":
		return c.pick(e)
	}
	return c.scoped(e)
}

// scoped compiles a call of a function that the scope has.
func (c *compiler) scoped(e *hclsyntax.FunctionCallExpr) term {
	fn, ok := c.function(e.Name)
	if !ok {
		return c.leaf(e)
	}
	switch e.Name {
	case "try":
		return c.try(e)
	case "can":
		return c.can(e)
	case "jsonencode":
		return c.jsonencode(e)
	case "regex":
		return c.regex(e)
	case "format":
		return c.format(e, fn)
	case "contains":
		return c.contains(e)
	case "coalesce":
		return c.coalesce(e, fn)
	}
	if b, ok := builtinOf(e.Name, fn); ok {
		return c.builtin(e, b)
	}
	return c.leaf(e)
}

// function finds a function of the scope.
func (c *compiler) function(name string) (function.Function, bool) {
	for ctx := c.scope; ctx != nil; ctx = ctx.Parent() {
		if fn, ok := ctx.Functions[name]; ok {
			return fn, true
		}
	}
	return function.Function{}, false
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
