package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"bossplan/interp/record"
	"bossplan/plan"
)

// chooseDirs gives every job a directory of its own that does not exist yet or
// is empty: a run never overwrites another's.
func (a *app) chooseDirs(jobs []*job, out string) int {
	taken := map[string]bool{}
	stamp := time.Now().UTC().Format("20060102T150405Z")
	for _, j := range jobs {
		base := filepath.Join("runs", j.plan.Name+"-"+stamp)
		if out != "" {
			base = out
			if len(jobs) > 1 {
				base = filepath.Join(out, j.plan.Name)
			}
		}
		j.dir = base
		for n := 2; taken[j.dir] || out == "" && exists(j.dir); n++ {
			j.dir = fmt.Sprintf("%s-%d", base, n)
		}
		taken[j.dir] = true
		if exists(filepath.Join(j.dir, "run.json")) {
			return a.usageError("%s holds a run already, and a run never overwrites another. Choose another --out, or leave it out.", j.dir)
		}
		if err := os.MkdirAll(j.dir, 0o755); err != nil {
			return a.usageError("cannot make the run's directory: %v. Choose another place with --out.", err)
		}
	}
	return exitPass
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// identity is what the record says of a run before it begins.
func (a *app) identity(j *job, o applyFlags) record.Run {
	p := j.plan
	run := record.Run{
		ID:              filepath.Base(j.dir),
		BossplanVersion: plan.Version,
		Seed:            j.graph.Seed,
		TimeScale:       j.graph.TimeScale,
		Demo:            o.demo,
		Command:         a.commandLine(p),
		Plan:            record.PlanInfo{Name: p.Name, File: filepath.ToSlash(p.File), SHA256: p.SHA256()},
	}
	run.Plan.GitRevision, run.Plan.GitDirty = gitState(p)
	for _, v := range p.Variables {
		run.Variables = append(run.Variables, record.Variable{Name: v.Name, Value: v.Shown(), Source: v.Source})
	}
	for _, r := range p.Reports {
		run.Reports = append(run.Reports, record.Report{Kind: r.Kind, Path: r.Path})
	}
	return run
}

// commandLine is how bossplan was called, without the values of sensitive
// variables.
func (a *app) commandLine(p *plan.Plan) string {
	words := []string{"bossplan"}
	for _, arg := range a.args {
		for _, v := range p.Variables {
			if at := strings.Index(arg, v.Name+"="); v.Sensitive && at >= 0 {
				arg = arg[:at] + v.Name + "=(sensitive)"
			}
		}
		words = append(words, arg)
	}
	return strings.Join(words, " ")
}

// gitState is the revision that the plan's files were at, and whether any of
// them had changed since. Outside a repository, or without git, it is nothing.
func gitState(p *plan.Plan) (revision string, dirty bool) {
	dir := filepath.Dir(p.File)
	out, err := exec.Command("git", "-C", dir, "rev-parse", "HEAD").Output()
	if err != nil {
		return "", false
	}
	args := []string{"-C", dir, "status", "--porcelain", "--"}
	for _, s := range p.Sources {
		if path, err := filepath.Abs(s.Name); err == nil {
			args = append(args, path)
		}
	}
	changed, err := exec.Command("git", args...).Output()
	return strings.TrimSpace(string(out)), err == nil && len(changed) > 0
}
