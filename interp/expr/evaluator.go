package expr

import (
	"bytes"
	"errors"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan"
)

// An Evaluator is a compiled expression whose value is wanted, not its text:
// the condition of a check, the value of a capture. It is read-only, like a
// Program.
type Evaluator struct {
	code        code
	interpreted bool
	sensitive   bool
	reads
	rng hcl.Range
}

// Evaluator compiles e, like Compile.
func (n *Names) Evaluator(e plan.Expression) (*Evaluator, hcl.Diagnostics) {
	tree := unwrap(e.Expression)
	ev := &Evaluator{rng: tree.Range(), reads: readsOf(tree, n)}
	c := n.newCompiler(tree, e.Scope, Plain)
	if native, ok := tree.(hclsyntax.Expression); !ok {
		ev.code, ev.sensitive = c.foreignTerm(tree)
	} else if len(c.excessive) == 0 {
		ev.code = c.term(native).code
	}
	if c.diags.HasErrors() {
		return nil, c.diags
	}
	ev.interpreted, ev.sensitive = c.interpreted, ev.sensitive || c.sensitive
	return ev, c.diags
}

// foreignTerm is the code of a value that a program made.
func (c *compiler) foreignTerm(e hcl.Expression) (_ code, sensitive bool) {
	v, diags := c.known(e)
	c.diags = append(c.diags, diags...)
	if diags.HasErrors() {
		return nil, false
	}
	sensitive = v.ContainsMarked()
	v, _ = v.UnmarkDeep()
	known, err := fromCtyValue(v)
	if err != nil {
		c.report(at(err, e.Range()))
	}
	return newConstant(known), sensitive
}

// Bool is the value of a condition. A null, or what is not a bool and cannot be
// made one, is an *Error.
func (ev *Evaluator) Bool(f *Frame) (bool, error) {
	v, err := ev.code.value(f)
	if err == nil {
		v, err = v.toBool()
	}
	if err == nil && v.isNull() {
		err = errCondition
	}
	if err != nil {
		return false, at(err, ev.rng)
	}
	return v.truth(), nil
}

// Int is the value as a whole number; what is none is an *Error.
func (ev *Evaluator) Int(f *Frame) (int64, error) {
	v, err := ev.code.value(f)
	if err != nil {
		return 0, at(err, ev.rng)
	}
	n, err := wholeNumber(v)
	if err != nil {
		return 0, at(err, ev.rng)
	}
	return n, nil
}

// Value is the value to keep. A null is ErrNull, all else that fails an *Error.
func (ev *Evaluator) Value(f *Frame) (Value, error) {
	v, err := ev.code.value(f)
	switch {
	case err != nil:
		return Value{}, at(err, ev.rng)
	case v.isNull():
		return Value{}, ErrNull
	}
	if v, err = v.kept(); err != nil {
		return Value{}, at(err, ev.rng)
	}
	return Value{v}, nil
}

// Interpreted reports whether a part is left to HCL's own evaluator.
func (ev *Evaluator) Interpreted() bool { return ev.interpreted }

// Sensitive reports whether a sensitive value goes in.
func (ev *Evaluator) Sensitive() bool { return ev.sensitive }

// Range is where the plan has the expression.
func (ev *Evaluator) Range() hcl.Range { return ev.rng }

// maxValue bounds the text of a Value, in bytes.
const maxValue = 64 << 10

// A Value is a result to keep, such as a capture: null, a bool, a number, text,
// or an object or a list from JSON. It owns its bytes, at most 64 KiB. The zero
// Value is null.
type Value struct{ v value }

// IsNull reports whether there is no value.
func (v Value) IsNull() bool { return v.v.isNull() }

var errLong = errors.New("the value is longer than 64 KiB, which is too much to keep for each user")

// kept is a value that outlives its frame: bounded, and in memory of its own.
func (v value) kept() (value, error) {
	switch {
	case v.kind == kindJSON:
		text, err := v.canonicalText()
		if err != nil {
			return value{}, err
		}
		v = canonicalJSON(text)
	case v.big() != nil && isExcessive(v.big()):
		return value{}, errExcessive
	case v.kind == kindBool || v.form != formText:
		return v, nil
	}
	if v.n > maxValue {
		return value{}, errLong
	}
	return textual(v.sort, strings.Clone(v.text())), nil
}

// Evaluate gives the value of e, which may use response.… of a. It shares no
// memory with a. A failure is an *Error.
func Evaluate(e plan.Expression, a *Answer) (cty.Value, error) {
	own := Answer{Status: a.Status, Header: a.Header, Body: bytes.Clone(a.Body), Time: a.Time}
	tree := unwrap(e.Expression)
	c := (&Names{}).newCompiler(tree, e.Scope, Plain)
	c.lenient++ // all failures are those of the evaluation
	l := &leaf{expr: tree, scope: e.Scope}
	if native, ok := tree.(hclsyntax.Expression); ok {
		l.expr, l.calls = c.graft(native, (*copier).expression)
	}
	return l.evaluate(&Frame{Answer: &own})
}
