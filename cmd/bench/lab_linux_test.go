package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/cmd/bench/internal/peer"
	"bossplan/cmd/bench/internal/process"
	"bossplan/cmd/bench/internal/target"
)

// TestMain lets the test program be the processes that the benchmark starts.
func TestMain(m *testing.M) {
	if hidden(os.Args[1:]) == nil {
		os.Exit(m.Run())
	}
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func testLab(t *testing.T) *lab {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cores, err := process.Cores()
	if err != nil {
		t.Fatal(err)
	}
	return &lab{
		ctx: t.Context(), began: time.Now(), dir: t.TempDir(), self: self, clientCore: cores[0], serverCore: cores[len(cores)-1], progress: t.Output(),
		peers: map[string]peer.Found{"gone": {Missing: "it is gone"}},
	}
}

// TestCarry has a client that works, one that fails, one that sends nothing and
// one that is missing.
func TestCarry(t *testing.T) {
	l := testLab(t)
	s, err := l.serve(target.Options{Log: 1 << 16})
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	shell := func(line string) command {
		return func(*lab, load) process.Command { return process.Command{Path: "sh", Args: []string{"-c", line}} }
	}
	counted := map[string]int{}
	without, err := l.carry(trial{
		contenders: []contender{
			{name: "raw", command: rawClient},
			{name: "lazy", command: shell("echo too lazy >&2; exit 3")},
			{name: "nowhere", command: func(*lab, load) process.Command { return process.Command{Path: "/nowhere"} }},
			{name: "gone", program: "gone"},
		},
		rounds: 3, discard: 1, service: s,
		load: func() load { return load{address: s.address, connections: 2, during: 200 * time.Millisecond} },
		after: func(c contender, d load, o outcome) error {
			counted[c.name]++
			requests, _, err := s.log(d.dir + "/log")
			if err != nil || int64(len(requests)) != o.requests || o.whole() <= 0 || o.steady.requests >= o.requests {
				t.Errorf("%d logged, %v; %+v", len(requests), err, o)
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"raw": 2}, counted); diff != "" {
		t.Error(diff)
	}
	for name, want := range map[string]string{"raw": "", "lazy": "sent nothing (exit code 3): too lazy", "nowhere": "no such file", "gone": "it is gone"} {
		if got := without[name]; (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}
}

// TestServer has a server that is asked for nonsense and then is no more.
func TestServer(t *testing.T) {
	l := testLab(t)
	s, err := l.serve(target.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.ask("nonsense"); err == nil {
		t.Error("an unknown command is no error")
	}
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if _, err := s.ask("count"); err == nil {
		t.Error("a server that was stopped answers")
	}
}

func TestCertificate(t *testing.T) {
	l := testLab(t)
	cert, key, err := certificate(l.dir)
	if err != nil {
		t.Fatal(err)
	}
	s, err := l.serve(target.Options{TLS: true, Cert: cert, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	if _, err := s.ask("count"); err != nil {
		t.Error(err)
	}
}
