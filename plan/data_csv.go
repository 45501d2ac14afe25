package plan

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A tableError is what is wrong with a file of rows, and where.
type tableError struct {
	line, column int // from 1; column 0: the line as a whole
	text         string
}

// Error says what is wrong without saying where.
func (e *tableError) Error() string { return e.text }

// csvTable reads comma-separated values as RFC 4180 has them. The first line
// names the columns.
func csvTable(src []byte) (*Table, error) {
	r := csv.NewReader(bytes.NewReader(src))
	r.FieldsPerRecord = -1 // our own message says more
	names, err := r.Read()
	if err == io.EOF {
		return nil, errors.New("it is empty; its first line names the columns")
	}
	if err != nil {
		return nil, csvError(err)
	}
	b := &tableBuilder{index: map[string]int{}}
	if err := b.header(names, r); err != nil {
		return nil, err
	}
	r.ReuseRecord = true
	for {
		fields, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, csvError(err)
		}
		line, _ := r.FieldPos(0)
		if len(fields) != len(names) {
			return nil, &tableError{line, 0, fmt.Sprintf("this line has %d values, but the first line names %d columns", len(fields), len(names))}
		}
		row, err := b.row(len(fields))
		if err != nil {
			return nil, &tableError{line, 0, err.Error()}
		}
		for i, text := range fields {
			row[i] = Cell{CellString, text}
		}
	}
	return b.table()
}

// header takes the names of the columns.
func (b *tableBuilder) header(names []string, r *csv.Reader) error {
	for i, name := range names {
		line, column := r.FieldPos(i)
		_, twice := b.index[name]
		other := strings.IndexAny(name, ";\t|")
		switch {
		case name == "" || strings.TrimSpace(name) != name:
			return &tableError{line, column, fmt.Sprintf("the name of column %d is empty, or begins or ends with a space", i+1)}
		case len(names) == 1 && other >= 0:
			return &tableError{line, column, fmt.Sprintf("its values are separated by %q; separate them by commas", name[other])}
		case twice:
			return &tableError{line, column, fmt.Sprintf("two columns are named %s", cited(name))}
		case i == maxColumns:
			return &tableError{line, column, fmt.Sprintf("there are more than %d columns", maxColumns)}
		}
		b.index[name] = i
	}
	b.columns = names
	return nil
}

// csvError is an error of the reader in our words.
func csvError(err error) error {
	var wrong *csv.ParseError
	if !errors.As(err, &wrong) {
		return err
	}
	text := wrong.Err.Error()
	switch {
	case errors.Is(err, csv.ErrBareQuote):
		text = `a " stands in a value without quotes; put the value in quotes, and write "" for the sign`
	case errors.Is(err, csv.ErrQuote):
		text = `a quoted value does not end with its quote, or something follows that; write "" for the sign itself`
	}
	return &tableError{wrong.Line, wrong.Column, text}
}
