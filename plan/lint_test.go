package plan

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"

	"bossplan/plan/diag"
)

// lintBase is a plan that nothing is to be said about: 1,000 users who wait 2 s
// for 15 minutes.
const lintBase = `
host "api" {
  base_url = "http://127.0.0.1:8000"
  timeout  = "30s"
}

user_class "member" {
  host = host.api
  wait = between("1s", "3s")
  request "list" {
    weight = 3
    path   = "/tasks"
  }
  request "create" {
    method = "POST"
    path   = "/tasks"
  }
}

scenario "main" {
  user_classes = [user_class.member]
  stage "peak" {
    users      = 1000
    spawn_rate = 100
    duration   = "15m"
  }
}
`

// loadText loads a plan from a text.
func loadText(t *testing.T, src string) *Plan {
	t.Helper()
	return loadFiles(t, map[string]string{"p.hcl": src})
}

// loadFiles loads the plan p.hcl and what it imports.
func loadFiles(t *testing.T, files map[string]string) *Plan {
	t.Helper()
	p, diags := Load("plans/p.hcl", Inputs{ReadFile: func(name string) ([]byte, error) {
		src, ok := files[filepath.Base(name)]
		if !ok {
			return nil, os.ErrNotExist
		}
		return []byte(src), nil
	}})
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, files)
	}
	return p
}

// threshold is a threshold block named t.
func threshold(metric, target string, more ...string) string {
	return fmt.Sprintf("threshold \"t\" {\n  metric = %s\n  target = %q\n  %s\n}\n", metric, target, strings.Join(more, "\n  "))
}

