package expr

import (
	"errors"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// coalesce compiles coalesce(…): the first value that is not null.
func (c *compiler) coalesce(e *hclsyntax.FunctionCallExpr, fn function.Function) term {
	terms := make([]term, len(e.Args))
	for n, arg := range e.Args {
		if terms[n] = c.term(arg); terms[n].opaque() || terms[n].retyped {
			return c.leaf(e)
		}
	}
	t := c.builtin(e, builtin{params: "a", variadic: true, kind: kindAny, run: func(args []value) (value, error) {
		return coalesced(args, terms, fn)
	}})
	for _, arg := range terms {
		t.wild = t.wild || arg.wild
		t.retyped = t.retyped || arg.wild && len(terms) > 1
	}
	return t
}

// coalesced is the first value that is not null. Values of several types HCL
// converts to one.
func coalesced(args []value, terms []term, fn function.Function) (value, error) {
	found, common, mixed := value{}, kindNull, false
	for n, v := range args {
		k := v.kind
		if v.isNull() {
			k = nullOf(v, terms[n])
		}
		mixed = mixed || k == kindJSON || common != kindNull && k != kindNull && k != common
		if common == kindNull {
			common = k
		}
		if found.isNull() {
			found = v
		}
	}
	switch {
	case mixed:
		return unified(args, terms, fn)
	case found.isNull():
		return value{}, errCoalesce
	}
	return found, nil
}

// nullOf is the type that HCL knows of a null.
func nullOf(v value, t term) kind {
	if v.of == kindNull && t.kind != kindAny {
		return t.kind
	}
	return v.of
}

func unified(args []value, terms []term, fn function.Function) (value, error) {
	given := make([]cty.Value, len(args))
	for n, v := range args {
		var err error
		if given[n], err = v.cty(); err != nil {
			return value{}, err
		}
		if v.isNull() {
			given[n] = cty.NullVal(nullOf(v, terms[n]).cty())
		}
	}
	result, err := fn.Call(given)
	if err != nil {
		return value{}, errCoalesce
	}
	return fromCtyValue(result)
}

var errCoalesce = errors.New("all values are null, or of types that have nothing in common")
