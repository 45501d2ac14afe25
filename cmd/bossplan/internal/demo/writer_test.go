package demo

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
)

func TestOldTasksArePruned(t *testing.T) {
	s := open(t, Options{Tasks: 10, Keep: 5})
	for i := range 20 {
		w := call(s, "POST", "/api/tasks", fmt.Sprintf(`{"title":"task %d"}`, i))
		if want := fmt.Sprintf("/api/tasks/%d", 11+i); w.Header().Get("Location") != want {
			t.Fatalf("Location %q, want %q", w.Header().Get("Location"), want)
		}
	}
	p := get[shownPage](t, s, "/api/tasks?limit=200")
	if p.Total != 15 || len(p.Tasks) != 15 || p.Tasks[9].ID != 10 || p.Tasks[10].ID != 26 {
		t.Errorf("total %d, ids %v", p.Total, p.ids())
	}
	for id, want := range map[int]int{10: 200, 11: 404, 25: 404, 26: 200} {
		if w := call(s, "GET", fmt.Sprintf("/api/tasks/%d", id), ""); w.Code != want {
			t.Errorf("task %d: status %d, want %d", id, w.Code, want)
		}
	}
	if n := get[summary](t, s, "/api/statistics").Total; n != 15 {
		t.Errorf("statistics count %d", n)
	}
}

func TestFailedBatchLeavesNothing(t *testing.T) {
	s := open(t, Options{Tasks: 1})
	bad := errors.New("disk full")
	ok := &write{result: make(chan result, 1), apply: func(c *conn) (change, error) {
		return c.create(task{Title: "x", Priority: low, Status: pending}, s.started)
	}}
	fails := &write{result: make(chan result, 1), apply: func(*conn) (change, error) { return change{}, bad }}
	s.writer.write([]*write{ok, fails})
	for i, w := range []*write{ok, fails} {
		if r := <-w.result; !errors.Is(r.err, bad) {
			t.Errorf("write %d: %v", i, r.err)
		}
	}
	if p := get[shownPage](t, s, "/api/tasks"); p.Total != 1 || len(p.Tasks) != 1 {
		t.Errorf("%d tasks", p.Total)
	}
}

func TestManyReadersAndWriters(t *testing.T) {
	s := open(t, Options{Tasks: 50, Keep: 100, CacheSize: 20})
	const clients, rounds = 24, 40
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(n)))
			for range rounds {
				exchange(t, s, random)
			}
		})
	}
	all.Wait()
	p := get[shownPage](t, s, "/api/tasks?limit=200")
	if stats := get[summary](t, s, "/api/statistics"); p.Total != 150 || len(p.Tasks) != 150 || stats.Total != 150 {
		t.Errorf("total %d, %d listed, %d in statistics; want 150", p.Total, len(p.Tasks), stats.Total)
	}
	if st := s.pool.status(); st.CheckedOut != 0 {
		t.Errorf("still lent: %+v", st)
	}
}

// exchange writes and reads the own write back, among other reads.
func exchange(t *testing.T, s *Service, random *rand.Rand) {
	if w := call(s, "POST", "/api/tasks", `{"title":"x"}`); w.Code != http.StatusCreated {
		t.Errorf("POST: status %d: %s", w.Code, w.Body)
	}
	for _, target := range []string{"/api/tasks", "/api/tasks?status=pending&offset=7", "/api/statistics", "/health"} {
		if w := call(s, "GET", target, ""); w.Code != http.StatusOK {
			t.Errorf("GET %s: status %d: %s", target, w.Code, w.Body)
		}
	}
	target := fmt.Sprintf("/api/tasks/%d", 1+random.IntN(50))
	of := status(1 + random.IntN(3)).String()
	if w := call(s, "PUT", target+"/status", fmt.Sprintf(`{"status":%q}`, of)); w.Code != http.StatusOK {
		t.Errorf("PUT %s: status %d: %s", target, w.Code, w.Body)
	}
	if w := call(s, "GET", target, ""); w.Code != http.StatusOK {
		t.Errorf("GET %s: status %d: %s", target, w.Code, w.Body)
	}
}
