package plan

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Variable is a plan's input and the value it got.
type Variable struct {
	Name        string
	Description string
	Type        cty.Type
	Value       cty.Value // unmarked; print it only if not Sensitive
	Sensitive   bool
	Source      string // where the value comes from: "default", "--var", "environment LOAD_TEST_HOST", …
	DeclRange   hcl.Range
}
