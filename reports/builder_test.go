package reports

import (
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bossplan/interp/record"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write golden files anew")

// golden compares got with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs (-want +got), run with -update if it should:\n%s", name, diff)
	}
}

// A builder fills a record as the engine would: cells by stage, seconds and the
// series by completion.
type builder struct {
	*record.Record
	seconds []*record.Second
}

// The requests of a builder's record.
const (
	listTasks = iota
	createTask
	createTaskBulk // counted under createTask's name
	neverSent
	numRequests
)

// newBuilder is a run with 5 s of warm-up and 20 s that are judged.
func newBuilder() *builder {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := &record.Record{
		Run: record.Run{
			ID: "heavy-20260301T120000Z", BossplanVersion: "0.1.0", Started: start, Ended: start.Add(25 * time.Second),
			State: record.StateCompleted, Seed: 42, TimeScale: 1, Command: "bossplan apply plans/heavy.hcl",
			Plan: record.PlanInfo{Name: "heavy", File: "plans/heavy.hcl", SHA256: "ab12", GitRevision: "0123abc"},
			Variables: []record.Variable{
				{Name: "token", Value: "(sensitive)", Source: "BOSSPLAN_VAR_token"},
				{Name: "users", Value: "1000", Source: "default"},
			},
			Hosts: []record.Host{{Address: "host.api", BaseURL: "http://127.0.0.1:8000", Transport: "fast"}},
		},
		Requests: []record.Request{
			{Address: "user_class.member.request.list_tasks", Name: "list_tasks", Method: "GET"},
			{Address: "user_class.member.request.create_task", Name: "create_task", Method: "POST"},
			{Address: "user_class.admin.request.create_task", Name: "create_task", Method: "POST"},
			{Address: "user_class.admin.request.never", Name: "never", Method: "GET"},
		},
		Scenarios: []record.Scenario{{
			Name:       "main",
			Iterations: record.Iterations{Planned: -1, Started: 120, Completed: 118, Unfinished: 2},
			Users:      record.Users{PlannedMax: 10, Max: 10},
			Stages: []record.Stage{
				{Name: "warmup", Warmup: true, Start: 0, End: 5 * time.Second, Ended: true},
				{Name: "peak", Start: 5 * time.Second, End: 25 * time.Second, Ended: true},
			},
		}},
	}
	for stage := range 2 {
		for q := range numRequests {
			r.Cells = append(r.Cells, &record.Cell{Stage: stage, Request: q, Warmup: stage == 0})
		}
	}
	return &builder{Record: r}
}

type outcome int

const (
	met outcome = iota
	timedOut
	failed
	unfinished
)

// second adds a second in which requests of one stage completed.
func (b *builder) second(stage int, add func(func(request int, o outcome, d time.Duration))) {
	at := time.Duration(len(b.seconds)) * time.Second
	s := &record.Second{Start: at, End: at + time.Second, Point: record.Point{At: at + time.Second, Users: 10, InFlight: 2, Warmup: stage == 0}}
	cells := map[int]*record.Cell{}
	points := make([]record.RequestPoint, numRequests)
	add(func(request int, o outcome, d time.Duration) {
		if cells[request] == nil {
			cells[request] = &record.Cell{Stage: stage, Request: request, Warmup: stage == 0}
			s.Cells = append(s.Cells, cells[request])
		}
		for _, c := range []*record.Cell{cells[request], b.Cells[stage*numRequests+request]} {
			addSample(&c.Stats, o, d)
		}
	})
	all := &record.Stats{}
	for q, c := range cells {
		all.Merge(&c.Stats)
		points[q] = record.RequestPoint{Completed: c.Completed(), Failed: c.FailedCompleted(), P50: quantileMS(&c.Stats, 50), P95: quantileMS(&c.Stats, 95)}
	}
	for q := range points {
		if cells[q] == nil {
			points[q] = record.RequestPoint{P50: math.NaN(), P95: math.NaN()}
		}
	}
	p := &s.Point
	p.Completed, p.Failed, p.Received = all.Completed(), all.FailedCompleted(), all.Received
	p.P50, p.P95, p.P99, p.Max = quantileMS(all, 50), quantileMS(all, 95), quantileMS(all, 99), quantileMS(all, 100)
	p.LagP99, p.CPU, p.Busy = 0.2, 0.05, 0.04
	b.Series.Append(*p, points)
	b.seconds = append(b.seconds, s)
}

func quantileMS(s *record.Stats, q float64) float64 {
	h := &s.Pool(record.PopulationOK).Response
	if h.Count() == 0 {
		return math.NaN()
	}
	return float64(h.Quantile(q)) / 1000
}

func addSample(s *record.Stats, o outcome, d time.Duration) {
	g := &s.Met
	switch o {
	case timedOut:
		g = &s.Late
	case failed:
		g = &s.Failed
	case unfinished:
		g = &s.Late
		s.Unfinished++
	}
	g.Response.Record(d.Microseconds())
	g.Service.Record(d.Microseconds() - 100)
	g.Lag.Record(100)
	if o == met || o == failed {
		s.Received += 200
	}
	s.Sent += 90
}

