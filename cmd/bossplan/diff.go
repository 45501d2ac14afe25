package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"bossplan/cmd/bossplan/internal/diffview"
	"bossplan/cmd/bossplan/internal/gitfiles"
	"bossplan/plan"
)

const aboutDiff = `Compares what plans do, not how they are written: formatting, comments, moves between
files and names of locals make no difference.

BASE and HEAD are two plan files, or two git revisions; without HEAD, or with ".", the
base is compared with the work tree. BASE..HEAD is two revisions in one argument, and
BASE...HEAD compares HEAD with where it left BASE. PLAN is a plan, a directory, or a
library, which stands for the plans that import it; without any, all plans in plans/
or in the current directory are compared. Put -- before PLAN where it could be taken
for a revision.`

// diffFlags are what diff was asked for besides what it compares.
type diffFlags struct {
	inputs inputFlags
	format string
	failOn []string
}

func (a *app) diff(args []string) int {
	var o diffFlags
	f := a.flags("diff", "BASE [HEAD] [PLAN…]", aboutDiff)
	f.StringVar(&o.format, "format", "text", "text, json, or markdown (a comment on a pull request)")
	f.StringSliceVar(&o.failOn, "fail-on", nil, "exit 4 if there are changes of these `KINDS`: danger, loosened, changed, tightened")
	o.inputs.register(f)
	if code, ok := a.parse(f, args); !ok {
		return code
	}
	if problem := o.check(); problem != "" {
		return a.usageError("%s", problem)
	}
	sides, plans, err := chooseSides(f)
	if err != nil {
		return a.usageError("%v", err)
	}
	defer sides.close()
	return a.compare(sides, plans, o)
}

// check says what is wrong with the flags.
func (o diffFlags) check() string {
	if formats := []string{"text", "json", "markdown"}; !slices.Contains(formats, o.format) {
		return fmt.Sprintf("there is no format %q.%s Choose text, json or markdown.", o.format, didYouMean(o.format, formats))
	}
	var known []string
	for _, s := range plan.Severities() {
		known = append(known, string(s))
	}
	for i, kind := range o.failOn {
		kind = strings.TrimSpace(kind)
		o.failOn[i] = kind
		if !slices.Contains(known, kind) {
			return fmt.Sprintf("--fail-on: there are no changes called %q.%s Choose from %s.", kind, didYouMean(kind, known), strings.Join(known, ", "))
		}
	}
	return ""
}

// compare compares plans and shows how they differ.
func (a *app) compare(sides *sides, named []string, o diffFlags) int {
	l := &loader{app: a, sides: sides, inputs: o.inputs, loaded: map[string]*state{}}
	pairs, err := l.pairs(named)
	if err != nil {
		return a.usageError("%v", err)
	}
	report := &diffview.Report{Base: sides.base.shown(), Head: sides.head.shown()}
	invalid := false
	for _, p := range pairs {
		shown := l.compare(p)
		invalid = invalid || shown.Difference == nil
		report.Plans = append(report.Plans, shown)
	}
	if problem := l.unknownVariable(); problem != "" {
		return a.usageError("%s", problem)
	}
	if err := a.showDifference(report, o.format, invalid); err != nil {
		return a.internalError(err)
	}
	switch {
	case invalid:
		return exitInvalid
	case slices.ContainsFunc(o.failOn, func(kind string) bool { return report.Count(plan.Severity(kind)) > 0 }):
		return exitFailed
	}
	return exitPass
}

func (a *app) showDifference(r *diffview.Report, format string, invalid bool) error {
	switch {
	case format == "json":
		return r.WriteJSON(a.stdout)
	case format == "markdown":
		return r.WriteMarkdown(a.stdout)
	case invalid && len(r.Plans) == 1:
		return nil // the diagnostics have said it
	}
	return r.WriteText(a.stdout, diffview.TextOptions{Color: a.color, Width: a.width})
}

// A version is one of the two states that are compared.
type version struct {
	name     string
	revision *gitfiles.Revision // nil: the files are as they are now
	file     string             // that is compared by itself, empty: plans are found by their names
}

func (v version) shown() diffview.Side {
	if v.revision == nil {
		return diffview.Side{Name: v.name}
	}
	return diffview.Side{Name: v.name, Revision: v.revision.Hash}
}

// files are the files in a directory, and deep all below it; none where there
// is no such directory.
func (v version) files(dir string, deep bool) ([]string, error) {
	var files []string
	var err error
	if v.revision != nil {
		files, err = v.revision.Files(dir, deep)
	} else {
		err = filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && name != dir && (!deep || strings.HasPrefix(entry.Name(), ".")):
				return filepath.SkipDir
			case !entry.IsDir():
				files = append(files, filepath.Clean(name))
			}
			return nil
		})
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return files, err
}

