package quantity

import (
	"math"
	"strings"
	"testing"
	"time"
)

// A reading is one text and what it is read as, or what its error contains.
type reading[T comparable] struct {
	text string
	want T
	err  string
}

func read[T comparable](t *testing.T, f func(string) (T, error), readings []reading[T]) {
	t.Helper()
	for _, r := range readings {
		got, err := f(r.text)
		switch {
		case r.err == "" && err != nil:
			t.Errorf("%q: %v", r.text, err)
		case r.err == "" && got != r.want:
			t.Errorf("%q = %v, want %v", r.text, got, r.want)
		case r.err != "" && err == nil:
			t.Errorf("%q = %v, want an error with %q", r.text, got, r.err)
		case r.err != "" && !strings.Contains(err.Error(), r.err):
			t.Errorf("%q: error %q does not contain %q", r.text, err, r.err)
		}
	}
}

func TestDuration(t *testing.T) {
	read(t, Duration, []reading[time.Duration]{
		{"500ms", 500 * time.Millisecond, ""},
		{"1h30m", 90 * time.Minute, ""},
		{"1.5h", 90 * time.Minute, ""},
		{"90", 90 * time.Second, ""},
		{"0.25", 250 * time.Millisecond, ""},
		{"0", 0, ""},
		{"1.1s", 1100 * time.Millisecond, ""},
		{"1m0.5s", 60500 * time.Millisecond, ""},
		{"3us", 3 * time.Microsecond, ""},
		{"3µs", 3 * time.Microsecond, ""},
		{"3μs", 3 * time.Microsecond, ""},
		{"7ns", 7, ""},
		{"9223372036854775807ns", math.MaxInt64, ""},
		{"", 0, `"" is not a duration: it is empty; write it like "500ms"`},
		{"2d", 0, `write "24h" for "d"`},
		{"5min", 0, `write "m" for "min"`},
		{"5 s", 0, "must not contain spaces"},
		{"5S", 0, `write "s" for "S"`},
		{"5sx", 0, `unknown unit "sx"`},
		{"1..5s", 0, "is not a duration"},
		{".5s", 0, "is not a duration"},
		{"5.s", 0, "is not a duration"},
		{"1h30", 0, "is not a duration"},
		{"1m1h", 0, "from the largest to the smallest"},
		{"1m1m", 0, "from the largest to the smallest"},
		{"1e3s", 0, "unknown unit"},
		{"-5s", 0, "must not be negative"},
		{"+5s", 0, "must not have a sign"},
		{"1,5s", 0, "without commas"},
		{"NaN", 0, "is not a duration"},
		{"Inf", 0, "is not a duration"},
		{"0x10s", 0, "unknown unit"},
		{"300000000h", 0, "too long a duration"},
		{"9223372036854775808ns", 0, "too long a duration"},
		{strings.Repeat("9", 1000), 0, "it is too long"},
		{"١s", 0, "is not a duration"},
		{"5\x00s", 0, "unknown unit"},
	})
}

func TestRate(t *testing.T) {
	read(t, Rate, []reading[float64]{
		{"20/s", 20, ""},
		{"1000/min", 1000.0 / 60, ""},
		{"5/h", 5.0 / 3600, ""},
		{"0.5/s", 0.5, ""},
		{"0/s", 0, ""},
		{"20", 0, "does not say per what time"},
		{"20/", 0, `write it like "20/s"`},
		{"/s", 0, "is not a rate"},
		{"1000/m", 0, `write "min" for "m"`},
		{"1000/minute", 0, `write "min" for "minute"`},
		{"20/sec", 0, `write "s" for "sec"`},
		{"20/S", 0, `write "s" for "S"`},
		{"20/day", 0, `unknown unit "day"`},
		{"20req/s", 0, `leave out "req"`},
		{"1,000/min", 0, "without commas"},
		{"20 / s", 0, "must not contain spaces"},
		{"20/s/s", 0, `unknown unit "s/s"`},
		{"1..5/s", 0, "is not a rate"},
		{"-1/s", 0, "must not be negative"},
		{"NaN/s", 0, "is not a rate"},
		{"1e999/s", 0, "is not a rate"},
		{"10000000000/s", 0, "too high a rate"},
		{"", 0, "it is empty"},
	})
}

func TestRatio(t *testing.T) {
	read(t, Ratio, []reading[float64]{
		{"1%", 0.01, ""},
		{"0.01", 0.01, ""},
		{"0%", 0, ""},
		{"0", 0, ""},
		{"100%", 1, ""},
		{"1", 1, ""},
		{"70%", 0.7, ""},
		{"99.9%", 0.999, ""},
		{"101%", 0, "more than the whole"},
		{"5", 0, `for per cent write "5%"`},
		{"500", 0, "between 0 and 1"},
		{"1%%", 0, "is not a ratio"},
		{"-1%", 0, "must not be negative"},
		{"NaN", 0, "is not a ratio"},
		{"one", 0, `write it like "1%"`},
	})
}

