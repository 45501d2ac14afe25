package main

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"golang.org/x/sync/errgroup"

	"bossplan/plan"
	"bossplan/plan/diag"
	"bossplan/plan/quantity"
)

// garbagePercent is how much more than what is alive memory may hold: a command
// that is over in a moment would spend its time on what it never gets to reuse.
const garbagePercent = 400

func (a *app) validate(args []string) int {
	defer debug.SetGCPercent(debug.SetGCPercent(garbagePercent))
	var in inputFlags
	f := a.flags("validate", "[PATH…]", "Checks plans and libraries, files or directories, without touching the network.\nWithout a path it checks plans/, or the current directory.")
	in.register(f)
	format := f.String("format", "text", "text, json, github (annotations of GitHub Actions) or sarif")
	if code, ok := a.parse(f, args); !ok {
		return code
	}
	if formats := []string{"text", "json", "github", "sarif"}; !slices.Contains(formats, *format) {
		return a.usageError("there is no format %q.%s Choose text, json, github or sarif.", *format, didYouMean(*format, formats))
	}
	paths := f.Args()
	if len(paths) == 0 {
		paths = []string{defaultPath()}
	}
	parsed := &plan.Parsed{}
	plans, libraries, err := plan.Discover(paths, parsed)
	if err != nil {
		return a.usageError("%v", err)
	}
	if len(plans)+len(libraries) == 0 {
		return a.usageError("there are no plans in %q.", strings.Join(paths, ", "))
	}
	inputs := a.inputs(in)
	inputs.AllowMissing, inputs.Parsed = true, parsed
	// Code scanning refuses what is nowhere, and a person needs no line of a whole file.
	placed := *format == "github" || *format == "sarif"
	diags, sources := check(slices.Concat(plans, libraries), inputs, placed)
	report := diag.New(diags, sources)
	if err := a.writeReport(a.stdout, a.color, report, *format); err != nil {
		return a.internalError(err)
	}
	if *format == "text" {
		fmt.Fprintf(a.stdout, "Checked %s and %s: %s, %s.\n", quantity.Counted(int64(len(plans)), "plan"), quantity.Counted(int64(len(libraries)), "library"),
			quantity.Counted(int64(report.ErrorCount), "error"), quantity.Counted(int64(report.WarningCount), "warning"))
	}
	if diags.HasErrors() {
		return exitInvalid
	}
	return exitPass
}

// check loads and lints every file, on all cores. What several plans say about a
// library that they share is said once. What is said of a file as a whole is
// placed at its beginning if that is wanted.
func check(files []string, inputs plan.Inputs, placed bool) (hcl.Diagnostics, map[string][]byte) {
	var all hcl.Diagnostics
	sources := map[string][]byte{}
	seen := map[string]bool{}
	for i, c := range checkEach(files, inputs) {
		for _, s := range c.sources {
			sources[s.Name] = s.Bytes
		}
		for _, d := range c.diags {
			key := fmt.Sprint(d.Severity, d.Summary, d.Detail, d.Subject)
			if !seen[key] {
				seen[key] = true
				if d.Subject == nil && placed {
					d.Subject = &hcl.Range{Filename: files[i], Start: hcl.InitialPos, End: hcl.InitialPos}
				}
				all = append(all, d)
			}
		}
	}
	return all, sources
}

// A checked is one file and what is to be said of it.
type checked struct {
	sources []plan.Source
	diags   hcl.Diagnostics
}

func checkEach(files []string, inputs plan.Inputs) []checked {
	list := make([]checked, len(files))
	var cores errgroup.Group
	cores.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		cores.Go(func() error {
			p, diags := plan.Load(file, inputs)
			list[i] = checked{p.Sources, append(diags, examine(p, diags, plan.Machine{})...)}
			return nil
		})
	}
	_ = cores.Wait() // nothing there fails
	return list
}

// defaultPath is where plans are looked for if no path is given.
func defaultPath() string {
	if info, err := fs.Stat(os.DirFS("."), "plans"); err == nil && info.IsDir() {
		return "plans"
	}
	return "."
}

// printDiagnostics shows diagnostics as text.
func (a *app) printDiagnostics(w io.Writer, color bool, diags hcl.Diagnostics, sources []plan.Source) {
	if len(diags) == 0 {
		return
	}
	texts := map[string][]byte{}
	for _, s := range sources {
		texts[s.Name] = s.Bytes
	}
	if err := a.writeReport(w, color, diag.New(diags, texts), "text"); err != nil {
		a.internalError(err)
	}
}

func (a *app) writeReport(w io.Writer, color bool, report diag.List, format string) error {
	switch format {
	case "json":
		return report.WriteJSON(w)
	case "github":
		return report.WriteGitHub(w, workDir())
	case "sarif":
		return report.WriteSARIF(w, diag.SARIFOptions{Version: plan.Version, Root: workDir()})
	}
	return report.WriteText(w, diag.TextOptions{Color: color, Width: min(a.width, 100)})
}

// workDir is the directory that files are named relative to for other programs,
// or nothing where it cannot be known.
func workDir() string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	return dir
}
