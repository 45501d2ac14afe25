package engine

import (
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bossplan/interp/record"
)

const rowsPlan = `
data "rows" {
  csv    = "./rows.csv"
  order  = "shuffle"
  on_end = "fail"
}
data "more" {
  csv   = "./rows.csv"
  order = "random"
}
user_class "u" {
  host   = host.api
  weight = 2
  on_start {
    request "login" { path = "/login/${row.rows.n}/${uuid()}" }
  }
  flow "f" {
    request "a" {
      path   = "/a/${row.rows.n}/${row.more.n}/${random_int(1, 1000)}"
      repeat = random_int(0, 3)
    }
    request "b" {
      path = "/b/${row.rows.n}/${pick(data.more).n}"
      when = random_int(0, 1) == 0
    }
  }
  request "plain" { path = "/plain/${uuid()}" }
  on_stop {
    request "logout" { path = "/logout/${uuid()}" }
  }
}
user_class "v" {
  host   = host.api
  weight = 3.14159265
  mix    = "MIX"
  request "c" { path = "/c/${row.rows.n}" }
  request "d" {
    path   = "/d/${user.index}/${iteration}"
    weight = 2.7182818
  }
}
user_class "w" {
  host   = host.api
  weight = 1.4142136
  mix    = "MIX"
  flow "g" {
    request "e" { path = "/e/${row.rows.n}/${row.more.n}" }
    request "f" { path = "/f/${row.rows.n}" }
  }
}
scenario "closed" {
  user_classes = [user_class.u, user_class.v]
  stage "x" {
    users      = 30
    iterations = 200
    duration   = "10s"
  }
  stage "y" {
    users      = 50
    iterations = 150
    duration   = "10s"
  }
}
scenario "open" {
  user_classes = [user_class.v, user_class.w]
  stage "x" {
    rate     = "500/s"
    duration = "300ms"
  }
  stage "y" {
    rate       = "500/s"
    arrivals   = "even"
    iterations = 60
    duration   = "10s"
  }
}`

// TestSameFlowsAndRowsOnAnyNumberOfLoops: what a flow passes over, how often it
// repeats and which rows it gets follow from the seed alone, and no row is given
// twice.
func TestSameFlowsAndRowsOnAnyNumberOfLoops(t *testing.T) {
	t.Parallel()
	for _, mix := range []string{"exact", "random"} {
		g := compile(t, strings.ReplaceAll(rowsPlan, "MIX", mix))
		var want []string
		for _, loops := range []int{1, 2, 5} {
			log := &sentLog{}
			drive(t, g, loops, log)
			got := log.targets()
			if want == nil {
				want = got
			}
			if !slices.Equal(got, want) {
				t.Errorf("mix %s: %d loops send %d requests, 1 loop %d, and not the same", mix, loops, len(got), len(want))
			}
		}
		uses := map[string]map[string]int{} // of a row, by kind of request
		for _, target := range want {
			parts := strings.Split(target, "/")
			switch parts[1] {
			case "login", "a", "b", "c", "e", "f":
				if uses[parts[2]] == nil {
					uses[parts[2]] = map[string]int{}
				}
				uses[parts[2]][parts[1]]++
			}
		}
		for row, by := range uses {
			// The steps of one flow share a row, and so do those that are
			// repeated; nothing else does.
			flow := by["a"] + by["b"]
			if flow > 0 {
				by["a"], by["b"] = 1, 0
			}
			if by["login"]+by["a"]+by["c"]+by["e"] > 1 || by["f"] != by["e"] {
				t.Errorf("mix %s: row %s was given to %v", mix, row, by)
			}
		}
		if len(uses) < 100 {
			t.Errorf("mix %s: only %d rows were used", mix, len(uses))
		}
	}
}

