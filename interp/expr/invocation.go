package expr

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// builtin compiles a call of b.
func (c *compiler) builtin(e *hclsyntax.FunctionCallExpr, b builtin) term {
	least := len(b.params)
	if b.variadic {
		least--
	}
	if len(e.Args) < least || len(e.Args) > len(b.params) && !b.variadic {
		return c.leaf(e)
	}
	i := &invocation{run: b.run, rng: e.Range()}
	result := term{code: i, kind: b.kind, nullable: b.nullable, fails: true, untyped: true, safe: b.kind != kindString}
	for n, arg := range e.Args {
		t := c.term(arg)
		param := b.params[min(n, len(b.params)-1)]
		if t.opaque() || t.retyped || param == paramList && !t.wild {
			return c.leaf(e)
		}
		i.args = append(i.args, argument{code: t.code, param: param, rng: arg.Range()})
		result.draws = result.draws || t.draws
	}
	return result
}

// An argument is converted to what its parameter takes.
type argument struct {
	code
	param byte
	rng   hcl.Range
}

func (a *argument) value(f *Frame) (value, error) {
	v, err := a.code.value(f)
	if err == nil {
		v, err = v.toParam(a.param)
	}
	if err != nil {
		return value{}, at(err, a.rng)
	}
	return v, nil
}

// toParam converts as HCL does for a parameter.
func (v value) toParam(param byte) (value, error) {
	if v.isNull() && param != paramAny {
		return value{}, errArgument
	}
	switch param {
	case paramText:
		return v.toString()
	case paramNumber:
		return v.toNumber()
	case paramList:
		if v.kind != kindJSON || v.text()[0] != '[' {
			return value{}, errList
		}
	}
	return v, nil
}

// An invocation is a call of a builtin. All arguments are computed, whatever
// fails, as HCL does it: they may draw.
type invocation struct {
	args []argument
	run  func(args []value) (value, error)
	rng  hcl.Range
}

func (i *invocation) value(f *Frame) (value, error) {
	args := make([]value, len(i.args))
	var failed error
	for n := range i.args {
		var err error
		args[n], err = i.args[n].value(f)
		failed = first(failed, err)
	}
	if failed != nil {
		return value{}, failed
	}
	v, err := i.run(args)
	if err != nil {
		return value{}, at(err, i.rng)
	}
	return v, nil
}

func (i *invocation) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(i, dst, f) }
