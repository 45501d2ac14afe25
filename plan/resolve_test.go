package plan

import (
	"fmt"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// resolveFiles loads a plan from texts by file name; the plan is plan.hcl.
func resolveFiles(t *testing.T, files map[string]string, in Inputs) *Plan {
	t.Helper()
	in.ReadFile = func(name string) ([]byte, error) {
		text, ok := files[name]
		if !ok {
			return nil, fmt.Errorf("there is no %s", name)
		}
		return []byte(text), nil
	}
	in.AllowMissing = true
	p, diags := Load("plan.hcl", in)
	if diags.HasErrors() {
		t.Fatalf("%v", diags)
	}
	return p
}

const onePlan = `
variable "users" { default = 10 }
variable "token" {
  default   = "s3cr3t"
  sensitive = true
}
locals { prefix = "/api" }
host "api" {
  base_url = "http://API.test"
  timeout  = "90s"
  headers  = { Authorization = "Bearer ${var.token}", X-Id = "${user.id}" }
}
user_class "member" {
  host = host.api
  wait = between("1s", "3s")
  request "list" {
    weight = 2
    path   = "${local.prefix}/tasks/${user.id}"
    query  = { b = "1", a = "2" }
  }
  request "make" {
    method        = "POST"
    path          = "/api/tasks"
    json          = { title = "a ${uuid()}", n = var.users * 2 }
    expect_status = [201, "200", "202-204"]
  }
}
scenario "main" {
  user_classes = [user_class.member]
  stage "peak" {
    users    = var.users
    duration = "1h"
  }
}
threshold "p99" {
  metric = metric.response_time.p999
  target = "< 1000ms"
}
threshold "rate" {
  metric = metric.requests.rate
  target = ">= 60/min"
}
`

// The same, in other words, over two files.
const samePlan = `
import { source = "./lib/rest.hcl" }
threshold "rate" {
  target = ">=  1/s"
  metric = metric.requests["rate"]
}
threshold "p99" {
  metric = metric.response_time["p99.9"]
  target = "<1s" # a comment
}
user_class "member" {
  wait = between("1s", 3)
  host = host.api
  mix  = "exact"
  request "make" {
    expect_status = ["200-204"]
    path          = local.tasks
    json          = { "n" = 20, title = "a ${"${uuid()}"}" }
    method        = "post"
  }
  request "list" {
    weight = 2.0
    method = "GET"
    path   = "${local.tasks}/${(user.id)}"
    query  = { "a" = 2, b = 1 }
  }
}
`

const samePlanLibrary = `
variable "token" {
  sensitive = true
  default   = "s3cr3t"
}
variable "users" { default = 10 }
locals {
  tasks = "/api/tasks"
  other = 1
}

host "api" {
  headers  = { x-id = user.id, authorization = "Bearer ${var.token}" }
  timeout  = "1m30s"
  base_url = "HTTP://api.test"
  cookies  = true
}
`

const samePlanScenario = `
scenario "main" {
  user_classes = [user_class.member]
  stage "peak" {
    users    = "10"
    duration = 3600
    warmup   = false
  }
}
`

// TestSpelling shows that plans which do the same resolve to the same.
func TestSpelling(t *testing.T) {
	a := resolveFiles(t, map[string]string{"plan.hcl": onePlan}, Inputs{}).Resolve()
	b := resolveFiles(t, map[string]string{
		"plan.hcl":     samePlan + samePlanScenario,
		"lib/rest.hcl": samePlanLibrary,
	}, Inputs{}).Resolve()
	if d := cmp.Diff(strings.Split(a.String(), "\n"), strings.Split(b.String(), "\n")); d != "" {
		t.Error(d)
	}
	if a.Digest() != b.Digest() {
		t.Error("the digests differ")
	}
	if strings.Contains(a.String(), "s3cr3t") {
		t.Errorf("a secret is shown:\n%s", a)
	}
}

// TestResolvedSecrets shows that secrets are compared by what they are.
func TestResolvedSecrets(t *testing.T) {
	a := resolveFiles(t, map[string]string{"plan.hcl": onePlan}, Inputs{}).Resolve()
	b := resolveFiles(t, map[string]string{"plan.hcl": strings.Replace(onePlan, "s3cr3t", "0ther", 1)}, Inputs{}).Resolve()
	c := resolveFiles(t, map[string]string{"plan.hcl": strings.Replace(onePlan, "${var.token}", "s3cr3t", 1)}, Inputs{}).Resolve()
	if a.String() != b.String() || a.Digest() == b.Digest() {
		t.Error("another secret must show as the same and be another")
	}
	if a.Digest() == c.Digest() {
		t.Error("a secret that is written out must be a difference")
	}
	veiled := resolveFiles(t, map[string]string{"plan.hcl": strings.Replace(onePlan, `"90s"`, `var.token == "" ? "1s" : "2s"`, 1)}, Inputs{}).Resolve()
	if s := veiled.Entry("host.api").Setting("timeout"); s.Value != "(sensitive)" || !s.Sensitive {
		t.Errorf("a timeout made of a secret is shown as %s", s.Value)
	}
}

// TestResolvedMissing shows what is made of variables without a value.
func TestResolvedMissing(t *testing.T) {
	text := strings.NewReplacer(`{ default = 10 }`, `{ type = number }`, `prefix = "/api"`, `prefix = "/${var.users}"`).Replace(onePlan)
	r := resolveFiles(t, map[string]string{"plan.hcl": text}, Inputs{}).Resolve()
	for address, want := range map[string][2]string{
		"variable.users":                 {"value", "(no value)"},
		"scenario.main.peak":             {"users", "var.users"},
		"user_class.member.request.list": {"path", `"${("/${var.users}")}/tasks/${user.id}"`},
		"user_class.member.request.make": {"json", `{n = var.users * 2, title = "a ${uuid()}"}`},
	} {
		if got := r.Entry(address).Setting(want[0]).Value; got != want[1] {
			t.Errorf("%s %s is %s, want %s", address, want[0], got, want[1])
		}
	}
	renamed := strings.ReplaceAll(text, "prefix", "other")
	if got := resolveFiles(t, map[string]string{"plan.hcl": renamed}, Inputs{}).Resolve(); got.Digest() != r.Digest() {
		t.Error("the name of a local makes a difference")
	}
	elsewhere := strings.Replace(text, `"/${var.users}"`, `"/x${var.users}"`, 1)
	if got := resolveFiles(t, map[string]string{"plan.hcl": elsewhere}, Inputs{}).Resolve(); got.Digest() == r.Digest() {
		t.Error("what a local is made of makes no difference")
	}
}

// fullPlan has a value in every field of every type.
func fullPlan() *Plan {
	text := func(s string) Expression { return Static(cty.StringVal(s), hcl.Range{}) }
	fields := func() []Field { return []Field{{Name: "a", Value: text("1")}} }
	base, _ := url.Parse("http://api.test")
	h := &Host{
		Name: "api", BaseURL: base, Timeout: time.Second, ConnectTimeout: time.Second, Headers: fields(), HTTP: "2",
		Connections: 2, LocalAddresses: []netip.Addr{netip.MustParseAddr("127.0.0.1")}, FollowRedirects: 1, Cookies: true, MaxRate: 1, TLS: TLS{"a", "b", "c", "d", true, ResumptionOff},
		Auth: Auth{Username: text("u"), Password: text("p"), Bearer: text("b")},
	}
	c := &UserClass{Name: "member", Host: h, Weight: 2, Wait: Wait{WaitBetween, 1, 2}, Headers: fields(), Tags: map[string]string{"a": "b"}, Mix: MixExact}
	request := func(f *Flow, label string, body Body) *Request {
		return &Request{
			Class: c, Flow: f, Label: label, Name: label, Method: "GET", Path: text("/"), Query: fields(), Headers: fields(),
			Body: body, ExpectStatus: StatusSet{{200, 299}}, Timeout: 2 * time.Second, Tags: map[string]string{"a": "b"},
			Checks: []*Check{{Name: "ok", Condition: text("c")}}, Captures: []*Capture{{Name: "id", Value: text("v")}, {Name: "x", Value: text("v")}},
			Pause: Wait{WaitBetween, 1, 2}, When: text("w"), Repeat: text("r"),
		}
	}
	lone := &Flow{Class: c, Weight: 1}
	lone.Requests = []*Request{request(lone, "lone", Body{Kind: BodyText, Expr: text("x")})}
	lone.Requests[0].Weight = 1
	flow := &Flow{Class: c, Label: "buy", Weight: 1, OnFailure: FailureStops}
	flow.Requests = []*Request{
		request(flow, "form", Body{Kind: BodyForm, Form: fields()}), request(flow, "file", Body{Kind: BodyFile, Bytes: []byte("x")}),
		request(flow, "parts", Body{Kind: BodyMultipart, Parts: []Part{
			{Name: "a", Value: text("x"), ContentType: "text/plain"}, {Name: "b", Bytes: []byte("x"), Filename: "b.png"},
		}}),
	}
	start, stop := &Flow{Class: c, Hook: HookStart, OnFailure: FailureStops}, &Flow{Class: c, Hook: HookStop, OnFailure: FailureStops}
	start.Requests, stop.Requests = []*Request{request(start, "login", Body{})}, []*Request{request(stop, "out", Body{})}
	c.Choices, c.OnStart, c.OnStop = []*Flow{lone, flow}, start, stop
	few := &UserClass{Name: "few", Host: h, FixedCount: 2, Choices: []*Flow{}}
	s := &Scenario{Name: "main", UserClasses: []*UserClass{c, few}, StartDelay: 1, GracefulStop: 2}
	s.Stages = []*Stage{{Scenario: s, Name: "peak", Users: 1, SpawnRate: 2, Ramp: 1, Duration: 3, Iterations: 4}}
	open := &Scenario{Name: "open", UserClasses: []*UserClass{c}, After: []*Scenario{s}, OnLate: LateDrop, MaxInFlight: 3}
	open.Stages = []*Stage{{Scenario: open, Name: "only", Open: true, Rate: 1, Arrivals: ArrivalsEven, Ramp: 1, Duration: 2, Warmup: true}}
	p := &Probe{
		Name: "pool", Kind: "http", Host: h, Path: "/", Method: "GET", Headers: fields(), Timeout: 1,
		ExpectStatus: StatusSet{{200, 200}}, Interval: 2, Gauges: []Gauge{{Name: "size", Counter: true, Value: text("v")}},
	}
	metric := Metric{Name: "response_time", Statistic: "p95", Quantile: 95, Unit: UnitTime}
	critical := Bound{Op: "<", Value: 2}
	return &Plan{
		Variables: []*Variable{{Name: "users", Type: cty.Number, Value: cty.NumberIntVal(1)}},
		Hosts:     []*Host{h},
		Data: []*Data{
			{Name: "file", Table: &Table{Columns: []string{"a"}, Rows: [][]Cell{{{CellString, "x"}}}}, Order: OrderShuffle, OnEnd: OnEndFail},
			{Name: "fetched", Fetch: &Fetch{Host: h, Path: "/", Values: text("v")}},
		},
		UserClasses: []*UserClass{c, few},
		Scenarios:   []*Scenario{s, open},
		Thresholds: []*Threshold{
			{
				Name: "p95", Metric: metric, Target: Bound{Op: "<", Value: 1}, Critical: &critical, Of: Scope{Scenario: s}, Outcome: OutcomeOK,
				Stages: s.Stages, PerRequest: true, Window: time.Second, MinSamples: 1, Abort: &Abort{For: 1, Window: 2},
			},
			{Name: "overflow", Metric: Metric{Probe: p, Gauge: "size", Statistic: "max"}, Of: Scope{Class: c}},
			{Name: "lone", Metric: metric, Of: Scope{Request: lone.Requests[0]}},
		},
		Probes: []*Probe{p},
		Guards: []*Guard{{
			Name: "production", Hosts: []string{"*.test"}, Window: &TimeWindow{From: time.Hour, To: 2 * time.Hour, Location: time.FixedZone("CET", 3600)},
			Acknowledge: []string{"yes"}, MaxUsers: 1, MaxRate: 2, Abort: &GuardAbort{Metric: metric, Bound: critical, For: 1, Window: 2},
		}},
		Reports: []*Report{{Kind: "csv", Path: "stats"}},
	}
}

// unresolved are the fields that make no setting, each with the reason.
func unresolved() map[string]string {
	return map[string]string{
		"Plan.File": "where it stands is not what it does", "Plan.Name": "likewise; a report's path has it",
		"Plan.Sources": "how it is written", "Plan.VarFiles": "the variables' values are there",
		"Variable.Description": "says something, does nothing", "Variable.Source": "where the value is from, not what it is",
		"UserClass.Requests": "those of Choices again",
		"Flow.Class":         "where it stands; its address has it", "Request.Class": "likewise", "Request.Flow": "likewise", "Stage.Scenario": "likewise",
		"Flow.Hook": "likewise", "Flow.Label": "likewise", "Request.Label": "likewise",
		"Metric.Unit": "follows from the metric", "Metric.Statistic": "of a percentile Quantile is what counts", "Metric.Probe": "is in its name",
		"Bound.Text": "as it is written", "TimeWindow.Text": "as it is written",
		"Scope.Scenario": "a pointer: by its address", "Scope.Class": "likewise", "Scope.Request": "likewise",
	}
}

// TestResolveCovers changes every field of a full plan, one by one, and finds
// each in what it resolves to. A field that is new fails here until it is.
func TestResolveCovers(t *testing.T) {
	want := fullPlan().Resolve().Digest()
	if got := fullPlan().Resolve().Digest(); got != want {
		t.Fatal("the same plan resolves to another")
	}
	places := fieldPlaces(reflect.ValueOf(fullPlan()), nil, map[uintptr]bool{})
	seen := map[string]bool{}
	for _, place := range places {
		if unresolved()[place.field] != "" {
			seen[place.field] = true
			continue
		}
		p := fullPlan()
		changeAt(t, reflect.ValueOf(p), place.path)
		seen[place.field] = seen[place.field] || p.Resolve().Digest() != want
	}
	for field, covered := range seen {
		if !covered {
			t.Errorf("%s is no setting of the resolved plan: render it in resolve_blocks.go", field)
		}
	}
	for field := range unresolved() {
		if !seen[field] {
			t.Errorf("there is no field %s any more", field)
		}
	}
}

// A fieldPlace is one field of one value in a plan and the way there.
type fieldPlace struct {
	field string
	path  []int
}

// fieldPlaces walks the plan's own types: struct fields and elements of lists.
func fieldPlaces(v reflect.Value, path []int, done map[uintptr]bool) []fieldPlace {
	var list []fieldPlace
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && !done[v.Pointer()] && ours(v.Type().Elem()) {
			done[v.Pointer()] = true
			return fieldPlaces(v.Elem(), path, done)
		}
	case reflect.Slice:
		for i := range v.Len() {
			list = append(list, fieldPlaces(v.Index(i), append(slices.Clone(path), i), done)...)
		}
	case reflect.Struct:
		if !ours(v.Type()) || v.Type() == reflect.TypeFor[Expression]() {
			return nil
		}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			at := append(slices.Clone(path), i)
			if f.Type != reflect.TypeFor[hcl.Range]() && f.IsExported() {
				list = append(list, fieldPlace{v.Type().Name() + "." + f.Name, at})
				list = append(list, fieldPlaces(v.Field(i), at, done)...)
			}
		}
	}
	return list
}

