package plan

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan/quantity"
)

// The readers in this file give an attribute's value, the schema's default
// where the attribute is missing or null, and the zero value where it is wrong,
// which they report, or unknown. The second result is true only where the plan
// gives a value and it is right.

// get evaluates an attribute before the run and converts it to a type.
func (b *block) get(name string, ty cty.Type, kind string) (given, bool) {
	attr := b.attrs[name]
	if attr == nil {
		return given{}, false
	}
	what := b.what(name)
	g, ok := b.evaluate(attr.Expr, spot{what: what, static: true})
	if !ok {
		return given{}, false
	}
	if g.IsNull() {
		if b.schema.attribute(name).Required {
			b.fail(&g.at, "Missing value", "%s must not be null.", what)
		}
		return given{}, false
	}
	if g, ok = b.as(g, ty, what, kind); !ok || !g.IsKnown() {
		return given{}, false
	}
	return g, true
}

// what names an attribute in a message: "stage users".
func (b *block) what(name string) string { return b.schema.Name + " " + name }

// text reads a text.
func (b *block) text(name string) (string, bool) {
	g, ok := b.get(name, cty.String, "a text")
	a := b.schema.attribute(name)
	if !ok {
		return a.Default, false
	}
	text := g.AsString()
	if len(a.Values) > 0 && !slices.Contains(a.Values, text) {
		b.refuse(g, "Unknown value", "%s cannot be %s; it is one of %s.%s", b.what(name), g.show(), strings.Join(a.Values, ", "), b.hint(text, a.Values))
		return a.Default, false
	}
	return text, true
}

// flag reads true or false.
func (b *block) flag(name string) (value, ok bool) {
	g, ok := b.get(name, cty.Bool, "true or false")
	if !ok {
		return b.schema.attribute(name).Default == "true", false
	}
	return g.True(), true
}

// number reads a number.
func (b *block) number(name string) (float64, bool) {
	a := b.schema.attribute(name)
	g, ok := b.get(name, cty.Number, "a number")
	if !ok {
		n, _ := strconv.ParseFloat(a.Default, 64) // no default: 0
		return n, false
	}
	n, _ := g.AsBigFloat().Float64()
	if n < a.Min || n > a.Max {
		b.refuse(g, "Number out of range", "%s must be between %s and %s, not %s.", b.what(name), plainNumber(a.Min), plainNumber(a.Max), g.show())
		return 0, false
	}
	return n, true
}

// integer reads a whole number.
func (b *block) integer(name string) (int64, bool) {
	n, ok := b.number(name)
	if ok && n != math.Trunc(n) {
		b.refuse(given{Value: cty.NumberFloatVal(n), secret: b.secret(name), at: *b.at(name)}, "Not a whole number", "%s must be a whole number, not %s.", b.what(name), plainNumber(n))
		return 0, false
	}
	return int64(n), ok
}

// secret reports whether an attribute is made of something sensitive.
func (b *block) secret(name string) bool { return usesSecret(b.attrs[name].Expr, b.scope.static) }

