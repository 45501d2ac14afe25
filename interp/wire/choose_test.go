package wire

import (
	"net/url"
	"runtime"
	"testing"
	"time"

	"bossplan/plan"
)

// TestChoose: what this package can carry in its own way is, all else goes by
// std, and Why is for people.
func TestChoose(t *testing.T) {
	secure := &plan.Host{BaseURL: &url.URL{Scheme: "https", Host: "a"}, HTTP: "auto"}
	two := &plan.Host{BaseURL: &url.URL{Scheme: "http", Host: "a"}, HTTP: "2"}
	plain := &plan.Host{BaseURL: &url.URL{Scheme: "http", Host: "a"}, HTTP: "auto"}
	for _, wanted := range []string{Auto, IOUring, Epoll, Goroutines} {
		for _, h := range []*plan.Host{secure, two, plain} {
			got := Choose(h, wanted)
			fast := runtime.GOOS == "linux" && h == plain && wanted != Goroutines
			if (got.Transport != Goroutines) != fast || got.Why == "" {
				t.Errorf("%s by %s: got %+v", h.BaseURL, wanted, got)
			}
			if fast && wanted != Auto && Refusal(wanted) == nil && got.Transport != wanted {
				t.Errorf("%s by %s, which can be had: got %+v", h.BaseURL, wanted, got)
			}
		}
		tr := opened(t, time.Now(), wanted)
		if _, std := tr.(*Std); std == Tied(wanted) {
			t.Errorf("%s is a %T, but tied: %v", wanted, tr, Tied(wanted))
		}
		tr.Close()
		tr.Close()
	}
}

// opened is a transport of a kind that can be had.
func opened(t testing.TB, epoch time.Time, kind string) Transport {
	t.Helper()
	tr, err := New(epoch, kind)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}
