package plan

import (
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // fixtures name time zones, which not every machine has

	"github.com/google/go-cmp/cmp"

	"bossplan/plan/quantity"
)

// loadFixture loads a fixture that must load.
func loadFixture(t *testing.T, name string) *Plan {
	t.Helper()
	p, diags := Load("testdata/valid/"+name, Inputs{Env: fixtureEnv})
	if len(diags) > 0 {
		t.Fatal(messages(diags))
	}
	return p
}

type resolved struct {
	what      string
	got, want any
}

func compare(t *testing.T, tests []resolved) {
	t.Helper()
	for _, test := range tests {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Errorf("%s: -want +got\n%s", test.what, diff)
		}
	}
}

func requestAddresses(list []*Request) string {
	var all []string
	for _, r := range list {
		all = append(all, strings.TrimPrefix(r.Address(), r.Class.Address()+"."))
	}
	return strings.Join(all, " ")
}

func TestFlows(t *testing.T) {
	p := loadFixture(t, "flows.hcl")
	member := p.UserClasses[0]
	var choices []string
	var weights []float64
	for _, f := range member.Choices {
		choices, weights = append(choices, f.Address()), append(weights, f.Weight)
	}
	edit := member.Choices[1]
	read, attach := edit.Requests[1], edit.Requests[2]
	parts := attach.Body.Parts
	compare(t, []resolved{
		{"choices", choices, []string{"user_class.member.request.list", "user_class.member.flow.edit", "user_class.member.flow.upload"}},
		{"weights", weights, []float64{3, 2, 0}},
		{"requests", requestAddresses(member.Requests), "request.list flow.edit.request.create flow.edit.request.read flow.edit.request.attach flow.edit.request.list flow.upload.request.raw"},
		{"start", requestAddresses(member.OnStart.Requests), "on_start.request.login"},
		{"stop", requestAddresses(member.OnStop.Requests), "on_stop.request.logout"},
		{"hooks", []Hook{member.OnStart.Hook, member.OnStop.Hook, edit.Hook}, []Hook{HookStart, HookStop, HookNone}},
		{"on failure", []OnFailure{member.OnStart.OnFailure, member.OnStop.OnFailure, edit.OnFailure, member.Choices[0].OnFailure}, []OnFailure{FailureContinues, FailureStops, FailureContinues, FailureStops}},
		{"no hooks", []bool{p.UserClasses[1].OnStart == nil, p.UserClasses[1].OnStop == nil}, []bool{true, true}},
		{"pause", []Wait{read.Pause, attach.Pause}, []Wait{{WaitBetween, time.Second, 2 * time.Second}, {WaitConstant, 100 * time.Millisecond, 100 * time.Millisecond}}},
		{"conditions", []bool{read.When.IsSet(), attach.When.IsSet(), read.Repeat.IsSet(), edit.Requests[0].Repeat.IsSet()}, []bool{true, false, true, false}},
		{"flow of a step", read.Flow == edit, true},
		{"checks", []int{len(member.Requests[0].Checks), len(read.Checks)}, []int{3, 0}},
		{"captures", []string{member.OnStart.Requests[0].Captures[0].Name, edit.Requests[0].Captures[0].Name}, []string{"token", "id"}},
		{"body file", string(p.UserClasses[0].Requests[5].Body.Bytes), "\x89PNG\r\n\x1a\n\x00\xff"},
		{"names of parts", []string{parts[0].Name, parts[3].Name}, []string{"title", "tester"}},
		{"files", []string{parts[2].Filename, parts[3].Filename, parts[4].Filename, parts[0].Filename}, []string{"logo.bin", `hello "you".txt`, "", ""}},
		{"content types", []string{parts[2].ContentType, parts[3].ContentType, parts[4].ContentType}, []string{"image/png", "", "text/plain; charset=utf-8"}},
		{"values of parts", []bool{parts[0].Value.IsSet(), parts[2].Value.IsSet(), parts[4].Value.IsSet()}, []bool{true, false, true}},
		{"threshold of a step", p.Thresholds[0].Of.Request == read, true},
		{"threshold of a lone request", p.Thresholds[1].Of.Request == member.Requests[0], true},
		{"threshold of the same label", p.Thresholds[2].Of.Request == edit.Requests[3], true},
		{"sources", sourceNames(p), "flows.hcl lib/users.csv lib/logo.bin lib/greeting.txt"},
	})
}

