// Package wire carries HTTP requests. It knows connections and bytes, and
// nothing of plans, users or statistics.
//
// The engine runs one loop per core. Each loop has a transport of its own, so
// nothing here is shared on the path of a request. An [Exchange] is one request
// and what came of it; a [Conn] is a connection that one exchange at a time may
// use. Times are readings of one monotonic clock, as durations since the run's
// start.
package wire

import (
	"crypto/tls"
	"net/url"
	"time"
)

// A Host is where exchanges go and how its connections are made. It is
// read-only once in use.
type Host struct {
	URL             *url.URL // scheme and authority; the path is already part of every Target
	ConnectTimeout  time.Duration
	TLS             *tls.Config // nil: the defaults
	HTTP            string      // "1.1", "2" or "auto"
	FollowRedirects int         // hops; 0: a redirect is an answer like any other
	Cookies         bool        // keep them in the exchange's Session
}

// A Header is one field of a request.
type Header struct{ Name, Value string }

// A Session is what a user carries from request to request besides its
// connection: cookies. The zero value is empty and ready; it is used by one
// exchange at a time.
type Session struct {
	jar cookieJar
}

// An Exchange is one request and what came of it. Its owner fills the first
// part and hands it to a transport, which fills the second part and hands it
// back. In between it belongs to the transport.
type Exchange struct {
	Method   string
	Target   string // path and query, well formed
	Headers  []Header
	Body     []byte        // nil: none
	Timeout  time.Duration // from Start to the last byte
	Session  *Session      // nil: no cookies
	KeepBody bool          // else the answer's body is counted and thrown away
	Owner    any           // the engine's own, untouched here

	Outcome
}

// An Outcome is what came of an exchange. A phase that was not reached is
// negative.
type Outcome struct {
	Connect   time.Duration // spent on opening a connection, name resolution included; -1: reused
	TLS       time.Duration // spent on the handshake; -1: none
	Sent      time.Duration // moment of the first byte sent; -1: never
	FirstByte time.Duration // moment of the first byte received; -1: never
	Done      time.Duration // moment of the last byte received, or of the failure

	Status        int
	ResponseBody  []byte // where KeepBody is set, decoded where the plan did not ask for an encoding itself
	BytesSent     int64
	BytesReceived int64
	Err           *Error // nil: a whole answer was read
}

// An Error is a failed exchange. Message is the same for the same kind of
// fault: it holds no ports, ids or addresses that differ from request to
// request, so that errors can be grouped by it.
type Error struct {
	Kind    string // connect, reset, timeout, protocol, tls, dns, guard
	Message string
}

func (e *Error) Error() string { return e.Kind + ": " + e.Message }

// A Conn is a connection to one host, dialled when first used and again after
// it broke. One exchange at a time may use it.
type Conn interface {
	// Close ends the connection. An exchange on its way fails and is still
	// handed back.
	Close()
}
