package plan

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/zclconf/go-cty/cty"
)

// What the files of rows and bodies may have at most, besides what plans are
// written in.
const (
	maxDataSize  = 128 << 20 // bytes of one file
	maxDataTotal = 256 << 20 // bytes of all
)

// file reads the file that an attribute names and returns its path below the
// plan's directory.
func (b *block) file(name string) (rel string, src []byte, ok bool) {
	g, ok := b.get(name, cty.String, "the name of a file")
	if !ok {
		return "", nil, false
	}
	return b.named(g, b.what(name))
}

// named reads the file that a value names, relative to the file that says so, or
// to the plan's directory where it begins with path.root. What is read is part of
// what a review of the plan has seen, so it becomes one of its sources.
func (d *decoder) named(g given, what string) (rel string, src []byte, ok bool) {
	if g.secret {
		d.fail(&g.at, "Sensitive value would be shown", "%s names a file, which reports and messages show, so it must not be made of a sensitive value.", what)
		return "", nil, false
	}
	dir, name := path.Dir(d.relative[g.at.Filename]), g.AsString()
	if g.from != nil {
		for _, t := range g.from.Variables() {
			if t.RootName() == "path" {
				dir, name = ".", strings.TrimPrefix(name, d.root+"/")
			}
		}
	}
	rel, err := below(dir, name)
	if err == nil {
		src, err = d.dataBytes(rel)
	}
	if err != nil {
		d.refuse(g, "Cannot read file", "%s: %s cannot be read: %s.", what, cited(g.AsString()), err)
		return "", nil, false
	}
	return rel, src, true
}

// dataBytes reads a file once, however many blocks name it.
func (d *decoder) dataBytes(rel string) ([]byte, error) {
	if src, done := d.contents[rel]; done {
		return src, nil
	}
	src, err := d.lib.data(rel)
	if err != nil {
		return nil, err
	}
	if d.dataSize += len(src); d.dataSize > maxDataTotal {
		return nil, fmt.Errorf("with it the plan's files of rows and bodies are larger than %d MiB together", maxDataTotal>>20)
	}
	d.contents[rel] = src
	d.addSource(d.lib.display(rel), src)
	return src, nil
}

// addSource makes a file one of the plan's sources.
func (d *decoder) addSource(name string, src []byte) {
	if _, has := d.sources[name]; !has {
		d.plan.Sources = append(d.plan.Sources, Source{Name: name, Bytes: src})
		d.sources[name] = src
	}
}

// tableOf reads the rows in the file that an attribute names. Each file is read
// into rows once.
func (b *block) tableOf(name string, read func([]byte) (*Table, error)) *Table {
	rel, src, ok := b.file(name)
	if !ok {
		return nil
	}
	key := name + " " + rel
	if t, done := b.tables[key]; done {
		return t
	}
	t, err := rowsOf(src, read)
	if err == nil {
		if b.cells += len(t.Rows) * max(len(t.Columns), 1); b.cells > maxCells {
			t, err = nil, fmt.Errorf("with it the plan's rows have more than %d values", maxCells)
		}
	}
	b.tables[key] = t
	if err != nil {
		at := b.lib.display(rel)
		var wrong *tableError
		if errors.As(err, &wrong) {
			at += fmt.Sprintf(":%d", wrong.line)
			if wrong.column > 0 {
				at += fmt.Sprintf(":%d", wrong.column)
			}
		}
		b.fail(b.at(name), "Invalid rows", "%s: %s.", at, err)
	}
	return t
}

// rowsOf reads rows from a text. A byte order mark, as spreadsheets write it, is
// no part of them.
func rowsOf(src []byte, read func([]byte) (*Table, error)) (*Table, error) {
	src = bytes.TrimPrefix(src, []byte("\ufeff"))
	switch {
	case isUTF16(src):
		return nil, errors.New("it is UTF-16; save it as UTF-8")
	case !utf8.Valid(src):
		return nil, &tableError{badLine(src), 0, "this line is not UTF-8 text; save the file as UTF-8"}
	}
	return read(src)
}
