package interp_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bossplan/interp"
	"bossplan/interp/graph"
	"bossplan/interp/judge"
	"bossplan/interp/record"
	"bossplan/plan"
)

// withRows loads a plan beside a rows.csv of so many rows, whose column is n.
func withRows(t *testing.T, rows int, text, url string) *graph.Graph {
	t.Helper()
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("n\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d\n", i)
	}
	if err := os.WriteFile(filepath.Join(dir, "rows.csv"), []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "case.hcl")
	if err := os.WriteFile(file, []byte("host \"api\" { base_url = \""+url+"\" }\n"+text), 0o644); err != nil {
		t.Fatal(err)
	}
	p, diags := plan.Load(file, plan.Inputs{})
	if diags.HasErrors() {
		t.Fatalf("the plan does not load: %v", diags)
	}
	g, diags := interp.Compile(p, graph.Options{Seed: 1})
	if diags.HasErrors() {
		t.Fatalf("the plan does not compile: %v", diags)
	}
	return g
}

func runGraph(t *testing.T, g *graph.Graph) (*record.Record, record.Verdict) {
	t.Helper()
	r, err := interp.Run(context.Background(), g, interp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, r)
	return r, interp.Judge(g, r)
}

const rowClasses = `
data "rows" {
  csv    = "./rows.csv"
  order  = "ORDER"
  on_end = "END"
}
user_class "u" {
  host   = host.api
  weight = 2
  request "r" { path = "/${row.rows.n}" }
}
user_class "v" {
  host   = host.api
  weight = 1
  flow "f" {
    request "a" { path = "/${row.rows.n}" }
    request "b" { path = "/again/${row.rows.n}" }
  }
  request "plain" { path = "/plain" }
}
`

const rowScenario = `
scenario "NAME" {
  user_classes = [user_class.u, user_class.v]
  stage "x" {
    LEVEL
    duration = "1200ms"
  }
}
`

// TestRowsAreUsedOnce: each row goes to one user, all are used, and then the users
// stop, in both models and in several scenarios at once.
func TestRowsAreUsedOnce(t *testing.T) {
	t.Parallel()
	closed := strings.NewReplacer("NAME", "closed", "LEVEL", "users = 9").Replace(rowScenario)
	open := strings.NewReplacer("NAME", "open", "LEVEL", "rate = \"600/s\"").Replace(rowScenario)
	for name, text := range map[string]string{"closed": closed, "open": open, "two closed": closed + strings.Replace(closed, `"closed"`, `"more"`, 1)} {
		for _, order := range []string{"sequential", "shuffle"} {
			var seen visits
			url := serve(t, func(_ http.ResponseWriter, r *http.Request) { seen.add(r) })
			const rows = 200
			g := withRows(t, rows, strings.NewReplacer("ORDER", order, "END", "stop_user").Replace(rowClasses)+text, url)
			r, v := runGraph(t, g)
			uses := make([]int, rows)
			sorted := true
			last := -1
			for _, s := range seen.list {
				if n, err := strconv.Atoi(strings.TrimPrefix(s, "GET /")); err == nil {
					uses[n]++
					sorted = sorted && n > last-40
					last = n
				}
			}
			if i := slices.IndexFunc(uses, func(n int) bool { return n != 1 }); i >= 0 {
				t.Errorf("%s, %s: row %d was used %d times, each should be once", name, order, i, uses[i])
			}
			if order == "shuffle" && sorted {
				t.Errorf("%s: the rows came in the order of the file", name)
			}
			if seen.count("GET /again") == 0 {
				t.Errorf("%s: no flow came to its second step", name)
			}
			if r.Data[0].Stopped == 0 || v.Status != record.Inconclusive {
				t.Errorf("%s: data %+v, verdict %s %v", name, r.Data[0], v.Status, v.Reasons)
			}
			if !slices.ContainsFunc(v.Findings, func(f record.Finding) bool { return f.ID == "data-used-up" }) {
				t.Errorf("%s: findings %+v", name, v.Findings)
			}
		}
	}
}

func TestRowsEndOtherwise(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"recycle", "fail"} {
		var seen visits
		url := serve(t, func(_ http.ResponseWriter, r *http.Request) { seen.add(r) })
		g := withRows(t, 3, `
data "rows" {
  csv    = "./rows.csv"
  on_end = "`+end+`"
}
user_class "u" {
  host = host.api
  request "r" { path = "/${row.rows.n}" }
}`+iterations(1, 5), url)
		r, _ := runGraph(t, g)
		want := map[string]string{"recycle": "GET /0, GET /1, GET /2, GET /0, GET /1", "fail": "GET /0, GET /1, GET /2"}[end]
		if got := strings.Join(seen.list, ", "); got != want {
			t.Errorf("%s: sent %s, want %s", end, got, want)
		}
		if end == "fail" && (len(r.Errors) != 1 || r.Errors[0].Kind != "expression" || !strings.HasSuffix(r.Errors[0].Message, "data.rows has no more rows") || r.Errors[0].Count != 2) {
			t.Errorf("errors %+v", r.Errors)
		}
	}
}

const fetched = `
data "ids" {
  host   = host.api
  path   = "/ids"
  values = response.json.items[*].id
}
user_class "u" {
  host = host.api
  request "r" { path = "/use/${row.ids}" }
}`

