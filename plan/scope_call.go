package plan

import (
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"bossplan/plan/quantity"
)

// checkCall says what is wrong with a call in a spot.
func (d *decoder) checkCall(c call, p spot) (summary, detail string) {
	f, ok := d.names.functions[c.name]
	drawing, draws := d.names.drawing[c.name]
	switch {
	case c.name == "file" && (p.run || p.answer):
		if name := d.runTime(c.args); name != "" {
			return "Run-time name in a static place", fmt.Sprintf("%s is known only while a user runs, but file() reads its file before the run. Choose between files that are written out: one_of(file(\"a.txt\"), file(\"b.txt\")).", name)
		}
		d.prefetch(c.args)
	case ok:
	case c.name == "env":
		if !p.env {
			return "Function in a wrong place", fmt.Sprintf("env() may be used only in the default of a variable, so that reports can say where each value comes from; %s can use that variable.", p.what)
		}
		f = envFunction(nil)
	case draws:
		if p.answer && !p.run {
			return "Function in a wrong place", fmt.Sprintf("%s() draws a value for a user, but %s is read from an answer.", c.name, p.what)
		}
		if !p.run {
			return "Run-time function in a static place", fmt.Sprintf("%s() gives its value only while a user runs, but %s must be known before the run.", c.name, p.what)
		}
		f = drawing
	case slices.Contains(waitNames(), c.name):
		return "Function in a wrong place", fmt.Sprintf("%s() describes a pause; it can only be the whole value of wait.", c.name)
	default:
		return "Unknown function", fmt.Sprintf("There is no function %s().%s", c.name, d.hint(c.name, d.names.known))
	}
	return checkArity(c, f)
}

// runTime is the first name or call in some expressions that has its value only
// while a user runs.
func (d *decoder) runTime(args []hclsyntax.Expression) string {
	for _, arg := range args {
		u := usesOf(arg)
		for _, t := range u.names {
			switch t.RootName() {
			case "user", "iteration", "vars", "row", "response":
				return written(t)
			}
		}
		for _, inner := range u.calls {
			if _, draws := d.names.drawing[inner.name]; draws {
				return inner.name + "()"
			}
		}
	}
	return ""
}

// prefetch reads the file that a call of file() names, even where what is around
// the call is computed only while users run. What is wrong with it is found when
// the whole is evaluated.
func (d *decoder) prefetch(args []hclsyntax.Expression) {
	if len(args) != 1 {
		return
	}
	v, diags := args[0].Value(d.scope.static)
	if v, _ = v.UnmarkDeep(); !diags.HasErrors() && v.IsWhollyKnown() && !v.IsNull() {
		_, _ = d.names.functions["file"].Call([]cty.Value{v})
	}
}

func checkArity(c call, f function.Function) (summary, detail string) {
	args, least, most := len(c.args), len(f.Params()), len(f.Params())
	if f.VarParam() != nil {
		most = -1
	}
	switch {
	case c.spread && (most < 0 || args-1 <= most):
		return "", ""
	case args < least && most < 0:
		return "Wrong number of arguments", fmt.Sprintf("%s() takes at least %s, not %d.", c.name, quantity.Counted(int64(least), "argument"), args)
	case args < least, most >= 0 && args > most:
		return "Wrong number of arguments", fmt.Sprintf("%s() takes %s, not %d.", c.name, quantity.Counted(int64(least), "argument"), args)
	}
	return "", ""
}
