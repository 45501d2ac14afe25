package main

import (
	"fmt"
	"strings"
	"time"

	"bossplan/cmd/bench/internal/stat"
	"bossplan/cmd/bench/internal/target"
)

const closedPreface = `## CPU per request

64 connections, plain HTTP/1.1, the next request as soon as the answer has come, for
%DURING% a run; client and server have a core each. The server is a loop around epoll
that answers 200 bytes (` + "`cmd/bench/internal/target`" + `). Rounds follow each other
(A B C A B C …), the first one is not counted; figures are medians, with the lowest
and the highest. CPU time is user and system time of the client's processes as the
kernel counts it when they end, divided by the requests that the *server* counted:
"whole run" has the client's start and end in it, "steady" is the middle half of the
run. bossplan runs a real plan with all there is to it: an expression in the path, a
check of the status, thresholds, histograms, the series, all reports.
"raw goroutines" is a prototype that only sends and reads (` + "`cmd/bench/internal/raw`" + `):
what a goroutine a connection would cost at the least.
`

// costs are what a client's runs told.
type costs struct{ whole, steady, rate []float64 }

// closed compares the CPU time of a request, and how many a core makes.
func closed(l *lab) (string, error) {
	s, err := l.serve(target.Options{})
	if err != nil {
		return "", err
	}
	defer s.stop()
	contenders := closedContenders()
	during := l.during(4 * time.Second)
	work := func() load {
		return load{url: "http://" + s.address, address: s.address, protocol: "1.1", connections: 64, during: during}
	}
	all, without, err := l.compare(contenders, s, l.rounds, work)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(strings.ReplaceAll(closedPreface, "%DURING%", during.String()))
	b.WriteString("\n" + costTable(contenders, all, without, "bossplan "+l.chosen).String())
	b.WriteString(transports(l.chosen, all) + "\nTargets, of the transport that bossplan chooses by itself (" + l.chosen + "), whole run or steady, whichever is worse for it:\n\n")
	for _, g := range []struct {
		peer  string
		limit float64
	}{{"wrk", 1.15}, {"wrk", 0.9}, {"vegeta", 0.35}, {"k6", 0.15}, {"Locust FastHttpUser", 0.10}} {
		ratio, ok := worse(all["bossplan "+l.chosen], all[g.peer])
		b.WriteString(goal{"CPU per request, of " + g.peer + "'s", g.limit, times}.judge(ratio, ok, whyNot(without, "bossplan "+l.chosen, g.peer)))
	}
	b.WriteString("\n" + l.commands(contenders, work()) + "\n" + l.place())
	return b.String(), nil
}

func closedContenders() []contender {
	return []contender{
		{name: "bossplan io_uring", command: bossplanClosed("io_uring")},
		{name: "bossplan epoll", command: bossplanClosed("epoll")},
		{name: "bossplan std", command: bossplanClosed("std")},
		{name: "raw goroutines", command: rawClient},
		{name: "wrk", program: "wrk", command: wrk},
		{name: "h2load", program: "h2load", command: h2load},
		{name: "fortio fast", program: "fortio", command: fortio(false)},
		{name: "fortio standard", program: "fortio", command: fortio(true)},
		{name: "bombardier fasthttp", program: "bombardier", command: bombardier("--fasthttp")},
		{name: "bombardier net/http", program: "bombardier", command: bombardier("--http1")},
		{name: "hey", program: "hey", command: hey},
		{name: "vegeta", program: "vegeta", command: vegeta},
		{name: "k6", program: "k6", command: k6},
		{name: "Locust FastHttpUser", program: "locust", command: locust("Fast")},
		{name: "Locust HttpUser", program: "locust", command: locust("Requests")},
	}
}

// compare runs contenders and has their costs; the first of several rounds does
// not count.
func (l *lab) compare(contenders []contender, s *service, rounds int, work func() load) (map[string]*costs, missing, error) {
	all := map[string]*costs{}
	t := trial{contenders: contenders, rounds: rounds, discard: min(1, rounds-1), load: work, service: s}
	t.after = func(c contender, d load, o outcome) error {
		if strings.HasPrefix(c.name, "bossplan") {
			if err := asAsked(c, d); err != nil {
				return err
			}
		}
		if all[c.name] == nil {
			all[c.name] = new(costs)
		}
		all[c.name].add(o)
		return nil
	}
	without, err := l.carry(t)
	clean(without, all)
	return all, without, err
}

func (c *costs) add(o outcome) {
	c.whole = append(c.whole, o.whole())
	if o.steady.requests > 0 {
		c.steady = append(c.steady, o.steady.cost())
		c.rate = append(c.rate, o.steady.rate())
	}
}

func costTable(contenders []contender, all map[string]*costs, without missing, base string) table {
	t := table{head: []string{"client", "µs CPU a request, whole run", "steady", "requests/s", base + " / this"}}
	for _, c := range contenders {
		if why := without[c.name]; why != "" {
			t.missing(c.name, why)
			continue
		}
		own := all[c.name]
		ratio := "–"
		if x, ok := worse(all[base], own); ok && c.name != base {
			ratio = times(x)
		}
		t.add(c.name, spread(stat.Of(own.whole...), digits), spread(stat.Of(own.steady...), digits), spread(stat.Of(own.rate...), grouped), ratio)
	}
	return t
}

// worse is the ratio of two clients' medians, whole or steady, whichever is
// larger.
func worse(a, b *costs) (ratio float64, ok bool) {
	if a == nil || b == nil {
		return 0, false
	}
	for _, pair := range [][2][]float64{{a.whole, b.whole}, {a.steady, b.steady}} {
		x, y := stat.Of(pair[0]...), stat.Of(pair[1]...)
		if x.N > 0 && y.N > 0 {
			ratio, ok = max(ratio, x.Median/y.Median), true
		}
	}
	return ratio, ok
}

// transports says which of bossplan's transports was the cheapest, and what the
// design that it does not have would have cost at the least.
func transports(chosen string, all map[string]*costs) string {
	whole := func(name string) stat.Spread {
		if c := all[name]; c != nil {
			return stat.Of(c.whole...)
		}
		return stat.Spread{}
	}
	cheapest := ""
	for _, name := range []string{"io_uring", "epoll", "std"} {
		if s := whole("bossplan " + name); s.N > 0 && (cheapest == "" || s.Median < whole("bossplan "+cheapest).Median) {
			cheapest = name
		}
	}
	if cheapest == "" {
		return ""
	}
	text := fmt.Sprintf("\nOf bossplan's transports %s was the cheapest, at %s µs; by itself it takes %s.", cheapest, digits(whole("bossplan "+cheapest).Median), chosen)
	if raw := whole("raw goroutines"); raw.N > 0 {
		text += fmt.Sprintf(" Raw goroutines without anything of a load test cost %s µs.", digits(raw.Median))
	}
	return text + "\n"
}

func whyNot(without missing, names ...string) string {
	for _, name := range names {
		if why := without[name]; why != "" {
			return name + " is missing: " + why
		}
	}
	return ""
}
