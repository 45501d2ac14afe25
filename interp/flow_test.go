package interp_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"bossplan/interp"
	"bossplan/interp/record"
)

// A visits is what a server was asked for, in order.
type visits struct {
	mu   sync.Mutex
	list []string
}

func (v *visits) add(r *http.Request) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.list = append(v.list, r.Method+" "+r.URL.String())
}

// count is how many of them begin with a text.
func (v *visits) count(prefix string) int {
	n := 0
	for _, s := range v.list {
		if strings.HasPrefix(s, prefix) {
			n++
		}
	}
	return n
}

func iterations(users, n int) string {
	return fmt.Sprintf(`
scenario "s" {
  user_classes  = [user_class.u]
  graceful_stop = "2s"
  stage "x" {
    users      = %d
    iterations = %d
    duration   = "20s"
  }
}`, users, n)
}

// TestFlowCarriesCaptures logs in and then uses what the answer gave.
func TestFlowCarriesCaptures(t *testing.T) {
	t.Parallel()
	var seen visits
	var wrong sync.Map
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen.add(r)
		switch r.URL.Path {
		case "/login":
			w.Header().Set("X-Shard", "7")
			http.SetCookie(w, &http.Cookie{Name: "sid", Value: "s-" + r.URL.Query().Get("u")})
			fmt.Fprintf(w, `{"token": "t-%s", "items": [{"id": 41}, {"id": 42}]}`, r.URL.Query().Get("u"))
		default:
			user := r.URL.Query().Get("u")
			if r.Header.Get("Authorization") != "Bearer t-"+user || r.URL.Path != "/items/42/7" {
				wrong.Store(r.URL.String()+" "+r.Header.Get("Authorization"), true)
			}
		}
	})
	r, v := run(t, `
user_class "u" {
  host = host.api
  flow "shop" {
    request "login" {
      method = "POST"
      path   = "/login?u=${user.index}"
      check "has_token" { condition = startswith(response.json.token, "t-") }
      capture "token" { value = response.json.token }
      capture "item" { value = response.json.items[1].id }
      capture "shard" { value = response.headers["x-shard"] }
      capture "sid" { value = response.cookies["sid"] }
    }
    request "item" {
      path    = "/items/${vars.item}/${vars.shard}?u=${user.index}"
      headers = { Authorization = "Bearer ${vars.token}" }
      repeat  = 3
      when    = vars.sid == "s-${user.index}"
    }
  }
}`+iterations(5, 20)+threshold("checks", "checks.rate", ">= 100%", ">= 100%")+threshold("errors", "errors.count", "== 0", "== 0"), url, interp.Options{})
	wrong.Range(func(k, _ any) bool { t.Errorf("sent %v", k); return true })
	if seen.count("POST /login") != 20 || seen.count("GET /items") != 60 {
		t.Errorf("%d logins, %d items, want 20 and 60", seen.count("POST /login"), seen.count("GET /items"))
	}
	if v.Status != record.Pass {
		t.Errorf("verdict %s: %v %+v", v.Status, v.Reasons, r.Errors)
	}
	if c := r.Checks[0]; c.Made != 20 || c.Met != 20 {
		t.Errorf("checks %+v", c)
	}
	if i := r.Scenarios[0].Iterations; i.Completed != 20 {
		t.Errorf("iterations %+v", i)
	}
}

// TestFlowPassesOver: what `when` passes over is neither sent nor counted, and an
// iteration without any request is one all the same.
func TestFlowPassesOver(t *testing.T) {
	t.Parallel()
	var seen visits
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) { seen.add(r) })
	r, _ := run(t, `
user_class "u" {
  host = host.api
  flow "f" {
    request "even" {
      path = "/even"
      when = iteration % 2 == 0
    }
    request "never" {
      path   = "/never"
      repeat = iteration * 0
    }
    request "wrong" {
      path = "/wrong"
      when = iteration == 3 ? null : false
    }
  }
}`+iterations(1, 6), url, interp.Options{})
	if got := strings.Join(seen.list, ", "); got != "GET /even, GET /even, GET /even" {
		t.Errorf("sent %s", got)
	}
	all := r.Totals()
	if all.Total() != 4 || all.Errors() != 1 || r.Errors[0].Kind != "expression" {
		t.Errorf("%d requests, %d errors, %+v; want 4 with one that failed as it cannot be said whether to send it", all.Total(), all.Errors(), r.Errors)
	}
	if i := r.Scenarios[0].Iterations; i.Completed != 6 {
		t.Errorf("iterations %+v, want 6", i)
	}
}

func TestFlowStopsOrGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	for mode, want := range map[string]string{
		"stop":     "GET /a, GET /b, GET /a, GET /b",
		"continue": "GET /a, GET /b, GET /c, GET /a, GET /b, GET /c",
	} {
		var seen visits
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			seen.add(r)
			if r.URL.Path == "/b" {
				w.WriteHeader(http.StatusInternalServerError)
			}
		})
		r, _ := run(t, `
user_class "u" {
  host = host.api
  flow "f" {
    on_failure = "`+mode+`"
    request "a" { path = "/a" }
    request "b" { path = "/b" }
    request "c" { path = "/c" }
  }
}`+iterations(1, 2), url, interp.Options{})
		if got := strings.Join(seen.list, ", "); got != want {
			t.Errorf("%s: sent %s, want %s", mode, got, want)
		}
		if i := r.Scenarios[0].Iterations; i.Completed != 2 || r.Totals().Errors() != 2 {
			t.Errorf("%s: iterations %+v, %d errors", mode, i, r.Totals().Errors())
		}
	}
}

// TestFlowIsTimedFromItsDueMoments: a step is due when the one before ended, its
// pause added; a slow server does not make the pause part of a response time.
func TestFlowIsTimedFromItsDueMoments(t *testing.T) {
	t.Parallel()
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			time.Sleep(100 * time.Millisecond)
		}
	})
	r, _ := run(t, `
user_class "u" {
  host = host.api
  flow "f" {
    request "slow" { path = "/slow" }
    request "quick" {
      path = "/quick"
      wait = constant("200ms")
    }
  }
}`+iterations(3, 3), url, interp.Options{})
	slow, quick := r.Judged(0), r.Judged(1)
	if got := slow.Met.Response.Min(); got < 100_000 {
		t.Errorf("the slow step took %d µs", got)
	}
	if got := quick.Met.Response.Max(); got > 90_000 {
		t.Errorf("the quick step took %d µs: its pause, or the step before, is in it", got)
	}
	if end := r.Scenarios[0].Stages[0].End; end < 300*time.Millisecond {
		t.Errorf("the stage ended at %v, before the pause was over", end)
	}
}

// TestFlowEndsWithItsScenario: a request in flight may end, none starts after it,
// and the books balance whatever each user was doing.
func TestFlowEndsWithItsScenario(t *testing.T) {
	t.Parallel()
	for name, stage := range map[string]string{
		"closed": "users = 20", "open": "rate = \"100/s\"\n arrivals = \"even\"",
	} {
		var seen visits
		var clock stopwatch
		var late []time.Duration
		url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			seen.add(r)
			if at := clock.elapsed(); at > 750*time.Millisecond {
				seen.mu.Lock()
				late = append(late, at)
				seen.mu.Unlock()
			}
			time.Sleep(30 * time.Millisecond)
			if r.URL.Path == "/hangs" {
				time.Sleep(2 * time.Second)
			}
		})
		r, _ := run(t, `
user_class "u" {
  host = host.api
  wait = between("1ms", "20ms")
  flow "f" {
    request "a" { path = "/a" }
    request "b" {
      path   = "/b"
      wait   = between("0s", "80ms")
      repeat = 3
    }
    request "hangs" {
      path = "/hangs"
      when = user.index % 5 == 0
    }
  }
}
scenario "s" {
  user_classes  = [user_class.u]
  graceful_stop = "100ms"
  stage "x" {
    `+stage+`
    duration = "500ms"
  }
}`, url, interp.Options{})
		if len(late) > 0 {
			t.Errorf("%s: requests came at %v", name, late)
		}
		all := r.Totals()
		if i := r.Scenarios[0].Iterations; i.Unfinished != all.Unfinished || i.Unfinished == 0 {
			t.Errorf("%s: %d unfinished iterations, %d requests", name, i.Unfinished, all.Unfinished)
		}
		if all.Total() != int64(len(seen.list)) {
			t.Errorf("%s: %d requests recorded, the server saw %d", name, all.Total(), len(seen.list))
		}
	}
}

// TestMaxRateHoldsEachRequestOfAFlow also cuts flows whose next request is held.
func TestMaxRateHoldsEachRequestOfAFlow(t *testing.T) {
	t.Parallel()
	var seen visits
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) { seen.add(r) })
	text := strings.Replace(`
user_class "u" {
  host = host.limited
  flow "f" {
    request "a" { path = "/a" }
    request "b" { path = "/b" }
  }
}`+iterations(10, 1000), `duration   = "20s"`, `duration   = "1s"`, 1)
	r, _ := run(t, `host "limited" {
  base_url = "`+url+`"
  max_rate = "50/s"
}`+text, url, interp.Options{})
	if n := len(seen.list); n < 30 || n > 51 {
		t.Errorf("%d requests in a second at 50/s", n)
	}
	if r.Totals().Unfinished > 0 {
		t.Errorf("%d unfinished", r.Totals().Unfinished)
	}
}
