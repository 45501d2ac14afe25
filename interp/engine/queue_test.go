package engine

import (
	"testing"
	"time"
)

func TestQueueKeepsItsOrder(t *testing.T) {
	const backlog = 20
	var q queue
	next, taken := int64(0), int64(0)
	push := func(n int) {
		for range n {
			q.push(0, &user{index: next})
			next++
		}
	}
	push(backlog)
	for round := range 700 {
		push(round % 7)
		for range (round + 3) % 7 {
			if q.empty() {
				break
			}
			if u := q.pop(); u.index != taken {
				t.Fatalf("user %d came out, user %d was first", u.index, taken)
			}
			taken++
		}
		if n := len(q.waiting()); int64(n) != next-taken {
			t.Fatalf("%d are waiting, want %d", n, next-taken)
		}
	}
	// It grows where at least half of it is waiting, and about doubles then.
	if room := cap(q.entries); room > 4*2*backlog {
		t.Errorf("there is room for %d users where some %d wait", room, backlog)
	}
}

// A counter counts how often it was fired.
type counter int

func (c *counter) fire(time.Duration) { *c++ }

// TestTurnsAreBounded: a crowd that is due at once does not keep answers waiting.
func TestTurnsAreBounded(t *testing.T) {
	l := &loop{epoch: time.Now().Add(-time.Hour)}
	var fired counter
	for range 3*burst - 1 {
		l.timers.push(time.Second, &fired)
	}
	for turn, want := range []counter{burst, 2 * burst, 3*burst - 1, 3*burst - 1} {
		l.fireDue()
		if fired != want {
			t.Errorf("%d were fired by turn %d, want %d", fired, turn+1, want)
		}
		if more := l.nextDue() <= l.clock; more != (want < 3*burst-1) {
			t.Errorf("turn %d: the next wait returns at once: %t", turn+1, more)
		}
	}
}

// TestOthersAreNotHeldUp: a user that was to go on at once and has begun a longer
// pause instead, as on_stop may, holds nobody up who comes after it.
func TestOthersAreNotHeldUp(t *testing.T) {
	l := &loop{epoch: time.Now().Add(-time.Hour)}
	l.clock = l.now()
	s := &scenarioLoop{loop: l}
	first, second := &user{scenario: s, quota: parked}, &user{scenario: s, quota: parked}
	first.wakeAt(l.clock)
	second.wakeAt(l.clock)
	l.timers.push(l.clock+10*time.Minute, new(counter))
	first.wakeAt(l.clock + 20*time.Minute)
	l.fireDue()
	if second.pending || !first.pending {
		t.Errorf("the second has yet to go on: %t; the first pauses: %t", second.pending, first.pending)
	}
	if due := l.nextDue(); due <= l.clock {
		t.Error("the loop does not rest though nothing is due")
	}
}
