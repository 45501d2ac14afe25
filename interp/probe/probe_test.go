package probe

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"bossplan/interp/record"
	"bossplan/plan"
)

// expression is source as a plan's expression, with var.factor, a secret and a
// name that only users have left out.
func expression(t *testing.T, source string) plan.Expression {
	t.Helper()
	e, diags := hclsyntax.ParseExpression([]byte(source), "plan.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	scope := &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{
		"factor": cty.NumberIntVal(100),
		"secret": cty.StringVal("hunter2").Mark("sensitive"),
	})}}
	return plan.Expression{Expression: e, Scope: scope}
}

// probeOf is a probe of a test server; gauges are "name = expression", or
// "counter name = expression".
func probeOf(t *testing.T, address string, gauges ...string) *plan.Probe {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := &plan.Probe{
		Name: "pool", Kind: "http", Path: "/api/admin/pool-status", Method: "GET",
		Host:         &plan.Host{Name: "api", BaseURL: u, ConnectTimeout: time.Second, HTTP: "1.1"},
		Timeout:      2 * time.Second,
		Interval:     10 * time.Millisecond,
		ExpectStatus: plan.StatusSet{{From: 200, To: 399}},
	}
	for _, g := range gauges {
		name, source, _ := strings.Cut(g, " = ")
		name, counter := strings.CutPrefix(name, "counter ")
		p.Gauges = append(p.Gauges, plan.Gauge{Name: name, Counter: counter, Value: expression(t, source)})
	}
	return p
}

