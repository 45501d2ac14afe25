package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// jsonTable reads a list of plain values or of objects. The text is checked as a
// whole first, so that walking it can trust it.
func jsonTable(src []byte) (*Table, error) {
	if !json.Valid(src) {
		return nil, jsonError(src)
	}
	w := &jsonWalker{text: string(src)}
	w.space()
	if w.text[w.at] != '[' {
		return nil, w.wrong(w.at, "it must be a list of plain values or of objects: [ …, … ]")
	}
	b := &tableBuilder{}
	for w.list() {
		start := w.at
		if err := w.row(b); err != nil {
			return nil, w.wrong(start, err.Error())
		}
	}
	return b.table()
}

// jsonError says what is wrong with a text that is not JSON, and where.
func jsonError(src []byte) error {
	var syntax *json.SyntaxError
	err := json.Unmarshal(src, new(json.RawMessage))
	if !errors.As(err, &syntax) {
		return errors.New("it is not JSON")
	}
	at := max(min(int(syntax.Offset), len(src))-1, 0)
	text := syntax.Error()
	if len(bytes.TrimSpace(src)) == 0 {
		text = "it is empty"
	}
	return (&jsonWalker{text: string(src[:at+btoi(len(src) > 0)])}).wrong(at, "it is not JSON: "+text)
}

// A jsonWalker walks over a text that is known to be JSON.
type jsonWalker struct {
	text string
	at   int
}

// wrong is an error at a byte.
func (w *jsonWalker) wrong(at int, text string) error {
	before := w.text[:at]
	return &tableError{1 + strings.Count(before, "\n"), at - strings.LastIndexByte(before, '\n'), text}
}

func (w *jsonWalker) space() {
	for w.at < len(w.text) && strings.IndexByte(" \t\r\n", w.text[w.at]) >= 0 {
		w.at++
	}
}

// list goes to the next element of a list or an object; at its end it goes
// behind it and is false. The text stands before the element: at the opening
// bracket, at a comma, or at the closing bracket.
func (w *jsonWalker) list() bool {
	w.space()
	sign := w.text[w.at]
	w.at++
	if sign == ']' || sign == '}' {
		return false
	}
	w.space()
	if end := w.text[w.at]; end == ']' || end == '}' { // empty
		w.at++
		return false
	}
	return true
}

// row adds the value that comes next to a table.
func (w *jsonWalker) row(b *tableBuilder) error {
	if w.text[w.at] != '{' {
		cell, err := w.cell()
		if err != nil {
			return err
		}
		return b.plain(cell)
	}
	if err := b.object(); err != nil {
		return err
	}
	for w.list() {
		name := unquoted(w.value())
		w.space()
		w.at++ // the colon
		w.space()
		cell, err := w.cell()
		if err != nil {
			return err
		}
		if err := b.set(name, cell); err != nil {
			return err
		}
	}
	return nil
}

// cell is the value that comes next.
func (w *jsonWalker) cell() (Cell, error) {
	text := w.value()
	switch text[0] {
	case '"':
		return Cell{CellString, unquoted(text)}, nil
	case 'n':
		return Cell{}, nil
	case 't', 'f':
		return Cell{CellBool, text}, nil
	case '[', '{':
		return structured(text)
	}
	if f, err := strconv.ParseFloat(text, 64); err != nil || math.IsInf(f, 0) || len(text) > maxDigits {
		return Cell{}, fmt.Errorf("a number is out of range: numbers have at most %d digits and are at most 1e308", maxDigits)
	}
	return Cell{CellNumber, text}, nil
}

// structured is a list or an object as a cell, without the spaces in it.
func structured(text string) (Cell, error) {
	depth := 0
	w := &jsonWalker{text: text}
	for ; w.at < len(text); w.at++ {
		switch text[w.at] {
		case '"':
			w.skipText()
			w.at--
		case '[', '{':
			if depth++; depth > maxDepth {
				return Cell{}, fmt.Errorf("a value is nested more than %d deep", maxDepth)
			}
		case ']', '}':
			depth--
		}
	}
	var short bytes.Buffer
	if err := json.Compact(&short, []byte(text)); err != nil {
		return Cell{}, err
	}
	return Cell{CellJSON, short.String()}, nil
}

// value goes behind the value that comes next and returns it as it is written.
func (w *jsonWalker) value() string {
	start, depth := w.at, 0
	for w.at < len(w.text) {
		switch c := w.text[w.at]; {
		case c == '"':
			w.skipText()
		case c == '[' || c == '{':
			depth++
			w.at++
		case (c == ']' || c == '}') && depth > 0:
			depth--
			w.at++
		case depth > 0:
			w.at++
			continue
		default:
			w.skipWord()
		}
		if depth == 0 {
			break
		}
	}
	return w.text[start:w.at]
}

// skipWord goes behind a number, true, false or null.
func (w *jsonWalker) skipWord() {
	for w.at < len(w.text) && strings.IndexByte(" \t\r\n,:]}", w.text[w.at]) < 0 {
		w.at++
	}
}

// skipText goes behind a text.
func (w *jsonWalker) skipText() {
	for w.at++; w.text[w.at] != '"'; w.at++ {
		if w.text[w.at] == '\\' {
			w.at++
		}
	}
	w.at++
}

// unquoted is the text that is written in quotes.
func unquoted(quoted string) string {
	if strings.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var text string
	if err := json.Unmarshal([]byte(quoted), &text); err != nil {
		return quoted // it was checked
	}
	return text
}
