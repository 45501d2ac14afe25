package demo

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// The mix of Boss Workflow's users: ten lists, five lists by status, four
// single tasks, three new tasks, two updates, statistics and a health check.
const mixLength = 26

// mixed returns the nth request of the mix.
func mixed(url string, n int64) (*http.Request, error) {
	id := 1 + n*7919%1000
	of := status(1 + n/mixLength%3)
	switch k := n * 7 % mixLength; { // 7 spreads the kinds over the round
	case k < 10:
		return http.NewRequest("GET", url+"/api/tasks", nil)
	case k < 15:
		return http.NewRequest("GET", url+"/api/tasks?status="+of.String(), nil)
	case k < 19:
		return http.NewRequest("GET", fmt.Sprintf("%s/api/tasks/%d", url, id), nil)
	case k < 22:
		return http.NewRequest("POST", url+"/api/tasks", strings.NewReader(`{"title":"Load test task","description":"made by a benchmark","priority":"medium"}`))
	case k < 24:
		return http.NewRequest("PUT", fmt.Sprintf("%s/api/tasks/%d/status", url, id), strings.NewReader(fmt.Sprintf(`{"status":%q}`, of)))
	case k < 25:
		return http.NewRequest("GET", url+"/api/statistics", nil)
	default:
		return http.NewRequest("GET", url+"/health", nil)
	}
}

// BenchmarkMix measures the mix over loopback, with the client on the same
// processors, and shows what pool and cache made of it.
func BenchmarkMix(b *testing.B) {
	s := open(b, Options{})
	url := serve(b, s)
	transport := &http.Transport{MaxIdleConnsPerHost: 1000}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	var n atomic.Int64
	b.SetParallelism(32)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r, err := mixed(url, n.Add(1))
			if err != nil {
				b.Error(err)
				return
			}
			answer, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode >= 400 {
				b.Errorf("%s %s: status %d, %v", r.Method, r.URL, answer.StatusCode, err)
			}
			answer.Body.Close()
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
	b.ReportMetric(s.cache.stats().HitRate, "hit-rate")
	b.ReportMetric(float64(s.pool.status().OverflowPeak), "overflow")
	b.ReportMetric(float64(s.pool.status().WaitCount), "waits")
}
