package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"time"

	"bossplan/cmd/bench/internal/process"
)

// A load is what a client is asked to do. What it is not able to, its
// contender leaves out and says so by its name.
type load struct {
	url         string
	address     string // of url
	protocol    string // "1.1", "2"
	connections int
	rate        int // requests per second; 0: as fast as answers come
	during      time.Duration
	wait        bool   // users wait 5 to 20 s between two requests
	dir         string // for what the client writes; empty at first
}

// A contender is a client and how it is called.
type contender struct {
	name    string // in the tables
	program string // the peer that must be there; "" for our own
	command func(l *lab, d load) process.Command
	// read takes what the client says it measured; nil where that is not compared.
	read func(l *lab, d load, u process.Usage) (latency, error)
}

// latency is what a client says that requests took; for bossplan also how late
// it sent them. Milliseconds.
type latency struct {
	p50, p99, max float64
	lag           *latency
}

// An outcome is one run of a client.
type outcome struct {
	usage    process.Usage
	dir      string
	requests int64 // that the server counted
	steady   steady
}

// steady is the part of a run without its beginning and end.
type steady struct {
	cpu, wall time.Duration
	requests  int64
}

// whole is the CPU time of a request, in µs, with the client's start and end.
func (o outcome) whole() float64 {
	return float64(o.usage.CPU) / float64(time.Microsecond) / float64(o.requests)
}

func (s steady) cost() float64 {
	return float64(s.cpu) / float64(time.Microsecond) / float64(s.requests)
}

func (s steady) rate() float64 { return float64(s.requests) / s.wall.Seconds() }

// A trial has several contenders do the same, one after the other and again,
// so that whatever else the machine does meets them all.
type trial struct {
	contenders []contender
	rounds     int
	discard    int // rounds at first, which fill caches
	load       func() load
	service    *service
	// after sees each run that counts.
	after func(c contender, d load, o outcome) error
}

// missing tells why contenders have no figures, by their names.
type missing map[string]string

// clean takes figures away that are not from all rounds.
func clean[T any](m missing, all map[string]T) {
	maps.DeleteFunc(all, func(name string, _ T) bool { return m[name] != "" })
}

func (l *lab) carry(t trial) (missing, error) {
	without := missing{}
	for round := range t.rounds {
		for _, c := range t.contenders {
			if without[c.name] != "" {
				continue
			}
			if why := l.why(c); why != "" {
				without[c.name] = why
				continue
			}
			if err := l.once(t, c, round >= t.discard); err != nil {
				if l.ctx.Err() != nil {
					return nil, l.ctx.Err()
				}
				var broken brokenError
				if errors.As(err, &broken) {
					return nil, err
				}
				without[c.name] = oneLine(err.Error())
				l.say("%s: %v", c.name, err)
			}
		}
	}
	return without, nil
}

// why tells what is missing for a contender.
func (l *lab) why(c contender) string {
	if c.program == "" {
		return ""
	}
	return l.peers[c.program].Missing
}

// A brokenError is the benchmark's own fault, or its server's, and ends it.
type brokenError struct{ error }

func (l *lab) once(t trial, c contender, counts bool) error {
	d := t.load()
	var err error
	if d.dir, err = os.MkdirTemp(l.dir, "run-"); err != nil {
		return brokenError{err}
	}
	defer os.RemoveAll(d.dir)
	o, err := l.run(c, d, t.service)
	if err != nil {
		return err
	}
	l.say("%-24s %7d requests, %6.2f µs each", c.name, o.requests, o.whole())
	if !counts {
		return nil
	}
	return t.after(c, d, o)
}

// run has a client do its work and counts.
func (l *lab) run(c contender, d load, s *service) (outcome, error) {
	if _, err := s.ask("reset"); err != nil {
		return outcome{}, brokenError{err}
	}
	command := c.command(l, d)
	command.Core = l.clientCore
	command.Dir = d.dir
	command.Limit = 3*d.during + 40*time.Second
	p, err := process.Start(l.ctx, command)
	if err != nil {
		return outcome{}, err
	}
	defer p.Kill()
	o := outcome{dir: d.dir}
	if o.steady, err = l.watch(p, d, s); err != nil {
		return o, brokenError{err}
	}
	if o.usage, err = p.Wait(); err != nil {
		return o, err
	}
	count, err := s.ask("count")
	if err != nil {
		return o, brokenError{err}
	}
	if o.requests = count.Requests; o.requests == 0 {
		return o, fmt.Errorf("sent nothing (exit code %d): %s", o.usage.Code, lastOf(o.usage))
	}
	return o, nil
}

// watch waits for the first request, lets the client settle, and counts until
// shortly before it ends. A client that ends before that has no steady part.
func (l *lab) watch(p *process.Process, d load, s *service) (steady, error) {
	for count, err := s.ask("count"); count.Requests == 0; count, err = s.ask("count") {
		if err != nil {
			return steady{}, err
		}
		if !l.sleep(p, 20*time.Millisecond) {
			return steady{}, nil
		}
	}
	part := d.during / 4
	if !l.sleep(p, part) {
		return steady{}, nil
	}
	first, err := l.mark(p, s)
	if err != nil || !l.sleep(p, 2*part) {
		return steady{}, err
	}
	last, err := l.mark(p, s)
	if err != nil || first.cpu == 0 || last.cpu == 0 {
		return steady{}, err
	}
	return steady{cpu: last.cpu - first.cpu, wall: last.wall - first.wall, requests: last.requests - first.requests}, nil
}

// mark is what was used and counted until now; no CPU time if the process has
// just ended.
func (l *lab) mark(p *process.Process, s *service) (steady, error) {
	count, err := s.ask("count")
	if err != nil {
		return steady{}, err
	}
	cpu, err := p.CPU()
	if err != nil {
		return steady{}, nil
	}
	return steady{cpu: cpu, wall: time.Since(l.began), requests: count.Requests}, nil
}

// sleep waits; false if the process ended, or the benchmark did.
func (l *lab) sleep(p *process.Process, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.Done():
	case <-l.ctx.Done():
	}
	return false
}

// lastOf is the end of what a program wrote, for a message.
func lastOf(u process.Usage) string {
	for _, text := range [][]byte{u.Err, u.Out} {
		if last := oneLine(string(text[max(0, len(text)-300):])); last != "" {
			return last
		}
	}
	return "it wrote nothing"
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// script is the path of one of the files in scripts.
func (l *lab) script(name string) string {
	return filepath.Join(l.root, "cmd", "bench", "scripts", name)
}