// largestFile is how many bytes of a file are read, far beyond what a plan may
// have.
const largestFile = 64 << 20

// read reads a file. What would not end, or not begin, when it is read is not
// one.
func (v version) read(name string) ([]byte, error) {
	if v.revision != nil {
		return v.revision.ReadFile(name)
	}
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	case info.Size() > largestFile:
		return nil, fmt.Errorf("it is larger than %d MiB", largestFile>>20)
	}
	return os.ReadFile(name)
}

// sides are the two versions.
type sides struct {
	base, head version
}

func (s *sides) close() {
	for _, v := range []version{s.base, s.head} {
		if v.revision != nil {
			_ = v.revision.Close() // it was only read
		}
	}
}

// chooseSides finds out what the arguments stand for: what is compared, and
// which plans of it.
func chooseSides(f *pflag.FlagSet) (*sides, []string, error) {
	args, plans := f.Args(), []string{}
	dash := f.ArgsLenAtDash()
	if dash >= 0 {
		args, plans = args[:dash], args[dash:]
	}
	if len(args) == 0 {
		return nil, nil, errors.New("diff needs two plan files, or a git revision to compare with; see bossplan diff --help")
	}
	if len(args) == 2 && dash < 0 && isFile(args[0]) && isFile(args[1]) {
		return &sides{version{name: args[0], file: args[0]}, version{name: args[1], file: args[1]}}, nil, nil
	}
	repository, err := gitfiles.Open()
	if err != nil {
		return nil, nil, notFiles(args, err)
	}
	base, head, rest, err := revisionNames(repository, args, dash >= 0)
	if err != nil {
		return nil, nil, err
	}
	s := &sides{}
	if s.base, err = openVersion(repository, base); err == nil {
		s.head, err = openVersion(repository, head)
	}
	if err != nil {
		s.close()
		return nil, nil, err
	}
	return s, append(rest, plans...), nil
}

// notFiles says why arguments cannot be compared outside of a repository.
func notFiles(args []string, why error) error {
	for _, name := range args[:min(len(args), 2)] {
		if !isFile(name) {
			return fmt.Errorf("there is no file %s, and it cannot be a git revision: %v", name, why)
		}
	}
	return fmt.Errorf("diff compares two plan files or two git revisions; what is more is the plans to compare, which needs revisions: %v", why)
}

const workTree = "."

// revisionNames are the names of the two versions, and the plans that are named
// after them; only: there are none, because plans stand after a --.
func revisionNames(r *gitfiles.Repository, args []string, only bool) (base, head string, plans []string, err error) {
	if from, to, isRange := strings.Cut(args[0], ".."); isRange && !r.Has(args[0]) {
		to, fork := strings.CutPrefix(to, ".")
		base, head = or(from, "HEAD"), or(to, "HEAD")
		if fork {
			base, err = r.MergeBase(base, head)
		}
		plans = args[1:]
	} else if base, head = args[0], workTree; len(args) > 1 {
		isHead := only || args[1] == workTree
		if !isHead {
			isHead, err = secondIsRevision(r, args[1])
		}
		plans = args[1:]
		if isHead {
			head, plans = args[1], args[2:]
		}
	}
	if err == nil && only && len(plans) > 0 {
		err = fmt.Errorf("%s is neither BASE nor HEAD; name plans after --", plans[0])
	}
	return base, head, plans, err
}

// secondIsRevision tells a revision from a plan.
func secondIsRevision(r *gitfiles.Repository, name string) (bool, error) {
	_, err := os.Lstat(name)
	exists, revision := err == nil, r.Has(name)
	switch {
	case exists && revision:
		return false, fmt.Errorf("%s is both a revision and a file; write -- before it if it is a plan, or after it if it is HEAD", name)
	case !exists && !revision && filepath.Ext(name) == "":
		return false, fmt.Errorf("there is no file and no git revision %s", name)
	}
	return revision, nil
}

func openVersion(r *gitfiles.Repository, name string) (version, error) {
	if name == workTree {
		return version{name: "work tree"}, nil
	}
	revision, err := r.At(name)
	if _, there := os.Stat(name); err != nil && there == nil {
		err = fmt.Errorf("%s is no git revision; compare a plan file with another one, or name a revision before it", name)
	}
	return version{name: name, revision: revision}, err
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
