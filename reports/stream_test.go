package reports

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"bossplan/interp/record"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/google/go-cmp/cmp"
)

// TestEncoder holds our encoding against the library's decoder.
func TestEncoder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var e hdrEncoder
	for _, limit := range []int64{1, 3, 2047, 2048, 5000, 1e6, record.MaxValue + 1} {
		var h record.Histogram
		want := hdrhistogram.New(1, record.MaxValue, 3)
		count := func(v int64) {
			h.Record(v)
			if err := want.RecordValue(min(v, record.MaxValue)); err != nil {
				t.Fatal(err)
			}
		}
		for range 1000 {
			count(rng.Int64N(limit))
		}
		count(limit)
		b, err := e.append(nil, &h)
		if err != nil {
			t.Fatal(err)
		}
		got, err := hdrhistogram.Decode(b)
		if err != nil {
			t.Fatalf("values below %d: %v", limit, err)
		}
		if !slices.Equal(want.Export().Counts, got.Export().Counts) {
			t.Errorf("values below %d: the library reads other counts", limit)
		}
	}
}

func TestZigZagOfLargeCounts(t *testing.T) {
	for v, want := range map[int64][]byte{
		0: {0}, -1: {1}, 63: {126}, 64: {0x80, 1}, 1 << 62: {0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80},
	} {
		if diff := cmp.Diff(want, appendZigZag(nil, v)); diff != "" {
			t.Errorf("%d: %s", v, diff)
		}
	}
}

// TestIntervalLog reads latency.hlog with the library's reader.
func TestIntervalLog(t *testing.T) {
	b, v := heavy()
	b.Requests[listTasks].Address = `user_class.x.request.list["a, b"]`
	dir := streamed(t, b, v)
	f, err := os.Open(filepath.Join(dir, hlogName))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	counts := map[string]int64{}
	last := int64(0)
	for r := hdrhistogram.NewHistogramLogReader(f); ; {
		h, err := r.NextIntervalHistogram()
		if err != nil {
			t.Fatal(err)
		}
		if h == nil {
			break
		}
		counts[h.Tag()] += h.TotalCount()
		if h.StartTimeMs() < last || h.EndTimeMs() <= h.StartTimeMs() {
			t.Errorf("interval %d to %d after %d", h.StartTimeMs(), h.EndTimeMs(), last)
		}
		last = h.StartTimeMs()
		if start := h.StartTimeMs(); start < b.Run.Started.UnixMilli() || start > b.Run.Ended.UnixMilli() {
			t.Errorf("start %d is not in the run", start)
		}
	}
	want := map[string]int64{
		`user_class.x.request.list["a%2C%20b"]`:        81,
		`user_class.x.request.list["a%2C%20b"]:warmup`: 20,
		"user_class.member.request.create_task":        20,
		"user_class.member.request.create_task:failed": 3,
		"user_class.member.request.create_task:warmup": 5,
		"user_class.admin.request.create_task":         20,
		"user_class.admin.request.create_task:warmup":  5,
	}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error(diff)
	}
}

func TestIntervalsStayPositive(t *testing.T) {
	var l intervalLog
	for _, s := range []record.Second{{Start: 0, End: time.Second}, {Start: time.Second, End: time.Second + 5*time.Microsecond},
		{Start: 900 * time.Millisecond, End: 950 * time.Millisecond}} {
		before := l.last
		start, length := l.interval(&s)
		if length <= 0 || start*1000 < float64(before) {
			t.Errorf("%v: start %v, length %v", s, start, length)
		}
	}
}

// TestCrash looks at what a killed process leaves.
func TestCrash(t *testing.T) {
	b, _ := heavy()
	dir := t.TempDir()
	s, err := NewStream(dir, b.Record)
	if err != nil {
		t.Fatal(err)
	}
	defer s.closeFiles()
	now := time.Now()
	s.state.now = func() time.Time { now = now.Add(time.Second); return now }
	for _, second := range b.seconds[:10] {
		if err := s.Second(b.Record, second); err != nil {
			t.Fatal(err)
		}
	}
	var f struct {
		ExitCode *int `json:"exit_code"`
		Run      struct{ State string }
		Verdict  verdictInfo
	}
	if err := json.Unmarshal(read(t, dir, runFileName), &f); err != nil {
		t.Fatal(err)
	}
	if f.Run.State != "crashed" || f.ExitCode != nil || f.Verdict.Status != record.Inconclusive || b.Run.State != record.StateCompleted {
		t.Errorf("checkpoint %+v, record %s", f, b.Run.State)
	}
	if rows := csvRows(t, dir, "heavy_stats_history.csv"); len(rows) != 11 {
		t.Errorf("history has %d lines", len(rows))
	}
}

