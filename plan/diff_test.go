package plan

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const diffBase = `
variable "users" { default = 1000 }
variable "token" {
  default   = "s3cr3t-t0ken"
  sensitive = true
}
locals { api = "/api" }
host "api" {
  base_url = "https://api.test"
  headers  = { Authorization = "Bearer ${var.token}" }
  tls { server_name = "api.test" }
}
host "other" { base_url = "https://other.test" }
user_class "member" {
  host = host.api
  wait = between("1s", "3s")
  request "list" {
    weight = 10
    path   = "${local.api}/tasks"
    check "ok" { condition = response.json.ok }
  }
  request "get" {
    weight        = 10
    path          = "/api/tasks/1"
    expect_status = [200, 404]
  }
}
scenario "main" {
  user_classes = [user_class.member]
  stage "warm" {
    users    = 10
    duration = "1m"
    warmup   = true
  }
  stage "peak" {
    users      = var.users
    spawn_rate = 100
    duration   = "10m"
  }
}
threshold "p95" {
  metric     = metric.response_time.p95
  target     = "< 500ms"
  critical   = "< 1s"
  window     = "10s"
  abort { for = "30s" }
}
threshold "rate" {
  metric = metric.requests.rate
  target = ">= 1000/min"
}
guard "production" {
  hosts       = ["*.test", "10.0.0.0/8"]
  window      = "02:00-05:00 UTC"
  acknowledge = ["team informed", "rollback ready"]
  max_users   = 5000
  max_rate    = "100/s"
  abort {
    metric = metric.errors.rate
    bound  = "> 20%"
    for    = "30s"
  }
}
`

// outlined is a difference as short lines: severity, action, address, settings.
func outlined(d *Difference) []string {
	lines := []string{}
	for _, c := range d.Changes {
		if c.Action != ActionChanged {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s: %s %s %s", c.Severity, c.Action, c.Address, strings.Join(c.Notes, "; "))))
			continue
		}
		for _, note := range c.Notes {
			lines = append(lines, fmt.Sprintf("%s: %s: %s", c.Severity, c.Address, note))
		}
		for _, s := range c.Settings {
			line := fmt.Sprintf("%s: %s %s %s → %s", s.Severity, c.Address, s.Name, s.From, s.To)
			if s.Percent != nil {
				line += fmt.Sprintf(" (%+.0f%%)", *s.Percent)
			}
			if s.Note != "" {
				line += ": " + s.Note
			}
			lines = append(lines, line)
		}
	}
	return lines
}

