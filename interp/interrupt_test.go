package interp_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"bossplan/interp"
	"bossplan/interp/graph"
	"bossplan/interp/record"
)

func TestInterruptEndsInOrder(t *testing.T) {
	t.Parallel()
	url := serve(t, func(http.ResponseWriter, *http.Request) { time.Sleep(20 * time.Millisecond) })
	p := load(t, fmt.Sprintf(oneRequest, "")+`
scenario "s" {
  user_classes = [user_class.u]
  stage "x" {
    users    = 5
    duration = "1h"
  }
}`, url)
	g, _ := interp.Compile(p, graph.Options{Seed: 1})
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	r, err := interp.Run(ctx, g, interp.Options{InterruptGrace: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, r)
	if r.Run.State != record.StateInterrupted {
		t.Errorf("state %s", r.Run.State)
	}
	if st := r.Scenarios[0].Stages[0]; st.Ended || st.End <= st.Start {
		t.Errorf("stage from %v to %v, ended %v; it was cut short", st.Start, st.End, st.Ended)
	}
	if all := r.Totals(); all.Unfinished != 0 || all.Completed() < 50 {
		t.Errorf("%d completed, %d unfinished; requests of 20 ms fit the grace", all.Completed(), all.Unfinished)
	}
}

// TestInterruptBeforeTheFirstRequest: a host that does not answer the preflight
// is not to blame for an interruption.
func TestInterruptBeforeTheFirstRequest(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() // it never shakes hands
	g, _ := interp.Compile(load(t, fmt.Sprintf(oneRequest, "")+closedSecond, "https://"+l.Addr().String()), graph.Options{Seed: 1})
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer cancel()
	r, err := interp.Run(ctx, g, interp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Run.State != record.StateInterrupted || r.Run.Ended.IsZero() {
		t.Errorf("state %s (%s), ended %v", r.Run.State, r.Run.StateDetail, r.Run.Ended)
	}
}

// TestKillDoesNotWaitForProbes: neither requests nor a probe that hangs may
// keep a second signal from ending the run.
func TestKillDoesNotWaitForProbes(t *testing.T) {
	t.Parallel()
	url := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	g, _ := interp.Compile(load(t, fmt.Sprintf(oneRequest, "")+`
probe "stuck" {
  host = host.api
  path = "/"
  gauge "time" { value = response.time }
}`+closedSecond, url), graph.Options{Seed: 1})
	kill := make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(300*time.Millisecond, func() {
		cancel()
		close(kill)
	})
	begun := time.Now()
	r, err := interp.Run(ctx, g, interp.Options{Kill: kill, InterruptGrace: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	checkAccount(t, r)
	if took := time.Since(begun); took > 4*time.Second {
		t.Errorf("it took %v to end at once", took)
	}
	if all := r.Totals(); all.Unfinished != 5 || r.Run.State != record.StateInterrupted {
		t.Errorf("%d unfinished, state %s; want 5, interrupted", all.Unfinished, r.Run.State)
	}
}