// TestShortSecondOfHistory holds that a run which ends right after a full second
// shows no rate that never was.
func TestShortSecondOfHistory(t *testing.T) {
	b, _ := heavy()
	dir := t.TempDir()
	s, err := NewStream(dir, b.Record)
	if err != nil {
		t.Fatal(err)
	}
	defer s.closeFiles()
	second := *b.seconds[9]
	second.End = second.Start + 2*time.Millisecond
	var n int64
	for _, c := range second.Cells {
		n += tallyOf(&c.Stats).requests
	}
	if err := s.Second(b.Record, &second); err != nil {
		t.Fatal(err)
	}
	rows := csvRows(t, dir, "heavy_stats_history.csv")
	if got, want := rows[1][4], strconv.FormatInt(n, 10)+".000000"; n == 0 || got != want {
		t.Errorf("%s requests/s, want %s", got, want)
	}
}

func TestCheckpointsTakeLittleTime(t *testing.T) {
	b, _ := heavy()
	d, err := openDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	now := time.Unix(0, 0)
	// Each look at the clock costs 100 ms, so a checkpoint seems to as well.
	c := &checkpoint{dir: d, now: func() time.Time { now = now.Add(100 * time.Millisecond); return now }}
	if err := c.write(b.Record, 0); err != nil {
		t.Fatal(err)
	}
	if wait := c.next.Sub(now); wait != 10*time.Second {
		t.Errorf("next checkpoint in %v, want 10s after one of 100ms", wait)
	}
}

// TestDirectoryRemoved takes the directory away while the run goes on.
func TestDirectoryRemoved(t *testing.T) {
	b, v := heavy()
	dir := filepath.Join(t.TempDir(), "run")
	s, err := NewStream(dir, b.Record)
	if err != nil {
		t.Fatal(err)
	}
	s.state.now = func() time.Time { return time.Now().Add(time.Hour) }
	if err := os.RemoveAll(dir); err != nil {
		t.Skip("open files cannot be removed here:", err)
	}
	var errs []error
	for i, second := range b.seconds {
		s.state.next = time.Time{}
		if err := s.Second(b.Record, second); err != nil {
			errs = append(errs, err)
			if i > 0 {
				t.Errorf("second %d: %v", i, err)
			}
		}
	}
	if len(errs) != 1 || !strings.Contains(errs[0].Error(), "run.json was not written") {
		t.Errorf("errors %v, want one on run.json", errs)
	}
	_ = s.Close(b.Record)
	if _, err := Write(dir, b.Record, v, 4); err == nil || !strings.Contains(err.Error(), "latency.hlog") {
		t.Errorf("Write says %v", err)
	}
	read(t, dir, runFileName)
	read(t, dir, htmlName)
}

// TestUnwritable puts directories where files should go: one file that fails
// must not keep the others from being written.
func TestUnwritable(t *testing.T) {
	b, v := heavy()
	dir := t.TempDir()
	for _, name := range []string{htmlName, "heavy_stats.csv"} {
		if err := os.MkdirAll(filepath.Join(dir, name, "x"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	files, err := Write(dir, b.Record, v, 4)
	for _, name := range []string{htmlName, "heavy_stats.csv"} {
		if err == nil || !strings.Contains(err.Error(), name+" was not written") {
			t.Errorf("error %v does not name %s", err, name)
		}
		if slices.Contains(files, filepath.Join(dir, name)) {
			t.Errorf("%s counts as written", name)
		}
	}
	for _, name := range []string{runFileName, junitName, markdownName, "heavy_failures.csv"} {
		read(t, dir, name)
	}
	noTemp(t, dir)
}

// noTemp fails if a temporary file is left.
func noTemp(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".tmp") {
			t.Errorf("%s is left", e.Name())
		}
	}
}

// TestLineFileStaysWhole lets writes fail in the middle of a line.
func TestLineFileStaysWhole(t *testing.T) {
	d, err := openDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	l, err := newLineFile(d, "lines", []byte("head\n"))
	if err != nil {
		t.Fatal(err)
	}
	good := l.f
	if l.f, err = d.root.Open("lines"); err != nil { // cannot be written
		t.Fatal(err)
	}
	if err := l.append([]byte("one\n")); err == nil {
		t.Error("the first failure should be returned")
	}
	if err := l.append([]byte("two\n")); err != nil {
		t.Errorf("later failures should only be counted: %v", err)
	}
	l.f.Close()
	l.f = good
	if err := l.append([]byte("three\n")); err != nil {
		t.Error(err)
	}
	if err := l.close(); err == nil || !strings.Contains(err.Error(), "lacks what 2 writes") {
		t.Errorf("close says %v", err)
	}
	if got := string(read(t, d.dir, "lines")); got != "head\nthree\n" {
		t.Errorf("file holds %q", got)
	}
}

func TestTempIsRemoved(t *testing.T) {
	d, err := openDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := d.root.MkdirAll("taken/x", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := d.replaceBytes("taken", bytes.Repeat([]byte("x"), 100)); err == nil {
		t.Error("a directory was replaced by a file")
	}
	noTemp(t, d.dir)
}
