package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const microPreface = `## Inside the engine

What one operation costs, by the packages' own benchmarks, with nothing of the kernel in
it: ` + "`go test -bench`" + `. The best of the measurements. "Engine" is a request, with all
that is done for it but the sending.
`

// microNames matches them.
const microNames = "^Benchmark(Schedule|Mix|Record|Histogram|Parser|Engine)$"

// micro lists the micro-benchmarks.
func micro(tests runner) (string, error) {
	t := table{head: []string{"benchmark", "ns", "B", "allocs"}}
	var commands []string
	machine := ""
	for _, pkg := range []string{"./interp/graph", "./interp/engine", "./interp/record", "./interp/wire/internal/h1"} {
		measured, err := tests.run(pkg, microNames)
		if err != nil {
			t.missing("`"+pkg+"`", oneLine(err.Error()))
			continue
		}
		machine = measured.machine
		commands = append(commands, measured.command)
		for _, name := range slices.Sorted(maps.Keys(measured.figures)) {
			f := measured.figures[name]
			t.add(fmt.Sprintf("`%s` %s", strings.TrimPrefix(pkg, "./"), strings.TrimPrefix(name, "Benchmark")), nanoseconds(f.ns), fmt.Sprint(f.bytes), fmt.Sprint(f.allocs))
		}
	}
	return microPreface + "\n" + t.String() + "\nMeasured on: " + machine + ". By:\n\n```sh\n" + strings.Join(commands, "\n") + "\n```\n", nil
}
