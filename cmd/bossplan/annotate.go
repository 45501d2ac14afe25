package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"bossplan/reports"
)

// annotate shows a run where GitHub Actions shows it: failed thresholds at their
// line of the pull request, and the summary on the job's page.
func (a *app) annotate(run *reports.Run, failed hcl.Diagnostics) {
	if on, _ := a.env("GITHUB_ACTIONS"); on != "true" {
		return
	}
	for _, d := range failed {
		fmt.Fprintf(a.stderr, "::error file=%s,line=%d,col=%d,title=%s::%s\n",
			property(d.Subject.Filename), d.Subject.Start.Line, d.Subject.Start.Column, property(d.Summary), message(d.Detail))
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

// message and property escape what GitHub's workflow commands give a meaning.
func message(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

func property(s string) string {
	return strings.NewReplacer(":", "%3A", ",", "%2C").Replace(message(s))
}
