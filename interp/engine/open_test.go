package engine

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"bossplan/interp/graph"
	"bossplan/interp/metric"
)

// ticksOf walks the streams of all loops through a stage, without a clock.
func ticksOf(g *graph.Graph, loops, stage int) (dues []time.Duration, requests map[int]int) {
	requests = map[int]int{}
	for id := range loops {
		l := &loop{id: id, loops: loops, graph: g, interval: newInterval(g)}
		s := newScenarioLoop(l, g.Scenarios[0])
		s.stageDone = func(int) {}
		s.stage = stage
		s.enterOpen(stage, 0)
		for e := s.open.stream; e != nil && !e.ended; e.advance() {
			dues = append(dues, e.due)
			requests[e.choice().Flow.Steps[0].Position]++
		}
	}
	slices.Sort(dues)
	return dues, requests
}

func openPlan(stage string) string {
	return `
user_class "u" {
  host = host.api
  request "a" {
    path   = "/a"
    weight = 3
  }
  request "b" { path = "/b" }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
` + stage + `
  }
}`
}

// TestEvenTicksFollowTheLevel holds every tick of a ramp against the integral
// of its rate.
func TestEvenTicksFollowTheLevel(t *testing.T) {
	g := compile(t, openPlan(`
    rate     = "200/s"
    ramp     = "4s"
    arrivals = "even"
    duration = "10s"`))
	level := g.Scenarios[0].Levels[0]
	dues, requests := ticksOf(g, 2, 0)
	if want := level.Area(10 * time.Second); len(dues) != int(want) {
		t.Fatalf("%d ticks, the rate's integral is %v", len(dues), want)
	}
	for k, due := range dues {
		if area := level.Area(due); math.Abs(area-float64(k)) > 1e-3 {
			t.Fatalf("tick %d is due when the integral is %v", k, area)
		}
	}
	if requests[0] != len(dues)*3/4 {
		t.Errorf("requests are %v of %d, weights are 3 and 1", requests, len(dues))
	}
}

// TestPoissonTicks looks at what makes a Poisson process: as many ticks as the
// integral says, give or take, and gaps that are exponential.
func TestPoissonTicks(t *testing.T) {
	g := compile(t, openPlan(`
    rate     = "1000/s"
    duration = "20s"`))
	dues, requests := ticksOf(g, 2, 0)
	n := float64(len(dues))
	if math.Abs(n-20_000) > 5*math.Sqrt(20_000) {
		t.Errorf("%v ticks at 1,000/s in 20 s", n)
	}
	long := 0
	for i := 1; i < len(dues); i++ {
		if dues[i]-dues[i-1] > time.Millisecond {
			long++
		}
	}
	if share := float64(long) / n; math.Abs(share-1/math.E) > 0.02 {
		t.Errorf("%v of the gaps are longer than the mean, want 1/e", share)
	}
	if math.Abs(float64(requests[0])-n*3/4) > 1 {
		t.Errorf("requests are %v of %v: the arrivals are random, the mix is not", requests, n)
	}
}

// TestTicksDoNotDependOnLoops also covers limits that leave loops without work.
func TestTicksDoNotDependOnLoops(t *testing.T) {
	for _, stage := range []string{
		`rate = "300/s"
		 duration = "3s"`,
		`rate = "300/s"
		 ramp = "2s"
		 arrivals = "even"
		 duration = "3s"`,
		`rate = "1/s"
		 iterations = 5
		 duration = "1h"`,
		`rate = "1/s"
		 iterations = 1
		 duration = "1h"`,
	} {
		g := compile(t, openPlan(stage))
		want, wantRequests := ticksOf(g, 1, 0)
		for _, loops := range []int{2, 3, 64} {
			got, requests := ticksOf(g, loops, 0)
			if !slices.Equal(got, want) || fmt.Sprint(requests) != fmt.Sprint(wantRequests) {
				t.Errorf("%d loops: %d ticks %v, one loop: %d ticks %v", loops, len(got), requests, len(want), wantRequests)
			}
		}
		if n := g.Plan.Scenarios[0].Stages[0].Iterations; n > 0 && (len(want) != int(n) || want[n-1] > 30*time.Second) {
			t.Errorf("%d ticks until %v, want %d in about as many seconds", len(want), want[len(want)-1], n)
		}
	}
}

