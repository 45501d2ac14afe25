package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"bossplan/cmd/bench/internal/peer"
)

// place says where and how figures were had, below each table.
func (l *lab) place() string {
	note := ""
	if l.quick {
		note = " **A short run (`--quick`), to try the benchmark out: its figures mean little.**"
	}
	return fmt.Sprintf("Measured on %s, client on core %d, server on core %d. By: `%s`.%s\n",
		l.began.Format(time.DateOnly), l.clientCore, l.serverCore, l.command, note)
}

// machine is the section on the machine and the programs.
func machine(l *lab) (string, error) {
	var b strings.Builder
	b.WriteString("## The machine and the programs\n\n")
	limit := "unknown"
	if soft, err := fileLimit(); err == nil {
		limit = fmt.Sprint(soft)
	}
	fmt.Fprintf(&b, "- %s\n- %s\n- %s\n- at most %s open files a process\n- %s\n- transport that bossplan chooses by itself here: %s\n\n",
		processor(), memorySize(), kernel(), limit, runtime.Version(), l.chosen)
	b.WriteString("Programs are found on PATH or, with `--install`, installed into `" + filepath.Join("os.UserCacheDir()", "bossplan-bench") + "`; none is part of bossplan.\n\n")
	b.WriteString(peer.Report(l.found))
	b.WriteString("\n" + l.place())
	return b.String(), nil
}

// processor names the processor, as /proc tells.
func processor() string {
	name := "an unknown processor"
	file, err := os.Open("/proc/cpuinfo")
	if err == nil {
		defer file.Close()
		for lines := bufio.NewScanner(file); lines.Scan(); {
			if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
				name = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%s, %d cores, %s/%s", name, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
}

func memorySize() string {
	text, err := os.ReadFile("/proc/meminfo")
	var kib int64
	if err == nil {
		_, err = fmt.Sscanf(string(text), "MemTotal: %d kB", &kib)
	}
	if err != nil {
		return "unknown memory"
	}
	return fmt.Sprintf("%.0f GiB of memory", float64(kib)/(1<<20))
}

func kernel() string {
	text, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return "unknown kernel"
	}
	return "Linux " + strings.TrimSpace(string(text))
}
