package plan

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// Names in expressions come from three scopes. Static ones (var, local, each,
// path) are known before the run, references (host.x, metric.x) name blocks and
// stand only where a block is wanted, and run-time ones (user.id, response.json)
// are known only to one user at one moment. Which of them may stand somewhere is
// a property of the place, checked before anything is evaluated, so that each
// name in a wrong place is told why it cannot work there.
type spot struct {
	what   string // "stage users"
	static bool   // var, local, each, path
	env    bool   // env()
	run    bool   // user, iteration, vars, row and the functions that draw
	answer bool   // response
}

// requestSpot is where a user makes a request, and answerSpot where it looks at
// the answer.
func requestSpot() spot { return spot{static: true, run: true} }
func answerSpot() spot  { return spot{static: true, run: true, answer: true} }

// A scope is what names mean, once variables and locals have their values.
type scope struct {
	static  *hcl.EvalContext // var, local, each, path, functions
	run     *hcl.EvalContext // below static; run-time names stand for unknown values of their type
	answer  *hcl.EvalContext // likewise, for response
	both    *hcl.EvalContext // likewise, for all of them
	setting *hcl.EvalContext // env and functions, for defaults of variables
	each    bool             // inside a block with for_each
}

// context is what an expression in a spot is evaluated in.
func (s scope) context(p spot) *hcl.EvalContext {
	switch {
	case p.run && p.answer:
		return s.both
	case p.run:
		return s.run
	case p.answer:
		return s.answer
	case p.env:
		return s.setting
	}
	return s.static
}

// names are the declared names of static values and all functions.
type names struct {
	variables []string // sorted
	locals    []string // sorted
	functions map[string]function.Function
	drawing   map[string]function.Function // known only at run time
	known     []string                     // names of functions, sorted
}

func (n names) has(root, name string) bool {
	list := n.variables
	if root == "local" {
		list = n.locals
	}
	_, found := slices.BinarySearch(list, name)
	return found
}

// uses are the names and calls in an expression.
type uses struct {
	names   []hcl.Traversal
	calls   []call
	indexed map[hcl.Range]bool // names that an index follows which is not written out: row.users[each.key]
}

// A call is one call of a function.
type call struct {
	name   string
	at     hcl.Range
	args   []hclsyntax.Expression
	spread bool // the last argument is a list of arguments
}

// usesOf walks an expression. Expressions of other spellings are lowered to
// HCL's own, so there is one kind of tree to walk.
func usesOf(expr hcl.Expression) uses {
	u := uses{names: expr.Variables(), indexed: map[hcl.Range]bool{}}
	if e := native(expr); e != nil {
		hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
			switch n := n.(type) {
			case *hclsyntax.FunctionCallExpr:
				u.calls = append(u.calls, call{name: n.Name, at: n.NameRange, args: n.Args, spread: n.ExpandFinal})
			case *hclsyntax.IndexExpr:
				u.indexed[n.Collection.Range()] = true
			}
			return nil
		})
	}
	return u
}

// picked reports whether a name is in what a call of pick() is given, which is
// read as a reference to data.
func (u uses) picked(t hcl.Traversal) bool {
	at := t.SourceRange()
	return slices.ContainsFunc(u.calls, func(c call) bool {
		return c.name == "pick" && slices.ContainsFunc(c.args, func(arg hclsyntax.Expression) bool {
			rng := arg.Range()
			return rng.Start.Byte <= at.Start.Byte && at.End.Byte <= rng.End.Byte
		})
	})
}

// native is an expression as HCL's own syntax tree; nil for a value of ours.
func native(expr hcl.Expression) hclsyntax.Expression {
	unwrapped := hcl.UnwrapExpressionUntil(expr, func(e hcl.Expression) bool {
		_, ok := e.(hclsyntax.Expression)
		return ok
	})
	e, _ := unwrapped.(hclsyntax.Expression)
	return e
}

// checkUses reports every name and call that cannot stand in a spot, and
// whether there was none.
func (d *decoder) checkUses(expr hcl.Expression, p spot) bool {
	u, ok := usesOf(expr), true
	for _, t := range u.names {
		rng := t.SourceRange()
		if u.picked(t) {
			continue // looked at with the call
		}
		if summary, detail := d.checkName(t, p, u.indexed[rng]); summary != "" {
			d.fail(&rng, summary, "%s", detail)
			ok = false
		}
	}
	for _, c := range u.calls {
		if summary, detail := d.checkCall(c, p); summary != "" {
			d.fail(&c.at, summary, "%s", detail)
			ok = false
			continue
		}
		if c.name == "pick" && d.dataReference(c.args[0], "what pick() draws from") == nil {
			ok = false // reported, or known only with the values of all variables
		}
	}
	return ok
}

// checkName says what is wrong with a name in a spot; nothing: an empty summary.
// An index that is not written out may follow the name.
func (d *decoder) checkName(t hcl.Traversal, p spot, indexed bool) (summary, detail string) {
	root := t.RootName()
	switch root {
	case "var", "local", "path", "each":
		return d.checkStatic(t, p)
	case "user", "iteration", "vars", "row":
		return d.checkRunTime(t, p, indexed)
	case "response":
		return d.checkAnswer(t, p)
	case "data":
		return "Reference in a wrong place", fmt.Sprintf("%s refers to a block and has no value. %s", written(t), useOfData(t))
	case "host", "user_class", "scenario", "metric", "probe", "guard":
		return "Reference in a wrong place", fmt.Sprintf("%s refers to a block and has no value, but %s needs a value.", written(t), p.what)
	}
	detail = fmt.Sprintf("There is nothing named %q here.%s", root, d.hint(root, p.roots()))
	switch {
	case len(t) == 1 && slices.Contains(d.names.known, root):
		return "Function without brackets", fmt.Sprintf("%s is a function: write %s(…) with its arguments in the brackets.", root, root)
	case len(t) == 1:
		detail += fmt.Sprintf(" Text goes in quotes: %q.", root)
	}
	return "Unknown name", detail
}

