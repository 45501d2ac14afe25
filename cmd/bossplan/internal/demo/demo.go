// Package demo is the sample service that plans run against on a fresh machine:
// the endpoints of Boss Workflow over a real database and a real cache, so that
// what its admin endpoints tell of pool and cache is the truth.
//
//	request ─► endpoint ─► cache ─► pool ─► SQLite
//	                  └──► writer ──┘          (one transaction for many writes)
//
// task.go says what a task is, database.go what is asked of SQLite, pool.go who
// may ask; cache.go keeps answers and writer.go makes changes; endpoints.go,
// answer.go and server.go put them on the wire.
package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Options shape a Service. A field that is zero takes the default given with
// it; negative values are refused.
type Options struct {
	Tasks       int           // seeded at the start, with ids from 1: 1,000
	Keep        int           // tasks kept besides the seeded ones, older ones are pruned: 99,000
	PoolSize    int           // connections to the database: 5
	MaxOverflow int           // connections beyond PoolSize under pressure: 10
	CacheSize   int           // single tasks in the cache, besides 256 pages: 5,000
	CacheTTL    time.Duration // how long an answer may stay there: 5 minutes
	Version     string        // shown by /health: "dev"
}

// withDefaults fills in what is zero.
func (o Options) withDefaults() (Options, error) {
	for _, f := range []struct {
		name  string
		value *int
		zero  int
	}{
		{"Tasks", &o.Tasks, 1_000},
		{"Keep", &o.Keep, 99_000},
		{"PoolSize", &o.PoolSize, 5},
		{"MaxOverflow", &o.MaxOverflow, 10},
		{"CacheSize", &o.CacheSize, 5_000},
	} {
		if *f.value < 0 {
			return o, fmt.Errorf("the sample service cannot have %s = %d: give a positive number, or 0 for %d", f.name, *f.value, f.zero)
		}
		if *f.value == 0 {
			*f.value = f.zero
		}
	}
	if o.CacheTTL < 0 {
		return o, fmt.Errorf("the sample service cannot have CacheTTL = %v: give a positive duration, or 0 for 5 minutes", o.CacheTTL)
	}
	if o.CacheTTL == 0 {
		o.CacheTTL = 5 * time.Minute
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	return o, nil
}

// A Service is a running sample service. Its methods are safe for concurrent
// use.
type Service struct {
	version string
	started time.Time
	dir     string // of the database's files
	db      *sql.DB
	pool    *pool
	cache   *cache
	writer  *writer
	handler http.Handler
	close   func() error // once
}

// New creates the database in a new temporary directory, fills it with tasks,
// and returns the service, which must be closed. The context bounds New alone.
func New(ctx context.Context, options Options) (*Service, error) {
	o, err := options.withDefaults()
	if err != nil {
		return nil, err
	}
	dir, err := filepath.Abs(os.TempDir())
	if err == nil {
		dir, err = os.MkdirTemp(dir, "bossplan-demo-")
	}
	if err != nil {
		return nil, fmt.Errorf("make a directory for the sample service's database: %w", err)
	}
	db, err := sql.Open("sqlite", dsn(dir))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the sample service's database: %w", err), os.RemoveAll(dir))
	}
	db.SetMaxIdleConns(-1) // the pool keeps them; what it closes must be closed
	s := &Service{version: o.Version, started: time.Now(), dir: dir, db: db}
	s.pool = newPool(o.PoolSize, o.MaxOverflow, func() (*conn, error) { return openConn(db) })
	if err := s.fill(ctx, o); err != nil {
		return nil, errors.Join(fmt.Errorf("fill the sample service's database: %w", err), s.discard())
	}
	s.handler = s.routes()
	s.writer.start()
	s.close = sync.OnceValue(func() error {
		s.writer.close()
		return s.discard()
	})
	return s, nil
}

// fill creates and seeds the tables, and the cache and writer over them.
func (s *Service) fill(ctx context.Context, o Options) error {
	if _, err := s.db.ExecContext(ctx, schema); err != nil {
		return err
	}
	return s.pool.with(ctx, func(c *conn) error {
		if err := seed(ctx, c, o.Tasks, s.started); err != nil {
			return err
		}
		sums, err := c.tally()
		s.cache = newCache(o.CacheSize, o.CacheTTL, sums)
		s.writer = &writer{pool: s.pool, cache: s.cache, seed: int64(o.Tasks), keep: o.Keep}
		return err
	})
}

// Handler returns the service's endpoints.
func (s *Service) Handler() http.Handler { return s.handler }

// Close ends the service and removes its database. It waits for requests under
// way; those that still come are answered with status 503. Further calls return
// what the first returned.
func (s *Service) Close() error { return s.close() }

// discard closes and removes the database.
func (s *Service) discard() error {
	return errors.Join(s.pool.close(), s.db.Close(), os.RemoveAll(s.dir))
}
