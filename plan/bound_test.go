package plan

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
)

// quoted is the range of a literal in a file: target = "…" from column 12 on.
func quoted(text string) hcl.Range {
	return hcl.Range{
		Filename: "p.hcl",
		Start:    hcl.Pos{Line: 3, Column: 12, Byte: 100},
		End:      hcl.Pos{Line: 3, Column: 14 + len([]rune(text)), Byte: 102 + len(text)},
	}
}

func TestParseBound(t *testing.T) {
	for _, c := range []struct {
		text  string
		unit  Unit
		op    string
		value float64
		norm  string
	}{
		{"< 500ms", UnitTime, "<", 500, "< 500ms"},
		{"<500ms", UnitTime, "<", 500, "< 500ms"},
		{"  <=   1.5s ", UnitTime, "<=", 1500, "<= 1.5s"},
		{"> 0", UnitTime, ">", 0, "> 0"},
		{"<= 1%", UnitRatio, "<=", 0.01, "<= 1%"},
		{"== 0", UnitRatio, "==", 0, "== 0"},
		{">= 1200/min", UnitRate, ">=", 20, ">= 1200/min"},
		{"== 0", UnitRate, "==", 0, "== 0"},
		{"== 0", UnitCount, "==", 0, "== 0"},
		{"< 10MiB", UnitSize, "<", 10 << 20, "< 10MiB"},
		{"< 1MiB/s", UnitSizeRate, "<", 1 << 20, "< 1MiB/s"},
		{"> 70%", UnitNumber, ">", 0.7, "> 70%"},
		{"> 0.7", UnitNumber, ">", 0.7, "> 0.7"},
		{">= -2.5", UnitNumber, ">=", -2.5, ">= -2.5"},
	} {
		got, diags := parseBound(c.text, c.unit, quoted(c.text))
		want := Bound{Op: c.op, Value: c.value, Text: c.norm, Range: quoted(c.text)}
		if diags.HasErrors() || got != want {
			t.Errorf("%q: %+v, %v, want %+v", c.text, got, diags, want)
		}
	}
}

func TestParseBoundErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		unit   Unit
		guilty string // the part that is pointed at
		want   string
	}{
		{"0%", UnitRatio, "", `Write "== 0%"`},
		{"1%", UnitRatio, "", `Write "<= 1%"`},
		{"99%", UnitRatio, "", `Write ">= 99%"`},
		{"70%", UnitNumber, "", `Write ">= 70%"`},
		{"0", UnitRate, "", `Write "== 0"`},
		{"1000/min", UnitRate, "", `Write ">= 1000/min"`},
		{"500ms", UnitTime, "", `Write "<= 500ms"`},
		{"", UnitTime, "", `Write "<= 500ms"`},
		{"<", UnitTime, "", `like "< 500ms"`},
		{"=> 1000/min", UnitRate, "=>", `not with =>. Write ">= 1000/min"`},
		{"=< 1%", UnitRatio, "=<", `Write "<= 1%"`},
		{"= 0", UnitCount, "=", `Write "== 0"`},
		{"!= 0", UnitCount, "!=", `not with !=`},
		{"≤ 1%", UnitRatio, "≤", `Write "<= 1%"`},
		{"< 1%", UnitTime, "1%", `The metric is a time, but "1%" is a ratio. Write a bound like "< 500ms".`},
		{"<  500ms", UnitRatio, "500ms", `a ratio, but "500ms" is a time`},
		{"< 10MiB", UnitRate, "10MiB", `a rate, but "10MiB" is a size`},
		{"< 20/s", UnitCount, "20/s", `a count, but "20/s" is a rate`},
		{"< 500ms", UnitNumber, "500ms", `a plain number, but "500ms" is a time`},
		{"< 500", UnitTime, "500", `"500" has no unit; write "500ms" or "500s"`},
		{"< 20", UnitRate, "20", "does not say per what time"},
		{"< 500mss", UnitTime, "500mss", `The metric is a time. "500mss" is not a duration: unknown unit "mss"`},
		{"< 5", UnitRatio, "5", `write "5%"`},
		{"< NaN", UnitNumber, "NaN", "is not a number"},
		{"<< 5", UnitCount, "<<", "not with <<"},
	} {
		rng := quoted(c.text)
		_, diags := parseBound(c.text, c.unit, rng)
		if len(diags) != 1 || !strings.Contains(diags[0].Detail, c.want) {
			t.Errorf("%q: %v, want a detail with %q", c.text, diags, c.want)
			continue
		}
		from, to := diags[0].Subject.Start.Byte-rng.Start.Byte-1, diags[0].Subject.End.Byte-rng.Start.Byte-1
		if c.guilty == "" {
			if *diags[0].Subject != rng {
				t.Errorf("%q: points at %v, want all", c.text, diags[0].Subject)
			}
		} else if got := c.text[max(from, 0):min(to, len(c.text))]; got != c.guilty {
			t.Errorf("%q: points at %q, want %q", c.text, got, c.guilty)
		}
	}
}

func TestParseBoundElsewhere(t *testing.T) {
	rng := hcl.Range{Filename: "p.hcl", Start: hcl.Pos{Line: 1, Column: 1}, End: hcl.Pos{Line: 4, Column: 2, Byte: 80}}
	_, diags := parseBound("< 1%", UnitTime, rng)
	if diff := cmp.Diff(&rng, diags[0].Subject); diff != "" {
		t.Errorf("subject of a bound that is not a literal (-want +got):\n%s", diff)
	}
}

func TestStricter(t *testing.T) {
	bound := func(text string) Bound {
		b, diags := parseBound(text, UnitNumber, hcl.Range{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		return b
	}
	for _, c := range []struct {
		critical, target string
		want             bool
	}{
		{"< 1000", "< 500", false},
		{"< 400", "< 500", true},
		{"< 500", "< 500", false},
		{"< 500", "<= 500", true},
		{"<= 500", "< 500", false},
		{">= 800", ">= 1000", false},
		{">= 1200", ">= 1000", true},
		{"> 1000", ">= 1000", true},
		{"< 1%", "== 0", false},
		{"== 0", "< 1%", true},
		{"== 0", "== 0", false},
		{"== 1", "== 0", true},
		{"> 0", "== 0", true},
		{">= 400", "< 500", true},
		{"< 500", ">= 400", true},
	} {
		if got := Stricter(bound(c.critical), bound(c.target)); got != c.want {
			t.Errorf("critical %q, target %q: stricter %v, want %v", c.critical, c.target, got, c.want)
		}
	}
}

func TestUnitFormat(t *testing.T) {
	for _, c := range []struct {
		unit Unit
		v    float64
		want string
	}{
		{UnitTime, 482.31, "482ms"},
		{UnitTime, 0.083, "83µs"},
		{UnitTime, math.Inf(1), "unbounded"},
		{UnitTime, 1e300, "1281023h54m"},
		{UnitRatio, 0.385, "38.5%"},
		{UnitRate, 20, "20/s"},
		{UnitCount, 1234567, "1,234,567"},
		{UnitSize, 1 << 20, "1MiB"},
		{UnitSizeRate, 1 << 20, "1MiB/s"},
		{UnitNumber, 0.7, "0.7"},
	} {
		if got := c.unit.Format(c.v); got != c.want {
			t.Errorf("%q.Format(%v) = %q, want %q", c.unit, c.v, got, c.want)
		}
	}
}
