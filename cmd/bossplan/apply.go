package main

import (
	"context"
	"fmt"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"bossplan/interp"
	"bossplan/interp/graph"
	"bossplan/interp/guard"
	"bossplan/interp/judge"
	"bossplan/plan"
	"bossplan/plan/diag"
	"bossplan/reports"
)

// applyFlags are what apply was asked for besides its plans.
type applyFlags struct {
	inputs      inputFlags
	demo        bool
	out         string
	failOnWarn  bool
	seed        uint64
	timeScale   float64
	json        bool
	noLive      bool
	noPreflight bool
	transport   string
	confirm     []string // names of guarded hosts
	ack         []string // lines of guards
}

func (a *app) apply(args []string) int {
	var o applyFlags
	f := a.flags("apply", "PLAN…", "Runs plans in the order given, judges each, and writes its reports. A file that\nplan --out has saved is run only if plan, variables and addresses are as they were.\nThe exit code is the worst verdict's; see bossplan help exit-codes.")
	f.BoolVar(&o.demo, "demo", false, "start the sample service and run against it instead of the plan's hosts")
	o.inputs.register(f)
	f.StringVar(&o.out, "out", "", "`DIR` of the run (default runs/PLAN-TIME); with several plans, one below it for each")
	f.BoolVar(&o.failOnWarn, "fail-on-warn", false, "exit 5 if there are only warnings")
	f.Uint64Var(&o.seed, "seed", 1, "seed `N` of everything that is drawn: the same seed and plan send the same requests")
	f.Float64Var(&o.timeScale, "time-scale", 1, "multiply every duration of the schedule by `F`, to try a plan out")
	f.BoolVar(&o.json, "json", false, "print the run as one JSON document instead of tables")
	f.BoolVar(&o.noLive, "no-live", false, "no progress on standard error")
	f.BoolVar(&o.noPreflight, "no-preflight", false, "start even if a host cannot be reached, or if this machine has no room for the connections")
	transportFlag(f, &o.transport)
	f.StringArrayVar(&o.confirm, "confirm", nil, "load the `HOST` although a guard protects it; may be given several times, or in\nBOSSPLAN_CONFIRM with commas between the names")
	f.StringArrayVar(&o.ack, "ack", nil, "acknowledge a `LINE` of a guard; may be given several times")
	if code, ok := a.parse(f, args); !ok {
		return code
	}
	if f.NArg() == 0 {
		return a.usageError("apply needs a plan.%s", knownPlans())
	}
	if !(o.timeScale > 0 && o.timeScale <= 1) {
		return a.usageError("--time-scale must be above 0 and at most 1, such as 0.1 for a tenth of the time.")
	}
	if problem := a.machine.checkTransport(o.transport); problem != "" {
		return a.usageError("%s", problem)
	}
	if problem := missing(f.Args()); problem != "" {
		return a.usageError("%s", problem)
	}
	if o.demo && slices.ContainsFunc(f.Args(), isSaved) {
		return a.usageError("a saved plan runs against the hosts that it was saved with, so --demo cannot be given with it.")
	}
	jobs, code := a.loadJobs(f.Args(), o)
	if code != exitPass {
		return code
	}
	if o.demo {
		stop, err := retarget(jobs, o)
		if err != nil {
			return a.internalError(err)
		}
		defer stop()
	}
	if code := a.makeSure(jobs, o); code != exitPass {
		return code
	}
	if code := a.passGuards(jobs, o); code != exitPass {
		return code
	}
	if code := a.chooseDirs(jobs, o.out); code != exitPass {
		return code
	}
	return a.runJobs(jobs, o)
}

// A job is one plan that is ready to run.
type job struct {
	plan  *plan.Plan
	graph *graph.Graph
	dir   string

	carriers carriers      // of its hosts
	gate     *guard.Gate   // which targets may be loaded; nil: all
	guards   []*plan.Guard // that apply to a host of it

	heading string // above its tables, where there are several plans
}

