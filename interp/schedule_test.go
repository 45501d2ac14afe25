package interp_test

import (
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bossplan/interp"
)

func TestScenariosInOrderAndIterations(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var order []string
	var inFlight, most atomic.Int64
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), inFlight.Add(1)))
		time.Sleep(50 * time.Millisecond)
		inFlight.Add(-1)
		mu.Lock()
		order = append(order, r.URL.Path)
		mu.Unlock()
	})
	class := func(name string) string {
		return fmt.Sprintf("user_class %q {\n host = host.api\n request \"r\" { path = \"/%s\" }\n}\n", name, name)
	}
	r, _ := run(t, class("a")+class("b")+`
scenario "second" {
  user_classes = [user_class.b]
  after        = [scenario.first]
  stage "x" {
    users      = 20
    iterations = 50
    duration   = "10s"
  }
}
scenario "first" {
  user_classes = [user_class.a]
  stage "x" {
    users      = 20
    iterations = 20
    duration   = "10s"
  }
}`, url, interp.Options{})
	if len(order) != 70 {
		t.Fatalf("the server saw %d requests, want 70", len(order))
	}
	for i, path := range order {
		if want := map[bool]string{true: "/a", false: "/b"}[i < 20]; path != want {
			t.Fatalf("request %d was to %s: %v", i, path, order)
		}
	}
	if most.Load() < 15 {
		t.Errorf("at most %d at the same time, want 20", most.Load())
	}
	if r.Scenarios[0].Iterations.Planned != 50 || r.Scenarios[0].Iterations.Completed != 50 {
		t.Errorf("iterations %+v", r.Scenarios[0].Iterations)
	}
	if end := r.Scenarios[0].Stages[0].End; end > 2*time.Second {
		t.Errorf("the stage ended at %v, it was done long before", end)
	}
}

func TestSameSeedSameRequests(t *testing.T) {
	t.Parallel()
	collect := func() map[string]int {
		var mu sync.Mutex
		seen := map[string]int{}
		url := serve(t, func(_ http.ResponseWriter, r *http.Request) {
			mu.Lock()
			seen[r.URL.String()]++
			mu.Unlock()
		})
		run(t, `
user_class "u" {
  host = host.api
  request "a" { path = "/a/${random_int(1, 1000)}" }
  request "b" {
    path  = "/b"
    query = { q = one_of("x y", "z&") }
  }
}
scenario "closed" {
  user_classes = [user_class.u]
  stage "x" {
    users      = 30
    iterations = 200
    duration   = "10s"
  }
}
scenario "open" {
  user_classes = [user_class.u]
  stage "x" {
    rate     = "400/s"
    duration = "500ms"
  }
}`, url, interp.Options{})
		return seen
	}
	first, second := collect(), collect()
	if len(first) < 50 {
		t.Fatalf("only %d different requests", len(first))
	}
	for path, n := range first {
		if second[path] != n {
			t.Errorf("%s: %d times, then %d times", path, n, second[path])
		}
	}
}

func TestSpawningIsSmooth(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var arrivals []time.Duration
	var clock stopwatch
	url := serve(t, func(http.ResponseWriter, *http.Request) {
		mu.Lock()
		arrivals = append(arrivals, clock.elapsed())
		mu.Unlock()
	})
	// No wait, so each user's first request is due as it comes; iterations keep
	// it to that one.
	run(t, fmt.Sprintf(oneRequest, "")+`
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users      = 100
    spawn_rate = 50
    iterations = 100
    duration   = "3s"
  }
}`, url, interp.Options{})
	if len(arrivals) != 100 {
		t.Fatalf("%d requests, want one of each of 100 users", len(arrivals))
	}
	perTenth := make([]int, 25)
	for _, at := range arrivals {
		perTenth[min(int(at/(100*time.Millisecond)), 24)]++
	}
	// Wide bounds: a machine that is busy elsewhere for a tenth of a second is
	// not a burst of 50, which is what other tools make of it.
	so := 0
	for i, n := range perTenth[:20] {
		so += n
		if want := 5 * (i + 1); n > 25 || so < want-20 || so > want+20 {
			t.Errorf("%d users came in tenth %d of a second, %d so far, want about %d: %v", n, i, so, want, perTenth)
			break
		}
	}
}