// TestNothingToSendDoesNotSpin: users whose flows pass everything over, and those
// whose requests fail before anything is sent, must not eat a core.
func TestNothingToSendDoesNotSpin(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]string{
		"passed over": `when = false`,
		"none":        `repeat = user.index * 0`,
		"failing":     `repeat = 1000 + 0 * random_int(0, 1)`,
	} {
		path := "/"
		if name == "failing" {
			path = "/${[1, 2][user.index + 5]}"
		}
		g := compile(t, `
user_class "u" {
  host = host.api
  flow "f" {
    on_failure = "continue"
    request "r" {
      path = "`+path+`"
      `+step+`
    }
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 2
    duration = "300ms"
  }
}`)
		r := drive(t, g, 1, &sentLog{})
		i := r.Scenarios[0].Iterations
		if n := max(i.Completed, r.Totals().Total()); n < 2 || n > 2*300/10+4 {
			t.Errorf("%s: %d iterations and %d requests of 2 users in 300 ms", name, i.Completed, r.Totals().Total())
		}
	}
}

// TestConnectionsAreHeldForARequest and not for a flow: with one connection for
// all, users take turns between the steps, and pauses hold nothing.
func TestConnectionsAreHeldForARequest(t *testing.T) {
	t.Parallel()
	g := compile(t, `
user_class "u" {
  host = host.api
  flow "f" {
    request "a" { path = "/a" }
    request "b" {
      path = "/b"
      wait = constant("100ms")
    }
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users      = 20
    iterations = 20
    duration   = "10s"
  }
}`)
	g.Hosts[0].Plan.Connections = 1
	r := drive(t, g, 1, &sentLog{delay: func(string) time.Duration { return time.Millisecond }})
	if end := r.Scenarios[0].Stages[0].End; end > 1500*time.Millisecond {
		t.Errorf("20 users with a pause of 100 ms took %v over one connection", end)
	}
	if r.Totals().Total() != 40 {
		t.Errorf("%d requests, want 40", r.Totals().Total())
	}
}

// TestQuotasCountIterations of the stage that they began in, not requests.
func TestQuotasCountIterations(t *testing.T) {
	t.Parallel()
	for _, loops := range []int{1, 3} {
		log := &sentLog{delay: func(string) time.Duration { return 5 * time.Millisecond }}
		r := drive(t, compile(t, `
user_class "u" {
  host = host.api
  flow "f" {
    request "a" { path = "/a" }
    request "b" {
      path   = "/b"
      repeat = 4
      wait   = constant("5ms")
    }
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 8
    duration = "100ms"
  }
  stage "y" {
    users      = 8
    iterations = 20
    duration   = "10s"
  }
}`), loops, log)
		var first, second int64
		for _, c := range r.Cells {
			if c.Stage == 1 && c.Request == 0 {
				first = c.Total()
			}
			if c.Stage == 1 && c.Request == 1 {
				second = c.Total()
			}
		}
		if first != 20 || second < 80 {
			t.Errorf("%d loops: the second stage had %d and %d requests, want 20, and 80 or more", loops, first, second)
		}
	}
}

// TestCutFlowsBalance cuts users off in every state at a random moment.
func TestCutFlowsBalance(t *testing.T) {
	t.Parallel()
	for i, grace := range []string{"0s", "20ms", "60ms"} {
		g := compile(t, strings.NewReplacer(
			"MIX", "exact", `user_classes = [user_class.u, user_class.v]`, `user_classes = [user_class.u, user_class.v]
  graceful_stop = "`+grace+`"`, `user_classes = [user_class.v, user_class.w]`, `user_classes = [user_class.v, user_class.w]
  graceful_stop = "`+grace+`"`, `iterations = 200`, ``, `iterations = 150`, ``, `duration   = "10s"`, `duration = "`+strconv.Itoa(80+13*i)+`ms"`,
		).Replace(rowsPlan))
		g.Hosts[0].Plan.MaxRate = 800
		var n atomic.Int64
		r := drive(t, g, 2, &sentLog{delay: func(string) time.Duration {
			return time.Duration(n.Add(1)%7) * 10 * time.Millisecond
		}})
		all := r.Select(func(*record.Cell) bool { return true })
		var unfinished, made int64
		for _, s := range r.Scenarios {
			unfinished += s.Iterations.Unfinished
		}
		for _, p := range r.Series.Points {
			made += p.Started
		}
		if all.Unfinished != unfinished || made != all.Total() {
			t.Errorf("grace %s: %d unfinished requests, %d iterations; %d made, %d recorded", grace, all.Unfinished, unfinished, made, all.Total())
		}
	}
}

