package demo

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// A pool lends the connections to the database. It holds size of them, opened
// when first needed. A caller that finds none free waits in line; one that has
// waited for the pool's patience may open a connection beyond size, of which
// there are at most maxOverflow. These are closed as soon as nobody waits and
// size connections lie idle:
//
//	opened
//	  size+maxOverflow ┤        ╭────╮       everybody else waits in line
//	                   │     ╭──╯    ╰╮      overflow: pressure outlasted the patience
//	  size             ┤ ╭───╯        ╰───   the healthy case
//	                 0 ┼─╯
//
// So an overflow above zero says that the pool was too small for its load, not
// that some requests arrived in the same instant. Methods are safe for
// concurrent use.
type pool struct {
	open        func() (*conn, error)
	size        int
	maxOverflow int
	patience    time.Duration // in line before a caller may go beyond size
	timeout     time.Duration // in line before a caller gives up

	mu       sync.Mutex
	idle     []*conn
	line     []chan *conn // callers that wait, first come first served
	opened   int          // idle, lent, or being opened or closed
	peak     int          // the most that ever were open
	waits    int64
	waited   time.Duration
	timeouts int64
	closed   bool
	drained  chan struct{} // closed when the pool is closed and nothing open
	failures []error       // of closing connections
}

// What a checkout fails with, besides the errors of opening a connection.
var (
	errClosed    = errors.New("the service is shutting down")
	errExhausted = errors.New("all database connections are in use; waited for one in vain")
)

// newPool returns a pool of connections that open makes.
func newPool(size, maxOverflow int, open func() (*conn, error)) *pool {
	return &pool{
		open: open, size: size, maxOverflow: maxOverflow,
		patience: 50 * time.Millisecond, timeout: 30 * time.Second,
		drained: make(chan struct{}),
	}
}

// with lends a connection for the time of a call.
func (p *pool) with(ctx context.Context, use func(*conn) error) error {
	c, err := p.checkout(ctx)
	if err != nil {
		return err
	}
	err = use(c)
	if errors.Is(err, errBroken) {
		p.retire(c)
	} else {
		p.checkin(c)
	}
	return err
}

// checkout lends a connection, which must be given back with checkin or retire.
func (p *pool) checkout(ctx context.Context) (*conn, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, errClosed
	}
	if last := len(p.idle) - 1; last >= 0 {
		c := p.idle[last] // the one used last has the warmest pages
		p.idle = p.idle[:last]
		p.mu.Unlock()
		return c, nil
	}
	if p.opened < p.size {
		p.count(+1)
		p.mu.Unlock()
		return p.grow()
	}
	turn := make(chan *conn, 1)
	p.line = append(p.line, turn)
	p.waits++
	p.mu.Unlock()
	return p.wait(ctx, turn)
}

// wait waits in line for the caller's turn.
func (p *pool) wait(ctx context.Context, turn chan *conn) (*conn, error) {
	start := time.Now()
	defer func() {
		p.mu.Lock()
		p.waited += time.Since(start)
		p.mu.Unlock()
	}()
	patience, timeout := time.NewTicker(p.patience), time.NewTimer(p.timeout)
	defer patience.Stop()
	defer timeout.Stop()
	for {
		select {
		case c, ok := <-turn:
			if !ok {
				return nil, errClosed
			}
			return c, nil
		case <-patience.C:
			if p.mayOverflow(turn) {
				return p.grow()
			}
		case <-timeout.C:
			return p.giveUp(turn, errExhausted)
		case <-ctx.Done():
			return p.giveUp(turn, context.Cause(ctx))
		}
	}
}

// mayOverflow lets a caller out of the line to open a connection of its own,
// where there is room for one.
func (p *pool) mayOverflow(turn chan *conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.opened >= p.size+p.maxOverflow || !p.leave(turn) {
		return false
	}
	p.count(+1)
	return true
}

// giveUp leaves the line with an error, unless the turn came just then.
func (p *pool) giveUp(turn chan *conn, reason error) (*conn, error) {
	p.mu.Lock()
	left := p.leave(turn)
	if left && reason == errExhausted {
		p.timeouts++
	}
	p.mu.Unlock()
	if left {
		return nil, reason
	}
	if c, ok := <-turn; ok {
		return c, nil
	}
	return nil, errClosed
}

// leave takes a caller out of the line, and reports whether it still stood
// there. The lock is held.
func (p *pool) leave(turn chan *conn) bool {
	i := slices.Index(p.line, turn)
	if i < 0 {
		return false
	}
	p.line = slices.Delete(p.line, i, i+1)
	return true
}

// grow opens a connection that has been counted already.
func (p *pool) grow() (*conn, error) {
	c, err := p.open()
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.count(-1)
		return nil, err
	}
	return c, nil
}

// count notes a connection more or less. The lock is held.
func (p *pool) count(by int) {
	p.opened += by
	p.peak = max(p.peak, p.opened)
	if p.closed && p.opened == 0 {
		close(p.drained)
	}
}

// checkin takes a connection back: to the first in line, or to lie idle.
func (p *pool) checkin(c *conn) {
	p.mu.Lock()
	if len(p.line) > 0 {
		p.line[0] <- c // has room: one turn, one connection
		p.line = slices.Delete(p.line, 0, 1)
		p.mu.Unlock()
		return
	}
	if !p.closed && len(p.idle) < p.size {
		p.idle = append(p.idle, c)
		p.mu.Unlock()
		return
	}
	p.mu.Unlock()
	p.retire(c)
}

// retire closes a lent connection: it is broken, or one too many.
func (p *pool) retire(c *conn) {
	err := c.close()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err != nil {
		p.failures = append(p.failures, err)
	}
	p.count(-1)
}

// close refuses all further checkouts, sends those in line away, and returns
// when every lent connection has come back and all are closed.
func (p *pool) close() error {
	p.mu.Lock()
	p.closed = true
	idle, line := p.idle, p.line
	p.idle, p.line = nil, nil
	for _, turn := range line {
		close(turn)
	}
	p.count(0)
	p.mu.Unlock()
	for _, c := range idle {
		p.retire(c)
	}
	<-p.drained
	return errors.Join(p.failures...)
}

// poolStatus is what the pool tells of itself. Overflow is the number of
// connections open beyond PoolSize, OverflowPeak the largest ever.
type poolStatus struct {
	PoolSize     int     `json:"pool_size"`
	CheckedOut   int     `json:"checked_out"`
	CheckedIn    int     `json:"checked_in"`
	Overflow     int     `json:"overflow"`
	OverflowPeak int     `json:"overflow_peak"`
	MaxOverflow  int     `json:"max_overflow"`
	Waiting      int     `json:"waiting"`
	WaitCount    int64   `json:"wait_count"`
	WaitTotal    float64 `json:"wait_ms_total"` // of waits that are over
	Timeouts     int64   `json:"timeout_count"`
}

func (p *pool) status() poolStatus {
	p.mu.Lock()
	defer p.mu.Unlock()
	return poolStatus{
		PoolSize:     p.size,
		CheckedOut:   p.opened - len(p.idle),
		CheckedIn:    len(p.idle),
		Overflow:     max(0, p.opened-p.size),
		OverflowPeak: max(0, p.peak-p.size),
		MaxOverflow:  p.maxOverflow,
		Waiting:      len(p.line),
		WaitCount:    p.waits,
		WaitTotal:    float64(p.waited.Microseconds()) / 1e3,
		Timeouts:     p.timeouts,
	}
}
