package engine

import (
	"testing"
	"time"

	"bossplan/interp/record"
)

// TestGraceOnlyGetsShorter: whatever ends a run that is in its grace already, be
// it an abort rule or a person, must not keep it going for longer.
func TestGraceOnlyGetsShorter(t *testing.T) {
	g := compile(t, closedPlan("", `
  stage "x" {
    users    = 1
    duration = "1s"
  }`))
	r := &record.Record{}
	Prepare(g, r)
	c := newConductor(g, nil, newTimeline(r), Options{Epoch: time.Now().Add(-time.Minute)})
	st := c.states[0]
	st.begun = true
	c.endWith(st, 50*time.Second, time.Hour)
	defer func() { st.timer.Stop() }()
	cut := st.cutAt
	if c.stop(farFuture); st.cutAt != cut {
		t.Errorf("an abort moves the end of the grace from %s to %s", cut, st.cutAt)
	}
	c.stop(10 * time.Minute)
	shorter := st.cutAt
	if shorter >= cut {
		t.Errorf("an interruption leaves the end of the grace at %s", shorter)
	}
	if c.stop(20 * time.Minute); st.cutAt != shorter {
		t.Errorf("a second one moves the end of the grace from %s to %s", shorter, st.cutAt)
	}
}

// TestCutPassesConnectionToFailingUsers: the connection of a request that is cut
// off goes to users of another scenario whose requests cannot be made, so that
// several leave the list of busy users while it is being walked.
func TestCutPassesConnectionToFailingUsers(t *testing.T) {
	t.Parallel()
	g := compile(t, `
host "other" { base_url = "http://127.0.0.1:2" }
user_class "first" {
  host = host.other
  request "r" { path = "/first" }
}
user_class "hangs" {
  host = host.api
  request "r" { path = "/hangs" }
}
user_class "fails" {
  host = host.api
  request "r" { path = "/${1 / (user.index - user.index)}" }
}
scenario "first" {
  user_classes = [user_class.first]
  stage "x" {
    users    = 1
    duration = "30ms"
  }
}
scenario "hangs" {
  user_classes  = [user_class.hangs]
  start_delay   = "10ms"
  graceful_stop = "50ms"
  stage "x" {
    users    = 1
    duration = "250ms"
  }
}
scenario "fails" {
  user_classes = [user_class.fails]
  start_delay  = "20ms"
  stage "x" {
    users    = 5
    duration = "600ms"
  }
}`)
	g.Hosts[1].Plan.Connections = 1
	log := &sentLog{delay: func(target string) time.Duration {
		if target == "/first" {
			return 100 * time.Millisecond
		}
		return -1
	}}
	r := drive(t, g, 1, log)
	if all := r.Totals(); all.Unfinished != 1 || all.Failed.Count() < 5 {
		t.Errorf("%d unfinished and %d failed, want 1 and at least 5", all.Unfinished, all.Failed.Count())
	}
}
