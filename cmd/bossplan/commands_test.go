package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// exits runs a command that must end with an exit code, or one of several:
// exits CODE|CODE… COMMAND…. A machine that has no time for the generator makes
// a run inconclusive, and rightly so; where that was not wanted the run is made
// once more.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE|CODE… COMMAND…")
	}
	want := strings.Split(args[0], "|")
	for try := 1; ; try++ {
		got := exitCode(ts, ts.Exec(args[1], args[2:]...))
		if slices.Contains(want, got) {
			return
		}
		out := slices.Index(args, "--out")
		if got != "7" || out < 0 || try == 4 {
			ts.Fatalf("exit code %s, want %s", got, args[0])
		}
		ts.Check(os.RemoveAll(ts.MkAbs(args[out+1])))
	}
}

func exitCode(ts *testscript.TestScript, err error) string {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return "0"
	case errors.As(err, &exit):
		return strconv.Itoa(exit.ExitCode())
	}
	ts.Fatalf("%v", err)
	return ""
}

// signalled runs apply until its first second is on the disk, sends signals and
// checks the exit code: signalled CODE SIGNAL,… DIR apply…. -1 is a process
// that was killed. What it printed is in the files out and err.
func signalled(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 4 {
		ts.Fatalf("usage: signalled CODE SIGNAL,… DIR ARGUMENT…")
	}
	self, err := exec.LookPath("bossplan")
	ts.Check(err)
	cmd := exec.Command(self, append(args[3:], "--out", args[2])...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = append(os.Environ(), "LOAD_TEST_HOST="+ts.Getenv("LOAD_TEST_HOST"))
	var out, diagnostics bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	ts.Check(cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	deadline := time.After(20 * time.Second)
	for !loaded(ts.MkAbs(args[2])) {
		select {
		case err := <-ended:
			ts.Fatalf("it ended by itself: %v\n%s", err, diagnostics.String())
		case <-deadline:
			_ = cmd.Process.Kill()
			ts.Fatalf("no second was recorded\n%s", diagnostics.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
	signals := map[string]syscall.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}
	for i, name := range strings.Split(args[1], ",") {
		if i > 0 {
			time.Sleep(100 * time.Millisecond) // signals of one kind that come at once are one
		}
		ts.Check(cmd.Process.Signal(signals[name]))
	}
	select {
	case err = <-ended:
	case <-deadline:
		_ = cmd.Process.Kill()
		ts.Fatalf("the signal did not end it\n%s", diagnostics.String())
	}
	ts.Check(os.WriteFile(ts.MkAbs("out"), out.Bytes(), 0o644))
	ts.Check(os.WriteFile(ts.MkAbs("err"), diagnostics.Bytes(), 0o644))
	if got := exitCode(ts, err); got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, args[0])
	}
}

// loaded reports whether a run in dir, or one directory below it, has kept a
// second of requests: run.json is the last file that a second is written to.
func loaded(dir string) bool {
	for _, pattern := range []string{"run.json", "*/run.json"} {
		records, _ := filepath.Glob(filepath.Join(dir, pattern)) // the patterns are right
		for _, name := range records {
			var run struct{ Totals struct{ Count int } }
			content, err := os.ReadFile(name)
			if err == nil && json.Unmarshal(content, &run) == nil && run.Totals.Count > 0 {
				return true
			}
		}
	}
	return false
}

// jsonValue checks a value in a file: json FILE PATH REGEXP. A path goes
// through objects and lists by names and numbers: thresholds.0.status.
func jsonValue(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH REGEXP")
	}
	got, err := json.Marshal(lookup(ts, args[0], args[1]))
	ts.Check(err)
	text := strings.Trim(string(got), `"`)
	if regexp.MustCompile("^(?:"+args[2]+")$").MatchString(text) == neg {
		ts.Fatalf("%s of %s is %s", args[1], args[0], text)
	}
}

func lookup(ts *testscript.TestScript, file, path string) any {
	var value any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(file)), &value))
	for _, step := range strings.Split(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			inner, ok := v[step]
			if !ok {
				ts.Fatalf("%s has no %s (at %q)", file, path, step)
			}
			value = inner
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				ts.Fatalf("%s has no %s (%d elements at %q)", file, path, len(v), step)
			}
			value = v[i]
		default:
			ts.Fatalf("%s has no %s (a %T at %q)", file, path, v, step)
		}
	}
	return value
}

