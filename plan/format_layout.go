package plan

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"go.yaml.in/yaml/v4"
)

// The layout of plans in YAML and JSON is checked, and mended by their own
// tools and their authors: in YAML too much means something.

// checkYAMLLayout checks what a plan in YAML that parses looks like.
func checkYAMLLayout(src []byte, filename string) hcl.Diagnostics {
	c := newLayoutCheck(src, filename)
	var document yaml.Node
	if err := yaml.Unmarshal(src, &document); err == nil && len(document.Content) > 0 {
		c.node(document.Content[0], -1, false)
	}
	return c.findings()
}

// checkJSONLayout checks what a plan in JSON that parses looks like.
func checkJSONLayout(src []byte, filename string) hcl.Diagnostics {
	c := newLayoutCheck(src, filename)
	c.brackets()
	return c.findings()
}

// A layoutCheck looks at the lines of a file and notes where each kind of
// mistake is made first, and how often.
type layoutCheck struct {
	filename string
	lines    [][]byte // without LF
	free     []bool   // lines of block scalars, which are as their author wants them
	ended    bool     // the last line ends with LF
	found    []*finding
}

// A finding is one kind of mistake.
type finding struct {
	summary, mend string
	line, column  int // of the first, from 1
	width         int // bytes that are wrong there
	lines         int // that have it
}

func newLayoutCheck(src []byte, filename string) *layoutCheck {
	c := &layoutCheck{filename: filename, ended: len(src) == 0 || src[len(src)-1] == '\n'}
	for text := range bytes.Lines(src) {
		c.lines = append(c.lines, bytes.TrimSuffix(text, []byte("\n")))
	}
	c.free = make([]bool, len(c.lines))
	return c
}

// note adds a mistake to those of its kind.
func (c *layoutCheck) note(summary, mend string, line, column, width int) {
	i := slices.IndexFunc(c.found, func(f *finding) bool { return f.summary == summary })
	if i < 0 {
		i = len(c.found)
		c.found = append(c.found, &finding{summary: summary, mend: mend, line: line, column: column, width: width})
	}
	c.found[i].lines++
}

// findings are the mistakes as diagnostics, what is wrong with single lines
// among them.
func (c *layoutCheck) findings() hcl.Diagnostics {
	for i, line := range c.lines {
		if cr := bytes.IndexByte(line, '\r'); cr >= 0 {
			c.note("Line ends with CR LF", "Save the file with LF alone.", i+1, cr+1, 1)
			line = line[:cr]
		}
		if c.free[i] {
			continue
		}
		if tab := bytes.IndexByte(line, '\t'); tab >= 0 {
			c.note("Tab", `Indent with spaces, and write \t in a text in double quotes.`, i+1, tab+1, 1)
		}
		if kept := len(bytes.TrimRight(line, " \t")); kept < len(line) {
			c.note("Space at the end of a line", "Remove it.", i+1, kept+1, len(line)-kept)
		}
	}
	last := len(c.lines)
	switch {
	case !c.ended:
		c.note("No line break at the end of the file", "Add one.", last, len(c.lines[last-1])+1, 0)
	case last > 0 && len(bytes.TrimSpace(c.lines[last-1])) == 0:
		c.note("Blank lines at the end of the file", "Remove them.", last, 1, 0)
	}
	var diags hcl.Diagnostics
	for _, f := range c.found {
		diags = append(diags, c.diagnostic(f))
	}
	sortDiagnostics(diags)
	return diags
}

func (c *layoutCheck) diagnostic(f *finding) *hcl.Diagnostic {
	detail := f.mend
	if f.lines > 1 {
		detail += fmt.Sprintf(" This and %d more lines have it.", f.lines-1)
	}
	start := hcl.Pos{Line: f.line, Column: f.column, Byte: f.column - 1}
	for _, line := range c.lines[:f.line-1] {
		start.Byte += len(line) + 1
	}
	end := start
	end.Column, end.Byte = end.Column+f.width, end.Byte+f.width
	return &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: f.summary, Detail: detail,
		Subject: &hcl.Range{Filename: c.filename, Start: start, End: end},
	}
}

const (
	notIndented   = "Not indented by two spaces"
	mendIndention = "Each level is two spaces further in than the one around it."
)

// node checks the indentation of a node inside one whose keys, or dashes, have
// a column; it is -1 around the outermost. Dashes may stand right below their
// key.
func (c *layoutCheck) node(n *yaml.Node, around int, item bool) {
	switch {
	case n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		c.setFree(n.Line, around)
	case len(n.Content) == 0 || n.Style&yaml.FlowStyle != 0:
	case n.Kind == yaml.MappingNode:
		column := n.Content[0].Column
		c.expect(n.Content[0].Line, column, around+2)
		for i := 1; i < len(n.Content); i += 2 {
			c.node(n.Content[i], column, false)
		}
	case n.Kind == yaml.SequenceNode:
		column := c.dash(n.Content[0])
		if column == 0 {
			return
		}
		if item || around < 0 || column != around {
			c.expect(n.Content[0].Line, column, around+2)
		}
		for _, inner := range n.Content {
			c.node(inner, column, true)
		}
	}
}

// expect notes where the first sign of a level is in another column.
func (c *layoutCheck) expect(line, column, want int) {
	if column != want {
		c.note(notIndented, mendIndention, line, 1, max(column-1, 0))
	}
}

// dash is the column of the dash before an element of a list, 0 where it stands
// on another line.
func (c *layoutCheck) dash(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(c.lines) {
		return 0
	}
	line := c.lines[n.Line-1]
	before := bytes.TrimRight(line[:min(max(n.Column-1, 0), len(line))], " ")
	if len(before) == 0 || before[len(before)-1] != '-' {
		return 0
	}
	return len(before)
}

// setFree notes the lines of a block scalar whose header is on a line: those
// that are indented deeper than what is around it.
func (c *layoutCheck) setFree(header, around int) {
	for i := header; i < len(c.lines); i++ {
		text := bytes.TrimLeft(c.lines[i], " ")
		if len(bytes.TrimRight(text, "\r\t ")) > 0 && len(c.lines[i])-len(text) < max(around, 0) {
			return
		}
		c.free[i] = true
	}
}

// brackets checks that lines of JSON are indented by the brackets around them.
func (c *layoutCheck) brackets() {
	depth := 0
	for i, line := range c.lines {
		text := bytes.TrimLeft(line, " \t")
		closers := len(text) - len(bytes.TrimLeft(text, "]}"))
		if want := 2 * (depth - closers); len(bytes.TrimSpace(text)) > 0 && len(line)-len(text) != want {
			c.note(notIndented, mendIndention, i+1, 1, len(line)-len(text))
		}
		depth += bracketChange(line)
	}
}

// bracketChange is how many more brackets a line of JSON opens than it closes.
// Texts do not go over the end of a line.
func bracketChange(line []byte) int {
	change, quoted := 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[', c == '{':
			change++
		case c == ']', c == '}':
			change--
		}
	}
	return change
}
