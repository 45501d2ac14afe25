package engine

import (
	"testing"
	"time"
)

func TestQueueKeepsItsOrder(t *testing.T) {
	var q queue
	next, taken := int64(0), int64(0)
	for round := range 300 {
		for range round % 7 {
			q.push(&user{index: next})
			next++
		}
		for range round % 5 {
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
	if most := 2 * (next - taken); int64(cap(q.users)) > most+64 {
		t.Errorf("there is room for %d users where %d wait", cap(q.users), next-taken)
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
