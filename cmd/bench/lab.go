package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"bossplan/cmd/bench/internal/peer"
	"bossplan/cmd/bench/internal/process"
	"bossplan/cmd/bench/internal/target"
)

// A lab is where programs are measured: two cores, one for the client and one
// for the server, the programs, and a directory that goes when it is closed.
type lab struct {
	ctx      context.Context
	began    time.Time
	root     string // of the module
	dir      string
	self     string // this program, which is also the target and the raw client
	bossplan string
	peers    map[string]peer.Found
	found    []peer.Found
	chosen   string // the transport that bossplan chooses by itself here

	clientCore, serverCore int

	rounds   int
	quick    bool
	progress io.Writer
	command  string // that is running, for the document
}

// settings are what flags say of a lab.
type settings struct {
	rounds   int
	quick    bool
	install  bool
	cache    string
	progress io.Writer
	command  string
}

// openLab builds bossplan and finds the peers.
func openLab(ctx context.Context, s settings) (l *lab, err error) {
	l = &lab{ctx: ctx, began: time.Now(), rounds: s.rounds, quick: s.quick, progress: s.progress, command: s.command, peers: map[string]peer.Found{}}
	cores, err := process.Cores()
	if err != nil {
		return nil, err
	}
	l.clientCore, l.serverCore = cores[0], cores[len(cores)-1]
	if l.root, err = os.Getwd(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(l.script("closed.hcl")); err != nil {
		return nil, fmt.Errorf("run it in the root of the module: %w", err)
	}
	if l.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if l.dir, err = os.MkdirTemp("", "bossplan-bench-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.close())
		}
	}()
	l.bossplan = filepath.Join(l.dir, "bossplan")
	l.say("building bossplan")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", l.bossplan, "./cmd/bossplan").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building bossplan: %w\n%s", err, out)
	}
	l.say("looking for the others in %s and on PATH", s.cache)
	l.found = peer.Find(ctx, s.cache, s.install)
	for _, f := range l.found {
		l.peers[f.Name] = f
	}
	l.chosen, err = l.choice()
	return l, err
}

func (l *lab) close() error { return os.RemoveAll(l.dir) }

func (l *lab) say(format string, args ...any) {
	fmt.Fprintf(l.progress, "%6.1fs  "+format+"\n", append([]any{time.Since(l.began).Seconds()}, args...)...)
}

// during shortens a time, of whole seconds, when everything is only tried out.
func (l *lab) during(d time.Duration) time.Duration {
	if l.quick {
		return max((d / 4).Truncate(time.Second), time.Second)
	}
	return d
}

// choice asks bossplan which transport it takes by itself, by a short run.
func (l *lab) choice() (string, error) {
	s, err := l.serve(target.Options{})
	if err != nil {
		return "", err
	}
	defer s.stop()
	d := load{url: "http://" + s.address, address: s.address, protocol: "1.1", connections: 1, during: 100 * time.Millisecond}
	if d.dir, err = os.MkdirTemp(l.dir, "run-"); err != nil {
		return "", err
	}
	o, err := l.run(contender{name: "bossplan", command: bossplanClosed("auto")}, d, s)
	if err != nil {
		return "", fmt.Errorf("bossplan: %w", err)
	}
	r, err := readRun(d)
	if err != nil {
		return "", fmt.Errorf("bossplan: %w: %s", err, lastOf(o.usage))
	}
	return r.transport(), nil
}
