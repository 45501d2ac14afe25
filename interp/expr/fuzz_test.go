package expr

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"bossplan/plan"
)

// A grammar writes an expression, led by the bytes of a fuzz input; when they
// are used up it takes the first choice everywhere, which is the simplest.
type grammar struct {
	input []byte
	depth int
}

func (g *grammar) choose(n int) int {
	if len(g.input) == 0 {
		return 0
	}
	b := g.input[0]
	g.input = g.input[1:]
	return int(b) % n
}

func (g *grammar) pick(of ...string) string { return of[g.choose(len(of))] }

func (g *grammar) expression() string {
	if g.depth++; g.depth > 5 {
		g.depth--
		return g.atom()
	}
	defer func() { g.depth-- }()
	e := g.expression
	switch g.choose(22) {
	case 0, 1:
		return g.atom()
	case 2, 3, 4:
		return g.template()
	case 5, 6:
		return fmt.Sprintf("(%s ? %s : %s)", g.condition(), e(), e())
	case 7, 8:
		return g.number()
	case 9, 10:
		return g.condition()
	case 11:
		return g.pick("-", "!") + "(" + e() + ")"
	case 12:
		return g.object()
	case 13:
		return fmt.Sprintf("[%s, %s]", e(), e())
	case 14:
		return fmt.Sprintf("one_of(%s, %s)", e(), e())
	case 15, 16, 17:
		return g.path()
	case 18, 19:
		return g.scoped()
	default:
		return g.call()
	}
}

// number is mostly a number.
func (g *grammar) number() string {
	if g.depth++; g.depth > 6 || g.choose(3) == 0 {
		g.depth--
		return g.pick("user.index", "iteration", "2", "0", "random_int(0, 9)", "0.5", "var.three", "one_of(1, 2.5)", `"12"`, "length(local.ids)", "-7",
			"vars.num", "vars.zero", "response.json.id", "response.json.dec", "response.time", "response.status", "row.users.age", "length(response.json.items)", "vars.list[0]")
	}
	defer func() { g.depth-- }()
	if g.choose(6) == 5 {
		return g.expression()
	}
	return fmt.Sprintf("(%s %s %s)", g.number(), g.pick("+", "-", "*", "/", "%"), g.number())
}

// condition is mostly a bool.
func (g *grammar) condition() string {
	if g.depth++; g.depth > 5 {
		g.depth--
		return g.pick("var.yes", "user.index > 3", `"true"`, "one_of(true, false)", "random_int(0, 1) == 0", "false")
	}
	defer func() { g.depth-- }()
	switch g.choose(6) {
	case 0, 1:
		return fmt.Sprintf("(%s %s %s)", g.number(), g.pick("==", "!=", "<", "<=", ">", ">="), g.number())
	case 2:
		return fmt.Sprintf("(%s %s %s)", g.expression(), g.pick("==", "!="), g.expression())
	case 3, 4:
		return fmt.Sprintf("(%s %s %s)", g.condition(), g.pick("&&", "||"), g.condition())
	default:
		return g.expression()
	}
}

func (g *grammar) atom() string {
	return g.pick(`user.index`, `user.id`, `user.class`, `iteration`, `uuid()`, `1`, `0`, `"text"`, `true`, `false`, `null`,
		`-3`, `2.5`, `"7"`, `"true"`, `var.none`, `var.nonum`, `var.any`, `var.three`, `var.half`, `var.nasty`, `var.accent`, `local.ids`,
		`local.user`, `one_of(local.mix...)`, `9223372036854775807`, `random_int(1, 3)`, `now("unix")`, `now()`, `user`, `true`, `0.1`,
		`vars.id`, `vars.item`, `vars.list`, `vars.unset`, `vars.flag`, `vars.num`, `row.users`, `row.words`, `row.users.none`, `response.json`, `response.json.items`, `response.json.none`, `response.headers`, `response.json.items[*].id`, `pick(data.words)`)
}

func (g *grammar) template() string {
	var s strings.Builder
	s.WriteByte('"')
	for range 1 + g.choose(3) {
		s.WriteString(g.pick("/a/", "%", "4", "", "é", "\u0301x", " <&>", "%2", `\"`, `\n`))
		fmt.Fprintf(&s, "${%s}", g.expression())
	}
	s.WriteString(g.pick("", "1", "%", "\u0301", "?q="))
	s.WriteByte('"')
	return s.String()
}

func (g *grammar) object() string {
	keys := []string{"a", "b", "c", `"d<"`, "(user.id)", "(var.env)", "a"}
	var items []string
	for range 1 + g.choose(4) {
		items = append(items, keys[g.choose(len(keys))]+" = "+g.expression())
	}
	return "{" + strings.Join(items, ", ") + "}"
}