func TestData(t *testing.T) {
	p := loadFixture(t, "data.hcl")
	byName := map[string]*Data{}
	for _, d := range p.Data {
		byName[d.Name] = d
	}
	cities, tasks := byName["cities"], byName["tasks"]
	compare(t, []resolved{
		{"columns", cities.Table.Columns, []string{"name", "size", "tags", "capital", "mayor"}},
		{"second row", spelled(&Table{Rows: cities.Table.Rows[1:]}), "\n3Køge å \"q\"|0|0|0|0"},
		{"order", []DataOrder{cities.Order, byName["words"].Order, tasks.Order}, []DataOrder{OrderShuffle, OrderRandom, OrderSequential}},
		{"on end", []OnEnd{cities.OnEnd, byName["words"].OnEnd, tasks.OnEnd}, []OnEnd{OnEndStopUser, OnEndRecycle, OnEndFail}},
		{"unique", []bool{cities.Unique(), byName["words"].Unique(), tasks.Unique()}, []bool{true, false, true}},
		{"fetch", []any{tasks.Table == nil, tasks.Fetch.Host == p.Hosts[0], tasks.Fetch.Path, tasks.Fetch.Values.IsSet()}, []any{true, true, "/tasks", true}},
		{"fetched for each", []string{byName[`by_region["eu"]`].Fetch.Path, byName[`by_region["us"]`].Fetch.Path}, []string{"/regions/eu", "/regions/us"}},
		{"one table of one file", byName[`files["cities"]`].Table == cities.Table, true},
		{"relative to the library", byName["lib_users"].Table == byName["lib_root"].Table, true},
		{"first line", byName["lib_users"].Table.Columns[0], "name"},
	})
	values := byName[`by_region["us"]`].Fetch.Values
	if v, ok := values.Scope.Variables["each"]; !ok || v.GetAttr("key").AsString() != "us" {
		t.Errorf("each is %#v", v)
	}
}

// TestDataSources holds that rows and bodies are part of what a plan's hash is of.
func TestDataSources(t *testing.T) {
	files := map[string]string{
		"plans/main.hcl": `
data "rows" { csv = "rows.csv" }
host "api" { base_url = "http://localhost" }
user_class "u" {
  host = host.api
  request "r" {
    path      = "/${row.rows.a}"
    body_file = "body"
  }
}`,
		"plans/rows.csv": "a\n1\n",
		"plans/body":     "x",
	}
	seen := map[string]string{}
	for _, change := range []struct{ file, text string }{{"plans/body", "x"}, {"plans/body", "y"}, {"plans/rows.csv", "a\n2\n"}} {
		files[change.file] = change.text
		p, diags := load(Inputs{}, files)
		if len(diags) > 0 {
			t.Fatal(messages(diags))
		}
		if before, again := seen[p.SHA256()]; again {
			t.Errorf("%s and %s have one hash", before, change)
		}
		seen[p.SHA256()] = change.file
	}
}

func TestGuards(t *testing.T) {
	p := loadFixture(t, "guards.hcl")
	production, night := p.Guards[0], p.Guards[1]
	compare(t, []resolved{
		{"hosts", production.Hosts, []string{"*.example.org", "api-*.example.com", "*", "10.0.0.0/8", "192.0.2.1", "2001:db8::/32"}},
		{"window", []any{production.Window.Text, production.Window.From, production.Window.To, production.Window.Location.String()}, []any{"22:00-05:00 Europe/Berlin", 22 * time.Hour, 5 * time.Hour, "Europe/Berlin"}},
		{"until midnight", []time.Duration{night.Window.From, night.Window.To}, []time.Duration{2 * time.Hour, 24 * time.Hour}},
		{"acknowledge", production.Acknowledge, []string{"I know that this is production", "The on-call engineer knows"}},
		{"limits", []any{production.MaxUsers, quantity.FormatRate(production.MaxRate)}, []any{100, quantity.FormatRate(1000.0 / 60)}},
		{"abort", []any{production.Abort.Metric.String(), production.Abort.Bound.Value, production.Abort.For, production.Abort.Window}, []any{"errors.rate", 0.2, 10 * time.Second, 5 * time.Second}},
		{"usual window", night.Abort.Window, 10 * time.Second},
		{"abort of a probe", night.Abort.Metric.Probe == p.Probes[0], true},
		{"nothing else", []any{p.Guards[2].Window == nil, p.Guards[2].Abort == nil, p.Guards[2].MaxUsers}, []any{true, true, 0}},
	})
}