func TestIterationNumbersAreUnique(t *testing.T) {
	t.Parallel()
	g := compile(t, strings.ReplaceAll(openPlan(`
    rate     = "400/s"
    duration = "500ms"
  }
  stage "y" {
    rate       = "400/s"
    iterations = 50
    duration   = "5s"
  }
  stage "z" {
    rate     = "400/s"
    arrivals = "even"
    duration = "250ms"`), `path = "/b"`, `path = "/${iteration}/${user.id}/${uuid()}"`))
	log := &sentLog{}
	drive(t, g, 2, log)
	seen := map[string]bool{}
	for _, target := range log.targets() {
		if target != "/a" && seen[target] {
			t.Errorf("%s was sent twice", target)
		}
		seen[target] = true
	}
	if len(seen) < 50 {
		t.Errorf("only %d different requests", len(seen))
	}
}

// TestSameRequestsOnAnyNumberOfLoops is the promise that a seed makes.
func TestSameRequestsOnAnyNumberOfLoops(t *testing.T) {
	t.Parallel()
	g := compile(t, `
user_class "u" {
  host = host.api
  request "a" { path = "/a/${user.id}/${iteration}/${random_int(1, 1000000)}" }
  request "b" {
    path   = "/b/${uuid()}"
    weight = 2
  }
}
user_class "v" {
  host = host.api
  mix  = "random"
  weight = 2
  request "c" { path = "/c/${random_string(8)}" }
  request "d" { path = "/d/${user.index}" }
}
user_class "w" {
  host   = host.api
  weight = 1
  request "e" { path = "/e/${user.index}/${one_of("x", "y")}" }
}
scenario "closed" {
  user_classes = [user_class.v, user_class.w]
  stage "x" {
    users      = 30
    iterations = 100
    duration   = "10s"
  }
  stage "y" {
    users      = 40
    spawn_rate = 100
    iterations = 77
    duration   = "10s"
  }
}
scenario "open" {
  user_classes = [user_class.u]
  stage "x" {
    rate     = "500/s"
    duration = "300ms"
  }
  stage "y" {
    rate       = "500/s"
    iterations = 40
    duration   = "10s"
  }
}`)
	var want []string
	for _, loops := range []int{1, 2, 5} {
		log := &sentLog{}
		drive(t, g, loops, log)
		got := log.targets()
		if want == nil {
			want = got
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d loops send %d requests, 1 loop %d, and not the same", loops, len(got), len(want))
		}
	}
	if len(want) < 300 {
		t.Errorf("only %d requests", len(want))
	}
}

func TestBlockedTicksAreStartedOrDropped(t *testing.T) {
	t.Parallel()
	for _, late := range []string{"queue", "drop"} {
		g := compile(t, strings.Replace(openPlan(`
    rate     = "100/s"
    arrivals = "even"
    duration = "1s"`), "stage", `
  on_late       = "`+late+`"
  max_in_flight = 2
  graceful_stop = "1s"
  stage`, 1))
		log := &sentLog{delay: func(string) time.Duration { return 100 * time.Millisecond }}
		r := drive(t, g, 1, log)
		i := r.Scenarios[0].Iterations
		if i.Planned != 100 || i.Started != int64(len(log.sent)) || i.Started < 10 || i.Started > 22 {
			t.Errorf("%s: %+v with 2 slots of 100 ms, %d sent", late, i, len(log.sent))
		}
		all := r.Totals()
		if lag := all.Met.Lag.Quantile(90); lag > 50_000 {
			t.Errorf("%s: lag p90 is %d µs: the wait for a slot is the server's", late, lag)
		}
		if wait := all.Met.Response.Max(); late == "queue" && wait < 500_000 {
			t.Errorf("queue: the longest response is %d µs, some waited for a slot for most of the run", wait)
		}
	}
}

