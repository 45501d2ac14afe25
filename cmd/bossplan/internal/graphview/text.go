package graphview

import (
	"fmt"
	"io"
	"strings"

	"bossplan/plan/diag"
)

// text draws the graph for people: what happens before the start, the scenarios
// with what they wait for, what is beside them, and what is judged after.
func (g *graph) text(w io.Writer) error {
	var b strings.Builder
	for _, part := range []struct {
		title string
		kinds []string
	}{
		{"Before the start", []string{"guard", "data"}},
		{"Load", []string{"scenario"}},
		{"Beside it", []string{"probe"}},
		{"Judged after", []string{"threshold"}},
	} {
		g.part(&b, part.title, part.kinds)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (g *graph) part(b *strings.Builder, title string, kinds []string) {
	first := true
	for _, n := range g.nodes {
		for _, kind := range kinds {
			if n.kind != kind {
				continue
			}
			if first && b.Len() > 0 {
				b.WriteByte('\n')
			}
			if first {
				b.WriteString(title + "\n")
			}
			first = false
			g.writeNode(b, n)
		}
	}
}

func (g *graph) writeNode(b *strings.Builder, n node) {
	fmt.Fprintf(b, "  %s\n", diag.Clean(n.id))
	var lines []string
	if wanted := g.ends(n.id, "before", false); len(wanted) > 0 {
		lines = append(lines, "after "+strings.Join(wanted, " and "))
	}
	if n.kind == "guard" {
		if guarded := g.ends(n.id, "guards", true); len(guarded) > 0 {
			lines = append(lines, "protects what "+strings.Join(guarded, ", ")+" goes to")
		}
	}
	lines = append(lines, n.lines...)
	width := 0
	for _, s := range n.stages {
		width = max(width, len([]rune(s.name)))
	}
	for _, s := range n.stages {
		lines = append(lines, fmt.Sprintf("stage %-*s  %s", width, s.name, s.words))
	}
	for i, line := range lines {
		branch := "├─"
		if i == len(lines)-1 {
			branch = "└─"
		}
		fmt.Fprintf(b, "  %s %s\n", branch, diag.Clean(line))
	}
}

// ends are the other ends of a node's edges of a kind.
func (g *graph) ends(id, kind string, out bool) []string {
	var list []string
	for _, e := range g.edges {
		switch {
		case e.kind != kind:
		case out && e.from == id:
			list = append(list, e.to)
		case !out && e.to == id:
			list = append(list, e.from)
		}
	}
	return list
}
