package plan

// expressionPhrasings are for what is found when an expression is evaluated.
func expressionPhrasings() []phrasing {
	list := append(entryPhrasings(), itemPhrasings()...)
	list = append(list, callPhrasings()...)
	list = append(list, operatorPhrasings()...)
	list = append(list, loopPhrasings()...)
	return append(list, typePhrasings()...)
}

// entryPhrasings are about .NAME.
func entryPhrasings() []phrasing {
	const summary = "Unknown entry"
	return []phrasing{
		{"Unsupported attribute", `^This object does not have an attribute named (".*")\.`, summary, "There is no entry $r1 in this map."},
		{"Unsupported attribute", `primitive-typed value \((\w+)\)`, summary, "Nothing can follow a text, a number or true and false with a dot: this has no entries."},
		{"Unsupported attribute", `list of objects`, summary, "This is a list. Say which item is meant by its number, as in [0], or take all of them with [*]."},
		{"Unsupported attribute", `set of objects`, summary, "This is a set, whose items have no numbers. Go over them with [for x in … : x.NAME]."},
		{"Unsupported attribute", ``, summary, "This value has no entries: nothing can follow it with a dot."},
		{"Attempt to get attribute from null value", ``, "Null has no entries", "This value is null, so nothing can follow it with a dot. Write try(…, OTHER) where it may be null."},
		{"Missing map element", `with the key (".*")\.`, summary, "There is no entry $r1 in this map."},
	}
}

// itemPhrasings are about [KEY].
func itemPhrasings() []phrasing {
	const theirs, summary = "Invalid index", "Unknown item"
	return []phrasing{
		{theirs, `fractional part`, summary, "Items have whole numbers."},
		{theirs, `negative number`, summary, "Items are counted from 0, so a negative number names none. The last item is LIST[length(LIST) - 1]."},
		{theirs, `has no elements`, summary, "The list is empty, so it has no items."},
		{theirs, `null value as an indexing key`, summary, "What is in the brackets is null, which names no item."},
		{theirs, `^Elements of a set`, summary, "The items of a set have no numbers. Write tolist(…)[0], or contains(…) to ask for one."},
		{theirs, `does not have any indices`, summary, "Only lists and maps have items: no brackets can follow this."},
		{theirs, `in this collection value: (.*)\.$`, summary, "What is in the brackets names no item: $1. Lists have items from [0] on, maps under their keys."},
		{theirs, ``, summary, "There is no such item. Lists have items from [0] on, maps under their keys."},
		{"Attempt to index null value", ``, "Null has no items", "This value is null, so no brackets can follow it. Write try(…, OTHER) where it may be null."},
		{"Splat of null value", ``, "Null has no items", "This value is null, so [*] cannot follow it. Write coalesce(…, []) where it may be null."},
	}
}

// callPhrasings are about calls of functions.
func callPhrasings() []phrasing {
	return []phrasing{
		{"Invalid function argument", `^Invalid value for "([\w ]+)" parameter: (.*)\.$`, "Wrong argument", "$f cannot take this as $r1: $2."},
		{"Error in function call", `failed: (.*?)\.?$`, "Wrong argument", "$f cannot be computed: $1."},
		{"Invalid expanding argument value", `null`, "Wrong kind of value", "What stands before … is null. It must be a list or a set."},
		{"Invalid expanding argument value", ``, "Wrong kind of value", "What stands before … must be a list or a set, whose items become arguments."},
		{"Not enough function arguments", `^Function "(\w+)".*Missing value for "(\w+)"`, "Wrong number of arguments", "$r1() needs more arguments: $r2 is missing."},
		{"Too many function arguments", `^Function "(\w+)"`, "Wrong number of arguments", "$r1() takes fewer arguments than it is given here."},
	}
}

