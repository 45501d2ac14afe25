package judge

import (
	"testing"

	"bossplan/interp/record"
)

func TestExitCode(t *testing.T) {
	for _, c := range []struct {
		state  record.State
		detail string
		status record.Status
		strict bool
		guard  bool
		want   int
	}{
		{record.StateCompleted, "", record.Pass, true, false, 0},
		{record.StateCompleted, "", record.Warn, false, false, 0},
		{record.StateCompleted, "", record.Warn, true, false, 5},
		{record.StateCompleted, "", record.Fail, true, false, 4},
		{record.StateCompleted, "", record.Inconclusive, true, false, 7},
		{record.StateCrashed, "", record.Inconclusive, false, false, 7},
		{record.StateAborted, "", record.Fail, false, false, 6},
		{record.StateCompleted, "", record.Fail, false, true, 8},
		{record.StateUnreachable, "refused", record.Fail, false, false, 9},
		{record.StateUnready, "data.ids cannot be fetched", record.Fail, false, false, 9},
		{record.StateInterrupted, "SIGINT", record.Inconclusive, false, false, 130},
		{record.StateInterrupted, "", record.Fail, false, false, 130},
		{record.StateInterrupted, "SIGTERM", record.Fail, false, true, 143},
		{record.StateCompleted, "", "", false, false, 7},
	} {
		r := &record.Record{Run: record.Run{State: c.state, StateDetail: c.detail}}
		if c.guard {
			r.Errors = []record.Error{{Kind: "guard", Count: 1}}
		}
		if got := ExitCode(record.Verdict{Status: c.status}, r, c.strict); got != c.want {
			t.Errorf("%s %s %s: %d, want %d", c.state, c.detail, c.status, got, c.want)
		}
	}
}

func TestWorst(t *testing.T) {
	for _, c := range []struct {
		codes []int
		want  int
	}{
		{nil, 0}, {[]int{0, 0}, 0}, {[]int{0, 5}, 5}, {[]int{5, 7, 0}, 7}, {[]int{7, 4}, 4}, {[]int{4, 6}, 6},
		{[]int{6, 9, 4}, 9}, {[]int{8, 9}, 8}, {[]int{3, 4, 0}, 3}, {[]int{1, 4}, 1}, {[]int{77, 4}, 77}, {[]int{1, 130, 4}, 130},
		{[]int{130, 143}, 143},
	} {
		if got := Worst(c.codes); got != c.want {
			t.Errorf("%v: %d, want %d", c.codes, got, c.want)
		}
	}
}
