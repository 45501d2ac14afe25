package interp_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bossplan/interp"
	"bossplan/interp/record"
)

const hooked = `
user_class "u" {
  host = host.api
  wait = constant("20ms")
  on_start {
    request "login" {
      method = "POST"
      path   = "/login/${user.index}"
      capture "token" { value = response.json.token }
    }
  }
  request "work" {
    path    = "/work/${user.index}"
    headers = { X-Token = vars.token }
  }
  on_stop {
    request "logout" {
      method  = "POST"
      path    = "/logout/${user.index}"
      headers = { X-Token = vars.token }
    }
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "up" {
    users    = 4
    duration = "400ms"
  }
  stage "down" {
    users    = 1
    duration = "200ms"
  }
  stage "again" {
    users    = 4
    duration = "400ms"
  }
}
`

// TestHooksAreCarriedOutAndNotCounted: each time a user comes it logs in before
// all else, each time it goes it logs out, with what it has captured, and none of
// that is load.
func TestHooksAreCarriedOutAndNotCounted(t *testing.T) {
	t.Parallel()
	var seen visits
	var strangers atomic.Int64
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen.add(r)
		if strings.HasPrefix(r.URL.Path, "/login") {
			time.Sleep(20 * time.Millisecond)
			fmt.Fprintf(w, `{"token": "t%s"}`, r.URL.Path[len("/login/"):])
		} else if r.Header.Get("X-Token") != "t"+r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:] {
			strangers.Add(1)
		}
	})
	r, v := run(t, hooked+threshold("errors", "errors.count", "== 0", "== 0"), url, interp.Options{})
	if n := strangers.Load(); n > 0 {
		t.Errorf("%d requests without the token of their user", n)
	}
	logins, logouts := seen.count("POST /login"), seen.count("POST /logout")
	if logins != 7 || logouts != 7 {
		t.Errorf("%d logins and %d logouts, want 7: four users, of whom three went and came back", logins, logouts)
	}
	if got := r.Totals().Total(); got != int64(seen.count("GET /work")) {
		t.Errorf("%d requests counted, %d were load", got, seen.count("GET /work"))
	}
	for i, hook := range []string{"on_start", "on_stop"} {
		if s := r.Setup[i]; s.Hook != hook || s.Count != 7 || s.Failed != 0 || s.Response.Count() != 7 {
			t.Errorf("setup %+v", s)
		}
	}
	if u := r.Scenarios[0].Users; u.Max != 4 {
		t.Errorf("%d users at most, want 4", u.Max)
	}
	if v.Status != record.Pass {
		t.Errorf("verdict %s: %v", v.Status, v.Reasons)
	}
}

// TestFailedOnStart: users that do not get through make no load, and are missing.
func TestFailedOnStart(t *testing.T) {
	t.Parallel()
	var seen visits
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen.add(r)
		if strings.HasPrefix(r.URL.Path, "/login") {
			w.WriteHeader(http.StatusUnauthorized)
		}
	})
	r, v := run(t, hooked+threshold("errors", "errors.count", "== 0", "== 0"), url, interp.Options{})
	if seen.count("GET /work") > 0 || seen.count("POST /logout") > 0 || r.Totals().Total() > 0 {
		t.Errorf("the server saw %v", seen.list)
	}
	if n := seen.count("POST /login"); n < 4 || n > 10 {
		t.Errorf("%d logins of 4 users in a second: each should wait a second before it tries again", n)
	}
	if v.Status != record.Inconclusive {
		t.Errorf("verdict %s: %v", v.Status, v.Reasons)
	}
	if len(v.Findings) == 0 || v.Findings[0].ID != "setup-failed" || !strings.Contains(v.Findings[0].Detail, "401") {
		t.Errorf("findings %+v", v.Findings)
	}
	if s := r.Setup[0]; s.Failed != s.Count || len(s.Errors) != 1 || s.Errors[0].Count != s.Count {
		t.Errorf("setup %+v", s)
	}
}

// TestSomeOnStartsFail: one of four users never gets through, which is a quarter
// of the planned load that is not there.
func TestSomeOnStartsFail(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login/0" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, `{"token": "t"}`)
	})
	_, v := run(t, hooked+threshold("errors", "errors.count", "== 0", "== 0"), url, interp.Options{})
	if v.Status != record.Inconclusive || !strings.Contains(v.Reasons[0], "of its planned users") {
		t.Errorf("verdict %s: %v", v.Status, v.Reasons)
	}
}

// TestOnStopIsCutOff: a server that hangs in on_stop keeps nobody longer than
// graceful_stop.
func TestOnStopIsCutOff(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"token": "t"}`)
		if strings.HasPrefix(r.URL.Path, "/logout") {
			time.Sleep(3 * time.Second)
		}
	})
	begun := time.Now()
	text := strings.Replace(hooked, "user_classes =", "graceful_stop = \"200ms\"\n  user_classes =", 1)
	r, _ := run(t, text, url, interp.Options{})
	if took := time.Since(begun); took > 2500*time.Millisecond {
		t.Errorf("the run took %v", took)
	}
	if s := r.Setup[1]; s.Count < 4 || s.Failed != s.Count || s.Errors[0].Kind != "unfinished" {
		t.Errorf("setup %+v", s)
	}
	if i := r.Scenarios[0].Iterations; i.Unfinished > 0 {
		t.Errorf("iterations %+v", i)
	}
}
