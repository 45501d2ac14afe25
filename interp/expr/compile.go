package expr

import (
	"bytes"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A compiler turns one expression into codes. Whatever it has no exact code for
// becomes a leaf, which HCL evaluates.
type compiler struct {
	*analysis
	terms       map[hclsyntax.Expression]term // what was compiled
	scope       *hcl.EvalContext
	names       *Names
	enc         Encoding
	diags       hcl.Diagnostics
	interpreted bool

	// Inside a result of a conditional, a side of a logical operator or an
	// argument of one_of a failure may never be met; so there it is left to
	// the run.
	lenient int
}

// newCompiler prepares to compile tree, after the walk over it if it is native
// syntax.
func (n *Names) newCompiler(tree hcl.Expression, scope *hcl.EvalContext, enc Encoding) *compiler {
	c := &compiler{scope: scope, enc: enc, names: n, terms: map[hclsyntax.Expression]term{}}
	native, ok := tree.(hclsyntax.Expression)
	if !ok {
		c.analysis = &analysis{}
		return c
	}
	c.analysis = analyze(native, scope)
	for _, rng := range c.excessive {
		c.report(&Error{Range: rng, Message: "the number is out of range; it must be below 1e1233"})
	}
	return c
}

// native compiles an expression of HCL's native syntax.
func (c *compiler) native(p *Program, e hclsyntax.Expression) {
	switch {
	case len(c.excessive) > 0:
	case !c.dynamic[e]:
		if v, diags := c.known(e); diags.HasErrors() {
			c.diags = append(c.diags, diags...)
		} else {
			c.static(p, v)
		}
	case c.enc == JSON:
		var s sequence
		c.json(&s, e)
		p.code = s.writer()
	default:
		c.text(p, e)
	}
}

// foreign compiles an expression that is not of the native syntax, such as a
// value that a program made.
func (c *compiler) foreign(p *Program, e hcl.Expression) {
	v, diags := c.known(e)
	if diags.HasErrors() {
		c.diags = append(c.diags, diags...)
		return
	}
	p.sensitive = v.ContainsMarked()
	c.static(p, v)
}

// static makes a program of a known value.
func (c *compiler) static(p *Program, v cty.Value) {
	v, _ = v.UnmarkDeep()
	p.static, p.null = true, v.IsNull()
	var err error
	if c.enc == JSON {
		p.text, err = appendCtyJSON(nil, v, p.rng)
	} else if p.text, err = appendCtyText(nil, v, p.rng); err == nil {
		p.text, err = encode(p.text, 0, c.enc)
	}
	p.code = bytesWriter(p.text)
	switch err {
	case nil:
	case ErrNull:
		p.code = newConstant(value{})
	default:
		c.report(at(err, p.rng))
	}
}

// text compiles an expression whose value goes out as text.
func (c *compiler) text(p *Program, e hclsyntax.Expression) {
	t := c.term(e)
	if t.structure {
		c.refuse(e, "a string is needed here; use jsonencode to send an object or a list as JSON")
		return
	}
	root, isTemplate := t.code.(*template)
	switch {
	case c.enc == Plain || t.safe:
		p.code = t.code
		return
	case !isTemplate:
		root = textOf(t, e.Range())
	case c.enc == Header && root.holds(&headerSpecial):
		c.report(at(errHeader, e.Range()))
		return
	}
	p.code = root.under(c.enc)
}

// term compiles an expression, once: where that comes to nothing, the same
// parts are wanted again.
func (c *compiler) term(e hclsyntax.Expression) term {
	t, ok := c.terms[e]
	if !ok {
		t = c.compile(e)
		c.terms[e] = t
	}
	return t
}

func (c *compiler) compile(e hclsyntax.Expression) term {
	if !c.dynamic[e] {
		return c.fold(e)
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return c.term(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return c.term(e.Wrapped)
	case *hclsyntax.TemplateExpr:
		return c.template(e)
	case *hclsyntax.ScopeTraversalExpr:
		return c.name(e)
	case *hclsyntax.FunctionCallExpr:
		return c.call(e)
	case *hclsyntax.ConditionalExpr:
		return c.conditional(e)
	case *hclsyntax.BinaryOpExpr:
		return c.binary(e)
	case *hclsyntax.UnaryOpExpr:
		return c.unary(e)
	case *hclsyntax.RelativeTraversalExpr:
		return c.relative(e)
	case *hclsyntax.IndexExpr:
		return c.index(e)
	case *hclsyntax.SplatExpr:
		return c.splat(e)
	case *hclsyntax.ObjectConsExpr, *hclsyntax.TupleConsExpr:
		t := c.leaf(e)
		t.structure = true
		return t
	}
	return c.leaf(e)
}

// known evaluates what is static.
func (c *compiler) known(e hcl.Expression) (v cty.Value, diags hcl.Diagnostics) {
	defer func() {
		if r := recover(); r != nil {
			diags = hcl.Diagnostics{diagnostic(e.Range(), "the expression cannot be evaluated")}
		}
	}()
	v, diags = e.Value(c.scope)
	switch {
	case diags.HasErrors():
	case !v.IsWhollyKnown():
		diags = append(diags, diagnostic(e.Range(), "the value is not known before the run"))
	case holdsExcessive(v):
		diags = append(diags, diagnostic(e.Range(), errExcessive.Error()))
	}
	return v, diags
}

// holdsExcessive reports whether a value has a number in it that cannot be
// worked with.
func holdsExcessive(v cty.Value) (found bool) {
	cty.Walk(v, func(_ cty.Path, v cty.Value) (bool, error) {
		v, _ = v.Unmark()
		if f, ok := numberOf(v); ok && isExcessive(f) {
			found = true
		}
		return !found, nil
	})
	return found
}

// fold makes a constant of what is static.
func (c *compiler) fold(e hclsyntax.Expression) term {
	known, diags := c.known(e)
	if diags.HasErrors() {
		if c.lenient == 0 {
			c.diags = append(c.diags, diags...)
		}
		return c.leaf(e)
	}
	known, _ = known.UnmarkDeep()
	v, ok := fromCty(known)
	if ok {
		return constantTerm(v, known.Type())
	}
	text, err := appendCtyJSON(nil, known, e.Range())
	if err != nil {
		return c.leaf(e)
	}
	return term{code: newConstant(canonicalJSON(string(text))), kind: kindOpaque, structure: true}
}

// constantTerm is a known value. A null keeps its type, which decides what the
// other result of a conditional is converted to.
func constantTerm(v value, typ cty.Type) term {
	k := newConstant(v)
	t := term{code: k, kind: v.kind, nullable: v.isNull()}
	t.safe = !t.nullable && find(&querySpecial, k.text, 0) == len(k.text)
	switch {
	case !t.nullable || typ == cty.DynamicPseudoType:
	case typ == cty.String:
		t.kind, k.known.of = kindString, kindString
	case typ == cty.Number:
		t.kind, k.known.of = kindNumber, kindNumber
	case typ == cty.Bool:
		t.kind, k.known.of = kindBool, kindBool
	default:
		t.kind = kindOpaque
	}
	return t
}

// failing is a term that always fails; that is reported at once, unless it may
// never be met.
func (c *compiler) failing(e hclsyntax.Expression, message string) term {
	err := &Error{Range: e.Range(), Message: message}
	if c.lenient == 0 {
		c.report(err)
	}
	return wildTerm(&failure{err}, false)
}

// A failure is a code that fails.
type failure struct{ err *Error }

func (f *failure) value(*Frame) (value, error) { return value{}, f.err }

func (f *failure) append(dst []byte, _ *Frame) ([]byte, error) { return dst, f.err }

// refuse reports that e fails whatever the run-time names stand for; where it
// may never be met, it is left to the run.
func (c *compiler) refuse(e hclsyntax.Expression, message string) term {
	if c.lenient == 0 {
		c.report(&Error{Range: e.Range(), Message: message})
	}
	return c.leaf(e)
}

func (c *compiler) report(err error) {
	placed := err.(*Error)
	c.diags = append(c.diags, diagnostic(placed.Range, placed.Message))
}

func diagnostic(rng hcl.Range, message string) *hcl.Diagnostic {
	return &hcl.Diagnostic{
		Severity: hcl.DiagError,
		Summary:  "Invalid expression",
		Detail:   string(bytes.ToUpper([]byte(message[:1]))) + message[1:] + ".",
		Subject:  &rng,
	}
}
