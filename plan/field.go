package plan

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// A fieldKind says what a map of fields is for, and so what its names and
// values may hold.
type fieldKind int

const (
	plainFields  fieldKind = iota // query, form: encoded as they are sent
	headerFields                  // names are tokens and regardless of case, values have no line breaks
)

// fields reads a map of texts that are made while a user runs. Written out, its
// names are known and its values may use run-time names; otherwise the whole
// map must be known before the run.
func (b *block) fields(name string, kind fieldKind, p spot) []Field {
	attr := b.attrs[name]
	if attr == nil {
		return nil
	}
	p.what = b.what(name)
	pairs, diags := hcl.ExprMap(attr.Expr)
	if diags.HasErrors() {
		return b.knownFields(name, attr, kind)
	}
	var list []Field
	first := map[string]hcl.Range{}
	for _, pair := range pairs {
		key, ok := b.key(pair.Key, p.what)
		if !ok || !b.fieldName(key, kind, p.what) {
			continue
		}
		f := Field{Name: key.AsString(), NameRange: pair.Key.Range()}
		folded := f.Name
		if kind == headerFields {
			folded = strings.ToLower(folded)
		}
		if at, twice := first[folded]; twice {
			b.refuse(key, "Name given twice", "%s is already given at %s.", cited(f.Name), place(at))
			continue
		}
		first[folded] = f.NameRange
		if f.Value, ok = b.dynamic(pair.Value, p, "a value in "+p.what, true); ok {
			b.fieldValue(f, kind, p)
			list = append(list, f)
		}
	}
	return list
}

// knownFields reads a map that is computed rather than written out.
func (b *block) knownFields(name string, attr *hcl.Attribute, kind fieldKind) []Field {
	g, ok := b.get(name, cty.Map(cty.String), "a map of texts, written out where it uses run-time names")
	if !ok || !g.IsWhollyKnown() {
		return nil
	}
	var list []Field
	for it := g.ElementIterator(); it.Next(); { // in the order of names
		k, v := it.Element()
		key := given{Value: k, secret: g.secret, at: g.at}
		if !b.fieldName(key, kind, b.what(name)) {
			continue
		}
		value := given{Value: v, secret: g.secret, at: g.at}
		f := Field{Name: k.AsString(), NameRange: g.at, Value: Expression{Expression: hcl.StaticExpr(value.marked(), attr.Expr.Range()), Scope: b.scope.static}}
		b.fieldValue(f, kind, spot{what: b.what(name), static: true})
		list = append(list, f)
	}
	return list
}

// fieldName refuses names that could not be sent.
func (b *block) fieldName(key given, kind fieldKind, what string) bool {
	switch text := key.AsString(); {
	case kind == headerFields && !isToken(text):
		b.refuse(key, "Invalid name of a header", "%s cannot be the name of a header in %s: letters, digits and a few signs such as - are allowed.", cited(text), what)
		return false
	case kind == headerFields && (strings.EqualFold(text, "Content-Length") || strings.EqualFold(text, "Transfer-Encoding")):
		b.refuse(key, "Invalid name of a header", "%s follows from what is sent and cannot be set. Leave it out.", text)
		return false
	case text == "":
		b.refuse(key, "Empty name", "A name in %s is empty.", what)
		return false
	}
	return true
}

// fieldValue refuses static parts of a header that could not be sent as one
// line. What only shows while users run is caught there.
func (b *block) fieldValue(f Field, kind fieldKind, p spot) {
	if kind != headerFields {
		return
	}
	if broken, secret := b.breaksLine(f.Value, p); broken {
		b.refuse(given{secret: secret, at: f.Value.Range()}, "Invalid header", "The value of header %s has a line break or NUL byte in it.", f.Name)
	}
}

// breaksLine reports whether what is known of a text would end the line of a
// header. The parts of a template are looked at one by one, because what is
// known of the whole ends at its first run-time part.
func (b *block) breaksLine(e Expression, p spot) (broken, secret bool) {
	parts := []hcl.Expression{e.Expression}
	if template, ok := native(e.Expression).(*hclsyntax.TemplateExpr); ok {
		parts = nil
		for _, part := range template.Parts {
			parts = append(parts, part)
		}
	}
	for _, part := range parts {
		v, diags := part.Value(b.scope.context(p))
		if diags.HasErrors() {
			continue // reported when the whole was read
		}
		secret = secret || v.ContainsMarked()
		v, _ = v.UnmarkDeep()
		broken = broken || strings.ContainsAny(knownPrefix(v), "\r\n\x00")
	}
	return broken, secret
}

// knownPrefix is as much of a text's beginning as is known.
func knownPrefix(v cty.Value) string {
	text, err := convert.Convert(v, cty.String)
	switch {
	case err != nil || text.IsNull():
		return ""
	case text.IsKnown():
		return text.AsString()
	}
	return text.Range().StringPrefix()
}

// dynamic reads an expression that is evaluated while users run: its names and
// calls are checked now, and what can be known of its value.
func (b *block) dynamic(expr hcl.Expression, p spot, what string, nullable bool) (Expression, bool) {
	g, ok := b.evaluate(expr, p)
	if !ok {
		return Expression{}, false
	}
	if g.IsNull() && !nullable {
		b.fail(&g.at, "Missing value", "%s must not be null.", what)
		return Expression{}, false
	}
	if _, ok := b.as(g, cty.String, what, "a text, number or bool"); !ok {
		return Expression{}, false
	}
	return b.expression(expr), true
}

// template reads an attribute that is a text made while users run, and as much
// of its beginning as is known.
func (b *block) template(name string, p spot) (e Expression, prefix string, ok bool) {
	attr := b.attrs[name]
	if attr == nil {
		return Expression{}, "", false
	}
	p.what = b.what(name)
	if e, ok = b.dynamic(attr.Expr, p, p.what, false); !ok {
		return Expression{}, "", false
	}
	v, _ := attr.Expr.Value(b.scope.context(p))
	v, _ = v.UnmarkDeep()
	return e, knownPrefix(v), true
}

// anything reads an attribute that may have any value that JSON can hold.
func (b *block) anything(name string, p spot) (Expression, bool) {
	attr := b.attrs[name]
	if attr == nil {
		return Expression{}, false
	}
	p.what = b.what(name)
	if _, ok := b.evaluate(attr.Expr, p); !ok {
		return Expression{}, false
	}
	return b.expression(attr.Expr), true
}

// expression keeps an expression for the run, with the static names it may use.
func (d *decoder) expression(expr hcl.Expression) Expression {
	return Expression{Expression: expr, Scope: d.scope.static}
}
