package wire

import (
	"testing"
	"time"
)

func TestFastConforms(t *testing.T) {
	for _, kind := range []string{IOUring, Epoll} {
		t.Run(kind, func(t *testing.T) {
			if got := available(kind); got.Transport != kind {
				t.Skip(got.Why)
			}
			testConformance(t, func(epoch time.Time) transport { return New(epoch, kind) })
		})
	}
}
