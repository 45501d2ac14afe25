package guard

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/plan"
)

// loadPlan loads a plan whose guards are given.
func loadPlan(t *testing.T, guards string) *plan.Plan {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plan.hcl")
	src := `
host "api" { base_url = "http://API.example.org.:8080/v1" }
host "again" {
  base_url = "http://api.example.org"
  max_rate = "40/s"
}
host "probed" { base_url = "http://10.1.2.3" }
host "asked" { base_url = "http://asked.test" }
host "unused" { base_url = "http://unused.example.org" }
user_class "a" {
  host = host.api
  wait = constant("1s")
  request "get" { path = "/" }
}
user_class "b" {
  host = host.again
  request "get" { path = "/" }
}
user_class "never" {
  host = host.unused
  request "get" { path = "/" }
}
data "ids" {
  host   = host.asked
  path   = "/ids"
  values = response.json
}
probe "pool" {
  host = host.probed
  path = "/pool"
  gauge "used" { value = response.json.used }
}
scenario "main" {
  user_classes = [user_class.a]
  stage "steady" {
    users    = 50
    duration = "1m"
  }
}
scenario "more" {
  user_classes = [user_class.b]
  stage "steady" {
    users    = 10
    duration = "1m"
  }
}
` + guards
	if err := os.WriteFile(file, []byte(src), 0o644); err != nil {
		t.Fatal(err)
	}
	p, diags := plan.Load(file, plan.Inputs{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return p
}

// names is a resolver that knows a few names.
type names map[string]string

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	text, ok := n[host]
	if !ok {
		return nil, errors.New("no such host")
	}
	var list []netip.Addr
	for word := range strings.FieldsSeq(text) {
		list = append(list, netip.MustParseAddr(word))
	}
	return list, nil
}

var world = names{"api.example.org": "192.0.2.2 ::ffff:192.0.2.1 192.0.2.2", "asked.test": "2001:db8::1"}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestResolve(t *testing.T) {
	var got []string
	for _, target := range Resolve(t.Context(), loadPlan(t, ""), world) {
		line := target.Name
		for _, h := range target.Hosts {
			line += " " + h.Name
		}
		for _, a := range target.Addresses {
			line += " " + a.String()
		}
		got = append(got, line)
	}
	want := []string{"api.example.org api again 192.0.2.1 192.0.2.2", "10.1.2.3 probed 10.1.2.3", "asked.test asked 2001:db8::1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMissing(t *testing.T) {
	all := Consent{Confirmed: []string{" API.Example.org. ", "[2001:db8::1]", "asked.test", "10.1.2.3"}, Acknowledged: []string{" I know "}}
	for _, test := range []struct {
		name, guard string
		consent     Consent
		want        string // what is missing, each on a line
	}{
		{"another host", `hosts = ["*.example.com", "unused.example.org"]`, Consent{}, ""},
		{"by name", `hosts = ["*.EXAMPLE.org"]`, Consent{}, "confirm api.example.org"},
		{"by address", `hosts = ["192.0.2.0/24"]`, Consent{}, "confirm api.example.org"},
		{"by one of two addresses", `hosts = ["192.0.2.2"]`, Consent{}, "confirm api.example.org"},
		{"IPv6", `hosts = ["2001:db8::/32"]`, Consent{}, "confirm asked.test"},
		{"a probe's", `hosts = ["10.0.0.0/8"]`, Consent{}, "confirm 10.1.2.3"},
		{"all", `hosts = ["*"]`, Consent{}, "confirm api.example.org\nconfirm 10.1.2.3\nconfirm asked.test"},
		{"all confirmed", `hosts = ["*"]`, all, ""},
		{"lines", "hosts = [\"asked.test\"]\nacknowledge = [\"I know\", \"really\"]", Consent{}, "confirm asked.test\nacknowledge I know\nacknowledge really"},
		{"one line", "hosts = [\"asked.test\"]\nacknowledge = [\"I know\", \"really\"]", all, "acknowledge really"},
		{"a line in other words", "hosts = [\"asked.test\"]\nacknowledge = [\"i know\"]", all, "acknowledge i know"},
		{"in time", "hosts = [\"*\"]\nwindow = \"12:00-13:00 UTC\"", all, ""},
		{"too late", "hosts = [\"asked.test\"]\nwindow = \"11:00-12:00 UTC\"", all, "window guard.g lets runs start at 11:00-12:00 UTC, and now it is 12:00 UTC."},
		{"over midnight", "hosts = [\"asked.test\"]\nwindow = \"22:00-06:00 UTC\"", all, "window guard.g lets runs start at 22:00-06:00 UTC, and now it is 12:00 UTC."},
		{"over midnight, in time", "hosts = [\"asked.test\"]\nwindow = \"20:00-06:00 Asia/Tokyo\"", all, ""},
		{"users, two hosts of a name", "hosts = [\"api.*\"]\nmax_users = 59", all, "limit guard.g allows 59 users at the same time on api.example.org, and the plan has 60. Plan fewer."},
		{"users that are allowed", "hosts = [\"api.*\"]\nmax_users = 60", all, ""},
		{"rate, one held back", "hosts = [\"api.*\"]\nmax_rate = \"89/s\"", all, "limit guard.g allows 89/s on api.example.org, and the plan's users send requests up to 90/s if answers come at once. Plan less, or give the host a max_rate."},
		{"rate that is allowed", "hosts = [\"api.*\"]\nmax_rate = \"90/s\"", all, ""},
		{"limits of a probe", "hosts = [\"10.*\"]\nmax_users = 1\nmax_rate = \"1/h\"", all, ""},
	} {
		p := loadPlan(t, "guard \"g\" {\n"+test.guard+"\n}\n")
		var got []string
		for _, m := range New(p, test.consent, noon).Missing(Resolve(t.Context(), p, world)) {
			kind := map[Kind]string{Confirm: "confirm", Acknowledge: "acknowledge", Window: "window", Limit: "limit"}[m.Kind]
			got = append(got, kind+" "+m.Text)
		}
		if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

// TestSpelling is about addresses that can be written in several ways.
func TestSpelling(t *testing.T) {
	p := loadPlan(t, `
host "six" { base_url = "http://[2001:DB8:0:0:0:0:0:9]:8080" }
probe "six" {
  host = host.six
  path = "/"
  gauge "used" { value = response.json.used }
}
guard "six" { hosts = ["2001:0db8::9"] }
`)
	got := New(p, Consent{}, noon).Missing(Resolve(t.Context(), p, world))
	if len(got) != 1 || got[0].Text != "2001:db8::9" {
		t.Errorf("missing %v", got)
	}
	for _, name := range []string{"2001:db8::9", "[2001:0DB8:0::0009]"} {
		if got := New(p, Consent{Confirmed: []string{name}}, noon).Missing(Resolve(t.Context(), p, world)); got != nil {
			t.Errorf("%s: missing %v", name, got)
		}
	}
}

func TestProtecting(t *testing.T) {
	p := loadPlan(t, "guard \"far\" { hosts = [\"*.com\"] }\nguard \"b\" { hosts = [\"10.*\"] }\nguard \"a\" { hosts = [\"192.0.2.1\"] }\n")
	var got []string
	for _, g := range New(p, Consent{}, noon).Protecting(Resolve(t.Context(), p, world)) {
		got = append(got, g.Name)
	}
	if diff := cmp.Diff([]string{"b", "a"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestRefuse(t *testing.T) {
	p := loadPlan(t, `
guard "production" {
  hosts       = ["*.prod.test", "203.0.113.0/24", "localhost"]
  acknowledge = ["I know"]
}
guard "small" {
  hosts     = ["198.51.100.1"]
  max_users = 5
}
`)
	closed := New(p, Consent{}, noon)
	half := New(p, Consent{Confirmed: []string{"db.prod.test"}}, noon)
	open := New(p, Consent{Confirmed: []string{"db.prod.test", "elsewhere.test"}, Acknowledged: []string{"I know"}}, noon)
	for _, test := range []struct {
		name, address      string
		closed, half, open bool // refused
	}{
		{"elsewhere.test", "", false, false, false},
		{"elsewhere.test", "192.0.2.9", false, false, false},
		{"elsewhere.test", "203.0.113.7", true, true, false},
		{"elsewhere.test", "::ffff:203.0.113.7", true, true, false},
		{"elsewhere.test", "198.51.100.1", true, true, true}, // confirmed, but nobody knows how many users come
		{"DB.prod.test.", "", true, true, false},
		{"db.prod.test", "10.0.0.1", true, true, false},
		{"other.prod.test", "", true, true, true},
		{"203.0.113.7", "", true, true, true},
		{"localhost", "127.0.0.1", true, true, true},
		{"bücher.example", "", true, true, true},
	} {
		var address netip.Addr
		if test.address != "" {
			address = netip.MustParseAddr(test.address)
		}
		for gate, want := range map[*Gate]bool{closed: test.closed, half: test.half, open: test.open} {
			if got := gate.Refuse(test.name, address); (got != "") != want {
				t.Errorf("%s at %s: refused %q, want %t", test.name, test.address, got, want)
			}
		}
	}
}
