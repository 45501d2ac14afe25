package expr

import (
	"math"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// An arithmetic is one of + - * / % and the comparisons < <= > >=. Numbers are
// HCL's: whole ones that fit are computed as int64, all others by HCL's own
// function for the operator. The result must have the precision that HCL's has,
// in case it is divided: that of the better operand, of a remainder that of the
// left one.
type arithmetic struct {
	whole       wholeOperation
	real        func(a, b float64) bool // of a comparison
	impl        function.Function
	modulo      bool
	left, right code
	leftRange   hcl.Range
	rightRange  hcl.Range
	rng         hcl.Range
}

func (a *arithmetic) value(f *Frame) (value, error) {
	left, err := a.left.value(f)
	right, rightErr := a.right.value(f)
	if err = first(err, rightErr); err != nil {
		return value{}, err
	}
	if left.kind != kindNumber || right.kind != kindNumber {
		if left, right, err = a.convert(left, right); err != nil {
			return value{}, err
		}
	}
	if left.isWhole() && right.isWhole() && (left.ref == nil || right.ref == nil && !a.modulo) {
		if v, ok := a.whole(left.n, right.n); ok {
			return v, nil
		}
	}
	if a.real != nil {
		x, xOK := left.exact()
		y, yOK := right.exact()
		if xOK && yOK {
			return boolean(a.real(x, y)), nil
		}
	}
	v, err := call(a.impl, left, right)
	if err != nil {
		return value{}, at(err, a.rng)
	}
	return v, nil
}

// convert makes numbers of the operands.
func (a *arithmetic) convert(left, right value) (_, _ value, err error) {
	if left, err = left.toNumber(); err != nil {
		return left, right, at(err, a.leftRange)
	}
	if right, err = right.toNumber(); err != nil {
		return left, right, at(err, a.rightRange)
	}
	if left.isNull() || right.isNull() {
		return left, right, at(errOperand, a.rng)
	}
	return left, right, nil
}

func (a *arithmetic) append(dst []byte, f *Frame) ([]byte, error) {
	return appendValue(a, dst, f)
}

// appendValue appends the value of a code that has no text of its own.
func appendValue(c code, dst []byte, f *Frame) ([]byte, error) {
	v, err := c.value(f)
	if err != nil {
		return dst, err
	}
	return v.append(dst)
}

// call has a function of cty compute what int64 does not hold.
func call(impl function.Function, args ...value) (value, error) {
	given := make([]cty.Value, len(args))
	for i, arg := range args {
		var err error
		if given[i], err = arg.cty(); err != nil {
			return value{}, err
		}
	}
	result, err := impl.Call(given)
	if err != nil {
		return value{}, err
	}
	return fromCtyValue(result)
}

// wholeOperation computes with integers; ok is false where the result is none,
// or is HCL's negative zero.
type wholeOperation func(a, b int64) (_ value, ok bool)

func wholeOf(op *hclsyntax.Operation) wholeOperation {
	switch op {
	case hclsyntax.OpAdd:
		return add
	case hclsyntax.OpSubtract:
		return subtract
	case hclsyntax.OpMultiply:
		return multiply
	case checkedDivide:
		return divide
	case checkedModulo:
		return modulo
	case hclsyntax.OpLessThan:
		return func(a, b int64) (value, bool) { return boolean(a < b), true }
	case hclsyntax.OpLessThanOrEqual:
		return func(a, b int64) (value, bool) { return boolean(a <= b), true }
	case hclsyntax.OpGreaterThan:
		return func(a, b int64) (value, bool) { return boolean(a > b), true }
	case hclsyntax.OpGreaterThanOrEqual:
		return func(a, b int64) (value, bool) { return boolean(a >= b), true }
	}
	return nil
}

func realOf(op *hclsyntax.Operation) func(a, b float64) bool {
	switch op {
	case hclsyntax.OpLessThan:
		return func(a, b float64) bool { return a < b }
	case hclsyntax.OpLessThanOrEqual:
		return func(a, b float64) bool { return a <= b }
	case hclsyntax.OpGreaterThan:
		return func(a, b float64) bool { return a > b }
	case hclsyntax.OpGreaterThanOrEqual:
		return func(a, b float64) bool { return a >= b }
	}
	return nil
}

func add(a, b int64) (_ value, ok bool) {
	sum := a + b
	return integer(sum), (a^sum)&(b^sum) >= 0
}

func subtract(a, b int64) (_ value, ok bool) {
	difference := a - b
	return integer(difference), (a^b)&(a^difference) >= 0
}

func multiply(a, b int64) (_ value, ok bool) {
	if a == 0 || b == 0 {
		return integer(0), a >= 0 && b >= 0
	}
	if a == math.MinInt64 || b == math.MinInt64 {
		return value{}, false
	}
	product := a * b
	return integer(product), product/b == a
}

func divide(a, b int64) (_ value, ok bool) {
	if b == 0 || a == 0 && b < 0 || a == math.MinInt64 || a%b != 0 {
		return value{}, false
	}
	return integer(a / b), true
}

func modulo(a, b int64) (_ value, ok bool) {
	if b == 0 {
		return value{}, false
	}
	return integer(a % b), true
}

// An equality is == or !=. Values of different types are not equal, two nulls
// are.
type equality struct {
	negated     bool
	left, right code
	rng         hcl.Range
}

func (e *equality) value(f *Frame) (value, error) {
	left, err := e.left.value(f)
	right, rightErr := e.right.value(f)
	if err = first(err, rightErr); err != nil {
		return value{}, err
	}
	same, err := equal(left, right)
	if err != nil {
		return value{}, at(err, e.rng)
	}
	return boolean(same != e.negated), nil
}

func (e *equality) append(dst []byte, f *Frame) ([]byte, error) {
	return appendValue(e, dst, f)
}

func equal(a, b value) (bool, error) {
	switch {
	case a.kind != b.kind:
		return false, nil
	case a.kind == kindString:
		return a.text() == b.text(), nil
	case a.kind == kindBool:
		return a.truth() == b.truth(), nil
	case a.isNull():
		return true, nil
	case a.isWhole() && b.isWhole():
		return a.n == b.n, nil
	}
	left, err := a.cty()
	right, rightErr := b.cty()
	if err = first(err, rightErr); err != nil {
		return false, err
	}
	return left.Equals(right).True(), nil
}

// A logical is && or ||. Both sides are always computed, as HCL does it; a
// failure of one side is forgiven where the other side decides, but not a side
// that is no bool. A null decides && and not ||, which fails unless the other
// side is true.
type logical struct {
	or                    bool
	left, right           code
	leftRange, rightRange hcl.Range
}

func (l *logical) value(f *Frame) (value, error) {
	left, leftErr, leftWrong := side(l.left, f)
	right, rightErr, rightWrong := side(l.right, f)
	switch {
	case leftWrong != nil:
		return value{}, at(leftWrong, l.leftRange)
	case rightWrong != nil:
		return value{}, at(rightWrong, l.rightRange)
	case leftErr == nil && left.truth() == l.or, rightErr == nil && right.truth() == l.or:
		return boolean(l.or), nil
	case leftErr != nil:
		return value{}, leftErr
	case rightErr != nil:
		return value{}, rightErr
	case left.isNull():
		return value{}, at(errOperand, l.leftRange)
	case right.isNull():
		return value{}, at(errOperand, l.rightRange)
	}
	return boolean(!l.or), nil
}

// side computes one side; wrong is an error that is never forgiven.
func side(c code, f *Frame) (v value, failed, wrong error) {
	if v, failed = c.value(f); failed != nil {
		return v, failed, nil
	}
	v, wrong = v.toBool()
	return v, nil, wrong
}

func (l *logical) append(dst []byte, f *Frame) ([]byte, error) {
	return appendValue(l, dst, f)
}

// A unary is ! or a minus sign.
type unary struct {
	not     bool
	operand code
	impl    function.Function
	rng     hcl.Range
}

func (u *unary) value(f *Frame) (value, error) {
	v, err := u.operand.value(f)
	if err != nil {
		return value{}, err
	}
	if u.not {
		v, err = v.toBool()
	} else {
		v, err = v.toNumber()
	}
	switch {
	case err != nil:
		return value{}, at(err, u.rng)
	case v.isNull():
		return value{}, at(errOperand, u.rng)
	case u.not:
		return boolean(!v.truth()), nil
	case v.isWhole() && v.ref == nil && v.n != 0 && v.n != math.MinInt64:
		return integer(-v.n), nil
	}
	return call(u.impl, v)
}

func (u *unary) append(dst []byte, f *Frame) ([]byte, error) {
	return appendValue(u, dst, f)
}
