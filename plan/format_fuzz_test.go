package plan

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzFormat takes bytes as a text, and as the choices of a writer who knows
// the grammar but not where spaces belong.
func FuzzFormat(f *testing.F) {
	for _, pattern := range []string{"testdata/format/*.in", "testdata/valid/*.hcl", "testdata/invalid/*.hcl", "../plans/*.hcl", "../plans/lib/*.hcl"} {
		names, err := filepath.Glob(filepath.FromSlash(pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			src, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
			f.Add(bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n")))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if _, diags := Format(src, "p.hcl"); !diags.HasErrors() {
			checkFormat(t, "fuzz", src)
		}
		w := &messyWriter{choices: src}
		w.body(0)
		written := []byte(w.out.String())
		if _, diags := Format(written, "p.hcl"); !diags.HasErrors() { // the writer knows most of the grammar
			checkFormat(t, "written", written)
		}
	})
}

// A messyWriter writes HCL that parses, in any layout.
type messyWriter struct {
	choices []byte
	out     strings.Builder
}

// choose is one of n; the first once there are no more choices.
func (w *messyWriter) choose(n int) int {
	if len(w.choices) == 0 {
		return 0
	}
	c := int(w.choices[0])
	w.choices = w.choices[1:]
	return c % n
}

func (w *messyWriter) add(texts ...string) { w.out.WriteString(texts[w.choose(len(texts))]) }

func (w *messyWriter) newline() {
	w.add("\n", "\n\n\n", "\r\n", " \n", "# c \n", " // d\r\n\n", "\n \t\n", " /* e\r\n  f */\n")
}

func (w *messyWriter) gap() { w.add("", " ", "\t", "   ", " /* g */ ") }

func (w *messyWriter) body(depth int) {
	for i := range w.choose(5) {
		if depth < 3 && w.choose(3) == 0 {
			w.add("b", "b x", "b \"x\"", "b   x \"y\"", "b x{}\nb")
			w.gap()
			w.out.WriteString("{")
			w.newline()
			w.body(depth + 1)
			w.add("", "  ")
			w.out.WriteString("}")
			w.newline()
			continue
		}
		w.add("", "  ", "\t")
		fmt.Fprintf(&w.out, "a%d", i)
		w.gap()
		w.out.WriteString("=")
		w.gap()
		w.value(0)
		w.newline()
	}
}

// value is an expression, or a heredoc, which the end of its line must follow.
func (w *messyWriter) value(depth int) {
	if w.choose(6) == 1 {
		w.add("<<E\n  text  \n\n\n", "<<-E\n   x\n  y\r\n", "<<E\n a ${ \"${ b }\" }\n", "<<-E\n %{ if x ~}\n  z\n%{ endif }\n")
		w.add("E", "  E")
		return
	}
	w.expr(depth)
}

func (w *messyWriter) expr(depth int) {
	if depth > 4 {
		w.add("x", "1", `"t"`, "null", "x.y[0]", "for")
		return
	}
	part := func() { w.gap(); w.expr(depth + 1); w.gap() }
	around := func(before, after string) { w.out.WriteString(before); part(); w.out.WriteString(after) }
	switch w.choose(14) {
	case 0:
		w.add("x", "x.y", "1.5", "true", `"a$${b}"`, `"a\"b"`, `""`)
	case 1:
		around(`"${`, `}"`)
	case 2:
		around(`"a ${`, "}")
		around("${~", `~}"`)
	case 3:
		around("[", ",")
		w.newline()
		around("", "]")
	case 4:
		w.object(depth)
	case 5:
		around("f(", ",")
		around("", "...)")
	case 6:
		around("(", ")")
		w.add("", ".y", "[0]", "[*].z", ".*.z")
	case 7:
		around("(", ")")
		w.add("+", "-", "*", "/", "%", "==", "&&", " || ", "<", ">=")
		w.add("x", "-x", "!x", `"${x+1}"`, `"${-x}"`, "- 1")
	case 8:
		w.add("-", "!", "- ")
		w.add("x", "(-x)", `"${x}"`, `"${!x}"`)
	case 9:
		around("(", "?")
		part()
		around(":", ")")
	case 10:
		w.add("[for v in ", "[for k,v in", "[for v in\n")
		w.add(`"${x}"`, " x", " [1]")
		around(" :", "")
		w.add("", ` if "${v}"`, " if v")
		w.out.WriteString("]")
	case 11:
		around("{for k, v in x :", "=>")
		part()
		w.add("", "...")
		w.out.WriteString("}")
	case 12:
		around(`"%{ if `, ` }a%{else}`)
		around("${", `}%{ endif }"`)
	case 13:
		w.add(`"${x}"`, `"${x+1}"`, `"t"`)
		w.add(".y", "[0]", "[*]", `["${x}"]`, ".0")
	}
}

func (w *messyWriter) object(depth int) {
	w.out.WriteString("{")
	w.add("", "\n", "\n\n", " # c\n")
	for i := range w.choose(4) {
		if i > 0 {
			if strings.HasSuffix(w.out.String(), "E") { // the end of a heredoc
				w.add("\n", "\n\n\n")
			} else {
				w.add(",", "\n", ",\n", "\n\n\n", " // d\n", ",  # e \n")
			}
		}
		w.add("k", `"k"`, "(k)", `"${k}"`, `"${k}x"`, `"${"k"}"`, `"${k+1}"`)
		w.add("=", " = ", ":", "   = ")
		w.value(depth + 3)
	}
	w.add("\n", "", "\n\n", " ")
	w.out.WriteString("}")
}
