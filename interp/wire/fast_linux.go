package wire

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"bossplan/interp/wire/internal/port"
)

// Fast carries plain HTTP/1.1 on the goroutine that calls it: an exchange is
// driven by what its port tells from within Wait, and there is no other
// goroutine, no lock and no allocation on its way. What it does not speak, TLS
// and HTTP/2, and where a redirect leads to another place, it leaves to a Std of
// its own.
//
//	Open ─► fastConn ──► pipe ──► port.Socket      a user's, its connection's
//	            │ while an exchange is on its way
//	            └─────► ride ──► h1.Parser
//
// All methods but Wake are for one goroutine.
type Fast struct {
	epoch time.Time
	port  port.Port
	std   *Std            // nil: never needed
	ctx   context.Context // of the goroutines that resolve names; ends with Close
	quit  context.CancelFunc

	now     time.Duration // of the last Wait
	wheel   wheel
	hosts   map[*Host]*fastHost
	conns   []*fastConn
	done    []*Exchange
	brought []*Exchange // by std
	rides   []*ride     // that are free
	pipes   []*pipe     // likewise
	buffers [][]byte
	handed  map[*Exchange]*ride    // to std
	held    map[*Exchange]struct{} // have ended, but the port has their body

	woken    atomic.Bool
	stirred  atomic.Bool // std or a resolver has something
	mailMu   sync.Mutex
	resolved []resolution
	closed   bool
}

// maxIdleRides bounds what is kept for the next exchanges.
const maxIdleRides = 1024

func newFast(epoch time.Time, p port.Port) *Fast {
	f := &Fast{epoch: epoch, port: p, hosts: map[*Host]*fastHost{}, handed: map[*Exchange]*ride{}, held: map[*Exchange]struct{}{}}
	f.ctx, f.quit = context.WithCancel(context.Background())
	return f
}

func (f *Fast) clock() time.Duration { return time.Since(f.epoch) }

// stir has Wait look at what other goroutines have brought. Any may call it.
func (f *Fast) stir() {
	f.stirred.Store(true)
	f.port.Wake()
}

// Open makes a connection to h. Nothing is dialled before its first exchange.
func (f *Fast) Open(h *Host) Conn {
	if h.URL.Scheme == "https" || h.HTTP == "2" {
		return f.other().Open(h)
	}
	host := f.hosts[h]
	if host == nil {
		host = newFastHost(f, h)
		f.hosts[h] = host
	}
	c := &fastConn{fast: f, host: host, at: len(f.conns), closed: f.closed}
	f.conns = append(f.conns, c)
	return c
}

// other is the transport for what this one does not speak.
func (f *Fast) other() *Std {
	if f.std == nil {
		f.std = NewStd(f.epoch)
		f.std.notify = f.stir
		if f.closed {
			f.std.Close()
		}
	}
	return f.std
}

// Start runs x on c and returns at once. c must come from f's Open and have no
// exchange on its way.
func (f *Fast) Start(c Conn, x *Exchange) {
	own, ok := c.(*fastConn)
	if !ok {
		f.other().Start(c, x)
		return
	}
	f.take().begin(own, x)
}

// Wake ends a Wait, the next one if there is none now.
func (f *Fast) Wake() {
	f.woken.Store(true)
	f.port.Wake()
}

// Wait blocks until an exchange has ended, Wake was called or the moment until
// has passed, and appends all exchanges that have ended since the last call.
// What was started goes out with it.
func (f *Fast) Wait(done []*Exchange, until time.Duration) []*Exchange {
	for !f.closed {
		limit := f.wheel.until(until)
		if len(f.done) > 0 || f.stirred.Load() {
			limit = -1
		}
		f.port.Wait(limit)
		f.now = f.clock()
		f.wheel.advance(f.now, func(d *deadline) { d.of.expire(f.now) })
		if f.stirred.Swap(false) {
			f.takeMail()
		}
		if len(f.done) > 0 || f.woken.Swap(false) || f.now >= until {
			break
		}
	}
	if f.closed {
		f.takeMail()
	}
	done = append(done, f.done...)
	clear(f.done)
	f.done = f.done[:0]
	return done
}

// How long ago the port may have been looked at when an exchange is started: what
// has happened to its connection since is not known. A request that may not go out
// twice would fail for nothing where its server has closed the connection.
const (
	unseen     = time.Millisecond
	unseenOnce = 20 * time.Microsecond
)

// look takes what has happened to connections without waiting.
func (f *Fast) look() {
	f.port.Wait(-1)
	f.now = f.clock()
}

// takeMail takes the names that were resolved and the exchanges that std ended.
func (f *Fast) takeMail() {
	f.mailMu.Lock()
	resolved := f.resolved
	f.resolved = nil
	f.mailMu.Unlock()
	for _, r := range resolved {
		r.host.learn(r)
	}
	if f.std == nil {
		return
	}
	f.brought, _ = f.std.collect(f.brought[:0])
	for _, x := range f.brought {
		if r := f.handed[x]; r != nil {
			delete(f.handed, x)
			r.conn.ride = nil
			f.giveBack(r)
		}
		f.finish(x)
	}
	clear(f.brought)
}

// Close ends all connections. Exchanges on their way fail and are still handed
// to Wait, which then no longer blocks. It may be called more than once.
func (f *Fast) Close() {
	if f.closed {
		return
	}
	for len(f.conns) > 0 {
		f.conns[len(f.conns)-1].Close()
	}
	f.quit()
	if f.std != nil {
		f.std.Close()
	}
	f.takeMail()
	f.port.Shut()
	for x := range f.held {
		x.lent = 0
		f.done = append(f.done, x)
	}
	f.held = nil
	f.closed = true
}

// finish gives an exchange that has ended to Wait, once the port has no more use
// of its body.
func (f *Fast) finish(x *Exchange) {
	if x.lent > 0 {
		f.held[x] = struct{}{}
		return
	}
	f.done = append(f.done, x)
}

// take gives a ride that is free.
func (f *Fast) take() *ride {
	n := len(f.rides)
	if n == 0 {
		r := &ride{}
		r.limit.of = r
		return r
	}
	r := f.rides[n-1]
	f.rides = f.rides[:n-1]
	return r
}

func (f *Fast) giveBack(r *ride) {
	r.conn, r.x, r.pipe, r.waiting = nil, nil, nil, nil
	r.to, r.missed, r.body, r.sendErr, r.stamp = nil, nil, nil, nil, nil
	r.req = request{}
	if len(f.rides) < maxIdleRides {
		f.rides = append(f.rides, r)
	}
}

// buffer gives room for a request's head and a small body.
func (f *Fast) buffer() []byte {
	n := len(f.buffers)
	if n == 0 {
		return make([]byte, 0, 512)
	}
	b := f.buffers[n-1]
	f.buffers = f.buffers[:n-1]
	return b[:0]
}

// free takes room back that the port has no more use of.
func (f *Fast) free(b []byte) {
	if b != nil && cap(b) <= 2*inlineUpload && len(f.buffers) < maxIdleRides {
		f.buffers = append(f.buffers, b)
	}
}
