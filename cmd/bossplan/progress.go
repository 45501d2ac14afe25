package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"bossplan/interp/record"
	"bossplan/plan/quantity"
)

// progressEvery is how often a log gets a line; a terminal is kept current.
const progressEvery = 5 * time.Second

// A progress tells how a run goes on, on standard error: one line that changes
// on a terminal, a line every five seconds elsewhere.
type progress struct {
	out   io.Writer
	live  bool
	width int
	off   bool
	job   *job
	next  time.Duration
	shown int // runes of the line that is on the terminal
}

func newProgress(a *app, j *job, o applyFlags) *progress {
	p := &progress{out: a.stderr, live: a.live, width: a.width, off: o.noLive, job: j, next: progressEvery}
	if !p.off {
		fmt.Fprintf(p.out, "Running %s (seed %d), %s …\n", j.plan.File, j.graph.Seed, j.carriers.words(j.plan))
	}
	return p
}

// second shows where the run is.
func (p *progress) second(r *record.Record, states []record.Status) {
	if p.off || len(r.Series.Points) == 0 {
		return
	}
	now := r.Series.Points[len(r.Series.Points)-1]
	if p.live {
		p.replace(p.line(r, now, states))
		return
	}
	if now.At >= p.next-progressEvery/10 {
		fmt.Fprintln(p.out, p.line(r, now, states))
		p.next += progressEvery
	}
}

// line is one look at the run: when, where, how much, how fast, how well.
func (p *progress) line(r *record.Record, now record.Point, states []record.Status) string {
	parts := []string{
		fmt.Sprintf("%4s", quantity.FormatDuration(now.At.Round(time.Second))),
		strings.Join(p.stages(r, now.At), ", "),
		fmt.Sprintf("%s users", quantity.FormatCount(int64(now.Users))),
	}
	points := r.Series.Points[max(0, len(r.Series.Points)-5):]
	var completed, failed int64
	from := time.Duration(0)
	if n := len(r.Series.Points) - len(points); n > 0 {
		from = r.Series.Points[n-1].At
	}
	for _, q := range points {
		completed += q.Completed
		failed += q.Failed
	}
	rate := float64(completed) / max((now.At-from).Seconds(), 1e-3)
	parts = append(parts, fmt.Sprintf("%.1f req/s", rate), fmt.Sprintf("%s errors", quantity.FormatCount(failed)))
	if now.P95 == now.P95 { // not NaN: something completed
		parts = append(parts, fmt.Sprintf("p95 %.3gms", now.P95))
	} else {
		parts = append(parts, "no answers")
	}
	var broken []string
	for i, s := range states {
		if s == record.Fail || s == record.Warn {
			broken = append(broken, p.job.plan.Thresholds[i].Name)
		}
	}
	if len(broken) > 0 {
		parts = append(parts, "broken: "+strings.Join(broken, ", "))
	}
	if now.Busy > record.SaturatedAt {
		parts = append(parts, "generator saturated")
	}
	return strings.Join(parts, "  ")
}

// stages names the stages under way with the time that they have left.
func (p *progress) stages(r *record.Record, now time.Duration) []string {
	var names []string
	for i, sc := range r.Scenarios {
		for k, st := range sc.Stages {
			if st.End <= st.Start || st.Ended {
				continue
			}
			left := p.job.graph.Scenarios[i].Levels[k].Duration - (now - st.Start)
			names = append(names, fmt.Sprintf("%s.%s %s left", sc.Name, st.Name, quantity.FormatDuration(max(left, 0).Round(time.Second))))
		}
	}
	if names == nil {
		names = []string{"ending"}
	}
	return names
}

// replace puts a line in the place of the last one.
func (p *progress) replace(line string) {
	runes := []rune(line)
	if len(runes) >= p.width {
		runes = append(runes[:max(p.width-2, 0)], '…')
	}
	pad := max(p.shown-len(runes), 0)
	fmt.Fprintf(p.out, "\r%s%s", string(runes), strings.Repeat(" ", pad))
	p.shown = len(runes)
}

// interrupt makes room for a message.
func (p *progress) interrupt() {
	if p.shown > 0 {
		fmt.Fprintln(p.out)
		p.shown = 0
	}
}

func (p *progress) end() { p.interrupt() }
