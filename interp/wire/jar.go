package wire

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
)

// A Session is what a user carries from request to request besides its
// connection: cookies. The zero value is empty and ready; it is used by one
// exchange at a time.
//
// The jar is created by the first cookie that arrives: most services set none,
// and ten thousand users should not pay for ten thousand jars.
type Session struct {
	jar *cookiejar.Jar
}

// cookies is the value of the Cookie header for u, empty if there is none.
func (s *Session) cookies(u *url.URL) string {
	if s == nil || s.jar == nil {
		return ""
	}
	var pairs []string
	for _, c := range s.jar.Cookies(u) {
		pairs = append(pairs, (&http.Cookie{Name: c.Name, Value: c.Value, Quoted: c.Quoted}).String())
	}
	return strings.Join(pairs, "; ")
}

// store keeps the cookies that an answer from u sets.
func (s *Session) store(u *url.URL, set []*http.Cookie) {
	if s == nil || len(set) == 0 {
		return
	}
	if s.jar == nil {
		s.jar, _ = cookiejar.New(nil) // fails never: see its documentation
	}
	s.jar.SetCookies(u, set)
}
