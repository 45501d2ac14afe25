package plan

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
)

// byAddress is a list of blocks in an order that does not depend on where they
// stand.
func byAddress[B interface{ Address() string }](list []B) []B {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b B) int { return cmp.Compare(a.Address(), b.Address()) })
	return list
}

// addresses are those of blocks that an attribute refers to, as a list.
func addresses[B interface{ Address() string }](list []B) string {
	var names []string
	for _, b := range byAddress(list) {
		names = append(names, b.Address())
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// byName is the same for blocks that have a name only.
func byName[B any](list []B, name func(B) string) []B {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b B) int { return cmp.Compare(name(a), name(b)) })
	return list
}

func (r *resolver) variables() {
	for _, v := range r.plan.Variables {
		r.begin("variable."+v.Name, "variable")
		r.set("type", typeexpr.TypeString(v.Type), nil)
		s := Setting{Name: "value", Value: r.shown.value(v.Value), Sensitive: v.Sensitive}
		if v.Sensitive && v.Value.IsWhollyKnown() {
			s.Value = hidden
		}
		if !v.Sensitive && v.Value.Type() == cty.Number && v.Value.IsKnown() && !v.Value.IsNull() {
			n, _ := v.Value.AsBigFloat().Float64()
			s.Number = &n
		}
		r.add(s, r.exact.value(v.Value))
		r.flag("sensitive", v.Sensitive)
	}
}

func (r *resolver) hosts() {
	for _, h := range byAddress(r.plan.Hosts) {
		r.begin(h.Address(), "host")
		base := ""
		if h.BaseURL != nil {
			u := *h.BaseURL
			u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
			base = u.String()
		}
		r.set("base_url", base, nil)
		r.duration("timeout", h.Timeout)
		r.duration("connect_timeout", h.ConnectTimeout)
		r.set("http", h.HTTP, nil)
		if h.Connections > 0 {
			r.count("connections", int64(h.Connections))
		} else {
			r.set("connections", "per_user", nil)
		}
		if _, veiled := r.veiled("local_addresses"); veiled || len(h.LocalAddresses) > 0 {
			r.lines("local_addresses", h.localTexts())
		}
		r.count("follow_redirects", int64(h.FollowRedirects))
		r.flag("cookies", h.Cookies)
		r.rate("max_rate", h.MaxRate)
		r.fields("headers", h.Headers, strings.ToLower)
		r.inside("tls", func() { r.tls(h.TLS) })
		r.inside("auth", func() {
			r.expression("username", h.Auth.Username, (*printer).text)
			r.expression("password", h.Auth.Password, (*printer).text)
			r.expression("bearer", h.Auth.Bearer, (*printer).text)
		})
	}
}

func (r *resolver) tls(t TLS) {
	r.quoted("ca_file", t.CAFile)
	r.quoted("cert_file", t.CertFile)
	r.quoted("key_file", t.KeyFile)
	r.quoted("server_name", t.ServerName)
	r.flag("insecure_skip_verify", t.InsecureSkipVerify)
	r.set("session_resumption", string(t.Resumption), nil)
}

func (r *resolver) data() {
	for _, d := range byAddress(r.plan.Data) {
		r.begin(d.Address(), "data")
		switch {
		case d.Table != nil:
			r.table(d.Table)
		case d.Fetch != nil:
			r.host(d.Fetch.Host)
			r.quoted("path", d.Fetch.Path)
			r.expression("values", d.Fetch.Values, (*printer).any)
		default: // the name of the file is not known
			r.optional("csv", "", nil, false)
			r.optional("json", "", nil, false)
		}
		r.set("order", string(d.Order), nil)
		r.set("on_end", string(d.OnEnd), nil)
	}
}

// table adds how much there is of a table, and a digest of what it is.
func (r *resolver) table(t *Table) {
	if len(t.Columns) > 0 {
		r.lines("columns", t.Columns)
	}
	r.count("rows", int64(len(t.Rows)))
	h := sha256.New()
	for _, row := range t.Rows {
		for _, c := range row {
			fmt.Fprintf(h, "%d %q ", c.Kind, c.Text)
		}
		fmt.Fprintln(h)
	}
	r.set("content", fmt.Sprintf("sha256 %x", h.Sum(nil)), nil)
}

