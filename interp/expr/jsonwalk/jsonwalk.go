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
	return w.walk()
}

// Valid reports whether doc is JSON.
func Valid(doc []byte) bool {
	_, _, err := Find(doc, nil)
	return err == nil
}

// A walker is one walk over a document. Its methods take the index at which
// something begins and give that behind its end, or -1 where it is not JSON.
//
// The level of a value is how many steps of the path led to it, and so the
// number of objects and arrays around it. What no path leads to is skipped.
type walker struct {
	doc   []byte
	path  []Step
	index *index // to remember the members of the outermost object in, or nil

	found  []byte
	failed int
	err    error
}

func (w *walker) walk() (found []byte, failed int, err error) {
	end := w.value(gap(w.doc, 0), 0)
	if end < 0 || gap(w.doc, end) != len(w.doc) {
		return nil, 0, ErrInvalid
	}
	return w.found, w.failed, w.err
}

// value walks over a value on the path.
func (w *walker) value(i, level int) int {
	if level == len(w.path) {
		end := skip(w.doc, i, level)
		if end >= 0 {
			w.found, w.err = w.doc[i:end], nil
		}
		return end
	}
	if uint(i) >= uint(len(w.doc)) {
		return -1
	}
	switch w.doc[i] {
	case '{':
		return w.object(i+1, level)
	case '[':
		return w.array(i+1, level)
	case 'n':
		w.fail(level, ErrNull)
	default:
		w.fail(level, ErrScalar)
	}
	return skip(w.doc, i, level)
}

func (w *walker) fail(level int, err error) { w.found, w.failed, w.err = nil, level, err }

// object walks over what follows a curly bracket. Of equal keys the last one
// counts, so it looks at all of them.
func (w *walker) object(i, level int) int {
	w.fail(level, ErrMissing)
	if level >= maxDepth {
		return -1
	}
	doc, step := w.doc, &w.path[level]
	if i = gap(doc, i); i < len(doc) && doc[i] == '}' {
		return i + 1
	}
	for uint(i) < uint(len(doc)) && doc[i] == '"' {
		key := i + 1
		end, plain := text(doc, key)
		if end < 0 {
			return -1
		}
		if i = colon(doc, end); level == 0 && w.index != nil {
			w.index.add(member{int32(key), int32(end - 1), int32(i), plain})
		}
		if step.matches(doc[key:end-1], plain) {
			i = w.value(i, level+1)
		} else {
			i = skip(doc, i, level+1)
		}
		if i = gap(doc, i); uint(i) >= uint(len(doc)) || doc[i] != ',' {
			return closed(doc, i, '}')
		}
		i = gap(doc, i+1)
	}
	return -1
}

// array walks over what follows a square bracket.
func (w *walker) array(i, level int) int {
	w.fail(level, ErrMissing)
	if level >= maxDepth {
		return -1
	}
	doc, wanted := w.doc, w.path[level].Index
	if w.path[level].Attribute {
		w.err, wanted = ErrScalar, -1
	}
	if i = gap(doc, i); i < len(doc) && doc[i] == ']' {
		return i + 1
	}
	for element := 0; ; element++ {
		if element == wanted {
			i = w.value(i, level+1)
		} else {
			i = skip(doc, i, level+1)
		}
		if i = gap(doc, i); uint(i) >= uint(len(doc)) || doc[i] != ',' {
			return closed(doc, i, ']')
		}
		i = gap(doc, i+1)
	}
}
