package reports

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"bossplan/interp/record"

	"github.com/google/go-cmp/cmp"
)

// streamed writes a whole run as apply does and returns its directory.
func streamed(t *testing.T, b *builder, v *record.Verdict) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	s, err := NewStream(dir, b.Record)
	if err != nil {
		t.Fatal(err)
	}
	for _, second := range b.seconds {
		if err := s.Second(b.Record, second); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(b.Record); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(dir, b.Record, v, 4); err != nil {
		t.Fatal(err)
	}
	return dir
}

func read(t *testing.T, elem ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestGolden(t *testing.T) {
	b, v := heavy()
	dir := streamed(t, b, v)
	for _, name := range []string{"heavy_stats.csv", "heavy_stats_history.csv", "heavy_failures.csv", "heavy_exceptions.csv", "junit.xml", "summary.md"} {
		golden(t, name, read(t, dir, name))
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, read(t, dir, "run.json"), "", "\t"); err != nil {
		t.Fatal(err)
	}
	golden(t, "run.json", indented.Bytes())
	for name, o := range map[string]TableOptions{"table.txt": {}, "table_80_color.txt": {Color: true, Width: 80}} {
		var out bytes.Buffer
		if err := Table(&out, b.Record, v, o); err != nil {
			t.Fatal(err)
		}
		golden(t, name, out.Bytes())
	}
	var out bytes.Buffer
	if err := Summary(&out, []Run{{b.Record, v, 4, "runs/heavy"}, {b.Record, &record.Verdict{Status: record.Pass, Reasons: []string{"5 of 5 thresholds met"}}, 0, "runs/light"}}, TableOptions{}); err != nil {
		t.Fatal(err)
	}
	golden(t, "summary.txt", out.Bytes())
}

// TestFormatsAgree holds the totals of every format against each other.
func TestFormatsAgree(t *testing.T) {
	b, v := heavy()
	dir := streamed(t, b, v)
	var f struct {
		Totals struct {
			Count, Failed, Unfinished int64
			ResponseTime              struct{ P95, Max float64 } `json:"response_time"`
		}
		Requests []struct{ Count, Failed, Unfinished int64 }
	}
	if err := json.Unmarshal(read(t, dir, "run.json"), &f); err != nil {
		t.Fatal(err)
	}
	var sum int64
	for _, q := range f.Requests {
		sum += q.Count + q.Unfinished
	}
	requests, errors := f.Totals.Count+f.Totals.Unfinished, f.Totals.Failed+f.Totals.Unfinished
	if sum != requests || requests != b.Totals().Total() {
		t.Errorf("run.json: requests add up to %d, totals say %d", sum, requests)
	}
	stats := csvRows(t, dir, "heavy_stats.csv")
	last := stats[len(stats)-1]
	p95 := fmt.Sprintf("%.0f", f.Totals.ResponseTime.P95)
	want := []string{strconv.FormatInt(requests, 10), strconv.FormatInt(errors, 10), p95}
	if diff := cmp.Diff(want, []string{last[2], last[3], last[16]}); diff != "" {
		t.Errorf("_stats.csv against run.json: %s", diff)
	}
	history := csvRows(t, dir, "heavy_stats_history.csv")
	end := history[len(history)-1]
	if diff := cmp.Diff(last[2:9], []string{end[17], end[18], end[19], end[20], end[21], end[22], end[23]}); diff != "" {
		t.Errorf("end of the history against _stats.csv: %s", diff)
	}
	var table bytes.Buffer
	if err := Table(&table, b.Record, v, TableOptions{}); err != nil {
		t.Fatal(err)
	}
	re := regexp.MustCompile(fmt.Sprintf(`Aggregated +%d +%d\(`, requests, errors))
	if !re.Match(table.Bytes()) {
		t.Errorf("table does not match %s:\n%s", re, table.String())
	}
	if !strings.Contains(string(read(t, dir, "summary.md")), fmt.Sprintf("| Aggregated | %d | %d(", requests, errors)) {
		t.Error("summary.md says something else")
	}
}

func csvRows(t *testing.T, elem ...string) [][]string {
	t.Helper()
	content := read(t, elem...)
	if bytes.Contains(bytes.ReplaceAll(content, []byte("\r\n"), nil), []byte("\n")) && !bytes.Contains(content, []byte(`"`)) {
		t.Error("a line does not end in CRLF")
	}
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// TestOddRuns writes runs in which something is missing: none may fail, none
// may show a time that was not measured.
func TestOddRuns(t *testing.T) {
	empty := newBuilder()
	allFailed := newBuilder()
	allFailed.second(1, func(add func(int, outcome, time.Duration)) { add(listTasks, failed, time.Millisecond) })
	unreachable := &builder{Record: &record.Record{Run: record.Run{
		Started: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), State: record.StateUnreachable,
		StateDetail: "connection refused by 127.0.0.1:1", Plan: record.PlanInfo{Name: "heavy"}}}}
	for name, b := range map[string]*builder{"empty": empty, "all failed": allFailed, "unreachable": unreachable} {
		t.Run(name, func(t *testing.T) {
			v := &record.Verdict{Status: record.Fail, Reasons: []string{"no request met its expectations"}}
			dir := streamed(t, b, v)
			stats := csvRows(t, dir, "heavy_stats.csv")
			last := stats[len(stats)-1]
			if last[1] != "Aggregated" || last[4] != "0" || last[11] != "N/A" || last[21] != "N/A" {
				t.Errorf("last row %q", last)
			}
			content := read(t, dir, "run.json")
			if !bytes.Contains(content, []byte(`"response_time":{"min":null,"mean":null,`)) || bytes.Contains(content, []byte(`:null,"thresholds"`)) {
				t.Errorf("run.json: %s", content)
			}
			if re := regexp.MustCompile(`"(reasons|thresholds|requests|errors|scenarios|stages|probes|trust|findings|variables|hosts|gauges)":null`); re.Match(content) {
				t.Errorf("run.json has a list that is null: %s", re.Find(content))
			}
			var out bytes.Buffer
			if err := Table(&out, b.Record, v, TableOptions{}); err != nil {
				t.Fatal(err)
			}
			if !regexp.MustCompile(`Aggregated +\d+ +\d+\(\d+%\) +– +– +– +– +– +–`).Match(out.Bytes()) {
				t.Errorf("table:\n%s", out.String())
			}
			if !strings.HasSuffix(out.String(), "\nFAIL: no request met its expectations\n") {
				t.Errorf("the last line is not the verdict:\n%s", out.String())
			}
			// A verdict that no threshold explains must be seen in junit.xml too.
			if !bytes.Contains(read(t, dir, "junit.xml"), []byte(`failures="1"`)) {
				t.Error("junit.xml shows no failure")
			}
		})
	}
}

func TestWriteWithoutStream(t *testing.T) {
	b, v := heavy()
	b.Run.Reports = []record.Report{{Kind: "hlog", Path: "copy.hlog"}}
	dir := t.TempDir()
	files, err := Write(dir, b.Record, v, 4)
	if err == nil || !strings.Contains(err.Error(), "latency.hlog") {
		t.Errorf("a latency.hlog that is missing should be an error, got %v", err)
	}
	if len(files) == 0 || files[0] != filepath.Join(dir, "run.json") {
		t.Errorf("files %q", files)
	}
	rows := csvRows(t, dir, "heavy_stats_history.csv")
	if len(rows) != 2 || rows[1][17] != strconv.FormatInt(b.Totals().Total(), 10) {
		t.Errorf("history %q", rows)
	}
}

func TestReports(t *testing.T) {
	b, v := heavy()
	b.Run.Reports = []record.Report{
		{Kind: "html", Path: "deep/er/report_1000users.html"}, {Kind: "csv", Path: "stats_1000users"},
		{Kind: "json", Path: "run.json"}, {Kind: "hlog", Path: "copy.hlog"},
	}
	dir := streamed(t, b, v)
	for _, name := range []string{"deep/er/report_1000users.html", "stats_1000users_failures.csv"} {
		read(t, dir, name)
	}
	if diff := cmp.Diff(read(t, dir, "heavy_stats_history.csv"), read(t, dir, "stats_1000users_stats_history.csv")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(read(t, dir, "latency.hlog"), read(t, dir, "copy.hlog")); diff != "" {
		t.Error(diff)
	}
}

// TestReportsStayInside tries to lead reports out of the run's directory.
func TestReportsStayInside(t *testing.T) {
	outside := t.TempDir()
	for _, p := range []struct {
		report record.Report
		want   string
	}{
		{record.Report{Kind: "html", Path: "../out.html"}, "leads out"},
		{record.Report{Kind: "csv", Path: "a/../../out"}, "leads out"},
		{record.Report{Kind: "json", Path: filepath.Join(outside, "abs.json")}, "leads out"},
		{record.Report{Kind: "html", Path: "link/out.html"}, "escapes"},
		{record.Report{Kind: "html", Path: ""}, "names no file"},
		{record.Report{Kind: "html", Path: "RUN.json"}, "already another file"},
		{record.Report{Kind: "pdf", Path: "x.pdf"}, "unknown kind"},
	} {
		b, v := heavy()
		b.Run.Reports = []record.Report{p.report, {Kind: "html", Path: "fine.html"}}
		dir := t.TempDir()
		if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
			t.Skip("no symbolic links here:", err)
		}
		if err := os.WriteFile(filepath.Join(dir, hlogName), nil, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := Write(dir, b.Record, v, 0)
		if err == nil || !strings.Contains(err.Error(), p.want) {
			t.Errorf("%+v: error %v, want %q", p.report, err, p.want)
		}
		read(t, dir, "fine.html")
		if left, _ := os.ReadDir(outside); len(left) > 0 {
			t.Fatalf("%+v wrote %s outside", p.report, left[0].Name())
		}
	}
}

// TestHostileNames puts every syntax there is into names and messages.
func TestHostileNames(t *testing.T) {
	b, v := heavy()
	evil := "a|b</script><script>alert(1)</script>\x1b[31m\nFAIL: no\x00 \"q\",'=1+1 ]]> [x](http://e) @all \u202e \xff"
	b.Requests[listTasks] = record.Request{Address: evil, Name: evil, Method: "GET"}
	b.Run.Plan.Name = "../" + evil
	b.Run.Variables = append(b.Run.Variables, record.Variable{Name: evil, Value: evil, Source: evil})
	b.Errors[1].Message = evil
	b.Probes[0].Address = evil
	b.Scenarios[0].Stages[1].Name = evil
	v.Thresholds[0].Address, v.Thresholds[0].Scope, v.Thresholds[0].Detail = evil, evil, evil
	v.Reasons = []string{evil}
	v.Findings[0].Summary = evil
	dir := streamed(t, b, v)

	page := string(read(t, dir, "report.html"))
	if strings.Contains(page, "<script>alert") || strings.Count(page, "</script>") != 2 {
		t.Error("report.html lets a name become a script")
	}
	for d := xml.NewDecoder(bytes.NewReader(read(t, dir, "junit.xml"))); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal("junit.xml:", err)
		}
	}
	if !json.Valid(read(t, dir, "run.json")) {
		t.Error("run.json is not valid")
	}
	var table bytes.Buffer
	if err := Table(&table, b.Record, v, TableOptions{Width: 100}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{"\x1b", "\x00", "\u202e"} {
		if strings.Contains(table.String(), c) || strings.Contains(page, c) {
			t.Errorf("%q reaches the reader", c)
		}
	}
	if n := strings.Count(table.String(), "\nFAIL: "); n != 1 {
		t.Errorf("%d lines look like a verdict", n)
	}
	for _, line := range strings.Split(string(read(t, dir, "summary.md")), "\n") {
		if strings.HasPrefix(line, "|") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") < 6 {
			t.Errorf("summary.md has a broken row: %s", line)
		}
		if strings.Contains(line, "@all") || strings.Contains(line, "](http") {
			t.Errorf("summary.md lets text become more: %s", line)
		}
	}
	rows := csvRows(t, dir, fileStem(b.Run.Plan.Name)+"_stats.csv")
	if rows[1][1] != strings.ReplaceAll(evil, "\r\n", "\n") {
		t.Errorf("the CSV does not give the name back: %q", rows[1][1])
	}
}

