package plan

import (
	"regexp"
	"strings"
	"testing"
)

// foreign are words of the libraries that a plan's author has never read.
var foreign = regexp.MustCompile(`(?i)\b(cty|operands?|attributes?|unsuitable|unsupported|interpolation|primitive|parameter|legacy|tuple-typed|constructor|directives?)\b|argument must|required, but`)

// TestWording holds what is said of expressions that cannot be evaluated, of
// types that are none and of HCL that cannot be parsed, in our words, and that
// all of our phrasings are said.
func TestWording(t *testing.T) {
	said := ""
	for text, want := range wrongExpressions() {
		said += checkWording(t, "plans/main.hcl", "locals {\n  x = "+text+"\n}\n", want)
		said += checkWording(t, "plans/main.yaml", "locals:\n  x: '${"+strings.ReplaceAll(text, "'", "''")+"}'\n", want)
	}
	for text, want := range wrongTypes() {
		said += checkWording(t, "plans/main.hcl", "variable \"v\" {\n  default = null\n  type = "+text+"\n}\n", want)
		if text[0] != '"' { // a text is how YAML writes a type
			said += checkWording(t, "plans/main.yaml", "variable: {v: {default: null, type: '"+text+"'}}\n", want)
		}
	}
	for text, want := range wrongSyntax() {
		said += checkWording(t, "plans/main.hcl", text, want)
	}
	blank := regexp.MustCompile(`\\\$[a-z]?\d?`)
	for _, p := range append(expressionPhrasings(), syntaxPhrasings()...) {
		pattern := blank.ReplaceAllString(regexp.QuoteMeta(p.summary+": "+p.detail), ".*")
		if !regexp.MustCompile(pattern).MatchString(said) {
			t.Errorf("nothing here makes the library say %q %q: %s", p.theirs, p.pattern, p.detail)
		}
	}
}