// checkRunTime looks at names that a user has.
func (d *decoder) checkRunTime(t hcl.Traversal, p spot, indexed bool) (summary, detail string) {
	switch {
	case p.answer && !p.run:
		return "Run-time name in a wrong place", fmt.Sprintf("%s belongs to a user, but %s is read beside the users: it is made of response.….", written(t), p.what)
	case !p.run:
		return "Run-time name in a static place", fmt.Sprintf("%s is known only while a user runs, but %s must be known before the run.", written(t), p.what)
	}
	switch t.RootName() {
	case "user":
		return d.checkMember(t, []string{"class", "id", "index"})
	case "vars":
		return d.checkCaptured(t, p, indexed)
	case "row":
		return d.checkRow(t, indexed)
	}
	return d.checkMember(t, nil) // iteration
}

// checkAnswer looks at response.….
func (d *decoder) checkAnswer(t hcl.Traversal, p spot) (summary, detail string) {
	switch {
	case p.run && !p.answer:
		return "No answer yet", fmt.Sprintf("%s is known only when an answer has come, but %s is needed before the request is sent.", written(t), p.what)
	case !p.answer:
		return "Run-time name in a static place", fmt.Sprintf("%s is known only when an answer has come, but %s must be known before the run.", written(t), p.what)
	}
	if summary, detail := headerCase(t); summary != "" {
		return summary, detail
	}
	members := []string{"body", "headers", "json", "status", "time"}
	if p.run {
		members = []string{"body", "cookies", "headers", "json", "status", "time"}
	}
	return d.checkMember(t, members)
}

// roots are the first parts of names that may stand in a spot.
func (p spot) roots() []string {
	var list []string
	if p.static {
		list = append(list, "local", "path", "var")
	}
	if p.run {
		list = append(list, "iteration", "row", "user", "vars")
	}
	if p.answer {
		list = append(list, "response")
	}
	return list
}

// checkStatic looks at var.x, local.x, each.key and path.root.
func (d *decoder) checkStatic(t hcl.Traversal, p spot) (summary, detail string) {
	root := t.RootName()
	if !p.static {
		return "Name in a wrong place", fmt.Sprintf("%s cannot be used in %s, which must be known before names have values.", written(t), p.what)
	}
	if root == "each" {
		if !d.scope.each {
			return "No for_each here", fmt.Sprintf("%s has a value only inside a block with for_each, and %s is not in one.", written(t), p.what)
		}
		return d.checkMember(t, []string{"key", "value"})
	}
	name, ok := member(t)
	switch {
	case !ok:
		return "Incomplete name", fmt.Sprintf("%q alone is not a value; say which: %s.NAME.", root, root)
	case root == "path":
		return d.checkMember(t, []string{"root"})
	case d.names.has(root, name):
		return "", ""
	case root == "var":
		return "Unknown variable", fmt.Sprintf("There is no variable %q.%s", name, d.hintOr(name, d.names.variables, fmt.Sprintf(` Declare it: variable %q { }.`, name)))
	default:
		return "Unknown local", fmt.Sprintf("There is no local value %q.%s", name, d.hintOr(name, d.names.locals, " Declare it in a locals block."))
	}
}

func (d *decoder) hintOr(name string, known []string, otherwise string) string {
	if h := d.hint(name, known); h != "" {
		return h
	}
	return otherwise
}

// checkMember looks at the second part of a name that has few; none: the name
// has one part only.
func (d *decoder) checkMember(t hcl.Traversal, members []string) (summary, detail string) {
	root := t.RootName()
	name, ok := member(t)
	switch {
	case len(members) == 0 && len(t) > 1:
		return "Unknown name", fmt.Sprintf("%s is a number: nothing follows it.", root)
	case len(members) == 0 || ok && slices.Contains(members, name):
		return "", ""
	case !ok:
		return "Incomplete name", fmt.Sprintf("%q alone is not a value; there are %s.%s.", root, root, strings.Join(members, ", "+root+"."))
	}
	return "Unknown name", fmt.Sprintf("There is no %s.%s; there are %s.%s.%s", root, name, root, strings.Join(members, ", "+root+"."), d.hint(name, members))
}

// headerCase refuses the name of a header that no answer can have: the names
// are given in lower case.
func headerCase(t hcl.Traversal) (summary, detail string) {
	if of, _ := member(t); of != "headers" {
		return "", ""
	}
	name, ok := member(t[1:])
	if lower := strings.ToLower(name); ok && name != lower {
		return "Header in upper case", fmt.Sprintf("response.headers has its names in lower case: write response.headers[%q].", lower)
	}
	return "", ""
}

// member is the second part of a name.
func member(t hcl.Traversal) (string, bool) {
	if len(t) < 2 {
		return "", false
	}
	switch step := t[1].(type) {
	case hcl.TraverseAttr:
		return step.Name, true
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String && step.Key.IsKnown() && !step.Key.IsNull() {
			return step.Key.AsString(), true
		}
	}
	return "", false
}

// written is a name as a person would write it: user.index.
func written(t hcl.Traversal) string {
	var b strings.Builder
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseRoot:
			b.WriteString(s.Name)
		case hcl.TraverseAttr:
			b.WriteString("." + s.Name)
		default:
			b.WriteString("[…]")
		}
	}
	return b.String()
}
