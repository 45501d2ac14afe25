package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"bossplan/cmd/bossplan/internal/diffview"
	"bossplan/plan"
)

// A pair is one plan at both versions, by the names of its files.
type pair struct{ base, head string }

// A loader finds and loads plans at both versions.
type loader struct {
	*app
	sides  *sides
	inputs inputFlags
	loaded map[string]*state
	order  []*state
}

// A state is one plan at one version.
type state struct {
	exists  bool
	plan    *plan.Plan
	diags   hcl.Diagnostics
	unknown []string // what was given for variables that it does not have
}

// load loads a plan at a version, once.
func (l *loader) load(v version, file string) *state {
	key := v.name + "\x00" + file
	if s := l.loaded[key]; s != nil {
		return s
	}
	s := &state{}
	l.loaded[key] = s
	if _, err := v.read(file); errors.Is(err, fs.ErrNotExist) {
		return s
	}
	s.exists = true
	in := l.app.inputs(l.inputs)
	in.AllowMissing = true
	if v.revision != nil {
		in.ReadFile = l.reader(v)
	}
	s.plan, s.diags = plan.Load(file, in)
	s.forgive()
	l.order = append(l.order, s)
	return s
}

// reader reads the plan's files at a version; those of variables are as they
// are now.
func (l *loader) reader(v version) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		for _, a := range l.inputs.assignments {
			if a.File != "" && a.File == name {
				return version{}.read(name)
			}
		}
		return v.read(name)
	}
}

// forgive takes back that a plan does not have a variable that was given from
// outside: another plan, or the same at another time, may have it.
func (s *state) forgive() {
	varFiles := map[string]bool{}
	for _, f := range s.plan.VarFiles {
		varFiles[f.Name] = true
	}
	s.diags = slices.DeleteFunc(s.diags, func(d *hcl.Diagnostic) bool {
		if d.Severity != hcl.DiagError || d.Summary != "Unknown variable" || d.Subject != nil && !varFiles[d.Subject.Filename] {
			return false
		}
		what, _, _ := strings.Cut(d.Detail, ":")
		if d.Subject != nil {
			what = d.Subject.String()
		}
		s.unknown = append(s.unknown, what)
		return true
	})
}

// unknownVariable says which variable no plan has, at either version.
func (l *loader) unknownVariable() string {
	if len(l.order) == 0 {
		return ""
	}
	for _, what := range l.order[0].unknown {
		everywhere := true
		for _, s := range l.order {
			everywhere = everywhere && slices.Contains(s.unknown, what)
		}
		if everywhere {
			return fmt.Sprintf("none of the plans has the variable that is given: %s", strings.TrimSpace(what))
		}
	}
	return ""
}

// compare compares one plan. Where it is invalid it shows why.
func (l *loader) compare(p pair) diffview.Plan {
	base, head := l.load(l.sides.base, p.base), l.load(l.sides.head, p.head)
	shown := diffview.Plan{File: p.head}
	if p.base != p.head {
		shown.File = p.base + " → " + p.head
	}
	shown.Diagnostics = append(l.problems("base", l.sides.base, base), l.problems("head", l.sides.head, head)...)
	if len(shown.Diagnostics) == 0 {
		shown.Difference = plan.Diff(base.plan, head.plan)
	}
	return shown
}

// problems are the errors of a plan at a version, which are shown.
func (l *loader) problems(side string, v version, s *state) []diffview.Diagnostic {
	if !s.exists || !s.diags.HasErrors() {
		return nil
	}
	errs := slices.DeleteFunc(slices.Clone(s.diags), func(d *hcl.Diagnostic) bool { return d.Severity != hcl.DiagError })
	fmt.Fprintf(l.stderr, "%s is invalid at %s, %s:\n\n", s.plan.File, strings.ToUpper(side), v.shown())
	l.printDiagnostics(l.stderr, l.errColor, errs, append(slices.Clone(s.plan.Sources), s.plan.VarFiles...))
	var list []diffview.Diagnostic
	for _, d := range errs {
		x := diffview.Diagnostic{Side: side, Summary: d.Summary, Detail: d.Detail}
		if d.Subject != nil {
			x.File, x.Line, x.Column = d.Subject.Filename, d.Subject.Start.Line, d.Subject.Start.Column
		}
		list = append(list, x)
	}
	return list
}