func TestLint(t *testing.T) {
	users := func(n string) *strings.Replacer { return strings.NewReplacer("= 1000", "= "+n, "spawn_rate = 100", "") }
	open := strings.NewReplacer("users      = 1000\n    spawn_rate = 100", "rate = \"1000/min\"\n arrivals = \"even\"")
	for _, c := range []struct {
		name   string
		edit   *strings.Replacer // of lintBase
		more   string
		id     string // "" : nothing is said
		source string // that the warning points at
		detail string
	}{
		{name: "nothing"},

		{
			name: "throughput that cannot fail", more: threshold("metric.requests.rate", ">= 1000/min"),
			id: "threshold-cannot-fail", source: `">= 1000/min"`, detail: `about 29,800/min if answers come at once and 1,860/min if every answer takes until its timeout`,
		},
		{
			name: "throughput that slow answers break", edit: strings.NewReplacer(`"30s"`, `"120s"`),
			more: threshold("metric.requests.rate", ">= 1000/min"),
		},
		{
			name: "throughput that only very slow answers break", edit: strings.NewReplacer(`"30s"`, `"120s"`),
			more: threshold("metric.requests.rate", ">= 1000/min") + `threshold "p95" {
  metric   = metric.response_time.p95
  target   = "< 500ms"
  critical = "< 2s"
}`,
			id: "threshold-cannot-fail", source: `">= 1000/min"`, detail: "still holds if every answer takes 10s, 5 times what threshold.p95 allows",
		},
		{name: "throughput near what is offered", more: threshold("metric.requests.rate", ">= 25000/min")},
		{
			name: "throughput that cannot be met", edit: users("50"), more: threshold("metric.requests.rate", ">= 100/s"),
			id: "unreachable-throughput", source: `">= 100/s"`, detail: `about 25/s, which is not ">= 100/s"`,
		},
		{name: "throughput within chance", edit: users("50"), more: threshold("metric.requests.rate", ">= 25/s")},
		{
			name: "throughput of one request", edit: users("50"), more: threshold("metric.requests.rate", ">= 10/s", "of = user_class.member.request.create"),
			id: "unreachable-throughput", source: `">= 10/s"`, detail: "about 6.25/s",
		},
		{
			name: "open rate", edit: open, more: threshold("metric.requests.rate", ">= 1001/min"),
			id: "unreachable-throughput", source: `">= 1001/min"`, detail: "about 1,000/min",
		},
		{
			name: "count that cannot be met", edit: users("10"), more: threshold("metric.requests.count", ">= 1000000"),
			id: "unreachable-throughput", source: `">= 1000000"`, detail: "about 4,500 requests",
		},
		{
			name: "load that is too high at least", more: threshold("metric.requests.rate", "< 1000/min"),
			id: "unreachable-throughput", source: `"< 1000/min"`, detail: "Plan less load",
		},
		{
			name: "load that is never too high", edit: users("10"), more: threshold("metric.requests.rate", "< 1000/min"),
			id: "threshold-cannot-fail", source: `"< 1000/min"`, detail: "always holds",
		},
		{
			name: "count below zero", more: threshold("metric.errors.count", "< 0"),
			id: "threshold-cannot-be-met", source: `"< 0"`, detail: "errors.count is never below 0",
		},
		{
			name: "all errors allowed", more: threshold("metric.errors.rate", "<= 100%"),
			id: "threshold-cannot-fail", source: `"<= 100%"`, detail: "between 0 and 1",
		},
		{name: "no errors allowed", more: threshold("metric.errors.rate", "== 0")},
		{
			name: "bound above the timeout", more: threshold("metric.response_time.p95", "< 60s"),
			id: "threshold-cannot-fail", source: `"< 60s"`, detail: "at most 30s",
		},
		{name: "bound above the timeout, open model", edit: open, more: threshold("metric.response_time.p95", "< 60s")},
		{
			name: "bound above the timeout of service", edit: open, more: threshold("metric.service_time.p95", "< 60s"),
			id: "threshold-cannot-fail", source: `"< 60s"`, detail: "at most 30s",
		},

		{
			name: "p99 of few", edit: strings.NewReplacer("1000", "1", `"15m"`, `"100s"`), more: threshold("metric.response_time.p99", "< 1s"),
			id: "too-few-samples", source: `"< 1s"`, detail: "A p99 needs at least 100 samples, or it is nearly their maximum. The planned load makes at most about 50 requests in its scope.",
		},
		{name: "p95 of enough", edit: strings.NewReplacer("1000", "1", `"15m"`, `"100s"`), more: threshold("metric.response_time.p95", "< 1s")},
		{
			name: "p99.9 per request", edit: strings.NewReplacer("1000", "1", `"15m"`, `"1h"`), more: threshold("metric.response_time.p999", "< 1s", `per = "request"`),
			id: "too-few-samples", source: `"< 1s"`, detail: "at least 1,000 samples, or it is nearly their maximum. The planned load makes at most about 450 of user_class.member.request.create.",
		},
		{
			name: "p99 in a window", edit: users("10"), more: threshold("metric.response_time.p99", "< 1s", `window = "10s"`),
			id: "too-few-samples", source: `"< 1s"`, detail: "at most about 50 requests in its scope in a window of 10s",
		},
		{
			name: "min_samples", edit: users("10"), more: threshold("metric.response_time.mean", "< 1s", "min_samples = 100000"),
			id: "too-few-samples", source: `"< 1s"`, detail: "asks for 100,000 samples or more",
		},
		{name: "failed requests are not planned", edit: users("10"), more: threshold("metric.response_time.p9999", "< 1s", `outcome = "failed"`)},

		{
			name: "ramp", edit: strings.NewReplacer("100\n", "10\n", `"15m"`, `"30s"`),
			id: "ramp-cut", source: "1000", detail: "Coming from 0 to 1,000 users takes 1m40s, but the stage lasts 30s: it ends at 300 users.",
		},
		{
			name: "unused class", more: "user_class \"admin\" {\n  host = host.api\n  request \"a\" { path = \"/\" }\n}\n",
			id: "user-class-never-used", source: `user_class "admin"`, detail: "No scenario names user_class.admin",
		},
		{
			name: "unused host", more: "host \"old\" { base_url = \"http://127.0.0.1:1\" }\n",
			id: "host-never-used", source: `host "old"`, detail: "host.old",
		},
		{
			name: "weight 0", edit: strings.NewReplacer("method = \"POST\"", "weight = 0"),
			id: "request-never-made", source: `request "create"`, detail: "user_class.member.request.create has weight 0",
		},
		{
			name: "class without users", edit: strings.NewReplacer("[user_class.member]", "[user_class.member, user_class.admin]", "host = host.api\n", "host = host.api\n weight = 1\n"),
			more: "user_class \"admin\" {\n  fixed_count = 1000\n  wait = constant(\"1s\")\n  host = host.api\n  request \"a\" { path = \"/\" }\n}\n",
			id:   "user-class-without-users", source: `user_class "member"`, detail: "fixed_count take all of the users",
		},
		{
			name: "no wait", edit: strings.NewReplacer("wait = between(\"1s\", \"3s\")", ""),
			id: "no-wait", source: `user_class "member"`, detail: "1,000 users of user_class.member ask again as soon as they are answered",
		},
		{name: "no wait, some users", edit: strings.NewReplacer("wait = between(\"1s\", \"3s\")", "", "= 1000", "= 100")},
		{name: "no wait, iterations", edit: strings.NewReplacer("wait = between(\"1s\", \"3s\")", "", "= 1000", "= 1000\n iterations = 5000")},
		{name: "no wait, max_rate", edit: strings.NewReplacer("wait = between(\"1s\", \"3s\")", "", `"30s"`, "\"30s\"\n max_rate = \"100/s\"")},
		{
			name: "abort", more: threshold("metric.errors.rate", "< 1%", "abort { for = \"15m\" }"),
			id: "abort-cannot-happen", source: "abort", detail: "broken for 15m before the run is stopped, but only 15m is judged",
		},
		{name: "abort in time", more: threshold("metric.errors.rate", "< 1%", "abort { for = \"30s\" }")},
		{
			name: "unused variable", more: "variable \"spare\" { default = 1 }\n",
			id: "variable-never-used", source: `variable "spare"`, detail: "Nothing in the plan's files uses var.spare",
		},
		{name: "used variable", edit: strings.NewReplacer(`"15m"`, `var["spare"]`), more: "variable \"spare\" { default = \"15m\" }\n"},
		{
			name: "unused local", more: "locals { spare = 1 + 1 }\n",
			id: "local-never-used", source: `1 + 1`, detail: "Nothing in the plan's files uses local.spare",
		},
		{name: "used local", edit: strings.NewReplacer(`"/tasks"`, `"/tasks/${local.spare}"`), more: "locals { spare = 1 + 1 }\n"},
		{
			name: "fixed counts do not fit", edit: strings.NewReplacer("host = host.api\n", "host = host.api\n fixed_count = 1001\n"),
			id: "fixed-count-cut", source: `scenario "main"`, detail: "1001 users in all, but there are never more than 1,000 users",
		},
		{
			name: "no load", edit: strings.NewReplacer("users      = 1000", "users = 0"),
			id: "no-load", source: `scenario "main"`, detail: "Every stage of scenario.main is at 0 users",
		},
		{
			name: "all warm-up", edit: strings.NewReplacer("users      = 1000", "users = 1000\n warmup = true"),
			id: "nothing-judged", source: `scenario "main"`, detail: "Every stage of the plan is a warm-up",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			src := lintBase
			if c.edit != nil {
				src = c.edit.Replace(src)
			}
			src += c.more
			diags := Lint(loadText(t, src), Machine{})
			if c.id == "" {
				if len(diags) != 0 {
					t.Errorf("%v", diags)
				}
				return
			}
			if len(diags) != 1 {
				t.Fatalf("%d warnings, want one: %v", len(diags), diags)
			}
			d := diags[0]
			lint, _ := hcl.DiagnosticExtra[diag.Lint](d)
			if lint.ID != c.id || d.Severity != hcl.DiagWarning || lint.Address == "" {
				t.Errorf("%+v of severity %v, want %s", lint, d.Severity, c.id)
			}
			if got := string(d.Subject.SliceBytes([]byte(src))); got != c.source {
				t.Errorf("points at %q, want %q", got, c.source)
			}
			if !strings.Contains(d.Detail, c.detail) {
				t.Errorf("detail %q does not contain %q", d.Detail, c.detail)
			}
		})
	}
}

