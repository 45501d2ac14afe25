package plan

import (
	"strings"
	"testing"
)

func TestForEach(t *testing.T) {
	p := loadFixture(t, "for_each.hcl")
	var hosts, classes, stages, thresholds, guards, reports []string
	for _, h := range p.Hosts {
		hosts = append(hosts, h.Address()+" "+h.BaseURL.String())
	}
	for _, c := range p.UserClasses {
		classes = append(classes, c.Address()+" "+c.Host.Name)
	}
	for _, s := range p.Scenarios {
		for _, st := range s.Stages {
			stages = append(stages, st.Address())
		}
	}
	for _, threshold := range p.Thresholds {
		thresholds = append(thresholds, threshold.Address()+" "+threshold.Metric.String())
	}
	for _, g := range p.Guards {
		guards = append(guards, g.Address()+" "+g.Hosts[0])
	}
	for _, r := range p.Reports {
		reports = append(reports, r.Kind+" "+r.Path)
	}
	eu := p.UserClasses[0]
	get := eu.Requests[1]
	compare(t, []resolved{
		{"hosts", hosts, []string{`host.api["eu"] http://eu.localhost`, `host.api["us"] http://us.localhost`}},
		{"classes", classes, []string{`user_class.member["eu"] api["eu"]`, `user_class.member["us"] api["us"]`}},
		{"requests", requestAddresses(eu.Requests), `request.get["notes"] request.get["tasks"] request.post flow.f["a"].request.step["one"] flow.f["a"].request.step["two"]`},
		{"rows", []string{eu.Requests[0].Name, eu.Requests[2].Name}, []string{`get["notes"]`, "post"}},
		{"weights", []float64{eu.Weight, eu.Requests[0].Weight, get.Weight}, []float64{10, 1, 3}},
		{"checks", []string{get.Checks[0].Name, get.Checks[1].Name}, []string{`ok["done"]`, `ok["title"]`}},
		{"captures", []string{get.Captures[0].Name, get.Captures[1].Name}, []string{`field["id"]`, `field["name"]`}},
		{"stages", stages, []string{
			`scenario.main["eu"].step["a"]`, `scenario.main["eu"].step["b"]`, `scenario.main["us"].step["a"]`, `scenario.main["us"].step["b"]`, "scenario.then.peak",
		}},
		{"levels", []int{p.Scenarios[0].Stages[0].Users, p.Scenarios[0].Stages[1].Users}, []int{1, 2}},
		{"classes of scenarios", []bool{p.Scenarios[1].UserClasses[0] == p.UserClasses[1], p.Scenarios[2].After[0] == p.Scenarios[0]}, []bool{true, true}},
		{"gauges", []string{p.Probes[0].Gauges[0].Name, p.Probes[0].Gauges[2].Name}, []string{`depth["max"]`, "plain"}},
		{"thresholds", thresholds, []string{
			`threshold.p95["notes"] response_time.p95`, `threshold.p95["tasks"] response_time.p95`, "threshold.step response_time.p99.5",
			`threshold.any["p50"] response_time.p50`, `threshold.any["p99.5"] response_time.p99.5`,
			`threshold.depth["eu"] probe.pool["eu"].depth["max"].max`, `threshold.depth["us"] probe.pool["us"].depth["max"].max`, `threshold.plain probe.pool["eu"].plain.max`,
		}},
		{"of", p.Thresholds[1].Of.Request == get, true},
		{"of a step", p.Thresholds[2].Of.String(), `user_class.member["us"].flow.f["a"].request.step["two"]`},
		{"guards", guards, []string{`guard.production["a"] a.example.org`, `guard.production["b"] b.example.org`}},
		{"reports", reports, []string{"json one.json", "json two.json"}},
	})
}

// TestForEachScope holds that what is evaluated while users run knows the key of
// its block.
func TestForEachScope(t *testing.T) {
	p := loadFixture(t, "for_each.hcl")
	get := p.UserClasses[0].Requests[1]
	for _, e := range []Expression{get.Path, get.Checks[0].Condition, get.Captures[0].Value, p.Probes[0].Gauges[0].Value, p.Hosts[0].Headers[1].Value} {
		each, ok := e.Scope.Variables["each"]
		if !ok || !each.GetAttr("key").IsKnown() {
			t.Errorf("%s: each is %#v", e.Range(), each)
		}
	}
	if key := get.Captures[0].Value.Scope.Variables["each"].GetAttr("key").AsString(); key != "id" {
		t.Errorf("the key of the capture is %q", key)
	}
}

func TestInstance(t *testing.T) {
	for _, key := range []string{"a", `with "quotes"`, "ü]", "b[0]", `c\d`} {
		if label, got, repeated := CutInstance(Instance("x", key)); label != "x" || got != key || !repeated {
			t.Errorf("%q became %q %q %v", key, label, got, repeated)
		}
	}
	if label, _, repeated := CutInstance("plain"); label != "plain" || repeated {
		t.Errorf("plain became %q %v", label, repeated)
	}
}

// TestForEachUnknown holds that what depends on a variable without a value is
// neither an error nor the cause of one.
func TestForEachUnknown(t *testing.T) {
	files := map[string]string{"plans/main.hcl": `
variable "regions" { type = set(string) }
host "api" {
  for_each = var.regions
  base_url = "http://localhost"
}
data "rows" {
  for_each = var.regions
  csv      = "absent.csv"
}
user_class "u" {
  for_each = var.regions
  host     = host.api[each.key]
  request "r" {
    path = "/"
  }
}
user_class "v" {
  host = host.api["eu"]
  request "r" {
    for_each = var.regions
    path     = "/${row.rows["eu"].a}/${vars.x}"
    capture "x" {
      for_each = var.regions
      value    = response.json
    }
  }
}
probe "p" {
  for_each = var.regions
  host     = host.api[each.key]
  path     = "/"
  gauge "g" { value = response.json }
}
scenario "s" {
  user_classes = [user_class.u["eu"], user_class.v]
  stage "peak" {
    for_each = var.regions
    users    = 1
    duration = "1m"
  }
}
threshold "t" {
  for_each = var.regions
  metric   = probe.p[each.key].g.max
  target   = "< 1"
}
threshold "one" {
  metric = probe.p["eu"].g.max
  target = "< 1"
  stages = [scenario.s.peak["eu"]]
}
`}
	p, diags := load(Inputs{AllowMissing: true}, files)
	if len(diags) > 0 {
		t.Error(messages(diags))
	}
	if !p.Incomplete() {
		t.Error("the plan is complete")
	}
	_, diags = load(Inputs{}, files)
	if len(diags) != 1 || !strings.HasPrefix(diags[0].Summary, "Variable without a value") {
		t.Errorf("without the variable:\n%s", messages(diags))
	}
}
