package arrival

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const ms = int64(time.Millisecond)

// on makes requests that arrive at these ms and are answered after 5 ms.
func on(arrived ...int64) (list []Request) {
	for _, a := range arrived {
		list = append(list, Request{Arrived: a * ms, Answered: (a + 5) * ms})
	}
	return list
}

func TestLags(t *testing.T) {
	for name, c := range map[string]struct {
		arrived []int64
		want    []time.Duration
	}{
		"on time":          {[]int64{7, 17, 27}, []time.Duration{0, 0, 0}},
		"the first late":   {[]int64{9, 17, 27}, []time.Duration{0, 0, 2}},
		"one late":         {[]int64{7, 17, 31, 37}, []time.Duration{0, 0, 0, 4}},
		"falling behind":   {[]int64{0, 11, 22, 33}, []time.Duration{0, 1, 2, 3}},
		"late for a while": {[]int64{0, 29, 29, 30}, []time.Duration{0, 0, 9, 19}},
	} {
		grid, err := Fit(on(c.arrived...), 100)
		if err != nil {
			t.Fatal(err)
		}
		got := grid.Lags(on(c.arrived...))
		for i := range got {
			got[i] /= time.Millisecond
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if _, err := Fit(on(1), 100); !errors.Is(err, ErrFew) {
		t.Errorf("one arrival: %v", err)
	}
}

func TestAfter(t *testing.T) {
	if diff := cmp.Diff(on(20, 30), After(on(10, 11, 12, 20, 30), 10*time.Millisecond)); diff != "" {
		t.Error(diff)
	}
	if got := After(on(10, 11), time.Second); len(got) != 0 {
		t.Errorf("nothing came after: %v", got)
	}
	if got := After(nil, 0); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// TestTruth has a server that stalls from 100 to 200 ms, and clients that send
// every 10 ms throughout, or nothing while it stalls.
func TestTruth(t *testing.T) {
	stall := Stall{From: 100 * ms, To: 200 * ms}
	var all, some []Request
	for a := int64(0); a < 300; a += 10 {
		r := Request{Arrived: a * ms, Answered: (a + 5) * ms}
		waits := a >= 100 && a < 200
		if waits {
			r.Answered = 200*ms + (a-100)*ms/10 // one after the other
		}
		all = append(all, r)
		if !waits {
			some = append(some, r)
		}
	}
	for name, list := range map[string][]Request{"sends": all, "is silent": some} {
		truth, err := Truth(list, stall, 100, 300*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if len(truth) != 30 || truth[0] != 5*time.Millisecond || truth[29] != 100*time.Millisecond {
			t.Errorf("a client that %s: %v", name, truth)
		}
		// Those of 100, 110 … 190 ms wait until 200 ms at least.
		if truth[20] < 9*time.Millisecond {
			t.Errorf("a client that %s: ten waited, not only those above %v", name, truth[20])
		}
	}
	if _, err := Truth([]Request{{Arrived: 1}}, Stall{}, 100, time.Second); !errors.Is(err, ErrFew) {
		t.Errorf("without an answer: %v", err)
	}
}

func TestRead(t *testing.T) {
	var b bytes.Buffer
	if err := binary.Write(&b, binary.LittleEndian, []Request{{3, 4}, {1, 5}}); err != nil {
		t.Fatal(err)
	}
	got, err := Read(bytes.NewReader(b.Bytes()))
	if diff := cmp.Diff([]Request{{1, 5}, {3, 4}}, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if _, err := Read(bytes.NewReader(b.Bytes()[:20])); err == nil {
		t.Error("a log that is cut off is no error")
	}
}