func TestDiff(t *testing.T) {
	base := resolveFiles(t, map[string]string{"plan.hcl": diffBase}, Inputs{})
	for _, c := range []struct {
		name string
		edit []string // pairs of old and new
		want []string
	}{
		{"layout", []string{"  wait = between(\"1s\", \"3s\")", "\n  # a comment\n  wait   =   between(\"1s\", 3)"}, nil},
		{"local", []string{`locals { api = "/api" }`, `locals { root = "/api" }`, "local.api", "local.root"}, nil},
		{"users", []string{"default = 1000", "default = 1200"}, []string{
			"changed: variable.users value 1000 → 1200 (+20%)",
			"changed: scenario.main.peak users 1000 → 1200 (+20%)",
		}},
		{"host", []string{"https://api.test", "https://live.test"}, []string{
			"danger: host.api base_url https://api.test → https://live.test: the plan points at another host",
		}},
		{"path of the host", []string{"https://api.test", "https://api.test/v2"}, []string{
			"changed: host.api base_url https://api.test → https://api.test/v2",
		}},
		{"no encryption", []string{"https://api.test", "http://api.test:443"}, []string{
			"danger: host.api base_url https://api.test → http://api.test:443: nothing is encrypted any more",
		}},
		{"class moves", []string{"host = host.api", "host = host.other"}, []string{
			"changed: user_class.member host host.api → host.other: its users go to another host",
		}},
		{"certificates", []string{`tls { server_name = "api.test" }`, `tls { insecure_skip_verify = true }`}, []string{
			"danger: host.api tls.insecure_skip_verify false → true: any certificate is accepted",
			`changed: host.api tls.server_name "api.test" → `,
		}},
		{"secret in plain text", []string{"${var.token}", "hunter2-hunter2"}, []string{
			"danger: host.api headers.authorization (sensitive) → (plain text, not shown): what was sensitive is plain text now",
		}},
		{"secret elsewhere", []string{`check "ok" { condition = response.json.ok }`, `body = "x s3cr3t-t0ken"`}, []string{
			"danger: user_class.member.request.list body  → (plain text, not shown): what was sensitive is plain text now",
			"loosened: removed user_class.member.request.list.check.ok answers are not held to this any more",
		}},
		{"variable is no secret", []string{"  sensitive = true\n", ""}, []string{
			"danger: variable.token value (sensitive) → (plain text, not shown): what was sensitive is plain text now",
			"danger: variable.token sensitive true → false: its value may be shown now",
			"danger: host.api headers.authorization (sensitive) → (plain text, not shown): what was sensitive is plain text now",
		}},
		{"another secret", []string{"s3cr3t-t0ken", "an0ther-t0ken"}, []string{
			"changed: variable.token value (sensitive) → (sensitive): another secret",
			"changed: host.api headers.authorization (sensitive) → (sensitive): another secret",
		}},
		{"weight", []string{"weight = 10\n", "weight = 14\n"}, []string{"changed: user_class.member.request.list weight 10 → 14 (+40%)"}},
		{"check", []string{"response.json.ok", "(response.json.ok)"}, nil},
		{"more statuses", []string{"[200, 404]", "[200, 404, 500]"}, []string{
			"loosened: user_class.member.request.get expect_status 200, 404 → 200, 404, 500: more answers are no failure",
		}},
		{"fewer statuses", []string{"[200, 404]", "[200]"}, []string{
			"tightened: user_class.member.request.get expect_status 200, 404 → 200: fewer answers are no failure",
		}},
		{"new write", []string{`request "get" {`, "request \"make\" {\n method = \"POST\"\n path = \"/\"\n }\n request \"get\" {"}, []string{
			"danger: added user_class.member.request.make a new write against host.api, which guard.production protects",
		}},
		{"becomes a write", []string{`path          = "/api/tasks/1"`, "path = \"/api/tasks/1\"\n method = \"DELETE\""}, []string{
			"danger: user_class.member.request.get: a new write against host.api, which guard.production protects",
			"changed: user_class.member.request.get method GET → DELETE",
		}},
		{"write in a new class", []string{`scenario "main"`, "user_class \"w\" {\n host = host.api\n request \"a\" {\n path = \"/\"\n }\n request \"b\" {\n path = \"/\"\n method = \"PUT\"\n }\n }\nscenario \"main\""}, []string{
			"danger: added user_class.w.request.b a new write against host.api, which guard.production protects",
			"changed: added user_class.w",
		}},
		{"longer warm-up", []string{`duration = "1m"`, `duration = "5m"`}, []string{
			"loosened: scenario.main.warm duration 1m → 5m (+400%): a longer warm-up: less is judged",
		}},
		{"warm-up that was not", []string{`duration   = "10m"`, "duration = \"10m\"\n warmup = true"}, []string{
			"loosened: scenario.main.peak warmup false → true: what happens in it is not judged any more",
		}},
		{"new stage", []string{`stage "peak"`, "stage \"mid\" {\n users = 10\n duration = \"1m\"\n }\n stage \"peak\""}, []string{
			"changed: added scenario.main.mid",
		}},
		{"order of stages", []string{`stage "warm"`, `stage "x"`, `stage "peak"`, `stage "warm"`, `stage "x"`, `stage "peak"`, `users    = 10`, `users = var.users`, "users      = var.users\n    spawn_rate = 100", "users = 10",
			`duration = "1m"`, `duration = "10m"`, "    warmup   = true\n", "    spawn_rate = 100\n", `duration   = "10m"`, "duration = \"1m\"\n    warmup = true"}, []string{
			"changed: scenario.main stages [warm, peak] → [peak, warm]",
		}},
		{"target", []string{`"< 500ms"`, `"< 0.8s"`}, []string{"loosened: threshold.p95 target < 500ms → < 800ms (+60%)"}},
		{"tighter target", []string{`"< 500ms"`, `"< 400ms"`}, []string{"tightened: threshold.p95 target < 500ms → < 400ms (-20%)"}},
		{"lower rate", []string{`">= 1000/min"`, `">= 500/min"`}, []string{"loosened: threshold.rate target >= 1000/min → >= 500/min (-50%)"}},
		{"other way", []string{`">= 1000/min"`, `"<= 1000/min"`}, []string{"loosened: threshold.rate target >= 1000/min → <= 1000/min (+0%): other values meet it"}},
		{"no critical", []string{"  critical   = \"< 1s\"\n", ""}, []string{
			"loosened: threshold.p95 critical < 1s → : missing the target is a warning at worst",
		}},
		{"new critical", []string{`target = ">= 1000/min"`, "target = \">= 1000/min\"\n critical = \">= 500/min\""}, []string{
			"tightened: threshold.rate critical  → >= 500/min",
		}},
		{"lower percentile", []string{"response_time.p95", "response_time.p50"}, []string{
			"loosened: threshold.p95 metric response_time.p95 → response_time.p50: it looks at fewer of the slow requests",
		}},
		{"scope", []string{`metric = metric.requests.rate`, "metric = metric.requests.rate\n of = user_class.member\n min_samples = 5\n stages = [scenario.main.peak]"}, []string{
			"changed: threshold.rate of all → user_class.member: changed scope",
			"changed: threshold.rate stages  → [scenario.main.peak]: changed scope",
			"changed: threshold.rate min_samples 1 → 5 (+400%): changed scope",
		}},
		{"fewer requests", []string{"metric     = metric.response_time.p95", "metric = metric.response_time.p95\n of = user_class.member.request.list\n stages = [scenario.main.peak]\n outcome = \"failed\""}, []string{
			"loosened: threshold.p95 of all → user_class.member.request.list: it looks at less",
			"loosened: threshold.p95 outcome ok → failed: it looks at other requests",
			"loosened: threshold.p95 stages  → [scenario.main.peak]: it looks at less",
		}},
		{"another metric", []string{"response_time.p95", "service_time.p95"}, []string{
			"loosened: threshold.p95 metric response_time.p95 → service_time.p95: nothing asserts response_time.p95 any more",
		}},
		{"mean", []string{"response_time.p95", "response_time.mean"}, []string{
			"loosened: threshold.p95 metric response_time.p95 → response_time.mean: nothing asserts response_time.p95 any more",
		}},
		{"the slowest", []string{"response_time.p95", "response_time.max"}, []string{
			"tightened: threshold.p95 metric response_time.p95 → response_time.max",
		}},
		{"longer windows", []string{`window     = "10s"`, `window = "30s"`}, []string{
			"loosened: threshold.p95 window 10s → 30s (+200%): what is short counts for less",
		}},
		{"no window", []string{"  window     = \"10s\"\n", ""}, []string{
			"loosened: threshold.p95 window 10s → : the bound must hold for the whole only",
		}},
		{"no abort", []string{"  abort { for = \"30s\" }\n", ""}, []string{
			"loosened: threshold.p95 abort.for 30s → : the run does not stop by itself any more",
			"loosened: threshold.p95 abort.window 10s → ",
		}},
		{"later abort", []string{`abort { for = "30s" }`, `abort { for = "60s" }`}, []string{
			"loosened: threshold.p95 abort.for 30s → 1m (+100%): the run stops later",
		}},
		{"guard's hosts", []string{`["*.test", "10.0.0.0/8"]`, `["*.test", "*.example.org"]`}, []string{
			`danger: guard.production hosts ["*.test", "10.0.0.0/8"] → ["*.example.org", "*.test"]: it does not protect 10.0.0.0/8 any more`,
		}},
		{"guard's hosts in fewer words", []string{`["*.test", "10.0.0.0/8"]`, `["*t", "10.0.0.0/7"]`}, []string{
			`tightened: guard.production hosts ["*.test", "10.0.0.0/8"] → ["*t", "10.0.0.0/7"]`,
		}},
		{"guard's window", []string{"02:00-05:00 UTC", "02:00-06:00 UTC"}, []string{
			"danger: guard.production window 02:00-05:00 UTC → 02:00-06:00 UTC: runs may start at other times",
		}},
		{"guard's narrower window", []string{"02:00-05:00 UTC", "03:00-05:00 UTC"}, []string{
			"tightened: guard.production window 02:00-05:00 UTC → 03:00-05:00 UTC",
		}},
		{"guard's lines", []string{`"team informed", `, ""}, []string{
			`danger: guard.production acknowledge ["rollback ready", "team informed"] → ["rollback ready"]: fewer lines must be given`,
		}},
		{"guard's limits", []string{"max_users   = 5000", "max_users = 9000", "  max_rate    = \"100/s\"\n", ""}, []string{
			"danger: guard.production max_users 5000 → 9000 (+80%): it lets more load through",
			"danger: guard.production max_rate 100/s → : there is no limit any more",
		}},
		{"guard's lower limit", []string{"max_users   = 5000", "max_users = 4000"}, []string{"tightened: guard.production max_users 5000 → 4000 (-20%)"}},
		{"guard's abort", []string{`"> 20%"`, `"> 50%"`, "for    = \"30s\"", "for = \"20s\""}, []string{
			"danger: guard.production abort.bound > 20% → > 50% (+150%): the run goes on where it would have stopped",
			"tightened: guard.production abort.for 30s → 20s (-33%)",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			head := resolveFiles(t, map[string]string{"plan.hcl": rewritten(t, c.edit)}, Inputs{})
			got := outlined(Diff(base, head))
			if d := cmp.Diff(append([]string{}, c.want...), got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
			if back := outlined(Diff(head, base)); len(back) == 0 != (len(got) == 0) {
				t.Errorf("the other way round there is %q", back)
			}
		})
	}
}

// rewritten is the base plan with replacements made one after the other.
func rewritten(t *testing.T, pairs []string) string {
	t.Helper()
	text := diffBase
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("the plan has no %q", pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// TestDiffWhole compares plans that came, went, or lost a whole block.
func TestDiffWhole(t *testing.T) {
	load := func(text string) *Plan { return resolveFiles(t, map[string]string{"plan.hcl": text}, Inputs{}) }
	base := load(diffBase)
	guard := diffBase[strings.Index(diffBase, "guard "):]
	for name, c := range map[string]struct {
		base, head *Plan
		want       []string
	}{
		"guard removed": {base, load(strings.TrimSuffix(diffBase, guard)), []string{
			"danger: removed guard.production no guard applies to host.api and host.other any more",
		}},
		"guard replaced": {base, load(strings.Replace(diffBase, `guard "production"`, `guard "live"`, 1)), []string{
			"danger: removed guard.production it protected *.test and 10.0.0.0/8",
			"tightened: added guard.live",
		}},
		"threshold removed": {base, load(rewritten(t, []string{"threshold \"rate\" {\n  metric = metric.requests.rate\n  target = \">= 1000/min\"\n}\n", ""})), []string{
			"loosened: removed threshold.rate nothing asserts this any more",
		}},
		"plan removed": {base, nil, []string{"loosened: removed plan nothing of it is run or judged any more"}},
		"both missing": {nil, nil, []string{}},
		"the same":     {base, base, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, outlined(Diff(c.base, c.head))); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
	added := Diff(nil, base)
	if added.Empty() || added.Count(Danger) > 0 {
		t.Errorf("a new plan that only reads is %q", outlined(added))
	}
}

// TestDiffLoad compares what loads come to.
func TestDiffLoad(t *testing.T) {
	base := resolveFiles(t, map[string]string{"plan.hcl": diffBase}, Inputs{})
	head := resolveFiles(t, map[string]string{"plan.hcl": rewritten(t, []string{"default = 1000", "default = 2000", "weight = 10\n", "weight = 30\n"})}, Inputs{})
	d := Diff(base, head)
	var got []string
	for _, f := range d.Load {
		got = append(got, f.Name+" "+f.From+" → "+f.To)
	}
	for _, s := range d.Shares {
		got = append(got, fmt.Sprintf("%s %.2f → %.2f", s.Address, s.Base, s.Head))
	}
	want := []string{
		"peak users 1,000 → 2,000", "user-minutes 9,930 → 19,700", "duration 11m → 11m", "judged time 10m → 10m",
		"expected requests 281,000 → 557,000", "expected rate 426/s → 844/s",
		"user_class.member.request.get 0.50 → 0.25", "user_class.member.request.list 0.50 → 0.75",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	open := resolveFiles(t, map[string]string{"plan.hcl": rewritten(t, []string{"default = 1000", "type = number"})}, Inputs{})
	if d := Diff(base, open); len(d.Load) > 0 || cmp.Diff([]string{"var.users"}, d.NotLoaded) != "" {
		t.Errorf("without a value the load is %v, for want of %v", d.Load, d.NotLoaded)
	}
	endless := resolveFiles(t, map[string]string{"plan.hcl": rewritten(t, []string{"  wait = between(\"1s\", \"3s\")\n", ""})}, Inputs{})
	for _, f := range Diff(base, endless).Load {
		if f.Percent != nil && (math.IsInf(*f.Percent, 0) || math.IsNaN(*f.Percent)) {
			t.Errorf("%s changes by %v", f.Name, *f.Percent)
		}
	}
}

func TestWindowCovers(t *testing.T) {
	window := func(text string) *TimeWindow {
		p := resolveFiles(t, map[string]string{"plan.hcl": strings.Replace(diffBase, "02:00-05:00 UTC", text, 1)}, Inputs{})
		return p.Guards[0].Window
	}
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"02:00-05:00 UTC", "02:00-05:00 UTC", true},
		{"02:00-05:00 UTC", "03:00-04:00 UTC", true},
		{"02:00-05:00 UTC", "01:00-04:00 UTC", false},
		{"22:00-02:00 UTC", "23:00-01:00 UTC", true},
		{"22:00-02:00 UTC", "01:00-02:00 UTC", true},
		{"22:00-02:00 UTC", "01:00-03:00 UTC", false},
		{"22:00-02:00 UTC", "12:00-13:00 UTC", false},
		{"02:00-05:00 UTC", "02:00-05:00 Europe/Berlin", false},
	} {
		if got := window(c.a).covers(window(c.b)); got != c.want {
			t.Errorf("%s covers %s: %v", c.a, c.b, got)
		}
	}
}

func TestPatternCovers(t *testing.T) {
	for _, test := range []struct {
		pattern, other string
		want           bool
	}{
		{"*", "10.0.0.0/8", true},
		{"10.0.0.0/8", "10.1.0.0/16", true},
		{"10.1.0.0/16", "10.0.0.0/8", false},
		{"10.0.0.0/8", "2001:db8::/32", false},
		{"10.0.0.0/8", "10.1.2.3", true},
		{"10.*", "10.1.2.3", true},
		{"10.0.0.*", "10.0.0.0/8", false},
		{"*.example.org", "api.example.org", true},
		{"*.org", "*.example.org", true},
		{"a.example.org", "*.example.org", false},
		{"*.example.org", "*example.org", false},
	} {
		if got := patternCovers(test.pattern, test.other); got != test.want {
			t.Errorf("%s covers %s: %t", test.pattern, test.other, got)
		}
	}
}
