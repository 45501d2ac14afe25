package engine

import "time"

// A queue holds the users that are due at once, first come first served: they
// need no timer. A user that was put here may have gone on to something that is
// due later, so the moments are kept apart from it. The zero value is empty.
type queue struct {
	entries []entry
	next    int // the first one, in entries
}

// An entry is a user and the moment that it has been waiting from.
type entry struct {
	at   time.Duration
	user *user
}

func (q *queue) empty() bool { return q.next == len(q.entries) }

func (q *queue) push(at time.Duration, u *user) {
	// Where half of it is behind the first one, what is left moves down.
	if len(q.entries) == cap(q.entries) && q.next > len(q.entries)/2 {
		n := copy(q.entries, q.entries[q.next:])
		clear(q.entries[n:])
		q.entries, q.next = q.entries[:n], 0
	}
	q.entries = append(q.entries, entry{at, u})
}

// pop takes the first one. There must be one.
func (q *queue) pop() *user {
	u := q.entries[q.next].user
	q.entries[q.next] = entry{}
	if q.next++; q.empty() {
		q.entries, q.next = q.entries[:0], 0
	}
	return u
}

// since is when the first one has been waiting from. There must be one.
func (q *queue) since() time.Duration { return q.entries[q.next].at }

// waiting are those in the queue.
func (q *queue) waiting() []entry { return q.entries[q.next:] }
