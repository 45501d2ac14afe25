package main

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"time"

	"bossplan/cmd/bench/internal/arrival"
	"bossplan/cmd/bench/internal/process"
	"bossplan/cmd/bench/internal/stat"
	"bossplan/cmd/bench/internal/target"
)

const stallPreface = `## Truth under a stall

1,000 requests a second for %DURING% to a server that takes 5 ms for each, and that in
the middle answers nothing for 1 s and then goes on. What does each client say? The
truth is from the server's own log of the client's run: what somebody would have waited
who came at each moment of that schedule, whether the client sent a request then or not.
The server answers in turn, so that is until the last answer to anybody who came before,
the usual 5 ms at least, and until after the stall (` + "`cmd/bench/internal/arrival`" + `).
"Sent" are the requests that the server saw, in percent of those that were due.
wrk has no rate: its five connections make 1,000 requests a second as long as the
server does not stall. Milliseconds, medians of %ROUNDS% rounds.
`

const (
	stallRate    = 1_000
	stallService = 5 * time.Millisecond
	stallLength  = time.Second
)

// honest is what a client said beside what was.
type honest struct{ said, was stall }

type stall struct{ p50, p99, max, sent []float64 }

// stalled compares what clients say of a stall.
func stalled(l *lab) (string, error) {
	during, rounds := 10*time.Second, 2
	if l.quick {
		during, rounds = 5*time.Second, 1
	}
	s, err := l.serve(target.Options{
		Delay: stallService, StallAt: during/2 - stallLength/2, StallFor: stallLength, Log: 100 * stallRate * int(during/time.Second),
	})
	if err != nil {
		return "", err
	}
	defer s.stop()
	contenders := openContenders(l.chosen)
	contenders = append(contenders, contender{name: "wrk (closed)", program: "wrk", read: readWrk, command: func(l *lab, d load) process.Command {
		d.connections = int(stallRate * stallService / time.Second)
		return wrk(l, d)
	}})
	work := func() load {
		return load{url: "http://" + s.address, address: s.address, protocol: "1.1", connections: 64, rate: stallRate, during: during}
	}
	all, without, err := l.honesty(contenders, s, rounds, work)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(strings.NewReplacer("%DURING%", during.String(), "%ROUNDS%", fmt.Sprint(rounds)).Replace(stallPreface))
	fmt.Fprintf(&b, "\n%s\nTargets:\n\n", honestTable(contenders, all, without))
	for _, c := range contenders {
		if strings.HasPrefix(c.name, "bossplan") {
			b.WriteString(stallGoals(c.name, all[c.name], without[c.name]))
		}
	}
	b.WriteString("\n" + l.commands(contenders, work()) + "\n" + l.place())
	return b.String(), nil
}

func (l *lab) honesty(contenders []contender, s *service, rounds int, work func() load) (map[string]*honest, missing, error) {
	all := map[string]*honest{}
	t := trial{contenders: contenders, rounds: rounds, load: work, service: s}
	t.after = func(c contender, d load, o outcome) error {
		requests, stall, err := s.log(filepath.Join(d.dir, "log"))
		if err != nil {
			return brokenError{err}
		}
		truth, err := arrival.Truth(requests, stall, float64(d.rate), d.during)
		if err != nil {
			return err
		}
		said, err := c.read(l, d, o.usage)
		if err != nil {
			return fmt.Errorf("its output is not understood: %w", err)
		}
		if all[c.name] == nil {
			all[c.name] = new(honest)
		}
		h := all[c.name]
		h.said.add(said.p50, said.p99, said.max)
		h.was.add(milliseconds(stat.Quantile(truth, 0.50)), milliseconds(stat.Quantile(truth, 0.99)), milliseconds(truth[len(truth)-1]))
		h.was.sent = append(h.was.sent, 100*float64(len(requests))/(float64(d.rate)*d.during.Seconds()))
		return nil
	}
	without, err := l.carry(t)
	clean(without, all)
	return all, without, err
}

func (s *stall) add(p50, p99, most float64) {
	s.p50, s.p99, s.max = append(s.p50, p50), append(s.p99, p99), append(s.max, most)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// off is the error of what was said, in percent of what was true, to a tenth.
func off(said, was []float64) float64 {
	truth := stat.Of(was...).Median
	return math.Round(1000*(stat.Of(said...).Median-truth)/truth)/10 + 0 // + 0 makes -0 0
}

func honestTable(contenders []contender, all map[string]*honest, without missing) table {
	t := table{head: []string{"client", "says p50", "p99", "max", "truth p50", "p99", "max", "error of p50", "p99", "max", "sent"}}
	for _, c := range contenders {
		if why := without[c.name]; why != "" {
			t.missing(c.name, why)
			continue
		}
		h := all[c.name]
		cells := []string{c.name}
		for _, list := range [][]float64{h.said.p50, h.said.p99, h.said.max, h.was.p50, h.was.p99, h.was.max} {
			cells = append(cells, digits(stat.Of(list...).Median))
		}
		for _, pair := range [][2][]float64{{h.said.p50, h.was.p50}, {h.said.p99, h.was.p99}, {h.said.max, h.was.max}} {
			cells = append(cells, fmt.Sprintf("%+.1f %%", off(pair[0], pair[1])))
		}
		t.add(append(cells, fmt.Sprintf("%.1f %%", stat.Of(h.was.sent...).Median))...)
	}
	return t
}

func stallGoals(name string, h *honest, why string) string {
	percent := func(x float64) string { return fmt.Sprintf("%.1f %%", x) }
	var actual [2]float64
	if h != nil {
		actual = [2]float64{math.Abs(off(h.said.p99, h.was.p99)), math.Abs(off(h.said.max, h.was.max))}
	}
	return goal{"error of the p99 that " + name + " says", 5, percent}.judge(actual[0], h != nil && why == "", why) +
		goal{"error of the max that " + name + " says", 5, percent}.judge(actual[1], h != nil && why == "", why)
}
