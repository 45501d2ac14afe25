//go:build unix

package main

import "golang.org/x/sys/unix"

// openFiles is how many files the process may have open; 0: as many as it
// wants. Go raises the soft limit to the hard one as the program starts, that of
// the sample service too, so there is nothing left to raise.
func openFiles() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil || limit.Cur > 1<<30 {
		return 0
	}
	return int(limit.Cur)
}
