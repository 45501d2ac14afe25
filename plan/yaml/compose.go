package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"go.yaml.in/yaml/v4"
)

// maxAliased is how many values all aliases of a file may stand for. A few
// lines of aliases of aliases stand for billions.
const maxAliased = 1 << 17

// A composer makes nodes of what a reader finds.
type composer struct {
	src   *source
	diags hcl.Diagnostics

	nodes   map[*yaml.Node]*node // nil: not finished, so an alias of it is one of itself
	aliased int
}

func newComposer(src *source) *composer {
	return &composer{src: src, nodes: map[*yaml.Node]*node{}}
}

// maxFaults is how many mistakes of one file are told.
const maxFaults = 1000

func (c *composer) fail(at hcl.Range, summary, detail string, args ...any) {
	if len(c.diags) >= maxFaults {
		return
	}
	c.diags = append(c.diags, problem(at, summary, detail, args...))
}

func problem(at hcl.Range, summary, detail string, args ...any) *hcl.Diagnostic {
	return &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(detail, args...), Subject: &at}
}

// limits stops the YAML reader, which recurses, before its stack is full.
type limits struct{}

// CheckDepth implements yaml.LoaderLimitsPlugin.
func (limits) CheckDepth(depth int, _ *yaml.DepthContext) error {
	if depth > MaxDepth {
		return errTooDeep
	}
	return nil
}

// CheckAlias implements yaml.LoaderLimitsPlugin. Aliases are not expanded by
// the reader but here.
func (limits) CheckAlias(int, int) error { return nil }

var errTooDeep = errors.New("nested too deeply")

// read composes the one document of a text; nil: there is none.
func (c *composer) read(text []byte) (root *node, fault *hcl.Diagnostic) {
	document, next, err := load(text)
	switch {
	case err != nil:
		return nil, c.src.syntaxError(err)
	case document == nil || len(document.Content) == 0:
		return nil, nil
	case next != nil:
		at := c.src.offset(next.Line, next.Column)
		return nil, problem(c.src.rng(at, at), "Second document", "A plan is one YAML document, but another begins here. Give it a file of its own.")
	}
	return c.node(document.Content[0]), nil
}

// load runs the YAML reader. It looks for a second document, which nothing
// would read. A reader that panics is one that could not make sense of the
// text, and its caller has nothing better to do than to say so.
func load(text []byte) (document, next *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			document, next, err = nil, nil, fmt.Errorf("the YAML reader gave up: %v", p)
		}
	}()
	loader, err := yaml.NewLoader(bytes.NewReader(text), yaml.WithPlugin(limits{}))
	if err != nil {
		return nil, nil, err
	}
	for _, n := range []**yaml.Node{&document, &next} {
		var found yaml.Node
		switch err := loader.Load(&found); {
		case err == io.EOF:
			return document, next, nil
		case err != nil:
			return nil, nil, err
		}
		*n = &found
	}
	return document, next, nil
}

// node makes a node of the reader's.
func (c *composer) node(y *yaml.Node) *node {
	if y.Kind == yaml.AliasNode {
		return c.alias(y)
	}
	c.nodes[y] = nil
	at := c.src.offset(y.Line, y.Column)
	n := &node{src: c.src, from: at, to: at, size: 1}
	c.skipProperties(n, y)
	switch y.Kind {
	case yaml.MappingNode:
		c.mapping(n, y)
	case yaml.SequenceNode:
		c.sequence(n, y)
	default:
		c.scalar(n, y)
	}
	c.checkTag(n, y)
	c.nodes[y] = n
	return n
}

// alias is the node that an alias stands for: what is wrong with it is to be
// mended there.
func (c *composer) alias(y *yaml.Node) *node {
	at := c.src.offset(y.Line, y.Column)
	rng := c.src.rng(at, at+1+len(y.Value))
	empty := &node{src: c.src, from: at, to: at, size: 1}
	n := c.nodes[y.Alias]
	switch {
	case n == nil:
		c.fail(rng, "Alias of itself", "*%s stands inside of what it stands for, so it would never end. Write the value out.", y.Value)
		return empty
	case c.aliased > maxAliased:
		return empty
	}
	if c.aliased += n.size; c.aliased > maxAliased {
		c.fail(rng, "Too many aliases", "The aliases of this file stand for more than %d values. Write out less, or use locals.", maxAliased)
		return empty
	}
	return n
}

// skipProperties moves a node's start behind its anchor and tag.
func (c *composer) skipProperties(n *node, y *yaml.Node) {
	left := 0
	if y.Anchor != "" {
		left++
	}
	if y.Style&yaml.TaggedStyle != 0 || y.Tag == "!" {
		left++
	}
	at := n.from
	for ; left > 0 && at < len(c.src.text) && (c.src.text[at] == '&' || c.src.text[at] == '!'); left-- {
		for at < len(c.src.text) && !strings.ContainsRune(" \t\r\n,[]{}", rune(c.src.text[at])) {
			at++
		}
		n.from, n.to = at, at
		at = c.src.skipSpace(at)
	}
	if y.Kind != yaml.ScalarNode || y.Value != "" || y.Style&^yaml.TaggedStyle != 0 {
		n.from, n.to = at, at
	}
}

