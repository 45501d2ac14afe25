package main

import (
	"os"
	"path/filepath"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// canMount reports whether this process may mount file systems.
func canMount() bool {
	dir, err := os.MkdirTemp("", "bossplan-mount-")
	if err != nil {
		return false
	}
	defer os.Remove(dir)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=4k"); err != nil {
		return false
	}
	return syscall.Unmount(dir, 0) == nil
}

// tiny mounts a file system of a size, which cannot be written to if the third
// argument is ro: tiny DIR SIZE [ro].
func tiny(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(filepath.FromSlash(args[0]))
	ts.Check(os.MkdirAll(dir, 0o755))
	var flags uintptr
	if len(args) == 3 && args[2] == "ro" {
		flags = syscall.MS_RDONLY
	}
	ts.Check(syscall.Mount("tmpfs", dir, "tmpfs", flags, "size="+args[1]))
	ts.Defer(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}
