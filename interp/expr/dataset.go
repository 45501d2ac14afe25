package expr

import (
	"errors"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"bossplan/interp/expr/jsonwalk"
	"bossplan/plan"
)

var (
	errNoRows   = errors.New("the data has no rows to pick from")
	errNoRow    = errors.New("no row of the data was drawn")
	errNoColumn = errors.New("the data has no such column")
)

// A Dataset is a table in the form that programs read: each cell a value,
// converted once. It is read-only and shared by all users; nil has no rows.
type Dataset struct {
	columns []string
	rows    [][]value
}

// NewDataset converts the cells of a table. A cell that is not what its kind
// says is text.
func NewDataset(t *plan.Table) *Dataset {
	d := &Dataset{rows: make([][]value, len(t.Rows))}
	for _, name := range t.Columns {
		d.columns = append(d.columns, cty.NormalizeString(name))
	}
	for i, row := range t.Rows {
		d.rows[i] = make([]value, len(row))
		for j, cell := range row {
			d.rows[i][j] = cellValue(cell)
		}
	}
	return d
}

func cellValue(c plan.Cell) value {
	switch c.Kind {
	case plan.CellNull:
		return value{}
	case plan.CellBool:
		return boolean(c.Text == "true")
	case plan.CellNumber:
		if v, err := parseNumber(c.Text); err == nil {
			return v
		}
	case plan.CellJSON:
		text := []byte(strings.TrimSpace(c.Text))
		if !jsonwalk.Valid(text) {
			break
		}
		if v, err := ctyOf(text); err == nil {
			if known, err := fromCtyValue(v); err == nil {
				return known
			}
		}
	}
	return normal(c.Text)
}

// Len is the number of rows.
func (d *Dataset) Len() int {
	if d == nil {
		return 0
	}
	return len(d.rows)
}

// row is a row as a value: the plain one, or an object of its cells.
func (d *Dataset) row(i int) (value, error) {
	cells := d.rows[i]
	if len(d.columns) == 0 {
		return cells[0], nil
	}
	all := make(map[string]cty.Value, len(cells))
	for i, name := range d.columns {
		v, err := cells[i].cty()
		if err != nil {
			return value{}, err
		}
		all[name] = v
	}
	return fromCtyValue(cty.ObjectVal(all))
}

// cell is one cell of a row. Hint is where its column is likely to be.
func (d *Dataset) cell(row int, column string, hint int) (value, error) {
	if hint >= len(d.columns) || d.columns[hint] != column {
		if hint = slices.Index(d.columns, column); hint < 0 {
			return value{}, errNoColumn
		}
	}
	return d.rows[row][hint], nil
}

// dataset is data i of the frame.
func (f *Frame) dataset(i int) *Dataset {
	if i < len(f.Data) {
		return f.Data[i]
	}
	return nil
}

// row is the row that the iteration drew of data i, below 0 where it drew none.
func (f *Frame) row(i int) int {
	if i < len(f.Rows) && int(f.Rows[i]) < f.dataset(i).Len() {
		return int(f.Rows[i])
	}
	return -1
}

// pick draws a row of data i.
func (f *Frame) pick(i int) (int, error) {
	n := f.dataset(i).Len()
	if n == 0 {
		return 0, errNoRows
	}
	return f.Rand.IntN(n), nil
}
