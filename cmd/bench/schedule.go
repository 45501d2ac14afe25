package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"bossplan/cmd/bench/internal/arrival"
	"bossplan/cmd/bench/internal/stat"
	"bossplan/cmd/bench/internal/target"
)

const schedulePreface = `## Keeping a schedule

How late each request reached the server, on an even schedule of 1,000, 5,000 and
20,000 a second for %DURING%. The server logs every arrival; the first fifth of the time
is left out, a grid of that rate is laid under the rest so that nothing is early, and the
lag of the k-th arrival is its distance from the k-th line
(` + "`cmd/bench/internal/arrival`" + `).
This is the same for all clients and believes none of them; it has the server's own
hesitation in it. "Own" is what bossplan's record says of its lag in the whole run, from
when a request was due until it was handed to the kernel. hey gives each of its workers a rate of its
own and has no common schedule. Medians of %ROUNDS% rounds with the lowest and the
highest; µs.
`

const scheduleRounds = 3

// punctual is how a client kept one rate.
type punctual struct{ p50, p99, max, rate, own50, own99 []float64 }

// schedule compares how late requests are sent.
func schedule(l *lab) (string, error) {
	during, rounds := l.during(5*time.Second), scheduleRounds
	if l.quick {
		rounds = 1
	}
	const most = 20_000
	s, err := l.serve(target.Options{Log: 2 * most * int(during/time.Second+1)})
	if err != nil {
		return "", err
	}
	defer s.stop()
	var b strings.Builder
	b.WriteString(strings.NewReplacer("%DURING%", during.String(), "%ROUNDS%", fmt.Sprint(rounds)).Replace(schedulePreface))
	contenders := openContenders(l.chosen)
	goals := ""
	for _, rate := range []int{1_000, 5_000, most} {
		work := func() load {
			return load{url: "http://" + s.address, address: s.address, protocol: "1.1", connections: 64, rate: rate, during: during}
		}
		all, without, err := l.punctuality(contenders, s, rounds, work)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "\n### %s a second\n\n%s", grouped(float64(rate)), punctualTable(contenders, all, without, rate))
		goals += scheduleGoals(all, without, "bossplan "+l.chosen, rate)
	}
	b.WriteString("\nTargets:\n\n" + goals)
	example := load{url: "http://" + s.address, address: s.address, protocol: "1.1", connections: 64, rate: 5_000, during: during}
	b.WriteString("\n" + l.commands(contenders, example) + "\n" + l.place())
	return b.String(), nil
}

// openContenders are clients that can keep a rate.
func openContenders(transport string) []contender {
	list := []contender{{name: "bossplan " + transport, command: bossplanOpen(transport), read: readBossplan}}
	if transport != "std" {
		list = append(list, contender{name: "bossplan std", command: bossplanOpen("std"), read: readBossplan})
	}
	return append(list,
		contender{name: "vegeta", program: "vegeta", command: vegeta, read: readVegeta},
		contender{name: "wrk2", program: "wrk2", command: wrk2, read: readWrk},
		contender{name: "fortio fast", program: "fortio", command: fortio(false), read: readFortio},
		contender{name: "bombardier fasthttp", program: "bombardier", command: bombardier("--fasthttp"), read: readBombardier},
		contender{name: "hey", program: "hey", command: hey, read: readHey},
		contender{name: "k6", program: "k6", command: k6, read: readK6},
	)
}

func (l *lab) punctuality(contenders []contender, s *service, rounds int, work func() load) (map[string]*punctual, missing, error) {
	all := map[string]*punctual{}
	t := trial{contenders: contenders, rounds: rounds, load: work, service: s}
	t.after = func(c contender, d load, o outcome) error {
		requests, _, err := s.log(filepath.Join(d.dir, "log"))
		if err != nil {
			return brokenError{err}
		}
		if all[c.name] == nil {
			all[c.name] = new(punctual)
		}
		if err := all[c.name].add(requests, d); err != nil {
			return err
		}
		if !strings.HasPrefix(c.name, "bossplan") {
			return nil
		}
		if err := asAsked(c, d); err != nil {
			return err
		}
		own, err := c.read(l, d, o.usage)
		if err == nil {
			all[c.name].own50 = append(all[c.name].own50, own.lag.p50*1000)
			all[c.name].own99 = append(all[c.name].own99, own.lag.p99*1000)
		}
		return err
	}
	without, err := l.carry(t)
	clean(without, all)
	return all, without, err
}

func (p *punctual) add(requests []arrival.Request, d load) error {
	requests = arrival.After(requests, d.during/5)
	grid, err := arrival.Fit(requests, float64(d.rate))
	if err != nil {
		return err
	}
	lags := grid.Lags(requests)
	p.p50 = append(p.p50, microseconds(stat.Quantile(lags, 0.50)))
	p.p99 = append(p.p99, microseconds(stat.Quantile(lags, 0.99)))
	p.max = append(p.max, microseconds(lags[len(lags)-1]))
	taken := time.Duration(requests[len(requests)-1].Arrived - requests[0].Arrived)
	p.rate = append(p.rate, float64(len(requests)-1)/taken.Seconds())
	return nil
}

func microseconds(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func punctualTable(contenders []contender, all map[string]*punctual, without missing, rate int) table {
	t := table{head: []string{"client", "lag p50", "p99", "max", "own p50", "own p99", "requests/s"}}
	for _, c := range contenders {
		if why := without[c.name]; why != "" {
			t.missing(c.name, why)
			continue
		}
		p := all[c.name]
		t.add(c.name, spread(stat.Of(p.p50...), grouped), spread(stat.Of(p.p99...), grouped), spread(stat.Of(p.max...), grouped),
			spread(stat.Of(p.own50...), digits), spread(stat.Of(p.own99...), digits), spread(stat.Of(p.rate...), grouped))
	}
	return t
}

// scheduleGoals judges bossplan by what the server saw, where a peer is the
// measure, and by the worse of both views where a number is.
func scheduleGoals(all map[string]*punctual, without missing, own string, rate int) string {
	per := grouped(float64(rate)) + "/s"
	ours, vegetas := all[own], all["vegeta"]
	var text strings.Builder
	bound := func(what string, limit, actual float64, ok bool) {
		text.WriteString(goal{what, limit, func(x float64) string { return grouped(x) + " µs" }}.judge(actual, ok, whyNot(without, own)))
	}
	there := ours != nil && len(ours.own99) > 0
	if !there {
		ours = new(punctual)
	}
	switch rate {
	case 1_000, 5_000:
		bound("lag p50 at "+per, 60, max(stat.Of(ours.own50...).Median, stat.Of(ours.p50...).Median), there)
		bound("lag p99 at "+per, 250, max(stat.Of(ours.own99...).Median, stat.Of(ours.p99...).Median), there)
	case 20_000:
		held := stat.Of(ours.rate...).Median / float64(rate)
		text.WriteString(goal{"missing of " + per, 1, func(x float64) string { return fmt.Sprintf("%.1f %%", x) }}.judge(max(0, 100*(1-held)), there, whyNot(without, own)))
	}
	if rate == 5_000 {
		ratio, ok := 0.0, there && vegetas != nil
		if ok {
			ratio = stat.Of(ours.p99...).Median / stat.Of(vegetas.p99...).Median
		}
		text.WriteString(goal{"lag p99 at " + per + ", of vegeta's", 0.25, times}.judge(ratio, ok, whyNot(without, own, "vegeta")))
	}
	return text.String()
}
