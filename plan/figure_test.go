package plan

import "testing"

// TestFormatBeside: the text is written as the bounds are, and lies on the same
// side of each as the value.
func TestFormatBeside(t *testing.T) {
	for _, c := range []struct {
		unit   Unit
		v      float64
		bounds []string
		want   string
	}{
		{UnitTime, 482.3, nil, "482ms"},
		{UnitTime, 482.3, []string{"< 500ms"}, "482ms"},
		{UnitTime, 500.2, []string{"<= 500ms"}, "500.2ms"},
		{UnitTime, 500, []string{"<= 500ms"}, "500ms"},
		{UnitTime, 499.99, []string{"< 500ms"}, "499.99ms"},
		{UnitTime, 1000.4, []string{"<= 500ms", "<= 1s"}, "1.0004s"},
		{UnitTime, 0.9999, []string{"< 1ms"}, "999.9µs"},
		{UnitTime, 600_300, []string{"<= 10m"}, "600.3s"},
		{UnitTime, 724_000, []string{"< 10m"}, "12m4s"},
		{UnitTime, 500.4, []string{"< 500ms"}, "500.4ms"},
		{UnitRatio, 0.01, []string{"<= 1%"}, "1%"},
		{UnitRatio, 0.010002, []string{"<= 1%"}, "1.0002%"},
		{UnitRatio, 0.049999, []string{"< 1%", "< 5%"}, "4.9999%"},
		{UnitRate, 15.2, []string{">= 1000/min"}, "912/min"},
		{UnitRate, 17.3, []string{">= 1000/min", ""}, "1,038/min"},
		{UnitRate, 999.6 / 60, []string{">= 1000/min"}, "999.6/min"},
		{UnitRate, 0.5, []string{">= 3600/h"}, "1,800/h"},
		{UnitRate, 0.5, []string{">= 20/s"}, "0.5/s"},
		{UnitRate, 0.5, nil, "30/min"},
		{UnitCount, 3, []string{"== 0"}, "3"},
		{UnitCount, 1234567, []string{"== 0"}, "1,234,567"},
		{UnitSize, 1025, []string{"<= 1KiB"}, "1.001KiB"},
		{UnitSizeRate, 1536, []string{"< 1KiB/s"}, "1.5KiB/s"},
		{UnitNumber, 0.754, []string{"> 70%"}, "75.4%"},
		{UnitNumber, 0.699999, []string{"> 70%"}, "69.9999%"},
		{UnitNumber, 1.25, []string{"> 70%"}, "125%"},
		{UnitNumber, 0.754, []string{"> 0.7"}, "0.754"},
		{UnitNumber, 0.754, []string{"> 0.7", "> 60%"}, "75.4%"},
		{UnitNumber, -3.14159, []string{"< 5"}, "-3.14"},
		{UnitNumber, -0.5001, []string{"< -50%"}, "-50.01%"},
	} {
		if got := c.unit.FormatBeside(c.v, c.bounds...); got != c.want {
			t.Errorf("%v beside %q: %q, want %q", c.v, c.bounds, got, c.want)
		}
	}
}