func wrongExpressions() map[string]string {
	return map[string]string{
		`var.o.bb`:              `Unknown entry: There is no entry "bb" in this map. It has a, list.`,
		`var.o.lis`:             `Unknown entry: There is no entry "lis" in this map. Did you mean "list"?`,
		`var.n.a`:               `Unknown entry: Nothing can follow a text, a number or true and false with a dot: this has no entries.`,
		`[{ a = 1 }].a`:         `Unknown entry: This value has no entries: nothing can follow it with a dot.`,
		`tolist([{ a = 1 }]).a`: `Unknown entry: This is a list. Say which item is meant by its number, as in [0], or take all of them with [*].`,
		`toset([{ a = 1 }]).a`:  `Unknown entry: This is a set, whose items have no numbers. Go over them with [for x in … : x.NAME].`,
		`tomap({ a = 1 }).b`:    `Unknown entry: There is no entry "b" in this map.`,
		`var.null.a`:            `Null has no entries: This value is null, so nothing can follow it with a dot.`,
		`[1][0.5]`:              `Unknown item: Items have whole numbers.`,
		`[1][0 - 1]`:            `Unknown item: Items are counted from 0, so a negative number names none.`,
		`[][0]`:                 `Unknown item: The list is empty`,
		`[1][5]`:                `Unknown item: There is no such item. Lists have items from [0] on, maps under their keys.`,
		`tolist(null)[*]`:       `Null has no items: This value is null, so [*] cannot follow it.`,
		`[1][*`:                 `Bracket is not closed: A closing bracket ] is missing after the star.`,
		`true ? tomap({ a = "x" }) : tomap({ a = [] })`:      `Choices of several kinds: Both sides of the colon must be of one kind, not a map of texts and a map.`,
		`true ? tolist([{ a = 1 }]) : tolist([{ b = [1] }])`: `Choices of several kinds: Both sides of the colon must be of one kind: Mismatched list item types`,
		`{ a`:                              `An entry of a map is NAME = VALUE`,
		`[1][null]`:                        `Unknown item: What is in the brackets is null, which names no item.`,
		`toset(["a"])[0]`:                  `Unknown item: The items of a set have no numbers.`,
		`var.n[0]`:                         `Unknown item: Only lists and maps have items: no brackets can follow this.`,
		`[1]["a"]`:                         `Unknown item: What is in the brackets names no item: a number is wanted.`,
		`{ a = 1 }["b"]`:                   `Unknown item: There is no such item. Lists have items from [0] on, maps under their keys.`,
		`var.null[0]`:                      `Null has no items: This value is null, so no brackets can follow it.`,
		`abs("x")`:                         `Wrong argument: abs() cannot take this as num: a number is wanted.`,
		`random_int("a", 2)`:               ``,
		`length(5)`:                        `Wrong argument: length() cannot be computed: it takes a list or a map.`,
		`jsondecode("{")`:                  `Wrong argument: jsondecode() cannot be computed: the text ends too early.`,
		`max(null...)`:                     `Wrong kind of value: What stands before … is null. It must be a list or a set.`,
		`max(5...)`:                        `Wrong kind of value: What stands before … must be a list or a set, whose items become arguments.`,
		`pow([1]...)`:                      `Wrong number of arguments: pow() needs more arguments: power is missing.`,
		`pow([1, 2, 3]...)`:                `Wrong number of arguments: pow() takes fewer arguments than it is given here.`,
		`1 + "a"`:                          `Wrong kind of value: The right side of the operator cannot be used: a number is wanted.`,
		`[1] + 1`:                          `Wrong kind of value: The left side of the operator cannot be used: a number is wanted, not a list.`,
		`!5`:                               `Wrong kind of value: What the operator stands before cannot be used: true or false is wanted, not a number.`,
		`1 + null`:                         `Null in a computation: One side of the operator is null.`,
		`1 / 0`:                            `Value too large: This cannot be used: the number is out of range: it is infinite, as what is divided by zero is.`,
		`0 / 0`:                            `Cannot be computed: The operator has no result: nothing can be divided by zero.`,
		`null ? 1 : 2`:                     `Wrong kind of value: What stands before the question mark is null. It must be true or false.`,
		`[1] ? 1 : 2`:                      `Wrong kind of value: What stands before the question mark must be true or false.`,
		`true ? [1] : 5`:                   `Choices of several kinds: Both sides of the colon must be of one kind, not a list and a number.`,
		`"a${null}"`:                       `Null in a text: This value is null, and a text cannot have that in it.`,
		`"a${[1]}"`:                        `Wrong kind of value: A text can have texts, numbers, true and false in it, but this is a list.`,
		`{ (null) = 1 }`:                   `Invalid key: null cannot be a key of a map.`,
		`{ ([1]) = 1 }`:                    `Invalid key: The key of a map must be a text: a text is wanted, not a list.`,
		`[for x in null : x]`:              `Nothing to go over: for goes over a list, a set or a map, but this is null.`,
		`[for x in 5 : x]`:                 `Nothing to go over: for goes over a list, a set or a map, but this is a number.`,
		`[for x in [1] : x if null]`:       `Wrong kind of value: What follows if must be true or false`,
		`[for x in [1] : x if "a"]`:        `Wrong kind of value: What follows if must be true or false`,
		`{ for x in [[]] : x => 1 }`:       `Invalid key: A key that for makes must be a text, but it makes one that is not.`,
		`{ for x in [1] : null => 1 }`:     `Invalid key: A key that for makes must be a text, but it makes one that is not.`,
		`{ for x in ["a", "a"] : x => 1 }`: `Key given twice: for makes the key "a" twice.`,
		`[1][0`:                            `Bracket is not closed`,
		`true ? 1`:                         `Half a choice: Write both sides: CONDITION ? VALUE : OTHER.`,
		`(1`:                               `Bracket is not closed`,
		`max(1 2)`:                         `Comma is missing: A comma stands between two arguments, and`,
		`max([1]... , 2)`:                  `Bracket is not closed`,
		`[1 2]`:                            `Comma is missing: A comma stands between two items of a list, and`,
		`{ a = 1 b = 2 }`:                  `Comma is missing: A comma or a new line stands between two entries of a map, and`,
		`{ a b = 2 }`:                      `Equals sign is missing: An entry of a map is NAME = VALUE`,
		`{ a }`:                            `Equals sign is missing: An entry of a map is NAME = VALUE`,
		`var.`:                             `Name is missing: A name is wanted after the dot.`,
		`var.list.0.1`:                     `Number after a dot: The number of an item goes in brackets: LIST[0].`,
		`var.list.*.a.*.b`:                 `Two stars: Write [*] instead of .* to go over a list in a list.`,
		`[for x in [1] : x => x]`:          `Invalid for: A for in [ ] makes a list`,
		`{ for x in [1] : x }`:             `Invalid for: A for in { } makes a map`,
		`[for in [1] : x]`:                 `Invalid for: Write [for x in LIST : VALUE] or {for x in LIST : KEY => VALUE}.`,
		`core::max(1)`:                     ``,
		`core::(1)`:                        `Invalid call: Names of functions have no :: in them.`,
		`core::max`:                        `Invalid call: Names of functions have no :: in them.`,
		`"${var.n var.n}"`:                 `Expression is not closed: The closing brace } of ${…} is missing.`,
		`"%{ iff true }%{ endif }"`:        `Invalid template: Write %{ if CONDITION }`,
		`"%{ }"`:                           `Invalid template: Write %{ if CONDITION }`,
		`"%{ for in x }%{ endfor }"`:       `Invalid template: Write %{ if CONDITION }`,
		`"%{ if true }"`:                   `Invalid template: Write %{ if CONDITION }`,
		`"%{ if true }%{ endfor }"`:        `Invalid template: Write %{ if CONDITION }`,
		`"%{ for x in [] }%{ endif }"`:     `Invalid template: Write %{ if CONDITION }`,
		`"%{ if 1 1 }%{ endif }"`:          `Invalid template: Write %{ if CONDITION }`,
		`"%{ for x in [] 1 }%{ endfor }"`:  `Invalid template: Write %{ if CONDITION }`,
		`"%{ if 1 }%{ else 1 }%{ endif }"`: `Invalid template: Write %{ if CONDITION }`,
		`"%{ if 1 }%{ endif 1 }"`:          `Invalid template: Write %{ if CONDITION }`,
		`"%{ for x in [] }%{ endfor 1 }"`:  `Invalid template: Write %{ if CONDITION }`,
		`"%{ for x in [] }%{ else }1"`:     `Invalid template: Write %{ if CONDITION }`,
		`"\q"`:                             `Invalid escape: After a backslash come n, r, t`,
	}
}