// TestDropsAreOfTheirStage: what waits for room is known to be lost only at the
// end, behind all stages, and counts where it was due.
func TestDropsAreOfTheirStage(t *testing.T) {
	t.Parallel()
	g := compile(t, strings.Replace(openPlan(`
    rate     = "100/s"
    arrivals = "even"
    duration = "500ms"
    warmup   = true
  }
  stage "y" {
    rate     = "100/s"
    arrivals = "even"
    duration = "1s"`), "stage", `
  max_in_flight = 20
  graceful_stop = "0s"
  stage`, 1))
	log := &sentLog{delay: func(string) time.Duration { return 300 * time.Millisecond }}
	r := drive(t, g, 1, log)
	s := r.Scenarios[0]
	if n := s.Stages[1].DroppedIterations; n < 20 || n != s.Iterations.Dropped {
		t.Errorf("%d dropped in the second stage, want all of %+v", n, s.Iterations)
	}
	if got := metric.Dropped(r, nil); int64(got.Value) != s.Iterations.Dropped {
		t.Errorf("the metric says %v of %+v", got, s.Iterations)
	}
}

// TestTicksHeldAtTheEndAreDropped: max_rate holds some back until after the
// end. They were due within it all the same.
func TestTicksHeldAtTheEndAreDropped(t *testing.T) {
	t.Parallel()
	g := compile(t, openPlan(`
    rate     = "100/s"
    arrivals = "even"
    duration = "2s"`)+`
threshold "w" {
  metric = metric.response_time.p95
  target = "< 1s"
  window = "1s"
}`)
	g.Hosts[0].Plan.MaxRate = 30
	log := &sentLog{}
	r := drive(t, g, 2, log)
	i := r.Scenarios[0].Iterations
	if i.Planned != 200 || i.Started != int64(len(log.sent)) || i.Started < 50 || i.Started > 62 {
		t.Errorf("%+v at 100/s held to 30/s, %d sent", i, len(log.sent))
	}
	if n := len(r.Windows[0].Points); n != 2 {
		t.Errorf("%d windows of 1 s in 2 s: %+v", n, r.Windows[0].Points)
	}
}

// TestQueuedTicksOfWarmup: what was due in warm-up and had to wait for room until
// after it is still warm-up's, in the account and in what is measured.
func TestQueuedTicksOfWarmup(t *testing.T) {
	t.Parallel()
	g := compile(t, strings.Replace(openPlan(`
    rate     = "1000/s"
    arrivals = "even"
    duration = "200ms"
    warmup   = true
  }
  stage "y" {
    rate     = "20/s"
    arrivals = "even"
    duration = "3s"`), "stage", `
  on_late       = "queue"
  max_in_flight = 4
  graceful_stop = "5s"
  stage`, 1))
	// 200 are due in 200 ms, of which 4 slots of 10 ms carry 80: the rest is sent in y.
	log := &sentLog{delay: func(string) time.Duration { return 10 * time.Millisecond }}
	r := drive(t, g, 1, log)
	s := r.Scenarios[0]
	for k, want := range []int64{200, 60} {
		if st := s.Stages[k]; st.PlannedIterations != float64(want) || st.StartedIterations != want || st.DroppedIterations != 0 {
			t.Errorf("stage %s has %+v, want %d planned and started", st.Name, st, want)
		}
	}
	if warm, judged := r.WarmupRequests(), r.Totals().Total(); warm != 200 || judged != 60 {
		t.Errorf("%d requests are warm-up's and %d are judged, want 200 and 60", warm, judged)
	}
	end := s.Stages[0].End
	if n := slices.IndexFunc(log.sent, func(x sent) bool { return x.at > end }); n < 0 || n > 100 {
		t.Errorf("%d of 200 were sent within warm-up, 4 slots carry 80", n)
	}
}
