// Package jsonwalk finds values in JSON text by walking over its bytes.
//
// A load generator reads one id out of an answer of some kilobytes, again and
// again; to decode the rest would cost far more than the request did. A walk
// decodes nothing: it checks that the text is JSON from end to end, compares
// keys where they lie, and gives the bytes of the value that a path leads to.
//
//	{"total": 2, "items": [{"id": 7}, {"id": 8}]}
//	                                        ^  items, element 1, id
//
// What it takes for JSON is bounded, since the text is a server's: no more than
// 1,000 levels, no number of more than 4,096 bytes or beyond 1e±1233. All else
// is as encoding/json has it: bytes that are not UTF-8 become U+FFFD, and of
// equal keys the last one counts.
package jsonwalk

import "errors"

const (
	maxDepth    = 1000 // levels of objects and arrays
	maxNumber   = 4096 // bytes of a number
	maxExponent = 1233 // of 10, for the number and for its reciprocal
)

// Why a path leads nowhere.
var (
	ErrInvalid = errors.New("the text is not JSON, or goes beyond 1000 levels or 1e1233")
	ErrMissing = errors.New("there is no such attribute or element")
	ErrNull    = errors.New("the value is null")
	ErrScalar  = errors.New("the value is neither an object nor a list")
)

// A Step leads from a value to one in it.
type Step struct {
	Name      string // of an attribute, in Unicode's normal form C
	Index     int    // of an element; below 0: it can be none
	Attribute bool   // it names an attribute, and never an element
}

// Find gives the bytes of the value that path leads to from the whole of doc.
// Where there is none, failed is the index of the step that cannot be taken. It
// does not allocate, unless a key is escaped or not ASCII.
func Find(doc []byte, path []Step) (found []byte, failed int, err error) {
	w := walker{doc: doc, path: path}
	end := w.value(space(doc, 0), 0)
	if end < 0 || space(doc, end) != len(doc) {
		return nil, 0, ErrInvalid
	}
	return w.found, w.failed, w.err
}

// Valid reports whether doc is JSON.
func Valid(doc []byte) bool {
	_, _, err := Find(doc, nil)
	return err == nil
}

// A walker is one walk over a document. Its methods take the index at which
// something begins and give that behind its end, or -1 where it is not JSON.
type walker struct {
	doc   []byte
	path  []Step
	depth int

	found  []byte
	failed int
	err    error
}

// off is the level of what no path leads into.
const off = -1

// value walks over a value: one that level steps of the path led to, or off it.
func (w *walker) value(i, level int) int {
	if level == len(w.path) {
		end := w.value(i, off)
		if end >= 0 {
			w.found, w.err = w.doc[i:end], nil
		}
		return end
	}
	if i >= len(w.doc) {
		return -1
	}
	switch w.doc[i] {
	case '{':
		return w.object(i+1, level)
	case '[':
		return w.array(i+1, level)
	}
	if level >= 0 {
		w.fail(level, ErrScalar)
	}
	switch w.doc[i] {
	case '"':
		end, _ := text(w.doc, i+1)
		return end
	case 't':
		return word(w.doc, i, "true")
	case 'f':
		return word(w.doc, i, "false")
	case 'n':
		if level >= 0 {
			w.fail(level, ErrNull)
		}
		return word(w.doc, i, "null")
	}
	return number(w.doc, i)
}

func (w *walker) fail(level int, err error) { w.found, w.failed, w.err = nil, level, err }

// object walks over what follows a curly bracket. Of equal keys the last one
// counts, so it looks at all of them.
func (w *walker) object(i, level int) int {
	if w.depth++; w.depth > maxDepth {
		return -1
	}
	if level >= 0 {
		w.fail(level, ErrMissing)
	}
	if i = space(w.doc, i); i < len(w.doc) && w.doc[i] == '}' {
		w.depth--
		return i + 1
	}
	for {
		next := off
		end, plain := name(w.doc, i)
		if end < 0 {
			return -1
		}
		if level >= 0 && w.path[level].matches(w.doc[i+1:end-1], plain) {
			next = level + 1
		}
		if i = colon(w.doc, end); i < 0 {
			return -1
		}
		if i = w.value(i, next); i < 0 {
			return -1
		}
		var more bool
		if i, more = comma(w.doc, i, '}'); !more {
			w.depth--
			return i
		}
	}
}

// array walks over what follows a square bracket.
func (w *walker) array(i, level int) int {
	if w.depth++; w.depth > maxDepth {
		return -1
	}
	wanted := -1
	if level >= 0 {
		w.fail(level, ErrMissing)
		if s := &w.path[level]; s.Attribute {
			w.err = ErrScalar
		} else {
			wanted = s.Index
		}
	}
	if i = space(w.doc, i); i < len(w.doc) && w.doc[i] == ']' {
		w.depth--
		return i + 1
	}
	for element := 0; ; element++ {
		next := off
		if element == wanted {
			next = level + 1
		}
		if i = w.value(i, next); i < 0 {
			return -1
		}
		var more bool
		if i, more = comma(w.doc, i, ']'); !more {
			w.depth--
			return i
		}
	}
}
