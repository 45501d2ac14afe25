package reports

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"bossplan/interp/record"
)

// Write puts the final files of a run into dir: run.json, the CSV files, the
// HTML report, junit.xml, summary.md and what the plan's report blocks ask for.
// latency.hlog and the history are [Stream]'s; where they are missing Write
// says what it can. It returns the paths of the files it wrote. A file that
// cannot be written stays as it was and does not keep the others from being
// written; the error joins what went wrong.
func Write(dir string, r *record.Record, v *record.Verdict, exitCode int) ([]string, error) {
	d, err := openDirectory(dir)
	if err != nil {
		return nil, err
	}
	w := &writer{dir: d, r: r, v: v, exitCode: exitCode, stem: fileStem(planName(r)), claimed: map[string]string{}}
	w.own()
	for _, p := range r.Run.Reports {
		if err := w.report(p); err != nil {
			w.errs = append(w.errs, fmt.Errorf("report %q: %w", p.Kind, err))
		}
	}
	return w.written, errors.Join(append(w.errs, d.Close())...)
}

// JSON writes what run.json holds.
func JSON(w io.Writer, run Run) error {
	return writeRunFile(w, run.Record, run.Verdict, &run.ExitCode)
}

// JSONList writes the runs of several plans as one document that lists them.
func JSONList(w io.Writer, runs []Run) error {
	all := runFiles{FormatVersion: formatVersion, Runs: []*runFile{}}
	for _, r := range runs {
		all.Runs = append(all.Runs, newRunFile(r.Record, r.Verdict, &r.ExitCode))
	}
	return encode(w, all)
}

// Markdown writes what summary.md holds.
func Markdown(w io.Writer, r *record.Record, v *record.Verdict) error { return writeMarkdown(w, r, v) }

type writer struct {
	dir      *directory
	r        *record.Record
	v        *record.Verdict
	exitCode int
	stem     string            // beginning of the CSV files' names
	claimed  map[string]string // content by path in lower case: file systems may not tell case apart
	written  []string
	errs     []error
}

// own writes the files every run has, the one that matters most first.
func (w *writer) own() {
	w.file("json", runFileName, w.content("json"))
	w.ensureStreamed(hlogName, "hlog", func(out io.Writer) error {
		if w.r.Totals().Total()+w.r.WarmupRequests() > 0 {
			return errors.New("the file is missing and cannot be made again: it is written while a run goes on")
		}
		_, err := out.Write(emptyLog(w.r))
		return err
	})
	w.ensureStreamed(w.stem+historySuffix, historySuffix, func(out io.Writer) error { return writeTotalsOnly(out, w.r) })
	w.csv(w.stem)
	w.file("markdown", markdownName, w.content("markdown"))
	w.file("junit", junitName, w.content("junit"))
	w.file("html", htmlName, w.content("html"))
}

// content is what writes a kind of file; nil for an unknown kind.
func (w *writer) content(kind string) func(io.Writer) error {
	switch kind {
	case "json":
		return func(out io.Writer) error { return writeRunFile(out, w.r, w.v, &w.exitCode) }
	case "html":
		return func(out io.Writer) error { return writeHTML(out, w.r, w.v) }
	case "junit":
		return func(out io.Writer) error { return writeJUnit(out, w.r, w.v) }
	case "markdown":
		return func(out io.Writer) error { return writeMarkdown(out, w.r, w.v) }
	case "hlog":
		return w.copyOf(hlogName)
	}
	return nil
}

// report writes what a report block asks for.
func (w *writer) report(p record.Report) error {
	name, err := localPath(p.Path)
	if err != nil {
		return err
	}
	if p.Kind == "csv" {
		w.file(historySuffix, name+historySuffix, w.copyOf(w.stem+historySuffix))
		w.csv(name)
		return nil
	}
	content := w.content(p.Kind)
	if content == nil {
		return errors.New("unknown kind: use html, csv, json, junit, markdown or hlog")
	}
	w.file(p.Kind, name, content)
	return nil
}

// csv writes the CSV files that are not streamed.
func (w *writer) csv(prefix string) {
	w.file(statsSuffix, prefix+statsSuffix, func(out io.Writer) error { return writeStats(out, w.r) })
	w.file(failuresSuffix, prefix+failuresSuffix, func(out io.Writer) error { return writeFailures(out, w.r) })
	w.file(exceptionSuffix, prefix+exceptionSuffix, writeExceptions)
}

// file writes one file unless the same content is there already.
func (w *writer) file(content, name string, write func(io.Writer) error) {
	key := strings.ToLower(name)
	switch has := w.claimed[key]; has {
	case "":
		w.claimed[key] = content
	case content:
		return
	default:
		w.errs = append(w.errs, fmt.Errorf("%s is already another file of this run: give the report another path", name))
		return
	}
	if err := w.dir.replace(name, write); err != nil {
		w.errs = append(w.errs, err)
		return
	}
	w.written = append(w.written, w.dir.path(name))
}

// ensureStreamed writes a streamed file that is not there.
func (w *writer) ensureStreamed(name, content string, write func(io.Writer) error) {
	if w.dir.exists(name) {
		w.claimed[strings.ToLower(name)] = content
		return
	}
	w.file(content, name, write)
}

// copyOf writes what another file of the run holds.
func (w *writer) copyOf(name string) func(io.Writer) error {
	return func(out io.Writer) error {
		f, err := w.dir.root.Open(name)
		if err != nil {
			return err
		}
		_, err = io.Copy(out, f)
		return errors.Join(err, f.Close())
	}
}
