package plan

// endlessText is about a text whose closing quote is missing in its line.
const endlessText = "Text over several lines"

// syntaxPhrasings are for what is found when a file or a text is parsed.
func syntaxPhrasings() []phrasing {
	return append(bodyPhrasings(), append(valuePhrasings(), textPhrasings()...)...)
}

// bodyPhrasings are about blocks and arguments.
func bodyPhrasings() []phrasing {
	const oneLine = "A block in one line has at most one argument, and closes on that line. Give each argument and the closing brace a line of its own."
	return []phrasing{
		{"Attribute redefined", `^The argument (".*") was already set at (.*?:\d+)`, "Argument given twice", "$r1 is already given at $r2. Keep one of the two."},
		{"Invalid argument name", ``, "Name in quotes", "The name of an argument has no quotes: NAME = …."},
		{"Invalid single-argument block definition", ``, "Too much in one line", oneLine},
		{"Argument definition required", ``, "Too much in one line", oneLine},
		{"Invalid block definition", `equals sign`, "Equals sign before a block", "A block has no equals sign: write NAME { … }."},
		{"Invalid block definition", ``, "Block without braces", `After the name of a block comes its label in quotes, if it has one, and an opening brace, in one line: NAME "LABEL" {.`},
		{"Missing newline after argument", ``, "Too much in one line", "A new line begins after the value of an argument. To put a comma or bracket into a text, put it in quotes."},
		{"Missing newline after block definition", ``, "Too much in one line", "A new line begins after the closing brace of a block."},
		{"Unclosed configuration block", ``, "Block is not closed", "The closing brace of this block is missing, or that of one inside it."},
		{"Argument or block definition required", ``, "Neither argument nor block", `Only NAME = VALUE and NAME "LABEL" { … } can stand here.`},
	}
}

// valuePhrasings are about expressions.
func valuePhrasings() []phrasing {
	return []phrasing{
		{"Invalid expression", `^Expected the start of an expression`, "Value is missing", "A value is wanted here. Text goes in quotes."},
		{"Missing expression", ``, "Value is missing", "A value is wanted here. Text goes in quotes."},
		{"Missing false expression in conditional", ``, "Half a choice", "Write both sides: CONDITION ? VALUE : OTHER."},
		{"Unbalanced parentheses", ``, "Bracket is not closed", "A closing bracket ) is missing before this."},
		{"Missing closing parenthesis", ``, "Bracket is not closed", "After the argument with … comes the closing bracket )."},
		{"Missing argument separator", ``, "Comma is missing", "A comma stands between two arguments, and the closing bracket ) after the last."},
		{"Missing item separator", ``, "Comma is missing", "A comma stands between two items of a list, and the closing bracket ] after the last."},
		{"Missing attribute separator", ``, "Comma is missing", "A comma or a new line stands between two entries of a map, and the closing brace } after the last."},
		{"Missing attribute value", ``, "Value is missing", "An entry of a map is NAME = VALUE."},
		{"Missing key/value separator", ``, "Equals sign is missing", "An entry of a map is NAME = VALUE; a name with dots or spaces in it goes in quotes. The closing brace } comes after the last."},
		{"Invalid attribute name", ``, "Name is missing", "A name is wanted after the dot."},
		{"Invalid legacy index syntax", ``, "Number after a dot", "The number of an item goes in brackets: LIST[0]."},
		{"Nested splat expression not allowed", ``, "Two stars", "Write [*] instead of .* to go over a list in a list."},
		{"Missing close bracket on splat index", ``, "Bracket is not closed", "A closing bracket ] is missing after the star."},
		{"Missing close bracket on index", ``, "Bracket is not closed", "A closing bracket ] is missing before this."},
		{"Invalid 'for' expression", `tuple.*`, "Invalid for", "A for in [ ] makes a list: [for x in LIST : VALUE]. One with keys is in { }: {for x in LIST : KEY => VALUE}."},
		{"Invalid 'for' expression", `building an object`, "Invalid for", "A for in { } makes a map: {for x in LIST : KEY => VALUE}."},
		{"Invalid 'for' expression", ``, "Invalid for", "Write [for x in LIST : VALUE] or {for x in LIST : KEY => VALUE}."},
		{"Missing function name", ``, "Invalid call", "Names of functions have no :: in them."},
		{"Missing open parenthesis", ``, "Invalid call", "Names of functions have no :: in them."},
		{"Invalid character", `heredoc`, "Character that cannot stand here", "Text goes in double quotes; several lines of it go between <<EOT and a line with EOT."},
	}
}

// textPhrasings are about what stands in quotes.
func textPhrasings() []phrasing {
	const expression, loop = "Expression is not closed", "Invalid template"
	const escape = ` If the text is to have ${ in it, write $${.`
	const forms = "Write %{ if CONDITION }…%{ else }…%{ endif } or %{ for x in LIST }…%{ endfor }. If the text is to have %{ in it, write %%{."
	return []phrasing{
		{"Extra characters after interpolation expression", ``, expression, "The closing brace } of ${…} is missing." + escape},
		{"Unclosed template interpolation sequence", ``, expression, "The closing brace } of ${…} is missing." + escape},
		{"Invalid template directive", ``, loop, forms},
		{"Invalid template control keyword", ``, loop, forms},
		{"Invalid 'for' directive", ``, loop, forms},
		{"Unexpected end of template", ``, loop, forms},
		{"Unexpected else directive", ``, loop, forms},
		{"Unexpected endif directive", ``, loop, forms},
		{"Unexpected endfor directive", ``, loop, forms},
		{"Extra characters in if marker", ``, loop, forms},
		{"Extra characters in for marker", ``, loop, forms},
		{"Extra characters in else marker", ``, loop, forms},
		{"Extra characters in endif marker", ``, loop, forms},
		{"Extra characters in endfor marker", ``, loop, forms},
		{"Invalid string literal", ``, "Text with an expression", "This text must be written out, without ${…} or %{…}."},
		{"Unterminated string literal", ``, "Text is not closed", "The closing quote of this text is missing."},
		{"Unterminated template string", ``, "Text is not closed", "The closing quote of this text is missing."},
		{"Invalid escape sequence", ``, "Invalid escape", `After a backslash come n, r, t, ", \, or u and four hexadecimal digits, or U and eight. Write a backslash as \\.`},
		{"Invalid multi-line string", ``, endlessText, `A text in quotes ends in its line: close it there, and each ${…} in it. Write a line break as \n, or put the lines between <<EOT and a line with EOT.`},
	}
}