func TestLintLibrary(t *testing.T) {
	library, _, _ := strings.Cut(lintBase, "scenario")
	if diags := Lint(loadText(t, library), Machine{}); len(diags) != 0 {
		t.Errorf("alone: %v", diags)
	}
	unused := "host \"old\" { base_url = \"http://127.0.0.1:1\" }\n"
	plan := strings.Replace(lintBase, library, "import { source = \"lib.hcl\" }\n", 1)
	if diags := Lint(loadFiles(t, map[string]string{"p.hcl": plan, "lib.hcl": library + unused}), Machine{}); len(diags) != 0 {
		t.Errorf("imported: %v", diags)
	}
}

func TestLintUnbounded(t *testing.T) {
	src := strings.Replace(lintBase, `wait = between("1s", "3s")`, "", 1) +
		threshold("metric.requests.rate", ">= 1000/s") + strings.Replace(threshold("metric.requests.count", "< 1000"), `"t"`, `"count"`, 1)
	// 1,000 users without waits make 33/s at the timeout and any number at once:
	// neither bound is decided, except that 1,000 requests are made even then.
	diags := Lint(loadText(t, src), Machine{})
	if len(diags) != 2 || !strings.Contains(diags[0].Detail, "1,000 users of user_class.member ask again") || !strings.Contains(diags[1].Detail, "about 29,800 requests") {
		t.Errorf("%v", diags)
	}
}

