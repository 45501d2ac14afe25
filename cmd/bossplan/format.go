package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"bossplan/plan"
)

// stdinName is what diagnostics call the text on standard input.
const stdinName = "<stdin>"

func (a *app) format(args []string) int {
	var o formatFlags
	f := a.flags("fmt", "PATH…", "Lays plans in HCL out in the canonical way, files or all in directories, and prints the\nnames of those it changed; - formats standard input to standard output.\nPlans in YAML and JSON are checked only.")
	f.BoolVar(&o.check, "check", false, "change nothing; print the names of files that would change, and exit 3 if there are any")
	f.BoolVar(&o.diff, "diff", false, "change nothing; print what would change")
	if code, ok := a.parse(f, args); !ok {
		return code
	}
	switch {
	case f.NArg() == 0:
		return a.usageError("fmt needs files or directories, as in bossplan fmt plans; - is standard input.")
	case slices.Contains(f.Args(), "-") && f.NArg() > 1:
		return a.usageError("- is standard input and cannot be given together with files.")
	case f.Arg(0) == "-":
		return a.formatInput(o)
	}
	plans, libraries, err := plan.Discover(f.Args(), nil)
	if err != nil {
		return a.usageError("%v", err)
	}
	files := append(plans, libraries...)
	if len(files) == 0 {
		return a.usageError("there are no plans in %q.", strings.Join(f.Args(), ", "))
	}
	slices.Sort(files)
	code := exitPass
	for _, file := range files {
		switch found := a.formatFile(file, o); {
		case found == exitInternal:
			return exitInternal
		case found != exitPass:
			code = found
		}
	}
	return code
}

// formatFlags say what becomes of texts that are not in the canonical layout:
// the zero value writes them.
type formatFlags struct{ check, diff bool }

// formatFile formats one file.
func (a *app) formatFile(name string, o formatFlags) int {
	if !plan.IsPlanName(name) {
		fmt.Fprintf(a.stderr, "bossplan: %s does not end in .hcl, .yaml, .yml or .json, so it is left alone.\n", name)
		return exitUsage
	}
	src, err := plan.ReadFile(name)
	if err != nil {
		fmt.Fprintf(a.stderr, "bossplan: %s: %v.\n", name, err)
		return exitInvalid
	}
	out, code := a.formatted(src, name)
	if bytes.Equal(out, src) {
		return code
	}
	if !o.check && !o.diff {
		if err := replaceFile(name, out); err != nil {
			fmt.Fprintf(a.stderr, "bossplan: %s could not be written and is as it was: %v.\n", name, err)
			return exitInternal
		}
	}
	a.showChange(name, src, out, o)
	if o.check {
		return exitInvalid
	}
	return code
}

// formatInput formats standard input, a plan in HCL.
func (a *app) formatInput(o formatFlags) int {
	src, err := io.ReadAll(a.stdin)
	if err != nil {
		return a.internalError(err)
	}
	out, code := a.formatted(src, stdinName)
	if code != exitPass {
		return code
	}
	if !o.check && !o.diff {
		if _, err := a.stdout.Write(out); err != nil {
			return a.internalError(err)
		}
		return exitPass
	}
	if bytes.Equal(out, src) {
		return exitPass
	}
	a.showChange(stdinName, src, out, o)
	if o.check {
		return exitInvalid
	}
	return exitPass
}

// formatted is a text in the canonical layout, or as it was with what is wrong
// on standard error.
func (a *app) formatted(src []byte, name string) (out []byte, code int) {
	out, diags := plan.Format(src, name)
	a.printDiagnostics(a.stderr, a.errColor, diags, []plan.Source{{Name: name, Bytes: src}})
	if diags.HasErrors() {
		return src, exitInvalid
	}
	return out, exitPass
}

// showChange prints the name of a file whose text changes, or how, as patch
// reads it.
func (a *app) showChange(name string, before, after []byte, o formatFlags) {
	name = filepath.ToSlash(name)
	if o.diff {
		fmt.Fprintf(a.stdout, "%s", diff.Diff(name, before, name, after))
		return
	}
	fmt.Fprintln(a.stdout, name)
}

// replaceFile gives a file another text: all of it or, where that fails, none.
// The file keeps its mode, and a symbolic link stays one.
func replaceFile(name string, content []byte) error {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(target), ".bossplan-*")
	if err != nil {
		return err
	}
	if err := fill(temp, content, info.Mode().Perm()); err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	if err := os.Rename(temp.Name(), target); err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return nil
}

func fill(f *os.File, content []byte, mode fs.FileMode) error {
	_, err := f.Write(content)
	return errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}
