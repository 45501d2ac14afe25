package plan

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2/ext/tryfunc"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// staticFunctions are the functions that are known before the run. Those whose
// result could be far larger than what they are given are bounded.
func staticFunctions(file func(string) (string, error)) map[string]function.Function {
	f := map[string]function.Function{
		"try": tryfunc.TryFunc, "can": tryfunc.CanFunc,
		"file":     textFunction("path", file),
		"tostring": stdlib.MakeToFunc(cty.String), "tonumber": stdlib.MakeToFunc(cty.Number), "tobool": stdlib.MakeToFunc(cty.Bool),
		"tolist": stdlib.MakeToFunc(cty.List(cty.DynamicPseudoType)), "toset": stdlib.MakeToFunc(cty.Set(cty.DynamicPseudoType)), "tomap": stdlib.MakeToFunc(cty.Map(cty.DynamicPseudoType)),

		"abs": stdlib.AbsoluteFunc, "ceil": stdlib.CeilFunc, "floor": stdlib.FloorFunc, "log": stdlib.LogFunc, "max": stdlib.MaxFunc,
		"min": stdlib.MinFunc, "parseint": stdlib.ParseIntFunc, "pow": stdlib.PowFunc, "signum": stdlib.SignumFunc,

		"jsonencode": stdlib.JSONEncodeFunc, "jsondecode": stdlib.JSONDecodeFunc, "csvdecode": stdlib.CSVDecodeFunc,
		"base64encode": textFunction("text", func(s string) (string, error) { return base64.StdEncoding.EncodeToString([]byte(s)), nil }),
		"base64decode": textFunction("text", decodeBase64),
		"urlencode":    textFunction("text", func(s string) (string, error) { return url.QueryEscape(s), nil }),
	}
	maps.Copy(f, textFunctions())
	maps.Copy(f, collectionFunctions())
	return f
}

func textFunctions() map[string]function.Function {
	return map[string]function.Function{
		"chomp": stdlib.ChompFunc, "lower": stdlib.LowerFunc, "upper": stdlib.UpperFunc, "title": stdlib.TitleFunc,
		"strlen": stdlib.StrlenFunc, "strrev": stdlib.ReverseFunc, "substr": stdlib.SubstrFunc, "split": stdlib.SplitFunc,
		"trim": stdlib.TrimFunc, "trimprefix": stdlib.TrimPrefixFunc, "trimsuffix": stdlib.TrimSuffixFunc, "trimspace": stdlib.TrimSpaceFunc,
		"regex": stdlib.RegexFunc, "regexall": stdlib.RegexAllFunc,
		"startswith":  testFunction("prefix", strings.HasPrefix),
		"endswith":    testFunction("suffix", strings.HasSuffix),
		"strcontains": testFunction("part", strings.Contains),

		"format":       bounded(stdlib.FormatFunc, sizeOfFormat),
		"formatlist":   bounded(stdlib.FormatListFunc, sizeOfFormat),
		"join":         bounded(stdlib.JoinFunc, sizeOfJoin),
		"replace":      bounded(stdlib.ReplaceFunc, sizeOfReplace),
		"regexreplace": bounded(stdlib.RegexReplaceFunc, sizeOfRegexReplace),
		"indent":       bounded(stdlib.IndentFunc, sizeOfIndent),
	}
}

func collectionFunctions() map[string]function.Function {
	return map[string]function.Function{
		"chunklist": stdlib.ChunklistFunc, "coalesce": stdlib.CoalesceFunc, "coalescelist": stdlib.CoalesceListFunc,
		"compact": stdlib.CompactFunc, "concat": stdlib.ConcatFunc, "contains": stdlib.ContainsFunc, "distinct": bounded(stdlib.DistinctFunc, pairsOfDistinct),
		"element": stdlib.ElementFunc, "flatten": stdlib.FlattenFunc, "index": stdlib.IndexFunc, "keys": stdlib.KeysFunc,
		"length": stdlib.LengthFunc, "lookup": stdlib.LookupFunc, "merge": stdlib.MergeFunc, "range": stdlib.RangeFunc,
		"reverse": stdlib.ReverseListFunc, "setintersection": stdlib.SetIntersectionFunc, "setsubtract": stdlib.SetSubtractFunc,
		"setunion": stdlib.SetUnionFunc, "slice": stdlib.SliceFunc, "sort": stdlib.SortFunc, "values": stdlib.ValuesFunc,
		"zipmap": stdlib.ZipmapFunc,
	}
}

// drawingFunctions stand for those that give their value only while a user
// runs: here they check what they are given and promise a result of their type.
func drawingFunctions() map[string]function.Function {
	return map[string]function.Function{
		"uuid": promise(cty.String, nil),
		"now":  promise(cty.String, nil, cty.String),
		"random_int": promise(cty.Number, func(args []cty.Value) error {
			for _, a := range args {
				if !a.AsBigFloat().IsInt() {
					return errors.New("it takes whole numbers")
				}
			}
			if args[0].GreaterThan(args[1]).True() {
				return errors.New("the first number must not be greater than the second")
			}
			return nil
		}, cty.Number, cty.Number),
		"random_string": promise(cty.String, func(args []cty.Value) error {
			if n := args[0].AsBigFloat(); !n.IsInt() || n.Sign() <= 0 || args[0].GreaterThan(cty.NumberIntVal(1<<20)).True() {
				return errors.New("the length must be a whole number from 1 to 1048576")
			}
			return nil
		}, cty.Number),
		"pick": function.New(&function.Spec{
			Params: []function.Parameter{{Name: "data", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowUnknown: true}},
			Type:   func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
			Impl:   func(_ []cty.Value, ty cty.Type) (cty.Value, error) { return cty.UnknownVal(ty), nil },
		}),
		"one_of": function.New(&function.Spec{
			VarParam: &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowNull: true, AllowDynamicType: true, AllowUnknown: true},
			Type: func(args []cty.Value) (cty.Type, error) {
				if len(args) == 0 {
					return cty.NilType, errors.New("it needs at least one value to choose from")
				}
				for _, a := range args[1:] {
					if !a.Type().Equals(args[0].Type()) {
						return cty.DynamicPseudoType, nil
					}
				}
				return args[0].Type(), nil
			},
			Impl: func(_ []cty.Value, ty cty.Type) (cty.Value, error) { return cty.UnknownVal(ty), nil },
		}),
	}
}