func TestSize(t *testing.T) {
	read(t, Size, []reading[int64]{
		{"100", 100, ""},
		{"100B", 100, ""},
		{"5kB", 5000, ""},
		{"10MiB", 10 << 20, ""},
		{"1.5GiB", 3 << 29, ""},
		{"0.3KiB", 307, ""},
		{"2TB", 2e12, ""},
		{"10MIB", 0, `write "MiB" for "MIB"`},
		{"10KB", 0, `write "kB" for "KB"`},
		{"10M", 0, `write "MiB" for "M"`},
		{"10bits", 0, `unknown unit "bits"`},
		{"8388608TiB", 0, "too large a size"},
		{"", 0, "it is empty"},
	})
	read(t, SizeRate, []reading[float64]{
		{"10MiB/s", 10 << 20, ""},
		{"600kB/min", 10000, ""},
		{"10MiB", 0, "per what time"},
		{"10MiB/sec", 0, `write "s" for "sec"`},
		{"10XB/s", 0, "unknown unit"},
	})
	read(t, Number, []reading[float64]{
		{"2.5", 2.5, ""},
		{"2.5s", 0, `write it like "0"`},
	})
}

func TestFormatDuration(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0s": 0, "15m": 15 * time.Minute, "1m30s": 90 * time.Second, "1h": time.Hour, "10h": 10 * time.Hour,
		"1h30s": time.Hour + 30*time.Second, "1h30m": 90 * time.Minute, "1.5s": 1500 * time.Millisecond,
		"250ms": 250 * time.Millisecond, "1.234567s": 1234567 * time.Microsecond, "100h20m": 100*time.Hour + 20*time.Minute,
	} {
		if got := FormatDuration(d); got != want {
			t.Errorf("FormatDuration(%d) = %q, want %q", d, got, want)
		}
		if back, err := Duration(want); err != nil || back != d {
			t.Errorf("Duration(%q) = %v, %v, want %v", want, back, err, d)
		}
	}
}

func TestFormatMeasured(t *testing.T) {
	for _, c := range []struct {
		d    time.Duration
		want string
	}{
		{0, "0s"},
		{83 * time.Microsecond, "83µs"},
		{4823 * time.Microsecond, "4.82ms"},
		{482 * time.Millisecond, "482ms"},
		{999600 * time.Microsecond, "1s"},
		{1236 * time.Millisecond, "1.24s"},
		{59960 * time.Millisecond, "1m"},
		{72400 * time.Millisecond, "1m12s"},
		{time.Hour - time.Millisecond, "1h"},
		{65*time.Minute + 10*time.Second, "1h5m"},
		{-1236 * time.Millisecond, "-1.24s"},
		{math.MinInt64, "-2562047h47m"},
	} {
		if got := FormatMeasured(c.d); got != c.want {
			t.Errorf("FormatMeasured(%d) = %q, want %q", c.d, got, c.want)
		}
	}
}

func TestFormatNumbers(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{FormatRate(1000.0 / 60), "16.7/s"},
		{FormatRate(12345.6), "12,346/s"},
		{FormatRate(1), "1/s"},
		{FormatRate(0.5), "30/min"},
		{FormatRate(0.9999), "1/s"},
		{FormatRate(5.0 / 3600), "5/h"},
		{FormatRate(0), "0/s"},
		{FormatRate(math.Inf(1)), "unbounded"},
		{FormatRatio(10.0 / 26), "38.5%"},
		{FormatRatio(0.0012), "0.12%"},
		{FormatRatio(1), "100%"},
		{FormatRatio(0), "0%"},
		{FormatRatio(0.99996), "99.996%"},
		{FormatRatio(0.9999), "99.99%"},
		{FormatSize(512), "512B"},
		{FormatSize(1000), "1,000B"},
		{FormatSize(1.5 * (1 << 20)), "1.5MiB"},
		{FormatSize(5 << 50), "5,120TiB"},
		{FormatCount(0), "0"},
		{FormatCount(999), "999"},
		{FormatCount(1234567), "1,234,567"},
		{FormatCount(-123456), "-123,456"},
		{FormatCount(math.MinInt64), "-9,223,372,036,854,775,808"},
		{FormatNumber(38.46), "38.5"},
		{FormatNumber(0.0125), "0.0125"},
		{FormatNumber(28571.4), "28,571"},
		{FormatNumber(999.7), "1,000"},
		{FormatNumber(math.Copysign(0, -1)), "0"},
		{FormatNumber(math.Inf(1)), "unbounded"},
		{FormatNumber(math.NaN()), "n/a"},
		{FormatAbout(29833.3), "29,800"},
		{FormatAbout(38.46), "38.5"},
		{FormatAbout(math.Inf(1)), "unbounded"},
		{FormatNumber(1e300), "1e+300"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
