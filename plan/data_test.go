package plan

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/zclconf/go-cty/cty"
)

// spelled is a table as lines of text: its columns, then kind and text of cells.
func spelled(t *Table) string {
	lines := []string{strings.Join(t.Columns, "|")}
	for _, row := range t.Rows {
		var cells []string
		for _, c := range row {
			cells = append(cells, fmt.Sprintf("%d%s", c.Kind, c.Text))
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
	return strings.Join(lines, "\n")
}

func TestTables(t *testing.T) {
	for _, test := range []struct {
		name, src, want string
		read            func([]byte) (*Table, error)
	}{
		{"csv", "id,name\n1,\"a, \"\"b\"\"\"\r\n2,\n", "id|name\n31|3a, \"b\"\n32|3", csvTable},
		{"one column", "id\n1\n\n2\n", "id\n31\n32", csvTable},
		{"line breaks", "a,b\n\"x\ny\",z\n", "a|b\n3x\ny|3z", csvTable},
		{"byte order mark", "\ufeffid\n1\n", "id\n31", csvTable},
		{"quoted names", "\"a b\",\"c;d\"\n1,2\n", "a b|c;d\n31|32", csvTable},
		{"scalars", ` [1, "a\u00e9\n", true, 2.50e3, -0, false] `, "\n21\n3aé\n\n1true\n22.50e3\n2-0\n1false", jsonTable},
		{"objects", `[{"a": 1}, {"b": [1, {"c": "] } \" \\"}], "a": null}, {}, {"c":"x"}]`,
			"a|b|c\n21|0|0\n0|4[1,{\"c\":\"] } \\\" \\\\\"}]|0\n0|0|0\n0|0|3x", jsonTable},
		{"empty values", `[{"a": {}, "b": [], "c": ""}]`, "a|b|c\n4{}|4[]|3", jsonTable},
		{"escapes in names", `[{"\u0061\"": 1}]`, "a\"\n21", jsonTable},
		{"byte order mark in json", "\ufeff[1]", "\n21", jsonTable},
	} {
		table, err := rowsOf([]byte(test.src), test.read)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
		} else if diff := cmp.Diff(test.want, spelled(table)); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.name, diff)
		}
	}
}

func TestNewTable(t *testing.T) {
	big := cty.MustParseNumberVal("12345678901234567890")
	for _, test := range []struct {
		rows      cty.Value
		want, err string
	}{
		{cty.TupleVal([]cty.Value{cty.StringVal("a"), big, cty.True}), "\n3a\n212345678901234567890\n1true", ""},
		{cty.ListVal([]cty.Value{cty.ObjectVal(map[string]cty.Value{"id": cty.NumberFloatVal(1.5), "x": cty.NullVal(cty.String)})}), "id|x\n21.5|0", ""},
		{cty.TupleVal([]cty.Value{
			cty.MapVal(map[string]cty.Value{"b": cty.StringVal("x")}),
			cty.ObjectVal(map[string]cty.Value{"a": cty.ListVal([]cty.Value{cty.StringVal("y")})}),
		}), "b|a\n3x|0\n0|4[\"y\"]", ""},
		{cty.SetVal([]cty.Value{cty.StringVal("b"), cty.StringVal("a")}), "\n3a\n3b", ""},
		{cty.ListVal([]cty.Value{cty.StringVal("a")}).Mark(sensitive), "\n3a", ""},
		{cty.NullVal(cty.DynamicPseudoType), "", "the rows are null"},
		{cty.UnknownVal(cty.List(cty.String)), "", "not known"},
		{cty.StringVal("secret"), "", "must be a list of plain values or of objects, not a text"},
		{cty.EmptyTupleVal, "", "there are no rows"},
		{cty.TupleVal([]cty.Value{cty.EmptyObjectVal}), "", "objects without values"},
		{cty.TupleVal([]cty.Value{cty.StringVal("a"), cty.EmptyObjectVal}), "", "row 2 is an object, but those before it are plain values"},
		{cty.TupleVal([]cty.Value{cty.EmptyObjectVal, cty.StringVal("a")}), "", "row 2 is no object, but those before it are"},
		{cty.TupleVal([]cty.Value{cty.NullVal(cty.String)}), "", "row 1 is null"},
		{cty.TupleVal([]cty.Value{cty.EmptyTupleVal}), "", "row 1 is a list"},
		{cty.TupleVal([]cty.Value{cty.PositiveInfinity}), "", "out of range"},
	} {
		table, err := NewTable(test.rows)
		switch {
		case test.err != "":
			if err == nil || !strings.Contains(err.Error(), test.err) {
				t.Errorf("%#v: error %v, want %q", test.rows, err, test.err)
			}
		case err != nil:
			t.Errorf("%#v: %v", test.rows, err)
		default:
			if diff := cmp.Diff(test.want, spelled(table)); diff != "" {
				t.Errorf("%#v: -want +got\n%s", test.rows, diff)
			}
		}
	}
}