func promise(result cty.Type, check func([]cty.Value) error, params ...cty.Type) function.Function {
	spec := &function.Spec{
		Type: function.StaticReturnType(result),
		Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
			if check != nil {
				if err := check(args); err != nil {
					return cty.NilVal, err
				}
			}
			return cty.UnknownVal(ty).RefineNotNull(), nil
		},
	}
	for i, ty := range params {
		spec.Params = append(spec.Params, function.Parameter{Name: fmt.Sprintf("value %d", i+1), Type: ty})
	}
	return function.New(spec)
}

// envFunction reads the environment. A variable that is not set is an error,
// which try() can catch.
func envFunction(env func(string) (string, bool)) function.Function {
	return textFunction("name", func(name string) (string, error) {
		if v, ok := env(name); ok && utf8.ValidString(v) {
			return v, nil
		}
		return "", fmt.Errorf("the environment variable %s is not set to a text", name)
	})
}

func textFunction(param string, f func(string) (string, error)) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: param, Type: cty.String}},
		Type:   function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			s, err := f(args[0].AsString())
			if err != nil {
				return cty.NilVal, err
			}
			return cty.StringVal(s), nil
		},
	})
}

func testFunction(param string, f func(text, part string) bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "text", Type: cty.String}, {Name: param, Type: cty.String}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			return cty.BoolVal(f(args[0].AsString(), args[1].AsString())), nil
		},
	})
}

func decodeBase64(s string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return "", errors.New("the text is not base64")
	}
	if !utf8.Valid(b) {
		return "", errors.New("what is decoded is not UTF-8 text")
	}
	return string(b), nil
}

// bounded is a function that refuses to make a text larger than a value may
// be, or to work as long as that would take, from an upper bound of its size.
func bounded(f function.Function, size func([]cty.Value) float64) function.Function {
	return function.New(&function.Spec{
		Params:   f.Params(),
		VarParam: f.VarParam(),
		Type:     f.ReturnTypeForValues,
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if size(args) > maxTextSize {
				return cty.NilVal, fmt.Errorf("the result would be larger than %d MiB, or take too long to find", maxTextSize>>20)
			}
			return f.Call(args)
		},
	})
}

// sizeOfFormat takes each verb to write the largest argument in the largest
// width that the format names, once for each element of the longest list.
func sizeOfFormat(args []cty.Value) float64 {
	format := args[0].AsString()
	widest, largest, longest := 0.0, 0.0, 1.0
	for _, digits := range strings.FieldsFunc(format, func(r rune) bool { return r < '0' || r > '9' }) {
		n := 0.0
		for _, c := range digits {
			n = n*10 + float64(c-'0')
		}
		widest = max(widest, n)
	}
	for _, arg := range args[1:] {
		m := measure{}
		if m.add(arg) != nil {
			return math.Inf(1)
		}
		largest = max(largest, float64(m.bytes))
		longest = max(longest, float64(m.values))
	}
	return float64(len(format)) + float64(strings.Count(format, "%"))*(widest+largest)*longest
}

func sizeOfJoin(args []cty.Value) float64 {
	size := 0.0
	for _, list := range args[1:] {
		if !list.IsWhollyKnown() || list.IsNull() {
			continue
		}
		for it := list.ElementIterator(); it.Next(); {
			_, e := it.Element()
			size += float64(len(args[0].AsString()))
			if !e.IsNull() && e.Type() == cty.String {
				size += float64(len(e.AsString()))
			}
		}
	}
	return size
}

func sizeOfReplace(args []cty.Value) float64 {
	text, part, with := args[0].AsString(), args[1].AsString(), args[2].AsString()
	if len(with) <= len(part) {
		return 0
	}
	return float64(len(text)) + float64(len(text)+1)/float64(max(len(part), 1))*float64(len(with))
}

// sizeOfRegexReplace counts a match at every byte, and every byte of the text
// twice for each byte that could begin a reference to a group.
func sizeOfRegexReplace(args []cty.Value) float64 {
	return 2 * float64(len(args[0].AsString())+1) * float64(len(args[2].AsString()))
}

// pairsOfDistinct are the comparisons that are made.
func pairsOfDistinct(args []cty.Value) float64 {
	if !args[0].IsKnown() {
		return 0
	}
	n := float64(args[0].LengthInt())
	return n * n
}

func sizeOfIndent(args []cty.Value) float64 {
	spaces, _ := args[0].AsBigFloat().Float64()
	text := args[1].AsString()
	return float64(len(text)) + spaces*float64(strings.Count(text, "\n"))
}

// sorted are the names of functions.
func sorted(sets ...map[string]function.Function) []string {
	var list []string
	for _, set := range sets {
		list = slices.AppendSeq(list, maps.Keys(set))
	}
	slices.Sort(list)
	return list
}
