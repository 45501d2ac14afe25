package plan

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLacks holds what a machine lacks against what it has.
func TestLacks(t *testing.T) {
	const text = `
host "api" { base_url = "http://api.test:8000" }
user_class "one" {
  host = host.api
  wait = constant("1s")
  request "get" { path = "/" }
}
scenario "first" {
  user_classes = [user_class.one]
  stage "peak" {
    users    = 2000
    duration = "1m"
  }
}
scenario "then" {
  user_classes  = [user_class.one]
  after         = [scenario.first]
  max_in_flight = 3000
  stage "peak" {
    rate     = "500/s"
    duration = "1m"
  }
}`
	all := func(*Host) bool { return true }
	none := func(*Host) bool { return false }
	for _, test := range []struct {
		name   string
		m      Machine
		counts func(*Host) bool
		want   []string
	}{
		{"enough", Machine{Ports: 3000, Files: 3100}, all, nil},
		{"not looked at", Machine{}, all, nil},
		{"files at worst", Machine{Files: 2500}, all, []string{
			"the connections need up to 3,100 open files, and the process may have 2,500"}},
		{"files in any case", Machine{Files: 1024}, all, []string{
			"the connections need 2,100 to 3,100 open files, and the process may have 1,024"}},
		{"files of others", Machine{Files: 1024}, none, nil},
		{"ports", Machine{Ports: 1999}, all, []string{
			"host.api needs 2,000 to 3,000 connections to api.test:8000, and from one address there are local ports for 1,999"}},
		{"both", Machine{Ports: 2999, Files: 3099}, all, []string{
			"host.api needs up to 3,000 connections to api.test:8000, and from one address there are local ports for 2,999",
			"the connections need up to 3,100 open files, and the process may have 3,099"}},
	} {
		var got []string
		for _, l := range loadText(t, text).Lacks(test.m, test.counts) {
			got = append(got, l.String())
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestFewFiles(t *testing.T) {
	const text = `
host "api" { base_url = "http://api.test:8000" }
user_class "one" {
  host = host.api
  request "r" { path = "/" }
}
scenario "main" {
  user_classes = [user_class.one]
  stage "peak" {
    users    = 40
    duration = "1m"
  }
}`
	for files, want := range map[int]string{
		64: "",
		59: "the connections need 60 open files, and the process may have 59",
	} {
		got := ""
		for _, l := range loadText(t, text).Lacks(Machine{Files: files}, func(*Host) bool { return true }) {
			got += l.String()
		}
		if got != want {
			t.Errorf("%d files: got %q, want %q", files, got, want)
		}
	}
}

func TestConnectionMemory(t *testing.T) {
	a, b, c := &Host{Name: "a"}, &Host{Name: "b"}, &Host{Name: "c"}
	loads := []HostLoad{{Host: a, Connections: 2}, {Host: b, Connections: 3}, {Host: c, Connections: 5}}
	got := connectionMemory(loads, func(h *Host) Carriage {
		if h == b {
			return Carriage{"std", 7000, true}
		}
		return Carriage{"epoll", 1024, true}
	})
	want := []MemoryPart{{"connections by epoll", 7 * 1024, "1KiB each"}, {"connections by std", 21000, "6.84KiB each"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
