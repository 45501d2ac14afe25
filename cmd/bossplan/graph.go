package main

import (
	"slices"
	"strings"

	"bossplan/cmd/bossplan/internal/graphview"
)

func (a *app) graph(args []string) int {
	var in inputFlags
	f := a.flags("graph", "PLAN", "Draws the execution graph: guards and data before the start, scenarios in their order\nwith probes beside them, thresholds after. It never touches the network.")
	in.register(f)
	format := f.String("format", "text", strings.Join(graphview.Formats(), ", "))
	if code, ok := a.parse(f, args); !ok {
		return code
	}
	if f.NArg() != 1 {
		return a.usageError("graph takes one plan.%s", knownPlans())
	}
	if !slices.Contains(graphview.Formats(), *format) {
		return a.usageError("there is no format %q; choose one of %s.", *format, strings.Join(graphview.Formats(), ", "))
	}
	if problem := missing(f.Args()); problem != "" {
		return a.usageError("%s", problem)
	}
	p, diags := a.load(f.Arg(0), in, false)
	if diags.HasErrors() {
		return exitInvalid
	}
	if err := graphview.Write(a.stdout, p, *format); err != nil {
		return a.internalError(err)
	}
	return exitPass
}
