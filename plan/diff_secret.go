package plan

import (
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

const notShown = "(plain text, not shown)"

// hide sees to secrets. One that the base keeps and the head does not is still
// one: whoever could read the base has never seen it, and the comparison may be
// posted where more people read it than the plan.
func (c *comparer) hide(change *SettingChange, was, is Setting) {
	plain := is.Name != "" && !is.Sensitive && is.Value != "null"
	bare := was.Sensitive && plain
	for _, secret := range slices.Concat(c.base.secrets, c.head.secrets) {
		bare = bare || plain && strings.Contains(is.Value, secret) && !strings.Contains(was.Value, secret)
	}
	if bare {
		change.Severity, change.To = Danger, notShown
		change.Note = "what was sensitive is plain text now"
	}
	if is.Sensitive && was.Name != "" && !was.Sensitive && was.Value != "null" {
		change.From = notShown
	}
	if was.Sensitive && is.Sensitive && was.Value == is.Value {
		change.Note = "another secret"
	}
}

// shortestSecret is how long a secret must be to be looked for in other texts:
// a shorter one is found anywhere.
const shortestSecret = 6

// secretTexts are the texts in sensitive variables.
func (p *Plan) secretTexts() []string {
	var list []string
	for _, v := range p.Variables {
		if !v.Sensitive {
			continue
		}
		_ = cty.Walk(v.Value, func(_ cty.Path, e cty.Value) (bool, error) { // the function gives no error
			if e.Type() == cty.String && e.IsKnown() && !e.IsNull() && len(e.AsString()) >= shortestSecret {
				list = append(list, escaped(e.AsString()))
			}
			return true, nil
		})
	}
	return list
}