func ours(t reflect.Type) bool { return t.PkgPath() == reflect.TypeFor[Plan]().PkgPath() }

// changeAt makes the value at a place another one.
func changeAt(t *testing.T, v reflect.Value, path []int) {
	t.Helper()
	for _, i := range path {
		for v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		if v.Kind() == reflect.Slice {
			v = v.Index(i)
		} else {
			v = v.Field(i)
		}
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(v.Int() + 7)
	case reflect.Uint8:
		v.SetUint(v.Uint() + 1)
	case reflect.Float64:
		v.SetFloat(v.Float() + 7)
	case reflect.Slice:
		if v.Len() > 0 {
			v.SetLen(v.Len() - 1)
		}
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{"new": "x"}))
	case reflect.Pointer:
		v.SetZero()
	case reflect.Struct:
		changeStruct(t, v)
	default:
		t.Fatalf("there is no way to change a %s", v.Type())
	}
}

func changeStruct(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Interface().(type) {
	case Expression:
		v.Set(reflect.ValueOf(Static(cty.StringVal("changed"), hcl.Range{})))
	case cty.Value:
		v.Set(reflect.ValueOf(cty.NumberIntVal(99)))
	case cty.Type:
		v.Set(reflect.ValueOf(cty.Bool))
	default:
		v.SetZero()
	}
}
