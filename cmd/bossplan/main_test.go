package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"bossplan/interp/wire"
	"bossplan/plan"
)

var update = flag.Bool("update", false, "write what commands print into the scripts")

// TestMain lets this binary be the command in the scripts, and the sample
// service that apply --demo starts; as bossplan-elsewhere it is the command on a
// machine that is the same everywhere.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"bossplan": main, "bossplan-elsewhere": elsewhere})
}

// elsewhere is a machine with few of everything, on which io_uring is
// forbidden.
func elsewhere() {
	a := newApp()
	forbidden := errors.New("io_uring is not allowed here: operation not permitted")
	a.machine = machine{
		Machine: plan.Machine{Ports: 300, Files: 1000},
		refusal: func(transport string) error {
			if transport == wire.IOUring {
				return forbidden
			}
			return nil
		},
		choose: func(h *plan.Host, wanted string) wire.Choice {
			switch {
			case wanted == wire.Goroutines:
				return wire.Choice{Transport: wire.Goroutines, Why: "asked for"}
			case h.BaseURL.Scheme == "https":
				return wire.Choice{Transport: wire.Goroutines, Why: "TLS"}
			case wanted == wire.Auto:
				return wire.Choice{Transport: wire.Epoll, Why: "plain HTTP/1.1 on Linux; " + forbidden.Error()}
			}
			return wire.Choice{Transport: wire.Epoll, Why: "plain HTTP/1.1 on Linux"}
		},
	}
	os.Exit(a.run(os.Args[1:]))
}

// TestScripts runs testdata/script, where each file is a case of the command
// line. commands_test.go says what the scripts can do beside testscript's own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		UpdateScripts:       *update,
		Dir:                 filepath.Join("testdata", "script"),
		Setup:               setup,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Condition:           condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"signalled": signalled,
			"json":      jsonValue,
			"document":  document,
			"agree":     agree,
			"absent":    absent,
			"wholelogs": wholeLogs,
			"tiny":      tiny,
			"annotated": annotated,
		},
	})
}

// setup gives a script a server of its own and the library that most plans of
// the scripts import.
func setup(env *testscript.Env) error {
	server := httptest.NewServer(http.HandlerFunc(serve))
	env.Defer(func() {
		server.CloseClientConnections()
		server.Close()
	})
	repo, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return err
	}
	env.Setenv("REPO", repo)
	env.Setenv("LOAD_TEST_HOST", server.URL)
	library, err := os.ReadFile(filepath.Join("testdata", "service.hcl"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(env.WorkDir, "service.hcl"), library, 0o644)
}

// serve answers as the query asks: with a status, after some milliseconds, with
// where the client is, or by sending it to the same place under another name.
func serve(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if ms, err := strconv.Atoi(q.Get("wait")); err == nil {
		select {
		case <-time.After(time.Duration(ms) * time.Millisecond):
		case <-r.Context().Done():
			return
		}
	}
	if name := q.Get("name"); name != "" {
		_, port, _ := net.SplitHostPort(r.Host)
		http.Redirect(w, r, "http://"+net.JoinHostPort(name, port)+"/", http.StatusFound)
		return
	}
	if status, err := strconv.Atoi(q.Get("status")); err == nil {
		w.WriteHeader(status)
	}
	if from, _, err := net.SplitHostPort(r.RemoteAddr); err == nil && q.Has("from") {
		fmt.Fprint(w, from)
		return
	}
	fmt.Fprint(w, "answer")
}

// condition is what a script asks of the machine: [mount] holds where small
// file systems can be mounted, which takes Linux and root.
func condition(name string) (bool, error) {
	if name != "mount" {
		return false, fmt.Errorf("there is no condition %q", name)
	}
	return canMount(), nil
}