func (r *resolver) classes() {
	for _, c := range byAddress(r.plan.UserClasses) {
		r.begin(c.Address(), "user_class")
		r.host(c.Host)
		if c.FixedCount > 0 {
			r.count("fixed_count", int64(c.FixedCount))
		} else {
			r.optional("fixed_count", "", nil, false)
			r.number("weight", c.Weight)
		}
		r.wait(c.Wait)
		r.set("mix", string(c.Mix), nil)
		r.fields("headers", c.Headers, strings.ToLower)
		r.tags(c.Tags)
		for _, f := range byAddress(c.Choices) {
			r.flow(f)
		}
		for _, f := range []*Flow{c.OnStart, c.OnStop} {
			if f != nil {
				r.flow(f)
			}
		}
	}
}

// flow adds a flow and its steps. A request that stands by itself is one entry.
func (r *resolver) flow(f *Flow) {
	if f.Label != "" || f.Hook != HookNone {
		block := "flow"
		if f.Hook != HookNone {
			block = string(f.Hook)
		}
		r.begin(f.Address(), block)
		if f.Hook == HookNone {
			r.number("weight", f.Weight)
		}
		r.set("on_failure", string(f.OnFailure), nil)
		sequence(r, "requests", f.Requests, func(q *Request) string { return q.Label })
	}
	for _, q := range byAddress(f.Requests) {
		r.request(q, f)
	}
}

func (r *resolver) request(q *Request, f *Flow) {
	r.begin(q.Address(), "request")
	if f.Label == "" && f.Hook == HookNone {
		r.number("weight", q.Weight)
	}
	if q.Pause.Kind != WaitNone {
		r.wait(q.Pause)
	}
	r.expression("when", q.When, (*printer).any)
	r.expression("repeat", q.Repeat, (*printer).any)
	r.set("method", q.Method, nil)
	r.expression("path", q.Path, (*printer).text)
	r.fields("query", q.Query, strings.Clone)
	r.fields("headers", q.Headers, strings.ToLower)
	r.body(q.Body)
	r.set("expect_status", q.ExpectStatus.canonical(), nil)
	r.timeout(q.Timeout, q.Class.Host)
	r.quoted("name", q.Name)
	r.tags(q.Tags)
	if len(q.Captures) > 1 { // one may use what another has captured
		sequence(r, "captures", q.Captures, func(c *Capture) string { return c.Name })
	}
	for _, c := range byName(q.Checks, func(c *Check) string { return c.Name }) {
		r.begin(q.Address()+".check."+c.Name, "check")
		r.expression("condition", c.Condition, (*printer).any)
	}
	for _, c := range byName(q.Captures, func(c *Capture) string { return c.Name }) {
		r.begin(q.Address()+".capture."+c.Name, "capture")
		r.expression("value", c.Value, (*printer).any)
	}
}

func (r *resolver) body(b Body) {
	switch b.Kind {
	case BodyText:
		r.expression("body", b.Expr, (*printer).text)
	case BodyJSON:
		r.expression("json", b.Expr, (*printer).any)
	case BodyForm:
		r.fields("form", b.Form, strings.Clone)
		if len(b.Form) == 0 {
			r.set("form", "{}", nil)
		}
	case BodyFile:
		r.bytes("body_file", b.Bytes)
	case BodyMultipart:
		if len(b.Parts) == 0 {
			r.set("multipart", "{}", nil)
		}
		for _, part := range byName(b.Parts, func(p Part) string { return p.Name }) {
			r.part(part)
		}
	}
}

func (r *resolver) part(p Part) {
	name := "multipart" + memberName(p.Name)
	if p.Value.IsSet() {
		r.expression(name, p.Value, (*printer).text)
	} else {
		r.bytes(name, p.Bytes)
	}
	if p.Filename != "" {
		r.set(name+".filename", quotedText(p.Filename), nil)
	}
	if p.ContentType != "" {
		r.set(name+".content_type", quotedText(p.ContentType), nil)
	}
}

func (r *resolver) scenarios() {
	for _, s := range byAddress(r.plan.Scenarios) {
		r.begin(s.Address(), "scenario")
		r.set("user_classes", addresses(s.UserClasses), nil)
		if len(s.After) > 0 {
			r.set("after", addresses(s.After), nil)
		}
		r.duration("start_delay", s.StartDelay)
		r.duration("graceful_stop", s.GracefulStop)
		if s.Open() {
			r.set("on_late", string(s.OnLate), nil)
			r.count("max_in_flight", int64(s.MaxInFlight))
		}
		sequence(r, "stages", s.Stages, func(st *Stage) string { return st.Name })
		for _, st := range byAddress(s.Stages) {
			r.begin(st.Address(), "stage")
			r.stage(st)
		}
	}
}

