package main

import (
	"fmt"
	"os"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/spf13/pflag"

	"bossplan/interp"
	"bossplan/interp/graph"
	"bossplan/plan"
)

// inputFlags are --var and --var-file, in the order of the command line.
type inputFlags struct {
	assignments []plan.Assignment
}

func (in *inputFlags) register(f *pflag.FlagSet) {
	f.Var(&assignmentFlag{in: in}, "var", "set a variable, as in --var users=750; may be given several times")
	f.Var(&assignmentFlag{in: in, file: true}, "var-file", "set variables from a file of NAME = VALUE lines; may be given several times")
}

// assignmentFlag makes --var and --var-file append to one list.
type assignmentFlag struct {
	in   *inputFlags
	file bool
}

func (f *assignmentFlag) String() string { return "" }

func (f *assignmentFlag) Type() string {
	if f.file {
		return "FILE"
	}
	return "NAME=VALUE"
}

func (f *assignmentFlag) Set(s string) error {
	a := plan.Assignment{File: s}
	if !f.file {
		var err error
		if a, err = plan.ParseAssignment(s); err != nil {
			return err
		}
	}
	f.in.assignments = append(f.in.assignments, a)
	return nil
}

// inputs are what a plan gets from outside.
func (a *app) inputs(in inputFlags) plan.Inputs {
	return plan.Inputs{Env: a.env, Assignments: in.assignments}
}

// load reads a plan that is to be run or shown, and shows what is wrong with it;
// with hints, what looks wrong too. It returns what it has shown.
func (a *app) load(path string, in inputFlags, hints bool) (*plan.Plan, hcl.Diagnostics) {
	p, diags := plan.Load(path, a.inputs(in))
	diags = append(diags, examine(p, diags, a.machine.Machine)...)
	if len(p.Scenarios) == 0 && !diags.HasErrors() {
		diags = append(diags, &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: "Nothing to run",
			Detail: path + " has no scenario, so there is nothing to run: it is a library for other plans to import.",
		})
	}
	if !hints {
		diags = slices.DeleteFunc(diags, func(d *hcl.Diagnostic) bool { return d.Severity != hcl.DiagError })
	}
	a.printDiagnostics(a.stderr, a.errColor, diags, p.Sources)
	return p, diags
}

// missing says that one of the paths is no file, or nothing.
func missing(paths []string) string {
	for _, path := range paths {
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return fmt.Sprintf("there is no plan %s.%s", path, knownPlans())
		case info.IsDir():
			return fmt.Sprintf("%s is a directory; name a plan in it.%s", path, knownPlans())
		}
	}
	return ""
}

// examine is what shows only once a plan has been loaded without errors: what
// its run-time expressions compile to, and what its figures come to. A plan
// without some of its values is left alone: that would be about figures that
// nobody gave. What the load takes is held against a machine. What is said about a library names the plan that it is about.
func examine(p *plan.Plan, loaded hcl.Diagnostics, m plan.Machine) hcl.Diagnostics {
	if loaded.HasErrors() || p.Incomplete() {
		return nil
	}
	_, diags := interp.Compile(p, graph.Options{})
	if diags.HasErrors() {
		return diags
	}
	hints := plan.Lint(p, m)
	for _, d := range hints {
		if d.Subject != nil && d.Subject.Filename != p.Sources[0].Name {
			d.Detail += " This is about " + p.Sources[0].Name + "."
		}
	}
	return append(diags, hints...)
}
