package yaml

import (
	"bytes"
	"math/big"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"go.yaml.in/yaml/v4"
)

// scalar reads a text, number, bool or null, and traces where it is written.
func (c *composer) scalar(n *node, y *yaml.Node) {
	n.value = y.Value
	w := &walker{src: c.src.text, at: n.from, value: y.Value}
	quoted := true
	ok := false
	switch {
	case y.Style&yaml.SingleQuotedStyle != 0:
		ok = w.singleQuoted()
	case y.Style&yaml.DoubleQuotedStyle != 0:
		ok = w.doubleQuoted()
	case y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		ok = w.blockScalar()
	default:
		ok, quoted = w.plain(), false
	}
	n.kind, n.plain = text, !quoted
	if ok {
		n.to, n.trace = n.from+len(bytes.TrimRight(c.src.text[n.from:w.at], " \t\r\n")), w.runs
	}
	if asText := y.Style&yaml.TaggedStyle != 0 && y.Tag == "!!str" || y.Tag == "!"; !quoted && !asText {
		c.plainScalar(n)
	}
	if n.kind == text {
		n.template = c.parseTemplate(n)
	}
}

// plainScalar decides what a text without quotes is. The rules are those of
// YAML 1.2 and JSON; what programs of other versions would read as another
// number is refused, because nobody could tell what is meant.
func (c *composer) plainScalar(n *node) {
	switch v := n.value; {
	case v == "" || v == "~" || v == "null" || v == "Null" || v == "NULL":
		n.kind, n.value = null, v
	case v == "true" || v == "True" || v == "TRUE":
		n.kind, n.value = boolean, "true"
	case v == "false" || v == "False" || v == "FALSE":
		n.kind, n.value = boolean, "false"
	case isNumber(v):
		n.kind = number
		c.checkNumber(n)
	case notFinite(v):
		c.fail(n.rng(), "Number out of range", "%s is not a finite number. Numbers are at most 1e308; put it in quotes if it is a text.", v)
		n.kind = null
	default:
		if what := otherNumber(v); what != "" {
			c.fail(n.rng(), "Ambiguous number", "%s: programs that read YAML differ about %s. Write it as a plain number, or put it in quotes: %q.", shortened(v), what, shortened(v))
			n.kind = null
		}
	}
}

// isNumber reports whether a text is a decimal number: 12, -0.5, 1e3.
func isNumber(v string) bool {
	v = strings.TrimPrefix(strings.TrimPrefix(v, "-"), "+")
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(v), "e")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if hasExponent && !digits(strings.TrimPrefix(strings.TrimPrefix(exponent, "-"), "+")) {
		return false
	}
	if len(whole) > 1 && whole[0] == '0' || whole+fraction == "" {
		return false
	}
	return (whole == "" || digits(whole)) && (fraction == "" || digits(fraction))
}

func digits(v string) bool { return v != "" && strings.Trim(v, "0123456789") == "" }

func notFinite(v string) bool {
	switch strings.ToLower(strings.TrimLeft(v, "+-")) {
	case ".inf", ".nan":
		return true
	}
	return false
}

// otherNumber names the kind of number that a text is to some programs.
func otherNumber(v string) string {
	v = strings.TrimPrefix(strings.TrimPrefix(v, "-"), "+")
	if v == "" || v[0] < '0' || v[0] > '9' {
		return ""
	}
	lower := strings.ToLower(v)
	hex := strings.Trim(lower[min(2, len(lower)):], "0123456789abcdef_") == ""
	switch {
	case len(v) > 2 && hex && strings.HasPrefix(lower, "0x"):
		return "hexadecimal numbers"
	case len(v) > 2 && hex && (strings.HasPrefix(lower, "0o") || strings.HasPrefix(lower, "0b")):
		return "octal and binary numbers"
	case strings.Trim(v, "0123456789_.") == "" && strings.Contains(v, "_"):
		return "underscores in numbers"
	case digits(v) || isNumber("1"+strings.TrimLeft(v, "0")):
		return "zeros in front of a number"
	}
	return ""
}

// checkNumber refuses numbers that are too large to work with.
func (c *composer) checkNumber(n *node) {
	tokens, _ := hclsyntax.LexExpression([]byte(strings.TrimLeft(n.value, "+-")), c.src.name, hcl.InitialPos)
	if fault := c.src.check(tokens); fault != nil {
		c.fail(n.rng(), fault.Summary, "%s", fault.Detail)
		n.kind = null
	}
}

// float is the value of a number.
func (n *node) float() *big.Float {
	f, _, err := big.ParseFloat(n.value, 10, 512, big.ToNearestEven)
	if err != nil {
		return new(big.Float)
	}
	return f
}

// checkTag refuses a tag that asks for something else than what is written.
func (c *composer) checkTag(n *node, y *yaml.Node) {
	if y.Style&yaml.TaggedStyle == 0 || y.Tag == "!!str" {
		return
	}
	own := map[kind][]string{
		null: {"!!null"}, boolean: {"!!bool"}, number: {"!!int", "!!float"}, list: {"!!seq"}, object: {"!!map"},
	}
	for _, tag := range own[n.kind] {
		if tag == y.Tag {
			return
		}
	}
	at := c.src.offset(y.Line, y.Column)
	c.fail(c.src.rng(at, at+1), "Tag that is not read", "bossplan does not read the tag %s here. Leave it out; put a value in quotes to make it a text.", y.Tag)
}
