package interp

import (
	"context"
	"errors"
	"fmt"

	"bossplan/interp/engine"
	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/interp/wire"
)

// readData makes the rows that the plan uses ready to be drawn, and asks hosts
// for those that they give. It says what is missing, or nothing.
func readData(ctx context.Context, g *graph.Graph, hosts []*wire.Host, r *record.Record) ([]*expr.Dataset, string) {
	out := make([]*expr.Dataset, len(g.Data))
	for i, d := range g.Data {
		if !d.Used {
			continue
		}
		table := d.Plan.Table
		if d.Fetch != nil {
			var err error
			if table, err = engine.Fetch(ctx, d, hosts[d.Fetch.Host.Index], g.Seed); err != nil {
				noteRefusal(r, err)
				rng := d.Plan.DeclRange
				return nil, fmt.Sprintf("%s (%s:%d) cannot be fetched from %s: %s",
					d.Plan.Address(), rng.Filename, rng.Start.Line, d.Plan.Fetch.Host.Address(), err)
			}
		}
		out[i] = expr.NewDataset(table)
		r.Data[i].Rows = out[i].Len()
	}
	return out, ""
}

// noteRefusal adds an error to the record that comes from a guard and not from
// what could be reached or not.
func noteRefusal(r *record.Record, err error) {
	var refused *wire.Error
	if errors.As(err, &refused) && refused.Kind == "guard" {
		r.Errors = append(r.Errors, record.Error{Request: -1, Kind: refused.Kind, Message: refused.Message, Count: 1})
	}
}
