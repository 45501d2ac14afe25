package engine

import (
	"time"

	"bossplan/interp/wire"
	"bossplan/plan"
)

// A host as one loop sees it: its connections where they are shared, and the
// rate that may go to it.
//
// Requests are spread over all of the connections before one carries two at a
// time, which it does over HTTP/2 as far as its server allows. Whoever finds no
// room waits, first come first served; that is the server's time.
type hostLoop struct {
	loop    *loop
	wire    *wire.Host
	limit   int // shared connections; 0: every user has its own
	open    int
	idle    []*line // that carry nothing, the last used one last
	partly  []*line // that carried something and could carry more when they were put here, in turn
	waiting []*user

	rate *limiter // of all loops
}

// A line is a shared connection.
type line struct {
	conn   wire.Conn
	shared wire.Shared // conn, if it may carry several exchanges; else nil
	load   int         // exchanges under way
	idle   bool        // it is in its host's idle
	partly bool        // it is in its host's partly
}

// room reports whether x may carry another exchange.
func (x *line) room() bool {
	return x.load == 0 || x.shared != nil && x.load < x.shared.Streams()
}

func newHostLoop(l *loop, p *plan.Host, w *wire.Host, rate *limiter) *hostLoop {
	h := &hostLoop{loop: l, wire: w, rate: rate}
	if p.Connections > 0 {
		h.limit = max(l.part(p.Connections), 1)
	}
	return h
}

// dial opens a line.
func (h *hostLoop) dial() *line {
	h.open++
	x := &line{conn: h.loop.transport.Open(h.wire)}
	if x.shared, _ = x.conn.(wire.Shared); x.shared != nil {
		x.shared.Grown(func() { h.loop.post(func() { h.settle(x, h.loop.clock) }) })
	}
	return x
}

// acquire gives u a line, or puts it in the queue for one.
func (h *hostLoop) acquire(u *user) bool {
	switch x := h.free(); {
	case x != nil:
		h.give(x, u)
	case h.open < h.limit:
		h.give(h.dial(), u)
	default:
		if x = h.next(); x == nil {
			h.waiting = append(h.waiting, u)
			return false
		}
		h.give(x, u)
	}
	return true
}

// free takes a line that carries nothing; nil: there is none.
func (h *hostLoop) free() *line {
	n := len(h.idle)
	if n == 0 {
		return nil
	}
	x := h.idle[n-1]
	h.idle = h.idle[:n-1]
	x.idle = false
	return x
}

// next takes the next of the lines that carry something and may carry more; nil:
// there is none.
func (h *hostLoop) next() *line {
	for len(h.partly) > 0 {
		x := h.partly[0]
		h.partly = h.partly[1:]
		x.partly = false
		if x.load > 0 && x.room() {
			return x
		}
	}
	return nil
}

// give has u use x.
func (h *hostLoop) give(x *line, u *user) {
	x.load++
	u.line, u.conn = x, x.conn
	h.place(x)
}

// place puts x where it is looked for.
func (h *hostLoop) place(x *line) {
	if x.load == 0 && !x.idle {
		x.idle = true
		h.idle = append(h.idle, x)
	}
	if x.load > 0 && !x.partly && x.room() {
		x.partly = true
		h.partly = append(h.partly, x)
	}
}

// release ends the use of a line.
func (h *hostLoop) release(x *line, now time.Duration) {
	x.load--
	h.settle(x, now)
}

// settle gives those who wait what room there is on x from now on.
func (h *hostLoop) settle(x *line, now time.Duration) {
	for len(h.waiting) > 0 && x.room() {
		u := h.waiting[0]
		h.waiting = h.waiting[1:]
		if u.state == waitingForConn {
			h.give(x, u)
			u.ready = now
			u.send()
		}
	}
	h.place(x)
}

// cut ends the exchange of a user that is not waited for. The others on its
// line go on; a line that only it could use is replaced.
func (h *hostLoop) cut(u *user, now time.Duration) {
	x := u.line
	if x.shared != nil {
		x.shared.Cut(&u.call.exchange) // which comes back, and frees the line then
		return
	}
	u.giveUp().conn.Close()
	h.open--
	for len(h.waiting) > 0 && h.waiting[0].state != waitingForConn {
		h.waiting = h.waiting[1:]
	}
	if len(h.waiting) > 0 {
		h.settle(h.dial(), now)
	}
}
