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
	switch g.choose(16) {
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
	default:
		return g.call()
	}
}

// number is mostly a number.
func (g *grammar) number() string {
	if g.depth++; g.depth > 6 || g.choose(3) == 0 {
		g.depth--
		return g.pick("user.index", "iteration", "2", "0", "random_int(0, 9)", "0.5", "var.three", "one_of(1, 2.5)", `"12"`, "length(local.ids)", "-7")
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
		`local.user`, `one_of(local.mix...)`, `9223372036854775807`, `random_int(1, 3)`, `now("unix")`, `now()`, `user`, `true`, `0.1`)
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
		return fmt.Sprintf("[for x in [%s, %s]: %s]", e(), e(), g.pick("x", "user.id", "uuid()"))
	case 5:
		return fmt.Sprintf("jsonencode(%s)", e())
	default:
		return fmt.Sprintf("now(%s)", g.pick(`"unix_ms"`, `"DD.MM.YY"`, `user.id`, `null`, `"h:mm aa"`))
	}
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