func TestSamplesFor(t *testing.T) {
	for q, want := range map[float64]float64{50: 2, 90: 10, 95: 20, 99: 100, 99.5: 200, 99.9: 1000, 99.99: 10000, 100: 0, 0: 0, 1: 100} {
		if got := samplesFor(q); got != want {
			t.Errorf("p%v needs %v samples, want %v", q, got, want)
		}
	}
}

// A hostile plan is linted in time: it is large in every direction.
func TestLintLarge(t *testing.T) {
	class := testClass("big", 1, betweenWait(time.Second, 3*time.Second))
	for i := range 10000 {
		r := &Request{Class: class, Label: fmt.Sprint("r", i), Weight: 1, Timeout: time.Minute}
		addChoice(&Flow{Class: class, Weight: 1, Requests: []*Request{r}})
	}
	s := testScenario("main", []*UserClass{class}, &Stage{Users: 1000, Duration: math.MaxInt64}, &Stage{Users: 1 << 50, SpawnRate: 1e-9, Iterations: math.MaxInt64, Duration: math.MaxInt64})
	p := &Plan{Scenarios: []*Scenario{s}, UserClasses: []*UserClass{class}, Hosts: []*Host{class.Host}}
	for range 20 {
		p.Thresholds = append(p.Thresholds, &Threshold{
			Name: "t", Metric: Metric{Name: "response_time", Statistic: "p99", Quantile: 99, Unit: UnitTime},
			Target: Bound{Op: "<", Value: 500}, PerRequest: true, MinSamples: 1,
		})
	}
	start := time.Now()
	Lint(p, Machine{})
	p.Estimate(time.Second)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestMemberText(t *testing.T) {
	for text, want := range map[string]string{
		".users":            "users",
		" . users/2":        "users",
		`["users"]`:         "users",
		`[ \"users\"]`:      "users",
		".e\u0301t\u00e9 +": "e\u0301t\u00e9",
		".a-b_1.c":          "a-b_1",
		"iable":             "",
		"[0]":               "",
		"":                  "",
		"[":                 "",
	} {
		if got := memberText([]byte(text)); got != want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}
