package expr

import (
	"math"
	"math/big"
	"strconv"

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

// A value is a result on its way through an expression. The zero value is null.
//
// A number is held in the cheapest of four forms: n where it is whole, the bits
// of a float64 in n where it is real, the digits in text where nothing has
// computed with it yet, and otherwise as a big.Float, as HCL has all of them.
//
// Text may lie in the body of an answer: a value is of use until the answer
// changes.
type value struct {
	kind      kind
	of        kind // of a null the type that HCL knows; kindNull: none
	truth     bool
	whole     bool       // n is the number
	real      bool       // n has the bits of the number
	canonical bool       // text is JSON as cty writes it
	n         int64      //
	big       *big.Float // also beside n, if it is not of full precision
	text      string     // of a string; of a number its digits; of an object or a list the JSON
}

func boolean(b bool) value  { return value{kind: kindBool, truth: b} }
func integer(n int64) value { return value{kind: kindNumber, whole: true, n: n} }
func fraction(f float64) value {
	return value{kind: kindNumber, real: true, n: int64(math.Float64bits(f))}
}
func str(s string) value              { return value{kind: kindString, text: s} }
func normal(s string) value           { return str(cty.NormalizeString(s)) }
func structure(json string) value     { return value{kind: kindJSON, text: json} }
func canonicalJSON(json string) value { return value{kind: kindJSON, text: json, canonical: true} }
func null(of kind) value              { return value{of: of} }
func (v value) isNull() bool          { return v.kind == kindNull }

// number takes a float as cty computed it. Integers that an int64 holds are
// kept as such; the float stays beside one of lower precision, which HCL would
// carry into a division. Negative zero is not an integer here: HCL prints "-0".
func number(f *big.Float) value {
	v := value{kind: kindNumber, big: f}
	if f.IsInf() || f.Sign() == 0 && f.Signbit() {
		return v
	}
	n, accuracy := f.Int64()
	if accuracy != big.Exact {
		return v
	}
	v.whole, v.n = true, n
	if f.Prec() == precision {
		v.big = nil
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
		return cty.BoolVal(v.truth), nil
	case kindNumber:
		return cty.NumberVal(v.float()), nil
	case kindString:
		return cty.StringVal(v.text), nil
	case kindJSON:
		return ctyOf(view(v.text))
	default:
		return cty.NullVal(v.of.cty()), nil
	}
}

func (v value) float() *big.Float {
	switch {
	case v.big != nil:
		return v.big
	case v.whole:
		return new(big.Float).SetPrec(precision).SetInt64(v.n)
	case v.real:
		return big.NewFloat(v.float64())
	}
	parsed, err := cty.ParseNumberVal(v.text)
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
	case v.real:
		return v.float64(), true
	case v.whole && -limit <= v.n && v.n <= limit:
		return float64(v.n), true
	}
	return 0, false
}

// append writes the value as HCL converts it to a string. A null is ErrNull.
func (v value) append(dst []byte) ([]byte, error) {
	switch {
	case v.kind == kindString:
		return append(dst, v.text...), nil
	case v.kind == kindBool:
		return strconv.AppendBool(dst, v.truth), nil
	case v.kind == kindJSON:
		return dst, errStructure
	case v.isNull():
		return dst, ErrNull
	case v.whole:
		return strconv.AppendInt(dst, v.n, 10), nil
	case v.real:
		return strconv.AppendFloat(dst, v.float64(), 'f', -1, 64), nil
	case v.big == nil:
		return append(dst, v.text...), nil
	default:
		return v.big.Append(dst, 'f', -1), nil
	}
}

// toNumber converts as HCL does where a number is wanted. Null stays null.
func (v value) toNumber() (value, error) {
	switch v.kind {
	case kindNumber:
		return v, nil
	case kindString:
		return parseNumber(v.text)
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
	case v.kind == kindString && (v.text == "true" || v.text == "1"):
		return boolean(true), nil
	case v.kind == kindString && (v.text == "false" || v.text == "0"):
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
	if v.whole {
		return v.n, nil
	}
	n, accuracy := v.float().Int64()
	if accuracy != big.Exact {
		return 0, errWhole
	}
	return n, nil
}
