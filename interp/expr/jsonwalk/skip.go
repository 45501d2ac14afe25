package jsonwalk

// Most of a document is walked over here: what no path leads into.

// skip is the index behind the value that must begin at i, with depth objects
// and arrays around it.
func skip(doc []byte, i, depth int) int {
	if uint(i) >= uint(len(doc)) {
		return -1
	}
	switch doc[i] {
	case '"':
		i, _ = text(doc, i+1)
		return i
	case '{':
		return skipObject(doc, i+1, depth+1)
	case '[':
		return skipArray(doc, i+1, depth+1)
	case 't':
		return word(doc, i, "true")
	case 'f':
		return word(doc, i, "false")
	case 'n':
		return word(doc, i, "null")
	}
	return number(doc, i)
}

// skipObject is the index behind the object whose first key begins at i.
func skipObject(doc []byte, i, depth int) int {
	if depth > maxDepth {
		return -1
	}
	if i = gap(doc, i); i < len(doc) && doc[i] == '}' {
		return i + 1
	}
	for uint(i) < uint(len(doc)) && doc[i] == '"' {
		if i, _ = text(doc, i+1); i < 0 {
			return -1
		}
		i = skip(doc, colon(doc, i), depth)
		if i = gap(doc, i); uint(i) >= uint(len(doc)) || doc[i] != ',' {
			return closed(doc, i, '}')
		}
		i = gap(doc, i+1)
	}
	return -1
}

// skipArray is the index behind the array whose first element begins at i.
func skipArray(doc []byte, i, depth int) int {
	if depth > maxDepth {
		return -1
	}
	if i = gap(doc, i); i < len(doc) && doc[i] == ']' {
		return i + 1
	}
	for {
		i = skip(doc, i, depth)
		if i = gap(doc, i); uint(i) >= uint(len(doc)) || doc[i] != ',' {
			return closed(doc, i, ']')
		}
		i = gap(doc, i+1)
	}
}

// closed is the index behind the bracket that must be at i.
func closed(doc []byte, i int, bracket byte) int {
	if uint(i) >= uint(len(doc)) || doc[i] != bracket {
		return -1
	}
	return i + 1
}
