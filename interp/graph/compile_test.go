package graph_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/expr"
	"bossplan/interp/graph"
	"bossplan/plan"
)

func compile(t *testing.T, text string) *graph.Graph {
	t.Helper()
	g, diags := graph.Compile(read(t, text), graph.Options{Seed: 1, TimeScale: 0.5})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return g
}

func read(t *testing.T, text string) *plan.Plan {
	t.Helper()
	file := filepath.Join(t.TempDir(), "case.hcl")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	p, diags := plan.Load(file, plan.Inputs{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return p
}

func text(t *testing.T, p *expr.Program) string {
	t.Helper()
	f := &expr.Frame{UserID: "s-3", UserIndex: 3, Rand: rand.New(rand.NewPCG(1, 1)), Now: time.Now}
	b, err := p.Append(nil, f)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestHeadersAreMerged(t *testing.T) {
	g := compile(t, `
host "api" {
  base_url = "http://127.0.0.1:1/base/"
  headers  = { x-host = "h", X-Both = "host", X-Gone = "host", Accept = "host" }
  auth { bearer = "t${user.index}" }
}
user_class "u" {
  host    = host.api
  headers = { x-both = "class", X-GONE = null }
  request "r" {
    method  = "POST"
    path    = "/x"
    headers = { accept = "request", Content-Type = "text/x" }
    json    = { a = 1 }
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 1
    duration = "10s"
  }
}`)
	got := map[string]string{}
	for _, h := range g.Requests[0].Headers {
		got[h.Name] = h.Prefix
		if h.Value != nil {
			got[h.Name] += text(t, h.Value)
		}
	}
	want := map[string]string{
		"X-Host": "h", "X-Both": "class", "Accept": "request",
		"Content-Type": "text/x", "Authorization": "Bearer t3",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if g.Requests[0].Prefix != "/base" {
		t.Errorf("prefix %q", g.Requests[0].Prefix)
	}
	if l := g.Scenarios[0].Levels[0]; l.Duration != 5*time.Second {
		t.Errorf("scaled by a half, the stage lasts %v", l.Duration)
	}
}

// TestClassesOfUsers holds that any level of users has the classes in their
// shares, fixed ones first, and that ranks count what ClassOf gives.
func TestClassesOfUsers(t *testing.T) {
	var b strings.Builder
	b.WriteString("host \"api\" { base_url = \"http://127.0.0.1:1\" }\n")
	for name, share := range map[string]string{"a": "weight = 0.75", "b": "weight = 0.25", "f": "fixed_count = 3", "g": "fixed_count = 2"} {
		b.WriteString("user_class \"" + name + "\" {\n host = host.api\n " + share + "\n request \"r\" { path = \"/\" }\n}\n")
	}
	b.WriteString(`
scenario "s" {
  user_classes = [user_class.a, user_class.b, user_class.f, user_class.g]
  stage "x" {
    users    = 100
    duration = "10s"
  }
}`)
	s := compile(t, b.String()).Scenarios[0]
	counts := make([]int64, 4)
	for user := range int64(105) {
		class := s.ClassOf(user)
		if rank := s.RankInClass(user); rank != counts[class] {
			t.Fatalf("user %d is the %dth of its class, RankInClass says %d", user, counts[class], rank)
		}
		counts[class]++
		if user == 4 && (counts[2] != 3 || counts[3] != 2) {
			t.Errorf("the first five users are %v, want the fixed ones", counts)
		}
	}
	if diff := cmp.Diff([]int64{75, 25, 3, 2}, counts); diff != "" {
		t.Errorf("users by class (-want +got):\n%s", diff)
	}
}

func TestTooManyWindows(t *testing.T) {
	for window, wrong := range map[string]bool{"10s": false, "1s": true} {
		p := read(t, `
host "api" { base_url = "http://127.0.0.1:1" }
user_class "u" {
  host = host.api
  request "a" { path = "/a" }
  request "b" { path = "/b" }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 1
    duration = "240h"
  }
}
threshold "p95" {
  metric = metric.response_time.p95
  target = "< 1s"
  per    = "request"
  window = "`+window+`"
}`)
		_, diags := graph.Compile(p, graph.Options{})
		if diags.HasErrors() != wrong {
			t.Errorf("ten days in windows of %s: %v", window, diags)
		}
		if wrong && !strings.Contains(diags.Error(), "at most 1,000,000 are kept") {
			t.Errorf("the message is %q", diags.Error())
		}
	}
}

func TestTooManyCells(t *testing.T) {
	var b strings.Builder
	b.WriteString("host \"api\" { base_url = \"http://127.0.0.1:1\" }\nuser_class \"u\" {\n host = host.api\n")
	for i := range 400 {
		fmt.Fprintf(&b, "request \"r%d\" { path = \"/\" }\n", i)
	}
	b.WriteString("}\nscenario \"s\" {\n user_classes = [user_class.u]\n")
	for i := range 300 {
		fmt.Fprintf(&b, "stage \"s%d\" {\n users = 1\n duration = \"1s\"\n}\n", i)
	}
	b.WriteString("}\n")
	_, diags := graph.Compile(read(t, b.String()), graph.Options{})
	if !diags.HasErrors() || !strings.Contains(diags.Error(), "120,000 such pairs") {
		t.Errorf("400 requests in 300 stages: %v", diags)
	}
}
