package wire

import (
	"testing"
	"time"
)

// testConformance holds a transport against servers of all kinds.
func testConformance(t *testing.T, open func(epoch time.Time) transport) {
	for name, test := range map[string]func(*testing.T, transport){
		"answers":    testAnswers,
		"heads":      testHeads,
		"splits":     testSplits,
		"cuts":       testCuts,
		"bodies":     testBodies,
		"huge":       testHuge,
		"limits":     testLimits,
		"encodings":  testEncodings,
		"faults":     testFaults,
		"connecting": testConnecting,
		"reuse":      testReuse,
		"resending":  testResending,
		"idle":       testIdle,
		"rate":       testRate,
		"uploads":    testUploads,
		"requests":   testRequests,
		"redirects":  testRedirects,
		"steering":   testSteering,
		"cookies":    testCookies,
		"crowd":      testCrowd,
		"outcome":    testOutcome,
		"closing":    testClosing,
		"waiting":    testWaiting,
		"waking":     testWaking,
	} {
		t.Run(name, func(t *testing.T) {
			if name != "huge" { // which measures all memory
				t.Parallel()
			}
			test(t, newLoop(t, open))
		})
	}
}

func TestStdConforms(t *testing.T) {
	testConformance(t, func(epoch time.Time) transport { return NewStd(epoch) })
}

const ok = "HTTP/1.1 200 OK\r\n"
