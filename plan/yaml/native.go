package yaml

import (
	"reflect"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// native is the node as HCL's own syntax tree, made once.
func (n *node) native() hclsyntax.Expression {
	if n.kind == text {
		return n.template
	}
	n.lower.Do(func() { n.lowered = n.lowerOnce() })
	return n.lowered
}

func (n *node) lowerOnce() hclsyntax.Expression {
	rng := n.rng()
	switch n.kind {
	case boolean:
		return &hclsyntax.LiteralValueExpr{Val: cty.BoolVal(n.value == "true"), SrcRange: rng}
	case number:
		return &hclsyntax.LiteralValueExpr{Val: cty.NumberVal(n.float()), SrcRange: rng}
	case list:
		e := &hclsyntax.TupleConsExpr{SrcRange: rng, OpenRange: n.opening()}
		for _, item := range n.items {
			e.Exprs = append(e.Exprs, item.native())
		}
		return e
	case object:
		e := &hclsyntax.ObjectConsExpr{SrcRange: rng, OpenRange: n.opening()}
		for _, p := range n.pairs {
			key := &hclsyntax.ObjectConsKeyExpr{Wrapped: p.key.native()}
			e.Items = append(e.Items, hclsyntax.ObjectConsItem{KeyExpr: key, ValueExpr: p.value.native()})
		}
		return e
	}
	return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType), SrcRange: rng}
}

// opening is where a list or mapping begins.
func (n *node) opening() hcl.Range { return n.src.rng(n.from, min(n.from+1, n.to)) }

// parseTemplate is the syntax tree of a text. Most have no template in them.
func (c *composer) parseTemplate(n *node) hclsyntax.Expression {
	rng := n.rng()
	if !strings.Contains(n.value, "${") && !strings.Contains(n.value, "%{") {
		return literal(n.value, rng)
	}
	src := []byte(n.value)
	tokens, _ := hclsyntax.LexTemplate(src, c.src.name, atZero())
	if fault := c.src.check(tokens); fault != nil {
		c.report(n, hcl.Diagnostics{fault})
		return literal(n.value, rng)
	}
	e, diags := hclsyntax.ParseTemplate(src, c.src.name, atZero())
	if diags.HasErrors() {
		c.report(n, diags)
		return literal(n.value, rng)
	}
	n.place(e)
	switch e := e.(type) {
	case *hclsyntax.TemplateExpr:
		e.SrcRange = rng
	case *hclsyntax.TemplateWrapExpr:
		e.SrcRange = rng
	}
	return e
}

// literal is the template of a text without any.
func literal(value string, rng hcl.Range) hclsyntax.Expression {
	return &hclsyntax.TemplateExpr{
		Parts:    []hclsyntax.Expression{&hclsyntax.LiteralValueExpr{Val: cty.StringVal(value), SrcRange: rng}},
		SrcRange: rng,
	}
}

// report puts what is wrong with a template to where it is written: the first
// thing in each line.
func (c *composer) report(n *node, diags hcl.Diagnostics) {
	line := 0
	for _, d := range diags[:min(len(diags), maxFaults-min(len(c.diags), maxFaults))] {
		if d.Subject != nil && d.Subject.Start.Line == line {
			continue // of the same mistake
		}
		if d.Subject != nil {
			line = d.Subject.Start.Line
		}
		own := *d
		own.Detail = strings.ReplaceAll(own.Detail, "the end of the file", "the end of the text")
		for _, rng := range []**hcl.Range{&own.Subject, &own.Context} {
			if *rng != nil {
				placed := n.within((*rng).Start.Byte, (*rng).End.Byte)
				*rng = &placed
			}
		}
		if n.plain && strings.Count(n.value, "{") != strings.Count(n.value, "}") {
			own.Detail += quoteHint
		}
		c.diags = append(c.diags, &own)
	}
}

// parse parses a text that is an expression by itself, without ${…}. It is nil
// where the text is none.
func (n *node) parse() hclsyntax.Expression {
	tokens, diags := hclsyntax.LexExpression([]byte(n.value), n.src.name, atZero())
	if diags.HasErrors() || n.src.check(tokens) != nil {
		return nil
	}
	e, diags := hclsyntax.ParseExpression([]byte(n.value), n.src.name, atZero())
	if diags.HasErrors() {
		return nil
	}
	n.place(e)
	return e
}

// atZero is the place from which a text is parsed, so that the bytes of ranges
// are offsets in it.
func atZero() hcl.Pos { return hcl.Pos{Line: 1, Column: 1, Byte: 0} }

// place rewrites every range in a syntax tree from one in the text's value to
// where that is written.
func (n *node) place(e hclsyntax.Expression) {
	p := &placer{node: n, seen: map[part]bool{}}
	p.rewrite(reflect.ValueOf(e))
}

// A placer walks through the structs of a syntax tree, whatever their types, so
// that it holds for those of the next version of HCL too.
type placer struct {
	node *node
	seen map[part]bool // a tree may share parts
}

// A part is a pointer or slice of a syntax tree.
type part struct {
	address uintptr
	of      reflect.Type
}

// opaque reports whether there are no ranges in a type; operations are shared
// by all trees.
func opaque(t reflect.Type) bool {
	switch t {
	case reflect.TypeFor[cty.Value](), reflect.TypeFor[cty.Type](), reflect.TypeFor[function.Function](),
		reflect.TypeFor[hclsyntax.Operation](), reflect.TypeFor[hcl.EvalContext]():
		return true
	}
	return false
}

func (p *placer) rewrite(v reflect.Value) {
	if opaque(v.Type()) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && p.first(v) {
			p.rewrite(v.Elem())
		}
	case reflect.Interface:
		p.rewriteInterface(v)
	case reflect.Slice:
		if v.Len() > 0 && p.first(v) {
			for i := range v.Len() {
				p.rewrite(v.Index(i))
			}
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[hcl.Range]() {
			p.rewriteRange(v)
			return
		}
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				p.rewrite(f)
			}
		}
	}
}

// rewriteInterface rewrites what is in an interface. A struct in one, as the
// steps of a traversal are, cannot be changed in place.
func (p *placer) rewriteInterface(v reflect.Value) {
	if v.IsNil() {
		return
	}
	if v.Elem().Kind() != reflect.Struct {
		p.rewrite(v.Elem())
		return
	}
	fresh := reflect.New(v.Elem().Type()).Elem()
	fresh.Set(v.Elem())
	p.rewrite(fresh)
	v.Set(fresh)
}

func (p *placer) rewriteRange(v reflect.Value) {
	rng := v.Addr().Interface().(*hcl.Range)
	if rng.Filename != "" || rng.End.Byte > 0 {
		*rng = p.node.within(rng.Start.Byte, rng.End.Byte)
	}
}

// first is true the first time that it is asked about a pointer or slice.
func (p *placer) first(v reflect.Value) bool {
	at := part{v.Pointer(), v.Type()}
	if p.seen[at] {
		return false
	}
	p.seen[at] = true
	return true
}
