package wire

import (
	"time"

	"bossplan/plan"
)

// A Transport carries the exchanges of one loop. All methods but Wake are for
// that loop's goroutine.
type Transport interface {
	// Open makes a connection that is dialled when first used.
	Open(*Host) Conn
	// Start sends x on c and returns at once; Wait hands x back when it ended.
	Start(c Conn, x *Exchange)
	// Wait blocks until an exchange has ended, Wake was called or the clock
	// reads until, and appends all that have ended to done. It may return early.
	Wait(done []*Exchange, until time.Duration) []*Exchange
	// Wake makes Wait return, now or the next time. Any goroutine may call it.
	Wake()
	// Close ends everything that is on its way.
	Close()
}

// The transports by name. Auto is the best that can be had.
const (
	Auto       = "auto"
	IOUring    = "io_uring" // plain HTTP/1.1 within the loop, by io_uring
	Epoll      = "epoll"    // the same by epoll
	Goroutines = "std"      // goroutines and net/http's HTTP/2: everything, everywhere
)

// A Choice is how a host's requests are carried, and why.
type Choice struct{ Transport, Why string }

// Choose says how h's requests are carried where a transport is wanted, which is
// one of the names above. What cannot be had is replaced by the next best.
func Choose(h *plan.Host, wanted string) Choice {
	best := available(wanted)
	switch {
	case best.Transport == Goroutines:
		return best
	case h.BaseURL.Scheme == "https":
		return Choice{Goroutines, "TLS"}
	case h.HTTP == "2":
		return Choice{Goroutines, "HTTP/2"}
	}
	return best
}
