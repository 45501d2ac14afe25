package plan

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// The libraries that parse and evaluate expressions speak of tuples, attributes
// and operands; a plan's author has lists, entries and sides. What they report
// is put into the words of the language here, and gets a mend.

// A phrasing is how we say what a library says: of those with its summary the
// first whose pattern is in its detail counts. In our detail $1 is what the
// pattern's first group found, in our words, $k1 is it as a kind of value, $r1
// is it as it stands, and $f is the function that is called.
type phrasing struct {
	theirs  string // the summary, whole
	pattern string // of the detail; empty: any
	summary string
	detail  string
}

// phrasebook are the phrasings by the summaries they are for, compiled once.
var phrasebook = sync.OnceValue(func() map[string][]compiled {
	book := map[string][]compiled{}
	for _, p := range append(expressionPhrasings(), syntaxPhrasings()...) {
		book[p.theirs] = append(book[p.theirs], compiled{p, regexp.MustCompile("(?s)" + p.pattern)})
	}
	return book
})

type compiled struct {
	phrasing
	regexp *regexp.Regexp
}

// inOurWords is a diagnostic as the language says it: itself, unless it is a
// library's.
func inOurWords(d *hcl.Diagnostic) *hcl.Diagnostic {
	for _, p := range phrasebook()[d.Summary] {
		groups := p.regexp.FindStringSubmatch(d.Detail)
		if groups == nil {
			continue
		}
		own := *d
		own.Summary = p.summary
		own.Detail = p.fill(groups, calledFunction(d)) + entryHint(d)
		return &own
	}
	return d
}

// fill is our detail with what the groups of the pattern found.
func (p phrasing) fill(groups []string, called string) string {
	pairs := []string{"$f", called + "()"}
	for i, g := range groups[1:] {
		n := strconv.Itoa(i + 1)
		pairs = append(pairs, "$k"+n, kindNamed(g), "$r"+n, g, "$"+n, inPlainWords(g))
	}
	return strings.NewReplacer(pairs...).Replace(p.detail)
}

// calledFunction is the function that a diagnostic is about.
func calledFunction(d *hcl.Diagnostic) string {
	if call, ok := hcl.DiagnosticExtra[hclsyntax.FunctionCallDiagExtra](d); ok {
		return call.CalledFunctionName()
	}
	return "the function"
}

// entryHint names the entries that a map has where one was asked for that it
// has not.
func entryHint(d *hcl.Diagnostic) string {
	name, ok := d.Expression.(*hclsyntax.ScopeTraversalExpr)
	if !ok || d.Summary != "Unsupported attribute" {
		return ""
	}
	for i := 1; i < len(name.Traversal); i++ {
		step, isName := name.Traversal[i].(hcl.TraverseAttr)
		v, diags := name.Traversal[:i].TraverseAbs(d.EvalContext)
		switch {
		case diags.HasErrors() || !v.Type().IsObjectType():
			return ""
		case isName && !v.Type().HasAttribute(step.Name):
			return withEntries(step.Name, v.Type())
		}
	}
	return ""
}

func withEntries(name string, ty cty.Type) string {
	const most = 10
	known := slices.Sorted(maps.Keys(ty.AttributeTypes()))
	switch {
	case Nearest(name, known) != "":
		return ` Did you mean "` + Nearest(name, known) + `"?`
	case len(known) > 0 && len(known) <= most:
		return " It has " + strings.Join(known, ", ") + "."
	}
	return ""
}

var (
	inQuotes   = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	unlike     = regexp.MustCompile(`^[a-z ]+ required(, but have [a-z ]+)?$`)
	mismatched = regexp.MustCompile(`^(.*?)\b([a-z ]+) required(?:, but have ([a-z ]+))?$`)
)

// jargon are the libraries' words and ours, longer ones first.
var jargon = strings.NewReplacer(
	"a list, a map or a tuple", "a list or a map",
	"list, tuple, or set", "a list or a set",
	"lists, sets and tuples", "lists and sets",
	"lists or tuples", "lists", "list or tuple", "list", "maps or objects", "maps", "map or object type", "a map",
	"a bool is required; to convert from string, use lowercase", "true or false is wanted: write",
	"a bool is required", "true or false is wanted", "a number is required", "a number is wanted",
	"given string must be a decimal representation of a number", "write it in digits",
	"collection must be", "it takes",
	"attributes ", "entries ", "attribute ", "entry ", "has no attribute", "has no entry",
	"element types must all match", "the items must be of one kind",
	"all list elements must have the same type", "the items of a list must be of one kind",
	"all set elements must have the same type", "the items of a set must be of one kind",
	"all map elements must have the same type", "the entries of a map must be of one kind",
	"cannot find a common base type for all elements", "the items must be of one kind",
	"argument must not be null", "it cannot be null", "all arguments must have the same type", "all arguments must be of one kind",
	"no non-null arguments", "all arguments are null",
	"EOF", "the text ends too early",
	"tuples", "lists", "a tuple", "a list", "tuple", "list", "objects", "maps", "an object", "a map", "object", "map",
	"strings", "texts", "string", "text", "elements", "items", "element ", "item ",
	"is required", "is missing", "are required", "are missing",
)

// inPlainWords is what a library says of a value in the words of the language.
// Texts in quotes are the plan's own.
func inPlainWords(text string) string {
	if m := mismatched.FindStringSubmatch(text); m != nil && kindNamed(m[2]) != anyKind {
		plain := inPlainWords(m[1]) + kindNamed(m[2]) + " is wanted"
		if m[3] != "" {
			plain += ", not " + kindNamed(m[3])
		}
		return plain
	}
	plain, rest := "", strings.ReplaceAll(text, `element "`, `entry "`) // of a map; that of a list has a number
	for rest != "" {
		at := inQuotes.FindStringIndex(rest)
		if at == nil {
			return plain + jargon.Replace(rest)
		}
		plain += jargon.Replace(rest[:at[0]]) + rest[at[0]:at[1]]
		rest = rest[at[1]:]
	}
	return plain
}

// typeInWords is what values of a type are called.
func typeInWords(ty cty.Type) string { return kindNamed(ty.FriendlyName()) }

// where is the place inside of a value that an error is about, as a beginning of
// what is said of it.
func where(err error) string {
	var at cty.PathError
	if !errors.As(err, &at) {
		return ""
	}
	text := ""
	for _, step := range at.Path {
		switch step := step.(type) {
		case cty.GetAttrStep:
			text += "." + step.Name
		case cty.IndexStep:
			if step.Key.Type() == cty.String {
				text += "[" + strconv.Quote(step.Key.AsString()) + "]"
			} else if step.Key.Type() == cty.Number {
				text += "[" + step.Key.AsBigFloat().Text('f', 0) + "]"
			}
		}
	}
	if text == "" {
		return ""
	}
	return "at " + strings.TrimPrefix(text, ".") + ": "
}

// anyKind is what a value is called whose type has no name of ours.
const anyKind = "a value"

// kindNamed is what values of a type are called that the library calls so.
func kindNamed(theirs string) string {
	kind, of, nested := strings.Cut(theirs, " of ")
	switch kind {
	case "string":
		return "a text"
	case "number":
		return "a number"
	case "bool":
		return "true or false"
	case "tuple", "list":
		kind = "a list"
	case "object", "map":
		kind = "a map"
	case "set":
		kind = "a set"
	default:
		return anyKind
	}
	if plural := map[string]string{"string": "texts", "number": "numbers", "bool": "true and false"}[of]; nested && plural != "" {
		return kind + " of " + plural
	}
	return kind
}
