package diag

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// WriteGitHub writes the list as workflow commands of GitHub Actions, a line
// for each diagnostic, which the pull request then shows where they belong:
//
//	::error file=plans/heavy.hcl,line=42,endLine=42,col=15,endColumn=17,title=Invalid bound::Write …
//
// Files below root, an absolute path, are named relative to it; an empty root
// leaves names as they are.
func (l List) WriteGitHub(w io.Writer, root string) error {
	var b strings.Builder
	for _, d := range l.Diagnostics {
		message := d.Detail
		if message == "" {
			message = d.Summary
		}
		fmt.Fprintf(&b, "::%s %s::%s\n", d.Severity, strings.Join(properties(d, root), ","), data(message))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// properties are where a diagnostic is, and its title.
func properties(d Diagnostic, root string) []string {
	var list []string
	if r := d.Range; r != nil {
		list = append(list, "file="+property(relative(r.Filename, root)))
		if r.Start.Line > 0 {
			list = append(list, fmt.Sprintf("line=%d,endLine=%d,col=%d,endColumn=%d", r.Start.Line, r.End.Line, r.Start.Column, r.End.Column))
		}
	}
	return append(list, "title="+property(d.Summary))
}

// data escapes what would end a command.
func data(s string) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, line := range lines {
		lines[i] = strings.ReplaceAll(clean(strings.ReplaceAll(line, "\t", " ")), "%", "%25")
	}
	return strings.Join(lines, "%0A")
}

// property escapes, besides, what would end a property of one.
func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(data(s))
}

// relative is a file's name as other programs look for it: below root where it
// lies there, with slashes.
func relative(name, root string) string {
	if root != "" && filepath.IsAbs(name) {
		if rel, err := filepath.Rel(root, name); err == nil && filepath.IsLocal(rel) {
			name = rel
		}
	}
	return filepath.ToSlash(name)
}
