package wire

import (
	"context"
	"io"
	"net/http"
	"time"
)

// A trip is one exchange on its way: a request and its answer, as often as
// redirects lead on.
type trip struct {
	conn     *stdConn
	x        *Exchange
	s        *scratch
	deadline time.Time // zero: none
	ctx      context.Context
	cancel   context.CancelFunc
	away     *dialer // of conn.away
	up       *upload // over HTTP/1.1, the one on its way
}

func (p *trip) now() time.Duration { return time.Since(p.s.source.epoch) }

func (p *trip) run() *Error {
	r := newRequest(p.conn.dialer, p.x)
	for hops := 0; ; hops++ {
		a, err := p.attempt(r)
		if err != nil {
			return err
		}
		next, err := p.follow(r, a, hops)
		if err != nil || next == nil {
			return err
		}
		r = next
	}
}

// attempt sends r and reads the head of its answer. A reused connection may
// have been closed by its server in the moment r was sent: then r goes out once
// more on a fresh one, unless it might take effect twice.
func (p *trip) attempt(r *request) (*answer, *Error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	l, reused, err := p.reach(r.dialer)
	if err != nil {
		return nil, err
	}
	a, resend, err := p.exchange(l, r)
	if err == nil || !reused || !resend {
		return a, err
	}
	l, _, err = p.reach(r.dialer)
	if err != nil {
		return nil, err
	}
	a, _, err = p.exchange(l, r)
	return a, err
}

// reach gives the link to d's host: the one there is, if it is alive, or a
// fresh one.
func (p *trip) reach(d *dialer) (l *link, reused bool, err *Error) {
	slot := p.slot(d)
	if l = *slot; l != nil {
		if l.alive() {
			l.limit(p.deadline)
			return l, true, nil
		}
		p.conn.drop(slot)
	}
	ctx, err := p.context()
	if err != nil {
		return nil, false, err
	}
	l, err = d.dial(ctx, &p.x.Outcome)
	if err != nil {
		return nil, false, err
	}
	if !p.conn.put(slot, l) {
		l.close()
		return nil, false, errClosed
	}
	l.limit(p.deadline)
	return l, false, nil
}

// slot is where the link to d's host is kept.
func (p *trip) slot(d *dialer) **link {
	if d == p.conn.dialer {
		return &p.conn.link
	}
	return &p.conn.away
}

// context is what dials and HTTP/2 requests heed. An HTTP/1.1 request on a
// connection that exists needs none, so it is made when first asked for.
func (p *trip) context() (context.Context, *Error) {
	if p.ctx != nil {
		return p.ctx, nil
	}
	if p.deadline.IsZero() {
		p.ctx, p.cancel = context.WithCancel(p.conn.std.ctx)
	} else {
		p.ctx, p.cancel = context.WithDeadline(p.conn.std.ctx, p.deadline)
	}
	if !p.conn.heed(p.cancel) {
		return nil, errClosed
	}
	return p.ctx, nil
}

// end lets go of all that only this trip needed.
func (p *trip) end() {
	if p.cancel != nil {
		p.conn.heed(nil)
		p.cancel()
	}
	if p.away != nil {
		p.conn.drop(&p.conn.away)
	}
}

// An answer is one whose head has been read.
type answer struct {
	link   *link
	status int
	header http.Header
	body   io.ReadCloser
	before counts
	reuse  func() bool // once the body has been read: may the link carry another request?
}

// exchange sends r over l and reads the head of its answer. If that fails,
// resend says whether nothing of an answer came and r may go out again.
func (p *trip) exchange(l *link, r *request) (a *answer, resend bool, err *Error) {
	before := l.counts()
	if p.x.Sent < 0 {
		p.x.Sent = p.now()
	}
	began := false
	if l.h2 != nil {
		a, began, err = p.http2(l, r)
	} else {
		a, began, err = p.http1(l, r)
	}
	if err != nil {
		untouched := l.raw.out.Load() == before.out
		p.leave(l, before, l.survives(err))
		broke := err.Kind == "reset" && err != errClosed
		return nil, broke && !began && (untouched || r.idempotent()), err
	}
	a.link, a.before = l, before
	p.x.Status = a.status
	return a, false, nil
}

// leave ends the use of l: its bytes are accounted for, and it is dropped
// unless it may be kept.
func (p *trip) leave(l *link, before counts, keep bool) {
	if !keep {
		if l == p.conn.away {
			p.conn.drop(&p.conn.away)
		} else {
			p.conn.drop(&p.conn.link)
		}
		p.up.wait()
	}
	p.up = nil
	used := l.counts()
	p.x.BytesSent += used.out - before.out
	p.x.BytesReceived += used.in - before.in
}

// A counts is a reading of a link's byte counters.
type counts struct{ in, out int64 }

func (l *link) counts() counts { return counts{l.raw.in.Load(), l.raw.out.Load()} }
