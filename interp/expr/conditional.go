package expr

import (
	"errors"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

var (
	errCondition = errors.New("the condition is null; it must be true or false")
	errBranches  = errors.New("the two results of the conditional are of different types")
)

// A conditional has two results of one type, or of types that HCL converts to
// string, which the text of either is already.
//
// HCL computes both results before the condition. That shows only in the random
// numbers that they draw, so only then is it done here.
type conditional struct {
	condition code
	yes, no   code
	eager     bool // something draws
	convert   bool // to string
	rng       hcl.Range
}

// choose computes the condition.
func (c *conditional) choose(f *Frame) (bool, error) {
	v, err := c.condition.value(f)
	if err == nil && v.kind == kindBool {
		return v.truth(), nil
	}
	if err == nil {
		v, err = v.toBool()
	}
	if err == nil && v.isNull() {
		err = errCondition
	}
	if err != nil {
		return false, at(err, c.rng)
	}
	return v.truth(), nil
}

func (c *conditional) append(dst []byte, f *Frame) ([]byte, error) {
	if c.eager {
		return c.appendBoth(dst, f)
	}
	yes, err := c.choose(f)
	switch {
	case err != nil:
		return dst, err
	case yes:
		return c.yes.append(dst, f)
	default:
		return c.no.append(dst, f)
	}
}

// appendBoth appends both results and takes the other one out again.
func (c *conditional) appendBoth(dst []byte, f *Frame) ([]byte, error) {
	start := len(dst)
	dst, yesErr := c.yes.append(dst, f)
	middle := len(dst)
	dst, noErr := c.no.append(dst, f)
	yes, err := c.choose(f)
	switch {
	case err != nil:
		return dst[:start], err
	case yes:
		return dst[:middle], yesErr
	default:
		return moveDown(dst, start, middle), noErr
	}
}

func (c *conditional) value(f *Frame) (v value, err error) {
	if c.eager {
		v, err = c.valueOfBoth(f)
	} else if yes, failed := c.choose(f); failed != nil {
		err = failed
	} else if yes {
		v, err = c.yes.value(f)
	} else {
		v, err = c.no.value(f)
	}
	if err == nil && c.convert {
		return v.toString()
	}
	return v, err
}

func (c *conditional) valueOfBoth(f *Frame) (value, error) {
	yes, yesErr := c.yes.value(f)
	no, noErr := c.no.value(f)
	chosen, err := c.choose(f)
	switch {
	case err != nil:
		return value{}, err
	case chosen:
		return yes, yesErr
	default:
		return no, noErr
	}
}

// A mixed conditional has a result whose type shows only at run time.
type mixed struct {
	conditional
	yesTerm, noTerm term
}

func (m *mixed) value(f *Frame) (value, error) {
	yes, yesErr := m.yes.value(f)
	no, noErr := m.no.value(f)
	yesKind, noKind := typeOf(yes, yesErr, m.yesTerm), typeOf(no, noErr, m.noTerm)
	if yesKind == kindJSON && noKind == kindJSON {
		return m.structures(f, yes, no)
	}
	common, ok := unify(yesKind, noKind)
	if !ok {
		return value{}, at(errBranches, m.rng)
	}
	chosen, err := m.choose(f)
	if err != nil {
		return value{}, err
	}
	v, err := no, noErr
	if chosen {
		v, err = yes, yesErr
	}
	switch {
	case err != nil:
		return value{}, err
	case v.isNull() && common != kindAny:
		return null(common), nil
	case common == kindString:
		return v.toString()
	}
	return v, nil
}

// structures has HCL find the type that two objects or lists have in common.
func (m *mixed) structures(f *Frame, yes, no value) (value, error) {
	chosen, err := m.choose(f)
	if err != nil {
		return value{}, err
	}
	left, err := yes.cty()
	right, rightErr := no.cty()
	if err = first(err, rightErr); err != nil {
		return value{}, at(err, m.rng)
	}
	v, err := evaluate(&hclsyntax.ConditionalExpr{
		Condition:   &hclsyntax.LiteralValueExpr{Val: cty.BoolVal(chosen)},
		TrueResult:  &hclsyntax.LiteralValueExpr{Val: left},
		FalseResult: &hclsyntax.LiteralValueExpr{Val: right},
		SrcRange:    m.rng,
	}, nil)
	if err != nil {
		return value{}, at(errBranches, m.rng)
	}
	return fromCtyValue(v)
}

func (m *mixed) append(dst []byte, f *Frame) ([]byte, error) {
	return appendValue(m, dst, f)
}

// typeOf is the type HCL sees in a result; of a failed one of no known type,
// any.
func typeOf(v value, err error, t term) kind {
	switch {
	case err != nil && t.untyped:
		return kindAny
	case t.kind != kindAny:
		return t.kind
	case err != nil:
		return kindAny
	case v.isNull():
		return v.of
	default:
		return v.kind
	}
}

// unify finds the type that both results are converted to. With any there is
// no conversion.
func unify(a, b kind) (_ kind, ok bool) {
	switch {
	case a == kindNull:
		return b, true
	case b == kindNull || a == b:
		return a, true
	case a == kindAny || b == kindAny:
		return kindAny, true
	case a == kindJSON || b == kindJSON:
		return 0, false
	case a == kindString || b == kindString:
		return kindString, true
	}
	return 0, false
}
