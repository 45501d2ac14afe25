package planview

import (
	"fmt"
	"math"
	"strings"
	"time"

	"bossplan/plan"
	"bossplan/plan/quantity"
)

const (
	chartHeight = 8
	chartWidth  = 72
)

// curve draws the load over time: users, or the rate where no scenario is
// closed.
//
//	1,000 │   ▄██████████████████
//	      │ ▄████████████████████
//	    0 └──────────────────────
//	      0s                  15m
func (v *view) curve() {
	points := v.point.Curve
	if len(points) == 0 {
		return
	}
	title, level := "Users over time", func(p plan.CurvePoint) float64 { return p.Users }
	if v.allOpen() {
		title, level = "Requests a second over time", func(p plan.CurvePoint) float64 { return p.Rate }
	}
	columns, top := resample(points, level, min(chartWidth, max(v.Width-14, 20)))
	if top <= 0 || math.IsInf(top, 0) {
		return
	}
	v.heading(title)
	labelWidth := 0
	label := func(row int) string {
		switch row {
		case chartHeight - 1:
			return quantity.FormatAbout(top)
		case chartHeight/2 - 1:
			return quantity.FormatAbout(top / 2)
		}
		return ""
	}
	for row := range chartHeight {
		labelWidth = max(labelWidth, len([]rune(label(row))))
	}
	for row := chartHeight - 1; row >= 0; row-- {
		var b strings.Builder
		for _, x := range columns {
			b.WriteRune(block(x/top*chartHeight - float64(row)))
		}
		v.line("%*s │%s", labelWidth, label(row), strings.TrimRight(b.String(), " "))
	}
	v.line("%*s └%s", labelWidth, "0", strings.Repeat("─", len(columns)))
	end := quantity.FormatDuration(v.point.Duration.Round(time.Millisecond))
	v.line("%*s  0s%*s", labelWidth, "", len(columns)-2, end)
	if !v.allOpen() {
		v.line("%*s  up to %s", labelWidth, "", fmt.Sprintf("%s/s", quantity.FormatAbout(v.peakRate())))
	}
}

func (v *view) allOpen() bool {
	for _, s := range v.plan.Scenarios {
		if !s.Open() {
			return false
		}
	}
	return true
}

func (v *view) peakRate() float64 {
	most := 0.0
	for _, p := range v.point.Curve {
		most = max(most, p.Rate)
	}
	return most
}

// resample takes the highest level in each of width columns.
func resample(points []plan.CurvePoint, level func(plan.CurvePoint) float64, width int) (columns []float64, top float64) {
	columns = make([]float64, width)
	for i, p := range points {
		k := i * width / len(points)
		columns[k] = max(columns[k], level(p))
		top = max(top, level(p))
	}
	return columns, top
}

// block is the character that fills so much of a cell.
func block(fill float64) rune {
	eighths := []rune(" ▁▂▃▄▅▆▇█")
	return eighths[max(0, min(int(math.Round(fill*8)), 8))]
}
