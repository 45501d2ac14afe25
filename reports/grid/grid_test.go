package grid

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func render(g Grid, limit int) string {
	var b strings.Builder
	g.Render(&b, limit, nil)
	return b.String()
}

func TestRender(t *testing.T) {
	g := Grid{Columns: []Column{{Title: "Name"}, {Title: "Count", Figure: true}, {Title: "Address", KeepEnd: true}}}
	g.Add("list_tasks", "7", "user_class.member.request.list_tasks")
	g.Add("a", "1,234", "host.api")
	want := `  Name        Count  Address
  list_tasks      7  user_class.member.request.list_tasks
  a           1,234  host.api
`
	if diff := cmp.Diff(want, render(g, 0)); diff != "" {
		t.Errorf("as wide as it is (-want +got):\n%s", diff)
	}
	// Texts give way, figures do not, and an address keeps its end.
	want = `  Name       Count Address
  list_tasks     7 ….request.list_tasks
  a          1,234 host.api
`
	if diff := cmp.Diff(want, render(g, 39)); diff != "" {
		t.Errorf("in 39 columns (-want +got):\n%s", diff)
	}
	if g.Len() != 2 {
		t.Errorf("%d rows", g.Len())
	}
}

// TestWideRunes: columns line up by what a terminal shows, not by bytes or runes.
func TestWideRunes(t *testing.T) {
	g := Grid{Columns: []Column{{Title: "Name"}, {Title: "N", Figure: true}}}
	g.Add("任务", "1")
	g.Add("é", "2")
	for _, line := range strings.Split(strings.TrimSpace(render(g, 0)), "\n")[1:] {
		if w := width(strings.TrimSpace(line)); w != len("Name  N") {
			t.Errorf("%q is %d columns wide", line, w)
		}
	}
}