func (g *grammar) call() string {
	e := g.expression
	switch g.choose(7) {
	case 0:
		return fmt.Sprintf("random_int(%s, %s)", e(), e())
	case 1:
		return fmt.Sprintf("random_string(%s)", g.pick("3", "0", "user.index % 9", "iteration", "user.id", "-1"))
	case 2:
		return fmt.Sprintf("upper(%s)", e())
	case 3:
		return fmt.Sprintf("length(%s)", e())
	case 4:
		return fmt.Sprintf("[for x in %s: %s]", g.pick(fmt.Sprintf("[%s, %s]", e(), e()), "response.json.items", "vars.list", g.path()), g.pick("x", "user.id", "uuid()", `"${x}-${vars.id}"`, "try(x.id, null)", "x == vars.zero"))
	case 5:
		return fmt.Sprintf("jsonencode(%s)", e())
	default:
		return fmt.Sprintf("now(%s)", g.pick(`"unix_ms"`, `"DD.MM.YY"`, `user.id`, `null`, `"h:mm aa"`))
	}
}

// path is a way into an object or a list.
func (g *grammar) path() string {
	s := g.pick("response.json", "response.json", "vars.item", "vars.list", "vars.big", "row.users", "pick(data.users)", "response.headers", "response.json.items", "local.user", "local.mix", "vars.unset", "response.cookies")
	if g.choose(6) == 5 {
		s = fmt.Sprintf("try(%s, %s)", s, g.expression())
	}
	if g.choose(8) == 7 {
		s = fmt.Sprintf("(%s ? %s : %s)", g.condition(), s, g.expression())
	}
	for range 1 + g.choose(3) {
		switch g.choose(8) {
		case 7:
			s += "[" + g.expression() + "]"
		case 6:
			s += "[" + g.number() + "]"
		default:
			s += g.pick(".id", "[0]", "[*]", ".name", ".items", `["obj"]`, ".a", "[1]", ".tags", `["k v"]`, ".extra", ".nope", "[*].id", ".z", `["0"]`, `["content-type"]`)
		}
	}
	return s
}

// scoped is a call of a function of the scope.
func (g *grammar) scoped() string {
	e := g.expression
	name := g.pick("lower", "tostring", "tonumber", "length", "can", "jsonencode", "try", "coalesce", "min", "max", "contains", "join",
		"replace", "substr", "startswith", "strlen", "format", "regex", "split", "element", "concat", "trimprefix", "urlencode", "tobool", "one_of")
	switch name {
	case "lower", "tostring", "tonumber", "length", "can", "jsonencode", "strlen", "urlencode", "tobool":
		return fmt.Sprintf("%s(%s)", name, e())
	case "replace", "substr":
		return fmt.Sprintf("%s(%s, %s, %s)", name, e(), e(), g.number())
	case "format":
		return fmt.Sprintf("format(%s, %s, %s)", g.pick(`"%s/%d"`, `"%d-%s"`, `"%03d%%%s"`, `"%v%s"`, "user.id"), e(), g.number())
	case "regex":
		return fmt.Sprintf("regex(%s, %s)%s", g.pick(`"."`, `"(.)(x)?"`, `"(?P<id>\\d+)"`, "user.id"), e(), g.pick("", "[0]", "[1]", ".id"))
	case "one_of":
		return fmt.Sprintf("one_of(%s, %s...)", e(), g.path())
	case "min", "max":
		return fmt.Sprintf("%s(%s, %s)", name, g.number(), g.number())
	case "contains":
		return fmt.Sprintf("contains(%s, %s)", g.pick("vars.list", "response.json.words", `["a", 1, null]`, "response.json.items[*].id", "local.ids", g.path()), e())
	case "join":
		return fmt.Sprintf("join(%s, %s)", e(), g.pick("vars.list", "response.json.words", "response.json.items[*].id", g.path()))
	}
	return fmt.Sprintf("%s(%s, %s)", name, e(), e())
}

func FuzzCompiledEqualsInterpreted(f *testing.F) {
	f.Add([]byte(nil), uint64(1))
	for seed := range uint64(200) {
		r := testFrame(seed).Rand
		input := make([]byte, 10+r.IntN(60))
		for i := range input {
			input[i] = byte(r.Uint32())
		}
		f.Add(input, seed)
	}
	f.Fuzz(func(t *testing.T, input []byte, seed uint64) {
		g := &grammar{input: input}
		source := g.expression()
		e, diags := hclsyntax.ParseExpression([]byte(source), "fuzz.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatalf("%s: %v", source, diags)
		}
		enc := Encoding(g.choose(5))
		agree(t, plan.Expression{Expression: e, Scope: testScope()}, enc, testFrame, seed)
		agree(t, plan.Expression{Expression: e, Scope: testScope()}, enc, foreignFrame, seed)
		if t.Failed() {
			t.Log(source)
		}
	})
}
