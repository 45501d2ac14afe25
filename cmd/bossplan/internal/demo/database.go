package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// The schema. The tally is kept by triggers, in the transaction that changes a
// task: statistics and totals cost nine rows, however many tasks there are.
// AUTOINCREMENT, so that the id of a pruned task never comes back.
const schema = `
CREATE TABLE task (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	title       TEXT    NOT NULL,
	description TEXT    NOT NULL,
	priority    INTEGER NOT NULL,
	status      INTEGER NOT NULL,
	created     INTEGER NOT NULL,
	updated     INTEGER NOT NULL
);
CREATE INDEX task_status ON task (status);

CREATE TABLE tally (
	status   INTEGER NOT NULL,
	priority INTEGER NOT NULL,
	n        INTEGER NOT NULL,
	PRIMARY KEY (status, priority)
) WITHOUT ROWID;
INSERT INTO tally SELECT s.column1, p.column1, 0 FROM (VALUES (1), (2), (3)) AS s, (VALUES (1), (2), (3)) AS p;

CREATE TRIGGER task_added AFTER INSERT ON task BEGIN
	UPDATE tally SET n = n + 1 WHERE status = NEW.status AND priority = NEW.priority;
END;
CREATE TRIGGER task_moved AFTER UPDATE OF status ON task WHEN OLD.status <> NEW.status BEGIN
	UPDATE tally SET n = n - 1 WHERE status = OLD.status AND priority = OLD.priority;
	UPDATE tally SET n = n + 1 WHERE status = NEW.status AND priority = NEW.priority;
END;
CREATE TRIGGER task_removed AFTER DELETE ON task BEGIN
	UPDATE tally SET n = n - 1 WHERE status = OLD.status AND priority = OLD.priority;
END;`

// dsn names the database file in dir, an absolute path, with what every connection needs. Readers
// never wait for the writer (WAL), nobody waits for the disk (the data need not
// outlive the process), and a lock that is held after all is waited for.
func dsn(dir string) string {
	path := filepath.ToSlash(filepath.Join(dir, "demo.db"))
	if path[0] != '/' {
		path = "/" + path // a drive letter, in a file URI
	}
	query := url.Values{"_pragma": {
		"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(OFF)", "temp_store(MEMORY)", "cache_size(-1024)",
	}}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

// A conn is one connection to the database with its statements prepared. One
// goroutine at a time may use it; that is what the pool is for.
//
// Its methods take no context: a query lasts well under a millisecond, and to
// watch a context for it would cost the driver a goroutine each.
type conn struct {
	raw                     *sql.Conn
	ping                    *sql.Stmt
	snapshot, begin         *sql.Stmt
	commit, rollback        *sql.Stmt
	get, all, byStatus, sum *sql.Stmt
	insert, update          *sql.Stmt
	after, remove           *sql.Stmt
}

// openConn opens a connection and prepares its statements. db must keep no
// idle connections: then close really closes.
func openConn(db *sql.DB) (*conn, error) {
	raw, err := db.Conn(context.Background())
	if err != nil {
		return nil, fmt.Errorf("open a database connection: %w", err)
	}
	c := &conn{raw: raw}
	if err := c.prepare(); err != nil {
		return nil, errors.Join(fmt.Errorf("prepare the statements: %w", err), c.close())
	}
	return c, nil
}

func (c *conn) prepare() error {
	const columns = "SELECT id, title, description, priority, status, created, updated FROM task "
	for _, p := range []struct {
		stmt  **sql.Stmt
		query string
	}{
		{&c.ping, "SELECT count(*) FROM tally"},
		{&c.snapshot, "BEGIN DEFERRED"},
		{&c.begin, "BEGIN IMMEDIATE"},
		{&c.commit, "COMMIT"},
		{&c.rollback, "ROLLBACK"},
		{&c.get, columns + "WHERE id = ?"},
		{&c.all, columns + "ORDER BY id LIMIT ? OFFSET ?"},
		{&c.byStatus, columns + "WHERE status = ? ORDER BY id LIMIT ? OFFSET ?"},
		{&c.sum, "SELECT status, priority, n FROM tally"},
		{&c.insert, "INSERT INTO task (title, description, priority, status, created, updated) VALUES (?, ?, ?, ?, ?, ?)"},
		{&c.update, "UPDATE task SET status = ?, updated = ? WHERE id = ?"},
		{&c.after, "SELECT id, status FROM task WHERE id > ? ORDER BY id LIMIT ?"},
		{&c.remove, "DELETE FROM task WHERE id = ?"},
	} {
		var err error
		if *p.stmt, err = c.raw.PrepareContext(context.Background(), p.query); err != nil {
			return err
		}
	}
	return nil
}

// close closes the connection; its statements go with it.
func (c *conn) close() error { return c.raw.Close() }

// alive returns an error where the database does not answer.
func (c *conn) alive() error {
	var n int
	return c.ping.QueryRow().Scan(&n)
}

// task returns one task, and sql.ErrNoRows where there is none with that id.
func (c *conn) task(id int64) (task, error) {
	return scanTask(c.get.QueryRow(id))
}

// page returns the tasks of a page in the order of their ids, and the tally of
// the same moment.
func (c *conn) page(k pageKey) (tasks []task, sums tally, err error) {
	err = c.within(c.snapshot, func() error {
		if tasks, err = c.tasks(k); err != nil {
			return err
		}
		sums, err = c.tally()
		return err
	})
	return tasks, sums, err
}

func (c *conn) tasks(k pageKey) ([]task, error) {
	stmt, args := c.all, []any{k.limit, k.offset}
	if k.status != anyStatus {
		stmt, args = c.byStatus, []any{k.status, k.limit, k.offset}
	}
	rows, err := stmt.Query(args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var tasks []task
	for rows.Next() {
		t, err := scanTask(rows)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, t)
	}
	return tasks, rows.Err()
}

// tally reads the counts.
func (c *conn) tally() (tally, error) {
	rows, err := c.sum.Query()
	if err != nil {
		return tally{}, err
	}
	defer rows.Close()
	var sums tally
	for rows.Next() {
		var s status
		var p priority
		var n int
		if err := rows.Scan(&s, &p, &n); err != nil {
			return tally{}, err
		}
		sums[s][p] = n
	}
	return sums, rows.Err()
}

// within runs do in a transaction opened by begin. Where do fails, nothing of
// it remains. Where even the rollback fails the error is an errBroken: the
// connection is then of no more use.
func (c *conn) within(begin *sql.Stmt, do func() error) error {
	if _, err := begin.Exec(); err != nil {
		return err
	}
	err := do()
	if err == nil {
		_, err = c.commit.Exec()
	}
	if err == nil {
		return nil
	}
	if _, back := c.rollback.Exec(); back != nil {
		return errors.Join(errBroken, err, back)
	}
	return err
}

// errBroken marks a connection that may still be inside a transaction.
var errBroken = errors.New("the database connection is broken")

// scanTask reads a row of the task columns.
func scanTask(row interface{ Scan(...any) error }) (task, error) {
	var t task
	err := row.Scan(&t.ID, &t.Title, &t.Description, &t.Priority, &t.Status, &t.Created, &t.Updated)
	return t, err
}

// A tally counts the tasks by status and priority.
type tally [statusCount][priorityCount]int

// total counts the tasks with a status, or all.
func (t tally) total(s status) int {
	n := 0
	for of := range t {
		if s == anyStatus || s == status(of) {
			for _, m := range t[of] {
				n += m
			}
		}
	}
	return n
}
