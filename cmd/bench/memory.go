package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
	"time"

	"bossplan/cmd/bench/internal/process"
	"bossplan/cmd/bench/internal/target"
)

const memoryPreface = `## Memory of users who wait

Users with a connection of their own who wait 5 to 20 s between two requests. Memory is
what is resident of the client's processes once the server has a connection from every
user, and for 3 s from then, at most; what the kernel holds for sockets is in nobody's
figure. "All of it" divides it by the users, "a further one" is the difference to the
row with fewer users, divided by the users more. CPU time is what the client used from
its start until the last user was connected, with the requests that were due meanwhile;
each user sends a first one at once. One run each. A server process holds 15,000
connections at most. vegeta, hey, fortio and bombardier have no users.
`

// perServer is how many connections one target gets: less than its limit of
// open files, and than the ports that lead to one address.
const perServer = 15_000

// A crowd is a number of users of one client.
type crowd struct {
	contender
	users  int
	during time.Duration // that the client is asked to run
}

// held is what a crowd took.
type held struct {
	open   int
	memory int64
	cpu    time.Duration // until all were connected
}

// memory compares what waiting users take.
func memory(l *lab) (string, error) {
	t := table{head: []string{"client", "users", "connected", "MiB", "KiB a user, all of it", "a further one", "CPU s to connect all"}}
	results := map[string]held{}
	before := map[string]crowd{}
	without := missing{}
	var commands []string
	for _, c := range crowds(l) {
		key := fmt.Sprintf("%s %d", c.name, c.users)
		h, line, err := l.gather(c)
		if err != nil {
			if l.ctx.Err() != nil {
				return "", err
			}
			without[key] = oneLine(err.Error())
			t.missing(c.name+", "+grouped(float64(c.users)), without[key])
			l.say("%s: %v", key, err)
			continue
		}
		l.say("%s: %d connected, %d KiB", key, h.open, h.memory>>10)
		results[key] = h
		commands = append(commands, line)
		last, ok := before[c.name]
		t.add(c.row(h, last, results[fmt.Sprintf("%s %d", c.name, last.users)], ok)...)
		before[c.name] = c
	}
	var b strings.Builder
	b.WriteString(memoryPreface + "\n" + t.String() + "\nTargets:\n\n" + memoryGoals(l, results, without))
	fmt.Fprintf(&b, "\nThe commands, each bound to the client's core; `paced.hcl` is made from `cmd/bench/scripts/paced.hcl.tmpl`:\n\n```sh\n%s\n```\n\n%s", strings.Join(slices.Compact(commands), "\n"), l.place())
	return b.String(), nil
}

func (c crowd) row(h held, last crowd, lastHeld held, ok bool) []string {
	further := "–"
	if ok && h.open > lastHeld.open {
		further = digits(float64(h.memory-lastHeld.memory) / 1024 / float64(h.open-lastHeld.open))
	}
	cpu := "–"
	if h.cpu > 0 {
		cpu = digits(h.cpu.Seconds())
	}
	return []string{c.name, grouped(float64(c.users)), grouped(float64(h.open)), digits(float64(h.memory) / (1 << 20)), digits(h.perUser()), further, cpu}
}

// perUser is KiB.
func (h held) perUser() float64 { return float64(h.memory) / 1024 / float64(h.open) }

// crowds are in the table's order, for each client from few to many.
func crowds(l *lab) []crowd {
	spawning := func(users int) time.Duration { return time.Duration(users/500) * time.Second }
	ours := func(users int) time.Duration { return spawnTime(users) + 10*time.Second }
	all := []crowd{}
	add := func(c contender, during func(users int) time.Duration, sizes ...int) {
		for _, n := range sizes {
			if l.quick {
				n /= 10
			}
			all = append(all, crowd{contender: c, users: n, during: during(n)})
		}
	}
	add(contender{name: "bossplan " + l.chosen, command: bossplanPaced(l.chosen)}, ours, 1_000, 10_000, 50_000, 100_000)
	if l.chosen != "std" {
		add(contender{name: "bossplan std", command: bossplanPaced("std")}, ours, 1_000, 10_000)
	}
	add(contender{name: "k6", program: "k6", command: k6}, func(int) time.Duration { return 20 * time.Second }, 1_000, 10_000)
	few := func(users int) time.Duration { return spawning(users) + 10*time.Second }
	add(contender{name: "Locust FastHttpUser", program: "locust", command: locust("Fast")}, few, 1_000, 10_000)
	add(contender{name: "Locust HttpUser", program: "locust", command: locust("Requests")}, few, 1_000)
	return all
}

