package wire

import (
	"math/rand/v2"
	"testing"
	"time"
)

// TestWheel holds the wheel against a list, with a clock that jumps by anything
// from a µs to a month.
func TestWheel(t *testing.T) {
	for seed := range uint64(100) {
		rng := rand.New(rand.NewPCG(seed, 0))
		span := func() time.Duration { return time.Duration(rng.Int64N(1 << (10 + rng.IntN(42)))) }
		m := &wheelModel{t: t, set: map[*deadline]time.Duration{}}
		for range 40 {
			m.all = append(m.all, &deadline{})
		}
		for range 500 {
			d := m.all[rng.IntN(len(m.all))]
			switch rng.IntN(4) {
			case 0, 1:
				at := m.now + span()
				m.wheel.set(d, at)
				m.set[d] = at
			case 2:
				m.wheel.stop(d)
				delete(m.set, d)
			case 3:
				m.advance(m.wheel.until(m.now + span()))
			}
		}
		m.advance(m.now + 100*24*time.Hour)
		if len(m.set) > 0 || m.wheel.next() >= 0 {
			t.Fatalf("seed %d: %d deadlines are left", seed, len(m.set))
		}
	}
}

type wheelModel struct {
	t     *testing.T
	wheel wheel
	all   []*deadline
	set   map[*deadline]time.Duration
	now   time.Duration
}

// advance moves the clock on and checks what has come: nothing early, and
// nothing later than a tick.
func (m *wheelModel) advance(to time.Duration) {
	m.t.Helper()
	m.now = max(m.now, to)
	m.wheel.advance(m.now, func(d *deadline) {
		at, ok := m.set[d]
		if !ok || at > m.now || at != d.at {
			m.t.Fatalf("at %v came a deadline for %v (set: %v)", m.now, at, ok)
		}
		delete(m.set, d)
	})
	for _, at := range m.set {
		if at <= m.now-wheelTick-1 {
			m.t.Fatalf("at %v the deadline for %v has not come", m.now, at)
		}
		if next := m.wheel.until(1 << 62); next > at+wheelTick {
			m.t.Fatalf("at %v a deadline for %v is not looked at before %v", m.now, at, next)
		}
	}
}

// TestWheelBoundary sets deadlines across the boundaries of every level.
func TestWheelBoundary(t *testing.T) {
	for level := 1; level < wheelLevels-1; level++ {
		edge := int64(1) << (6 * level)
		var w wheel
		w.advance(time.Duration((edge-1)*wheelTick), func(*deadline) { t.Error("a deadline that nobody set") })
		var d deadline
		w.set(&d, time.Duration((edge+1)*wheelTick))
		came := 0
		w.advance(time.Duration(edge*wheelTick), func(*deadline) { t.Errorf("level %d: early", level) })
		w.advance(time.Duration((edge+2)*wheelTick), func(*deadline) { came++ })
		if came != 1 {
			t.Errorf("level %d: the deadline came %d times", level, came)
		}
	}
}

func BenchmarkWheel(b *testing.B) {
	var w wheel
	ds := make([]deadline, 10_000)
	for i := 0; b.Loop(); i++ {
		now := time.Duration(i) * 3 * time.Microsecond
		d := &ds[i%len(ds)]
		w.set(d, now+10*time.Second)
		w.advance(now, func(*deadline) {})
		w.stop(d)
	}
}
