//go:build !linux

package main

import "github.com/rogpeppe/go-internal/testscript"

func canMount() bool { return false }

func tiny(ts *testscript.TestScript, _ bool, _ []string) {
	ts.Fatalf("scripts that mount must ask [mount] first")
}
