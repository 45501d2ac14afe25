package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A Variable is a plan's input and the value it got.
type Variable struct {
	Name        string
	Description string
	Type        cty.Type
	Value       cty.Value // unmarked; print it only if not Sensitive; unknown where it is missing and that was allowed
	Sensitive   bool
	Source      string // where the value comes from: "default", "--var", "environment LOAD_TEST_HOST", …; empty where it is missing
	DeclRange   hcl.Range
}

// A declaration is a variable block, before the variable has its value.
type declaration struct {
	*Variable
	block       *block
	file        *file
	typed       bool // it says its type
	optional    *typeexpr.Defaults
	env         string
	hasDefault  bool
	fallback    cty.Value // the default, converted; marked where it is sensitive
	imported    []*imported
	assigned    *assigned
	validations hcl.Blocks
	valueAt     hcl.Range // where the value is written
}

// An imported is a value that an import block gives to a variable.
type imported struct {
	expr hcl.Expression
	at   hcl.Range // of its name
}

// declareVariables decodes all variable blocks, in the order of the files.
func (d *decoder) declareVariables(files []*file) []*declaration {
	var list []*declaration
	schema := d.schema.block("variable")
	for _, f := range files {
		for _, hb := range f.blocks {
			if hb.Type != schema.Name {
				continue
			}
			d.within("variable."+hb.Labels[0], func() {
				b := d.open(hb, schema)
				if v := d.variable(b, f); d.declare("var."+b.label, b.label, b.head) {
					list = append(list, v)
				} else if _, taken := d.declared["var."+b.label]; !taken {
					d.lost["variable"] = true
				}
			})
		}
	}
	return list
}

// variable decodes what a variable block says of itself. None of it may use
// names: variables are what names are made of.
func (d *decoder) variable(b *block, f *file) *declaration {
	v := &declaration{
		Variable: &Variable{Name: b.label, Type: cty.DynamicPseudoType, DeclRange: b.head},
		block:    b, file: f, fallback: cty.DynamicVal, valueAt: b.head, validations: b.of("validation"),
	}
	if attr := b.attrs["type"]; attr != nil {
		ty, optional, diags := typeexpr.TypeConstraintWithDefaults(attr.Expr)
		for _, diagnostic := range diags {
			d.report(diagnostic)
		}
		if !diags.HasErrors() {
			v.Type, v.optional, v.typed = ty, optional, true
		}
	}
	if text, ok := b.constant("description", cty.String, "a text"); ok && !text.IsNull() {
		v.Description = text.AsString()
	}
	secret, ok := b.constant("sensitive", cty.Bool, "true or false")
	v.Sensitive = !ok || b.meant("sensitive") || !secret.IsNull() && secret.True() // what is wrong may have been meant to be true
	if name, ok := b.constant("env", cty.String, "a text"); ok && !name.IsNull() {
		if v.env = name.AsString(); v.env == "" || strings.ContainsAny(v.env, "=\x00 ") {
			d.fail(b.at("env"), "Invalid name of an environment variable", "%q cannot be the name of an environment variable.", v.env)
			v.env = ""
		}
	}
	v.readDefault()
	return v
}

// constant reads an attribute of a variable block that must be written out: null
// where it is missing. It is false where it is wrong, which is reported.
func (b *block) constant(name string, ty cty.Type, kind string) (cty.Value, bool) {
	attr := b.attrs[name]
	if attr == nil {
		return cty.NullVal(ty), true
	}
	what := b.what(name)
	if !b.checkUses(attr.Expr, spot{what: what}) {
		return cty.NullVal(ty), false
	}
	g, ok := b.compute(attr.Expr, &hcl.EvalContext{Functions: b.names.functions})
	if !ok {
		return cty.NullVal(ty), false
	}
	g, ok = b.as(g, ty, what, kind)
	return g.Value, ok && g.IsKnown()
}

func (v *declaration) readDefault() {
	b := v.block
	attr := b.attrs["default"]
	if attr == nil {
		v.hasDefault = b.meant("default")
		return
	}
	v.hasDefault, v.valueAt = true, attr.Expr.Range()
	if !b.checkUses(attr.Expr, spot{what: "a variable's default", env: true}) {
		return
	}
	g, ok := b.compute(attr.Expr, b.scope.setting)
	if !ok {
		return
	}
	if !v.typed && g.Type().IsPrimitiveType() {
		v.Type = g.Type()
	}
	g.secret = g.secret || v.Sensitive
	if g, ok = v.convert(g); ok {
		v.fallback = g.Value
	}
}

