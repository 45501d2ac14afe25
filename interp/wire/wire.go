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
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"bossplan/plan"
)

// A Host is where exchanges go and how its connections are made. It is
// read-only once in use.
type Host struct {
	URL             *url.URL // scheme and authority; the path is already part of every Target
	ConnectTimeout  time.Duration
	TLS             *tls.Config     // nil: the defaults
	Resumption      plan.Resumption // of TLS sessions
	HTTP            string          // "1.1", "2" or "auto"
	FollowRedirects int             // hops; 0: a redirect is an answer like any other
	Cookies         bool            // keep them in the exchange's Session
	Gate            Gate            // nil: every target may be dialled
	Local           []netip.Addr    // that connections are made from, in turn; none: the system chooses
}

// A Gate keeps connections from being made: to a host by its name, or, where
// the address is valid, at that address of it. Where a redirect leads is asked
// as well. It is used from many goroutines at once.
type Gate interface {
	// Refuse says why, the same for every target for the same reason, or
	// nothing where the connection may be made.
	Refuse(name string, address netip.Addr) string
}

// A Header is one field of a request.
type Header struct{ Name, Value string }

// An Exchange is one request and what came of it. Its owner fills the first
// part and hands it to a transport, which fills the second part and hands it
// back. In between it belongs to the transport.
type Exchange struct {
	Method     string
	Target     string // path and query, well formed
	Headers    []Header
	Body       []byte        // nil: none
	Timeout    time.Duration // from Start to the last byte; 0: no limit
	Session    *Session      // nil: no cookies
	KeepHeader bool          // of the answer; implied by KeepBody
	KeepBody   bool          // else the answer's body is counted and thrown away
	MaxBody    int64         // of a kept body, decoded, in bytes; 0: DefaultMaxBody. A larger one is a failure
	Owner      any           // the engine's own, untouched here

	lent int  // over a Fast: how many of its sockets still send the body
	cut  bool // see [Shared.Cut]; under its connection's mu

	Outcome
}

// DefaultMaxBody is the size in bytes of the largest answer that KeepBody keeps
// where an exchange says nothing else.
const DefaultMaxBody = 16 << 20

// UserAgent is what a request calls itself unless its headers say otherwise.
const UserAgent = "bossplan/0.1"

// An Outcome is what came of an exchange. A phase that was not reached is
// negative. Where redirects were followed, or a request was sent again because
// its reused connection had been closed, the times and bytes are those of all
// of them together.
type Outcome struct {
	Begun     time.Duration // moment at which the transport turned to it, after Start
	Connect   time.Duration // spent on opening connections, name resolution included; -1: reused
	TLS       time.Duration // spent on handshakes; -1: none
	Resumed   bool          // the last of them went on with a TLS session of before
	Sent      time.Duration // moment of the first byte sent; -1: never
	FirstByte time.Duration // moment of the first byte of the last answer received; -1: never
	Done      time.Duration // moment of the last byte received, or of the failure

	Status        int
	Header        http.Header // of the answer, where KeepHeader or KeepBody is set
	ResponseBody  []byte      // where KeepBody is set; gzip and deflate are decoded
	BytesSent     int64       // on the wire: headers, framing and TLS included
	BytesReceived int64
	Err           *Error // nil: a whole answer was read
}

// An Error is a failed exchange. Message is the same for the same kind of
// fault: it holds no ports, ids or addresses that differ from request to
// request, so that errors can be grouped by it.
type Error struct {
	Kind    string // connect, reset, timeout (of any phase, connecting too), protocol, tls, dns, guard
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
