package target

// A waiter is a request whose answer is due later.
type waiter struct {
	due    int64
	fd     int
	birth  uint32 // of the connection
	number int    // in the journal
}

// A queue holds waiters in the order in which they came, which is that of their
// due times: all wait equally long, or for the same moment.
type queue struct {
	list []waiter
	head int
}

func (q *queue) add(w waiter) { q.list = append(q.list, w) }

// next tells when the first one is due.
func (q *queue) next() (due int64, ok bool) {
	if q.head == len(q.list) {
		return 0, false
	}
	return q.list[q.head].due, true
}

// take removes the first one; there must be one. Room that was used is used
// again once as much is free as is not.
func (q *queue) take() waiter {
	w := q.list[q.head]
	q.head++
	if q.head*2 >= len(q.list) {
		q.list = q.list[:copy(q.list, q.list[q.head:])]
		q.head = 0
	}
	return w
}
