package yaml

import (
	"bytes"
	"strings"
)

// blockScalar walks through a text that begins with | or > and goes on, one
// level deeper, on the lines below.
//
//	path: >-          header
//	  /api/tasks      indented by 2
//	  ?a=${var.a}     folded onto the line before
//	    &b=1          indented more: the line breaks around it stay
//
// Between two lines the walker stands at the end of the first.
func (w *walker) blockScalar() bool {
	folds := w.at < len(w.src) && w.src[w.at] == '>'
	w.at = w.lineEnd()
	w.at += w.lineBreak(w.at)
	indent, ok := w.indent()
	if !ok {
		return w.put(w.value, 0) && strings.Trim(w.value, " \t\n") == ""
	}
	before := true // the line before was indented more, or there is none
	for {
		at, breaks := w.nextLine(indent)
		if rest := w.value[w.done:]; strings.Trim(rest, "\n") == "" {
			return w.put(rest, 0)
		}
		more := w.blanks(at+indent) > at+indent
		text := strings.Repeat("\n", breaks)
		if folds && !before && !more && breaks > 0 {
			text = folded(breaks)
		}
		if !w.put(text, at+indent-w.at) || !w.same(w.lineEnd()-w.at) {
			return false
		}
		before = more
	}
}

// lineEnd is where the line that the walker is in ends.
func (w *walker) lineEnd() int {
	n := bytes.IndexByte(w.src[w.at:], '\n')
	if n < 0 {
		return len(w.src)
	}
	if end := w.at + n; end > w.at && w.src[end-1] == '\r' {
		return end - 1
	}
	return w.at + n
}

// indent is by how much the lines are indented: the difference between the
// first line that is not empty as it is written and as it was read. That holds
// where the header gives the indentation, too.
func (w *walker) indent() (int, bool) {
	at, text := w.at, w.value
	for {
		end := at
		for end < len(w.src) && w.src[end] == ' ' {
			end++
		}
		if size := w.lineBreak(end); size > 0 {
			_, rest, more := strings.Cut(text, "\n")
			if !more {
				return 0, false
			}
			at, text = end+size, rest
			continue
		}
		own := len(text) - len(strings.TrimLeft(text, " "))
		return end - at - own, end-at >= own && strings.Trim(text, "\n") != ""
	}
}

// nextLine is where the next line with something beyond the indentation begins,
// and how many line breaks are before it.
func (w *walker) nextLine(indent int) (at, breaks int) {
	at = w.at
	if w.done > 0 {
		size := w.lineBreak(at)
		at += size
		breaks = min(size, 1)
	}
	for {
		end := at
		for end < len(w.src) && end-at < indent && w.src[end] == ' ' {
			end++
		}
		size := w.lineBreak(end)
		if size == 0 {
			return at, breaks
		}
		at = end + size
		breaks++
	}
}
