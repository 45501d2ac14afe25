package yaml

import (
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// A Nav answers questions about places in a file. It is what hcl.File.Nav holds
// of a file of ours.
type Nav struct{ root *node }

// ContextString names the entry at the top that an offset lies in, and the one
// in that if it has keys of its own: "scenario.main".
func (n Nav) ContextString(offset int) string {
	outer := n.root.around(offset)
	if outer.key == nil {
		return ""
	}
	inner := outer.value.around(offset)
	if inner.key == nil || inner.value.kind != object {
		return outer.key.value
	}
	return outer.key.value + "." + inner.key.value
}

// ContextDefRange is where the entry of the top mapping around an offset begins.
func (n Nav) ContextDefRange(offset int) hcl.Range {
	for _, p := range n.root.pairs {
		if p.key.from <= offset && offset <= p.value.end(p.key.from) {
			return p.key.inner()
		}
	}
	return hcl.Range{}
}

// Hint says what YAML made of the value at an offset, where that is easily not
// what was meant; mostly it is empty. It is for values that turned out wrong.
func (n Nav) Hint(offset int) string {
	at := n.at(offset)
	if at == n.root || at.from > offset {
		return ""
	}
	first := ""
	if at.from < len(at.src.text) {
		first = string(at.src.text[at.from])
	}
	switch lower := strings.ToLower(at.value); {
	case at.kind == null && at.from == at.to && first != "*": // not an alias that was refused
		return " Nothing is written here, which YAML reads as null."
	case at.kind == text && !at.plain && (first == ">" || first == "|"):
		return " A value that begins with > or | is a text on the lines below it. Put it in quotes if that is not meant."
	case at.kind == text && at.plain && (lower == "yes" || lower == "no" || lower == "on" || lower == "off"):
		return " YAML 1.2 reads " + at.value + " as a text; write true or false."
	case at.kind == text && at.plain && strings.Count(at.value, "{") != strings.Count(at.value, "}"):
		return quoteHint
	case at.kind == text && !strings.Contains(at.value, "${") && named.MatchString(at.value):
		return " In YAML an expression is written ${" + shortened(at.value) + "}."
	}
	return ""
}

// named finds a name of the language in a text.
var named = regexp.MustCompile(`(^|[^\w.])((var|local|each|path|user|vars|row|response)\.\w|iteration\b)`)

func shortened(value string) string {
	if len(value) > 40 || strings.Contains(value, "\n") {
		return "…"
	}
	return value
}

// at is the innermost value at an offset.
func (n Nav) at(offset int) *node {
	found := n.root
	for {
		next := found.around(offset)
		if next.value == nil {
			return found
		}
		found = next.value
	}
}

// around is the entry of a mapping or list at an offset.
func (n *node) around(offset int) pair {
	for _, p := range n.pairs {
		if p.key.from <= offset && offset <= p.value.end(p.key.from) {
			return p
		}
	}
	for _, item := range n.items {
		if item.from <= offset && offset <= item.to {
			return pair{value: item}
		}
	}
	return pair{}
}
