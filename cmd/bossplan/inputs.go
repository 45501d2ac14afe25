package main

import (
	"github.com/spf13/pflag"

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

// load reads a plan and shows what is wrong with it, and what looks wrong.
func (a *app) load(path string, in inputFlags) (*plan.Plan, bool) {
	p, diags := plan.Load(path, a.inputs(in))
	var sources []plan.Source
	if p != nil {
		sources = p.Sources
		if !diags.HasErrors() {
			diags = append(diags, lints(p)...)
		}
	}
	a.printDiagnostics(a.stderr, a.errColor, diags, sources)
	return p, !diags.HasErrors()
}
