package plan

import (
	"errors"
	"fmt"
	"slices"

	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// What a table may hold at most. A million rows of a few columns fit.
const (
	maxCells   = 1 << 23 // of all tables of a plan
	maxColumns = 1000
)

// A Table is rows of cells. Without columns each row is one plain value.
type Table struct {
	Columns []string
	Rows    [][]Cell // as long as Columns, or of one cell
}

// A Cell is one value of a table.
type Cell struct {
	Kind CellKind
	Text string // of a string its value, of anything else its spelling in JSON
}

// CellKind is what kind of value a cell holds.
type CellKind uint8

const (
	CellNull CellKind = iota
	CellBool
	CellNumber
	CellString
	CellJSON // an object or a list
)

// NewTable makes a table of a list of plain values or of objects, as fetched
// data has it. Columns are those of all objects, null where an object lacks one.
// The error says what is wrong without showing a value.
func NewTable(v cty.Value) (*Table, error) {
	v, _ = v.UnmarkDeep()
	ty := v.Type()
	switch {
	case v.IsNull():
		return nil, errors.New("the rows are null; they must be a list")
	case !v.IsWhollyKnown():
		return nil, errors.New("the rows are not known")
	case !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType():
		return nil, fmt.Errorf("the rows must be a list of plain values or of objects, not %s", typeInWords(ty))
	}
	b := &tableBuilder{}
	for it := v.ElementIterator(); it.Next(); {
		_, row := it.Element()
		if err := b.addValue(row); err != nil {
			return nil, err
		}
	}
	return b.table()
}

// addValue adds a row.
func (b *tableBuilder) addValue(v cty.Value) error {
	ty := v.Type()
	if v.IsNull() || !ty.IsObjectType() && !ty.IsMapType() {
		cell, err := cellOf(v)
		if err != nil {
			return err
		}
		return b.plain(cell)
	}
	if err := b.object(); err != nil {
		return err
	}
	for it := v.ElementIterator(); it.Next(); {
		name, value := it.Element()
		cell, err := cellOf(value)
		if err != nil {
			return err
		}
		if err := b.set(name.AsString(), cell); err != nil {
			return err
		}
	}
	return nil
}

// cellOf is a value as a cell.
func cellOf(v cty.Value) (Cell, error) {
	ty := v.Type()
	switch {
	case v.IsNull():
		return Cell{}, nil
	case ty == cty.String:
		return Cell{CellString, v.AsString()}, nil
	case ty == cty.Number:
		if err := checkNumber(v.AsBigFloat()); err != nil {
			return Cell{}, err
		}
	}
	text, err := ctyjson.Marshal(v, ty)
	if err != nil {
		return Cell{}, errors.New("a value in the rows cannot be written as JSON")
	}
	kind := CellJSON
	switch ty {
	case cty.Bool:
		kind = CellBool
	case cty.Number:
		kind = CellNumber
	}
	return Cell{kind, string(text)}, nil
}

// A tableBuilder makes a table row by row. Cells lie side by side in large
// pieces of memory, not each row in its own.
type tableBuilder struct {
	columns []string
	index   map[string]int // of columns
	seen    []int          // by column: the last row that has it, from 1
	rows    [][]Cell
	piece   []Cell // that is being filled
	cells   int
}

// row begins a row of so many cells.
func (b *tableBuilder) row(n int) ([]Cell, error) {
	if b.cells += n; b.cells > maxCells {
		return nil, fmt.Errorf("the rows have more than %d values", maxCells)
	}
	row := b.carve(n)
	b.rows = append(b.rows, row)
	return row, nil
}

// carve takes cells off the piece.
func (b *tableBuilder) carve(n int) []Cell {
	if len(b.piece) < n {
		b.piece = make([]Cell, min(max(1<<4, 2*b.cells), 1<<14)+n)
	}
	row := b.piece[:n:n]
	b.piece = b.piece[n:]
	return row
}

// plain adds a row that is one value.
func (b *tableBuilder) plain(c Cell) error {
	n := len(b.rows) + 1
	switch {
	case b.index != nil:
		return fmt.Errorf("row %d is no object, but those before it are", n)
	case c.Kind == CellNull:
		return fmt.Errorf("row %d is null", n)
	case c.Kind == CellJSON:
		return fmt.Errorf("row %d is a list; rows are plain values or objects", n)
	}
	row, err := b.row(1)
	if err == nil {
		row[0] = c
	}
	return err
}

// object begins a row that is an object; set gives it its values.
func (b *tableBuilder) object() error {
	if b.index == nil && len(b.rows) > 0 {
		return fmt.Errorf("row %d is an object, but those before it are plain values", len(b.rows)+1)
	}
	if b.index == nil {
		b.index = map[string]int{}
	}
	_, err := b.row(len(b.columns))
	return err
}

// set gives the last row a value.
func (b *tableBuilder) set(column string, c Cell) error {
	last := len(b.rows) - 1
	i, known := b.index[column]
	if !known {
		if i = len(b.columns); i == maxColumns {
			return fmt.Errorf("row %d has one more column than the %d that are possible", last+1, maxColumns)
		}
		if column == "" {
			return fmt.Errorf("row %d has a value without a name", last+1)
		}
		b.columns = append(b.columns, column)
		b.seen = append(b.seen, 0)
		b.index[column] = i
	}
	if b.seen[i] == last+1 {
		return fmt.Errorf("row %d has %s twice", last+1, cited(column))
	}
	b.seen[i] = last + 1
	if i >= len(b.rows[last]) {
		b.widen(last)
	}
	b.rows[last][i] = c
	return nil
}

// widen gives a row the columns that came up after it.
func (b *tableBuilder) widen(i int) {
	old := b.rows[i]
	b.rows[i] = b.carve(len(b.columns))
	copy(b.rows[i], old)
}

// table is what was built.
func (b *tableBuilder) table() (*Table, error) {
	if len(b.rows) == 0 {
		return nil, errors.New("there are no rows")
	}
	if b.index != nil && len(b.columns) == 0 {
		return nil, errors.New("the rows are objects without values")
	}
	if width := len(b.columns); b.index != nil {
		if len(b.rows) > maxCells/width {
			return nil, fmt.Errorf("the rows have more than %d values", maxCells)
		}
		for i, row := range b.rows {
			if len(row) < width {
				b.widen(i)
			}
		}
	}
	return &Table{Columns: b.columns, Rows: slices.Clip(b.rows)}, nil
}