// spawnTime is how long bossplan takes to start its users.
func spawnTime(users int) time.Duration {
	return max(2*time.Second, time.Duration(users)*time.Second/2_500)
}

// bossplanPaced has the plan made from the addresses in the load's url, with
// spaces between them.
func bossplanPaced(transport string) command {
	return func(l *lab, d load) process.Command {
		if err := l.pacedPlan(d); err != nil {
			l.say("paced.hcl: %v", err)
		}
		return l.apply(d, transport, filepath.Join(d.dir, "paced.hcl"))
	}
}

func (l *lab) pacedPlan(d load) error {
	t, err := template.ParseFiles(l.script("paced.hcl.tmpl"))
	if err != nil {
		return err
	}
	file, err := os.Create(filepath.Join(d.dir, "paced.hcl"))
	if err != nil {
		return err
	}
	return errors.Join(t.Execute(file, struct {
		Hosts        []string
		Users, Spawn int
		During       time.Duration
	}{strings.Fields(d.url), d.connections, int(float64(d.connections) / spawnTime(d.connections).Seconds()), d.during}), file.Close())
}

// gather has a crowd connect and measures it. It also tells the command line.
func (l *lab) gather(c crowd) (h held, line string, err error) {
	if why := l.why(c.contender); why != "" {
		return h, "", errors.New(why)
	}
	var services []*service
	defer func() {
		for _, s := range services {
			s.stop()
		}
	}()
	d := load{protocol: "1.1", connections: c.users, wait: true, during: c.during}
	var urls []string
	for range (c.users + perServer - 1) / perServer {
		s, err := l.serve(target.Options{})
		if err != nil {
			return h, "", err
		}
		services = append(services, s)
		urls = append(urls, "http://"+s.address)
	}
	d.url = strings.Join(urls, " ")
	if d.dir, err = os.MkdirTemp(l.dir, "run-"); err != nil {
		return h, "", err
	}
	defer os.RemoveAll(d.dir)
	h, err = l.sample(c, d, services)
	if err == nil && strings.HasPrefix(c.name, "bossplan") {
		err = asAsked(c.contender, d)
	}
	return h, l.plain(c.contender, d), err
}

// sample runs the client to its end and looks at it meanwhile.
func (l *lab) sample(c crowd, d load, services []*service) (h held, err error) {
	command := c.command(l, d)
	command.Core, command.Dir, command.Limit = l.clientCore, d.dir, 2*d.during+60*time.Second
	p, err := process.Start(l.ctx, command)
	if err != nil {
		return h, err
	}
	defer p.Kill()
	var until time.Time
	for l.sleep(p, 200*time.Millisecond) {
		open, err := connected(services)
		if err != nil {
			return h, err
		}
		if open < h.open || (!until.IsZero() && time.Now().After(until)) {
			continue
		}
		resident, err := p.Memory()
		if err != nil {
			continue // it has just ended
		}
		if open > h.open {
			h.memory = 0
		}
		h.open, h.memory = open, max(h.memory, resident)
		if open >= d.connections && until.IsZero() {
			until = time.Now().Add(3 * time.Second)
			if h.cpu, err = p.CPU(); err != nil {
				return h, err
			}
		}
	}
	usage, err := p.Wait()
	if err == nil && h.open == 0 {
		err = fmt.Errorf("it connected nobody: %s", lastOf(usage))
	}
	return h, err
}

func connected(services []*service) (open int, err error) {
	for _, s := range services {
		count, err := s.ask("count")
		if err != nil {
			return 0, err
		}
		open += count.Open
	}
	return open, nil
}

func memoryGoals(l *lab, results map[string]held, without missing) string {
	own := "bossplan " + l.chosen
	at := func(name string, users int) (held, bool) {
		h, ok := results[fmt.Sprintf("%s %d", name, users)]
		return h, ok && h.open >= users
	}
	kib := func(x float64) string { return digits(x) + " KiB" }
	var b strings.Builder
	for _, users := range []int{10_000, 50_000, 100_000} {
		h, ok := at(own, users)
		b.WriteString(goal{"memory of each of " + grouped(float64(users)) + " users, all of it", 10, kib}.judge(h.perUser(), ok, without[fmt.Sprintf("%s %d", own, users)]))
	}
	few, ok := at(own, 10_000)
	b.WriteString(goal{"CPU time to start 10,000 users", 1, func(x float64) string { return digits(x) + " s" }}.judge(few.cpu.Seconds(), ok, without[own+" 10000"]))
	k6s, there := at("k6", 10_000)
	b.WriteString(goal{"memory of each of 10,000 users, of k6's", 0.1, times}.judge(few.perUser()/k6s.perUser(), ok && there, without["k6 10000"]))
	return b.String()
}