func checkWording(t *testing.T, name, text, want string) string {
	t.Helper()
	files := map[string]string{
		name: text + map[string]string{
			"plans/main.hcl":  "import {\n  source = \"./given.hcl\"\n}\n",
			"plans/main.yaml": "import: {source: ./given.hcl}\n",
		}[name],
		"plans/given.hcl": `variable "o" { default = { a = 1, list = [] } }
variable "n" { default = 1 }
variable "null" { default = null }
variable "list" { default = [{ a = 1 }] }
`,
	}
	_, diags := loadAs(name, files)
	said := messages(diags)
	if len(diags) != 1 || !strings.Contains(said, want) {
		t.Errorf("%s: %s: got\n%s\nwant %s", name, text, said, want)
	}
	for _, d := range diags {
		if word := foreign.FindString(d.Summary + ": " + d.Detail); word != "" {
			t.Errorf("%s: this is not our word: %q in\n%s", text, word, said)
		}
	}
	return said + "\n"
}

func wrongTypes() map[string]string {
	return map[string]string{
		`strng`:                                 `Invalid type: There is no type strng. There are string, number, bool`,
		`foo(string)`:                           `Invalid type: There is no type foo.`,
		`list`:                                  `Invalid type: Say of what: list(TYPE), for example list(string).`,
		`map(string, string)`:                   `Invalid type: Say of what: map(TYPE), for example map(string).`,
		`object`:                                `Invalid type: Say of what: object({ NAME = TYPE, … }).`,
		`object(string)`:                        `Invalid type: Say of what: object({ NAME = TYPE, … }).`,
		`tuple`:                                 `Invalid type: Say of what: tuple([TYPE, …]).`,
		`tuple(string)`:                         `Invalid type: Say of what: tuple([TYPE, …]).`,
		`string(1)`:                             `Invalid type: string is a whole type: nothing is in brackets behind it.`,
		`object({ "a b" = string })`:            `Invalid type: Each name in an object stands once, and without quotes`,
		`object({ a = string, a = string })`:    `Invalid type: Each name in an object stands once`,
		`object({ a = optional() })`:            `Invalid type: optional(TYPE) and optional(TYPE, DEFAULT) stand in an object`,
		`optional(string)`:                      `Invalid type: optional(TYPE)`,
		`"string"`:                              `Invalid type: A type is string, number, bool`,
		`object({ a = optional(number, "x") })`: `Invalid type: The default of an optional entry does not fit its type: a number is wanted.`,
	}
}

