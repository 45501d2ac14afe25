package plan

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan/yaml"
)

// An Assignment gives variables values from outside the plan: one variable, or
// all that a file names.
type Assignment struct {
	Name, Value string // --var NAME=VALUE
	File        string // --var-file FILE; Name and Value are then empty
	Kept        *Kept  // instead of Value: as it was when the plan was saved
}

// A Kept is a value that was given to a plan before, and where it came from.
type Kept struct {
	Value  cty.Value
	Source string
}

// ParseAssignment reads the NAME=VALUE of a --var flag.
func ParseAssignment(text string) (Assignment, error) {
	name, value, ok := strings.Cut(text, "=")
	if !ok || !hclsyntax.ValidIdentifier(name) {
		return Assignment{}, errors.New("write it like --var NAME=VALUE")
	}
	return Assignment{Name: name, Value: value}, nil
}

// An assigned is the value that a variable gets from outside: a text, which
// the variable's type gives a meaning, or an expression in a file.
type assigned struct {
	source string
	text   string
	expr   hcl.Expression // nil: text
}

// assignAll finds what is given to each variable from outside. The environment
// comes first, then flags in the order of the command line.
func (d *decoder) assignAll(list []*declaration, in Inputs, lib library) {
	byName := map[string]*declaration{}
	for _, v := range list {
		byName[v.Name] = v
		v.assigned = fromEnvironment(v, in.Env)
	}
	for _, a := range in.Assignments {
		if a.File != "" {
			d.assignFile(byName, a.File, lib)
			continue
		}
		switch v := byName[a.Name]; {
		case v != nil && a.Kept != nil:
			v.assigned = &assigned{source: a.Kept.Source, expr: hcl.StaticExpr(a.Kept.Value, v.DeclRange)}
			continue
		case v != nil:
			v.assigned = &assigned{source: "--var", text: a.Value}
			continue
		}
		d.fail(nil, "Unknown variable", "--var %s: %s has no variable %q.%s", a.Name, d.plan.File, a.Name, d.hint(a.Name, d.names.variables))
	}
}

// fromEnvironment looks at the name that the plan gives, then at ours.
func fromEnvironment(v *declaration, env func(string) (string, bool)) *assigned {
	for _, name := range []string{v.env, "BOSSPLAN_VAR_" + v.Name} {
		if name == "" {
			continue
		}
		if text, ok := env(name); ok {
			return &assigned{source: "environment " + name, text: text}
		}
	}
	return nil
}

// assignFile reads a file of values. It holds values only, no blocks, so that
// what a plan is stays in the plan.
func (d *decoder) assignFile(byName map[string]*declaration, name string, lib library) {
	src, err := lib.anyBytes(name)
	if err != nil {
		d.fail(nil, "Cannot read variable file", "--var-file %s: %s.", name, err)
		return
	}
	d.plan.VarFiles = append(d.plan.VarFiles, Source{Name: name, Bytes: src})
	d.sources[name] = src
	parsed, diags := parseFile(name, src)
	if nav, ok := parsed.Nav.(yaml.Nav); ok {
		d.navs[name] = nav
	}
	for _, diagnostic := range diags {
		d.report(diagnostic)
	}
	if diags.HasErrors() {
		return
	}
	attrs, diags := parsed.Body.JustAttributes()
	block := func(at *hcl.Range) {
		d.fail(at, "Block in a variable file", "A variable file holds values only, one a line: users = 500. Declare variables in the plan.")
	}
	for _, diagnostic := range diags {
		block(diagnostic.Subject)
	}
	for _, attr := range sortedAttributes(attrs) {
		v := byName[attr.Name]
		if v == nil && d.schema.block(attr.Name) != nil {
			block(&attr.NameRange)
			continue
		}
		if v == nil {
			d.fail(&attr.NameRange, "Unknown variable", "%s has no variable %q.%s", d.plan.File, attr.Name, d.hint(attr.Name, d.names.variables))
			continue
		}
		v.assigned = &assigned{source: "--var-file " + name, expr: attr.Expr}
	}
}

// assign evaluates what a variable is given from outside.
func (d *decoder) assign(v *declaration) given {
	unknown := given{Value: cty.DynamicVal}
	expr := v.assigned.expr
	if expr == nil {
		if !utf8.ValidString(v.assigned.text) {
			d.failAssigned(v, "it is not UTF-8 text")
			return unknown
		}
		if v.Type.IsPrimitiveType() || v.Type == cty.DynamicPseudoType && !v.typed && !v.hasDefault {
			return d.assignText(v, cty.StringVal(v.assigned.text))
		}
		parsed, err := parseValue(v.assigned.text)
		if err != nil {
			d.failAssigned(v, err.Error())
			return unknown
		}
		return d.assignText(v, parsed)
	}
	v.valueAt = expr.Range()
	value, diags := expr.Value(nil)
	if diags.HasErrors() {
		d.fail(&v.valueAt, "Not a written-out value", "The value of %q must be written out, without names or functions.", v.Name)
		return unknown
	}
	g, ok := v.convert(given{Value: value, secret: v.Sensitive, at: v.valueAt, from: expr})
	if !ok {
		return unknown
	}
	return g
}

// assignText converts a value that has no place in any file; a mistake in it is
// told with where it comes from.
func (d *decoder) assignText(v *declaration, value cty.Value) given {
	v.valueAt = v.DeclRange
	before := len(d.diags)
	g, ok := v.convert(given{Value: value, secret: v.Sensitive, at: v.DeclRange})
	if ok {
		return g
	}
	for _, diagnostic := range d.diags[before:] {
		diagnostic.Detail += fmt.Sprintf(" The value is from: %s.", v.assigned.source)
	}
	return given{Value: cty.DynamicVal}
}

func (d *decoder) failAssigned(v *declaration, why string) {
	d.fail(&v.DeclRange, "Invalid value for variable "+v.Name, "The value from %s cannot be used: %s.", v.assigned.source, why)
}

// parseValue reads a value that is written as in a plan: ["a", "b"]. The error
// does not quote it, because it may be sensitive.
func parseValue(text string) (cty.Value, error) {
	wrong := errors.New(`it must be written as in a plan, for example ["a", "b"] or {min = 1}`)
	if len(text) > maxFileSize {
		return cty.NilVal, fmt.Errorf("it is larger than %d MiB", maxFileSize>>20)
	}
	if checkSize("value", []byte(text)) != nil {
		return cty.NilVal, errors.New("it is too large, or nested too deeply")
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), "value", hcl.InitialPos)
	if diags.HasErrors() {
		return cty.NilVal, wrong
	}
	v, diags := expr.Value(nil)
	if diags.HasErrors() {
		return cty.NilVal, wrong
	}
	return v, nil
}
