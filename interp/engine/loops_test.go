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
