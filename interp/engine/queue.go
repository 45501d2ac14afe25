package engine

import "time"

// A queue holds the users that are due at once, first come first served: they
// need no timer. The zero value is empty.
type queue struct {
	users []*user
	next  int // the first one, in users
}

func (q *queue) empty() bool { return q.next == len(q.users) }

func (q *queue) push(u *user) {
	// Where half of it is behind the first one, what is left moves down.
	if len(q.users) == cap(q.users) && q.next > len(q.users)/2 {
		n := copy(q.users, q.users[q.next:])
		clear(q.users[n:])
		q.users, q.next = q.users[:n], 0
	}
	q.users = append(q.users, u)
}

// pop takes the first one. There must be one.
func (q *queue) pop() *user {
	u := q.users[q.next]
	q.users[q.next] = nil
	if q.next++; q.empty() {
		q.users, q.next = q.users[:0], 0
	}
	return u
}

// since is when the first one has been waiting from. There must be one.
func (q *queue) since() time.Duration { return q.users[q.next].wakes }

// waiting are those in the queue.
func (q *queue) waiting() []*user { return q.users[q.next:] }
