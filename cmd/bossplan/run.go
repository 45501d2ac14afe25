package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hashicorp/hcl/v2"

	"bossplan/interp"
	"bossplan/interp/judge"
	"bossplan/interp/record"
	"bossplan/plan/diag"
	"bossplan/reports"
)

// interruptGrace is how long requests may go on after the first signal. CI
// systems and container runtimes kill ten seconds after they asked politely,
// and the reports have to be written by then.
const interruptGrace = 5 * time.Second

// runJob runs one plan, judges it, writes its directory and shows its tables.
// The run is nil where there is nothing to show.
func (a *app) runJob(s *signals, j *job, o applyFlags) (*reports.Run, int) {
	ctx, cancel := contextFor(s)
	defer cancel()
	watch := &observer{app: a, job: j, progress: newProgress(a, j, o)}
	r, err := interp.Run(ctx, j.graph, interp.Options{
		Run: a.identity(j, o), Observer: watch, SkipPreflight: o.noPreflight,
		Guards: j.guards, Gate: j.wireGate(), Transport: o.transport,
		Kill: s.second, InterruptGrace: interruptGrace,
	})
	watch.progress.end()
	if err != nil {
		// Nothing was sent and nothing measured, so the directory goes too.
		_ = os.Remove(j.dir)
		fmt.Fprintf(a.stderr, "bossplan: %s: %v\n", j.plan.File, err)
		return nil, exitInvalid
	}
	if r.Run.State == record.StateInterrupted {
		r.Run.StateDetail = s.caught()
	}
	v := interp.Judge(j.graph, r)
	code := judge.ExitCode(v, r, o.failOnWarn)
	run := &reports.Run{Record: r, Verdict: &v, ExitCode: code, Dir: j.dir}
	err = watch.write(run)
	if err != nil {
		a.complain(err)
		if code == exitPass {
			run.ExitCode = exitInternal // a green build without its record would be a lie
		}
	}
	if code := a.show(j, run, o); code != exitPass && run.ExitCode == exitPass {
		run.ExitCode = code
	}
	if err == nil {
		fmt.Fprintf(a.stderr, "Reports: %s\n", filepath.ToSlash(filepath.Join(run.Dir, "report.html")))
	}
	return run, run.ExitCode
}

// show prints the run's tables, and its failed thresholds where they stand in
// the plan. Where a document takes the place of the tables, the verdict goes to
// standard error. The code says whether it could be shown.
func (a *app) show(j *job, run *reports.Run, o applyFlags) int {
	failed := thresholdDiagnostics(j, run.Verdict)
	a.printDiagnostics(a.stderr, a.errColor, failed, j.plan.Sources)
	a.annotate(run, failed)
	if o.json {
		fmt.Fprintln(a.stderr, reports.Conclusion(run.Verdict))
		return exitPass
	}
	if j.heading != "" {
		fmt.Fprintf(a.stdout, "%s\n\n", j.heading)
	}
	if err := reports.Table(a.stdout, run.Record, run.Verdict, reports.TableOptions{Color: a.color, Width: a.width}); err != nil {
		return a.internalError(err)
	}
	if j.heading != "" {
		fmt.Fprintln(a.stdout)
	}
	return exitPass
}

func (a *app) complain(err error) {
	fmt.Fprintf(a.stderr, "bossplan: not everything could be written: %v\n", err)
}

// thresholdDiagnostics are the failed thresholds as errors at the bound that
// was missed: the critical one where there is one.
func thresholdDiagnostics(j *job, v *record.Verdict) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i := range v.Thresholds {
		t := &v.Thresholds[i]
		if t.Status != record.Fail {
			continue
		}
		rng := j.plan.Thresholds[i].Target.Range
		if critical := j.plan.Thresholds[i].Critical; critical != nil {
			rng = critical.Range
		}
		diags = append(diags, &hcl.Diagnostic{
			Severity: hcl.DiagError,
			Summary:  "Threshold failed",
			Detail:   reports.Judgement(t),
			Subject:  &rng,
			Extra:    diag.Address(t.Address),
		})
	}
	return diags
}

// An observer keeps the run's directory current and the person informed.
type observer struct {
	app      *app
	job      *job
	progress *progress
	stream   *reports.Stream
	failed   bool // a write failed, and that was said
}

// Begin opens the streamed files.
func (w *observer) Begin(r *record.Record) {
	var err error
	if w.stream, err = reports.NewStream(w.job.dir, r); err != nil {
		w.complainOnce(err)
	}
}

// Second writes and shows what the second added.
func (w *observer) Second(r *record.Record, s *record.Second, states []record.Status) {
	if w.stream != nil {
		if err := w.stream.Second(r, s); err != nil {
			w.complainOnce(err)
		}
	}
	w.progress.second(r, states)
}

// complainOnce says that writing fails when it first does: the load goes on,
// and a full disk should be mended before the run is over.
func (w *observer) complainOnce(err error) {
	if !w.failed {
		w.failed = true
		w.progress.interrupt()
		fmt.Fprintf(w.app.stderr, "bossplan: cannot write to %s: %v. The run goes on; its files are tried again.\n", w.job.dir, err)
	}
}

// write ends the streamed files and writes the final ones. Where the run's
// directory cannot take run.json, the system's temporary one gets it: what was
// measured must not be lost for want of space.
func (w *observer) write(run *reports.Run) error {
	var errs []error
	if w.stream != nil {
		errs = append(errs, w.stream.Close(run.Record))
	}
	written, err := reports.Write(run.Dir, run.Record, run.Verdict, run.ExitCode)
	errs = append(errs, err)
	if !slices.Contains(written, filepath.Join(run.Dir, "run.json")) {
		errs = append(errs, w.rescue(run))
	}
	return errors.Join(errs...)
}

// rescue writes run.json where there may be room. Its error tells where it is.
func (w *observer) rescue(run *reports.Run) error {
	f, err := os.CreateTemp("", filepath.Base(run.Dir)+"-*.json")
	if err != nil {
		return err
	}
	err = reports.JSON(f, *run)
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return fmt.Errorf("run.json was saved as %s instead", f.Name())
}
