package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"bossplan/cmd/bench/internal/process"
)

// readBossplan takes the figures of the run's record.
func readBossplan(_ *lab, d load, u process.Usage) (latency, error) {
	r, err := readRun(d)
	if err != nil {
		return latency{}, fmt.Errorf("%w: %s", err, lastOf(u))
	}
	response, err := r.Totals.ResponseTime.latency()
	if err != nil {
		return latency{}, err
	}
	lag, err := r.Totals.Lag.latency()
	response.lag = &lag
	return response, err
}

// readVegeta has vegeta make its report of the results that it wrote.
func readVegeta(l *lab, d load, _ process.Usage) (latency, error) {
	out, err := exec.CommandContext(l.ctx, l.peers["vegeta"].Path, "report", "-type", "json", filepath.Join(d.dir, "results.bin")).Output()
	if err != nil {
		return latency{}, fmt.Errorf("vegeta report: %w", err)
	}
	return vegetaReport(out)
}

func vegetaReport(out []byte) (latency, error) {
	var r struct {
		Latencies map[string]float64 // ns
	}
	if err := json.Unmarshal(out, &r); err != nil {
		return latency{}, err
	}
	return scaled(1e-6, r.Latencies["50th"], r.Latencies["99th"], r.Latencies["max"])
}

func readFortio(_ *lab, _ load, u process.Usage) (latency, error) {
	var r struct {
		DurationHistogram struct {
			Max         float64 // seconds
			Percentiles []struct{ Percentile, Value float64 }
		}
	}
	if err := json.Unmarshal(u.Out, &r); err != nil {
		return latency{}, err
	}
	at := map[float64]float64{}
	for _, p := range r.DurationHistogram.Percentiles {
		at[p.Percentile] = p.Value
	}
	return scaled(1e3, at[50], at[99], r.DurationHistogram.Max)
}

func readBombardier(_ *lab, _ load, u process.Usage) (latency, error) {
	var r struct {
		Result struct {
			Latency struct {
				Max         float64 // µs
				Percentiles map[string]float64
			}
		}
	}
	if err := json.Unmarshal(u.Out, &r); err != nil {
		return latency{}, err
	}
	of := r.Result.Latency
	return scaled(1e-3, of.Percentiles["50"], of.Percentiles["99"], of.Max)
}

func readK6(_ *lab, _ load, u process.Usage) (latency, error) {
	var r map[string]float64 // ms
	if err := json.Unmarshal(u.Out, &r); err != nil {
		return latency{}, err
	}
	return scaled(1, r["med"], r["p(99)"], r["max"])
}

var (
	heyPercentile = regexp.MustCompile(`(?m)^\s*(50|99)%+ in ([0-9.]+) secs`)
	heySlowest    = regexp.MustCompile(`(?m)^\s*Slowest:\s+([0-9.]+) secs`)
)

func readHey(_ *lab, _ load, u process.Usage) (latency, error) {
	at := map[string]float64{}
	for _, m := range heyPercentile.FindAllSubmatch(u.Out, -1) {
		at[string(m[1])], _ = strconv.ParseFloat(string(m[2]), 64) // digits only: else it is 0, and refused
	}
	if m := heySlowest.FindSubmatch(u.Out); m != nil {
		at["max"], _ = strconv.ParseFloat(string(m[1]), 64)
	}
	return scaled(1e3, at["50"], at["99"], at["max"])
}

var (
	wrkPercentile = regexp.MustCompile(`(?m)^\s*(50|99)(?:\.000)?%\s+([0-9.]+(?:us|ms|s|m|h))\s*$`)
	wrkLatency    = regexp.MustCompile(`(?m)^\s*Latency\s+\S+\s+\S+\s+([0-9.]+(?:us|ms|s|m|h))\s`)
)

// readWrk reads the output of wrk and wrk2.
func readWrk(_ *lab, _ load, u process.Usage) (latency, error) {
	at := map[string]float64{}
	note := func(key string, text []byte) error {
		// Their units are Go's.
		t, err := time.ParseDuration(string(text))
		at[key] = milliseconds(t)
		return err
	}
	// wrk2 lists more percentiles below; the first ones are those of --latency.
	for _, m := range wrkPercentile.FindAllSubmatch(u.Out, 2) {
		if err := note(string(m[1]), m[2]); err != nil {
			return latency{}, err
		}
	}
	if m := wrkLatency.FindSubmatch(u.Out); m != nil {
		if err := note("max", m[1]); err != nil {
			return latency{}, err
		}
	}
	return scaled(1, at["50"], at["99"], at["max"])
}

// scaled refuses figures that are not there: none of them can be 0.
func scaled(factor, p50, p99, max float64) (latency, error) {
	if !(p50 > 0 && p99 > 0 && max > 0) {
		return latency{}, errors.New("p50, p99 or max is not in the output")
	}
	return latency{p50: p50 * factor, p99: p99 * factor, max: max * factor}, nil
}
