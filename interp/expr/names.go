package expr

import (
	"net/textproto"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan"
)

// Names are the run-time names that differ from plan to plan. The zero value
// knows none.
type Names struct {
	Vars []string     // captures of a user class, sorted: vars.NAME is Frame.Vars[i]
	Data []*plan.Data // of the plan: row.NAME is a row of Frame.Data[i], pick(data.NAME) draws one
}

func (n *Names) variable(name string) int {
	if i, ok := slices.BinarySearch(n.Vars, name); ok {
		return i
	}
	return -1
}

func (n *Names) data(name string) int {
	return slices.IndexFunc(n.Data, func(d *plan.Data) bool { return d.Name == name })
}

// instance is the name that the second step of a name gives and what follows it:
// where for_each repeats the block, its key is part of the name, as in
// vars.token["eu"].
func instance(t hcl.Traversal, find func(name string) int) (at int, rest hcl.Traversal) {
	label, rest := stepName(t[1]), t[2:]
	if at = find(label); at < 0 && len(rest) > 0 {
		if key := stepName(rest[0]); key != "" {
			return find(plan.Instance(label, key)), rest[1:]
		}
	}
	return at, rest
}

// keyed is a name with a key that is known before the run, COLLECTION[each.key],
// as one name; nil where it is none, or names no block that is repeated.
func (c *compiler) keyed(e hclsyntax.Expression) *hclsyntax.ScopeTraversalExpr {
	index, ok := e.(*hclsyntax.IndexExpr)
	if !ok || c.dynamic[index.Key] {
		return nil
	}
	name, ok := index.Collection.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(name.Traversal) != 2 {
		return nil
	}
	key, diags := c.known(index.Key)
	if key, _ = key.Unmark(); diags.HasErrors() || key.IsNull() || key.Type() != cty.String {
		return nil
	}
	find := c.names.data
	if name.Traversal.RootName() == "vars" {
		find = c.names.variable
	}
	if find(plan.Instance(stepName(name.Traversal[1]), key.AsString())) < 0 {
		return nil
	}
	t := append(slices.Clone(name.Traversal), hcl.TraverseIndex{Key: key, SrcRange: index.Range()})
	return &hclsyntax.ScopeTraversalExpr{Traversal: t, SrcRange: index.Range()}
}

// isRunTime reports whether a name is known only while a user runs.
func isRunTime(root string) bool {
	switch root {
	case "user", "iteration", "vars", "row", "data", "response":
		return true
	}
	return false
}

// stepName is the attribute a step names, as .name or ["name"].
func stepName(step hcl.Traverser) string {
	switch step := step.(type) {
	case hcl.TraverseAttr:
		return step.Name
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String && !step.Key.IsNull() {
			return step.Key.AsString()
		}
	}
	return ""
}

// name compiles a run-time name.
func (c *compiler) name(e *hclsyntax.ScopeTraversalExpr) term {
	t := e.Traversal
	root := t.RootName()
	switch {
	case root == "iteration":
		return c.follow(e, slotTerm(slotIteration), t[1:])
	case root == "data":
		return c.failing(e, "data.NAME is a table, not a value; pick(data.NAME) draws a row of it")
	case len(t) == 1:
		return c.wholeName(e, root)
	}
	member := stepName(t[1])
	switch root {
	case "user":
		return c.userName(e, member, t[2:])
	case "vars":
		return c.variable(e)
	case "row":
		return c.row(e)
	}
	return c.response(e, member, t[2:])
}

func (c *compiler) userName(e hclsyntax.Expression, member string, rest hcl.Traversal) term {
	switch member {
	case "id":
		return c.follow(e, slotTerm(slotUserID), rest)
	case "index":
		return c.follow(e, slotTerm(slotUserIndex), rest)
	case "class":
		return c.follow(e, slotTerm(slotUserClass), rest)
	}
	return c.failing(e, "there is no such run-time name; known are user.id, user.index, user.class and iteration")
}

func slotTerm(s slot) term { return term{code: s, kind: s.kind(), safe: s.kind() == kindNumber} }

func (c *compiler) variable(e *hclsyntax.ScopeTraversalExpr) term {
	i, rest := instance(e.Traversal, c.names.variable)
	if i < 0 {
		return c.failing(e, "there is no such capture of this user class")
	}
	return c.follow(e, term{code: variable(i), kind: kindAny, nullable: true, wild: true}, rest)
}

// row compiles row.DATA and row.DATA.COLUMN.
func (c *compiler) row(e *hclsyntax.ScopeTraversalExpr) term {
	i, rest := instance(e.Traversal, c.names.data)
	if i < 0 {
		return c.failing(e, "there is no such data")
	}
	if len(rest) > 0 {
		if column := stepName(rest[0]); column != "" {
			code := &cell{data: i, column: column, rng: e.Range()}
			if table := c.names.Data[i].Table; table != nil {
				code.hint = max(0, slices.Index(table.Columns, column))
			}
			return c.follow(e, wildTerm(code, false), rest[1:])
		}
	}
	return c.follow(e, wildTerm(&row{data: i, rng: e.Range()}, false), rest)
}

// wildTerm is a term of which nothing is known, nor of its failure.
func wildTerm(code code, draws bool) term {
	return term{code: code, kind: kindAny, nullable: true, fails: true, untyped: true, wild: true, draws: draws}
}

// response compiles response.….
func (c *compiler) response(e hclsyntax.Expression, member string, rest hcl.Traversal) term {
	switch member {
	case "status":
		return c.follow(e, c.answerTerm(e, partStatus, kindNumber), rest)
	case "time":
		return c.follow(e, c.answerTerm(e, partTime, kindNumber), rest)
	case "body":
		return c.follow(e, c.answerTerm(e, partBody, kindString), rest)
	case "json":
		return c.document(e, rest)
	case "headers", "cookies":
		if len(rest) == 0 {
			return c.wholeName(e, member)
		}
		return c.follow(e, c.field(e, member, rest[0]), rest[1:])
	}
	return c.failing(e, "there is no such part of an answer; known are response.status, .headers, .cookies, .body, .json and .time")
}

// answerTerm is a part that every answer has. Before there is one it fails.
func (c *compiler) answerTerm(e hclsyntax.Expression, p answerPart, k kind) term {
	return term{code: &answerCode{part: p, rng: e.Range()}, kind: k, fails: true, untyped: true, safe: k == kindNumber}
}

// field compiles response.headers.NAME and response.cookies.NAME.
func (c *compiler) field(e hclsyntax.Expression, member string, step hcl.Traverser) term {
	name := stepName(step)
	f := &field{name: name, cookie: member == "cookies", rng: e.Range()}
	if !f.cookie {
		f.name = textproto.CanonicalMIMEHeaderKey(name)
	}
	if name == "" || !f.cookie && name != strings.ToLower(name) {
		return c.failing(e, "response."+member+" is read by a name, of headers in lower case: response.headers[\"content-type\"]")
	}
	return term{code: f, kind: kindString, fails: true, untyped: true}
}
