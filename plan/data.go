package plan

import (
	"maps"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
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

// A fetching is data whose rows are asked of a host, which is declared later.
type fetching struct {
	data  *Data
	block *block
	scope scope
}

// decodeData decodes all data blocks but for what they fetch, and puts their
// rows into scope.
func (d *decoder) decodeData(blocks hcl.Blocks) {
	schema := d.schema.block("data")
	each(blocks, schema.Name, func(hb *hcl.Block) {
		d.instances(hb, "data.", func(name string, free bool) {
			t := &Data{Name: name, DeclRange: hb.DefRange}
			if free {
				d.data[name] = t
			}
			d.plan.Data = append(d.plan.Data, t)
			d.within(t.Address(), func() { d.open(hb, schema).dataBlock(t) })
		})
	})
	run := maps.Clone(d.scope.run.Variables)
	run["row"] = d.rows()
	run["data"] = run["row"]
	d.scope = d.scope.over(d.scope.run.Functions, run)
}

func (b *block) dataBlock(t *Data) {
	order, _ := b.text("order")
	t.Order = DataOrder(order)
	end, _ := b.text("on_end")
	t.OnEnd = OnEnd(end)
	if t.Order == OrderRandom && b.has("on_end") {
		b.fail(b.at("on_end"), "Rows never end", "data on_end says what happens when all rows have been taken, but order = \"random\" draws anew each time. Leave one of them out.")
	}
	switch b.dataSource() {
	case "csv":
		t.Table = b.tableOf("csv", csvTable)
	case "json":
		t.Table = b.tableOf("json", jsonTable)
	case "host":
		b.fetches = append(b.fetches, fetching{t, b, b.scope})
	}
}

// dataSource is where the rows come from, as its first attribute: exactly one of
// a file and a host.
func (b *block) dataSource() string {
	source, first := "", ""
	for _, name := range []string{"csv", "json", "host", "path", "values"} {
		of := name
		if name == "path" || name == "values" {
			of = "host"
		}
		switch {
		case !b.has(name):
		case source == "":
			source, first = of, name
		case source != of:
			b.fail(b.at(name), "Two sources of rows", "data takes its rows from a csv file, from a json file, or from a host with path and values; %s and %s are of different ones.", first, name)
			return ""
		}
	}
	if source == "" && !b.meant("csv", "json", "host", "path", "values") {
		b.fail(&b.head, "No rows", "data needs a csv or json file, or a host with path and values.")
	}
	return source
}

// linkData decodes what data fetches, once all hosts are declared.
func (d *decoder) linkData() {
	around := d.scope
	for _, f := range d.fetches {
		d.scope = f.scope
		d.within(f.data.Address(), func() { f.block.fetch(f.data) })
	}
	d.scope = around
}

func (b *block) fetch(t *Data) {
	t.Fetch = &Fetch{}
	for _, name := range []string{"host", "path", "values"} {
		if !b.has(name) && !b.meant(name) {
			b.fail(&b.head, "Missing argument", "data that is fetched needs host, path and values; %s is missing.", name)
		}
	}
	if attr := b.attrs["host"]; attr != nil {
		t.Fetch.Host = b.hostReference(attr.Expr, "data host")
	}
	var ok bool
	if t.Fetch.Path, ok = b.text("path"); ok && !b.secret("path") {
		b.checkPath("path", t.Fetch.Path)
	}
	t.Fetch.Values = b.values("values")
}

// values reads an expression that makes rows of an answer.
func (b *block) values(name string) Expression {
	attr := b.attrs[name]
	if attr == nil {
		return Expression{}
	}
	what := b.what(name)
	g, ok := b.evaluate(attr.Expr, spot{what: what, static: true, answer: true})
	if !ok {
		return Expression{}
	}
	ty := g.Type()
	switch {
	case g.IsNull():
		b.fail(&g.at, "Missing value", "%s must not be null.", what)
		return Expression{}
	case ty != cty.DynamicPseudoType && !ty.IsTupleType() && !ty.IsListType() && !ty.IsSetType():
		b.fail(&g.at, "Not a list", "%s must be a list made from the answer, such as response.json.items[*].id, not %s.", what, typeInWords(ty))
		return Expression{}
	case g.IsWhollyKnown():
		if _, err := NewTable(g.Value); err != nil {
			b.refuse(g, "Invalid rows", "%s: %s.", what, err)
			return Expression{}
		}
	}
	return b.expression(attr.Expr)
}
