package wire

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// follow ends an answer: it gives the request that a redirect asks for, or nil
// once the last answer has been read.
func (p *trip) follow(r *request, a *answer, hops int) (*request, *Error) {
	r.remember(p.x.Session, a.header)
	if !p.conn.dialer.host.follows(a.status, a.header) {
		return nil, p.finish(a)
	}
	p.skip(a)
	to, err := p.conn.dialer.host.next(r, a.header, hops)
	if err != nil {
		return nil, err
	}
	return r.redirected(p.x, to, p.dialerTo(to)), nil
}

// remember keeps the cookies that an answer to r sets.
func (r *request) remember(s *Session, header http.Header) {
	if r.dialer.host.Cookies && len(header["Set-Cookie"]) > 0 {
		s.store(r.url(), (&http.Response{Header: header}).Cookies())
	}
}

// follows reports whether an answer is a redirect that h wants to be followed.
func (h *Host) follows(status int, header http.Header) bool {
	return h.FollowRedirects > 0 && redirects(status) && header.Get("Location") != ""
}

// next is where a redirect that answers r leads, after a number of others.
func (h *Host) next(r *request, header http.Header, hops int) (*url.URL, *Error) {
	if hops >= h.FollowRedirects {
		return nil, errTooManyHops
	}
	to, err := r.url().Parse(header.Get("Location"))
	if err != nil || to.Host == "" || to.Scheme != "http" && to.Scheme != "https" {
		return nil, &Error{"protocol", "a redirect leads to no http or https address"}
	}
	return to, nil
}

func redirects(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// redirected is r as it goes on to another place, which d connects to.
func (r *request) redirected(x *Exchange, to *url.URL, d *dialer) *request {
	next := *r
	next.dialer = d
	next.target = target(to)
	next.cookies = ""
	var without []string
	if origin(to) != origin(r.dialer.host.URL) {
		// What was meant for one host is no other's business.
		without = append(without, "Authorization", "Proxy-Authorization", "Cookie", "Host")
	}
	if becomesGet(r.method, x.Status) {
		next.method, next.body = "GET", nil
		without = append(without, "Content-Type", "Content-Encoding", "Content-Language", "Content-Location")
	}
	next.headers = remove(r.headers, without)
	next.recall(x.Session)
	return &next
}

// becomesGet reports whether browsers go on with GET.
func becomesGet(method string, status int) bool {
	switch status {
	case 301, 302:
		return method == "POST"
	case 303:
		return method != "GET" && method != "HEAD"
	}
	return false
}

func remove(headers []Header, names []string) []Header {
	var kept []Header
	for _, h := range headers {
		if !h.is(names...) {
			kept = append(kept, h)
		}
	}
	return kept
}

// target is the path and query of u, with what no request line may hold
// percent-encoded.
func target(u *url.URL) string {
	var b strings.Builder
	path := u.EscapedPath()
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	query := ""
	if u.RawQuery != "" || u.ForceQuery {
		query = "?" + u.RawQuery
	}
	for _, c := range []byte(path + query) {
		if c <= ' ' || c >= 0x7f {
			fmt.Fprintf(&b, "%%%02X", c)
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// dialerTo is the one to u's host: the connection's own, or one for a host
// elsewhere. There is one connection elsewhere at a time.
func (p *trip) dialerTo(u *url.URL) *dialer {
	own := p.conn.dialer
	if origin(u) == origin(own.host.URL) {
		return own
	}
	if p.away == nil || origin(u) != origin(p.away.host.URL) {
		p.dropFar()
		p.away = newDialer(own.host.elsewhere(u), p.conn.std.http2)
	}
	return p.away
}
