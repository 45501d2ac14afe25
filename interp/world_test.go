package interp_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"bossplan/interp"
	"bossplan/interp/graph"
	"bossplan/interp/record"
	"bossplan/plan"
)

// stopwatch tells how long a server has been up, from its first request.
type stopwatch struct {
	once  sync.Once
	start time.Time
}

func (w *stopwatch) elapsed() time.Duration {
	w.once.Do(func() { w.start = time.Now() })
	return time.Since(w.start)
}

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	return s.URL
}

// load reads a plan from text. HOST in it stands for the server.
func load(t *testing.T, text, url string) *plan.Plan {
	t.Helper()
	file := filepath.Join(t.TempDir(), "case.hcl")
	text = `host "api" { base_url = "` + url + `" }` + "\n" + text
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p, diags := plan.Load(file, plan.Inputs{})
	if diags.HasErrors() {
		t.Fatalf("the plan does not load: %v", diags)
	}
	return p
}

// run carries a plan out and judges it.
func run(t *testing.T, text, url string, o interp.Options) (*record.Record, record.Verdict) {
	t.Helper()
	g, diags := interp.Compile(load(t, text, url), graph.Options{Seed: 1})
	if diags.HasErrors() {
		t.Fatalf("the plan does not compile: %v", diags)
	}
	r, err := interp.Run(context.Background(), g, o)
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, r)
	return r, interp.Judge(g, r)
}

// checkAccount holds what must hold of every record: nothing is lost.
func checkAccount(t *testing.T, r *record.Record) {
	t.Helper()
	var unfinished int64
	for _, s := range r.Scenarios {
		i := s.Iterations
		if i.Started != i.Completed+i.Unfinished {
			t.Errorf("scenario %s: started %d, completed %d, unfinished %d", s.Name, i.Started, i.Completed, i.Unfinished)
		}
		if s.Open && i.Planned != i.Started+i.Dropped {
			t.Errorf("scenario %s: planned %d, started %d, dropped %d", s.Name, i.Planned, i.Started, i.Dropped)
		}
		unfinished += i.Unfinished
	}
	all := r.Select(func(*record.Cell) bool { return true })
	if all.Unfinished != unfinished {
		t.Errorf("%d unfinished requests of %d unfinished iterations", all.Unfinished, unfinished)
	}
	var failures, bySecond, made int64
	for _, e := range r.Errors {
		if e.Request >= 0 {
			failures += e.Count
		}
	}
	if failures+r.Generator.LostErrors != all.Errors() {
		t.Errorf("%d errors in groups, %d counted", failures, all.Errors())
	}
	for _, p := range r.Series.Points {
		bySecond += p.Completed
		made += p.Started
	}
	if made != all.Total() {
		t.Errorf("%d requests were made, %d recorded", made, all.Total())
	}
	if bySecond != all.Completed() {
		t.Errorf("the series has %d completed requests, the cells %d", bySecond, all.Completed())
	}
}

const oneRequest = `
user_class "u" {
  host = host.api
  %s
  request "r" { path = "/" }
}
`

const closedSecond = `
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 5
    duration = "1s"
  }
}`

func threshold(name, metric, target, critical string) string {
	return fmt.Sprintf("\nthreshold %q {\n metric = metric.%s\n target = %q\n critical = %q\n}\n", name, metric, target, critical)
}

// millis is a percentile of what users waited for.
func millis(r *record.Record, q float64) float64 {
	return float64(r.Totals().Pool(record.PopulationOK).Response.Quantile(q)) / 1000
}

func status(v record.Verdict, name string) record.Status {
	for _, t := range v.Thresholds {
		if t.Address == "threshold."+name {
			return t.Status
		}
	}
	return ""
}

// unusedURL is an address that nobody listens on.
func unusedURL(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}