func TestFetchedData(t *testing.T) {
	t.Parallel()
	var seen visits
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen.add(r)
		if r.URL.Path == "/ids" {
			fmt.Fprint(w, `{"items": [{"id": 5}, {"id": "x y"}]}`)
		}
	})
	r, _ := run(t, fetched+iterations(1, 3), url, interp.Options{})
	want := "GET /ids, GET /use/5, GET /use/x%20y, GET /use/5"
	if got := strings.Join(seen.list, ", "); got != want || r.Totals().Total() != 3 {
		t.Errorf("sent %s, want %s; %d requests counted", got, want, r.Totals().Total())
	}
}

// TestDataThatCannotBeFetched: a run without its data does not begin.
func TestDataThatCannotBeFetched(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		"status":          "the answer is 403 Forbidden",
		"hello":           "",
		`{"items": []}`:   "no rows",
		`{"items": 3}`:    "",
		`{"other": "x"}`:  "",
		`{"items": null}`: "",
	} {
		var seen visits
		url := serve(t, func(w http.ResponseWriter, r *http.Request) {
			seen.add(r)
			if answer == "status" {
				w.WriteHeader(http.StatusForbidden)
			}
			fmt.Fprint(w, answer)
		})
		r, v := run(t, fetched+iterations(1, 3), url, interp.Options{})
		if r.Run.State == record.StateCompleted && answer == `{"items": 3}` {
			continue // HCL's splat makes a list of one of anything; its id is what fails then
		}
		if r.Run.State != record.StateUnready || !strings.Contains(r.Run.StateDetail, "data.ids (") || !strings.Contains(r.Run.StateDetail, want) {
			t.Errorf("%s: state %s, %s", answer, r.Run.State, r.Run.StateDetail)
		}
		if v.Status != record.Fail || judge.ExitCode(v, r, false) != judge.ExitUnreachable || len(seen.list) != 1 {
			t.Errorf("%s: verdict %s %v, exit %d, the server saw %v", answer, v.Status, v.Reasons, judge.ExitCode(v, r, false), seen.list)
		}
	}
}

func TestFetchIsInterrupted(t *testing.T) {
	t.Parallel()
	url := serve(t, func(http.ResponseWriter, *http.Request) { time.Sleep(3 * time.Second) })
	g, diags := interp.Compile(load(t, fetched+iterations(1, 3), url), graph.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	begun := time.Now()
	r, err := interp.Run(ctx, g, interp.Options{})
	if err != nil || r.Run.State != record.StateInterrupted || time.Since(begun) > 2*time.Second {
		t.Errorf("%v, state %v after %v", err, r.Run.State, time.Since(begun))
	}
}

func TestGuardAborts(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	text := `
guard "prod" {
  hosts = ["127.0.0.1"]
  abort {
    metric = metric.errors.rate
    bound  = "> 20%"
    for    = "1s"
    window = "2s"
  }
}
user_class "u" {
  host = host.api
  wait = constant("10ms")
  request "r" { path = "/" }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 2
    duration = "20s"
    warmup   = true
  }
  stage "y" {
    users    = 2
    duration = "1s"
  }
}`
	g, diags := interp.Compile(load(t, text, url), graph.Options{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	begun := time.Now()
	r, err := interp.Run(context.Background(), g, interp.Options{Guards: g.Plan.Guards})
	if err != nil {
		t.Fatal(err)
	}
	v := interp.Judge(g, r)
	if r.Run.State != record.StateAborted || r.Abort.Guard != "guard.prod" || time.Since(begun) > 6*time.Second {
		t.Errorf("state %s, abort %+v after %v", r.Run.State, r.Abort, time.Since(begun))
	}
	if judge.ExitCode(v, r, false) != judge.ExitAborted || !strings.Contains(v.Reasons[0], "aborted by guard.prod after") {
		t.Errorf("exit %d, %v", judge.ExitCode(v, r, false), v.Reasons)
	}
}

// A gate refuses one name.
type gate string

// Refuse says why.
func (g gate) Refuse(name string, _ netip.Addr) string {
	if name == string(g) {
		return "guard.prod protects " + name
	}
	return ""
}

// TestStartIsRefusedByAGuard: when connections are tried before the start, a name
// leads to where none may be made.
func TestStartIsRefusedByAGuard(t *testing.T) {
	t.Parallel()
	url := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	r, v := run(t, fetched+iterations(1, 3), url, interp.Options{Gate: gate("127.0.0.1")})
	if code := judge.ExitCode(v, r, false); code != judge.ExitRefused || r.Run.State != record.StateUnreachable || v.Status != record.Fail {
		t.Errorf("exit %d, state %s %s, verdict %s", code, r.Run.State, r.Run.StateDetail, v.Status)
	}
}

// TestFetchIsRefusedByAGuard: a redirect of the host that gives the data leads to
// a protected one.
func TestFetchIsRefusedByAGuard(t *testing.T) {
	t.Parallel()
	url := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://protected.invalid/ids", http.StatusFound)
	})
	text := `host "away" {
  base_url         = "` + url + `"
  follow_redirects = 1
}` + strings.Replace(fetched, "host   = host.api", "host   = host.away", 1) + iterations(1, 3)
	r, v := run(t, text, url, interp.Options{Gate: gate("protected.invalid")})
	if code := judge.ExitCode(v, r, false); code != judge.ExitRefused || r.Run.State != record.StateUnready || v.Status != record.Fail {
		t.Errorf("exit %d, state %s %s, verdict %s", code, r.Run.State, r.Run.StateDetail, v.Status)
	}
}
