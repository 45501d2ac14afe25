package yaml

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"go.yaml.in/yaml/v4"
)

// quoteHint is the mend for most of what goes wrong without quotes.
const quoteHint = " Put the whole value in quotes: without them YAML ends it at \": \" and \" #\", and between { } or [ ] at a comma or bracket."

const tabs = "There is a tab where spaces are wanted. Indent with spaces."

// foreign finds the first character that a plan cannot have: what some programs
// take for a line break and others do not, and what nobody can see.
func (s *source) foreign() *hcl.Diagnostic {
	for i := 0; i < len(s.text); {
		r, size := utf8.DecodeRune(s.text[i:])
		if detail := s.foreignness(r, size, i); detail != "" {
			return problem(s.rng(i, i+size), "Character that cannot stand here", "%s", detail)
		}
		i += size
	}
	return nil
}

func (s *source) foreignness(r rune, size, at int) string {
	switch {
	case r == utf8.RuneError && size <= 1:
		return "The file is not UTF-8 text here. Save it as UTF-8."
	case r == '\ufeff':
		return `There is a byte order mark (U+FEFF) here. Take it out, or write it as "\ufeff" in double quotes.`
	case r == '\u0085' || r == '\u2028' || r == '\u2029':
		return fmt.Sprintf(`U+%04X ends a line for YAML but not for editors. Take it out, or write it as "\u%04x" in double quotes.`, r, r)
	case r == '\r' && !bytes.HasPrefix(s.text[at:], []byte("\r\n")):
		return `There is a carriage return without a line feed here, which ends a line for YAML but not for editors. Write line breaks as LF or CR LF, or the character as "\r" in double quotes.`
	case r < ' ' && r != '\t' && r != '\n' && r != '\r', r >= 0x7f && r < 0xa0, r == 0xfffe, r == 0xffff:
		return fmt.Sprintf(`The control character U+%04X cannot stand in YAML. Take it out, or write it as "\u%04x" in double quotes.`, r, r)
	}
	return ""
}

// A phrase is how we say what the YAML reader says.
type phrase struct{ theirs, ours string }

// phrases are looked through in this order; the first that is part of the
// reader's message counts.
func phrases() []phrase {
	return []phrase{
		{errTooDeep.Error(), fmt.Sprintf("Values are nested more than %d deep here. Name parts of them in locals, or simplify them.", MaxDepth)},
		{"did not find expected comment or line break", "A value that begins with > or | is a text on the lines below it. Put this value in quotes."},
		{"found an indentation indicator equal to 0", "A value that begins with > or | is a text on the lines below it. Put this value in quotes."},
		{"mapping values are not allowed in this context", "There is a colon where no key can end. If it belongs to a value, put the whole value in quotes; else check the indentation."},
		{"mapping keys are not allowed in this context", "There is a question mark where no key can begin. If it belongs to a value, put the whole value in quotes."},
		{"block sequence entries are not allowed in this context", "A list cannot begin here. Write its items on lines of their own, below the key, or in brackets: [a, b]."},
		{"tab character", tabs},
		{"mixed spaces and tabs", tabs},
		{"found character that cannot start any token", "No value can begin with this character. Put the value in quotes."},
		{"could not find expected ':'", "A key without its colon. Write KEY: VALUE, with a space after the colon."},
		{"did not find expected key", "A key is wanted here. Check the indentation, and put values with quotes, brackets or colons in them in quotes."},
		{"did not find expected '-' indicator", "An item of the list is wanted here: a dash in the column of the others. Check the indentation."},
		{"did not find expected ',' or", "A comma or the closing bracket is missing before this. A value with brackets in it, such as ${…}, needs quotes between { } or [ ]."},
		{"did not find expected node content", "A value is wanted here."},
		{"did not find expected <document start>", "Something is left over after the end of the document. A plan is one mapping of keys and values."},
		{"found unexpected end of stream", "The file ends before this text does. Close its quotes."},
		{"found unexpected document indicator", "A line that begins with --- or ... ends the document, but a text was not closed before. Close its quotes."},
		{"found unknown escape character", "There is no such escape. Write a backslash as \\\\ in double quotes, or use single quotes."},
		{"found invalid Unicode character escape code", "There is no such character. Write one above U+FFFF as \\U and eight digits."},
		{"did not find expected hexadecimal number", "Hexadecimal digits are wanted here: two after \\x, four after \\u, eight after \\U."},
		{"unknown anchor", "There is no anchor of this name before this alias. Begin a text with * only in quotes."},
		{"while scanning an alias", "A value that begins with * is an alias. Put it in quotes if it is a text."},
		{"while scanning an anchor", "A value that begins with & is an anchor. Put it in quotes if it is a text."},
		{"found a comment without preceding whitespace", "A comment begins with a space and #. Put the value in quotes if # belongs to it."},
		{"found incompatible YAML document", "Leave the %YAML line out: plans are YAML 1.2 whatever it says."},
		{"directive", "Lines that begin with % are instructions to YAML. Leave this one out."},
		{"tag", "A value that begins with ! is a tag. Put it in quotes if it is a text."},
		{"simple key", "A key without its colon, or one that is too long. Write KEY: VALUE on one line."},
	}
}

// syntaxError says in our words what the YAML reader found wrong.
func (s *source) syntaxError(err error) *hcl.Diagnostic {
	at, message := 0, err.Error()
	var known *yaml.LoadError
	if errors.As(err, &known) {
		message = known.Message
		if known.ContextMsg != "" {
			message = known.ContextMsg + ": " + known.Message
		}
		at = s.offsetOf(known)
	}
	detail := "YAML cannot be read here: " + message + "."
	for _, p := range phrases() {
		if strings.Contains(message, p.theirs) {
			detail = p.ours
			break
		}
	}
	if at < len(s.text) && s.text[at] == '\t' {
		detail = tabs
	}
	summary := "Invalid YAML"
	if strings.Contains(message, errTooDeep.Error()) {
		summary = "Nested too deeply"
	} else if line := s.lineAround(at); bytes.Contains(line, []byte("${")) && !strings.Contains(detail, "quotes") {
		detail += quoteHint
	}
	return problem(s.rng(at, s.wordEnd(at)), summary, "%s", detail)
}

// offsetOf is where a mistake is: of a text that is not closed, or that should not
// have been opened, where it begins.
func (s *source) offsetOf(err *yaml.LoadError) int {
	mark := err.Mark
	for _, part := range []string{"block scalar", "end of stream", "document indicator"} {
		if strings.Contains(err.ContextMsg+err.Message, part) && err.ContextMark.Line > 0 {
			mark = err.ContextMark
		}
	}
	return s.offset(max(mark.Line, 1), max(mark.Column, 1))
}

// wordEnd is the offset after the character at an offset.
func (s *source) wordEnd(at int) int {
	if at >= len(s.text) || s.text[at] == '\n' || s.text[at] == '\r' {
		return at
	}
	_, size := utf8.DecodeRune(s.text[at:])
	return at + size
}

// entriesBefore is the text up to the entry of the top mapping in which an
// offset lies. It can often be read where the whole cannot.
func (s *source) entriesBefore(offset int) []byte {
	for n := s.lineOf(offset); n > 0; n-- {
		if line := s.line(n); len(line) > 0 && strings.IndexByte(" \t\r\n#-", line[0]) < 0 {
			return s.text[:s.lines[n]]
		}
	}
	return nil
}
