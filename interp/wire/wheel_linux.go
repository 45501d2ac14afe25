package wire

import (
	"math/bits"
	"time"
)

// A wheel holds deadlines, of which most are stopped long before they come. It
// is the hierarchical one of Varghese and Lauck (1987): a deadline lies in the
// level of the highest group of six bits in which its tick differs from the
// current one, and moves down as that comes nearer. To start and to stop one
// takes constant time and no memory.
//
// A deadline is due up to a tick late and never early.
type wheel struct {
	now    int64 // the current tick
	levels [wheelLevels]struct {
		slots [64]*deadline
		used  uint64 // which of them hold any
	}
}

const (
	wheelTick   = 1 << 20 // ns: about a millisecond
	wheelLevels = 8       // 9000 years: what is later than a time.Duration cannot be asked for
)

// A deadline is one of a ride's. The zero value is not set.
type deadline struct {
	at         time.Duration
	of         *ride
	next, prev *deadline
	place      int32 // level × 64 + slot + 1; 0: not set
}

// set sets d, anew if it was set.
func (w *wheel) set(d *deadline, at time.Duration) {
	w.stop(d)
	d.at = at
	w.insert(d)
}

func (w *wheel) insert(d *deadline) {
	tick := max((int64(d.at)+wheelTick-1)/wheelTick, w.now+1)
	tick = min(tick, w.now|(1<<(6*wheelLevels)-1))
	level := (bits.Len64(uint64(tick^w.now)) - 1) / 6
	slot := tick >> (6 * level) & 63
	l := &w.levels[level]
	d.place = int32(level*64+int(slot)) + 1
	d.prev, d.next = nil, l.slots[slot]
	if d.next != nil {
		d.next.prev = d
	}
	l.slots[slot] = d
	l.used |= 1 << slot
}

// stop unsets d. One that is not set stays so.
func (w *wheel) stop(d *deadline) {
	if d.place == 0 {
		return
	}
	level, slot := (d.place-1)/64, (d.place-1)%64
	l := &w.levels[level]
	if d.next != nil {
		d.next.prev = d.prev
	}
	if d.prev != nil {
		d.prev.next = d.next
	} else if l.slots[slot] = d.next; d.next == nil {
		l.used &^= 1 << slot
	}
	d.next, d.prev, d.place = nil, nil, 0
}

// next is the first tick at which there may be something to do; -1: none.
func (w *wheel) next() int64 {
	for level := range w.levels {
		shift := 6 * level
		at := w.now >> shift & 63
		if later := w.levels[level].used &^ (1<<(at+1) - 1); later != 0 {
			return w.now>>(shift+6)<<(shift+6) | int64(bits.TrailingZeros64(later))<<shift
		}
	}
	return -1
}

// until is the moment before which nothing is due; later where nothing is set.
func (w *wheel) until(later time.Duration) time.Duration {
	if tick := w.next(); tick >= 0 {
		return min(later, time.Duration(tick*wheelTick))
	}
	return later
}

// advance calls due with every deadline that has come by now. They are unset
// before; due may set and stop others.
func (w *wheel) advance(now time.Duration, due func(*deadline)) {
	to := int64(now) / wheelTick
	for w.now < to {
		tick := w.next()
		if tick < 0 || tick > to {
			w.now = to
			return
		}
		w.now = tick
		for level := wheelLevels - 1; level >= 0; level-- {
			if tick&(1<<(6*level)-1) == 0 {
				w.empty(level, int(tick>>(6*level)&63), now, due)
			}
		}
	}
}

// empty takes the deadlines of a slot: to due, or to a lower level.
func (w *wheel) empty(level, slot int, now time.Duration, due func(*deadline)) {
	l := &w.levels[level]
	for l.slots[slot] != nil {
		d := l.slots[slot]
		w.stop(d)
		if d.at <= now {
			due(d)
			continue
		}
		w.insert(d)
	}
}
