package judge

import (
	"slices"
	"strings"

	"bossplan/interp/record"
)

// Exit codes of the command line that follow from a run.
const (
	ExitPass         = 0
	ExitFail         = 4
	ExitWarn         = 5 // only where warnings are asked to fail
	ExitAborted      = 6
	ExitInconclusive = 7
	ExitRefused      = 8
	ExitUnreachable  = 9
	ExitInterrupted  = 130
	ExitTerminated   = 143
)

// ExitCode is the answer to a run. How it ended comes before what was judged:
// who interrupted it knows that it is no verdict, and an aborted run is told
// from one that failed at its end. A request that a guard refused, while the run
// went on or for its data, comes before all that is judged.
func ExitCode(v record.Verdict, r *record.Record, failOnWarn bool) int {
	switch {
	case r.Run.State == record.StateInterrupted:
		return InterruptedBy(r.Run.StateDetail)
	case guarded(r) > 0:
		return ExitRefused
	case r.Run.State == record.StateUnreachable, r.Run.State == record.StateUnready:
		return ExitUnreachable
	case r.Run.State == record.StateAborted || r.Abort != nil:
		return ExitAborted
	}
	switch v.Status {
	case record.Pass:
		return ExitPass
	case record.Warn:
		if failOnWarn {
			return ExitWarn
		}
		return ExitPass
	case record.Fail:
		return ExitFail
	}
	return ExitInconclusive
}

// InterruptedBy is the exit code of a run that a signal ended or kept from
// starting: "SIGTERM", or anything else for an interruption by a person.
func InterruptedBy(signal string) int {
	if strings.Contains(signal, "SIGTERM") {
		return ExitTerminated
	}
	return ExitInterrupted
}

// Worst is the exit code of several plans. From the worst: stopped by a signal
// (143, 130: the plans after it never ran), an error of our own (1, and any
// code not listed here), what kept a plan from running as asked (2, 3, 8, 9),
// then verdicts (6 aborted, 4 failed, 7 inconclusive, 5 warnings, 0 pass).
// Without any code it is 0.
func Worst(codes []int) int {
	order := []int{143, 130, 1, 2, 3, 8, 9, 6, 4, 7, 5, 0}
	place := func(code int) int {
		if i := slices.Index(order, code); i >= 0 {
			return i
		}
		return slices.Index(order, 1)
	}
	worst := 0
	for _, c := range codes {
		if place(c) < place(worst) {
			worst = c
		}
	}
	return worst
}
