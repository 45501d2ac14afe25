package wire

import (
	"iter"
	"net/url"
	"strconv"
	"strings"
)

// A request is one hop of an exchange.
type request struct {
	dialer  *dialer
	method  string
	target  string
	headers []Header
	body    []byte
	cookies string // from the session
}

// begin makes r the first hop of x.
func (r *request) begin(d *dialer, x *Exchange) {
	*r = request{dialer: d, method: x.Method, target: x.Target, headers: x.Headers, body: x.Body}
	if !strings.HasPrefix(r.target, "/") && r.target != "*" {
		r.target = "/" + r.target
	}
	r.recall(x.Session)
}

// recall looks up the cookies that r should carry.
func (r *request) recall(s *Session) {
	if s == nil || s.jar == nil || !r.dialer.host.Cookies {
		return
	}
	r.cookies = s.cookies(r.url())
}

// url is where r goes, as a URL. What goes out is target as it stands; this is
// for cookies and for redirects relative to it.
func (r *request) url() *url.URL {
	u, err := url.ParseRequestURI(r.target)
	if err != nil {
		u = &url.URL{Path: "/"}
	}
	u.Scheme, u.Host = r.dialer.host.URL.Scheme, r.dialer.host.authority()
	return u
}

// idempotent reports whether doing r twice is the same as doing it once.
func (r *request) idempotent() bool {
	switch r.method {
	case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE":
		return true
	}
	return false
}

// check refuses what would not be one well-formed request on the wire.
// Expressions have been escaped long before; this is the last line of defence.
func (r *request) check() *Error {
	if err := r.checkLine(); err != nil {
		return err
	}
	return r.checkHeaders()
}

func (r *request) checkLine() *Error {
	if !graphic(r.method) || !graphic(r.target) {
		return &Error{"protocol", "the request's method or path holds a space or a control character"}
	}
	return nil
}

func (r *request) checkHeaders() *Error {
	for _, h := range r.headers {
		if !h.wellFormed() {
			return &Error{"protocol", "a header of the request holds a line break or has no valid name"}
		}
	}
	return nil
}

// graphic reports whether s holds neither spaces nor control characters.
func graphic(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == 0x7f {
			return false
		}
	}
	return true
}

func (h Header) wellFormed() bool {
	for i := range len(h.Name) {
		switch h.Name[i] {
		case ' ', ':', '\r', '\n', 0:
			return false
		}
	}
	for i := range len(h.Value) {
		if c := h.Value[i]; c == '\r' || c == '\n' || c == 0 {
			return false
		}
	}
	return h.Name != ""
}

// is reports whether the header's name is one of names, in whatever case.
func (h Header) is(names ...string) bool {
	for _, n := range names {
		if len(n) == len(h.Name) && strings.EqualFold(n, h.Name) {
			return true
		}
	}
	return false
}

// host is what r calls the host it goes to.
func (r *request) host() string {
	for _, h := range r.headers {
		if h.is("Host") {
			return h.Value
		}
	}
	return r.dialer.host.authority()
}

// closes reports whether r itself asks for its connection's end.
func (r *request) closes() bool {
	for _, h := range r.headers {
		if h.is("Connection") && strings.Contains(strings.ToLower(h.Value), "close") {
			return true
		}
	}
	return false
}

// hasLength reports whether r says how long its body is.
func (r *request) hasLength() bool {
	return r.body != nil || r.method == "POST" || r.method == "PUT" || r.method == "PATCH"
}

// fields are r's headers but for the host and the length of the body, which
// are not the plan's to choose, with the user agent and the cookies added.
func (r *request) fields() iter.Seq2[string, string] {
	return func(yield func(name, value string) bool) {
		agent, cookies := false, r.cookies
		for _, h := range r.headers {
			value := h.Value
			switch {
			case h.is("Host", "Content-Length", "Transfer-Encoding"):
				continue
			case h.is("User-Agent"):
				agent = true
			case h.is("Cookie") && cookies != "":
				value += "; " + cookies
				cookies = ""
			}
			if !yield(h.Name, value) {
				return
			}
		}
		if !agent && !yield("User-Agent", UserAgent) {
			return
		}
		if cookies != "" {
			yield("Cookie", cookies)
		}
	}
}

// appendHead appends all that goes before r's body in HTTP/1.1.
func (r *request) appendHead(b []byte) []byte {
	return r.appendLength(r.appendFields(r.appendTarget(b)))
}

// appendTarget appends what comes before the version.
func (r *request) appendTarget(b []byte) []byte {
	return append(append(append(b, r.method...), ' '), r.target...)
}

// appendFields appends the version and all fields but the length of the body.
func (r *request) appendFields(b []byte) []byte {
	b = appendField(append(b, " HTTP/1.1\r\n"...), "Host", r.host())
	for name, value := range r.fields() {
		b = appendField(b, name, value)
	}
	return b
}

// appendLength appends the length of the body and the end of the head.
func (r *request) appendLength(b []byte) []byte {
	if r.hasLength() {
		b = append(b, "Content-Length: "...)
		b = append(strconv.AppendInt(b, int64(len(r.body)), 10), "\r\n"...)
	}
	return append(b, "\r\n"...)
}

func appendField(b []byte, name, value string) []byte {
	b = append(append(b, name...), ": "...)
	return append(append(b, value...), "\r\n"...)
}
