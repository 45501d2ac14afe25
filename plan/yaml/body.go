package yaml

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
)

// A body is a mapping, or nothing, as the decoder sees it.
type body struct {
	node   *node
	at     hcl.Range       // of the key that introduces it
	hidden map[string]bool // keys that were decoded before
}

// Content implements hcl.Body.
func (b *body) Content(schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Diagnostics) {
	content, rest, diags := b.PartialContent(schema)
	for _, p := range rest.(*body).visible() {
		diags = append(diags, unsupported(p, schema))
	}
	return content, diags
}

// unsupported says that a key is not in the schema. What has keys of its own is
// taken for a block where there can be blocks.
func unsupported(p pair, schema *hcl.BodySchema) *hcl.Diagnostic {
	if p.value.kind == object && len(schema.Blocks) > 0 {
		return problem(p.key.inner(), "Unsupported block type", "Blocks of type %q are not expected here.", p.key.value)
	}
	return problem(p.key.inner(), "Unsupported argument", "An argument named %q is not expected here.", p.key.value)
}

// PartialContent implements hcl.Body.
func (b *body) PartialContent(schema *hcl.BodySchema) (*hcl.BodyContent, hcl.Body, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	content := &hcl.BodyContent{Attributes: hcl.Attributes{}, MissingItemRange: b.at}
	rest := &body{node: b.node, at: b.at, hidden: map[string]bool{}}
	for name := range b.hidden {
		rest.hidden[name] = true
	}
	attributes, blocks := map[string]bool{}, map[string]hcl.BlockHeaderSchema{}
	for _, a := range schema.Attributes {
		attributes[a.Name] = true
	}
	for _, h := range schema.Blocks {
		blocks[h.Type] = h
	}
	for _, p := range b.visible() {
		header, isBlock := blocks[p.key.value]
		switch {
		case attributes[p.key.value]:
			content.Attributes[p.key.value] = p.attribute()
		case isBlock:
			found, problems := p.blocks(header)
			content.Blocks = append(content.Blocks, found...)
			diags = append(diags, problems...)
		default:
			continue
		}
		rest.hidden[p.key.value] = true
	}
	for _, a := range schema.Attributes {
		if a.Required && content.Attributes[a.Name] == nil {
			diags = append(diags, problem(b.at, "Missing required argument", "The argument %q is required.", a.Name))
		}
	}
	return content, rest, diags
}

// JustAttributes implements hcl.Body.
func (b *body) JustAttributes() (hcl.Attributes, hcl.Diagnostics) {
	attributes := hcl.Attributes{}
	for _, p := range b.visible() {
		attributes[p.key.value] = p.attribute()
	}
	return attributes, nil
}

// MissingItemRange implements hcl.Body.
func (b *body) MissingItemRange() hcl.Range { return b.at }

// visible are the keys that were not decoded before.
func (b *body) visible() []pair {
	var list []pair
	for _, p := range b.node.pairs {
		if !b.hidden[p.key.value] {
			list = append(list, p)
		}
	}
	return list
}

// rng is where the key and its value are written; of an alias, the key alone.
func (p pair) rng() hcl.Range {
	return p.key.src.rng(p.key.from, max(p.key.to, p.value.end(p.key.from)))
}

// end is where a node ends if it is written after an offset, as one that an
// alias stands for is not.
func (n *node) end(from int) int {
	if n.from < from {
		return from
	}
	return n.to
}

func (p pair) attribute() *hcl.Attribute {
	return &hcl.Attribute{Name: p.key.value, Expr: &expression{p.value}, Range: p.rng(), NameRange: p.key.inner()}
}

// blocks are the blocks of one type.
func (p pair) blocks(header hcl.BlockHeaderSchema) (hcl.Blocks, hcl.Diagnostics) {
	if len(header.LabelNames) > 0 {
		return p.labelled(header)
	}
	name := p.key.inner()
	switch {
	case p.value.isBody():
		return hcl.Blocks{p.block(header.Type, p.value, name)}, nil
	case p.value.kind == list:
		return p.listed(header)
	}
	return nil, hcl.Diagnostics{problem(name, "Value where a block is wanted",
		"%s is a block: write a mapping, such as %s: { … }.", header.Type, header.Type)}
}

// block is one block of the type that the key names.
func (p pair) block(name string, value *node, head hcl.Range) *hcl.Block {
	return &hcl.Block{Type: name, Body: &body{node: value, at: head}, DefRange: head, TypeRange: p.key.inner()}
}

// listed are several blocks without labels.
func (p pair) listed(header hcl.BlockHeaderSchema) (blocks hcl.Blocks, diags hcl.Diagnostics) {
	for i, item := range p.value.items {
		head := p.value.head(i)
		if !item.isBody() {
			diags = append(diags, problem(head, "Value where a block is wanted",
				"%s is a block: each item of the list must be a mapping.", header.Type))
			continue
		}
		blocks = append(blocks, p.block(header.Type, item, head))
	}
	return blocks, diags
}

// head is where the item of a list begins.
func (n *node) head(i int) hcl.Range {
	return n.src.rng(n.dashes[i], min(n.dashes[i]+1, len(n.src.text)))
}

// isBody reports whether a value can be what is in a block.
func (n *node) isBody() bool { return n.kind == object || n.kind == null }

// labelled are the blocks under a type, each with its label as a key. Several
// of one label are a list.
func (p pair) labelled(header hcl.BlockHeaderSchema) (blocks hcl.Blocks, diags hcl.Diagnostics) {
	missing := func(at hcl.Range) hcl.Diagnostics {
		name := header.LabelNames[0]
		return hcl.Diagnostics{problem(at, fmt.Sprintf("Missing %s for %s", name, header.Type),
			"All %s blocks must have a label (%s).", header.Type, name)}
	}
	if !p.value.isBody() {
		return nil, missing(p.key.inner())
	}
	for _, labelled := range p.value.pairs {
		bodies, heads := labelled.bodies()
		if bodies == nil {
			return nil, missing(labelled.key.inner())
		}
		for i, value := range bodies {
			block := p.block(header.Type, value, heads[i])
			block.Labels, block.LabelRanges = []string{labelled.key.value}, []hcl.Range{labelled.key.inner()}
			blocks = append(blocks, block)
		}
	}
	return blocks, nil
}

// bodies are what stands under a label, and where each begins; nil where it is
// nothing that a block can be.
func (p pair) bodies() (bodies []*node, heads []hcl.Range) {
	if p.value.isBody() {
		return []*node{p.value}, []hcl.Range{p.key.inner()}
	}
	if p.value.kind != list {
		return nil, nil
	}
	for i, item := range p.value.items {
		if !item.isBody() {
			return nil, nil
		}
		bodies, heads = append(bodies, item), append(heads, p.value.head(i))
	}
	return bodies, heads
}
