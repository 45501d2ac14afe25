package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/pflag"

	"bossplan/plan"
)

// Exit codes before a run; judge.ExitCode gives those after one.
const (
	exitPass        = 0
	exitInternal    = 1
	exitUsage       = 2
	exitInvalid     = 3
	exitFailed      = 4 // of diff: what --fail-on watches for is there
	exitUnreachable = 9
)

const exitCodes = `Exit codes of bossplan (stable)

    0  pass; warnings are allowed
    1  internal error
    2  usage: the command line cannot be carried out
    3  the plan is invalid; fmt --check: a file is not in the canonical layout
    4  a threshold failed; diff: a change that --fail-on watches for
    5  only warnings, with --fail-on-warn
    6  stopped by an abort rule
    7  inconclusive: nothing measured, or not the planned load
    8  refused: by a guard, or because a saved plan no longer fits
    9  a target could not be reached before the start
  130  interrupted (SIGINT); all reports are written
  143  terminated (SIGTERM); all reports are written

With several plans the worst verdict decides.
`

func (a *app) usage(w io.Writer) {
	fmt.Fprint(w, "bossplan runs load tests that are reviewed code.\n\nUsage: bossplan COMMAND [flags] …\n\nCommands:\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  %-9s %-24s %s\n", c.name, c.args, c.summary)
	}
	fmt.Fprint(w, "\nStart with:  bossplan apply --demo plans/quick.hcl\nMore about a command:  bossplan COMMAND --help\n")
}

func (a *app) help(args []string) int {
	if len(args) == 0 {
		a.usage(a.stdout)
		return exitPass
	}
	if args[0] == "exit-codes" {
		fmt.Fprint(a.stdout, exitCodes)
		return exitPass
	}
	topics := []string{"exit-codes"}
	for _, c := range commands() {
		if c.name == args[0] && c.name != "help" {
			return c.run(a, []string{"--help"})
		}
		topics = append(topics, c.name)
	}
	return a.usageError("There is no help on %q.%s Try a command's name, or exit-codes.", args[0], didYouMean(args[0], topics))
}

func (a *app) version(args []string) int {
	f := a.flags("version", "", "Prints the version of bossplan and of Go.")
	if code, ok := a.parse(f, args); !ok {
		return code
	}
	if f.NArg() > 0 {
		return a.usageError("version takes no arguments.")
	}
	fmt.Fprintf(a.stdout, "bossplan %s (%s, %s/%s)\n", plan.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return exitPass
}

// flags is an empty set of a command's flags with its help.
func (a *app) flags(name, args, about string) *pflag.FlagSet {
	f := pflag.NewFlagSet(name, pflag.ContinueOnError)
	f.SortFlags = false
	f.SetOutput(io.Discard) // errors are reported once, by parse
	f.Usage = func() {
		fmt.Fprintf(a.stdout, "%s\n\nUsage: bossplan %s [flags] %s\n", about, name, args)
		if f.HasAvailableFlags() {
			fmt.Fprintf(a.stdout, "\nFlags:\n%s", f.FlagUsagesWrapped(min(a.width, 100)))
		}
	}
	return f
}

// parse reads a command's flags. Where ok is false the command is over, with
// the exit code.
func (a *app) parse(f *pflag.FlagSet, args []string) (code int, ok bool) {
	err := f.Parse(args)
	if errors.Is(err, pflag.ErrHelp) {
		return exitPass, false
	}
	var value *pflag.InvalidValueError
	if errors.As(err, &value) && value.GetFlag().Name == "var" {
		// What was given may be a secret, so it is not repeated.
		return a.usageError("invalid argument for --var: %v. See bossplan %s --help.", errors.Unwrap(err), f.Name()), false
	}
	var unknown *pflag.NotExistError
	if errors.As(err, &unknown) && f.Lookup("var") != nil {
		return a.usageError("%v. See bossplan %s --help. What a plan takes as a variable is set with --var, as in --var users=750.", err, f.Name()), false
	}
	if err != nil {
		return a.usageError("%v. See bossplan %s --help.", err, f.Name()), false
	}
	return exitPass, true
}