// runFor runs one probe until it has been asked to finish after d.
func runFor(t *testing.T, p *plan.Probe, d time.Duration) record.Probe {
	t.Helper()
	s, err := New([]*plan.Probe{p}, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	finish := make(chan struct{})
	time.AfterFunc(d, func() { close(finish) })
	s.Run(t.Context(), finish)
	return s.Snapshot()[0]
}

func handle(t *testing.T, f http.HandlerFunc) string {
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return s.URL
}

func TestGauges(t *testing.T) {
	var requests atomic.Int64
	address := handle(t, func(w http.ResponseWriter, r *http.Request) {
		n := requests.Add(1)
		w.Header().Set("X-Cache-Size", "12")
		fmt.Fprintf(w, `{"overflow": %d, "cache": {"hits": 3, "misses": 1}, "ok": true, "total": %d, "text": "abc"}`, n%2, n*10)
	})
	p := probeOf(t, address,
		"overflow = response.json.overflow",
		"hit_rate = response.json.cache.hits / (response.json.cache.hits + response.json.cache.misses) * var.factor",
		"healthy = response.json.ok",
		"size = response.headers[\"x-cache-size\"]",
		"status = response.status",
		"quick = response.time >= 0 && response.time < 2000",
		"counter total = response.json.total")
	got := runFor(t, p, 100*time.Millisecond)
	if got.Failures != 0 || got.Samples != requests.Load() || got.Samples < 3 {
		t.Fatalf("%d samples of %d requests, %d failures: %s", got.Samples, requests.Load(), got.Failures, got.LastError)
	}
	for i, want := range []struct{ min, max, last float64 }{
		{0, 1, float64(got.Samples % 2)}, {75, 75, 75}, {1, 1, 1}, {12, 12, 12}, {200, 200, 200}, {1, 1, 1},
		{10, float64(got.Samples) * 10, float64(got.Samples) * 10},
	} {
		g := got.Gauges[i]
		if g.Min != want.min || g.Max != want.max || g.Last != want.last || g.Count != got.Samples || int64(len(g.Times)) != g.Count {
			t.Errorf("%s: min %v max %v last %v count %d, want %+v", g.Name, g.Min, g.Max, g.Last, g.Count, want)
		}
		if g.Counter != (g.Name == "total") {
			t.Errorf("%s: counter %v", g.Name, g.Counter)
		}
	}
}

func TestFailures(t *testing.T) {
	address := handle(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/error":
			w.WriteHeader(503)
		case "/text":
			fmt.Fprint(w, "pool: 5")
		case "/large":
			fmt.Fprint(w, strings.Repeat(" ", 2<<20))
		case "/hang":
			<-r.Context().Done()
		default:
			fmt.Fprint(w, `{"size": 5, "name": "abc", "none": null, "list": [1], "zero": 0}`)
		}
	})
	for name, c := range map[string]struct{ path, gauge, want string }{
		"status":       {"/error", "g = response.json.size", "unexpected status 503"},
		"not JSON":     {"/text", "g = response.json.size", `gauge "g": the answer is not JSON`},
		"too large":    {"/large", "g = response.status", "protocol: the answer's body is larger than 1024 KiB, too large to be kept"},
		"timeout":      {"/hang", "g = response.status", "timeout: timed out waiting for the first byte"},
		"no such key":  {"/", "g = response.json.overflow", `gauge "g": Unsupported attribute: This object does not have an attribute named "overflow".`},
		"null":         {"/", "g = response.json.none", `gauge "g": the value is null, not a number`},
		"text":         {"/", "g = response.json.name", `gauge "g": the value is string, not a number`},
		"list":         {"/", "g = response.json.list", `gauge "g": the value is tuple, not a number`},
		"by zero":      {"/", "g = 1 / response.json.zero", `gauge "g": the value is not finite: a division by zero?`},
		"zero by zero": {"/", "g = response.json.zero / (response.json.zero + 0)", `gauge "g": Operation failed: Error during operation: can't divide zero by zero`},
		"header":       {"/", `g = response.headers["x-none"]`, `gauge "g": Invalid index`},
		"secret":       {"/", `g = var.secret + 1`, `gauge "g": `},
	} {
		t.Run(name, func(t *testing.T) {
			p := probeOf(t, address, c.gauge)
			p.Path, p.Timeout = c.path, 100*time.Millisecond
			got := runFor(t, p, 30*time.Millisecond)
			g := got.Gauges[0]
			if got.Failures < 2 || g.Count != 0 || len(g.Values) != 0 {
				t.Errorf("%d failures, %d values: a failure leaves a gap", got.Failures, g.Count)
			}
			if !strings.HasPrefix(got.LastError, c.want) || strings.Contains(got.LastError, "hunter2") {
				t.Errorf("got  %s\nwant %s", got.LastError, c.want)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		s := httptest.NewServer(http.NotFoundHandler())
		s.Close()
		got := runFor(t, probeOf(t, s.URL, "g = 1"), 20*time.Millisecond)
		if got.Samples != 0 || got.Failures < 2 || got.LastError != "connect: connection refused" {
			t.Errorf("%+v", got)
		}
	})
}

// TestOneGaugeFails: the others of the same answer have their sample.
func TestOneGaugeFails(t *testing.T) {
	address := handle(t, func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"size": 5}`) })
	got := runFor(t, probeOf(t, address, "size = response.json.size", "overflow = response.json.overflow"), 30*time.Millisecond)
	if got.Samples != 0 || got.Failures < 2 || got.Gauges[0].Count != got.Failures || got.Gauges[1].Count != 0 {
		t.Errorf("%+v", got)
	}
}

// TestSlowEndpoint: samples never overlap, and the last is the end's.
func TestSlowEndpoint(t *testing.T) {
	var now, most, n atomic.Int64
	address := handle(t, func(w http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), now.Add(1)))
		defer now.Add(-1)
		time.Sleep(35 * time.Millisecond)
		fmt.Fprint(w, n.Add(1))
	})
	got := runFor(t, probeOf(t, address, "n = response.json"), 150*time.Millisecond)
	if most.Load() != 1 {
		t.Errorf("%d requests at once", most.Load())
	}
	if got.Samples < 3 || got.Samples > 8 || got.Gauges[0].Last != float64(got.Samples) {
		t.Errorf("%d samples in 150ms of 35ms each, the last %v", got.Samples, got.Gauges[0].Last)
	}
}

// TestContextEnds: a probe that hangs does not keep a run from ending, and is
// not blamed for it.
func TestContextEnds(t *testing.T) {
	address := handle(t, func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	p := probeOf(t, address, "g = 1")
	p.Timeout = time.Minute
	s, err := New([]*plan.Probe{p}, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begun := time.Now()
	s.Run(ctx, nil)
	if got := s.Snapshot()[0]; got.Failures != 0 || time.Since(begun) > 10*time.Second {
		t.Errorf("%+v after %v", got, time.Since(begun))
	}
}

func TestRequest(t *testing.T) {
	seen := make(chan *http.Request, 100)
	address := handle(t, func(w http.ResponseWriter, r *http.Request) { seen <- r })
	p := probeOf(t, address+"/base/", "g = response.status")
	p.Path = "a b?c=d"
	p.Host.Auth.Username, p.Host.Auth.Password = expression(t, `"admin"`), expression(t, "var.secret")
	p.Host.Headers = []plan.Field{
		{Name: "X-Removed", Value: expression(t, `"x"`)},
		{Name: "X-User", Value: expression(t, `user.id`)},
		{Name: "X-Host", Value: expression(t, `"host"`)},
	}
	p.Headers = []plan.Field{
		{Name: "x-removed", Value: expression(t, `null`)},
		{Name: "X-Secret", Value: expression(t, `"key ${var.secret}"`)},
	}
	if got := runFor(t, p, 0); got.Failures != 0 {
		t.Fatal(got.LastError)
	}
	r := <-seen
	user, password, _ := r.BasicAuth()
	if r.RequestURI != "/base/a%20b?c=d" || user != "admin" || password != "hunter2" || r.Header.Get("X-Secret") != "key hunter2" ||
		r.Header.Get("X-Host") != "host" || r.Header.Get("X-Removed") != "" || r.Header.Get("X-User") != "" {
		t.Errorf("%s %v", r.RequestURI, r.Header)
	}
	p.Headers = []plan.Field{{Name: "X-User", Value: expression(t, `user.id`)}}
	if _, err := New([]*plan.Probe{p}, nil, time.Now()); err == nil || !strings.Contains(err.Error(), "X-User") {
		t.Errorf("a header that only users have: %v", err)
	}
}

func TestTrackIsBounded(t *testing.T) {
	tr := track{stride: 1}
	const n = 5*record.MaxPoints + 123
	for i := range n {
		tr.add(time.Duration(i)*time.Second, float64(i))
	}
	g := tr.snapshot()
	if len(g.Times) > record.MaxPoints || len(g.Times) < record.MaxPoints/2 || len(g.Times) != len(g.Values) {
		t.Fatalf("%d points", len(g.Times))
	}
	if g.Count != n || g.Min != 0 || g.Max != n-1 || g.Last != n-1 || g.Sum != n*(n-1)/2 {
		t.Errorf("count %d min %v max %v last %v sum %v", g.Count, g.Min, g.Max, g.Last, g.Sum)
	}
	if g.Values[0] != 0 || g.Values[len(g.Values)-1] != n-1 {
		t.Errorf("first %v, last %v", g.Values[0], g.Values[len(g.Values)-1])
	}
	for i := 1; i < len(g.Values)-1; i++ {
		if g.Values[i]-g.Values[i-1] != float64(tr.stride) || g.Times[i] != time.Duration(g.Values[i])*time.Second {
			t.Fatalf("points %d: %v after %v", i, g.Values[i], g.Values[i-1])
		}
	}
}