// plainNumber is a number without an exponent.
func plainNumber(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// duration reads a duration: a text, or a number of seconds.
func (b *block) duration(name string) (time.Duration, bool) {
	g, ok := b.get(name, cty.String, `a duration such as "30s"`)
	if !ok {
		fallback, _ := quantity.Duration(b.schema.attribute(name).Default) // no default: 0
		return fallback, false
	}
	dur, err := quantity.Duration(g.AsString())
	if err != nil {
		b.refuse(g, "Invalid duration", "%s: %s.", b.what(name), err)
		return 0, false
	}
	return dur, true
}

// span reads a duration that must not be zero.
func (b *block) span(name string) (time.Duration, bool) {
	dur, ok := b.duration(name)
	if ok && dur <= 0 {
		b.fail(b.at(name), "Invalid duration", "%s must be longer than zero.", b.what(name))
		return 0, false
	}
	return dur, ok
}

// rate reads a rate in events a second; a plain number is one where plain is set.
func (b *block) rate(name string, plain bool) (float64, bool) {
	g, ok := b.get(name, cty.DynamicPseudoType, "")
	if !ok {
		return 0, false
	}
	if g.Type() == cty.Number && plain {
		n, _ := g.AsBigFloat().Float64()
		if n < 0 || n > 1e9 {
			b.refuse(g, "Number out of range", "%s must be between 0 and 1000000000, not %s.", b.what(name), g.show())
			return 0, false
		}
		return n, true
	}
	if g.Type() == cty.Number {
		b.refuse(g, "Invalid rate", "%s needs to say per what time: write it like \"20/s\" or \"1000/min\", not %s.", b.what(name), g.show())
		return 0, false
	}
	if g, ok = b.as(g, cty.String, b.what(name), `a rate such as "20/s"`); !ok {
		return 0, false
	}
	text := g.AsString()
	if plain && !strings.Contains(text, "/") {
		text += "/s"
	}
	perSecond, err := quantity.Rate(text)
	if err != nil {
		b.refuse(g, "Invalid rate", "%s: %s.", b.what(name), err)
		return 0, false
	}
	return perSecond, true
}

// texts reads a map of texts.
func (b *block) texts(name string) map[string]string {
	g, ok := b.get(name, cty.Map(cty.String), "a map of texts")
	if !ok || !g.IsWhollyKnown() {
		return nil
	}
	texts := map[string]string{}
	for it := g.ElementIterator(); it.Next(); {
		k, v := it.Element()
		if !v.IsNull() {
			texts[k.AsString()] = v.AsString()
		}
	}
	return texts
}

// list are the elements of an attribute that must be a list written out, such
// as a list of references.
func (b *block) list(name string) []hcl.Expression {
	attr := b.attrs[name]
	if attr == nil {
		return nil
	}
	elements, diags := hcl.ExprList(attr.Expr)
	if diags.HasErrors() {
		b.fail(b.at(name), "Not a list", "%s must be a list written out: [ …, … ].", b.what(name))
	}
	return elements
}

// statuses reads a set of status codes; without it every code from 200 to 399.
func (b *block) statuses(name string) StatusSet {
	fallback := StatusSet{{200, 399}}
	g, ok := b.get(name, cty.DynamicPseudoType, "")
	if !ok || !g.IsWhollyKnown() {
		return fallback
	}
	if ty := g.Type(); !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType() {
		b.refuse(g, "Not a list", "%s must be a list of status codes and ranges: [200, \"300-399\"].", b.what(name))
		return fallback
	}
	var set StatusSet
	wrong := false
	for it := g.ElementIterator(); it.Next(); {
		_, e := it.Element()
		r, err := statusRange(e)
		if err != nil {
			b.refuse(g, "Invalid status code", "%s: %s.", b.what(name), err)
			wrong = true
			continue
		}
		set = append(set, r)
	}
	if wrong {
		return fallback
	}
	if len(set) == 0 {
		b.refuse(g, "Empty list", "%s has no status code: every answer would be a failure. Leave it out for 200 to 399.", b.what(name))
		return fallback
	}
	return set
}

// statusRange reads 200, "200" or "300-399".
func statusRange(v cty.Value) (StatusRange, error) {
	text := ""
	switch {
	case v.IsNull():
	case v.Type() == cty.String:
		text = v.AsString()
	case v.Type() == cty.Number:
		text = v.AsBigFloat().Text('f', -1)
	}
	first, last, isRange := strings.Cut(text, "-")
	if !isRange {
		last = first
	}
	from, err1 := strconv.ParseUint(strings.TrimSpace(first), 10, 16)
	to, err2 := strconv.ParseUint(strings.TrimSpace(last), 10, 16)
	if err1 != nil || err2 != nil {
		return StatusRange{}, fmt.Errorf("%s is not a status code or a range such as \"300-399\"", cited(text))
	}
	if from < 100 || to > 599 || from > to {
		return StatusRange{}, fmt.Errorf("%s cannot be: codes are from 100 to 599, and a range goes from the lower to the higher", cited(text))
	}
	return StatusRange{int(from), int(to)}, nil
}

// method reads an HTTP method; methods are written in capitals on the wire.
func (b *block) method(name string) string {
	text, ok := b.text(name)
	if ok && !isToken(text) {
		b.refuse(given{Value: cty.StringVal(text), secret: b.secret(name), at: *b.at(name)}, "Invalid method", "%s cannot be an HTTP method.", cited(text))
	}
	return strings.ToUpper(text)
}

// isToken reports whether a text is a token of HTTP: what methods and names of
// headers are made of.
func isToken(text string) bool {
	for _, c := range []byte(text) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("!#$%&'*+-.^_`|~", c) >= 0) {
			return false
		}
	}
	return text != ""
}
