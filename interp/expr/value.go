package expr

import (
	"math"
	"math/big"
	"strconv"
	"unsafe"

	"github.com/zclconf/go-cty/cty"
)

// precision is what cty gives numbers that it parses, in bits.
const precision = 512

// A kind is what is known of a value before the run; a value itself is never
// kindAny or kindOpaque.
type kind uint8

const (
	kindNull   kind = iota // a null without a type
	kindBool               //
	kindNumber             //
	kindString             //
	kindJSON               // an object or a list
	kindAny                // one of those above, not known which
	kindOpaque             // known to HCL alone: a constructed object or list, or a fallback's result
)

// A form is how a value holds what it is.
type form uint8

const (
	formText      form = iota // as text: of a number its digits, of an object or a list its JSON
	formCanonical             // as text, which is JSON as cty writes it
	formWhole                 // n is the number; ref is the big.Float, if it is not of full precision
	formReal                  // n has the bits of a float64
	formBig                   // ref is the big.Float
)

// A sort is what a value is and how it is held.
type sort struct {
	kind kind
	of   kind // of a null the type that HCL knows; kindNull: none
	form form
}

// A value is a result on its way through an expression. The zero value is null.
//
// A number is held in the cheapest of four forms: n where it is whole, the bits
// of a float64 in n where it is real, the digits as text where nothing has
// computed with it yet, and otherwise as a big.Float, as HCL has all of them.
//
// Text may lie in the body of an answer: a value is of use until the answer
// changes.
//
// Each step of an evaluation gives a value, so a value is made to stay in
// registers. The compiler does that up to four words and four fields; one with
// a string and a pointer beside a number takes twice as long.
type value struct {
	sort
	n   int64          // of a bool 1 or 0, of text its length
	ref unsafe.Pointer // the bytes of text or a *big.Float, or nil
}

func textual(s sort, text string) value {
	return value{sort: s, n: int64(len(text)), ref: unsafe.Pointer(unsafe.StringData(text))}
}

func boolean(b bool) value {
	if b {
		return value{sort: sort{kind: kindBool}, n: 1}
	}
	return value{sort: sort{kind: kindBool}}
}

func integer(n int64) value { return value{sort: sort{kind: kindNumber, form: formWhole}, n: n} }

func fraction(f float64) value {
	return value{sort: sort{kind: kindNumber, form: formReal}, n: int64(math.Float64bits(f))}
}

func digits(s string) value { return textual(sort{kind: kindNumber}, s) }

func bigNumber(f *big.Float) value {
	return value{sort: sort{kind: kindNumber, form: formBig}, ref: unsafe.Pointer(f)}
}

func str(s string) value          { return textual(sort{kind: kindString}, s) }
func structure(json string) value { return textual(sort{kind: kindJSON}, json) }

func canonicalJSON(json string) value {
	return textual(sort{kind: kindJSON, form: formCanonical}, json)
}

func null(of kind) value { return value{sort: sort{of: of}} }

func (v value) isNull() bool      { return v.kind == kindNull }
func (v value) truth() bool       { return v.n != 0 }
func (v value) isWhole() bool     { return v.form == formWhole }
func (v value) isCanonical() bool { return v.form == formCanonical }

// text is that of a value which is held as text.
func (v value) text() string { return unsafe.String((*byte)(v.ref), v.n) }

// big is the big.Float of a number that has one, or nil.
func (v value) big() *big.Float {
	if v.form == formBig || v.form == formWhole {
		return (*big.Float)(v.ref)
	}
	return nil
}

// normal is a string in the form that cty keeps strings in; ASCII is in it.
func normal(s string) value {
	if isASCII(view(s)) {
		return str(s)
	}
	return str(cty.NormalizeString(s))
}

// number takes a float as cty computed it. Integers that an int64 holds are
// kept as such; the float stays beside one of lower precision, which HCL would
// carry into a division. Negative zero is not an integer here: HCL prints "-0".
func number(f *big.Float) value {
	if f.IsInf() || f.Sign() == 0 && f.Signbit() {
		return bigNumber(f)
	}
	n, accuracy := f.Int64()
	if accuracy != big.Exact {
		return bigNumber(f)
	}
	v := integer(n)
	if f.Prec() != precision {
		v.ref = unsafe.Pointer(f)
	}
	return v
}

