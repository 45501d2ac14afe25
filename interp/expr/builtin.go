package expr

import (
	"encoding/base64"
	"errors"
	"math/big"
	"net/url"
	"strings"

	"github.com/zclconf/go-cty/cty/function"

	"bossplan/interp/expr/jsonwalk"
)

// A builtin is a function of the plan language that is computed here. What is
// rare in it is left to the function of the scope.
type builtin struct {
	params   string // of each parameter its kind: text, number, list or any
	variadic bool   // the last parameter may come more than once, or not at all
	kind     kind
	nullable bool
	run      func(args []value) (value, error)
}

// Kinds of parameters.
const (
	paramText   = 't'
	paramNumber = 'n'
	paramList   = 'l'
	paramAny    = 'a'
)

// maxText bounds the text that a function makes, in bytes.
const maxText = 16 << 20

func builtinOf(name string, fn function.Function) (builtin, bool) {
	slow := func(args ...value) (value, error) { return call(fn, args...) }
	switch name {
	case "lower":
		return textBuiltin(strings.ToLower), true
	case "upper":
		return textBuiltin(strings.ToUpper), true
	case "trimspace":
		return textBuiltin(strings.TrimSpace), true
	case "urlencode":
		return textBuiltin(url.QueryEscape), true
	case "base64encode":
		return textBuiltin(func(s string) string { return base64.StdEncoding.EncodeToString(view(s)) }), true
	case "trimprefix":
		return pairBuiltin(strings.TrimPrefix), true
	case "trimsuffix":
		return pairBuiltin(strings.TrimSuffix), true
	case "startswith":
		return testBuiltin(strings.HasPrefix), true
	case "endswith":
		return testBuiltin(strings.HasSuffix), true
	case "strcontains":
		return testBuiltin(strings.Contains), true
	case "replace":
		return builtin{params: "ttt", kind: kindString, run: replace}, true
	case "substr":
		return builtin{params: "tnn", kind: kindString, run: func(args []value) (value, error) { return substr(args, slow) }}, true
	case "strlen":
		return builtin{params: "t", kind: kindNumber, run: func(args []value) (value, error) { return strlen(args[0], slow) }}, true
	case "join":
		return builtin{params: "tl", variadic: true, kind: kindString, run: join}, true
	case "length":
		return builtin{params: "l", kind: kindNumber, run: length}, true
	}
	return numberBuiltin(name, slow)
}

func numberBuiltin(name string, slow func(...value) (value, error)) (builtin, bool) {
	switch name {
	case "min":
		return builtin{params: "n", variadic: true, kind: kindNumber, run: func(args []value) (value, error) {
			return extreme(args, slow, func(a, b int64) bool { return a < b })
		}}, true
	case "max":
		return builtin{params: "n", variadic: true, kind: kindNumber, run: func(args []value) (value, error) {
			return extreme(args, slow, func(a, b int64) bool { return a > b })
		}}, true
	case "tostring":
		return builtin{params: "a", kind: kindString, nullable: true, run: func(args []value) (value, error) { return args[0].toString() }}, true
	case "tonumber":
		return builtin{params: "a", kind: kindNumber, nullable: true, run: func(args []value) (value, error) { return args[0].toNumber() }}, true
	}
	return builtin{}, false
}

func textBuiltin(f func(string) string) builtin {
	return builtin{params: "t", kind: kindString, run: func(args []value) (value, error) { return normal(f(args[0].text())), nil }}
}

func pairBuiltin(f func(a, b string) string) builtin {
	return builtin{params: "tt", kind: kindString, run: func(args []value) (value, error) {
		return normal(f(args[0].text(), args[1].text())), nil
	}}
}

func testBuiltin(f func(a, b string) bool) builtin {
	return builtin{params: "tt", kind: kindBool, run: func(args []value) (value, error) {
		return boolean(f(args[0].text(), args[1].text())), nil
	}}
}

// replace is bounded by what it would make if every byte were a match.
func replace(args []value) (value, error) {
	s, old, with := args[0].text(), args[1].text(), args[2].text()
	if len(with) > len(old) && float64(len(s)+1)/float64(max(len(old), 1))*float64(len(with))+float64(len(s)) > maxText {
		return value{}, errLarge
	}
	return normal(strings.ReplaceAll(s, old, with)), nil
}

// isSimple reports whether each byte of s is one character.
func isSimple(s string) bool {
	return isASCII(view(s)) && strings.IndexByte(s, '\r') < 0
}

func substr(args []value, slow func(...value) (value, error)) (value, error) {
	s := args[0].text()
	from, fromErr := args[1].int64()
	n, err := args[2].int64()
	if fromErr != nil || err != nil || from < 0 || !isSimple(s) {
		return slow(args...)
	}
	s = s[min(from, int64(len(s))):]
	if n >= 0 {
		s = s[:min(n, int64(len(s)))]
	}
	return str(s), nil
}

func strlen(s value, slow func(...value) (value, error)) (value, error) {
	if isSimple(s.text()) {
		return counted(len(s.text())), nil
	}
	return slow(s)
}

func length(args []value) (value, error) {
	n, err := count(args[0])
	return counted(n), err
}

// counted is a number in the precision in which cty counts: it shows when the
// number is divided.
func counted(n int) value { return number(new(big.Float).SetInt64(int64(n))) }

func join(args []value) (value, error) {
	if len(args) == 1 {
		return value{}, errArguments
	}
	var text []byte
	isFirst := true
	for _, list := range args[1:] {
		for element := range jsonwalk.Elements(view(list.text())) {
			v, err := fromJSON(element)
			if err != nil {
				return value{}, err
			}
			if !isFirst {
				text = append(text, args[0].text()...)
			}
			isFirst = false
			if text, err = v.append(text); err != nil {
				return value{}, errElement
			}
			if len(text) > maxText {
				return value{}, errLarge
			}
		}
	}
	return normal(share(text)), nil
}

var errElement = errors.New("an element of the list is no text")

func extreme(args []value, slow func(...value) (value, error), better func(a, b int64) bool) (value, error) {
	if len(args) == 0 {
		return value{}, errArguments
	}
	best := args[0]
	for _, v := range args {
		if !v.isWhole() || v.big() != nil {
			return slow(args...)
		}
		if better(v.n, best.n) {
			best = v
		}
	}
	return best, nil
}
