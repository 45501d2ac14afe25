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

// chooseDirs gives every job a directory of its own: a run never overwrites
// another's. Where one cannot be had none is left behind.
func (a *app) chooseDirs(jobs []*job, out string) int {
	stamp := time.Now().UTC().Format("20060102T150405Z")
	taken := map[string]bool{}
	for _, j := range jobs {
		j.dir = filepath.Join("runs", j.plan.Name+"-"+stamp)
		if out == "" {
			continue
		}
		j.dir = out
		if len(jobs) > 1 {
			j.dir = free(filepath.Join(out, j.plan.Name), func(dir string) bool { return !taken[dir] })
		}
		taken[j.dir] = true
		if info, err := os.Stat(j.dir); err == nil && !info.IsDir() {
			return a.usageError("%s is not a directory. Choose another --out, or leave it out.", j.dir)
		}
		if exists(filepath.Join(j.dir, "run.json")) {
			return a.usageError("%s holds a run already, and a run never overwrites another. Choose another --out, or leave it out.", j.dir)
		}
	}
	for i, j := range jobs {
		if err := j.makeDir(out != ""); err != nil {
			for _, made := range jobs[:i] {
				_ = os.Remove(made.dir) // empty so far; what is not is not ours to remove
			}
			return a.usageError("cannot make the run's directory: %v. Choose another place with --out.", err)
		}
	}
	return exitPass
}

// makeDir makes the job's directory. Unless it was chosen on the command line
// it must be new: two runs of a plan may begin in the same second.
func (j *job) makeDir(chosen bool) error {
	if chosen {
		return os.MkdirAll(j.dir, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(j.dir), 0o755); err != nil {
		return err
	}
	var err error
	j.dir = free(j.dir, func(dir string) bool {
		err = os.Mkdir(dir, 0o755)
		return !errors.Is(err, fs.ErrExist)
	})
	return err
}

// free is the first of base, base-2, base-3, … that can be had.
func free(base string, take func(string) bool) string {
	dir := base
	for n := 2; !take(dir); n++ {
		dir = fmt.Sprintf("%s-%d", base, n)
	}
	return dir
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
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
	return strings.Join(append([]string{"bossplan"}, withoutSecrets(a.args, p)...), " ")
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
