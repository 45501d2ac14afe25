package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// A node is one static value that others may be made from: a variable or a
// local. Nodes are evaluated after what they use, in one order for both,
// because a variable may be set by an import from the importer's values.
type node struct {
	address string
	at      hcl.Range
	uses    []string // addresses
	value   func(ctx *hcl.EvalContext) cty.Value
	state   state
}

type state int

const (
	untouched state = iota
	entered
	done
	broken // part of a circle: its value is never known
)

// A network is all static values by address.
type network struct {
	*decoder
	nodes  map[string]*node
	order  []string // of declaration, so that messages do not depend on chance
	values map[string]cty.Value
}

func (n *network) add(v *node) {
	n.nodes[v.address] = v
	n.order = append(n.order, v.address)
}

// uses are the addresses of the static values that an expression names.
func staticUses(expr hcl.Expression) []string {
	var list []string
	for _, t := range expr.Variables() {
		if name, ok := member(t); ok && (t.RootName() == "var" || t.RootName() == "local") {
			list = append(list, t.RootName()+"."+name)
		}
	}
	return list
}

// resolve evaluates everything. The walk keeps its own stack: a chain of a
// hundred thousand locals is a strange plan, not a reason to crash.
func (n *network) resolve() {
	for _, address := range n.order {
		if n.nodes[address].state == untouched {
			n.walk(address)
		}
	}
}

func (n *network) walk(start string) {
	type step struct {
		node *node
		next int // of its uses
	}
	first := n.nodes[start]
	first.state = entered
	path := []step{{node: first}}
	for len(path) > 0 {
		top := &path[len(path)-1]
		if top.next == len(top.node.uses) {
			n.finish(top.node)
			path = path[:len(path)-1]
			continue
		}
		used := n.nodes[top.node.uses[top.next]]
		top.next++
		switch {
		case used == nil: // an unknown name, reported where it is used
		case used.state == untouched:
			used.state = entered
			path = append(path, step{node: used})
		case used.state == entered:
			var circle []*node
			for i := len(path) - 1; ; i-- {
				circle = append(circle, path[i].node)
				if path[i].node == used {
					break
				}
			}
			slices.Reverse(circle)
			n.failCircle(circle)
		}
	}
}

// failCircle reports values that are made from each other, once, at the first
// that was declared.
func (n *network) failCircle(circle []*node) {
	chain := make([]string, 0, len(circle)+1)
	for _, c := range circle {
		if c.state == broken {
			return
		}
		chain = append(chain, c.address)
	}
	for _, c := range circle {
		c.state = broken
	}
	chain = append(chain, circle[0].address)
	n.fail(&circle[0].at, "Circular values", "These values are made from each other: %s. Write one of them out.", arrows(chain))
}

// arrows shows how one name leads to the next; where there are many, the first
// ones and the last.
func arrows(chain []string) string {
	const shown = 10
	if len(chain) > shown {
		chain = append(append(chain[:shown-2:shown-2], fmt.Sprintf("… (%d more)", len(chain)-shown+1)), chain[len(chain)-1])
	}
	return strings.Join(chain, " → ")
}

// finish evaluates a node with just the names that it uses in scope.
func (n *network) finish(v *node) {
	if v.state == broken {
		n.values[v.address] = cty.DynamicVal
		return
	}
	v.state = done
	n.values[v.address] = v.value(n.context(v.uses))
}

// context holds the values at some addresses; what is not known, or does not
// exist, is unknown.
func (n *network) context(addresses []string) *hcl.EvalContext {
	roots := map[string]map[string]cty.Value{"var": {}, "local": {}}
	for _, address := range addresses {
		root, name, _ := strings.Cut(address, ".")
		v, ok := n.values[address]
		if !ok {
			v = cty.DynamicVal
		}
		roots[root][name] = v
	}
	return &hcl.EvalContext{
		Functions: n.names.functions,
		Variables: map[string]cty.Value{
			"var":   cty.ObjectVal(roots["var"]),
			"local": cty.ObjectVal(roots["local"]),
			"path":  n.paths(),
		},
	}
}

// paths is what "path" means.
func (d *decoder) paths() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"root": cty.StringVal(d.root)})
}

// newScope makes the scopes of the plan from the values that were found.
func (n *network) newScope(env func(string) (string, bool)) scope {
	s := scope{static: n.context(n.order), setting: settingContext(n.names.functions, env)}
	return s.over(n.names.drawing, map[string]cty.Value{
		"iteration": cty.UnknownVal(cty.Number).RefineNotNull(),
		"user": cty.ObjectVal(map[string]cty.Value{
			"id":    cty.UnknownVal(cty.String).RefineNotNull(),
			"index": cty.UnknownVal(cty.Number).RefineNotNull(),
			"class": cty.UnknownVal(cty.String).RefineNotNull(),
		}),
		"vars": cty.DynamicVal, // what is in it is checked by name
		"row":  cty.EmptyObjectVal,
		"data": cty.EmptyObjectVal,
	})
}

// over is a scope with the names that users have above its static ones, and
// those that answers have. Their values stand for any of their type.
func (s scope) over(drawing map[string]function.Function, run map[string]cty.Value) scope {
	response := map[string]cty.Value{
		"status":  cty.UnknownVal(cty.Number).RefineNotNull(),
		"headers": cty.UnknownVal(cty.Map(cty.String)).RefineNotNull(),
		"body":    cty.UnknownVal(cty.String).RefineNotNull(),
		"json":    cty.DynamicVal,
		"time":    cty.UnknownVal(cty.Number).RefineNotNull(),
	}
	s.run, s.answer, s.both = s.static.NewChild(), s.static.NewChild(), s.static.NewChild()
	s.run.Functions, s.run.Variables = drawing, run
	s.answer.Variables = map[string]cty.Value{"response": cty.ObjectVal(response)}
	response = maps.Clone(response)
	response["cookies"] = cty.UnknownVal(cty.Map(cty.String)).RefineNotNull()
	s.both.Functions, s.both.Variables = drawing, maps.Clone(run)
	s.both.Variables["response"] = cty.ObjectVal(response)
	return s
}

// within is the scope inside an element of a for_each.
func (s scope) within(e element) scope {
	inner := scope{static: s.static.NewChild(), setting: s.setting, each: true}
	inner.static.Variables = map[string]cty.Value{
		"each": cty.ObjectVal(map[string]cty.Value{"key": cty.StringVal(e.key), "value": e.value}),
	}
	return inner.over(s.run.Functions, s.run.Variables)
}
