package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// runRecord is what is read of a record.
type runRecord struct {
	Run struct {
		State string
		Hosts []struct{ Transport string }
	}
	Totals struct {
		Count, Failed, Unfinished int64
		ResponseTime              figures `json:"response_time"`
		Lag                       figures
	}
	Errors []struct {
		Message string
		Count   int64
	}
	Scenarios []struct{ Iterations struct{ Dropped int64 } }
}

type figures struct{ P50, P99, Max *float64 }

func (f figures) latency() (latency, error) {
	if f.P50 == nil || f.P99 == nil || f.Max == nil {
		return latency{}, errors.New("the record has no figures")
	}
	return latency{p50: *f.P50, p99: *f.P99, max: *f.Max}, nil
}

// readRun reads the record that bossplan left.
func readRun(d load) (r runRecord, err error) {
	text, err := os.ReadFile(filepath.Join(d.dir, "run", "run.json"))
	if err != nil {
		return r, err
	}
	return r, json.Unmarshal(text, &r)
}

func (r runRecord) transport() string {
	var names []string
	for _, h := range r.Run.Hosts {
		if !slices.Contains(names, h.Transport) {
			names = append(names, h.Transport)
		}
	}
	return strings.Join(names, ", ")
}

// asAsked makes sure that bossplan did what its contender's name says: every
// request was answered, over that transport.
func asAsked(c contender, d load) error {
	r, err := readRun(d)
	if err != nil {
		return err
	}
	if want, ok := strings.CutPrefix(c.name, "bossplan "); ok && r.transport() != want {
		return fmt.Errorf("it took the transport %s", r.transport())
	}
	if r.Totals.Failed > 0 {
		text := "no message"
		if len(r.Errors) > 0 {
			text = r.Errors[0].Message
		}
		return fmt.Errorf("%d of %d requests failed: %s", r.Totals.Failed, r.Totals.Count, text)
	}
	return nil
}
