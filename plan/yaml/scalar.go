package yaml

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A walker goes through a scalar's value and its source side by side.
type walker struct {
	src   []byte
	at    int // in src
	value string
	done  int // of value
	runs  trace
}

// put steps over size bytes of the source that stand for a text; it is false
// where the value goes on otherwise.
func (w *walker) put(text string, size int) bool {
	if w.at+size > len(w.src) || !strings.HasPrefix(w.value[w.done:], text) {
		return false
	}
	if text != "" {
		w.runs = w.runs.add(run{val: w.done, src: w.at, n: len(text), size: size})
	}
	w.done += len(text)
	w.at += size
	return true
}

// same steps over n bytes that source and value have in common.
func (w *walker) same(n int) bool {
	if w.at+n > len(w.src) {
		return false
	}
	return w.put(string(w.src[w.at:w.at+n]), n)
}

// stretch is how many bytes there are before white space or one of some others.
func (w *walker) stretch(others string) int {
	at := w.at
	for at < len(w.src) && w.src[at] > ' ' && strings.IndexByte(others, w.src[at]) < 0 {
		at++
	}
	return max(at-w.at, 1)
}

// lineBreak is the size of a line break at an offset; 0: there is none.
func (w *walker) lineBreak(at int) int {
	switch {
	case at >= len(w.src):
		return 0
	case w.src[at] == '\n':
		return 1
	case w.src[at] == '\r' && at+1 < len(w.src) && w.src[at+1] == '\n':
		return 2
	}
	return 0
}

// blanks is the offset after the spaces and tabs at an offset.
func (w *walker) blanks(at int) int {
	for at < len(w.src) && (w.src[at] == ' ' || w.src[at] == '\t') {
		at++
	}
	return at
}

// breaks counts line breaks from an offset on, with the white space around
// them, and says where they end.
func (w *walker) breaks(at int) (n, end int) {
	at = w.blanks(at)
	for size := w.lineBreak(at); size > 0; size = w.lineBreak(at) {
		n++
		at = w.blanks(at + size)
	}
	return n, at
}

// folded is what n line breaks in the middle of a text come to.
func folded(n int) string {
	if n == 1 {
		return " "
	}
	return strings.Repeat("\n", n-1)
}

// plain walks through a text without quotes.
func (w *walker) plain() bool {
	for w.done < len(w.value) {
		if n, end := w.breaks(w.at); n > 0 {
			if !w.put(folded(n), end-w.at) {
				return false
			}
		} else if !w.same(min(w.stretch(""), len(w.value)-w.done)) {
			return false
		}
	}
	return true
}

// singleQuoted walks through 'a text'.
func (w *walker) singleQuoted() bool {
	w.at++
	for w.at < len(w.src) {
		n, end := w.breaks(w.at)
		ok := false
		switch {
		case n > 0:
			ok = w.put(folded(n), end-w.at)
		case strings.HasPrefix(string(w.src[w.at:min(w.at+2, len(w.src))]), "''"):
			ok = w.put("'", 2)
		case w.src[w.at] == '\'':
			w.at++
			return w.done == len(w.value)
		default:
			ok = w.same(w.stretch("'"))
		}
		if !ok {
			return false
		}
	}
	return false
}

// doubleQuoted walks through "a text".
func (w *walker) doubleQuoted() bool {
	w.at++
	for w.at < len(w.src) {
		n, end := w.breaks(w.at)
		ok := false
		switch {
		case n > 0:
			ok = w.put(folded(n), end-w.at)
		case w.src[w.at] == '"':
			w.at++
			return w.done == len(w.value)
		case w.src[w.at] == '\\':
			ok = w.escape()
		default:
			ok = w.same(w.stretch(`"\`))
		}
		if !ok {
			return false
		}
	}
	return false
}

// escape steps over a backslash and what it stands for. Before a line break it
// takes that away, with the white space that the next line begins with.
func (w *walker) escape() bool {
	if size := w.lineBreak(w.at + 1); size > 0 {
		n, end := w.breaks(w.at + 1)
		return w.put(strings.Repeat("\n", n-1), end-w.at)
	}
	if w.at+1 >= len(w.src) {
		return false
	}
	c := w.src[w.at+1]
	if i := strings.IndexByte("xuU", c); i >= 0 {
		digits := []int{2, 4, 8}[i]
		if w.at+2+digits > len(w.src) {
			return false
		}
		code, err := strconv.ParseUint(string(w.src[w.at+2:w.at+2+digits]), 16, 32)
		return err == nil && w.put(string(utf8.AppendRune(nil, rune(code))), 2+digits)
	}
	const names, meanings = "0abtnvfre \"/\\\tN_LP", "\x00\a\b\t\n\v\f\r\x1b \"/\\\t\u0085\u00a0\u2028\u2029"
	i := strings.IndexByte(names, c)
	return i >= 0 && w.put(string([]rune(meanings)[i]), 2)
}