// heavy is a run with a bit of everything, and its verdict.
func heavy() (*builder, *record.Verdict) {
	b := newBuilder()
	for i := range 25 {
		stage := 1
		if i < 5 {
			stage = 0
		}
		b.second(stage, func(add func(int, outcome, time.Duration)) {
			for k := range 4 {
				add(listTasks, met, time.Duration(8000+137*i+911*k)*time.Microsecond)
			}
			add(createTask, met, time.Duration(31000+i*700)*time.Microsecond)
			add(createTaskBulk, met, time.Duration(45250+i*11)*time.Microsecond)
			if i%7 == 6 {
				add(createTask, failed, 900*time.Microsecond)
			}
			if i == 20 {
				add(listTasks, timedOut, 1200*time.Millisecond)
			}
		})
	}
	// Unfinished ones are in the record but in no second.
	for range 2 {
		addSample(&b.Cells[numRequests+listTasks].Stats, unfinished, 300*time.Millisecond)
	}
	b.Errors = []record.Error{
		{Request: createTask, Kind: "status", Message: "got 503, expected 200-399", Count: 3, First: 13 * time.Second, Last: 24 * time.Second},
		{Request: listTasks, Kind: "timeout", Message: "no answer in 1.2s", Count: 1, First: 20 * time.Second, Last: 20 * time.Second},
		{Request: listTasks, Kind: "unfinished", Message: "", Count: 2, First: 25 * time.Second, Last: 25 * time.Second},
		{Request: listTasks, Kind: "status", Message: "during warm-up", Count: 9, Warmup: true},
	}
	b.Probes = []record.Probe{{Address: "probe.pool", Samples: 5, Failures: 1, LastError: "connection reset", Gauges: []record.Gauge{{
		Name: "overflow", Times: []time.Duration{0, 5e9, 10e9, 15e9, 20e9}, Values: []float64{0, 0, 1, 4, 2},
		Min: 0, Max: 4, Sum: 7, Count: 5, Last: 2,
	}, {Name: "size"}}}}
	b.Gaps = []record.Gap{{From: 10 * time.Second, To: 16 * time.Second, Due: 30}}
	b.Checks = []record.Check{
		{Request: listTasks, Name: "is a list", Made: 101, Met: 100},
		{Request: createTask, Name: "has an id", Made: 20, Met: 20},
		{Request: createTaskBulk, Name: "has an id", Made: 25, Met: 24},
		{Request: neverSent, Name: "is there"},
	}
	login := record.Setup{Request: record.Request{Address: "user_class.member.on_start.request.login", Name: "login", Method: "POST"},
		Hook: "on_start", Count: 12, Failed: 2, Errors: []record.Error{
			{Kind: "status", Message: "401 Unauthorized", Count: 2, First: time.Second, Last: 3 * time.Second},
		}}
	for i := range int64(12) {
		login.Response.Record(15_000 + 500*i)
	}
	b.Setup = []record.Setup{login, {Hook: "on_stop", Request: record.Request{
		Address: "user_class.member.on_stop.request.logout", Name: "logout", Method: "POST"}}}
	b.Data = []record.Data{{Address: "data.ids", Rows: 100}, {Address: "data.users", Rows: 20, Stopped: 3, First: 22 * time.Second}}
	b.Generator = record.Generator{
		Cores: 2, CPU: 1300 * time.Millisecond, MaxMemory: 30 << 20,
		Loops: 2, Exchanges: 100_000, LoopCPU: 1140 * time.Millisecond, Busy: 0.43, BusyMost: 0.97,
		Saturated: []record.Span{{From: 7 * time.Second, To: 8 * time.Second}},
	}
	return b, heavyVerdict()
}

func heavyVerdict() *record.Verdict {
	broken := 31200 * time.Millisecond
	return &record.Verdict{
		Status:  record.Fail,
		Reasons: []string{"threshold.p95 is 1.24s, critical < 1s (plans/heavy.hcl:31)"},
		Thresholds: []record.ThresholdResult{
			{Address: "threshold.p95", Status: record.Fail, Scope: "all", Metric: "response_time.p95", Unit: "ms", Actual: ptr(1240.0), ActualWithoutLag: ptr(1239.5),
				Target: "< 500ms", Critical: "< 1s", Samples: 123, FirstBroken: &broken, Range: record.Position{File: "plans/heavy.hcl", Line: 31, Column: 1}},
			{Address: "threshold.p99", Status: record.Warn, Scope: "user_class.member.request.list_tasks", Metric: "response_time.p99", Unit: "ms", Actual: ptr(500.4),
				Target: "< 500ms", Critical: "< 2s", Samples: 50, Detail: "p99 of 50 samples is their maximum"},
			{Address: "threshold.errors", Status: record.Pass, Scope: "all", Metric: "errors.rate", Unit: "ratio", Actual: ptr(0.0048), Target: "< 1%", Critical: "< 5%", Samples: 123},
			{Address: "threshold.throughput", Status: record.Pass, Scope: "all", Metric: "requests.rate", Unit: "1/s", Actual: ptr(17.3), Target: ">= 1000/min", Critical: ">= 800/min", Samples: 123},
			{Address: "threshold.overflow", Status: record.NoData, Scope: "all", Metric: "probe.pool.size.max", Target: "== 0"},
			{Address: "threshold.slow", Status: record.Inconclusive, Scope: "all", Metric: "response_time.max", Unit: "ms", Actual: ptr(15.0), ActualWithoutLag: ptr(4.0), Target: "< 10ms"},
		},
		Trust: []record.TrustItem{
			{Name: "lag p99", Actual: ptr(0.2), Limit: ptr(100.0), Unit: "ms", OK: true},
			{Name: "planned load", Actual: ptr(0.91), Limit: ptr(0.95), Unit: "ratio", OK: false, Detail: "main: 9.1 of 10 users on average"},
			{Name: "seed", OK: true, Detail: "42"},
		},
		Findings: []record.Finding{{ID: "silence", Summary: "Nothing completed from 10s to 16s.", Detail: "At least 30 requests were due in that time."}},
	}
}

func ptr[T any](v T) *T { return &v }
