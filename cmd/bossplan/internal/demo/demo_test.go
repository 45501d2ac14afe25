package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// open returns a service that lives as long as the test.
func open(t testing.TB, o Options) *Service {
	t.Helper()
	s, err := New(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// call makes a request without a network.
func call(s *Service, method, target, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, httptest.NewRequest(method, target, strings.NewReader(body)))
	return w
}

// get makes a request that must succeed and decodes the answer.
func get[T any](t testing.TB, s *Service, target string) T {
	t.Helper()
	w := call(s, "GET", target, "")
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: status %d: %s", target, w.Code, w.Body)
	}
	return decoded[T](t, w.Body)
}

func decoded[T any](t testing.TB, r io.Reader) T {
	t.Helper()
	var v T
	if err := json.NewDecoder(r).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

type shownTask struct {
	ID          int64     `json:"id"`
	Title       string    `json:"title"`
	Description string    `json:"description"`
	Priority    string    `json:"priority"`
	Status      string    `json:"status"`
	Created     time.Time `json:"created_at"`
	Updated     time.Time `json:"updated_at"`
}

type shownPage struct {
	Tasks []shownTask `json:"tasks"`
	Total int         `json:"total"`
	Limit int         `json:"limit"`
}

func (p shownPage) ids() []int64 {
	ids := []int64{}
	for _, t := range p.Tasks {
		ids = append(ids, t.ID)
	}
	return ids
}

func TestListPages(t *testing.T) {
	s := open(t, Options{Tasks: 30})
	for _, test := range []struct {
		query string
		ids   []int64
		total int
		limit int
	}{
		{"?limit=3", []int64{1, 2, 3}, 30, 3},
		{"?limit=3&offset=28", []int64{29, 30}, 30, 3},
		{"?offset=30", []int64{}, 30, 20},
		{"?limit=&status=&offset=27", []int64{28, 29, 30}, 30, 20},
		{"?status=completed", []int64{4, 8, 14, 18, 24, 28}, 6, 20},
		{"?status=in_progress&limit=2&offset=1", []int64{6, 10}, 9, 2},
		{"?status=pending&limit=1", []int64{1}, 15, 1},
	} {
		for _, pass := range []string{"from the database", "from the cache"} {
			p := get[shownPage](t, s, "/api/tasks"+test.query)
			if diff := cmp.Diff(test.ids, p.ids()); diff != "" || p.Total != test.total || p.Limit != test.limit {
				t.Errorf("%s, %s: total %d limit %d, ids %s", test.query, pass, p.Total, p.Limit, diff)
			}
		}
	}
}

func TestSeedIsThousandTasks(t *testing.T) {
	s := open(t, Options{})
	p := get[shownPage](t, s, "/api/tasks")
	if p.Total != 1000 || p.Limit != 20 || len(p.Tasks) != 20 {
		t.Errorf("total %d, limit %d, %d tasks", p.Total, p.Limit, len(p.Tasks))
	}
	one := get[shownTask](t, s, "/api/tasks/1000")
	if one.Title == "" || one.Description == "" || one.Created.After(time.Now()) || !one.Updated.Equal(one.Created) {
		t.Errorf("the last seeded task is %+v", one)
	}
}

func TestCreateGetMove(t *testing.T) {
	s := open(t, Options{Tasks: 5})
	before := time.Now().Add(-time.Second)
	w := call(s, "POST", "/api/tasks", `{"title":"  Buy \u0000 <ink> ","description":"blue","priority":"high","assignee":"ignored"}`)
	if w.Code != http.StatusCreated || w.Header().Get("Location") != "/api/tasks/6" {
		t.Fatalf("status %d, Location %q: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	made := decoded[shownTask](t, w.Body)
	want := shownTask{ID: 6, Title: "Buy \x00 <ink>", Description: "blue", Priority: "high", Status: "pending", Created: made.Created, Updated: made.Created}
	if diff := cmp.Diff(want, made); diff != "" {
		t.Error(diff)
	}
	if made.Created.Before(before) || made.Created.After(time.Now()) {
		t.Errorf("created at %v", made.Created)
	}
	w = call(s, "PUT", "/api/tasks/6/status", `{"status":"completed"}`)
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	want.Status = "completed"
	moved := decoded[shownTask](t, w.Body)
	want.Updated = moved.Updated
	if diff := cmp.Diff(want, moved); diff != "" || moved.Updated.Before(moved.Created) {
		t.Error(diff, moved.Updated)
	}
	if diff := cmp.Diff(moved, get[shownTask](t, s, "/api/tasks/6")); diff != "" {
		t.Errorf("read back: %s", diff)
	}
	s.cache.publish([]change{{id: 6}}, s.cache.sums) // forget it
	if diff := cmp.Diff(moved, get[shownTask](t, s, "/api/tasks/6")); diff != "" {
		t.Errorf("read from the database: %s", diff)
	}
	if made := decoded[shownTask](t, call(s, "POST", "/api/tasks", `{"title":"x","priority":null}`).Body); made.Priority != "medium" {
		t.Errorf("the default priority is %s", made.Priority)
	}
}

func TestErrors(t *testing.T) {
	s := open(t, Options{Tasks: 5})
	long := strings.Repeat("é", 201)
	for _, test := range []struct {
		method, target, body string
		status               int
		says                 string
	}{
		{"GET", "/", "", 404, "nothing at"},
		{"GET", "/api/task", "", 404, "/api/task"},
		{"GET", "/api/tasks/", "", 404, ""},
		{"GET", "/api/tasks/6", "", 404, "no task"},
		{"GET", "/api/tasks/0", "", 404, "no task"},
		{"GET", "/api/tasks/-1", "", 404, "no task"},
		{"GET", "/api/tasks/abc", "", 404, `no task "abc"`},
		{"GET", "/api/tasks/99999999999999999999", "", 404, "no task"},
		{"GET", "/api/tasks?status=done", "", 400, "pending, in_progress or completed"},
		{"GET", "/api/tasks?status=any", "", 400, "status"},
		{"GET", "/api/tasks?limit=0", "", 400, "from 1 to 200"},
		{"GET", "/api/tasks?limit=201", "", 400, "from 1 to 200"},
		{"GET", "/api/tasks?limit=1e2", "", 400, "whole number"},
		{"GET", "/api/tasks?offset=-1", "", 400, "offset"},
		{"GET", "/api/tasks?offset=99999999999999999999", "", 400, "offset"},
		{"GET", "/api/tasks?limit=%zz", "", 400, "well formed"},
		{"POST", "/api/tasks", "", 400, "empty"},
		{"POST", "/api/tasks", "{", 400, "not valid JSON"},
		{"POST", "/api/tasks", `{"title":"a"} x`, 400, "not valid JSON"},
		{"POST", "/api/tasks", `[]`, 400, "must be a JSON object"},
		{"POST", "/api/tasks", `null`, 400, "title is required"},
		{"POST", "/api/tasks", `{"title":7}`, 400, "title must be a string"},
		{"POST", "/api/tasks", `{"title":" \n"}`, 400, "title is required"},
		{"POST", "/api/tasks", `{"title":"` + long + `"}`, 400, "201 characters"},
		{"POST", "/api/tasks", `{"title":"a","description":"` + strings.Repeat("x", 2001) + `"}`, 400, "2001 characters"},
		{"POST", "/api/tasks", `{"title":"a","priority":"urgent"}`, 400, "low, medium or high"},
		{"POST", "/api/tasks", `{"title":"a","priority":"none"}`, 400, "priority"},
		{"POST", "/api/tasks", `{"title":"` + strings.Repeat("x", maxBody) + `"}`, 413, "65536 bytes"},
		{"PUT", "/api/tasks/6/status", `{"status":"pending"}`, 404, `no task "6"`},
		{"PUT", "/api/tasks/x/status", `{"status":"pending"}`, 404, "no task"},
		{"PUT", "/api/tasks/1/status", `{}`, 400, "status"},
		{"PUT", "/api/tasks/1/status", `{"status":["pending"]}`, 400, "status must be a string"},
		{"DELETE", "/api/tasks/1", "", 405, "use GET, HEAD"},
		{"POST", "/health", "", 405, "use GET, HEAD"},
		{"PATCH", "/api/tasks", "", 405, "use GET, HEAD, POST"},
		{"GET", "/api/tasks/1/status", "", 405, "use PUT"},
	} {
		w := call(s, test.method, test.target, test.body)
		var e struct {
			Error string `json:"error"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil || e.Error == "" {
			t.Errorf("%s %s: the body is %q", test.method, test.target, w.Body)
		}
		if w.Code != test.status || !strings.Contains(e.Error, test.says) {
			t.Errorf("%s %s %.40s: status %d, %q; want %d, %q", test.method, test.target, test.body, w.Code, e.Error, test.status, test.says)
		}
		if allow := w.Header().Get("Allow"); (w.Code == 405) != (allow != "") {
			t.Errorf("%s %s: status %d with Allow %q", test.method, test.target, w.Code, allow)
		}
		if ct := w.Header().Get("Content-Type"); ct != "application/json" {
			t.Errorf("%s %s: Content-Type %q", test.method, test.target, ct)
		}
	}
	if p := get[shownPage](t, s, "/api/tasks"); p.Total != 5 {
		t.Errorf("the errors left %d tasks, want 5", p.Total)
	}
}

func TestStatistics(t *testing.T) {
	s := open(t, Options{Tasks: 10})
	var want summary
	want.Total = 10
	want.ByStatus.Pending, want.ByStatus.InProgress, want.ByStatus.Completed = 5, 3, 2
	want.ByPriority.Low, want.ByPriority.Medium, want.ByPriority.High = 4, 3, 3
	want.CompletionRate = 0.2
	check := func(when string) {
		t.Helper()
		for range 2 {
			if diff := cmp.Diff(want, get[summary](t, s, "/api/statistics")); diff != "" {
				t.Errorf("%s: %s", when, diff)
			}
		}
	}
	check("at the start")
	call(s, "PUT", "/api/tasks/1/status", `{"status":"completed"}`)
	want.ByStatus.Pending, want.ByStatus.Completed, want.CompletionRate = 4, 3, 0.3
	check("after an update")
	call(s, "PUT", "/api/tasks/1/status", `{"status":"completed"}`)
	check("after the same update")
	for range 2 {
		call(s, "POST", "/api/tasks", `{"title":"x","priority":"high"}`)
	}
	want.Total, want.ByStatus.Pending, want.ByPriority.High, want.CompletionRate = 12, 6, 5, 0.25
	check("after two more")
}

func TestHealth(t *testing.T) {
	s := open(t, Options{Tasks: 1, Version: "1.2.3"})
	h := get[map[string]any](t, s, "/health")
	if h["status"] != "ok" || h["version"] != "1.2.3" {
		t.Errorf("%v", h)
	}
	if up, ok := h["uptime_seconds"].(float64); !ok || up < 0 || up > 60 {
		t.Errorf("uptime %v", h["uptime_seconds"])
	}
}

func TestOptionsThatCannotBe(t *testing.T) {
	for name, o := range map[string]Options{
		"Tasks": {Tasks: -1}, "Keep": {Keep: -1}, "PoolSize": {PoolSize: -5},
		"MaxOverflow": {MaxOverflow: -1}, "CacheSize": {CacheSize: -1}, "CacheTTL": {CacheTTL: -1},
	} {
		if _, err := New(context.Background(), o); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNewStopsWithItsContext(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp) // Windows
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := New(ctx, Options{Tasks: 100_000_000}); err == nil {
		t.Error("no error")
	}
	left, err := os.ReadDir(temp)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	temp := filepath.Join(t.TempDir(), "a b%20#&") // must survive in a file URI
	if err := os.Mkdir(temp, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temp)
	t.Setenv("TMP", temp)
	before := runtime.NumGoroutine()
	s, err := New(context.Background(), Options{Tasks: 10})
	if err != nil {
		t.Fatal(err)
	}
	call(s, "POST", "/api/tasks", `{"title":"x"}`)
	if files, err := filepath.Glob(filepath.Join(s.dir, "demo.db-wal")); err != nil || len(files) != 1 {
		t.Errorf("no write-ahead log in %s: %v", s.dir, err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range []struct{ method, target, body string }{
		{"GET", "/health", ""}, {"GET", "/api/tasks", ""}, {"GET", "/api/tasks/1", ""},
		{"GET", "/api/statistics", ""}, {"POST", "/api/tasks", `{"title":"x"}`},
	} {
		if w := call(s, r.method, r.target, r.body); w.Code != http.StatusServiceUnavailable || !bytes.Contains(w.Body.Bytes(), []byte("shutting down")) {
			t.Errorf("%s %s after Close: status %d: %s", r.method, r.target, w.Code, w.Body)
		}
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}
