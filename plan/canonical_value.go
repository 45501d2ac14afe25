package plan

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// value writes a value as HCL on one line, objects by name.
func (p *printer) value(v cty.Value) string {
	if v.IsMarked() {
		if !p.reveal {
			return hidden
		}
		v, _ = v.Unmark()
	}
	ty := v.Type()
	switch {
	case !v.IsKnown():
		return notGiven
	case v.IsNull():
		return "null"
	case ty == cty.String:
		return quotedText(v.AsString())
	case ty.IsPrimitiveType():
		text, _ := convert.Convert(v, cty.String) // never fails
		return text.AsString()
	case ty.IsObjectType() || ty.IsMapType():
		return "{" + strings.Join(p.elements(v, true), ", ") + "}"
	case v.CanIterateElements():
		return "[" + strings.Join(p.elements(v, false), ", ") + "]"
	}
	return "(" + ty.FriendlyName() + ")"
}

func (p *printer) elements(v cty.Value, named bool) []string {
	list := []string{}
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		text := p.value(e)
		if named {
			k, _ = k.Unmark()
			text = p.name(k.AsString()) + " = " + text
		}
		list = append(list, text)
	}
	return list
}

// name writes the name of an object's attribute.
func (p *printer) name(text string) string {
	if hclsyntax.ValidIdentifier(text) {
		return text
	}
	return quotedText(text)
}

// A piece is a part of a text that is put together: letters, or an expression
// that gives some.
type piece struct {
	letters, expr string
}

type pieces []piece

// String is the text as a template in quotes.
func (list pieces) String() string {
	var b strings.Builder
	b.WriteByte('"')
	for i, part := range list {
		if part.expr != "" {
			b.WriteString("${" + part.expr + "}")
			continue
		}
		letters := escaped(part.letters)
		if last := len(letters) - 1; i < len(list)-1 && last >= 0 && (letters[last] == '$' || letters[last] == '%') {
			letters = fmt.Sprintf(`%s\u%04x`, letters[:last], letters[last]) // $${ would be letters
		}
		b.WriteString(letters)
	}
	b.WriteByte('"')
	return b.String()
}

// add appends letters to the last piece, or begins a new one.
func (list pieces) add(letters string) pieces {
	if letters == "" {
		return list
	}
	if last := len(list) - 1; last >= 0 && list[last].expr == "" {
		list[last].letters += letters
		return list
	}
	return append(list, piece{letters: letters})
}

// pieces adds the value of an expression that is no syntax.
func (t *tree) pieces(list pieces, e hcl.Expression) pieces {
	v, _ := e.Value(t.scope)
	return t.addValue(list, v)
}

// addValue adds a value as text.
func (t *tree) addValue(list pieces, v cty.Value) pieces {
	if v.IsMarked() && !t.reveal {
		return append(list, piece{expr: hidden})
	}
	v, _ = v.Unmark()
	if text, err := convert.Convert(v, cty.String); err == nil && text.IsKnown() && !text.IsNull() {
		return list.add(text.AsString())
	}
	return append(list, piece{expr: t.value(v)})
}

// flatten takes a template apart. Templates inside templates, brackets around
// expressions and what is known before the run are part of one text.
func (t *tree) flatten(list pieces, e hclsyntax.Expression) pieces {
	if v, ok := t.known(e); ok {
		return t.addValue(list, v)
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return t.flatten(list, e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return t.flatten(list, e.Wrapped)
	case *hclsyntax.TemplateExpr:
		for _, part := range e.Parts {
			list = t.flatten(list, part)
		}
		return list
	}
	return append(list, piece{expr: t.at(e, loosest)})
}

// quotedText is a text as HCL writes it, on one line.
func quotedText(text string) string { return `"` + escaped(text) + `"` }

// escaped writes what has a meaning in a template, and what cannot be seen, in
// another way.
func escaped(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case (r == '$' || r == '%') && strings.HasPrefix(text[i+1:], "{"):
			b.WriteString(string(r) + string(r))
		case !unicode.IsPrint(r) && r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
