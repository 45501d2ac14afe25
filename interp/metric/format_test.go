package metric

import (
	"testing"
	"time"

	"bossplan/plan"
)

func TestFormat(t *testing.T) {
	for _, c := range []struct {
		unit plan.Unit
		v    float64
		want string
	}{
		{plan.UnitTime, 0, "0ms"}, {plan.UnitTime, 0.042, "0.042ms"}, {plan.UnitTime, 12.345, "12.3ms"}, {plan.UnitTime, 482, "482ms"},
		{plan.UnitTime, 1243, "1.24s"}, {plan.UnitTime, 72_000, "72s"},
		{plan.UnitRatio, 0.0123, "1.23%"}, {plan.UnitRatio, 1, "100%"}, {plan.UnitRatio, 0.00004, "0.004%"},
		{plan.UnitRate, 15.25, "15.2/s"}, {plan.UnitCount, 1234567, "1234567"}, {plan.UnitNumber, -3.14159, "-3.14"},
		{plan.UnitSize, 900, "900B"}, {plan.UnitSize, 1.5 * 1024 * 1024, "1.5MiB"}, {plan.UnitSizeRate, 2048, "2KiB/s"},
	} {
		if got := Format(c.unit, c.v); got != c.want {
			t.Errorf("%v %s: %q, want %q", c.v, c.unit, got, c.want)
		}
	}
}

// TestFormatBeside: the text lies on the same side of the bound as the value.
func TestFormatBeside(t *testing.T) {
	for _, c := range []struct {
		unit  plan.Unit
		v     float64
		bound plan.Bound
		want  string
	}{
		{plan.UnitTime, 500.2, plan.Bound{Op: "<=", Value: 500, Text: "<= 500ms"}, "500.2ms"},
		{plan.UnitTime, 500, plan.Bound{Op: "<=", Value: 500, Text: "<= 500ms"}, "500ms"},
		{plan.UnitTime, 499.99, plan.Bound{Op: "<", Value: 500, Text: "< 500ms"}, "499.99ms"},
		{plan.UnitTime, 1000.4, plan.Bound{Op: "<=", Value: 1000, Text: "<= 1s"}, "1.0004s"},
		{plan.UnitRatio, 0.01, plan.Bound{Op: "<=", Value: 0.01, Text: "<= 1%"}, "1%"},
		{plan.UnitRatio, 0.010002, plan.Bound{Op: "<=", Value: 0.01, Text: "<= 1%"}, "1.0002%"},
		{plan.UnitRate, 15.2, plan.Bound{Op: ">=", Value: 1000.0 / 60, Text: ">= 1000/min"}, "912/min"},
		{plan.UnitRate, 0.5, plan.Bound{Op: ">=", Value: 1, Text: ">= 3600/h"}, "1800/h"},
		{plan.UnitRate, 15.2, plan.Bound{Op: ">=", Value: 20, Text: ">= 20/s"}, "15.2/s"},
		{plan.UnitCount, 3, plan.Bound{Op: "==", Value: 0, Text: "== 0"}, "3"},
		{plan.UnitSizeRate, 1536, plan.Bound{Op: "<", Value: 1024, Text: "< 1KiB/s"}, "1.5KiB/s"},
	} {
		if got := FormatBeside(c.unit, c.v, c.bound); got != c.want {
			t.Errorf("%v beside %s: %q, want %q", c.v, c.bound.Text, got, c.want)
		}
	}
}

func TestFormatTime(t *testing.T) {
	if got := FormatTime(12_149 * time.Millisecond); got != "12.1s" {
		t.Error(got)
	}
}