// skipSpace is the offset after white space, line breaks and comments.
func (s *source) skipSpace(at int) int {
	for at < len(s.text) {
		switch c := s.text[at]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
			at++
		case c == '#' && (at == 0 || strings.IndexByte(" \t\r\n", s.text[at-1]) >= 0):
			n := bytes.IndexByte(s.text[at:], '\n')
			if n < 0 {
				return len(s.text)
			}
			at += n
		default:
			return at
		}
	}
	return at
}

// mapping reads the keys and values of an object.
func (c *composer) mapping(n *node, y *yaml.Node) {
	n.kind = object
	n.pairs = make([]pair, 0, len(y.Content)/2)
	first := map[string]*node{}
	for i := 0; i+1 < len(y.Content); i += 2 {
		key := c.key(y.Content[i])
		value := c.node(y.Content[i+1])
		n.size += 1 + value.size
		n.to = max(n.to, c.end(y.Content[i], key), c.end(y.Content[i+1], value))
		if key.kind == text && c.once(first, key) {
			n.pairs = append(n.pairs, pair{key, value})
		}
	}
	c.closeFlow(n, y, '{', '}')
}

// end is where a value ends in its parent, which for an alias is not where that
// what it stands for ends.
func (c *composer) end(y *yaml.Node, n *node) int {
	if y.Kind == yaml.AliasNode {
		return c.src.offset(y.Line, y.Column) + 1 + len(y.Value)
	}
	return n.to
}

// once enters a key; it is false where the key is already there.
func (c *composer) once(first map[string]*node, key *node) bool {
	if before := first[key.value]; before != nil {
		c.fail(key.inner(), "Key given twice", "%q is already a key here, at line %d. Keep one of the two, or put what is below both under one.", key.value, before.rng().Start.Line)
		return false
	}
	first[key.value] = key
	return true
}

// key reads a key, which must be a text.
func (c *composer) key(y *yaml.Node) *node {
	n := c.node(y)
	switch {
	case n.kind == text && n.plain && n.value == "<<":
		c.fail(n.rng(), "Merge key", "<< is not read: what a block says would depend on another place. Write the values out, or give them names in locals.")
		n = &node{src: c.src, from: n.from, to: n.to}
	case n.kind == list || n.kind == object:
		c.fail(n.rng(), "Key that is no text", "A key must be a text, not a list or a mapping. If this is meant to be a value, put it in quotes.")
	case n.kind == null && n.from == n.to:
		c.fail(n.rng(), "Missing key", "There is no key before the colon.")
	case n.kind != text:
		c.fail(n.rng(), "Key that is no text", "YAML reads this key as a %s. Put it in quotes: %q.", n.kind, n.value)
	}
	return n
}

// String is a kind in prose.
func (k kind) String() string {
	return [...]string{"null", "bool", "number", "text", "list", "mapping"}[k]
}

// sequence reads the items of a list.
func (c *composer) sequence(n *node, y *yaml.Node) {
	n.kind = list
	n.items = make([]*node, 0, len(y.Content))
	block := y.Style&yaml.FlowStyle == 0
	for _, item := range y.Content {
		value := c.node(item)
		at := c.src.offset(item.Line, item.Column)
		if block {
			at = c.src.dash(at, n.to, n.from)
		}
		n.size += value.size
		n.to = max(n.to, c.end(item, value))
		n.items, n.dashes = append(n.items, value), append(n.dashes, at)
	}
	c.closeFlow(n, y, '[', ']')
}

// dash finds the dash before an item of a list, whose dashes all stand in one
// column; it is after what comes before, and else taken to be the item itself.
func (s *source) dash(item, after, first int) int {
	indent := first - s.lines[s.lineOf(first)]
	for n := s.lineOf(item); n >= s.lineOf(after); n-- {
		at := s.lines[n] + indent
		if at <= item && at < s.lines[n]+len(s.line(n)) && s.text[at] == '-' && len(bytes.Trim(s.text[s.lines[n]:at], " -?:")) == 0 {
			return at
		}
	}
	return item
}

// closeFlow finds the end of what is written in brackets.
func (c *composer) closeFlow(n *node, y *yaml.Node, open, close byte) {
	text := c.src.text
	if y.Style&yaml.FlowStyle == 0 || n.from >= len(text) || text[n.from] != open {
		return
	}
	at := c.src.skipSpace(max(n.to, n.from+1))
	for at < len(text) && strings.IndexByte(",:?", text[at]) >= 0 {
		at = c.src.skipSpace(at + 1)
	}
	if at < len(text) && text[at] == close {
		n.to = at + 1
	}
}
