// Command bossplan runs load tests that are reviewed code: a plan in, a verdict
// out.
//
// This package is the top floor: each file is one command, which reads its
// arguments, calls the floors below and shows what comes back. How anything is
// done is theirs: package plan reads plans, interp runs and judges them, reports
// writes what a person or a machine reads.
package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	_ "time/tzdata" // guards name time zones, which not every machine has

	"golang.org/x/term"

	"bossplan/plan"
)

func main() {
	os.Exit(newApp().run(os.Args[1:]))
}

// An app is what the commands share: where they read and write.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	args           []string // as given, without the program's name
	env            func(string) (string, bool)
	color          bool // of stdout
	errColor       bool // of stderr
	live           bool // stderr is a terminal
	asks           bool // and so is stdin
	width          int  // of the terminal, or what is readable in a log
	machine        machine
}

func newApp() *app {
	_, noColor := os.LookupEnv("NO_COLOR")
	a := &app{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, env: os.LookupEnv,
		color:    !noColor && term.IsTerminal(int(os.Stdout.Fd())),
		live:     term.IsTerminal(int(os.Stderr.Fd())),
		errColor: !noColor && term.IsTerminal(int(os.Stderr.Fd())),
		width:    120,
		machine:  thisMachine(),
	}
	a.asks = a.live && term.IsTerminal(int(os.Stdin.Fd()))
	if w, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil && w > 0 {
		a.width = w
	}
	return a
}

// A command is one of the program's verbs.
type command struct {
	name, args, summary string
	run                 func(a *app, args []string) int
}

func commands() []command {
	return []command{
		{name: "apply", args: "PLAN…", summary: "run plans and judge them", run: (*app).apply},
		{name: "validate", args: "[PATH…]", summary: "check plans without touching the network", run: (*app).validate},
		{name: "plan", args: "PLAN", summary: "show what apply would do", run: (*app).plan},
		{name: "fmt", args: "PATH…", summary: "lay HCL plans out in the canonical way", run: (*app).format},
		{name: "graph", args: "PLAN", summary: "show the execution graph", run: (*app).graph},
		{name: "diff", args: "BASE [HEAD] [PLAN…]", summary: "compare what two plans, or two git revisions, do", run: (*app).diff},
		{name: "schema", args: "", summary: "print the JSON Schema of plans in YAML and JSON", run: (*app).schema},
		{name: "demo", args: "", summary: "serve the sample service", run: (*app).demo},
		{name: "version", args: "", summary: "print the version", run: (*app).version},
		{name: "help", args: "[COMMAND | exit-codes]", summary: "explain a command, or the exit codes", run: (*app).help},
	}
}

// run carries out a command line and returns the exit code.
func (a *app) run(args []string) int {
	a.args = args
	if len(args) == 0 {
		a.usage(a.stderr)
		return exitUsage
	}
	name, rest := args[0], args[1:]
	switch name {
	case "-h", "--help":
		name = "help"
	case "--version":
		name = "version"
	}
	known := make([]string, 0, 8)
	for _, c := range commands() {
		if c.name == name {
			return c.run(a, rest)
		}
		known = append(known, c.name)
	}
	return a.usageError("There is no command %q.%s Commands: %s.", name, didYouMean(name, known), strings.Join(known, ", "))
}

// usageError says what is wrong with the command line.
func (a *app) usageError(format string, args ...any) int {
	fmt.Fprintf(a.stderr, "bossplan: "+format+"\n", args...)
	return exitUsage
}

// didYouMean is a sentence with the name that was probably meant, or nothing.
func didYouMean(name string, known []string) string {
	if near := plan.Nearest(name, known); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

// internalError reports a failure that is nobody's plan's fault.
func (a *app) internalError(err error) int {
	fmt.Fprintf(a.stderr, "bossplan: %v\n", err)
	return exitInternal
}