// convert makes a value one of the variable's type. Without a type the
// default's decides, where it is simple: "750" for a default of 1000 is a number.
func (v *declaration) convert(g given) (given, bool) {
	if g.IsNull() {
		return g, true
	}
	if v.optional != nil {
		g.Value = v.optional.Apply(g.Value)
	}
	kind := "a value of type " + typeexpr.TypeString(v.Type)
	switch {
	case v.Type == cty.String:
		kind = "a text"
	case v.Type == cty.Number:
		kind = "a number"
	case v.Type == cty.Bool:
		kind = "true or false"
	}
	return v.block.as(g, v.Type, fmt.Sprintf("variable %q", v.Name), kind)
}

// addVariable puts a variable into the network: its value is made from that of
// the import that sets it, if one does.
func (n *network) addVariable(v *declaration) {
	address := "var." + v.Name
	var uses []string
	for _, im := range v.imported {
		uses = append(uses, staticUses(im.expr)...)
	}
	n.add(&node{address: address, at: v.DeclRange, uses: uses, value: func(ctx *hcl.EvalContext) (value cty.Value) {
		n.within("variable."+v.Name, func() { value = n.choose(v, ctx) })
		return value
	}})
}

// choose decides which of the values given to a variable it has: the later in
// the order of precedence. All of them are looked at, so that one that is wrong
// is found even while another stands in for it.
func (n *network) choose(v *declaration, ctx *hcl.EvalContext) cty.Value {
	g, ok := given{Value: v.fallback, at: v.valueAt}, v.hasDefault
	if ok {
		v.Source = "default"
	}
	for _, im := range v.imported {
		v.Source, v.valueAt = "import at "+place(im.at), im.expr.Range()
		g = given{Value: cty.DynamicVal}
		if n.checkUses(im.expr, spot{what: "a value for a variable of an import", static: true}) {
			if from, computed := n.compute(im.expr, ctx); computed {
				from.secret = from.secret || v.Sensitive
				v.Sensitive = from.secret
				if from, computed = v.convert(from); computed {
					g = from
				}
			}
		}
		ok = true
	}
	if v.assigned != nil {
		v.Source, ok = v.assigned.source, true
		g = n.assign(v)
	}
	v.Value = g.Value
	switch {
	case ok:
	case n.allowMissing:
		v.Value = cty.UnknownVal(v.Type)
	default:
		v.Value = cty.DynamicVal
		n.failMissing(v)
	}
	return given{Value: v.Value, secret: v.Sensitive}.marked()
}

// failMissing says how a value is given.
func (n *network) failMissing(v *declaration) {
	env := v.env
	if env == "" {
		env = "BOSSPLAN_VAR_" + v.Name
	}
	n.fail(&v.DeclRange, "Variable without a value",
		"Variable %q has no default, so it must be given a value: --var %s=VALUE, a line %s = VALUE in a file given with --var-file, or the environment variable %s.", v.Name, v.Name, v.Name, env)
}

// validate holds a variable's value against its rules. Rules may use all static
// values, so they come after all are known.
func (d *decoder) validate(v *declaration) {
	schema := d.schema.block("variable").block("validation")
	for _, hb := range v.validations {
		b := d.open(hb, schema)
		message, spoken := b.textOf("error_message")
		attr := b.attrs["condition"]
		if attr == nil {
			continue
		}
		g, ok := d.evaluate(attr.Expr, spot{what: "a validation's condition", static: true})
		if !ok || !g.IsKnown() {
			continue
		}
		if g, ok = d.as(g, cty.Bool, "a validation's condition", "true or false"); !ok {
			continue
		}
		if !g.IsNull() && g.True() {
			continue
		}
		if !spoken || message == "" {
			message = "The value is not one that the plan accepts."
		}
		if !strings.ContainsAny(message[len(message)-1:], ".!?") {
			message += "."
		}
		d.fail(&v.valueAt, "Invalid value for variable "+v.Name, "%s The value is from: %s. The rule is at %s.", message, v.Source, place(b.head))
	}
}

// textOf reads an error message; one that is made of a sensitive value is not shown.
func (b *block) textOf(name string) (string, bool) {
	g, ok := b.get(name, cty.String, "a text")
	if !ok || g.secret {
		return "", false
	}
	return g.AsString(), true
}

// settingContext is what defaults of variables are evaluated in.
func settingContext(functions map[string]function.Function, env func(string) (string, bool)) *hcl.EvalContext {
	ctx := (&hcl.EvalContext{Functions: functions}).NewChild()
	ctx.Functions = map[string]function.Function{"env": envFunction(env)}
	return ctx
}

// variableNames are the names of variables, sorted.
func variableNames(list []*declaration) []string {
	var all []string
	for _, v := range list {
		all = append(all, v.Name)
	}
	slices.Sort(all)
	return all
}