func (r *resolver) stage(st *Stage) {
	if st.Open {
		r.set("rate", rateText(st.Rate), &st.Rate)
		r.set("arrivals", string(st.Arrivals), nil)
	} else {
		r.count("users", int64(st.Users))
		r.rate("spawn_rate", st.SpawnRate)
	}
	r.optional("ramp", durationText(st.Ramp), secondsOf(st.Ramp), st.Ramp > 0)
	r.duration("duration", st.Duration)
	r.optional("iterations", fmt.Sprint(st.Iterations), floatOf(st.Iterations), st.Iterations > 0)
	r.flag("warmup", st.Warmup)
}

func (r *resolver) thresholds() {
	for _, t := range byAddress(r.plan.Thresholds) {
		r.begin(t.Address(), "threshold")
		r.set("metric", t.Metric.canonical(), nil)
		r.bound("target", t.Target, t.Metric.Unit)
		if t.Critical != nil {
			r.bound("critical", *t.Critical, t.Metric.Unit)
		} else {
			r.optional("critical", "", nil, false)
		}
		r.set("of", t.Of.String(), nil)
		r.set("outcome", string(t.Outcome), nil)
		if len(t.Stages) > 0 {
			r.set("stages", addresses(t.Stages), nil)
		}
		r.optional("per", "request", nil, t.PerRequest)
		r.optional("window", durationText(t.Window), secondsOf(t.Window), t.Window > 0)
		r.count("min_samples", t.MinSamples)
		if t.Abort != nil {
			r.inside("abort", func() {
				r.duration("for", t.Abort.For)
				r.duration("window", t.Abort.Window)
			})
		}
	}
}

func (r *resolver) probes() {
	for _, p := range byAddress(r.plan.Probes) {
		r.begin(p.Address(), "probe")
		r.set("kind", p.Kind, nil)
		r.host(p.Host)
		r.quoted("path", p.Path)
		r.set("method", p.Method, nil)
		r.fields("headers", p.Headers, strings.ToLower)
		r.timeout(p.Timeout, p.Host)
		r.set("expect_status", p.ExpectStatus.canonical(), nil)
		r.duration("interval", p.Interval)
		for _, g := range byName(p.Gauges, func(g Gauge) string { return g.Name }) {
			kind := "gauge"
			if g.Counter {
				kind = "counter"
			}
			r.begin(p.Address()+"."+g.Name, kind)
			r.set("kind", kind, nil)
			r.expression("value", g.Value, (*printer).any)
		}
	}
}

func (r *resolver) guards() {
	for _, g := range byAddress(r.plan.Guards) {
		r.begin(g.Address(), "guard")
		r.lines("hosts", sortedCopy(g.Hosts))
		r.optional("window", g.Window.canonical(), nil, g.Window != nil)
		if _, veiled := r.veiled("acknowledge"); veiled || len(g.Acknowledge) > 0 {
			r.lines("acknowledge", sortedCopy(g.Acknowledge))
		}
		r.optional("max_users", fmt.Sprint(g.MaxUsers), floatOf(int64(g.MaxUsers)), g.MaxUsers > 0)
		r.rate("max_rate", g.MaxRate)
		if g.Abort != nil {
			r.inside("abort", func() {
				r.set("metric", g.Abort.Metric.canonical(), nil)
				r.bound("bound", g.Abort.Bound, g.Abort.Metric.Unit)
				r.duration("for", g.Abort.For)
				r.duration("window", g.Abort.Window)
			})
		}
	}
}

// reports are told apart by their paths where there are several of a kind.
func (r *resolver) reports() {
	count := map[string]int{}
	for _, report := range r.plan.Reports {
		count[report.Kind]++
	}
	list := slices.Clone(r.plan.Reports)
	slices.SortStableFunc(list, func(a, b *Report) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Path, b.Path))
	})
	for _, report := range list {
		address := "report." + report.Kind
		if count[report.Kind] > 1 {
			address += "[" + quotedText(report.Path) + "]"
		}
		r.begin(address, "report")
		r.quoted("path", report.Path)
	}
}

// timeout adds a timeout that is its host's where the plan does not say another.
func (r *resolver) timeout(d time.Duration, h *Host) {
	r.duration("timeout", d)
	if h != nil && d == h.Timeout {
		e := &r.entries[len(r.entries)-1]
		e.Settings[len(e.Settings)-1].inherited = true
	}
}