// fromCty takes a known, unmarked value; ok is false if it is no primitive.
func fromCty(v cty.Value) (_ value, ok bool) {
	switch {
	case v.IsNull():
		return value{}, true
	case v.Type() == cty.String:
		return str(v.AsString()), true
	case v.Type() == cty.Number:
		return number(v.AsBigFloat()), true
	case v.Type() == cty.Bool:
		return boolean(v.True()), true
	}
	return value{}, false
}

// cty is the value as HCL sees it.
func (v value) cty() (cty.Value, error) {
	switch v.kind {
	case kindBool:
		return cty.BoolVal(v.truth()), nil
	case kindNumber:
		return cty.NumberVal(v.float()), nil
	case kindString:
		return cty.StringVal(v.text()), nil
	case kindJSON:
		return ctyOf(view(v.text()))
	default:
		return cty.NullVal(v.of.cty()), nil
	}
}

func (v value) float() *big.Float {
	if f := v.big(); f != nil {
		return f
	}
	switch v.form {
	case formWhole:
		return new(big.Float).SetPrec(precision).SetInt64(v.n)
	case formReal:
		return big.NewFloat(v.float64())
	}
	parsed, err := cty.ParseNumberVal(v.text())
	if err != nil {
		return new(big.Float)
	}
	return parsed.AsBigFloat()
}

func (v value) float64() float64 { return math.Float64frombits(uint64(v.n)) }

// exact is the number as a float64, if that is the number itself.
func (v value) exact() (f float64, ok bool) {
	const limit = 1 << 53
	switch {
	case v.form == formReal:
		return v.float64(), true
	case v.isWhole() && -limit <= v.n && v.n <= limit:
		return float64(v.n), true
	}
	return 0, false
}

// append writes the value as HCL converts it to a string. A null is ErrNull.
func (v value) append(dst []byte) ([]byte, error) {
	switch v.kind {
	case kindNull:
		return dst, ErrNull
	case kindBool:
		return strconv.AppendBool(dst, v.truth()), nil
	case kindJSON:
		return dst, errStructure
	}
	switch v.form {
	case formWhole:
		return strconv.AppendInt(dst, v.n, 10), nil
	case formReal:
		return strconv.AppendFloat(dst, v.float64(), 'f', -1, 64), nil
	case formBig:
		return v.big().Append(dst, 'f', -1), nil
	}
	return append(dst, v.text()...), nil
}

// toNumber converts as HCL does where a number is wanted. Null stays null.
func (v value) toNumber() (value, error) {
	switch v.kind {
	case kindNumber:
		return v, nil
	case kindString:
		return parseNumber(v.text())
	case kindNull:
		if v.of != kindBool {
			return null(kindNumber), nil
		}
	}
	return value{}, errNumber
}

// toBool converts as HCL does where a bool is wanted. Null stays null.
func (v value) toBool() (value, error) {
	switch {
	case v.kind == kindBool:
		return v, nil
	case v.isNull() && v.of != kindNumber:
		return null(kindBool), nil
	case v.kind == kindString && (v.text() == "true" || v.text() == "1"):
		return boolean(true), nil
	case v.kind == kindString && (v.text() == "false" || v.text() == "0"):
		return boolean(false), nil
	}
	return value{}, errBool
}

// toString converts a primitive to a string. Null stays null.
func (v value) toString() (value, error) {
	switch v.kind {
	case kindString:
		return v, nil
	case kindNull:
		return null(kindString), nil
	case kindJSON:
		return value{}, errStructure
	}
	text, err := v.append(nil)
	return str(string(text)), err
}

// int64 is the number where it is whole and fits.
func (v value) int64() (int64, error) {
	if v.isWhole() {
		return v.n, nil
	}
	n, accuracy := v.float().Int64()
	if accuracy != big.Exact {
		return 0, errWhole
	}
	return n, nil
}
