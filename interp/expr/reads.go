package expr

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan"
)

// reads is what an expression reads of a frame, so that no more than that need
// be kept.
type reads struct {
	body, header bool
	rows         []int
}

// ReadsBody reports whether response.body or response.json is read.
func (r *reads) ReadsBody() bool { return r.body }

// ReadsHeader reports whether response.headers or response.cookies is read.
func (r *reads) ReadsHeader() bool { return r.header }

// Rows are the data of which the current row is read, as indices of
// Names.Data, ascending. The slice must not be changed.
func (r *reads) Rows() []int { return r.rows }

func readsOf(e hcl.Expression, n *Names) (r reads) {
	for _, t := range e.Variables() {
		second := ""
		if len(t) > 1 {
			second = stepName(t[1])
		}
		switch t.RootName() {
		case "response":
			r.body = r.body || second == "" || second == "body" || second == "json"
			r.header = r.header || second == "" || second == "headers" || second == "cookies"
		case "row":
			r.row(t, second, n)
		}
	}
	slices.Sort(r.rows)
	return r
}

// row notes which rows a name reads: of repeated data all whose key it may have.
func (r *reads) row(t hcl.Traversal, label string, n *Names) {
	only := -1
	if label != "" {
		only, _ = instance(t, n.data)
	}
	for i, d := range n.Data {
		name, _, _ := plan.CutInstance(d.Name)
		if (label == "" || i == only || only < 0 && name == label) && !slices.Contains(r.rows, i) {
			r.rows = append(r.rows, i)
		}
	}
}
