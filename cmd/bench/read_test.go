package main

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bossplan/cmd/bench/internal/process"
)

// wrk2Output is as wrk2's documentation shows it: there is no package of it to
// record from. k6's is what scripts/load.js prints.
const (
	wrk2Output = `  Thread calibration: mean lat.: 1.055ms, rate sampling interval: 10ms
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.26ms  572.49us   2.01s    65.99%
    Req/Sec     1.06k   124.98     1.33k    75.00%
  Latency Distribution (HdrHistogram - Recorded Latency)
 50.000%    1.25ms
 75.000%    1.62ms
 99.000%    2.56m
100.000%    2.01s

  Detailed Percentile spectrum:
`
	k6Output = `{"med":5.2,"p(99)":955.1,"max":1004.5,"count":10000}`
)

// TestRead takes what programs really printed: each was run for 3 s at 1,000/s
// against a target with 5 ms and a stall of 0.5 s.
func TestRead(t *testing.T) {
	recorded := func(name string) []byte {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	type reader = func(*lab, load, process.Usage) (latency, error)
	vegeta := func(_ *lab, _ load, u process.Usage) (latency, error) { return vegetaReport(u.Out) }
	for name, c := range map[string]struct {
		out  []byte
		read reader
		want latency
	}{
		"wrk":        {recorded("wrk.txt"), readWrk, latency{p50: 5.15, p99: 470.23, max: 502.58}},
		"wrk2":       {[]byte(wrk2Output), readWrk, latency{p50: 1.25, p99: 2.56 * 60_000, max: 2010}},
		"hey":        {recorded("hey.txt"), readHey, latency{p50: 7.5, p99: 33.1, max: 34.1}},
		"fortio":     {recorded("fortio.json"), readFortio, latency{p50: 6.468, p99: 309.342, max: 317.301}},
		"bombardier": {recorded("bombardier.json"), readBombardier, latency{p50: 5.418, p99: 156.602, max: 238.927}},
		"vegeta":     {recorded("vegeta.json"), vegeta, latency{p50: 5.291, p99: 112.835, max: 169.915}},
		"k6":         {[]byte(k6Output), readK6, latency{p50: 5.2, p99: 955.1, max: 1004.5}},
	} {
		got, err := c.read(nil, load{}, process.Usage{Out: c.out})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, pair := range [][2]float64{{got.p50, c.want.p50}, {got.p99, c.want.p99}, {got.max, c.want.max}} {
			if math.Abs(pair[0]-pair[1]) > 0.001 {
				t.Errorf("%s: %+v, not %+v", name, got, c.want)
			}
		}
		for _, bad := range []string{"", "{}", `{"latencies":{}}`, "99% 1m"} {
			if _, err := c.read(nil, load{}, process.Usage{Out: []byte(bad)}); err == nil {
				t.Errorf("%s: %q is no error", name, bad)
			}
		}
	}
}

func TestRecord(t *testing.T) {
	d := load{dir: t.TempDir()}
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(d.dir, "run"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d.dir, "run", "run.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := readBossplan(nil, d, process.Usage{Err: []byte("a\nno such plan\n")}); err == nil || !strings.Contains(err.Error(), "no such plan") {
		t.Errorf("no record: %v", err)
	}
	write(`{"run":{"hosts":[{"transport":"epoll"},{"transport":"epoll"}]},
		"totals":{"count":9,"failed":0,"response_time":{"p50":5.1,"p99":9.5,"max":12},"lag":{"p50":0.02,"p99":0.1,"max":0.3}}}`)
	got, err := readBossplan(nil, d, process.Usage{})
	if err != nil || got.p99 != 9.5 || got.max != 12 || got.lag == nil || got.lag.p99 != 0.1 {
		t.Errorf("%+v, %v", got, err)
	}
	if err := asAsked(contender{name: "bossplan epoll"}, d); err != nil {
		t.Error(err)
	}
	if err := asAsked(contender{name: "bossplan std"}, d); err == nil {
		t.Error("another transport is no error")
	}
	write(`{"totals":{"count":9,"failed":2},"errors":[{"message":"status 500"}]}`)
	if err := asAsked(contender{name: "bossplan"}, d); err == nil || !strings.Contains(err.Error(), "2 of 9 requests failed: status 500") {
		t.Errorf("requests that failed: %v", err)
	}
	if _, err := readBossplan(nil, d, process.Usage{}); err == nil {
		t.Error("a record without figures is no error")
	}
}
