package expr

import (
	"math/big"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A slot is a field of the Frame that a run-time name was resolved to. A new
// name takes a constant, a line in resolve, its kind, and its case in value, in
// rawSlot and in variables.
type slot int

const (
	slotUserID slot = iota
	slotUserIndex
	slotUserClass
	slotIteration
)

// isRunTime reports whether a name is known only while a user runs.
func isRunTime(root string) bool { return root == "user" || root == "iteration" }

// resolve finds the slot that a traversal names in full.
func resolve(t hcl.Traversal) (slot, bool) {
	if t.RootName() == "iteration" {
		return slotIteration, len(t) == 1
	}
	if t.RootName() != "user" || len(t) != 2 {
		return 0, false
	}
	switch stepName(t[1]) {
	case "id":
		return slotUserID, true
	case "index":
		return slotUserIndex, true
	case "class":
		return slotUserClass, true
	}
	return 0, false
}

// stepName is the attribute a step names, as .name or ["name"].
func stepName(step hcl.Traverser) string {
	switch step := step.(type) {
	case hcl.TraverseAttr:
		return step.Name
	case hcl.TraverseIndex:
		if step.Key.Type() == cty.String && !step.Key.IsNull() {
			return step.Key.AsString()
		}
	}
	return ""
}

func (s slot) kind() kind {
	if s == slotUserIndex || s == slotIteration {
		return kindNumber
	}
	return kindString
}

func (s slot) value(f *Frame) (value, error) {
	switch s {
	case slotUserID:
		return str(cty.NormalizeString(f.UserID)), nil
	case slotUserClass:
		return str(cty.NormalizeString(f.UserClass)), nil
	case slotUserIndex:
		return integer(f.UserIndex), nil
	default:
		return integer(f.Iteration), nil
	}
}

func (s slot) append(dst []byte, f *Frame) ([]byte, error) {
	start := len(dst)
	dst, err := rawSlot(s).append(dst, f)
	if s.kind() == kindString && !isASCII(dst, start) {
		dst = normalize(dst, start)
	}
	return dst, err
}

// A rawSlot is a slot inside a template, which normalises the text as a whole.
type rawSlot slot

func (s rawSlot) append(dst []byte, f *Frame) ([]byte, error) {
	switch slot(s) {
	case slotUserID:
		return append(dst, f.UserID...), nil
	case slotUserClass:
		return append(dst, f.UserClass...), nil
	case slotUserIndex:
		return strconv.AppendInt(dst, f.UserIndex, 10), nil
	default:
		return strconv.AppendInt(dst, f.Iteration, 10), nil
	}
}

// variables is what the slots hold, as HCL looks names up. Numbers have the
// precision of parsed ones, so that a division has as many digits.
func variables(f *Frame) map[string]cty.Value {
	integer := func(n int64) cty.Value {
		return cty.NumberVal(new(big.Float).SetPrec(precision).SetInt64(n))
	}
	return map[string]cty.Value{
		"user": cty.ObjectVal(map[string]cty.Value{
			"id":    cty.StringVal(f.UserID),
			"index": integer(f.UserIndex),
			"class": cty.StringVal(f.UserClass),
		}),
		"iteration": integer(f.Iteration),
	}
}
