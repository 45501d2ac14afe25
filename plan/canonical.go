package plan

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Two expressions that do the same should read the same, however they are
// written: in HCL or YAML, with brackets or without, with a value or with the
// local that holds it. A printer writes an expression in the one form that all
// of those have in common. What is known before the run is evaluated; the rest
// is HCL in one spelling:
//
//	"${local.prefix}/${ (vars.id) }"   →   "/api/${vars.id}"
//	"${x}"                             →   x
//	{ b = 1, "a" = x["y"] }            →   {a = x.y, b = 1}
//
// A printer is for one goroutine. One that reveals writes secrets as they are:
// what it writes is for comparing only, never to be shown.
type printer struct {
	reveal  bool
	locals  map[string]hcl.Expression // for those whose value is not known
	written map[string]string         // locals that have been written out, by name
}

const (
	hidden     = "(sensitive)"
	notGiven   = "(no value)"
	longestUse = 1 << 10 // bytes of a local that is written out where it is used
)

// How tightly the parts of an expression hold together, from the loosest.
const (
	loosest = iota // c ? a : b
	disjunction
	conjunction
	equality
	comparison
	sum
	product
	unary
	primary // names, calls, values, brackets
)

// text writes an expression that stands where a text is wanted: a number and
// the text of its digits are the same there.
func (p *printer) text(e Expression) string {
	in := p.inside(e)
	if in.node == nil {
		return in.pieces(nil, e.Expression).String()
	}
	pieces := in.flatten(nil, in.node)
	if len(pieces) == 1 && pieces[0].expr != "" {
		return pieces[0].expr
	}
	return pieces.String()
}

// any writes an expression that may give any kind of value.
func (p *printer) any(e Expression) string {
	in := p.inside(e)
	if in.node == nil {
		v, _ := e.Value(e.Scope)
		return p.value(v)
	}
	text, _ := in.print(in.node)
	return text
}

// A tree is one expression with what is known about its nodes.
type tree struct {
	*printer
	scope  *hcl.EvalContext
	node   hclsyntax.Expression
	static map[hclsyntax.Node]bool // nodes that can be evaluated now
}

func (p *printer) inside(e Expression) *tree {
	t := &tree{printer: p, scope: e.Scope, node: native(e.Expression)}
	if t.node != nil {
		t.static = staticNodes(t.node, e.Scope)
	}
	return t
}

// known evaluates a node, where that can be done before the run.
func (t *tree) known(e hclsyntax.Expression) (cty.Value, bool) {
	if !t.static[e] {
		return cty.NilVal, false
	}
	v, diags := e.Value(t.scope)
	return v, !diags.HasErrors() && v.IsWhollyKnown()
}

// print writes a node and says how tightly it holds together.
func (t *tree) print(e hclsyntax.Expression) (text string, tightness int) {
	if v, ok := t.known(e); ok {
		return t.value(v), primary
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return t.print(e.Expression)
	case *hclsyntax.TemplateWrapExpr:
		return t.print(e.Wrapped)
	case *hclsyntax.ObjectConsKeyExpr:
		return t.print(e.Wrapped)
	case *hclsyntax.LiteralValueExpr:
		return t.value(e.Val), primary
	case *hclsyntax.TemplateExpr:
		return t.flatten(nil, e).String(), primary
	case *hclsyntax.TemplateJoinExpr:
		return `join("", ` + t.at(e.Tuple, loosest) + ")", primary
	case *hclsyntax.ScopeTraversalExpr:
		return t.traversal(e.Traversal), primary
	case *hclsyntax.RelativeTraversalExpr:
		return t.at(e.Source, primary) + t.steps(e.Traversal), primary
	case *hclsyntax.IndexExpr:
		return t.at(e.Collection, primary) + t.index(e.Key), primary
	case *hclsyntax.SplatExpr:
		return t.at(e.Source, primary) + "[*]" + t.at(e.Each, loosest), primary
	case *hclsyntax.AnonSymbolExpr: // each element of a splat: what follows it comes after the brackets
		return "", primary
	case *hclsyntax.FunctionCallExpr:
		return t.call(e), primary
	case *hclsyntax.TupleConsExpr:
		return "[" + strings.Join(t.list(e.Exprs), ", ") + "]", primary
	case *hclsyntax.ObjectConsExpr:
		return t.object(e), primary
	case *hclsyntax.ForExpr:
		return t.loop(e), primary
	case *hclsyntax.ConditionalExpr:
		return t.at(e.Condition, disjunction) + " ? " + t.at(e.TrueResult, loosest) + " : " + t.at(e.FalseResult, loosest), loosest
	case *hclsyntax.UnaryOpExpr:
		sign := map[*hclsyntax.Operation]string{hclsyntax.OpNegate: "-", hclsyntax.OpLogicalNot: "!"}[e.Op]
		return sign + t.at(e.Val, unary), unary
	case *hclsyntax.BinaryOpExpr:
		sign, tight := operatorSign(e.Op)
		return t.at(e.LHS, tight) + " " + sign + " " + t.at(e.RHS, tight+1), tight
	}
	return "(not an expression)", primary
}

// at writes a node where at least so much tightness is needed.
func (t *tree) at(e hclsyntax.Expression, tightness int) string {
	text, own := t.print(e)
	if own < tightness {
		return "(" + text + ")"
	}
	return text
}

