package planview

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"

	"bossplan/plan"
)

// JSON writes p, which was loaded without errors, as one document.
func JSON(w io.Writer, p *plan.Plan, o Options) error {
	f := newFacts(p, o)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(f.document(o))
}

func (f *facts) document(o Options) document {
	return document{
		FormatVersion:   formatVersion,
		BossplanVersion: plan.Version,
		Plan:            f.planInfo(),
		Variables:       each(f.plan.Variables, variable),
		Hosts:           each(f.plan.Hosts, f.hostInfo),
		Guards:          each(f.plan.Guards, f.guardInfo),
		Data:            each(f.uses, dataInfoOf),
		UserClasses:     each(f.plan.UserClasses, class),
		Scenarios:       f.scenarioInfos(),
		Probes:          each(f.plan.Probes, probe),
		Load:            f.loadInfo(o.Latency),
		Requests:        f.requestInfos(),
		Needs:           f.needsInfo(o.Lacks),
		Thresholds:      each(f.plan.Thresholds, func(t *plan.Threshold) thresholdInfo { return f.thresholdInfo(t, o.Lints) }),
		Reports:         each(f.plan.Reports, func(r *plan.Report) reportInfo { return reportInfo{r.Kind, r.Path} }),
		Interpreted:     each(o.Interpreted, filepath.ToSlash),
		Lints:           each(o.Lints, lint),
	}
}

// each makes a list of another; it is never nil.
func each[T, U any](list []T, f func(T) U) []U {
	out := make([]U, 0, len(list))
	for _, x := range list {
		out = append(out, f(x))
	}
	return out
}

// optional is nil for zero.
func optional[T, U comparable](v T, f func(T) U) *U {
	var zero T
	if v == zero {
		return nil
	}
	u := f(v)
	return &u
}

func integer(n int) int { return n }

func toFigure(v float64) figure { return figure(v) }

func text(s string) string { return s }

func (f *facts) planInfo() planInfo {
	return planInfo{
		Name: f.plan.Name, File: filepath.ToSlash(f.plan.File), SHA256: f.plan.SHA256(),
		Sources: each(f.plan.Sources, func(s plan.Source) sourceInfo {
			sum := sha256.Sum256(s.Bytes)
			return sourceInfo{filepath.ToSlash(s.Name), hex.EncodeToString(sum[:])}
		}),
	}
}

func variable(v *plan.Variable) variableInfo {
	return variableInfo{Name: v.Name, Value: v.Shown(), Source: v.Source, Sensitive: v.Sensitive}
}

func (f *facts) hostInfo(h *plan.Host) hostInfo {
	out := hostInfo{
		Address: h.Address(), BaseURL: h.BaseURL.String(), Protocol: protocol(h), Transport: f.carried[h].Transport, TransportWhy: f.carried[h].Why, Connections: optional(h.Connections, integer),
		LocalAddresses: locals(h), Timeout: millis(h.Timeout), ConnectTimeout: millis(h.ConnectTimeout), FollowRedirects: h.FollowRedirects,
		Cookies: h.Cookies, MaxRate: optional(h.MaxRate, toFigure),
		Guards: each(f.plan.GuardsOf(h), (*plan.Guard).Address), Writes: []writeInfo{},
	}
	for _, l := range f.need.Hosts {
		if l.Host == h {
			out.Load = &hostLoad{Users: figure(l.Users), Rate: figure(l.Rate), InFlight: figure(l.InFlight), Connections: figure(l.Connections)}
		}
	}
	for _, w := range f.writes() {
		if w.host == h {
			out.Writes = append(out.Writes, writeInfo{w.method, band{figure(w.fast), figure(w.point), figure(w.slow)}})
		}
	}
	return out
}

func (f *facts) guardInfo(g *plan.Guard) guardInfo {
	out := guardInfo{
		Address: g.Address(), Hosts: each(g.Hosts, text), Protects: []string{}, Confirm: []string{}, Acknowledge: each(g.Acknowledge, text),
		MaxUsers: optional(g.MaxUsers, integer), MaxRate: optional(g.MaxRate, toFigure),
	}
	for _, h := range f.protects(g) {
		out.Protects = append(out.Protects, h.Address())
		if name := h.BaseURL.Hostname(); !slices.Contains(out.Confirm, name) {
			out.Confirm = append(out.Confirm, name)
		}
	}
	if g.Window != nil {
		out.Window = &g.Window.Text
	}
	if a := g.Abort; a != nil {
		out.Abort = &guardAbortInfo{a.Metric.String(), a.Bound.Text, millis(a.For), millis(a.Window)}
	}
	return out
}

func dataInfoOf(use plan.DataUse) dataInfo {
	d := use.Data
	out := dataInfo{
		Address: d.Address(), Columns: []string{}, Order: string(d.Order), OnEnd: string(d.OnEnd), Unique: d.Unique(),
		Users: figure(use.Users), Iterations: figure(use.Iterations),
	}
	if d.Table != nil {
		rows := len(d.Table.Rows)
		lasts := use.Users <= float64(rows) && use.Iterations <= float64(rows)
		out.Rows, out.Columns, out.Enough = &rows, each(d.Table.Columns, text), &lasts
	}
	if !d.Unique() {
		comesAgain := true
		out.Enough = &comesAgain
	}
	if d.Fetch != nil && d.Fetch.Host != nil {
		address := d.Fetch.Host.Address()
		out.Host = &address
	}
	return out
}

func class(c *plan.UserClass) classInfo {
	out := classInfo{
		Address: c.Address(), Host: c.Host.Address(), Weight: figure(c.Weight), FixedCount: optional(c.FixedCount, integer),
		Wait: pause(c.Wait), Mix: string(c.Mix), Choices: each(c.Choices, choice),
	}
	if c.OnStart != nil {
		start := choice(c.OnStart)
		out.OnStart = &start
	}
	if c.OnStop != nil {
		stop := choice(c.OnStop)
		out.OnStop = &stop
	}
	return out
}

func pause(w plan.Wait) waitInfo {
	return waitInfo{Kind: string(w.Kind), Min: millis(w.Min), Max: millis(w.Max)}
}

func choice(f *plan.Flow) choiceInfo {
	out := choiceInfo{Address: f.Address(), OnFailure: string(f.OnFailure), Steps: each(f.Requests, step)}
	if f.Hook == plan.HookNone {
		out.Share = figure(shareOf(f))
	}
	return out
}

func step(r *plan.Request) stepInfo {
	out := stepInfo{Request: r.Address(), Wait: pause(r.Pause), Conditional: r.When.IsSet()}
	if n, known := r.Times(); known {
		times := figure(n)
		out.Repeat = &times
	}
	return out
}
