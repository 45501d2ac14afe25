// Package arrival reads a server's log of requests: how far a client kept from
// its schedule, and what its users would have seen.
package arrival

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// A Request is one line of a server's log: nanoseconds since some moment.
// Answered is 0 where it was not.
type Request struct{ Arrived, Answered int64 }

// ErrFew means that a log has too few requests to tell anything.
var ErrFew = errors.New("too few requests reached the server")

// Read takes a log as a server writes it. It returns the requests in the order
// in which they arrived.
func Read(r io.Reader) ([]Request, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	list := make([]Request, len(text)/16)
	if _, err := binary.Decode(text, binary.LittleEndian, list); err != nil || len(text)%16 != 0 {
		return nil, fmt.Errorf("a log of %d bytes is not whole", len(text))
	}
	slices.SortStableFunc(list, func(a, b Request) int { return int(min(max(a.Arrived-b.Arrived, -1), 1)) })
	return list, nil
}

// A Grid is an even schedule: request k is due at Phase + k × Step.
//
//	due      |    |    |    |    |    |
//	arrived  .|   . |  |    . |  .|   .  |
//	lag       ╶    ╶╶  0     ╶╶   ╶     ╶╶╶
type Grid struct{ Phase, Step float64 } // ns

// Fit lays a grid of a rate per second under the arrivals so that none of them
// is early and one is on time. When the client thought that it began is not
// known, so a constant delay, that of sending and receiving, is not seen: the
// lag is what goes beyond it.
func Fit(arrivals []Request, rate float64) (Grid, error) {
	if len(arrivals) < 2 {
		return Grid{}, ErrFew
	}
	g := Grid{Step: 1e9 / rate, Phase: float64(arrivals[0].Arrived)}
	for k, r := range arrivals {
		g.Phase = min(g.Phase, float64(r.Arrived)-float64(k)*g.Step)
	}
	return g, nil
}

// After leaves arrivals out that came earlier than a time since the first one:
// clients open their connections then, and some send requests to warm up.
func After(arrivals []Request, since time.Duration) []Request {
	if len(arrivals) == 0 {
		return nil
	}
	from := arrivals[0].Arrived + int64(since)
	i := slices.IndexFunc(arrivals, func(r Request) bool { return r.Arrived >= from })
	if i < 0 {
		return nil
	}
	return arrivals[i:]
}

// Lags are how late the arrivals are on their grid, sorted.
func (g Grid) Lags(arrivals []Request) []time.Duration {
	lags := make([]time.Duration, len(arrivals))
	for k, r := range arrivals {
		lags[k] = time.Duration(float64(r.Arrived) - g.Phase - float64(k)*g.Step)
	}
	slices.Sort(lags)
	return lags
}

// A Stall is a time in which the server answered nothing, on the clock of its
// log. The zero Stall is none.
type Stall struct{ From, To int64 }

// Truth is what somebody would have waited who came at each moment of an even
// schedule of a rate per second, from the first arrival on, whatever the client
// itself sent at that moment: the server answers in the order in which it is
// asked, so they would have been answered after everybody who came before, not
// before the usual time that it takes for one, and not while it stalled. The
// result is sorted.
func Truth(arrivals []Request, stall Stall, rate float64, during time.Duration) ([]time.Duration, error) {
	usual, err := service(arrivals)
	if err != nil {
		return nil, err
	}
	waits := make([]time.Duration, 0, int(rate*during.Seconds()))
	var last int64 // answer to somebody who came before
	next := 0
	for k := range cap(waits) {
		due := arrivals[0].Arrived + int64(float64(k)*1e9/rate)
		for ; next < len(arrivals) && arrivals[next].Arrived <= due; next++ {
			last = max(last, arrivals[next].Answered)
		}
		answered := max(last, due+usual)
		if answered >= stall.From && answered < stall.To {
			answered = stall.To
		}
		waits = append(waits, time.Duration(answered-due))
	}
	slices.Sort(waits)
	return waits, nil
}

// service is the median time from a request to its answer.
func service(arrivals []Request) (int64, error) {
	var times []int64
	for _, r := range arrivals {
		if r.Answered != 0 {
			times = append(times, r.Answered-r.Arrived)
		}
	}
	if len(times) == 0 {
		return 0, ErrFew
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}
