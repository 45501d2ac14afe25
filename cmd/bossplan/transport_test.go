package main

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/wire"
)

// counted is what a run counted: what does not depend on how quick anything was.
type counted struct {
	Run struct {
		Hosts []struct{ Transport string }
	}
	Requests []struct {
		Address, Name             string
		Count, Failed, Unfinished int
		Checks                    int
		ChecksMet                 int `json:"checks_met"`
	}
	Errors []failure
	Checks []struct {
		Request, Name string
		Made, Met     int
	}
}

type failure struct {
	Request, Kind, Message string
	Count                  int
}

// TestTransportsAgree runs plans whose every request is decided by the seed on
// each transport, against the sample service: one of the suite, and one with
// flows, failures and checks. All must count the same.
func TestTransportsAgree(t *testing.T) {
	if testing.Short() {
		t.Skip("each transport takes a few seconds")
	}
	base := countedBy(t, wire.Goroutines)
	if len(base) != 2 || len(base[0].Requests) == 0 || len(base[1].Errors) == 0 || len(base[1].Checks) == 0 {
		t.Fatalf("there is nothing to compare: %+v", base)
	}
	for _, transport := range []string{wire.Epoll, wire.IOUring} {
		t.Run(transport, func(t *testing.T) {
			if err := wire.Refusal(transport); err != nil {
				t.Skip(err)
			}
			if diff := cmp.Diff(base, countedBy(t, transport)); diff != "" {
				t.Errorf("-std +%s:\n%s", transport, diff)
			}
		})
	}
}

// countedBy runs the plans on a transport.
func countedBy(t *testing.T, transport string) []counted {
	t.Helper()
	self, err := exec.LookPath("bossplan")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "apply", "--demo", "--json", "--no-live", "--transport", transport, "--seed", "7", "--time-scale", "0.002",
		"--var", "rate=500/s", "--out", t.TempDir(),
		filepath.Join("..", "..", "plans", "open.hcl"), filepath.Join("testdata", "transport.hcl"))
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && !slices.Contains([]int{4, 5, 7}, exit.ExitCode()) {
		t.Fatalf("exit code %d: %s", exit.ExitCode(), exit.Stderr)
	}
	var document struct{ Runs []counted }
	if err := json.Unmarshal(out, &document); err != nil {
		t.Fatalf("%v: %.300s", err, out)
	}
	for i := range document.Runs {
		r := &document.Runs[i].Run
		for _, h := range r.Hosts {
			if h.Transport != transport {
				t.Errorf("carried by %s, want %s", h.Transport, transport)
			}
		}
		r.Hosts = nil
		slices.SortFunc(document.Runs[i].Errors, func(a, b failure) int { return strings.Compare(a.Request+a.Message, b.Request+b.Message) })
	}
	return document.Runs
}
