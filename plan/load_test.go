package plan

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan/diag"
	"bossplan/plan/quantity"
)

// TestResolved looks at what became of the fixture that has everything.
func TestResolved(t *testing.T) {
	p, diags := Load("testdata/valid/everything.hcl", Inputs{Env: fixtureEnv})
	if len(diags) > 0 {
		t.Fatal(messages(diags))
	}
	api, member := p.Hosts[0], p.UserClasses[0]
	peak, steady := p.Scenarios[0].Stages[1], p.Scenarios[1].Stages[0]
	slowest := p.Thresholds[0]
	for _, test := range []struct {
		what      string
		got, want any
	}{
		{"name", p.Name, "everything"},
		{"base_url", api.BaseURL.String(), "https://eu.example.test:8443/base"},
		{"timeout", api.Timeout, 90 * time.Second},
		{"http", api.HTTP, "2"},
		{"connections", api.Connections, 10},
		{"local_addresses", fmt.Sprint(api.LocalAddresses), "[10.0.0.2 10.0.0.1]"},
		{"max_rate", api.MaxRate, 100.0},
		{"headers", fieldNames(api.Headers), "X-Region eu X-Token X-Root"},
		{"session resumption", []Resumption{api.TLS.Resumption, p.Hosts[1].TLS.Resumption}, []Resumption{ResumptionShared, ResumptionUser}},
		{"ca_file", strings.ReplaceAll(api.TLS.CAFile, `\`, "/"), "testdata/valid/ca.pem"},
		{"default host url from the environment", p.Hosts[1].BaseURL.String(), "http://fixture.test:8000"},
		{"per user", p.Hosts[1].Connections, 0},
		{"class weight", member.Weight, 2.5},
		{"wait", member.Wait, Wait{WaitPacing, 8 * time.Second, 12 * time.Second}},
		{"mix", member.Mix, MixRandom},
		{"class headers", fieldNames(member.Headers), "team"},
		{"request name", member.Requests[0].Name, "row"},
		{"request weight", member.Requests[0].Weight, 0.0},
		{"statuses", member.Requests[0].ExpectStatus, StatusSet{{200, 200}, {300, 399}}},
		{"own timeout", member.Requests[0].Timeout, time.Second},
		{"host's timeout", member.Requests[1].Timeout, 90 * time.Second},
		{"default statuses", member.Requests[1].ExpectStatus, StatusSet{{200, 399}}},
		{"method", member.Requests[1].Method, "PROPFIND"},
		{"body kinds", []BodyKind{member.Requests[0].Body.Kind, member.Requests[1].Body.Kind, member.Requests[2].Body.Kind, member.Requests[3].Body.Kind}, []BodyKind{BodyNone, BodyText, BodyJSON, BodyForm}},
		{"fixed count", p.UserClasses[1].FixedCount, 3},
		{"fixed weight", p.UserClasses[1].Weight, 0.0},
		{"throughput", p.UserClasses[1].Wait, Wait{WaitPacing, 2 * time.Second, 2 * time.Second}},
		{"lone weight", p.UserClasses[2].Weight, 1.0},
		{"exponential", p.UserClasses[2].Wait, Wait{WaitExponential, 2 * time.Second, 2 * time.Second}},
		{"warmup", p.Scenarios[0].Stages[0].Warmup, true},
		{"graceful stop", p.Scenarios[0].GracefulStop, time.Duration(0)},
		{"spawn rate", peak.SpawnRate, 1.0},
		{"iterations", peak.Iterations, int64(5000)},
		{"open", []bool{p.Scenarios[0].Open(), p.Scenarios[1].Open()}, []bool{false, true}},
		{"rate", quantity.FormatRate(steady.Rate), quantity.FormatRate(100.0 / 60)},
		{"arrivals", steady.Arrivals, ArrivalsEven},
		{"after", p.Scenarios[1].After[0].Address(), "scenario.closed"},
		{"late", p.Scenarios[1].OnLate, LateDrop},
		{"in flight", []int{p.Scenarios[0].MaxInFlight, p.Scenarios[1].MaxInFlight}, []int{1000, 50}},
		{"quantile", slowest.Metric.Quantile, 99.5},
		{"target", slowest.Target.Value, 500.0},
		{"of", slowest.Of.String(), "user_class.member.request.get"},
		{"where", slowest.Where(), "user_class.member.request.get in scenario.closed.peak"},
		{"stage", slowest.Stages[0] == peak, true},
		{"abort", []time.Duration{slowest.Abort.For, slowest.Abort.Window}, []time.Duration{30 * time.Second, 20 * time.Second}},
		{"per request", p.Thresholds[1].PerRequest, true},
		{"probe", p.Thresholds[3].Metric.Probe == p.Probes[0], true},
		{"probe method", p.Probes[0].Method, "GET"},
		{"report", *p.Reports[0], Report{Kind: "html", Path: "report.html", DeclRange: p.Reports[0].DeclRange}},
		{"csv like report", p.Reports[1].Path, "more/figures.json"},
		{"sources", sourceNames(p), "everything.hcl lib/names.hcl lib/deeper.hcl lib/greeting.txt"},
		{"complete", p.Incomplete(), false},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.what, diff)
		}
	}
}

func fieldNames(fields []Field) string {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}

func sourceNames(p *Plan) string {
	var names []string
	for _, s := range p.Sources {
		names = append(names, strings.TrimPrefix(strings.ReplaceAll(s.Name, `\`, "/"), "testdata/valid/"))
	}
	return strings.Join(names, " ")
}

// TestRunTimeExpressions holds that an expression keeps its static scope and
// nothing of the run's.
func TestRunTimeExpressions(t *testing.T) {
	p, diags := load(Inputs{}, map[string]string{"plans/main.hcl": `
variable "a" { default = "b" }
host "api" { base_url = "http://localhost" }
user_class "u" {
  host = host.api
  request "r" {
    path  = "/${var.a}"
    query = { id = user.id }
  }
}`})
	if len(diags) > 0 {
		t.Fatal(messages(diags))
	}
	r := p.UserClasses[0].Requests[0]
	if v, diags := r.Path.Value(r.Path.Scope); diags.HasErrors() || v.AsString() != "/b" {
		t.Errorf("path is %#v (%v)", v, diags)
	}
	if _, diags := r.Query[0].Value.Value(r.Query[0].Value.Scope); !diags.HasErrors() {
		t.Error("user.id has a value in the static scope")
	}
}

// TestFilesAreReadBeforeTheRun holds that file() has read all it can when the
// plan is loaded, and that users may then call it at the same time.
func TestFilesAreReadBeforeTheRun(t *testing.T) {
	p, diags := load(Inputs{}, map[string]string{"plans/a.txt": "a", "plans/b.txt": "b", "plans/main.hcl": `
host "api" { base_url = "http://localhost" }
user_class "u" {
  host = host.api
  request "r" {
    path = "/"
    json = [for n in vars.list : file("a.txt")]
    capture "list" { value = response.json }
  }
  request "late" {
    path = "/"
    json = [for name in vars.list : file(name)]
  }
}`})
	if len(diags) > 0 {
		t.Fatal(messages(diags))
	}
	ctx := func(e Expression, list ...cty.Value) *hcl.EvalContext {
		c := e.Scope.NewChild()
		c.Variables = map[string]cty.Value{"vars": cty.ObjectVal(map[string]cty.Value{"list": cty.TupleVal(list)})}
		return c
	}
	requests := p.UserClasses[0].Requests
	var users sync.WaitGroup
	for range 4 {
		users.Go(func() {
			early := requests[0].Body.Expr
			if v, diags := early.Value(ctx(early, cty.True)); diags.HasErrors() || v.AsValueSlice()[0].AsString() != "a" {
				t.Errorf("a file that was read is %#v (%v)", v, diags)
			}
			late := requests[1].Body.Expr
			if v, diags := late.Value(ctx(late, cty.StringVal("b.txt"))); !strings.Contains(diags.Error(), "files are read before the run") {
				t.Errorf("a file that was not read is %#v (%v)", v, diags)
			}
		})
	}
	users.Wait()
	if got := len(p.Sources); got != 2 {
		t.Errorf("the plan is made of %d files", got)
	}
}

// TestDiagnostics holds their order and their addresses.
func TestDiagnostics(t *testing.T) {
	_, diags := load(Inputs{Assignments: []Assignment{{Name: "none"}}}, map[string]string{
		"plans/main.hcl": `
threshold "t" {
  metric = metric.requests.rate
}
import { source = "lib.hcl" }
scenario "main" {
  user_classes = [user_class.u]
  stage "peak" {
    users = -1
    duration = "1m"
  }
}
variable "v" {
  default = x
}
report "pdf" {}
`,
		"plans/lib.hcl": `
user_class "u" {
  host = host.absent
  request "r" {
    path = uid()
  }
}
probe "p" {
  host = host.absent
  path = "/"
  gauge "g" {
    value = x
  }
}
`,
	})
	var got []string
	for _, d := range diags {
		line := 0
		if d.Subject != nil {
			line = d.Subject.Start.Line
		}
		address, _ := d.Extra.(diag.Address)
		got = append(got, strings.TrimSpace(strings.Join([]string{d.Summary, string(address), quantity.FormatCount(int64(line))}, "|")))
	}
	want := []string{
		"Unknown variable||0",
		"Unknown host|user_class.u|3",
		"Unknown function|user_class.u.request.r|5",
		"Unknown host|probe.p|9",
		"Unknown name|probe.p.g|12",
		"Missing argument|threshold.t|2",
		"Number out of range|scenario.main.peak|9",
		"Unknown name|variable.v|14",
		"Unknown kind of report|report.pdf|16",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestVersions(t *testing.T) {
	for _, test := range []struct {
		constraint, version string
		want                bool
	}{
		{">= 0.1.0, < 2.0.0", "0.1.0", true},
		{">= 0.1.0, < 2.0.0", "2.0.0", false},
		{"0.1", "0.1.0", true},
		{"= 0.1.1", "0.1.0", false},
		{"!= 0.1.0", "0.1.0", false},
		{"> 0.1", "0.1.1", true},
		{"<= 0.1", "0.1.1", false},
		{"~> 1.2", "1.9.0", true},
		{"~> 1.2", "2.0.0", false},
		{"~> 1.2.3", "1.2.9", true},
		{"~> 1.2.3", "1.3.0", false},
		{"~> 1.2.3", "1.2.2", false},
		{"~> 1", "1.5.0", true},
		{"~> 1", "2.0.0", false},
	} {
		got, err := versionAllowed(test.constraint, test.version)
		if err != nil || got != test.want {
			t.Errorf("%q for %s: %v, %v", test.constraint, test.version, got, err)
		}
	}
	for _, wrong := range []string{"", ">=", "latest", ">= 1.0,", "1.2.3.4", "-1", "=> 1.0", "1..2", "99999999999999999999"} {
		if _, err := versionAllowed(wrong, Version); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}

// TestSchema holds the table against itself: what it says of each attribute
// must be what decoding does, and documentation must have something to say.
func TestSchema(t *testing.T) {
	var check func(b *Block)
	check = func(b *Block) {
		if b.Doc == "" {
			t.Errorf("%s has no documentation", b.Name)
		}
		for _, a := range b.Attributes {
			if a.Doc == "" || a.Kind == "" {
				t.Errorf("%s.%s lacks its kind or documentation", b.Name, a.Name)
			}
			if a.Required && a.Default != "" {
				t.Errorf("%s.%s is required and has a default", b.Name, a.Name)
			}
			if (a.Kind == KindNumber || a.Kind == KindInteger) && a.Max == 0 {
				t.Errorf("%s.%s has no range", b.Name, a.Name)
			}
			if a.Kind == KindDuration && a.Default != "" {
				if _, err := quantity.Duration(a.Default); err != nil {
					t.Errorf("%s.%s: %v", b.Name, a.Name, err)
				}
			}
			if len(a.Values) > 0 && a.Default != "" && !strings.Contains(strings.Join(a.Values, " "), a.Default) {
				t.Errorf("%s.%s has a default that it cannot have", b.Name, a.Name)
			}
		}
		for _, n := range b.Blocks {
			check(n)
		}
	}
	check(Schema())
}
