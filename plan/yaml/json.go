package yaml

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// A jsonReader reads JSON. YAML is nearly a superset of it, but a JSON file
// should be held to what other programs take for JSON, be told about in JSON's
// words, and may have pairs of \u escapes, which YAML does not know.
type jsonReader struct {
	*composer
	at    int
	depth int
	fault *hcl.Diagnostic // the first; nothing is read after it
}

// json reads the one value of a JSON text; nil: there is none.
func (c *composer) json() *node {
	r := &jsonReader{composer: c}
	r.space()
	if r.at == len(c.src.text) {
		return nil
	}
	root := r.value()
	if r.space(); r.fault == nil && r.at < len(c.src.text) {
		r.fail("Something is left over after the end of the value. A plan is one JSON object.")
	}
	if r.fault != nil {
		c.diags = append(hcl.Diagnostics{r.fault}, c.diags...)
		if root.kind != object {
			return nil
		}
	}
	return root
}

// fail stops reading.
func (r *jsonReader) fail(detail string, args ...any) {
	if r.fault == nil {
		r.fault = problem(r.src.rng(r.at, r.src.wordEnd(r.at)), "Invalid JSON", detail, args...)
	}
}

// peek is the next byte, 0 at the end and after a mistake.
func (r *jsonReader) peek() byte {
	if r.fault != nil || r.at >= len(r.src.text) {
		return 0
	}
	return r.src.text[r.at]
}

func (r *jsonReader) space() {
	for c := r.peek(); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = r.peek() {
		r.at++
	}
}

// value reads a value; where there is none it is null, with a mistake noted.
func (r *jsonReader) value() *node {
	n := &node{src: r.src, from: r.at, to: r.at, size: 1}
	switch c := r.peek(); {
	case c == '{' || c == '[':
		if r.depth++; r.depth > MaxDepth {
			r.fault = problem(r.src.rng(r.at, r.at+1), "Nested too deeply", "Values are nested more than %d deep here. Name parts of them in locals, or simplify them.", MaxDepth)
			return n
		}
		if c == '{' {
			r.object(n)
		} else {
			r.array(n)
		}
		r.depth--
	case c == '"':
		r.string(n)
		if r.fault == nil {
			n.to = r.at
			n.template = r.parseTemplate(n)
		} else {
			n.kind = null
		}
	default:
		r.word(n)
	}
	n.to = r.at
	return n
}

// object reads { … }.
func (r *jsonReader) object(n *node) {
	n.kind = object
	first := map[string]*node{}
	r.entries('}', func() {
		if r.peek() != '"' {
			r.fail("A key in double quotes is wanted here.")
			return
		}
		key := r.value()
		if r.space(); r.peek() != ':' {
			r.fail("A colon is wanted after a key.")
			return
		}
		r.at++
		r.space()
		if value := r.value(); r.fault == nil && r.once(first, key) {
			n.pairs = append(n.pairs, pair{key, value})
		}
	})
}

// array reads [ … ].
func (r *jsonReader) array(n *node) {
	n.kind = list
	r.entries(']', func() {
		n.dashes = append(n.dashes, r.at)
		n.items = append(n.items, r.value())
	})
}

// entries reads what stands in brackets, with commas in between.
func (r *jsonReader) entries(end byte, entry func()) {
	r.at++
	r.space()
	for first := true; r.fault == nil && (!first || r.peek() != end); first = false {
		if !first {
			r.at++ // the comma
			if r.space(); r.peek() == end {
				r.fail("There is a comma before the closing bracket. Take it out.")
			}
		}
		entry()
		if r.space(); r.peek() != ',' && r.peek() != end {
			r.fail("A comma or %c is wanted here.", end)
		}
		if r.peek() == end {
			break
		}
	}
	if r.fault == nil {
		r.at++
	}
}

// word reads a number, true, false or null.
func (r *jsonReader) word(n *node) {
	end := r.at
	for end < len(r.src.text) && wordByte(r.src.text[end]) {
		end++
	}
	n.value = string(r.src.text[r.at:end])
	n.trace = trace{{val: 0, src: r.at, n: len(n.value), size: len(n.value)}}
	switch v := n.value; {
	case r.fault != nil:
		return
	case v == "null":
		n.kind = null
	case v == "true" || v == "false":
		n.kind = boolean
	case isNumber(v) && v[0] != '+' && v[0] != '.' && !strings.HasPrefix(v, "-.") && !dangling(v):
		n.kind = number
		n.to = end
		r.checkNumber(n)
	case v == "":
		r.fail("A value is wanted here: a text in double quotes, a number, true, false, null, [ … ] or { … }.")
		return
	default:
		r.fail("%s is no value of JSON. Put it in double quotes if it is a text.", shortened(v))
		return
	}
	r.at = end
}

func wordByte(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || strings.IndexByte("+-.0123456789_", c) >= 0
}

// dangling reports whether nothing follows the point of a number.
func dangling(v string) bool {
	_, fraction, has := strings.Cut(v, ".")
	return has && (fraction == "" || fraction[0] < '0' || fraction[0] > '9')
}

// string reads "…" and where each part of it is written.
func (r *jsonReader) string(n *node) {
	n.kind = text
	var b strings.Builder
	r.at++
	for r.fault == nil {
		part, size := r.character()
		if size == 0 {
			break
		}
		n.trace = n.trace.add(run{val: b.Len(), src: r.at, n: len(part), size: size})
		b.WriteString(part)
		r.at += size
	}
	n.value = b.String()
	r.at++ // the closing quote
}

// character is the next character of a string and how many bytes it is written
// as, 0 at the closing quote and after a mistake.
func (r *jsonReader) character() (string, int) {
	rest := r.src.text[min(r.at, len(r.src.text)):]
	switch {
	case len(rest) == 0:
		r.fail("The file ends before this text does. Close it with a double quote.")
		return "", 0
	case rest[0] == '"':
		return "", 0
	case rest[0] < ' ':
		r.fail("A text goes on to the next line, or has a control character in it. Close it with a double quote, or write \\n for a line break and \\t for a tab.")
		return "", 0
	case rest[0] != '\\':
		c, size := utf8.DecodeRune(rest)
		if c == utf8.RuneError && size <= 1 {
			r.fail("The file is not UTF-8 text here. Save it as UTF-8.")
			return "", 0
		}
		return string(rest[:size]), size
	}
	return r.escape(rest)
}

// escape reads what begins with a backslash.
func (r *jsonReader) escape(rest []byte) (string, int) {
	if len(rest) > 1 {
		const names, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		if i := strings.IndexByte(names, rest[1]); i >= 0 {
			return meanings[i : i+1], 2
		}
	}
	first, err := unit(rest)
	if err != nil {
		r.fail("%s", err)
		return "", 0
	}
	if !utf16.IsSurrogate(first) {
		return string(first), 6
	}
	second, err := unit(rest[6:])
	whole := utf16.DecodeRune(first, second)
	if err != nil || whole == utf8.RuneError {
		r.fail("\\u%04x is half of a pair of escapes; the other half must follow it.", first)
		return "", 0
	}
	return string(whole), 12
}

// unit reads \u and four digits.
func unit(rest []byte) (rune, error) {
	if len(rest) >= 6 && rest[0] == '\\' && rest[1] == 'u' {
		if code, err := strconv.ParseUint(string(rest[2:6]), 16, 16); err == nil {
			return rune(code), nil
		}
	}
	return 0, fmt.Errorf("there is no such escape; JSON has \\\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t and \\u with four digits")
}