func TestActual(t *testing.T) {
	for _, c := range []struct {
		unit, target string
		v            float64
		want         string
	}{
		{"ms", "< 500ms", 412.3, "412ms"},
		{"ms", "< 500ms", 499.64, "499.6ms"},
		{"ms", "< 1s", 1000.4, "1.0004s"},
		{"ms", "< 1000ms", 1000, "1s"},
		{"ratio", "< 1%", 0.00999996, "0.999996%"},
		{"ratio", "<= 1%", 0.042, "4.2%"},
		{"ratio", ">= 100%", 0.999999, "99.9999%"},
		{"1/s", ">= 1000/min", 20, "1,200/min"},
		{"1/s", ">= 10/s", 20, "20/s"},
		{"count", "== 0", 12345, "12,345"},
		{"bytes", "< 1MiB", 1536, "1.5KiB"},
		{"", "< 5", 2.5, "2.5"},
	} {
		got := actual(&record.ThresholdResult{Unit: c.unit, Target: c.target, Actual: &c.v})
		if got != c.want {
			t.Errorf("%v %s against %q: %s, want %s", c.v, c.unit, c.target, got, c.want)
		}
	}
}

func TestPyFloat(t *testing.T) {
	for v, want := range map[float64]string{0: "0.0", 64: "64.0", 9.053980901700895: "9.053980901700895", 1e16: "1e+16",
		123456789012345: "123456789012345.0", 0.0001: "0.0001", 0.00001: "1e-05"} {
		if got := pyFloat(v); got != want {
			t.Errorf("%v: %s, want %s", v, got, want)
		}
	}
}