// operatorPhrasings are about operators and templates.
func operatorPhrasings() []phrasing {
	const wrong = "Wrong kind of value"
	return []phrasing{
		{"Invalid operand", `^Unsuitable value for (left|right) operand: (.*)\.$`, wrong, "The $r1 side of the operator cannot be used: $2."},
		{"Invalid operand", `^Unsuitable value for unary operand: (.*)\.$`, wrong, "What the operator stands before cannot be used: $1."},
		{"Operation failed", `must not be null`, "Null in a computation", "One side of the operator is null. Write coalesce(…, OTHER) where it may be null."},
		{"Operation failed", `infinity`, "Cannot be computed", "The operator has no result: nothing can be divided by zero."},
		{"Operation failed", `^Error during operation: (.*?)\.?$`, "Cannot be computed", "The operator has no result: $1."},
		{"Null condition", ``, wrong, "What stands before the question mark is null. It must be true or false."},
		{"Incorrect condition type", ``, wrong, "What stands before the question mark must be true or false."},
		{"Inconsistent conditional result types", `The 'true' value is ([a-z ]+), but the 'false' value is ([a-z ]+)\.$`, "Choices of several kinds", "Both sides of the colon must be of one kind, not $k1 and $k2."},
		{"Inconsistent conditional result types", `^The true and false result expressions must have consistent types\. (.*)\.$`, "Choices of several kinds", "Both sides of the colon must be of one kind: $1."},
		{"Invalid template interpolation value", `null`, "Null in a text", `This value is null, and a text cannot have that in it. Write coalesce(…, "") where it may be null.`},
		{"Invalid template interpolation value", `required, but have (.*)\.$`, wrong, `A text can have texts, numbers, true and false in it, but this is $k1. Write jsonencode(…) or join(", ", …).`},
		{"Null value as key", ``, "Invalid key", "null cannot be a key of a map."},
		{"Incorrect key type", `: (.*)\.$`, "Invalid key", "The key of a map must be a text: $1."},
	}
}

// loopPhrasings are about for expressions.
func loopPhrasings() []phrasing {
	const over = "Nothing to go over"
	return []phrasing{
		{"Iteration over null value", ``, over, "for goes over a list, a set or a map, but this is null."},
		{"Iteration over non-iterable value", `type (.*) cannot be used`, over, "for goes over a list, a set or a map, but this is $k1."},
		{"Condition is null", ``, "Wrong kind of value", "What follows if must be true or false, but it is null."},
		{"Invalid 'for' condition", ``, "Wrong kind of value", "What follows if must be true or false."},
		{"Invalid object key", ``, "Invalid key", "A key that for makes must be a text, but it makes one that is not."},
		{"Duplicate object key", `produced the key (".*?") in`, "Key given twice", "for makes the key $r1 twice. Make keys that differ, or write … after the value to collect those of one key in a list."},
	}
}

// typePhrasings are about the type of a variable.
func typePhrasings() []phrasing {
	const theirs, summary = "Invalid type specification", "Invalid type"
	return []phrasing{
		{theirs, `[Kk]eyword "(\w+)" is not a valid`, summary, `There is no type $r1. There are string, number, bool, any, list(TYPE), set(TYPE), map(TYPE), tuple([TYPE, …]) and object({ NAME = TYPE }).`},
		{theirs, `[Tt]uple type constructor requires`, summary, "Say of what: tuple([TYPE, …])."},
		{theirs, `^The (\w+) type constructor requires one argument specifying the element type`, summary, "Say of what: $r1(TYPE), for example $r1(string)."},
		{theirs, `[Oo]bject type constructor requires`, summary, "Say of what: object({ NAME = TYPE, … })."},
		{theirs, `keyword "(\w+)" does not expect arguments`, summary, "$r1 is a whole type: nothing is in brackets behind it."},
		{theirs, `keys must be`, summary, "Each name in an object stands once, and without quotes: object({ NAME = TYPE, … })."},
		{theirs, `[Oo]ptional`, summary, "optional(TYPE) and optional(TYPE, DEFAULT) stand in an object: object({ NAME = optional(TYPE, DEFAULT) })."},
		{theirs, ``, summary, "A type is string, number, bool, any, list(TYPE), set(TYPE), map(TYPE), tuple([TYPE, …]) or object({ NAME = TYPE })."},
		{"Invalid default value for optional attribute", `: (.*)\.$`, summary, "The default of an optional entry does not fit its type: $1."},
	}
}
