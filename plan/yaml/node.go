package yaml

import (
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A kind is what a value is, whichever way it is written.
type kind int

const (
	null kind = iota
	boolean
	number
	text
	list
	object
)

// A node is one value of a file, and where it is written. Nodes are made by
// [Parse] and [ParseJSON] and never change afterwards.
type node struct {
	src      *source
	kind     kind
	from, to int    // in the source, with quotes or brackets
	value    string // of a bool, number or text
	trace    trace  // of the value
	plain    bool   // written without quotes

	pairs  []pair  // of an object
	items  []*node // of a list
	dashes []int   // where the items of a list begin, dash included
	size   int     // of all that is inside, what aliases stand for included

	template hclsyntax.Expression // of a text
	lower    sync.Once
	lowered  hclsyntax.Expression
}

// A pair is one key of an object and its value.
type pair struct{ key, value *node }

// rng is where the node is written.
func (n *node) rng() hcl.Range { return n.src.rng(n.from, n.to) }

// inner is where a key's text is written, without quotes.
func (n *node) inner() hcl.Range {
	if len(n.trace) == 0 {
		return n.rng()
	}
	return n.src.rng(n.trace.between(0, len(n.value)))
}

// within is where value[from:to] is written.
func (n *node) within(from, to int) hcl.Range {
	if len(n.trace) == 0 {
		return n.src.rng(n.from, n.from)
	}
	from, to = min(from, len(n.value)), min(to, len(n.value))
	return n.src.rng(n.trace.between(from, to))
}

// child is the value of a key, nil where there is none.
func (n *node) child(key string) *node {
	for _, p := range n.pairs {
		if p.key.value == key {
			return p.value
		}
	}
	return nil
}
