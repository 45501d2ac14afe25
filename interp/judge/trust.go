package judge

import (
	"fmt"
	"strconv"
	"strings"

	"bossplan/interp/metric"
	"bossplan/interp/record"
	"bossplan/plan"
	"bossplan/plan/quantity"
)

// busyCPU is the part of the generator's cores above which its own timing is
// not to be trusted.
const busyCPU = 0.8

// trust is what the run says about its own reliability, in a fixed order.
func (v *view) trust(totals *record.Stats) []record.TrustItem {
	items := []record.TrustItem{
		lagItem("generator lag p50", quantileOfLag(totals, 50)),
		lagItem("generator lag p99", quantileOfLag(totals, 99)),
		v.costItem(),
		v.busyItem(),
		v.cpuItem(),
		v.memoryItem(),
	}
	for i, sc := range v.r.Scenarios {
		items = append(items, v.loadItem(i, sc))
	}
	g := v.r.Generator
	return append(items,
		noneOf("iterations dropped", metric.Dropped(v.r, nil).Value, ""),
		noneOf("requests unfinished", float64(totals.Unfinished), "in flight when the grace at the end was over"),
		v.silenceItem(totals),
		record.TrustItem{
			Name: "requests held by max_rate", Actual: ptr(float64(g.Held)), Unit: string(plan.UnitCount), OK: true,
			Detail: detailIf(g.Held > 0, "%s in all", moment(g.HeldTime)),
		},
		noneOf("errors not grouped", float64(g.LostErrors), "there were too many kinds"),
		record.TrustItem{
			Name: "interpreted expressions", Actual: ptr(float64(len(g.Interpreted))), Unit: string(plan.UnitCount), OK: true,
			Detail: strings.Join(g.Interpreted, ", "),
		},
		record.TrustItem{Name: "seed", OK: true, Detail: strconv.FormatUint(v.r.Run.Seed, 10)},
	)
}

func lagItem(name string, lag metric.Sample) record.TrustItem {
	item := record.TrustItem{Name: name, Limit: ptr(millis(notedLag)), Unit: string(plan.UnitTime)}
	if !lag.Measured {
		item.Detail = "no request was measured"
		return item
	}
	item.Actual = ptr(lag.Value)
	item.OK = lag.Value <= millis(notedLag)
	item.Detail = detailIf(!item.OK, "the generator was late; p99 above %s makes the run inconclusive",
		mostLag)
	return item
}

func (v *view) cpuItem() record.TrustItem {
	g := v.r.Generator
	item := record.TrustItem{Name: "generator CPU", Unit: "cores", OK: true}
	lasted := v.lasted()
	if g.Cores == 0 || lasted <= 0 {
		item.Detail = "not known"
		return item
	}
	used := g.CPU.Seconds() / lasted.Seconds()
	item.Actual, item.Limit = ptr(used), ptr(busyCPU*float64(g.Cores))
	item.OK = used <= *item.Limit
	item.Detail = fmt.Sprintf("%s of %s", plan.UnitRatio.Format(used/float64(g.Cores)), quantity.Counted(int64(g.Cores), "core"))
	return item
}

func (v *view) memoryItem() record.TrustItem {
	item := record.TrustItem{Name: "generator memory", Unit: string(plan.UnitSize), OK: true}
	if n := v.r.Generator.MaxMemory; n > 0 {
		item.Actual = ptr(float64(n))
	} else {
		item.Detail = "not known on this system"
	}
	return item
}

func (v *view) loadItem(i int, sc record.Scenario) record.TrustItem {
	l := v.loadOf(i)
	item := record.TrustItem{
		Name: fmt.Sprintf("scenario.%s %s of plan", sc.Name, l.noun()), Limit: ptr(leastLoad), Unit: string(plan.UnitRatio), OK: !l.short,
	}
	if !l.known {
		item.Detail = "nothing was planned in the judged time that ran"
		return item
	}
	item.Actual = ptr(l.achieved)
	item.Detail = detailIf(!l.short && l.achieved < leastLoad, "whole users on a ramp")
	return item
}

func (v *view) silenceItem(totals *record.Stats) record.TrustItem {
	silences := v.silences(totals)
	var when []string
	for _, g := range silences {
		when = append(when, fmt.Sprintf("%s to %s", moment(g.From), moment(g.To)))
	}
	return noneOf("silences", float64(len(silences)), strings.Join(when, ", "))
}

// noneOf is an item that is well only at 0; detail says more where it is not.
func noneOf(name string, actual float64, detail string) record.TrustItem {
	return record.TrustItem{
		Name: name, Actual: ptr(actual), Limit: ptr(0.0), Unit: string(plan.UnitCount), OK: actual == 0,
		Detail: detailIf(actual != 0, "%s", detail),
	}
}

func detailIf(say bool, format string, args ...any) string {
	if !say {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

func ptr(v float64) *float64 { return &v }
