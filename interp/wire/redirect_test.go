package wire

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// hostOf is a Host for a test server.
func hostOf(t testing.TB, address string) *Host {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return &Host{URL: u, ConnectTimeout: 5 * time.Second}
}

// echo answers with what arrived.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	fmt.Fprintf(w, "%s %s auth=%q type=%q cookie=%q body=%q", r.Method, r.RequestURI, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), r.Header.Get("Cookie"), body)
}

func testRedirects(t *testing.T, tr transport) {
	other := httptest.NewServer(http.HandlerFunc(echo))
	defer other.Close()
	mux := http.NewServeMux()
	mux.HandleFunc("/echo", echo)
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL+"/there?a=b", http.StatusTemporaryRedirect)
	})
	mux.HandleFunc("/to/{code}", func(w http.ResponseWriter, r *http.Request) {
		var code int
		fmt.Sscan(r.PathValue("code"), &code)
		w.Header().Set("Location", "/echo?a=b c")
		w.WriteHeader(code)
	})
	mux.HandleFunc("/bad", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", "ftp://example.com/")
		w.WriteHeader(http.StatusFound)
	})
	mux.HandleFunc("/nowhere", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusFound) })
	home := httptest.NewServer(mux)
	defer home.Close()

	const auth, text = `auth="secret"`, `type="text/plain"`
	for name, c := range map[string]struct {
		method, target string
		hops           int
		want           string
	}{
		"not followed":       {"GET", "/to/302", 0, "Found"},
		"POST by 301":        {"POST", "/to/301", 3, `OK GET /echo?a=b%20c ` + auth + ` type="" cookie="a=1" body=""`},
		"POST by 303":        {"POST", "/to/303", 3, `OK GET /echo?a=b%20c ` + auth + ` type="" cookie="a=1" body=""`},
		"PUT by 302":         {"PUT", "/to/302", 3, `OK PUT /echo?a=b%20c ` + auth + ` ` + text + ` cookie="a=1" body="data"`},
		"PUT by 303":         {"PUT", "/to/303", 3, `OK GET /echo?a=b%20c ` + auth + ` type="" cookie="a=1" body=""`},
		"POST by 308":        {"POST", "/to/308", 1, `OK POST /echo?a=b%20c ` + auth + ` ` + text + ` cookie="a=1" body="data"`},
		"to another host":    {"POST", "/away", 3, `OK POST /there?a=b auth="" ` + text + ` cookie="" body="data"`},
		"too many":           {"GET", "/loop", 3, "protocol: too many redirects"},
		"to another scheme":  {"GET", "/bad", 3, "protocol: a redirect leads to no http or https address"},
		"without a location": {"GET", "/nowhere", 3, "Found"},
	} {
		t.Run(name, func(t *testing.T) {
			h := hostOf(t, home.URL)
			h.FollowRedirects = c.hops
			conn := tr.Open(h)
			defer conn.Close()
			x := &Exchange{Method: c.method, Target: c.target, Timeout: 5 * time.Second, KeepBody: true,
				Headers: []Header{{"Authorization", "secret"}, {"content-type", "text/plain"}, {"Cookie", "a=1"}}}
			if strings.HasPrefix(c.method, "P") {
				x.Body = []byte("data")
			}
			for range 2 { // the connection must be as good as before
				do(t, tr, conn, x)
				if result(x) != c.want {
					t.Errorf("got  %s\nwant %s", result(x), c.want)
				}
			}
			if x.Connect >= 0 && name != "to another host" {
				t.Errorf("the second exchange connected anew, in %v", x.Connect)
			}
		})
	}
}

func testCookies(t *testing.T, tr transport) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" {
			http.SetCookie(w, &http.Cookie{Name: "id", Value: "42", Path: "/in"})
			http.Redirect(w, r, "/in", http.StatusSeeOther)
			return
		}
		echo(w, r)
	}))
	defer s.Close()
	for _, keep := range []bool{true, false} {
		h := hostOf(t, s.URL)
		h.FollowRedirects, h.Cookies = 1, keep
		conn, session := tr.Open(h), &Session{}
		cookie := func(target string, own ...Header) string {
			x := do(t, tr, conn, &Exchange{Method: "GET", Target: target, Timeout: 5 * time.Second, Session: session, KeepBody: true, Headers: own})
			_, got, _ := strings.Cut(result(x), "cookie=")
			return got
		}
		want := []string{`"id=42" body=""`, `"" body=""`, `"a=1; id=42" body=""`}
		if !keep {
			want = []string{`"" body=""`, `"" body=""`, `"a=1" body=""`}
		}
		for i, got := range []string{cookie("/login"), cookie("/out"), cookie("/in/x", Header{"cookie", "a=1"})} {
			if got != want[i] {
				t.Errorf("cookies %v, request %d: got %s, want %s", keep, i, got, want[i])
			}
		}
	}
}

// testSteering: the head of an answer says where to go on and which cookies to
// keep, whatever becomes of the rest of it.
func testSteering(t *testing.T, tr transport) {
	const leads = "HTTP/1.1 302 Found\r\nLocation: /there\r\nSet-Cookie: id=42\r\n"
	for name, c := range map[string]struct {
		answer string
		want   string
	}{
		"whole":               {leads + "Content-Length: 2\r\n\r\nhi", "OK id=42"},
		"broken off":          {leads + "Content-Length: 10\r\n\r\nhi", "OK id=42"},
		"endless":             {leads + "Content-Length: 1000000000\r\n\r\n" + strings.Repeat("x", 200_000), "OK id=42"},
		"malformed":           {leads + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "OK id=42"},
		"an answer in pieces": {ok + "Set-Cookie: id=42\r\nContent-Length: 10\r\n\r\nhi", "reset: connection closed in the middle of the answer"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(p *peer) {
				for {
					r := p.request()
					if r == nil {
						return
					}
					if r.URL.Path == "/there" {
						cookie := r.Header.Get("Cookie")
						p.send(fmt.Sprintf(ok+"Content-Length: %d\r\n\r\n%s", len(cookie), cookie))
						continue
					}
					p.send(c.answer)
					if !strings.HasSuffix(c.answer, "x") { // else it is for the client to lose patience
						return
					}
				}
			})
			s.host.FollowRedirects, s.host.Cookies = 3, true
			conn, session := tr.Open(s.host), &Session{}
			defer conn.Close()
			x := do(t, tr, conn, &Exchange{Method: "GET", Target: "/", Timeout: 5 * time.Second, KeepBody: true, MaxBody: 1 << 10, Session: session})
			if result(x) != c.want {
				t.Errorf("got %q, want %q", result(x), c.want)
			}
			x = do(t, tr, conn, &Exchange{Method: "GET", Target: "/there", Timeout: 5 * time.Second, KeepBody: true, Session: session})
			if result(x) != "OK id=42" {
				t.Errorf("then %q, want the cookie of the answer before", result(x))
			}
		})
	}
}