func wrongSyntax() map[string]string {
	return map[string]string{
		"locals {\n  a = 1\n  a = 2\n}\n":        `Argument given twice: "a" is already given at plans/main.hcl:2. Keep one of the two.`,
		"locals {\n  \"a\" = 1\n}\n":             `Name in quotes: The name of an argument has no quotes: NAME = ….`,
		"locals { a = 1, b = 2 }\n":              `Too much in one line`,
		"locals { a = 1\n}\n":                    `Too much in one line`,
		"host \"a\" { tls { } }\n":               `Too much in one line`,
		"host = \"a\" {\n}\n":                    `Too much in one line: A new line begins after the value of an argument`,
		"host \"a\" = {\n}\n":                    `Equals sign before a block: A block has no equals sign: write NAME { … }.`,
		"host \"a\"\n{\n}\n":                     `Block without braces`,
		"locals {\n} locals {\n}\n":              `Too much in one line: A new line begins after the closing brace`,
		"locals {\n  a = 1\n":                    `Block is not closed`,
		"locals {\n  5\n}\n":                     `Neither argument nor block`,
		"locals {\n  a\n}\n":                     `Neither argument nor block`,
		"locals {\n  a = = 1\n}\n":               `Value is missing: A value is wanted here.`,
		"locals {\n  a =\n}\n":                   `Value is missing: A value is wanted here.`,
		"locals {\n  a = [1\n":                   `Comma is missing`,
		"locals {\n  a = { b = 1\n":              `Equals sign is missing`,
		"locals {\n  a = max(1\n":                `Comma is missing`,
		"locals {\n  a = \"x\n}\n":               `Text over several lines`,
		"locals {\n  a = \"${1\n}\n":             `Text over several lines`,
		"locals {\n  a = \"${":                   `Expression is not closed: The closing brace } of ${…} is missing.`,
		"locals {\n  a = <<EOT\nx\n":             `Text is not closed`,
		"locals {\n  a = `x`\n}\n":               `Character that cannot stand here: Text goes in double quotes`,
		"locals {\n  a = 'x'\n}\n":               `Use double quotes`,
		"host \"${a}\" {\n}\n":                   `Text with an expression: This text must be written out`,
		"host \"a\" \"b\" {\n}\n":                `Label too many: Write host "NAME" { … }.`,
		"locals \"a\" {\n}\n":                    `Label too many: Write locals { … }.`,
		"locals {\n  a {\n  }\n}\n":              `Block in locals: A locals block has arguments only: write NAME = { … } with an equals sign.`,
		"host {\n  base_url = \"http://a\"\n}\n": `Missing name for host: Write host "NAME" { … }.`,
	}
}
