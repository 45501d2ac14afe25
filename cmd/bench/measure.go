package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strconv"
	"strings"

	"bossplan/cmd/bench/internal/process"
)

// A runner runs the benchmarks of a package that match a pattern.
type runner interface {
	run(pkg, pattern string) (results, error)
}

// results are the best of several measurements of each benchmark, by name, and
// where they were made.
type results struct {
	machine string
	command string
	figures map[string]figure
}

// A figure is what one operation costs.
type figure struct {
	ns     float64
	bytes  int64
	allocs int64
}

// goTest runs benchmarks with go test.
type goTest struct {
	ctx   context.Context
	time  string
	count int
	note  string // of the machine
}

func (g goTest) run(pkg, pattern string) (results, error) {
	args := []string{"test", "-run", "^$", "-bench", pattern, "-benchmem", "-benchtime", g.time, "-count", strconv.Itoa(g.count), pkg}
	out, err := exec.CommandContext(g.ctx, "go", args...).CombinedOutput()
	if err != nil {
		return results{}, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	r, err := parse(out)
	r.command = process.Command{Path: "go", Args: args}.String()
	if g.note != "" {
		r.machine += "; " + g.note
	}
	return r, err
}

// parse reads what go test prints.
func parse(out []byte) (results, error) {
	r := results{figures: map[string]figure{}}
	processor := "an unknown processor"
	for line := range bytes.Lines(out) {
		fields := strings.Fields(string(line))
		switch {
		case len(fields) > 1 && fields[0] == "cpu:":
			processor = strings.Join(fields[1:], " ")
		case len(fields) >= 8 && strings.HasPrefix(fields[0], "Benchmark"):
			if err := r.add(fields); err != nil {
				return r, err
			}
		}
	}
	r.machine = fmt.Sprintf("%s, %d CPUs, %s/%s, %s", processor, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	if len(r.figures) == 0 {
		return r, errors.New("no benchmark was run")
	}
	return r, nil
}

// add takes a line: name, rounds, and pairs of a number and its unit.
func (r *results) add(fields []string) error {
	name := fields[0]
	// The last dash comes before the number of processors, which 1 is not told.
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		name = name[:i]
	}
	var f figure
	for i := 2; i+1 < len(fields); i += 2 {
		n, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		switch fields[i+1] {
		case "ns/op":
			f.ns = n
		case "B/op":
			f.bytes = int64(n)
		case "allocs/op":
			f.allocs = int64(n)
		}
	}
	if best, ok := r.figures[name]; !ok || f.ns < best.ns {
		r.figures[name] = f
	}
	return nil
}
