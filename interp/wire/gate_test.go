package wire

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

// A list is a gate that refuses names and addresses, and remembers what it was
// asked.
type list struct {
	refused []string

	mu    sync.Mutex
	asked []string
}

func (l *list) Refuse(name string, address netip.Addr) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	what := name
	if address.IsValid() {
		what = address.Unmap().String()
	}
	l.asked = append(l.asked, what)
	for _, r := range l.refused {
		if r == what {
			return "no " + r
		}
	}
	return ""
}

func TestGate(t *testing.T) {
	var hits sync.Map
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hits.Store(r.Host, true) }))
	defer other.Close()
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1)
	home := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, elsewhere, http.StatusFound)
		}
	}))
	defer home.Close()
	for _, kind := range []string{Goroutines, Epoll, Auto} {
		testGate(t, kind, home.URL)
	}
	if _, hit := hits.Load(strings.TrimPrefix(elsewhere, "http://")); hit {
		t.Error("the host behind the redirect got a request")
	}
}

func testGate(t *testing.T, kind, home string) {
	for _, test := range []struct {
		name, target string
		refused      []string
		want         string
	}{
		{"all may be loaded", "/", nil, "OK"},
		{"others are refused", "/", []string{"localhost", "::1"}, "OK"},
		{"its own address", "/", []string{"127.0.0.1"}, "guard: no 127.0.0.1"},
		{"a redirect by name", "/away", []string{"localhost"}, "guard: no localhost"},
	} {
		tr := opened(t, time.Now(), kind)
		gate := &list{refused: test.refused}
		h := hostOf(t, home)
		h.FollowRedirects, h.Gate = 3, gate
		conn := tr.Open(h)
		x := do(t, tr, conn, &Exchange{Method: "GET", Target: test.target, Timeout: 5 * time.Second, KeepBody: true})
		if got := result(x); got != test.want {
			t.Errorf("%s, %s: got %q, want %q (asked about %q)", kind, test.name, got, test.want, gate.asked)
		}
		tr.Close()
	}
}

// TestGateByAddress is about a name whose address only shows when it is dialled.
func TestGateByAddress(t *testing.T) {
	served := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request came") }))
	defer served.Close()
	h := hostOf(t, strings.Replace(served.URL, "127.0.0.1", "localhost", 1))
	h.Gate = &list{refused: []string{"127.0.0.1", "::1"}}
	if err := Preflight(t.Context(), h); err == nil || err.Kind != "guard" {
		t.Errorf("got %v, want a refusal", err)
	}
}
