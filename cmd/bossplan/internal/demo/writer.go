package demo

import (
	"context"
	"fmt"
	"time"
)

// maxBatch bounds the writes of one transaction, and so the wait of the first.
const maxBatch = 128

// A writer is the one that changes the database. Writes that arrive while it
// commits are gathered into the next transaction, so that under load a commit
// is paid once for many, and two writers never fight for SQLite's one lock:
//
//	requests  ─► a ─►│ commit a    │ commit b c d     │ commit e
//	               b c d wait ─────┘     e waits ─────┘
type writer struct {
	pool  *pool
	cache *cache
	seed  int64 // the last id of the seeded tasks, which stay
	keep  int   // how many of the tasks after them stay

	queue chan *write
	stop  chan struct{} // closed to end run
	done  chan struct{} // closed when it has ended
}

// A write is one request to change a task. It is told its result once, after
// the commit.
type write struct {
	apply  func(*conn) (change, error)
	result chan result
}

type result struct {
	change change
	err    error
}

// start begins to take writes.
func (w *writer) start() {
	w.queue, w.stop, w.done = make(chan *write), make(chan struct{}), make(chan struct{})
	go w.run()
}

// close returns when the last transaction has ended. Later writes are refused.
func (w *writer) close() {
	close(w.stop)
	<-w.done
}

// do has a write applied and returns what it changed.
func (w *writer) do(ctx context.Context, apply func(*conn) (change, error)) (change, error) {
	one := &write{apply: apply, result: make(chan result, 1)}
	select {
	case w.queue <- one:
	case <-w.stop:
		return change{}, errClosed
	case <-ctx.Done():
		return change{}, context.Cause(ctx)
	}
	r := <-one.result // what is taken is always answered
	return r.change, r.err
}

func (w *writer) run() {
	defer close(w.done)
	for {
		select {
		case first := <-w.queue:
			w.write(w.gather(first))
		case <-w.stop:
			return
		}
	}
}

// gather takes what else is waiting.
func (w *writer) gather(first *write) []*write {
	batch := []*write{first}
	for len(batch) < maxBatch {
		select {
		case next := <-w.queue:
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

// write commits a batch, publishes it, and only then answers.
func (w *writer) write(batch []*write) {
	results := make([]result, len(batch))
	var changes []change
	var sums tally
	err := w.pool.with(context.Background(), func(c *conn) error {
		return c.within(c.begin, func() (err error) {
			if changes, err = apply(c, batch, results); err != nil {
				return err
			}
			if sums, err = c.tally(); err != nil {
				return err
			}
			changes, sums, err = w.prune(c, changes, sums)
			return err
		})
	})
	if err == nil && len(changes) > 0 {
		w.cache.publish(changes, sums)
	}
	for i, one := range batch {
		if err != nil {
			results[i] = result{err: fmt.Errorf("write to the database: %w", err)}
		}
		one.result <- results[i]
	}
}

// apply applies the writes of a batch. One that asks for what is not there
// fails alone; an error of the database ends them all.
func apply(c *conn, batch []*write, results []result) (changes []change, err error) {
	for i, one := range batch {
		ch, err := one.apply(c)
		results[i] = result{ch, err}
		if err == nil {
			changes = append(changes, ch)
		} else if !isProblem(err) {
			return nil, err
		}
	}
	return changes, nil
}

// prune removes the oldest tasks after the seeded ones when there are too many,
// so that a long run of creating does not fill the machine.
func (w *writer) prune(c *conn, changes []change, sums tally) ([]change, tally, error) {
	excess := sums.total(anyStatus) - int(w.seed) - w.keep
	if excess <= 0 {
		return changes, sums, nil
	}
	gone, err := c.oldest(w.seed, excess)
	if err != nil {
		return nil, sums, err
	}
	for _, ch := range gone {
		if _, err := c.remove.Exec(ch.id); err != nil {
			return nil, sums, err
		}
	}
	sums, err = c.tally()
	return append(changes, gone...), sums, err
}

// oldest lists the first n tasks after an id, as changes that remove them.
func (c *conn) oldest(after int64, n int) ([]change, error) {
	rows, err := c.after.Query(after, n)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var gone []change
	for rows.Next() {
		var ch change
		if err := rows.Scan(&ch.id, &ch.from); err != nil {
			return nil, err
		}
		gone = append(gone, ch)
	}
	return gone, rows.Err()
}

// create inserts a task and gives it its id and times.
func (c *conn) create(t task, now time.Time) (change, error) {
	t.Created, t.Updated = millis(now.UnixMilli()), millis(now.UnixMilli())
	done, err := c.insert.Exec(t.Title, t.Description, t.Priority, t.Status, t.Created, t.Updated)
	if err != nil {
		return change{}, err
	}
	if t.ID, err = done.LastInsertId(); err != nil {
		return change{}, err
	}
	body, err := t.encode()
	return change{id: t.ID, to: t.Status, body: body}, err
}

// move gives a task another status.
func (c *conn) move(id int64, to status, now time.Time) (change, error) {
	t, err := c.existing(id)
	if err != nil {
		return change{}, err
	}
	from := t.Status
	t.Status, t.Updated = to, max(t.Created, millis(now.UnixMilli()))
	if _, err := c.update.Exec(t.Status, t.Updated, id); err != nil {
		return change{}, err
	}
	body, err := t.encode()
	return change{id: id, from: from, to: to, body: body}, err
}
