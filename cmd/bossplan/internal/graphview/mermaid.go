package graphview

import (
	"fmt"
	"io"
	"strings"

	"bossplan/plan/diag"
)

// mermaid draws the graph in the language of Mermaid, which forges show in
// Markdown. Nodes have numbers for names, so that only labels hold what the plan
// says.
func (g *graph) mermaid(w io.Writer) error {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	number := map[string]int{}
	for i, n := range g.nodes {
		number[n.id] = i
		open, shut := mermaidShape(n.kind)
		var lines []string
		for _, line := range n.shown() {
			lines = append(lines, mermaidEscape(line))
		}
		fmt.Fprintf(&b, "  n%d%s\"%s\"%s\n", i, open, strings.Join(lines, "<br/>"), shut)
	}
	for _, e := range g.edges {
		fmt.Fprintf(&b, "  n%d %s n%d\n", number[e.from], mermaidArrow(e.kind), number[e.to])
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func mermaidShape(kind string) (open, shut string) {
	switch kind {
	case "guard":
		return "{{", "}}"
	case "data":
		return "[(", ")]"
	case "probe":
		return "([", "])"
	case "threshold":
		return ">", "]"
	}
	return "[", "]"
}

func mermaidArrow(kind string) string {
	switch kind {
	case "guards":
		return "==>"
	case "beside":
		return "-.-"
	case "judges":
		return "-.->"
	}
	return "-->"
}

// mermaidEscape writes a text so that it stands for itself inside the quotes of
// a label: what could end it, or begin an entity, HTML, Markdown, a formula or a
// directive (%%{ anywhere), becomes the number of its character.
func mermaidEscape(s string) string {
	var b strings.Builder
	for _, r := range diag.Clean(s) {
		if strings.ContainsRune("\"#&<>`*\\;${", r) {
			fmt.Fprintf(&b, "#%d;", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
