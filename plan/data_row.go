package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// rows is what row.… and data.… mean to HCL while a plan is checked: for each
// data a value that stands for any of its rows.
func (d *decoder) rows() cty.Value {
	all := map[string]cty.Value{}
	for address, r := range d.repeated {
		label, is := strings.CutPrefix(address, "data.")
		if !is {
			continue
		}
		all[label] = cty.DynamicVal
		if !r.unknown {
			byKey := map[string]cty.Value{}
			for _, key := range r.keys {
				byKey[key] = d.data[Instance(label, key)].anyRow()
			}
			all[label] = cty.ObjectVal(byKey)
		}
	}
	for name, t := range d.data {
		if label, _, repeated := CutInstance(name); !repeated {
			all[label] = t.anyRow()
		}
	}
	return cty.ObjectVal(all)
}

// anyRow stands for any row of the data.
func (t *Data) anyRow() cty.Value {
	if t.Table == nil || len(t.Table.Columns) == 0 {
		return cty.DynamicVal
	}
	columns := map[string]cty.Type{}
	for _, name := range t.Table.Columns {
		columns[cty.NormalizeString(name)] = cty.DynamicPseudoType
	}
	return cty.UnknownVal(cty.Object(columns)).RefineNotNull()
}

// useOfData says how the rows of data are had.
func useOfData(t hcl.Traversal) string {
	name, ok := member(t)
	if !ok {
		name = "NAME"
	}
	return fmt.Sprintf("The row of a user's iteration is row.%s, and pick(data.%s) draws one.", name, name)
}

// checkRow looks at row.DATA and row.DATA.COLUMN.
func (d *decoder) checkRow(t hcl.Traversal, indexed bool) (summary, detail string) {
	label, ok := member(t)
	if !ok {
		return "Incomplete name", `"row" alone is not a value; say of which data: row.DATA, or row.DATA.COLUMN.`
	}
	name, rest := label, t[2:]
	if r := d.repeated["data."+label]; r != nil {
		key, keyed := member(t[1:])
		switch {
		case r.unknown, !keyed && indexed && len(rest) == 0:
			return "", ""
		case !keyed:
			return "Reference without a key", fmt.Sprintf("data.%s stands once for each element of its for_each. %s", label, r.choices("row."+label))
		case !slices.Contains(r.keys, key):
			return "Unknown key", fmt.Sprintf("There is no %s.%s %s", Instance("data."+label, key), d.hint(key, r.keys), r.choices("row."+label))
		}
		name, rest = Instance(label, key), rest[1:]
	}
	data := d.data[name]
	if data == nil {
		known := slices.Sorted(maps.Keys(d.data))
		return "Unknown data", fmt.Sprintf("There is no data %q.%s", label, d.hintOr(label, known, fmt.Sprintf(" Declare it: data %q { csv = … }.", label)))
	}
	return d.checkColumn(data.Table, "row."+name, rest, indexed)
}

// checkColumn looks at what follows row.DATA, where the table is known before
// the run.
func (d *decoder) checkColumn(table *Table, row string, rest hcl.Traversal, indexed bool) (summary, detail string) {
	switch {
	case table == nil:
		return "", ""
	case len(table.Columns) == 0 && (len(rest) > 0 || indexed):
		return "No columns", fmt.Sprintf("The rows of this data are plain values: write %s alone.", row)
	case len(table.Columns) == 0, len(rest) == 0 && indexed:
		return "", ""
	case len(rest) == 0:
		return "Row without a column", fmt.Sprintf("%s has columns; say which: %s.%s.", row, row, strings.Join(table.Columns[:min(len(table.Columns), 10)], ", "+row+"."))
	}
	column, named := member(append(hcl.Traversal{hcl.TraverseRoot{}}, rest...))
	if !named {
		return "Unknown column", fmt.Sprintf("The columns of %s have names: %s.%s.", row, row, strings.Join(table.Columns[:min(len(table.Columns), 10)], ", "+row+"."))
	}
	if slices.ContainsFunc(table.Columns, func(c string) bool { return cty.NormalizeString(c) == cty.NormalizeString(column) }) {
		return "", ""
	}
	return "Unknown column", fmt.Sprintf("%s has no column %q.%s There are %s.", row, column, d.hint(column, table.Columns), list(table.Columns))
}