// operatorSign is how an operation of two operands is written, and how tightly
// it binds them.
func operatorSign(op *hclsyntax.Operation) (sign string, tightness int) {
	switch op {
	case hclsyntax.OpLogicalOr:
		return "||", disjunction
	case hclsyntax.OpLogicalAnd:
		return "&&", conjunction
	case hclsyntax.OpEqual:
		return "==", equality
	case hclsyntax.OpNotEqual:
		return "!=", equality
	case hclsyntax.OpGreaterThan:
		return ">", comparison
	case hclsyntax.OpGreaterThanOrEqual:
		return ">=", comparison
	case hclsyntax.OpLessThan:
		return "<", comparison
	case hclsyntax.OpLessThanOrEqual:
		return "<=", comparison
	case hclsyntax.OpAdd:
		return "+", sum
	case hclsyntax.OpSubtract:
		return "-", sum
	case hclsyntax.OpMultiply:
		return "*", product
	case hclsyntax.OpDivide:
		return "/", product
	}
	return "%", product // hclsyntax.OpModulo, the last there is
}

func (t *tree) list(exprs []hclsyntax.Expression) []string {
	list := make([]string, len(exprs))
	for i, e := range exprs {
		list[i] = t.at(e, loosest)
	}
	return list
}

func (t *tree) call(e *hclsyntax.FunctionCallExpr) string {
	spread := ""
	if e.ExpandFinal {
		spread = "..."
	}
	return e.Name + "(" + strings.Join(t.list(e.Args), ", ") + spread + ")"
}

// object writes the items by name: an object has no order.
func (t *tree) object(e *hclsyntax.ObjectConsExpr) string {
	type item struct{ name, text string }
	items := make([]item, len(e.Items))
	for i, x := range e.Items {
		name, known := t.itemName(x.KeyExpr)
		key := t.name(name)
		if !known {
			name = t.at(x.KeyExpr, loosest)
			key = "(" + name + ")"
		}
		items[i] = item{name, key + " = " + t.at(x.ValueExpr, loosest)}
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(a.name, b.name) })
	list := make([]string, len(items))
	for i, x := range items {
		list[i] = x.text
	}
	return "{" + strings.Join(list, ", ") + "}"
}

// itemName is the name of an item, if that is known before the run and no
// secret.
func (t *tree) itemName(e hclsyntax.Expression) (string, bool) {
	v, ok := t.known(e)
	if key, isKey := e.(*hclsyntax.ObjectConsKeyExpr); isKey && !ok && !key.ForceNonLiteral {
		name := hcl.ExprAsKeyword(key.Wrapped)
		return name, name != ""
	}
	if !ok || v.IsMarked() {
		return "", false
	}
	text, err := convert.Convert(v, cty.String)
	if err != nil || text.IsNull() {
		return "", false
	}
	return text.AsString(), true
}

func (t *tree) loop(e *hclsyntax.ForExpr) string {
	names := e.ValVar
	if e.KeyVar != "" {
		names = e.KeyVar + ", " + names
	}
	text := "for " + names + " in " + t.at(e.CollExpr, loosest) + " : "
	if e.KeyExpr != nil {
		text += t.at(e.KeyExpr, loosest) + " => "
	}
	text += t.at(e.ValExpr, loosest)
	if e.Group {
		text += "..."
	}
	if e.CondExpr != nil {
		text += " if " + t.at(e.CondExpr, loosest)
	}
	if e.KeyExpr != nil {
		return "{" + text + "}"
	}
	return "[" + text + "]"
}

// traversal writes a name. A local whose value is not known is written out as
// what it is made of: its name is of no importance.
func (t *tree) traversal(names hcl.Traversal) string {
	name, ok := member(names)
	if names.RootName() == "local" && ok && t.locals[name] != nil {
		return t.local(name) + t.steps(names[2:])
	}
	return names.RootName() + t.steps(names[1:])
}

// local writes out what a local is made of; where that is long only its digest,
// so that locals made of locals made of locals stay short.
func (t *tree) local(name string) string {
	if text, done := t.written[name]; done {
		return text
	}
	t.written[name] = "(a circle)" // which Load refuses
	text := t.any(Expression{Expression: t.locals[name], Scope: t.scope})
	if len(text) > longestUse {
		text = fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text)))
	}
	t.written[name] = "(" + text + ")"
	return t.written[name]
}

func (t *tree) steps(names hcl.Traversal) string {
	var b strings.Builder
	for _, step := range names {
		switch s := step.(type) {
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		case hcl.TraverseIndex:
			b.WriteString(t.indexOf(s.Key))
		case hcl.TraverseSplat:
			b.WriteString("[*]" + t.steps(s.Each))
		}
	}
	return b.String()
}

// index writes what stands in brackets after a value.
func (t *tree) index(key hclsyntax.Expression) string {
	if v, ok := t.known(key); ok {
		return t.indexOf(v)
	}
	return "[" + t.at(key, loosest) + "]"
}

func (t *tree) indexOf(key cty.Value) string {
	if !key.IsMarked() && !key.IsNull() && key.Type() == cty.String && hclsyntax.ValidIdentifier(key.AsString()) {
		return "." + key.AsString()
	}
	return "[" + t.value(key) + "]"
}
