package demo

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// hold checks connections out.
func hold(t *testing.T, p *pool, n int) []*conn {
	t.Helper()
	var held []*conn
	for range n {
		c, err := p.checkout(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, c)
	}
	return held
}

func TestPoolStatusTellsTheTruth(t *testing.T) {
	s := open(t, Options{Tasks: 10, PoolSize: 2, MaxOverflow: 2})
	s.pool.patience = time.Millisecond
	check := func(when string, want poolStatus) {
		t.Helper()
		want.PoolSize, want.MaxOverflow = 2, 2
		got := get[poolStatus](t, s, "/api/admin/pool-status")
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(poolStatus{}, "WaitTotal")); diff != "" {
			t.Errorf("%s: %s", when, diff)
		}
		if (got.WaitTotal > 0) != (got.WaitCount > 0) {
			t.Errorf("%s: %d waits of %v ms", when, got.WaitCount, got.WaitTotal)
		}
	}
	check("at the start", poolStatus{CheckedIn: 1})
	held := hold(t, s.pool, 2)
	check("all lent", poolStatus{CheckedOut: 2})
	held = append(held, hold(t, s.pool, 1)...)
	check("one beyond", poolStatus{CheckedOut: 3, Overflow: 1, OverflowPeak: 1, WaitCount: 1})
	held = append(held, hold(t, s.pool, 1)...)
	check("two beyond", poolStatus{CheckedOut: 4, Overflow: 2, OverflowPeak: 2, WaitCount: 2})

	s.pool.timeout = 20 * time.Millisecond
	if _, err := s.pool.checkout(context.Background()); !errors.Is(err, errExhausted) {
		t.Errorf("beyond the last connection: %v", err)
	}
	check("exhausted", poolStatus{CheckedOut: 4, Overflow: 2, OverflowPeak: 2, WaitCount: 3, Timeouts: 1})
	if w := call(s, "GET", "/health", ""); w.Code != 503 || w.Header().Get("Retry-After") == "" {
		t.Errorf("/health without a connection: %d %s", w.Code, w.Body)
	}
	for _, c := range held {
		s.pool.checkin(c)
	}
	check("given back", poolStatus{CheckedIn: 2, OverflowPeak: 2, WaitCount: 4, Timeouts: 2})
}

func TestPoolServesTheLineInOrder(t *testing.T) {
	s := open(t, Options{Tasks: 1, PoolSize: 1})
	s.pool.patience = time.Hour
	held := hold(t, s.pool, 1)[0]
	order := make(chan int)
	for i := range 3 {
		go func() {
			err := s.pool.with(context.Background(), func(*conn) error { order <- i; return nil })
			if err != nil {
				t.Error(err)
			}
		}()
		for s.pool.status().Waiting <= i {
			time.Sleep(100 * time.Microsecond)
		}
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.pool.checkout(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller that has gone: %v", err)
	}
	s.pool.checkin(held)
	for i := range 3 {
		if got := <-order; got != i {
			t.Errorf("turn %d went to %d", i, got)
		}
	}
}

func TestPoolReplacesWhatBreaks(t *testing.T) {
	s := open(t, Options{Tasks: 1})
	err := s.pool.with(context.Background(), func(c *conn) error {
		return c.within(c.begin, func() error {
			_, err := c.commit.Exec() // so that the rollback fails
			return errors.Join(err, errors.New("no use"))
		})
	})
	if !errors.Is(err, errBroken) {
		t.Errorf("the error is %v", err)
	}
	if p := s.pool.status(); p.CheckedIn != 0 || p.CheckedOut != 0 {
		t.Errorf("%+v", p)
	}
	if w := call(s, "GET", "/health", ""); w.Code != 200 {
		t.Errorf("afterwards: %d %s", w.Code, w.Body)
	}
}

func TestPoolThatCannotOpen(t *testing.T) {
	no := errors.New("no more files")
	p := newPool(1, 1, func() (*conn, error) { return nil, no })
	for range 3 {
		if _, err := p.checkout(context.Background()); !errors.Is(err, no) {
			t.Errorf("%v", err)
		}
	}
	if got := p.status(); got.CheckedOut != 0 || got.WaitCount != 0 {
		t.Errorf("%+v", got)
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
}

func TestPoolCloseWaitsForWhatIsLent(t *testing.T) {
	s := open(t, Options{Tasks: 1, PoolSize: 1})
	s.pool.patience = time.Hour
	held := hold(t, s.pool, 1)[0]
	refused := make(chan error, 1)
	go func() {
		_, err := s.pool.checkout(context.Background())
		refused <- err
	}()
	for s.pool.status().Waiting == 0 {
		time.Sleep(100 * time.Microsecond)
	}
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	if err := <-refused; !errors.Is(err, errClosed) {
		t.Errorf("the caller in line got %v", err)
	}
	select {
	case <-closed:
		t.Error("closed with a connection lent")
	case <-time.After(20 * time.Millisecond):
	}
	s.pool.checkin(held)
	if err := <-closed; err != nil {
		t.Error(err)
	}
}
