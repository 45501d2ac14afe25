package wire

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
)

// A phase is how far an exchange has got. Messages name it.
type phase int

const (
	connecting phase = iota
	handshaking
	sending
	waiting
	receiving
)

var (
	errHeaderTooLarge = errors.New("the answer's header is larger than 1 MiB")
	errNotHTTP2       = &Error{"protocol", "the server does not speak HTTP/2"}
	errTooManyHops    = &Error{"protocol", "too many redirects"}
	errClosed         = &Error{"reset", "the connection was closed from this side"}
	errFamily         = &Error{"connect", "the host has no address of the same family (IPv4 or IPv6) as local_addresses"}
)

// fault turns what went wrong in a phase into an Error whose message is the
// same for the same kind of fault.
func fault(err error, at phase) *Error {
	var known *Error
	switch {
	case errors.As(err, &known):
		return known
	case timedOut(err):
		return timeoutFault(err, at)
	case errors.Is(err, net.ErrClosed), errors.Is(err, context.Canceled):
		return errClosed
	case errors.Is(err, errHeaderTooLarge):
		return &Error{"protocol", err.Error()}
	case at == connecting:
		return connectFault(err)
	}
	if e := tlsFault(err, at); e != nil {
		return e
	}
	if e := http2Fault(err); e != nil {
		return e
	}
	if broken(err) {
		return resetFault(err, at)
	}
	return &Error{"protocol", malformed(err)}
}

func timedOut(err error) bool {
	var t interface{ Timeout() bool }
	// The kernel's own ETIMEDOUT also calls itself a timeout, but no limit of
	// the plan was reached.
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) ||
		errors.As(err, &t) && t.Timeout() && !hasErrno(err) && !isDNS(err)
}

func timeoutFault(err error, at phase) *Error {
	switch {
	case at == connecting && isDNS(err):
		return &Error{"timeout", "timed out resolving the host's name"}
	case at == connecting:
		return &Error{"timeout", "timed out connecting"}
	case at == handshaking:
		return &Error{"timeout", "timed out in the TLS handshake"}
	case at == sending:
		return &Error{"timeout", "timed out sending the request"}
	case at == waiting:
		return &Error{"timeout", "timed out waiting for the first byte"}
	}
	return &Error{"timeout", "timed out receiving the answer"}
}

func hasErrno(err error) bool {
	var n syscall.Errno
	return errors.As(err, &n)
}

func isDNS(err error) bool {
	var d *net.DNSError
	return errors.As(err, &d)
}

// connectFault is for what happens before there is a connection.
func connectFault(err error) *Error {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		switch {
		case dns.IsNotFound:
			return &Error{"dns", "no such host"}
		case dns.IsTimeout:
			return &Error{"dns", "name resolution timed out"}
		}
		return &Error{"dns", "name resolution failed"}
	}
	if e := localFault(err); e != nil {
		return e
	}
	for _, c := range connectCauses {
		if errors.Is(err, c.errno) {
			return &Error{"connect", c.message}
		}
	}
	var n syscall.Errno
	if errors.As(err, &n) {
		return &Error{"connect", n.Error()}
	}
	return &Error{"connect", "cannot connect"}
}

// localFault is for a local address that the plan asks for and that is not to be
// had; else nil.
func localFault(err error) *Error {
	var family *net.AddrError
	if errors.As(err, &family) && (family.Err == "no suitable address found" || family.Err == "mismatched local address type") {
		return errFamily
	}
	var call *os.SyscallError
	if errors.As(err, &call) && call.Syscall == "bind" && errors.Is(err, syscall.EADDRNOTAVAIL) {
		return &Error{"connect", "one of local_addresses is no address of this machine"}
	}
	return nil
}

// resetFault is for a connection that ended before the answer was whole.
func resetFault(err error, at phase) *Error {
	what := "connection closed"
	if hasErrno(err) {
		what = "connection reset"
	}
	switch at {
	case handshaking:
		return &Error{"tls", what + " in the TLS handshake"}
	case sending:
		return &Error{"reset", what + " while the request was being sent"}
	case waiting:
		return &Error{"reset", what + " before the answer"}
	}
	return &Error{"reset", what + " in the middle of the answer"}
}

// broken reports whether the connection is gone, in whatever way.
func broken(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || hasErrno(err)
}

// tlsFault is nil where err has nothing to do with TLS.
func tlsFault(err error, at phase) *Error {
	var (
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		name      x509.HostnameError
		record    tls.RecordHeaderError
		op        *net.OpError
	)
	switch {
	case errors.As(err, &authority):
		return &Error{"tls", "certificate signed by unknown authority"}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return &Error{"tls", "certificate expired or not yet valid"}
	case errors.As(err, &invalid):
		return &Error{"tls", "certificate not valid for this use"}
	case errors.As(err, &name):
		return &Error{"tls", "certificate name mismatch"}
	case errors.As(err, &record):
		return &Error{"tls", "the server does not speak TLS"}
	case errors.As(err, &op) && op.Op == "remote error":
		return &Error{"tls", "refused by the server: " + stripped(op.Err.Error())}
	case errors.As(err, &op) && op.Op == "local error":
		return &Error{"tls", stripped(op.Err.Error())}
	case at == handshaking && !broken(err):
		return &Error{"tls", stripped(err.Error())}
	}
	return nil
}

// malformed is the part of a parser's message that does not quote the answer.
func malformed(err error) string {
	text := stripped(err.Error())
	for _, quote := range []string{`"`, ": ", ";"} {
		text, _, _ = strings.Cut(text, quote)
	}
	text = strings.TrimRight(text, " :")
	if strings.HasPrefix(text, "malformed ") {
		return strings.Replace(text, "MIME ", "", 1)
	}
	return strings.TrimSuffix("malformed answer: "+text, ": ")
}

func stripped(text string) string {
	for _, prefix := range []string{"net/http: ", "http: ", "tls: ", "http2: "} {
		text = strings.TrimPrefix(text, prefix)
	}
	return text
}
