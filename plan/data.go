package plan

import (
	"github.com/hashicorp/hcl/v2"
)

// Data is a table of rows that users draw from. Rows of a file are read with
// the plan; rows that a host gives are fetched once, before the first stage,
// and never counted.
type Data struct {
	Name      string
	Table     *Table // of a file; nil where the rows are fetched
	Fetch     *Fetch // nil where the rows are of a file
	Order     DataOrder
	OnEnd     OnEnd
	DeclRange hcl.Range
}

// Address is the data's name as references write it.
func (d *Data) Address() string { return "data." + d.Name }

// A Fetch is where rows come from that are asked of a host. Values may use
// response.…, and gives a list of scalars or of objects.
type Fetch struct {
	Host   *Host
	Path   string
	Values Expression
}

// DataOrder says in which order iterations take rows.
type DataOrder string

const (
	OrderSequential DataOrder = "sequential" // as they stand, each user its own part of them
	OrderShuffle    DataOrder = "shuffle"    // in an order that follows from the seed
	OrderRandom     DataOrder = "random"     // drawn anew each time, so some may come twice
)

// OnEnd says what happens when all rows have been taken.
type OnEnd string

const (
	OnEndRecycle  OnEnd = "recycle"   // from the first again
	OnEndStopUser OnEnd = "stop_user" // the user is done
	OnEndFail     OnEnd = "fail"      // the request fails, before anything is sent
)

// Unique reports whether no row is ever used twice.
func (d *Data) Unique() bool { return d.Order != OrderRandom && d.OnEnd != OnEndRecycle }

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
