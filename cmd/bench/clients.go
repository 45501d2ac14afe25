package main

import (
	"fmt"
	"strconv"
	"time"

	"bossplan/cmd/bench/internal/process"
)

// seconds is a whole number of seconds, which is all that some programs take.
func seconds(d time.Duration) string { return strconv.Itoa(int(max(d, time.Second) / time.Second)) }

func number(n int) string { return strconv.Itoa(n) }

// peer is a command of a peer, which is there: contenders whose program is
// missing are not run.
func (l *lab) peer(name string, args ...string) process.Command {
	return process.Command{Path: l.peers[name].Path, Args: args}
}

type command = func(l *lab, d load) process.Command

func wrk(l *lab, d load) process.Command {
	return l.peer("wrk", "--latency", "-t1", "-c"+number(d.connections), "-d"+seconds(d.during)+"s", d.url+"/api/tasks/17")
}

func wrk2(l *lab, d load) process.Command {
	return l.peer("wrk2", "--latency", "-t1", "-c"+number(d.connections), "-R"+number(d.rate), "-d"+seconds(d.during)+"s", d.url+"/api/tasks/17")
}

func h2load(l *lab, d load) process.Command {
	args := []string{"-t1", "-c" + number(d.connections), "-m1", "-D", seconds(d.during)}
	if d.protocol == "1.1" {
		args = append(args, "--h1")
	}
	return l.peer("h2load", append(args, d.url+"/api/tasks/17")...)
}

// hey takes a rate for each of its workers.
func hey(l *lab, d load) process.Command {
	args := []string{"-z", seconds(d.during) + "s", "-c", number(d.connections)}
	if d.rate > 0 {
		args = append(args, "-q", strconv.FormatFloat(float64(d.rate)/float64(d.connections), 'g', -1, 64))
	}
	return l.peer("hey", append(args, d.url+"/api/tasks/17")...)
}

// vegeta attacks only: its report is made later, from the file. Nothing limits
// how many connections it opens to keep a rate.
func vegeta(l *lab, d load) process.Command {
	args := []string{"attack", "-duration", d.during.String(), "-output", "results.bin", "-rate"}
	if d.rate > 0 {
		args = append(args, number(d.rate)+"/1s")
	} else {
		args = append(args, "0", "-workers", number(d.connections), "-max-workers", number(d.connections))
	}
	c := l.peer("vegeta", args...)
	c.Text = "GET " + d.url + "/api/tasks/17\n"
	return c
}

// fortio is one of fortio's two clients.
func fortio(standard bool) command {
	return func(l *lab, d load) process.Command {
		args := []string{"load", "-quiet", "-c", number(d.connections), "-qps", number(d.rate), "-t", d.during.String(), "-p", "50,99", "-json", "-"}
		if d.rate > 0 {
			args = append(args, "-uniform") // else all connections send at the same moment
		}
		if standard {
			args = append(args, "-stdclient")
		}
		return l.peer("fortio", append(args, d.url+"/api/tasks/17")...)
	}
}

// bombardier is one of bombardier's clients: --fasthttp, --http1.
func bombardier(client string) command {
	return func(l *lab, d load) process.Command {
		args := []string{client, "-c", number(d.connections), "-d", d.during.String(), "-l", "-p", "r", "-o", "json", "-t", "10s"}
		if d.rate > 0 {
			args = append(args, "-r", number(d.rate))
		}
		return l.peer("bombardier", append(args, d.url+"/api/tasks/17")...)
	}
}

func k6(l *lab, d load) process.Command {
	args := []string{"run", "--quiet"}
	for _, pair := range [][2]string{
		{"BENCH_URL", d.url}, {"BENCH_USERS", number(d.connections)}, {"BENCH_RATE", number(d.rate)},
		{"BENCH_DURATION", d.during.String()}, {"BENCH_WAIT", flagText(d.wait)},
	} {
		args = append(args, "-e", pair[0]+"="+pair[1])
	}
	c := l.peer("k6", append(args, l.script("load.js"))...)
	c.Env = []string{"K6_NO_USAGE_REPORT=true"}
	return c
}

func flagText(b bool) string {
	if b {
		return "1"
	}
	return ""
}

// locust is one of the two users of the locustfile.
func locust(user string) command {
	return func(l *lab, d load) process.Command {
		c := l.peer("locust", "--headless", "--only-summary", "--loglevel", "ERROR", "-f", l.script("locustfile.py"), "-H", d.url,
			"-u", number(d.connections), "-r", number(min(d.connections, 500)), "-t", seconds(d.during)+"s", user)
		if d.wait {
			c.Env = []string{"BENCH_WAIT=1"}
		}
		return c
	}
}

// rawClient is the prototype in internal/raw.
func rawClient(l *lab, d load) process.Command {
	return process.Command{Path: l.self, Args: []string{"raw", d.address, "--connections", number(d.connections), "--duration", d.during.String()}}
}

// apply is bossplan with a plan, all reports and a transport.
func (l *lab) apply(d load, transport, plan string, variables ...string) process.Command {
	args := []string{"apply", plan, "--no-live", "--transport", transport, "--out", "run"}
	for _, v := range variables {
		args = append(args, "--var", v)
	}
	return process.Command{Path: l.bossplan, Args: args}
}

func bossplanClosed(transport string) command {
	return func(l *lab, d load) process.Command {
		return l.apply(d, transport, l.script("closed.hcl"), "url="+d.url, "users="+number(d.connections), "duration="+d.during.String(), "http="+d.protocol)
	}
}

func bossplanOpen(transport string) command {
	return func(l *lab, d load) process.Command {
		return l.apply(d, transport, l.script("open.hcl"), "url="+d.url, fmt.Sprintf("rate=%d/s", d.rate), "duration="+d.during.String())
	}
}
