package demo

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCacheStatsTellTheTruth(t *testing.T) {
	s := open(t, Options{Tasks: 40, CacheSize: 2, CacheTTL: time.Minute})
	now := time.Now()
	s.cache.now = func() time.Time { return now }
	want := cacheStats{Capacity: 2 + pageCapacity, TTL: 60}
	check := func(target string, hits, misses int64, size int) {
		t.Helper()
		if w := call(s, "GET", target, ""); w.Code >= 500 {
			t.Errorf("%s: status %d", target, w.Code)
		}
		want.Hits += hits
		want.Misses += misses
		want.Size = size
		want.HitRate = float64(want.Hits) / float64(want.Hits+want.Misses)
		if diff := cmp.Diff(want, get[cacheStats](t, s, "/api/admin/cache/stats")); diff != "" {
			t.Errorf("after %s: %s", target, diff)
		}
	}
	if diff := cmp.Diff(want, get[cacheStats](t, s, "/api/admin/cache/stats")); diff != "" {
		t.Errorf("at the start: %s", diff)
	}
	check("/api/tasks", 0, 1, 1)
	check("/api/tasks", 1, 0, 1)
	check("/api/tasks?limit=20&offset=0", 1, 0, 1) // the same page
	check("/api/tasks?status=pending", 0, 1, 2)
	check("/api/statistics", 0, 1, 3)
	check("/api/statistics", 1, 0, 3)
	check("/api/tasks/1", 0, 1, 4)
	check("/api/tasks/1", 1, 0, 4)
	check("/api/tasks/41", 0, 1, 4) // is not there
	check("/api/tasks/2", 0, 1, 5)
	want.Evictions++
	check("/api/tasks/3", 0, 1, 5)
	check("/api/tasks/2", 1, 0, 5)
	want.Evictions++
	check("/api/tasks/1", 0, 1, 5)
	check("/api/tasks?limit=x", 0, 0, 5)
	check("/health", 0, 0, 5)
	now = now.Add(59 * time.Second)
	check("/api/tasks", 1, 0, 5)
	now = now.Add(time.Second)
	check("/api/tasks", 0, 1, 5) // expired, and read again
	check("/api/tasks", 1, 0, 5)
}

// After every write, each page and task must read as without a cache.
func TestClientsReadTheirOwnWrites(t *testing.T) {
	s := open(t, Options{Tasks: 25, Keep: 4})
	targets := []string{"/api/tasks", "/api/tasks?limit=25", "/api/tasks?offset=20", "/api/tasks?offset=25", "/api/tasks?limit=5&offset=200", "/api/statistics"}
	for _, of := range []string{"pending", "in_progress", "completed"} {
		targets = append(targets, "/api/tasks?status="+of, "/api/tasks?limit=3&status="+of, "/api/tasks?limit=3&offset=3&status="+of)
	}
	for id := 1; id <= 40; id++ {
		targets = append(targets, fmt.Sprintf("/api/tasks/%d", id))
	}
	check := func(when string) {
		t.Helper()
		cached := make(map[string]string)
		for _, target := range targets {
			cached[target] = call(s, "GET", target, "").Body.String()
		}
		kept := s.cache
		s.cache = newCache(1000, time.Minute, kept.sums)
		for _, target := range targets {
			if diff := cmp.Diff(call(s, "GET", target, "").Body.String(), cached[target]); diff != "" {
				t.Errorf("%s, %s: %s", when, target, diff)
			}
		}
		s.cache = kept
	}
	check("at the start")
	for i, of := range []string{"completed", "in_progress", "pending", "completed", "completed", "pending"} {
		for _, id := range []int{1, 7, 20, 25} {
			call(s, "PUT", fmt.Sprintf("/api/tasks/%d/status", id+i%2), fmt.Sprintf(`{"status":%q}`, of))
			check(fmt.Sprintf("task %d is %s", id+i%2, of))
		}
		call(s, "POST", "/api/tasks", `{"title":"new"}`)
		check("one more")
	}
}

func TestCacheRefusesWhatWasReadBeforeAWrite(t *testing.T) {
	c := newCache(10, time.Minute, tally{})
	_, old, _ := c.task(1)
	c.publish([]change{{id: 1, from: pending, to: completed, body: []byte("new")}}, tally{})
	c.keepTask(old, 1, []byte("old"))
	if body, _, hit := c.task(1); !hit || string(body) != "new" {
		t.Errorf("%q, %v", body, hit)
	}
	k := pageKey{limit: 1}
	_, _, old, _ = c.page(k)
	c.publish([]change{{id: 2, to: pending}}, tally{})
	c.keepPage(old, k, page{body: []byte("old")})
	if p, _, _, hit := c.page(k); hit {
		t.Errorf("%q", p.body)
	}
}

func TestPagesSurviveWhatDoesNotTouchThem(t *testing.T) {
	s := open(t, Options{Tasks: 100})
	misses := func() int64 { return get[cacheStats](t, s, "/api/admin/cache/stats").Misses }
	get[shownPage](t, s, "/api/tasks")
	get[shownPage](t, s, "/api/tasks?status=completed")
	before := misses()
	call(s, "POST", "/api/tasks", `{"title":"new"}`)
	call(s, "PUT", "/api/tasks/100/status", `{"status":"pending"}`)
	if p := get[shownPage](t, s, "/api/tasks"); p.Total != 101 {
		t.Errorf("total %d", p.Total)
	}
	if n := misses() - before; n != 0 {
		t.Errorf("%d misses for a first page that did not change", n)
	}
}

func TestLargePagesAreNotKept(t *testing.T) {
	c := newCache(1, time.Minute, tally{})
	k := pageKey{limit: 200}
	c.keepPage(0, k, page{body: make([]byte, maxCachedPage+1)})
	if _, _, _, hit := c.page(k); hit {
		t.Error("kept")
	}
}
