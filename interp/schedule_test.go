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
	for i, n := range perTenth[:19] {
		if n < 2 || n > 8 {
			t.Errorf("%d users came in tenth %d of a second, want about 5: %v", n, i, perTenth)
			break
		}
	}
}
