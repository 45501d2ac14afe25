package main

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"bossplan/cmd/bossplan/internal/planview"
	"bossplan/interp"
	"bossplan/interp/graph"
	"bossplan/plan"
	"bossplan/plan/diag"
	"bossplan/plan/quantity"
)

func (a *app) plan(args []string) int {
	var in inputFlags
	f := a.flags("plan", "PLAN", "Shows what apply would do: variables and where their values come from, hosts and\nguards, the execution graph, users over time, expected requests with true shares,\nwhat the load takes, and thresholds.\nIt never touches the network, except that --out looks up the names of the hosts.")
	in.register(f)
	latency := f.String("assume-latency", "120ms", "what answers are assumed to take")
	asJSON := f.Bool("json", false, "print one JSON document; docs/plan.schema.json explains it")
	out := f.String("out", "", "save the plan as `FILE`, for apply FILE to run exactly that")
	var transport string
	transportFlag(f, &transport)
	verbose := f.Bool("verbose", false, "list the expressions that are evaluated anew each time")
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
	if problem := a.machine.checkTransport(transport); problem != "" {
		return a.usageError("%s", problem)
	}
	if problem := missing(f.Args()); problem != "" {
		return a.usageError("%s", problem)
	}
	if f.Changed("out") {
		if problem := checkSavedName(*out); problem != "" {
			return a.usageError("--out: %s", problem)
		}
	}
	p, diags := a.load(f.Arg(0), in, true)
	if diags.HasErrors() {
		return a.invalid(diags, p, *asJSON)
	}
	c := a.machine.carriers(p, transport)
	o := planview.Options{
		Width: a.width, Latency: assumed, Lints: lintsIn(diags), Interpreted: interpreted(p), Verbose: *verbose,
		Carried: c, Lacks: a.machine.lacks(p, c), Files: a.machine.Files,
	}
	write := planview.Write
	if *asJSON {
		write = planview.JSON
	}
	if err := write(a.stdout, p, o); err != nil {
		return a.internalError(err)
	}
	if f.Changed("out") {
		return a.save(*out, p, transport)
	}
	return exitPass
}

// invalid ends a command whose plan has errors, which have been shown as text.
func (a *app) invalid(diags hcl.Diagnostics, p *plan.Plan, asJSON bool) int {
	if !asJSON {
		return exitInvalid
	}
	texts := map[string][]byte{}
	for _, s := range p.Sources {
		texts[s.Name] = s.Bytes
	}
	if err := a.writeReport(a.stdout, false, diag.New(diags, texts), "json"); err != nil {
		return a.internalError(err)
	}
	return exitInvalid
}

// lintsIn are those of a plan's diagnostics that are about what it asks for.
func lintsIn(diags hcl.Diagnostics) hcl.Diagnostics {
	return slices.DeleteFunc(slices.Clone(diags), func(d *hcl.Diagnostic) bool {
		_, ok := hcl.DiagnosticExtra[diag.Lint](d)
		return !ok
	})
}

// interpreted are the run-time expressions of a plan that compiled without
// errors which are left to HCL's own evaluation, in the order of files and lines.
func interpreted(p *plan.Plan) []string {
	g, _ := interp.Compile(p, graph.Options{})
	list := slices.Clone(g.Interpreted)
	slices.SortFunc(list, func(a, b string) int {
		fileA, lineA := splitPlace(a)
		fileB, lineB := splitPlace(b)
		return cmp.Or(cmp.Compare(fileA, fileB), cmp.Compare(lineA, lineB))
	})
	return slices.Compact(list)
}

// splitPlace takes file:line apart.
func splitPlace(place string) (file string, line int) {
	i := strings.LastIndexByte(place, ':')
	if i < 0 {
		return place, 0
	}
	line, _ = strconv.Atoi(place[i+1:]) // what is no number comes first
	return place[:i], line
}