// loadJobs loads and compiles all plans before the first one runs: a mistake in
// the last one should not show after an hour.
func (a *app) loadJobs(paths []string, o applyFlags) ([]*job, int) {
	var jobs []*job
	var wrong hcl.Diagnostics
	sources := map[string][]byte{}
	for _, path := range paths {
		var p *plan.Plan
		var diags hcl.Diagnostics
		if isSaved(path) {
			var code int
			if p, diags, code = a.loadSaved(path, o); p == nil {
				return nil, code
			}
		} else {
			p, diags = a.load(path, o.inputs, false)
		}
		for _, s := range p.Sources {
			sources[s.Name] = s.Bytes
		}
		if diags.HasErrors() {
			wrong = append(wrong, diags...)
			continue
		}
		j := &job{plan: p, graph: o.compile(p)}
		if len(paths) > 1 {
			j.heading = "Plan " + p.File
		}
		jobs = append(jobs, j)
	}
	if !wrong.HasErrors() {
		return jobs, exitPass
	}
	if o.json {
		if err := a.writeReport(a.stdout, false, diag.New(wrong, sources), "json"); err != nil {
			return nil, a.internalError(err)
		}
	}
	return nil, exitInvalid
}

// compile makes the graph of a plan that load has found to compile.
func (o applyFlags) compile(p *plan.Plan) *graph.Graph {
	g, _ := interp.Compile(p, graph.Options{Seed: o.seed, TimeScale: o.timeScale})
	return g
}

// retarget starts the sample service and points every host at it. What the
// plans say of paths, protocol and certificates is about their own services.
func retarget(jobs []*job, o applyFlags) (stop func(), err error) {
	base, stop, err := startDemo()
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(base)
	if err != nil {
		stop()
		return nil, fmt.Errorf("the sample service said it is at %q: %w", base, err)
	}
	for _, j := range jobs {
		for _, h := range j.plan.Hosts {
			h.BaseURL, h.HTTP, h.TLS = u, "auto", plan.TLS{}
			h.LocalAddresses = slices.DeleteFunc(h.LocalAddresses, func(a netip.Addr) bool { return !a.IsLoopback() || !a.Is4() })
		}
		j.graph = o.compile(j.plan)
	}
	return stop, nil
}

// runJobs runs the plans one after the other and shows each. A signal ends the
// one that is running in order, and keeps the next from starting.
func (a *app) runJobs(jobs []*job, o applyFlags) int {
	signals := watchSignals()
	defer signals.stop()
	var codes []int
	var runs []reports.Run
	for _, j := range jobs {
		if signals.caught() != "" {
			fmt.Fprintf(a.stderr, "bossplan: %s was not run: %s.\n", j.plan.File, signals.caught())
			_ = os.Remove(j.dir) // it is empty
			codes = append(codes, judge.InterruptedBy(signals.caught()))
			continue
		}
		run, code := a.runJob(signals, j, o)
		codes = append(codes, code)
		if run != nil {
			runs = append(runs, *run)
		}
	}
	if code := a.showAll(runs, len(jobs) > 1, o); code != exitPass {
		codes = append(codes, code)
	}
	return judge.Worst(codes)
}

// showAll ends the output of several plans: one table, or one document.
func (a *app) showAll(runs []reports.Run, several bool, o applyFlags) int {
	var err error
	switch {
	case o.json && several:
		err = reports.JSONList(a.stdout, runs)
	case o.json && len(runs) == 1:
		err = reports.JSON(a.stdout, runs[0])
	case several && !o.json:
		err = reports.Summary(a.stdout, runs, reports.TableOptions{Color: a.color, Width: a.width})
	}
	if err != nil {
		return a.internalError(err)
	}
	return exitPass
}

// knownPlans is a sentence on the plans that could have been meant.
func knownPlans() string {
	plans, _, err := plan.Discover([]string{defaultPath()}, nil)
	if err != nil || len(plans) == 0 {
		return " There is none in plans/ or here."
	}
	for i := range plans {
		plans[i] = filepath.ToSlash(plans[i])
	}
	return " There are: " + strings.Join(plans, ", ") + "."
}

// contextFor is cancelled by the first signal.
func contextFor(s *signals) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		select {
		case <-s.first:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}