// document checks that a file is exactly one JSON document: document FILE.
func document(ts *testscript.TestScript, _ bool, args []string) {
	if text := ts.ReadFile(args[0]); !json.Valid([]byte(text)) {
		ts.Fatalf("not one JSON document: %.200q", text)
	}
}

// agree checks that the CSV files in a run's directory, its run.json and the
// table that apply printed count the same requests: agree DIR PREFIX TABLE.
func agree(ts *testscript.TestScript, _ bool, args []string) {
	dir, prefix, table := args[0], args[1], ts.ReadFile(args[2])
	file := filepath.Join(dir, "run.json")
	number := func(path string) int { return int(lookup(ts, file, path).(float64)) }
	requests := strconv.Itoa(number("totals.count") + number("totals.unfinished"))
	failures := strconv.Itoa(number("totals.failed") + number("totals.unfinished"))
	if requests == "0" {
		ts.Fatalf("nothing was measured, so nothing is compared")
	}
	for name, columns := range map[string][2]string{
		"_stats.csv":         {"Request Count", "Failure Count"},
		"_stats_history.csv": {"Total Request Count", "Total Failure Count"},
	} {
		text := ts.ReadFile(filepath.Join(dir, prefix+name))
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		ts.Check(err)
		last := rows[len(rows)-1]
		for i, want := range []string{requests, failures} {
			if got := last[slices.Index(rows[0], columns[i])]; got != want {
				ts.Fatalf("%s: %s is %s in the last row, %s in run.json", name, columns[i], got, want)
			}
		}
		if strings.Count(text, "\n") != strings.Count(text, "\r\n") || !strings.HasSuffix(text, "\r\n") {
			ts.Fatalf("%s: lines must end with CRLF", name)
		}
	}
	row := regexp.MustCompile(fmt.Sprintf(`(?m)^ *Aggregated +%s +%s\(`, requests, failures))
	if !row.MatchString(table) {
		ts.Fatalf("the table has no row that matches %s:\n%s", row, table)
	}
}

// absent checks that no file below a directory holds a text: absent DIR TEXT.
func absent(ts *testscript.TestScript, _ bool, args []string) {
	files := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		if strings.Contains(string(content)+path, args[1]) {
			return fmt.Errorf("%s holds %q", path, args[1])
		}
		return err
	}))
	if files == 0 {
		ts.Fatalf("there are no files below %s", args[0])
	}
}

// wholeLogs checks that the streamed files of a run end with a whole line.
func wholeLogs(ts *testscript.TestScript, _ bool, args []string) {
	logs, err := filepath.Glob(filepath.Join(ts.MkAbs(args[0]), "*_stats_history.csv"))
	ts.Check(err)
	for _, file := range append(logs, filepath.Join(ts.MkAbs(args[0]), "latency.hlog")) {
		if text := ts.ReadFile(file); !strings.HasSuffix(text, "\n") {
			ts.Fatalf("%s ends in the middle of a line: %q", file, text[max(0, len(text)-80):])
		}
	}
}

// annotated checks the last command's annotations for GitHub: each must stand
// at the line and column of a text in the plan: annotated PLAN TEXT….
func annotated(ts *testscript.TestScript, _ bool, args []string) {
	plan, output := ts.ReadFile(args[0]), ts.ReadFile("stderr")
	for _, text := range args[1:] {
		before, _, found := strings.Cut(plan, text)
		if !found {
			ts.Fatalf("%s does not hold %q", args[0], text)
		}
		line := strings.Count(before, "\n") + 1
		column := len(before) - strings.LastIndex(before, "\n")
		want := fmt.Sprintf("::error file=%s,line=%d,endLine=%d,col=%d,endColumn=%d,title=", args[0], line, line, column, column+len(text))
		if !strings.Contains(output, want) {
			ts.Fatalf("no annotation begins with %q", want)
		}
	}
}
