package interp_test

import (
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"bossplan/interp"
	"bossplan/interp/wire"
)

// TestTransports: whatever carries a plan, it sends the same requests, and the
// record says what it was and what it cost.
func TestTransports(t *testing.T) {
	t.Parallel()
	var want string
	for _, wanted := range []string{"std", "epoll", "io_uring", "auto", ""} {
		seen := &visits{}
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			seen.add(r)
			w.Write([]byte(`{"id": 7}`))
		})
		text := `
user_class "u" {
  host = host.api
  flow "f" {
    request "first" {
      path = "/first/${user.id}/${random_int(1, 1000)}"
      capture "id" { value = response.json.id }
    }
    request "second" {
      method = "POST"
      path   = "/second/${vars.id}"
      body   = "${iteration}"
    }
  }
}` + iterations(8, 40)
		r, v := run(t, text, url, interp.Options{Transport: wanted})
		lines := slices.Clone(seen.list)
		slices.Sort(lines)
		if got := strings.Join(lines, " "); want == "" {
			want = got
		} else if got != want {
			t.Errorf("%q sent other requests than std", wanted)
		}
		if r.Totals().Errors() > 0 {
			t.Errorf("%q: %+v", wanted, r.Errors)
		}
		label := r.Run.Hosts[0].Transport
		switch {
		case wanted == "std" || runtime.GOOS != "linux":
			if label != wire.Goroutines || r.Generator.Loops != 0 {
				t.Errorf("%q was carried by %s on %d threads", wanted, label, r.Generator.Loops)
			}
		case label == wire.Goroutines || wanted == "epoll" && label != wire.Epoll || r.Generator.Loops == 0:
			t.Errorf("%q was carried by %s on %d threads", wanted, label, r.Generator.Loops)
		}
		if g := r.Generator; g.Exchanges != 80 || len(v.Trust) == 0 {
			t.Errorf("%q: %d exchanges, want 80", wanted, g.Exchanges)
		}
	}
}
