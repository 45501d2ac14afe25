package quantity

import "testing"

func TestCounted(t *testing.T) {
	for want, got := range map[string]string{
		"1 plan":         Counted(1, "plan"),
		"0 plans":        Counted(0, "plan"),
		"1,234 requests": Counted(1234, "request"),
		"1 library":      Counted(1, "library"),
		"2 libraries":    Counted(2, "library"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