// TestGoodbyesWithoutRowsFail: a user that leaves when the rows are used up is not
// asked to stop, but what it could not do at its end is seen.
func TestGoodbyesWithoutRowsFail(t *testing.T) {
	t.Parallel()
	g := compile(t, `
data "rows" {
  csv    = "./rows.csv"
  on_end = "stop_user"
}
user_class "u" {
  host = host.api
  on_start {
    request "login" { path = "/login/${row.rows.n}" }
  }
  request "a" { path = "/a" }
  on_stop {
    on_failure = "continue"
    request "logout" { path = "/logout/${row.rows.n}" }
    request "bye" { path = "/bye" }
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users      = 600
    iterations = 600
    duration   = "10s"
  }
}`)
	r := drive(t, g, 2, &sentLog{})
	for i, want := range []struct{ made, failed int64 }{{600, 0}, {600, 200}, {600, 0}} {
		if s := r.Setup[i]; s.Count != want.made || s.Failed != want.failed {
			t.Errorf("request %d of the hooks: %d made, %d failed, want %+v", i, s.Count, s.Failed, want)
		}
	}
	if n := r.Data[0].Stopped; n > 0 {
		t.Errorf("%d users stopped, all came to their end", n)
	}
}

// TestGoodbyesWait: users that rest or pause when the end comes leave a timer
// behind, which must not cut short what they wait for in on_stop.
func TestGoodbyesWait(t *testing.T) {
	t.Parallel()
	g := compile(t, `
user_class "u" {
  host = host.api
  wait = constant("100ms")
  flow "f" {
    request "a" { path = "/a" }
    request "b" {
      wait = constant("100ms")
      path = "/b"
    }
  }
  on_stop {
    request "bye" {
      wait = constant("300ms")
      path = "/bye"
    }
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 40
    duration = "400ms"
  }
}`)
	log := &sentLog{}
	drive(t, g, 2, log)
	byes := 0
	for _, x := range log.sent {
		if x.target != "/bye" {
			continue
		}
		byes++
		if x.at < 700*time.Millisecond {
			t.Errorf("on_stop sent at %s, less than 300 ms after the end", x.at)
		}
	}
	if byes != 40 {
		t.Errorf("%d of 40 users said goodbye", byes)
	}
}

// TestOnStopWithoutRows: a user that was stopped because the rows are used up, or
// that ends after they are, still says goodbye; what needs a row there fails, and
// nobody is stopped a second time.
func TestOnStopWithoutRows(t *testing.T) {
	t.Parallel()
	g := compile(t, `
data "rows" {
  csv    = "./rows.csv"
  order  = "sequential"
  on_end = "stop_user"
}
user_class "u" {
  host = host.api
  request "a" { path = "/a/${row.rows.n}" }
  on_stop {
    on_failure = "continue"
    request "bye"    { path = "/bye/${row.rows.n}" }
    request "logout" { path = "/logout" }
  }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 1
    duration = "500ms"
  }
}`)
	log := &sentLog{}
	r := drive(t, g, 1, log)
	sent := log.targets()
	if n := len(sent); n != 1001 || sent[n-1] != "/logout" {
		t.Errorf("%d requests were sent, the last by name %s: want one a row, and /logout", n, sent[n-1])
	}
	if d := r.Data[0]; d.Stopped != 1 {
		t.Errorf("%d users were stopped, want 1", d.Stopped)
	}
	bye := r.Setup[0]
	if bye.Count != 1 || bye.Failed != 1 || len(bye.Errors) != 1 || !strings.HasSuffix(bye.Errors[0].Message, "data.rows has no more rows") {
		t.Errorf("the request that needs a row: %+v", bye)
	}
}
