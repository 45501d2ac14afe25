package engine

import (
	"context"
	"fmt"
	"runtime"
	"testing"
	"time"

	"bossplan/interp/record"
	"bossplan/interp/wire"
)

// TestRequestsDoNotAllocate: on the path of a request nothing is allocated, in
// either model, with a body that is rendered and a threshold that has windows.
func TestRequestsDoNotAllocate(t *testing.T) {
	for _, stage := range []string{`users = 16`, `rate = "10000000/s"`} {
		mallocs := func(iterations int) float64 {
			g := compile(t, fmt.Sprintf(`
user_class "u" {
  host = host.api
  request "a" {
    method = "POST"
    path   = "/a"
    json   = { user = user.id, n = iteration, x = random_int(1, 100) }
  }
}
threshold "windows" {
  metric = metric.response_time.p95
  target = "< 1s"
  window = "10s"
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    %s
    iterations = %d
    duration   = "1m"
  }
}`, stage, iterations))
			r := &record.Record{}
			Prepare(g, r)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := runLoops(context.Background(), g, r, Options{
				Hosts: []*wire.Host{{URL: g.Hosts[0].Plan.BaseURL}}, Epoch: time.Now(), Transport: newNullTransport,
			}, 1)
			if err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			if n := r.Totals().Total(); n != int64(iterations) {
				t.Fatalf("%d requests, want %d", n, iterations)
			}
			return float64(after.Mallocs - before.Mallocs)
		}
		const few, many = 10_000, 110_000
		if each := (mallocs(many) - mallocs(few)) / (many - few); each > 0.1 {
			t.Errorf("%s: a request makes %.2f allocations", stage, each)
		}
	}
}
