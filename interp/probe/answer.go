package probe

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	ctyjson "github.com/zclconf/go-cty/cty/json"

	"bossplan/interp/wire"
	"bossplan/plan"
)

// An answer is what a gauge's expression reads from.
type answer struct {
	response cty.Value // status, headers, body, json and time, in ms
	isJSON   bool
}

func newAnswer(x *wire.Exchange, took time.Duration) answer {
	body, isJSON := parse(x.ResponseBody)
	headers := map[string]cty.Value{}
	for name, values := range x.Header {
		headers[strings.ToLower(name)] = cty.StringVal(strings.ToValidUTF8(values[0], "\uFFFD"))
	}
	all := cty.MapValEmpty(cty.String)
	if len(headers) > 0 {
		all = cty.MapVal(headers)
	}
	return answer{isJSON: isJSON, response: cty.ObjectVal(map[string]cty.Value{
		"status":  cty.NumberIntVal(int64(x.Status)),
		"headers": all,
		"body":    cty.StringVal(strings.ToValidUTF8(string(x.ResponseBody), "\uFFFD")),
		"json":    body,
		"time":    cty.NumberFloatVal(float64(took) / float64(time.Millisecond)),
	})}
}

// parse reads a body as JSON; it is null where it is none.
func parse(body []byte) (cty.Value, bool) {
	none := cty.NullVal(cty.DynamicPseudoType)
	if !json.Valid(body) {
		return none, false
	}
	t, err := ctyjson.ImpliedType(body)
	if err != nil {
		return none, false
	}
	v, err := ctyjson.Unmarshal(body, t)
	if err != nil {
		return none, false
	}
	return v, true
}

// read evaluates a gauge's expression. An error says why there is no number,
// without saying what else the answer or the plan's variables hold.
func (a answer) read(e plan.Expression) (float64, error) {
	scope := e.Scope
	if scope == nil {
		scope = &hcl.EvalContext{}
	}
	scope = scope.NewChild()
	scope.Variables = map[string]cty.Value{"response": a.response}
	v, diags := e.Value(scope)
	switch {
	case diags.HasErrors() && !a.isJSON && usesJSON(e):
		return 0, errors.New("the answer is not JSON")
	case diags.HasErrors():
		return 0, errors.New(describe(diags))
	}
	v, _ = v.UnmarkDeep()
	return number(v)
}

func number(v cty.Value) (float64, error) {
	switch {
	case !v.IsWhollyKnown():
		return 0, errors.New("the value is not known")
	case v.IsNull():
		return 0, errors.New("the value is null, not a number")
	case v.Type() == cty.Bool && v.True():
		return 1, nil
	case v.Type() == cty.Bool:
		return 0, nil
	}
	n, err := convert.Convert(v, cty.Number)
	if err != nil {
		return 0, errors.New("the value is " + v.Type().FriendlyName() + ", not a number")
	}
	f, _ := n.AsBigFloat().Float64()
	if math.IsInf(f, 0) {
		return 0, errors.New("the value is not finite: a division by zero?")
	}
	return f, nil
}

// usesJSON reports whether an expression reads response.json.
func usesJSON(e plan.Expression) bool {
	for _, t := range e.Variables() {
		if t.RootName() != "response" || len(t) < 2 {
			continue
		}
		if attr, ok := t[1].(hcl.TraverseAttr); ok && attr.Name == "json" {
			return true
		}
	}
	return false
}

// describe is the first error as a line. Details of most kinds may quote
// values, which may be secrets; these few quote no more than names of the
// expression.
func describe(diags hcl.Diagnostics) string {
	for _, d := range diags {
		if d.Severity != hcl.DiagError {
			continue
		}
		switch d.Summary {
		case "Unsupported attribute", "Attempt to get attribute from null value", "Missing map element",
			"Invalid index", "Attempt to index null value", "Operation failed":
			return d.Summary + ": " + d.Detail
		}
		return d.Summary
	}
	return diags.Error()
}
