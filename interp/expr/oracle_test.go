package expr

import (
	"bytes"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"bossplan/plan"
)

// The oracle is HCL's own evaluator over values that are decoded in full. What
// the compiler makes must agree with it, byte for byte and draw for draw; it is
// a thousand times slower.

func oracle(e hcl.Expression, scope *hcl.EvalContext, n *Names, f *Frame) (cty.Value, error) {
	ctx := scope.NewChild()
	ctx.Variables = variables(n, f)
	ctx.Functions = functions(f)
	ctx.Functions["pick"] = pickFunction(f)
	return evaluate(e, ctx)
}

// interpret evaluates e with the oracle and encodes the result.
func interpret(e plan.Expression, n *Names, enc Encoding, f *Frame) ([]byte, error) {
	tree := unwrap(e.Expression)
	v, err := oracle(tree, e.Scope, n, f)
	if err != nil {
		return nil, err
	}
	if enc == JSON {
		return appendCtyJSON(nil, v, tree.Range())
	}
	text, err := appendCtyText(nil, v, tree.Range())
	if err != nil {
		return nil, err
	}
	if text, err = encode(text, 0, enc); err != nil {
		return nil, at(err, tree.Range())
	}
	return text, nil
}

// variables is what run-time names stand for. Numbers have the precision of
// parsed ones, so that a division has as many digits.
func variables(n *Names, f *Frame) map[string]cty.Value {
	integer := func(n int64) cty.Value {
		return cty.NumberVal(new(big.Float).SetPrec(precision).SetInt64(n))
	}
	vars, rows, data := map[string]cty.Value{}, map[string]cty.Value{}, map[string]cty.Value{}
	for i, name := range n.Vars {
		vars[name] = oracleValue(f.Vars[i].v)
	}
	for i, d := range n.Data {
		data[d.Name] = cty.NumberIntVal(int64(i))
		rows[d.Name] = cty.NullVal(cty.DynamicPseudoType)
		if f.Rows[i] >= 0 {
			rows[d.Name] = oracleRow(f.Data[i], int(f.Rows[i]))
		}
	}
	all := map[string]cty.Value{
		"user": cty.ObjectVal(map[string]cty.Value{
			"id":    cty.StringVal(f.UserID),
			"index": integer(f.UserIndex),
			"class": cty.StringVal(f.UserClass),
		}),
		"iteration": integer(f.Iteration),
		"vars":      cty.ObjectVal(vars),
		"row":       cty.ObjectVal(rows),
		"data":      cty.ObjectVal(data),
		"response":  cty.NullVal(cty.DynamicPseudoType),
	}
	if f.Answer != nil {
		all["response"] = cty.ObjectVal(map[string]cty.Value{
			"status":  integer(int64(f.Answer.Status)),
			"headers": oracleHeaders(f.Answer.Header),
			"cookies": oracleCookies(f.Answer.Header),
			"body":    cty.StringVal(strings.ToValidUTF8(string(f.Answer.Body), "\uFFFD")),
			"json":    oracleJSON(f.Answer.Body),
			"time":    cty.NumberFloatVal(float64(f.Answer.Time) / float64(time.Millisecond)),
		})
	}
	return all
}

func oracleValue(v value) cty.Value {
	if v.kind == kindJSON {
		return oracleJSON([]byte(v.text()))
	}
	known, err := v.cty()
	if err != nil {
		panic(err)
	}
	return known
}

func oracleRow(d *Dataset, row int) cty.Value {
	cells := d.rows[row]
	if len(d.columns) == 0 {
		return oracleValue(cells[0])
	}
	all := map[string]cty.Value{}
	for i, name := range d.columns {
		all[name] = oracleValue(cells[i])
	}
	return cty.ObjectVal(all)
}

// oracleJSON decodes all of a document. Of equal keys the last one counts.
func oracleJSON(doc []byte) cty.Value {
	dec := json.NewDecoder(bytes.NewReader(doc))
	dec.UseNumber()
	var v any
	if !json.Valid(doc) || dec.Decode(&v) != nil {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return oracleOf(v)
}

func oracleOf(v any) cty.Value {
	switch v := v.(type) {
	case bool:
		return cty.BoolVal(v)
	case string:
		return cty.StringVal(v)
	case json.Number:
		return cty.MustParseNumberVal(string(v))
	case []any:
		var all []cty.Value
		for _, element := range v {
			all = append(all, oracleOf(element))
		}
		return cty.TupleVal(all)
	case map[string]any:
		all := map[string]cty.Value{}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all[cty.NormalizeString(key)] = oracleOf(v[key])
		}
		return cty.ObjectVal(all)
	}
	return cty.NullVal(cty.DynamicPseudoType)
}

func oracleHeaders(h http.Header) cty.Value {
	all := map[string]cty.Value{}
	for name, values := range h {
		all[strings.ToLower(name)] = cty.StringVal(strings.ToValidUTF8(strings.Join(values, ", "), "\uFFFD"))
	}
	return oracleMap(all)
}

func oracleCookies(h http.Header) cty.Value {
	all := map[string]cty.Value{}
	for _, line := range h["Set-Cookie"] {
		if c, err := http.ParseSetCookie(line); err == nil {
			all[c.Name] = cty.StringVal(strings.ToValidUTF8(c.Value, "\uFFFD"))
		}
	}
	return oracleMap(all)
}

func oracleMap(all map[string]cty.Value) cty.Value {
	if len(all) == 0 {
		return cty.MapValEmpty(cty.String)
	}
	return cty.MapVal(all)
}

func pickFunction(f *Frame) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "data", Type: cty.Number}},
		Type:   function.StaticReturnType(cty.DynamicPseudoType),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			i, _ := args[0].AsBigFloat().Int64()
			d := f.Data[i]
			if d.Len() == 0 {
				return cty.NilVal, errNoRows
			}
			return oracleRow(d, f.Rand.IntN(d.Len())), nil
		},
	})
}
