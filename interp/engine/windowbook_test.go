package engine

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"bossplan/interp/record"
	"bossplan/interp/wire"
)

const windowedPlan = `
user_class "u" {
  host = host.api
  request "a" { path = "/a" }
  request "b" { path = "/b" }
}
scenario "s" {
  user_classes = [user_class.u]
  stage "warm" {
    users    = 1
    duration = "1s"
    warmup   = true
  }
  stage "x" {
    users    = 1
    duration = "8s"
  }
}
threshold "all" {
  metric = metric.requests.rate
  target = ">= 1/s"
  window = "2s"
}
threshold "each" {
  metric = metric.errors.count
  target = "== 0"
  window = "4s"
  per    = "request"
}`

// TestWindowsCloseWhenNothingIsOutstanding feeds two loops' intervals and looks
// at what is closed when.
func TestWindowsCloseWhenNothingIsOutstanding(t *testing.T) {
	g := compile(t, windowedPlan)
	r := &record.Record{}
	Prepare(g, r)
	r.Scenarios[0].Stages[0].End = time.Second
	r.Scenarios[0].Stages[1].Start, r.Scenarios[0].Stages[1].End = time.Second, 4*time.Second
	b := newWindowBook(g)
	l, s := still(g)
	for k, st := range r.Scenarios[0].Stages {
		l.origins.begin(l.interval.windows, g.Scenarios[0], k, st.Start)
	}
	take := func(oldest time.Duration, dues ...time.Duration) {
		iv := newInterval(g)
		for i, due := range dues {
			u := s.newUser(g.Classes[0])
			u.due, u.flow, u.stage = due, g.Classes[0].Choices[i%2], 1
			iv.sample(u, &wire.Outcome{Status: 200, Done: due + time.Millisecond}, &verdict{})
		}
		iv.oldest = oldest
		b.take(iv)
	}
	const second = time.Second
	b.oldest = math.MaxInt64
	take(5*second, 1500*time.Millisecond, 2*second, 3*second)
	take(3500*time.Millisecond, 2900*time.Millisecond)
	b.closeOld(r)
	// Windows begin with the first judged stage, not with the run.
	want := []record.Window{{Start: second, Due: 3, Samples: 3, Value: 1.5, ValueLessLag: 1.5, Request: -1}}
	if diff := cmp.Diff(want, r.Windows[0].Points); diff != "" {
		t.Errorf("with a request of 3.5 s outstanding (-want +got):\n%s", diff)
	}
	if n := len(r.Windows[1].Points); n != 0 {
		t.Errorf("%d windows of 4 s are closed after 3.5 s", n)
	}
	b.closeAll(r)
	// The last one is half of one: its rate is over what there was.
	want = append(want, record.Window{Start: 3 * second, Due: 1, Samples: 1, Value: 1, ValueLessLag: 1, Request: -1})
	if diff := cmp.Diff(want, r.Windows[0].Points); diff != "" {
		t.Errorf("at the end (-want +got):\n%s", diff)
	}
	want = []record.Window{{Start: second, Due: 3, Samples: 3, Request: 0}, {Start: second, Due: 1, Samples: 1, Request: 1}}
	if diff := cmp.Diff(want, r.Windows[1].Points); diff != "" {
		t.Errorf("per request (-want +got):\n%s", diff)
	}
}

// TestWindowsIgnoreWarmup: what is due in warm-up is in no window.
func TestWindowsIgnoreWarmup(t *testing.T) {
	g := compile(t, windowedPlan)
	_, s := still(g)
	iv := newInterval(g)
	u := s.newUser(g.Classes[0])
	u.due, u.flow = 500*time.Millisecond, g.Classes[0].Choices[0]
	iv.sample(u, &wire.Outcome{Status: 200, Done: time.Second}, &verdict{})
	if len(iv.open) != 0 {
		t.Errorf("%d windows have a warm-up request", len(iv.open))
	}
}

// TestLateUsersKeepTheirWindowOpen: with pacing a user may be ready now for what
// was due long ago, and a timer may be late. Both are outstanding though nothing
// of them is under way.
func TestLateUsersKeepTheirWindowOpen(t *testing.T) {
	g := compile(t, windowedPlan)
	l, s := still(g)
	oldest := func(now time.Duration) time.Duration {
		_, at := l.underWay(now)
		return min(at, l.oldestUnsent(now))
	}
	const second = time.Second
	for range 20 {
		l.timers.push(30*second, s.newUser(g.Classes[0]))
	}
	if got := oldest(10 * second); got != 10*second {
		t.Errorf("with nothing due the oldest is %s, want now", got)
	}
	l.timers.push(8*second, &stageStart{scenario: s, at: 8 * second})
	if got := oldest(10 * second); got != 8*second {
		t.Errorf("with a timer that is late the oldest is %s, want 8s", got)
	}
	behind := s.newUser(g.Classes[0])
	behind.due = 3 * second
	l.timers.push(10*second+unsentPause, behind)
	if got := oldest(10 * second); got != 3*second {
		t.Errorf("with a user behind its pace the oldest is %s, want 3s", got)
	}
	behind.leave()
	if got := oldest(10 * second); got != 8*second {
		t.Errorf("with that user gone the oldest is %s, want 8s", got)
	}
}
