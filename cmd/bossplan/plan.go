package main

import (
	"bossplan/cmd/bossplan/internal/planview"
	"bossplan/plan/quantity"
)

func (a *app) plan(args []string) int {
	var in inputFlags
	f := a.flags("plan", "PLAN", "Shows what apply would do: variables and where their values come from, the execution\ngraph, users over time, expected requests with true shares, and thresholds.\nIt never touches the network.")
	in.register(f)
	latency := f.String("assume-latency", "120ms", "what answers are assumed to take")
	if code, ok := a.parse(f, args); !ok {
		return code
	}
	if f.NArg() != 1 {
		return a.usageError("plan takes one plan.%s", knownPlans())
	}
	assumed, err := quantity.Duration(*latency)
	if err != nil {
		return a.usageError("--assume-latency: %v", err)
	}
	if problem := missing(f.Args()); problem != "" {
		return a.usageError("%s", problem)
	}
	p, diags := a.load(f.Arg(0), in, true)
	if diags.HasErrors() {
		return exitInvalid
	}
	if err := planview.Write(a.stdout, p, planview.Options{Width: a.width, Latency: assumed}); err != nil {
		return a.internalError(err)
	}
	return exitPass
}
