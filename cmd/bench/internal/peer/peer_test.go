package peer

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFind has one program installed, one on PATH, and no others.
func TestFind(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs programs that are scripts")
	}
	directory, path := t.TempDir(), t.TempDir()
	t.Setenv("PATH", path)
	program := func(name, says string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("#!/bin/sh\necho '"+says+"'\nexit 1\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	program(filepath.Join(directory, "locust", "bin", "locust"), "locust 2.46.0 from here")
	program(filepath.Join(path, "locust"), "locust 1.0")
	program(filepath.Join(path, "wrk"), "wrk debian/4.1.0-3 [epoll]")
	got := map[string]string{}
	all := Find(context.Background(), directory, false)
	for _, f := range all {
		got[f.Name] = f.Tells + f.Missing
	}
	const ask = "not on PATH; `--install` installs it"
	want := map[string]string{
		"wrk": "4.1.0", "locust": "2.46.0", "h2load": ask, "hey": ask, "vegeta": ask, "fortio": ask, "bombardier": ask,
		"wrk2": "no package: build it and put it on PATH as wrk2",
		"k6":   "under the AGPL, so it is not installed from here: put a k6 of your own on PATH",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	report := Report(all)
	for _, row := range []string{
		"| wrk | 4.1.0 | PATH; Debian's package is wrk |", "| locust | 2.46.0 | `pip install locust==2.46.0` |", "| hey | missing | " + ask + " |",
	} {
		if !strings.Contains(report, row) {
			t.Errorf("%q is not in:\n%s", row, report)
		}
	}
}

// TestInstall has no program to install with.
func TestInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for _, f := range Find(context.Background(), t.TempDir(), true) {
		if f.Path != "" || f.Missing == "" {
			t.Errorf("%s: at %q, missing %q", f.Name, f.Path, f.Missing)
		}
		if (f.Module != "" || f.PyPI != "" || f.Debian != "") && !strings.Contains(f.Missing, "failed") {
			t.Errorf("%s: missing %q", f.Name, f.Missing)
		}
	}
}

func TestSteps(t *testing.T) {
	for p, want := range map[Peer]string{
		{Name: "hey", Module: "example.org/hey", Version: "v1.2.3"}: "go install example.org/hey@v1.2.3",
		{Name: "wrk", Debian: "wrk"}:                                "apt-get update; apt-get install -y wrk",
		{Name: "k6"}:                                                "",
	} {
		var got []string
		for _, s := range p.steps("/cache") {
			got = append(got, s.String())
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%s: %v", p.Name, got)
		}
	}
}
