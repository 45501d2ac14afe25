package engine

import "time"

// A meter reads what a loop has used, where all its work is done on a thread of
// its own. The zero value has nothing to say.
type meter struct {
	thread thread
	at     time.Duration
	last   threadTime
}

// threadTime is what a thread has had so far.
type threadTime struct {
	cpu    time.Duration // running, in the kernel too
	queued time.Duration // ready to run, but others had the core
}

// begin is called on the loop's goroutine, which must stay on its thread.
func (m *meter) begin(now time.Duration) {
	m.thread.open()
	m.at, m.last = now, m.thread.read()
}

func (m *meter) end() { m.thread.close() }

// A strain is what a loop did in some time.
type strain struct {
	cpu  time.Duration // that it used
	busy time.Duration // during which it did not wait for something to do
	of   time.Duration // the time itself
}

func (s *strain) add(o strain) {
	s.cpu += o.cpu
	s.busy += o.busy
	s.of += o.of
}

// share is the part of the time in which there was something to do.
func (s strain) share() float64 {
	if s.of <= 0 {
		return 0
	}
	return min(float64(s.busy)/float64(s.of), 1)
}

// read gives what was used since the last reading.
func (m *meter) read(now time.Duration) strain {
	t := m.thread.read()
	s := strain{cpu: t.cpu - m.last.cpu, of: now - m.at}
	s.busy = s.cpu + max(t.queued-m.last.queued, 0)
	m.at, m.last = now, t
	return s
}