// pairs are the plans to compare, in order.
func (l *loader) pairs(named []string) ([]pair, error) {
	if l.sides.base.file != "" {
		return []pair{{l.sides.base.file, l.sides.head.file}}, nil
	}
	var files []string
	for _, name := range named {
		found, err := l.named(filepath.Clean(name))
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	if len(named) == 0 {
		var err error
		if files, err = l.everything(); err != nil {
			return nil, err
		}
	}
	slices.Sort(files)
	return l.joined(slices.Compact(files)), nil
}

// everything is all plans, at either version, in plans/ or else here.
func (l *loader) everything() ([]string, error) {
	for _, dir := range []string{"plans", "."} {
		plans, err := l.plansIn(dir)
		if err != nil || len(plans) > 0 {
			return plans, err
		}
	}
	return nil, fmt.Errorf("there are no plans here at %s or %s", l.sides.base.shown(), l.sides.head.shown())
}

// named are the plans that a name stands for.
func (l *loader) named(name string) ([]string, error) {
	base, head := l.sides.base, l.sides.head
	if l.isFile(base, name) || l.isFile(head, name) {
		if l.isPlan(base, name) || l.isPlan(head, name) {
			return []string{name}, nil
		}
		return l.importers(name)
	}
	plans, err := l.plansIn(name)
	if err == nil && len(plans) == 0 {
		err = fmt.Errorf("there is no plan %s at %s or %s", name, base.shown(), head.shown())
	}
	return plans, err
}

func (l *loader) isFile(v version, name string) bool {
	_, err := v.read(name)
	return err == nil
}

// plansIn are the plans in a directory and below it, at either version.
func (l *loader) plansIn(dir string) ([]string, error) {
	var plans []string
	for _, v := range []version{l.sides.base, l.sides.head} {
		files, err := v.files(dir, true)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", dir, err)
		}
		for _, file := range files {
			if !hiddenBelow(dir, file) && !slices.Contains(plans, file) && l.isPlan(v, file) {
				plans = append(plans, file)
			}
		}
	}
	return plans, nil
}

// hiddenBelow reports whether a file is in a directory that begins with a dot.
func hiddenBelow(dir, file string) bool {
	relative, err := filepath.Rel(dir, filepath.Dir(file))
	if err != nil {
		return false
	}
	for name := range strings.SplitSeq(filepath.ToSlash(relative), "/") {
		if strings.HasPrefix(name, ".") && name != "." && name != ".." {
			return true
		}
	}
	return false
}

// isPlan reports whether a file is there and a plan.
func (l *loader) isPlan(v version, file string) bool {
	switch filepath.Ext(file) {
	case ".hcl", ".yaml", ".yml", ".json":
		src, err := v.read(file)
		return err == nil && plan.IsPlan(file, src)
	}
	return false
}

// importers are the plans that a library is part of: they are in its directory
// or in one above it. A library of none is compared by itself.
func (l *loader) importers(library string) ([]string, error) {
	var plans []string
	for dir := filepath.Dir(library); ; dir = filepath.Dir(dir) {
		for _, v := range []version{l.sides.base, l.sides.head} {
			files, err := v.files(dir, false)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", dir, err)
			}
			for _, file := range files {
				if filepath.Dir(file) == dir && l.isPlan(v, file) && l.imports(v, file, library) {
					plans = append(plans, file)
				}
			}
		}
		if dir == "." || filepath.Base(dir) == ".." || dir == filepath.Dir(dir) {
			break
		}
	}
	if len(plans) == 0 {
		return []string{library}, nil
	}
	return plans, nil
}

// imports reports whether a plan at a version is made of a file, among others.
func (l *loader) imports(v version, file, library string) bool {
	return slices.ContainsFunc(l.load(v, file).plan.Sources, func(s plan.Source) bool { return s.Name == library })
}
