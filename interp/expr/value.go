package expr

import (
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
	kindAny                // one of those above, not known which
	kindOpaque             // known to HCL alone: an object, a tuple or a fallback's result
)

// A value is a primitive result on its way through an expression. The zero
// value is null.
type value struct {
	kind  kind
	truth bool
	whole bool       // n is the number
	n     int64      //
	big   *big.Float // the number where it is not whole, or not of full precision
	text  string
}

func boolean(b bool) value   { return value{kind: kindBool, truth: b} }
func integer(n int64) value  { return value{kind: kindNumber, whole: true, n: n} }
func str(s string) value     { return value{kind: kindString, text: s} }
func (v value) isNull() bool { return v.kind == kindNull }

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
func (v value) cty() cty.Value {
	switch v.kind {
	case kindBool:
		return cty.BoolVal(v.truth)
	case kindNumber:
		return cty.NumberVal(v.float())
	case kindString:
		return cty.StringVal(v.text)
	default:
		return cty.NullVal(cty.DynamicPseudoType)
	}
}

func (v value) float() *big.Float {
	if v.big != nil {
		return v.big
	}
	return new(big.Float).SetPrec(precision).SetInt64(v.n)
}

// append writes the value as HCL converts it to a string. A null is ErrNull.
func (v value) append(dst []byte) ([]byte, error) {
	switch {
	case v.kind == kindString:
		return append(dst, v.text...), nil
	case v.kind == kindBool:
		return strconv.AppendBool(dst, v.truth), nil
	case v.isNull():
		return dst, ErrNull
	case v.whole:
		return strconv.AppendInt(dst, v.n, 10), nil
	default:
		return v.big.Append(dst, 'f', -1), nil
	}
}

// toNumber converts as HCL does where a number is wanted. Null stays null.
func (v value) toNumber() (value, error) {
	switch v.kind {
	case kindNumber, kindNull:
		return v, nil
	case kindString:
		return parseNumber(v.text)
	}
	return value{}, errNumber
}

// toBool converts as HCL does where a bool is wanted. Null stays null.
func (v value) toBool() (value, error) {
	switch {
	case v.kind == kindBool || v.isNull():
		return v, nil
	case v.kind == kindString && (v.text == "true" || v.text == "1"):
		return boolean(true), nil
	case v.kind == kindString && (v.text == "false" || v.text == "0"):
		return boolean(false), nil
	}
	return value{}, errBool
}

// toString converts a primitive to a string. Null stays null.
func (v value) toString() value {
	if v.kind == kindString || v.isNull() {
		return v
	}
	text, _ := v.append(nil)
	return str(string(text))
}

// int64 is the number where it is whole and fits.
func (v value) int64() (int64, error) {
	if v.whole {
		return v.n, nil
	}
	n, accuracy := v.big.Int64()
	if accuracy != big.Exact {
		return 0, errWhole
	}
	return n, nil
}

// parseNumber reads a number as cty does, short integers without a big float.
func parseNumber(s string) (value, error) {
	if n, ok := parseDigits(s); ok {
		return integer(n), nil
	}
	v, err := cty.ParseNumberVal(s)
	if err != nil {
		return value{}, errNumber
	}
	return number(v.AsBigFloat()), nil
}

// parseDigits reads up to 18 digits, which cannot overflow.
func parseDigits(s string) (n int64, ok bool) {
	if len(s) == 0 || len(s) > 18 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int64(s[i]-'0')
	}
	return n, true
}
