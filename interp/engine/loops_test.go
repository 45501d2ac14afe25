package engine

import (
	"runtime"
	"strings"
	"testing"
)

// TestLoopsForConnections: there are as many loops as the connections need, but
// not more where scenarios have them one after the other.
func TestLoopsForConnections(t *testing.T) {
	const class = `
user_class "u" {
  host = host.api
  wait = constant("10s")
  request "a" { path = "/a" }
}`
	closed := `
scenario "NAME" {
  user_classes = [user_class.u]
  AFTER
  stage "x" {
    users    = 50000
    duration = "1m"
  }
}`
	scenario := func(name, after string) string {
		return strings.NewReplacer("NAME", name, "AFTER", after).Replace(closed)
	}
	open := `
scenario "o" {
  user_classes  = [user_class.u]
  max_in_flight = 30000
  stage "x" {
    rate     = "100/s"
    duration = "1m"
  }
}`
	for _, c := range []struct {
		name, scenarios string
		capacity, want  int
	}{
		{"any number", scenario("a", ""), 0, 1},
		{"enough", scenario("a", ""), 60000, 1},
		{"three loops", scenario("a", ""), 18000, 3},
		{"side by side", scenario("a", "") + open, 18000, 5},
		{"one after the other", scenario("a", "") + scenario("b", "after = [scenario.a]"), 18000, 3},
		{"never enough", scenario("a", ""), 10, numShares},
	} {
		g := compile(t, class+c.scenarios)
		got := countLoops(g, c.capacity)
		if want := max(c.want, min(runtime.GOMAXPROCS(0), numShares)); got != want {
			t.Errorf("%s: %d loops, want %d", c.name, got, want)
		}
		if c.capacity > numShares && largestPart(connections(g), got) > c.capacity {
			t.Errorf("%s: the first of %d loops has more than %d connections", c.name, got, c.capacity)
		}
	}
}

// TestEveryLoopHasRoom: however many connections there are, no loop is left without
// a part of what all share: what falls due there would never start.
func TestEveryLoopHasRoom(t *testing.T) {
	g := compile(t, `
host "shared" {
  base_url    = "http://127.0.0.1:2"
  connections = 3
}
user_class "own" {
  host = host.api
  request "a" { path = "/a" }
}
user_class "sharing" {
  host = host.shared
  request "a" { path = "/a" }
}
scenario "many" {
  user_classes = [user_class.own]
  stage "x" {
    users    = 50000
    duration = "1m"
  }
}
scenario "few" {
  user_classes  = [user_class.sharing]
  max_in_flight = 2
  stage "x" {
    rate     = "100/s"
    duration = "1m"
  }
}`)
	n := countLoops(g, 18000)
	for id := range n {
		l := &loop{id: id, loops: n}
		if l.part(2) == 0 || l.part(3) == 0 {
			t.Errorf("loop %d of %d may have %d iterations at a time and %d connections", id, n, l.part(2), l.part(3))
		}
	}
}
