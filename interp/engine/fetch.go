package engine

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/interp/wire"
	"bossplan/plan"
)

// maxFetched is the size in bytes of the largest answer that rows are read from.
const maxFetched = 64 << 20

// Fetch asks a host for the rows of a data, which must be one that has a Fetch.
// It has a connection of its own and is counted nowhere. The error says what was
// wrong with the answer. Cancelling ctx ends it soon.
func Fetch(ctx context.Context, d *graph.Data, host *wire.Host, seed uint64) (*plan.Table, error) {
	x, err := ask(ctx, d.Fetch, host, seed)
	if err != nil {
		return nil, err
	}
	if !d.Fetch.Plan.ExpectStatus.Contains(x.Status) {
		return nil, fmt.Errorf("the answer is %s", errorKey{kind: "status", status: x.Status}.text())
	}
	answer := expr.Answer{Status: x.Status, Header: x.Header, Body: x.ResponseBody, Time: x.Done - x.Begun}
	values, err := expr.Evaluate(d.Plan.Fetch.Values, &answer)
	if err != nil {
		return nil, err
	}
	table, err := plan.NewTable(values)
	switch {
	case err != nil:
		return nil, err
	case len(table.Rows) == 0:
		return nil, errors.New("the answer gives no rows")
	}
	return table, nil
}

// ask sends a request by itself and waits for its end.
func ask(ctx context.Context, req *graph.Request, host *wire.Host, seed uint64) (*wire.Exchange, error) {
	epoch := time.Now()
	transport := wire.NewStd(epoch)
	defer transport.Close()
	defer context.AfterFunc(ctx, transport.Close)()
	c := &call{exchange: wire.Exchange{
		Timeout: req.Plan.Timeout, KeepBody: true, MaxBody: maxFetched, Session: &wire.Session{},
	}}
	x := &c.exchange
	name := req.Class.Plan.Name
	frame := &expr.Frame{
		UserID: name, UserClass: name, Now: time.Now,
		Rand: rand.New(rand.NewPCG(graph.SeedFor(seed, name, 0), 0)),
	}
	if err := (&renderer{}).render(c, req, frame); err != nil {
		return nil, err
	}
	transport.Start(transport.Open(host), x)
	for done := []*wire.Exchange(nil); len(done) == 0; {
		done = transport.Wait(done, time.Since(epoch)+farFuture)
	}
	if x.Err != nil {
		return nil, x.Err
	}
	return x, nil
}
