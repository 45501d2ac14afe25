package plan

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// Shown is the variable's value as it may be printed: text as it is, anything
// else as HCL, and what is sensitive not at all.
func (v *Variable) Shown() string {
	switch {
	case v.Sensitive:
		return "(sensitive)"
	case !v.Value.IsWhollyKnown():
		return "(not given)"
	case v.Value.Type() == cty.String && !v.Value.IsNull():
		return v.Value.AsString()
	}
	return strings.Join(strings.Fields(string(hclwrite.TokensForValue(v.Value).Bytes())), " ")
}
