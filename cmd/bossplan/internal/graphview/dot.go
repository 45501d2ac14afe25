package graphview

import (
	"fmt"
	"io"
	"strings"

	"bossplan/plan/diag"
)

// dot draws the graph in the language of Graphviz. Nodes have numbers for
// names, so that only labels hold what the plan says.
func (g *graph) dot(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph plan {\n  label=%s\n  rankdir=LR\n  node [fontname=\"sans-serif\"]\n", dotQuote(g.plan.Name))
	number := map[string]int{}
	for i, n := range g.nodes {
		number[n.id] = i
		fmt.Fprintf(&b, "  n%d [shape=%s, label=%s]\n", i, dotShape(n.kind), dotLabel(n))
	}
	for _, e := range g.edges {
		fmt.Fprintf(&b, "  n%d -> n%d [%s]\n", number[e.from], number[e.to], dotStyle(e.kind))
	}
	b.WriteString("}\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func dotShape(kind string) string {
	switch kind {
	case "guard":
		return "octagon"
	case "data":
		return "cylinder"
	case "probe":
		return "ellipse"
	case "threshold":
		return "note"
	}
	return "box"
}

func dotStyle(kind string) string {
	switch kind {
	case "guards":
		return "style=bold"
	case "beside":
		return "style=dotted, dir=none"
	case "judges":
		return "style=dashed"
	}
	return "style=solid"
}

// dotLabel is a node's text with its lines to the left.
func dotLabel(n node) string {
	var b strings.Builder
	for _, line := range n.shown() {
		b.WriteString(dotEscape(line) + `\l`)
	}
	return `"` + b.String() + `"`
}

func dotQuote(s string) string { return `"` + dotEscape(s) + `"` }

// dotEscape writes a text so that it stands for itself inside the quotes of a
// label: there a backslash begins an escape, and an ampersand an entity.
func dotEscape(s string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;").Replace(diag.Clean(s))
}

// shown are the lines of a node in a drawing.
func (n node) shown() []string {
	lines := append([]string{n.id}, n.lines...)
	for _, s := range n.stages {
		lines = append(lines, "stage "+s.name+": "+s.words)
	}
	return lines
}
