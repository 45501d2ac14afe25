//go:build linux

package port

import "time"

// A clock reads the time since its epoch. A reading takes some 40 ns, so they
// are few.
type clock struct{ epoch time.Time }

func (c clock) now() time.Duration { return time.Since(c.epoch) }

// longest is as long as a port waits without a look at its clock.
const longest = time.Hour
