package main

import (
	"os"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan/diag"
	"bossplan/reports"
)

// annotate shows a run where GitHub Actions shows it: failed thresholds at their
// line of the pull request, and the summary on the job's page.
func (a *app) annotate(run *reports.Run, failed hcl.Diagnostics) {
	if on, _ := a.env("GITHUB_ACTIONS"); on != "true" {
		return
	}
	if err := a.writeReport(a.stderr, false, diag.New(failed, nil), "github"); err != nil {
		a.complain(err)
	}
	path, _ := a.env("GITHUB_STEP_SUMMARY")
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		a.complain(err)
		return
	}
	defer f.Close()
	if err := reports.Markdown(f, run.Record, run.Verdict); err != nil {
		a.complain(err)
	}
}
