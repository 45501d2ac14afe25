package graph_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/graph"
	"bossplan/plan"
)

// TestInstancesAreNamed holds that run-time names reach blocks that for_each
// repeats, with a key that is written out or only known before the run.
func TestInstancesAreNamed(t *testing.T) {
	dir := t.TempDir()
	files := map[string]string{
		"r.csv": "name\nann\n",
		"s.csv": "name\nbob\n",
		"case.hcl": `
host "api" { base_url = "http://127.0.0.1:1" }
data "rows" {
  for_each = toset(["r", "s"])
  csv      = "./${each.key}.csv"
}
user_class "u" {
  host = host.api
  request "r" {
    for_each = toset(["r"])
    path     = "/${row.rows["s"].name}/${pick(data.rows[each.key]).name}"
    query    = { a = vars.v["one"], b = vars.v[upper("one") == "ONE" ? "one" : "two"] }
    capture "v" {
      for_each = toset(["one", "two"])
      value    = response.status
    }
  }
  request "k" { path = "/${row.rows[upper("r") == "R" ? "r" : "s"].name}" }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 1
    duration = "1s"
  }
}`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	p, diags := plan.Load(filepath.Join(dir, "case.hcl"), plan.Inputs{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	g, diags := graph.Compile(p, graph.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if diff := cmp.Diff([]int{1}, g.Requests[0].Rows); diff != "" {
		t.Errorf("rows of the first request (-want +got):\n%s", diff)
	}
	if len(g.Interpreted) > 0 {
		t.Errorf("left to HCL: %v", g.Interpreted)
	}
}