// TestManyRows reads a quarter of a million rows, of which the second half has one column
// more.
func TestManyRows(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	const rows = 250_000
	var csv, objects strings.Builder
	csv.WriteString("id,name\n")
	objects.WriteString("[")
	for i := range rows {
		fmt.Fprintf(&csv, "%d,user-%d\n", i, i)
		fmt.Fprintf(&objects, `{"id":%d`, i)
		if i >= rows/2 {
			objects.WriteString(`,"late":true`)
		}
		objects.WriteString("}" + ","[min(1, i/(rows-1)):])
	}
	objects.WriteString("]")
	table, err := csvTable([]byte(csv.String()))
	if err != nil || len(table.Rows) != rows || table.Rows[rows-1][1].Text != "user-249999" {
		t.Fatalf("csv: %d rows, %v", len(table.Rows), err)
	}
	table, err = jsonTable([]byte(objects.String()))
	if err != nil || len(table.Rows) != rows {
		t.Fatalf("json: %v", err)
	}
	first, last := table.Rows[0], table.Rows[rows-1]
	if first[1].Kind != CellNull || last[1].Kind != CellBool || last[0].Text != "249999" {
		t.Errorf("first %v, last %v", first, last)
	}
}

// TestTooManyRows holds that memory is bounded, by all tables of a plan together.
func TestTooManyRows(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	wide := strings.Repeat("a", 1) + strings.Repeat(",", 999)
	line := wide + "\n"
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprint("c", i)
	}
	file := strings.Join(names, ",") + "\n" + strings.Repeat(line, 5000)
	_, diags := load(Inputs{}, map[string]string{
		"plans/main.hcl": `
data "a" { csv = "a.csv" }
data "again" { csv = "./a.csv" }
data "b" { csv = "b.csv" }`,
		"plans/a.csv": file,
		"plans/b.csv": file,
	})
	want := "plans/main.hcl:4: Invalid rows: plans/b.csv: with it the plan's rows have more than 8388608 values."
	if got := strings.ReplaceAll(messages(diags), `\`, "/"); got != want {
		t.Errorf("got %s", got)
	}
}

// FuzzTables holds that no file crashes the readers, and that a table is as wide
// as its columns everywhere.
func FuzzTables(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n", `[{"a": [1, {"b": "\u00e9\""}]}, {"c": null}]`, `["a", 1]`, "\ufeffa\n\"x\n", `[{"a":1,"a":2}]`, "[", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		for _, read := range []func([]byte) (*Table, error){csvTable, jsonTable} {
			table, err := rowsOf(src, read)
			if err != nil {
				continue
			}
			for i, row := range table.Rows {
				if len(row) != max(1, len(table.Columns)) {
					t.Fatalf("row %d has %d cells of %d columns", i, len(row), len(table.Columns))
				}
			}
		}
	})
}
