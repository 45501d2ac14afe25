package expr

import (
	"errors"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// unwrap finds the native syntax below an expression, with checked division.
func unwrap(e hcl.Expression) hcl.Expression {
	native := hcl.UnwrapExpressionUntil(e, func(e hcl.Expression) bool {
		_, ok := e.(hclsyntax.Expression)
		return ok
	})
	if native == nil {
		return e
	}
	return checkDivision(native.(hclsyntax.Expression))
}

// evaluate gives the value of e, without marks.
func evaluate(e hcl.Expression, ctx *hcl.EvalContext) (v cty.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Error{Range: e.Range(), Message: "the expression cannot be evaluated"}
		}
	}()
	v, diags := e.Value(ctx)
	if diags.HasErrors() {
		return cty.NilVal, firstFailure(diags, e.Range())
	}
	if v, _ = v.UnmarkDeep(); !v.IsWhollyKnown() {
		return cty.NilVal, &Error{Range: e.Range(), Message: "the value is not known"}
	}
	return v, nil
}

// firstFailure is the first error of diags. Its detail may hold values; so only the
// summary is kept, or what one of the functions here said.
func firstFailure(diags hcl.Diagnostics, rng hcl.Range) error {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		if d.Subject != nil {
			rng = *d.Subject
		}
		if err, ok := d.Extra.(*Error); ok {
			return err
		}
		if extra, ok := d.Extra.(hclsyntax.FunctionCallDiagExtra); ok && isOwn(extra.FunctionCallError()) {
			return at(extra.FunctionCallError(), rng)
		}
		return &Error{Range: rng, Message: d.Summary}
	}
	return &Error{Range: rng, Message: "the expression cannot be evaluated"}
}

// isOwn reports whether a function of this package failed.
func isOwn(err error) bool {
	var placed *Error
	return errors.As(err, &placed) || errors.Is(err, errLength) || errors.Is(err, errRange) || errors.Is(err, errWhole)
}

func appendCtyText(dst []byte, v cty.Value, rng hcl.Range) ([]byte, error) {
	if v.IsNull() {
		return dst, ErrNull
	}
	text, err := convert.Convert(v, cty.String)
	if err != nil {
		return dst, &Error{Range: rng, Message: "a string is needed, but this is " + v.Type().FriendlyName()}
	}
	return append(dst, text.AsString()...), nil
}

func appendCtyJSON(dst []byte, v cty.Value, rng hcl.Range) ([]byte, error) {
	text, err := ctyjson.Marshal(v, v.Type())
	if err != nil {
		return dst, &Error{Range: rng, Message: "the value cannot be written as JSON"}
	}
	return append(dst, text...), nil
}

// functions are the run-time functions, drawing from f.
func functions(f *Frame) map[string]function.Function {
	return map[string]function.Function{
		"uuid": function.New(&function.Spec{
			Type: function.StaticReturnType(cty.String),
			Impl: func([]cty.Value, cty.Type) (cty.Value, error) {
				return cty.StringVal(string(appendUUID(nil, f.Rand))), nil
			},
		}),
		"random_int":    randomIntFunction(f),
		"random_string": randomStringFunction(f),
		"one_of":        oneOfFunction(f),
		"now":           nowFunction(f),
		"try":           tryFunction(),
		"can":           canFunction(),
	}
}

// tryFunction is HCL's own try, but it evaluates its arguments once, not once
// for the type and again for the value: they may draw.
func tryFunction() function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			err := errArguments
			for _, arg := range args {
				closure := customdecode.ExpressionClosureFromVal(arg)
				v, diags := closure.Value()
				if !diags.HasErrors() {
					return v, nil
				}
				err = firstFailure(diags, closure.Expression.Range())
			}
			return cty.NilVal, err
		},
	})
}

func canFunction() function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			_, diags := customdecode.ExpressionClosureFromVal(args[0]).Value()
			return cty.BoolVal(!diags.HasErrors()), nil
		},
	})
}

func randomIntFunction(f *Frame) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "a", Type: cty.Number}, {Name: "b", Type: cty.Number}},
		Type:   function.StaticReturnType(cty.Number),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			a, err := number(args[0].AsBigFloat()).int64()
			b, bErr := number(args[1].AsBigFloat()).int64()
			if err = first(err, bErr); err != nil {
				return cty.NilVal, err
			}
			n, err := drawInt(f.Rand, a, b)
			if err != nil {
				return cty.NilVal, err
			}
			return integer(n).cty()
		},
	})
}

func randomStringFunction(f *Frame) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "n", Type: cty.Number}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			n, err := number(args[0].AsBigFloat()).int64()
			if err != nil {
				return cty.NilVal, err
			}
			text, err := appendLetters(nil, f.Rand, n)
			return cty.StringVal(string(text)), err
		},
	})
}

// oneOfFunction draws first and then evaluates the argument that was drawn,
// and no other. Its nulls have no type.
func oneOfFunction(f *Frame) function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "values", Type: customdecode.ExpressionClosureType},
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if len(args) == 0 {
				return cty.NilVal, fmt.Errorf("one_of needs a value to choose")
			}
			chosen := customdecode.ExpressionClosureFromVal(args[f.Rand.IntN(len(args))])
			v, diags := chosen.Value()
			if diags.HasErrors() {
				return cty.NilVal, firstFailure(diags, chosen.Expression.Range())
			}
			if v.IsNull() {
				_, marks := v.Unmark()
				return cty.NullVal(cty.DynamicPseudoType).WithMarks(marks), nil
			}
			return v, nil
		},
	})
}

func nowFunction(f *Frame) function.Function {
	return function.New(&function.Spec{
		VarParam: &function.Parameter{Name: "format", Type: cty.String},
		Type: func(args []cty.Value) (cty.Type, error) {
			c, err := clockOf(args)
			if err == nil && c.kind() == kindNumber {
				return cty.Number, nil
			}
			return cty.String, err
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			c, err := clockOf(args)
			if err != nil {
				return cty.NilVal, err
			}
			v, err := c.value(f)
			if err != nil {
				return cty.NilVal, err
			}
			return v.cty()
		},
	})
}

// clockOf reads the arguments of now.
func clockOf(args []cty.Value) (clock, error) {
	switch len(args) {
	case 0:
		return parseClock("rfc3339")
	case 1:
		return parseClock(args[0].AsString())
	}
	return clock{}, errors.New("now takes one format at most")
}
