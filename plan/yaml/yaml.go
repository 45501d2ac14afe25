// Package yaml reads plans that are spelled in YAML or JSON. What it gives is an
// [hcl.Body], so that one decoder, one evaluator and one compiler serve all
// spellings of the language:
//
//   - A block is a mapping and its label a nested key. Several blocks without
//     labels are a list, and null is an empty body. What is a block and what an
//     attribute is for the schema to say.
//   - A string is a template. Where a reference, a call or a type is wanted, it
//     is one without ${…} around it.
//   - Values become nodes of HCL's own syntax tree, with ranges that point into
//     the file, also inside ${…}.
//
// Read source.go (places), trace.go, scalar.go and block.go (where each part of
// a text is written), node.go, compose.go, plain.go and json.go (from text to
// nodes), native.go (from nodes to HCL's syntax tree), body.go and expression.go (what
// the decoder sees), and fault.go and hint.go (what is said about mistakes).
package yaml

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// MaxDepth is how deep values may be nested in each other.
const MaxDepth = 500

// A Check looks at an expression before it is parsed, and says what makes it
// too large or too deep for that. HCL's parser recurses, and Go cannot recover
// from a stack that is full.
type Check func(hclsyntax.Tokens) *hcl.Diagnostic

// Parse reads one YAML document of UTF-8 text. The file is never nil; where
// there are errors, its body has what could be read, so that the version a file
// asks for is found even in one that this program cannot read. Templates are
// parsed here, so their mistakes are found whatever the schema makes of them.
func Parse(src []byte, name string, check Check) (*hcl.File, hcl.Diagnostics) {
	c := newComposer(newSource(name, src, check))
	if fault := c.src.foreign(); fault != nil {
		return c.file(nil), hcl.Diagnostics{fault}
	}
	root, fault := c.read(src)
	if fault != nil {
		c.diags = nil
		root, _ = c.read(c.src.entriesBefore(fault.Subject.Start.Byte))
		return c.file(root), hcl.Diagnostics{fault}
	}
	return c.file(root), c.diags
}

// ParseJSON reads one JSON text, as [Parse] does.
func ParseJSON(src []byte, name string, check Check) (*hcl.File, hcl.Diagnostics) {
	c := newComposer(newSource(name, src, check))
	root := c.json()
	return c.file(root), c.diags
}

// file is the result: a mapping at the top, or nothing at all.
func (c *composer) file(root *node) *hcl.File {
	switch {
	case root == nil:
		root = &node{src: c.src}
	case root.kind != null && root.kind != object:
		c.fail(root.rng(), "Not a plan", "At the top of a file stands a mapping, such as scenario: { … }.")
		root = &node{src: c.src}
	}
	start := c.src.rng(0, 0)
	// Where editors find the schema of the file is no business of the plan.
	unseen := map[string]bool{"$schema": true}
	return &hcl.File{Body: &body{node: root, at: start, hidden: unseen}, Bytes: c.src.text, Nav: Nav{root}}
}
