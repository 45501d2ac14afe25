package main

import (
	"math"
	"strings"
	"testing"

	"bossplan/cmd/bench/internal/peer"
	"bossplan/cmd/bench/internal/process"
	"bossplan/cmd/bench/internal/stat"
)

func TestFigures(t *testing.T) {
	for x, want := range map[float64]string{6.234: "6.23", 62.34: "62.3", 623.4: "623", 6234: "6234", 0.0623: "0.062", 0.6234: "0.623", 0: "–", math.Inf(1): "–"} {
		if got := digits(x); got != want {
			t.Errorf("%v: %s, not %s", x, got, want)
		}
	}
	for x, want := range map[float64]string{1: "1", 999.6: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := grouped(x); got != want {
			t.Errorf("%v: %s, not %s", x, got, want)
		}
	}
	for want, s := range map[string]stat.Spread{"–": stat.Of(), "6.00": stat.Of(6), "6.50 (6.00–7.00)": stat.Of(6, 7), "2.00": stat.Of(2.0001, 2.0002)} {
		if got := spread(s, digits); got != want {
			t.Errorf("%+v: %s, not %s", s, got, want)
		}
	}
}

func TestGoal(t *testing.T) {
	g := goal{"CPU per request, of vegeta's", 0.35, times}
	for want, got := range map[string]string{
		"- CPU per request, of vegeta's: at most 0.35×: 0.30×, **met**\n":                         g.judge(0.3, true, ""),
		"- CPU per request, of vegeta's: at most 0.35×: 0.36×, **not met**\n":                     g.judge(0.36, true, ""),
		"- CPU per request, of vegeta's: at most 0.35×: NaN×, **not met**\n":                      g.judge(math.NaN(), true, ""),
		"- CPU per request, of vegeta's: at most 0.35×: not measured (vegeta is missing: gone)\n": g.judge(0, false, whyNot(missing{"vegeta": "gone"}, "bossplan", "vegeta")),
		"- CPU per request, of vegeta's: at most 0.35×: not measured (it has no figure)\n":        g.judge(0, false, ""),
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestCostTable(t *testing.T) {
	contenders := []contender{{name: "bossplan epoll"}, {name: "wrk"}, {name: "k6"}}
	all := map[string]*costs{
		"bossplan epoll": {whole: []float64{6, 8, 7}, steady: []float64{6}, rate: []float64{120_000}},
		"wrk":            {whole: []float64{14}, steady: []float64{8}},
	}
	text := costTable(contenders, all, missing{"k6": "not|here"}, "bossplan epoll").String()
	for _, row := range []string{
		"| client | µs CPU a request, whole run | steady | requests/s | bossplan epoll / this |\n|---|---:|---:|---:|---:|\n",
		"| bossplan epoll | 7.00 (6.00–8.00) | 6.00 | 120,000 | – |",
		"| wrk | 14.0 | 8.00 | – | 0.75× |", // the worse of 0.5 and 0.75
		`| k6 | missing: not\|here |  |  |  |`,
	} {
		if !strings.Contains(text, row) {
			t.Errorf("%q is not in:\n%s", row, text)
		}
	}
}

func TestTransports(t *testing.T) {
	all := map[string]*costs{
		"bossplan io_uring": {whole: []float64{7}}, "bossplan epoll": {whole: []float64{6}}, "bossplan std": {whole: []float64{20}},
		"raw goroutines": {whole: []float64{8}},
	}
	want := "\nOf bossplan's transports epoll was the cheapest, at 6.00 µs; by itself it takes io_uring. Raw goroutines without anything of a load test cost 8.00 µs.\n"
	if got := transports("io_uring", all); got != want {
		t.Errorf("%q, not %q", got, want)
	}
	if got := transports("io_uring", nil); got != "" {
		t.Errorf("without figures: %q", got)
	}
}

func TestPlain(t *testing.T) {
	l := &lab{root: "/src", dir: "/tmp/l", bossplan: "/tmp/l/bossplan", self: "/tmp/bench", clientCore: 3, peers: map[string]peer.Found{
		"wrk": {Peer: peer.Peer{Name: "wrk"}, Path: "/opt/bin/wrk"},
	}}
	for want, c := range map[string]process.Command{
		"taskset -c 3 bossplan apply scripts/a.hcl --var url=x": {Path: "/tmp/l/bossplan", Args: []string{"apply", "/src/scripts/a.hcl", "--var", "url=x"}},
		"A=1 taskset -c 3 wrk targets":                          {Path: "/opt/bin/wrk", Args: []string{"/tmp/l/run-1/targets"}, Env: []string{"A=1"}},
		"echo 'GET x' | taskset -c 3 wrk":                       {Path: "/opt/bin/wrk", Text: "GET x\n"},
		"taskset -c 3 bench raw 'a b'":                          {Path: "/tmp/bench", Args: []string{"raw", "a b"}},
	} {
		got := l.plain(contender{command: func(*lab, load) process.Command { return c }}, load{dir: "/tmp/l/run-1"})
		if got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
}
