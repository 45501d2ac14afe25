package reports

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// TestFullDisk runs on a file system of 64 KB that fills up.
func TestFullDisk(t *testing.T) {
	mount := t.TempDir()
	if err := syscall.Mount("tmpfs", mount, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("cannot mount a small file system here:", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(mount, 0); err != nil {
			t.Error(err)
		}
	})
	b, v := heavy()
	dir := filepath.Join(mount, "run")
	s, err := NewStream(dir, b.Record)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for range 20 {
		for _, second := range b.seconds {
			if err := s.Second(b.Record, second); err != nil {
				said = append(said, err.Error())
			}
		}
	}
	if n := len(said); n == 0 || n > 3 || !strings.Contains(strings.Join(said, "\n"), "no space left") {
		t.Errorf("a full disk should be told once a file, got %d errors: %q", n, said)
	}
	if err := s.Close(b.Record); err == nil || !strings.Contains(err.Error(), "latency.hlog lacks") {
		t.Errorf("Close says %v", err)
	}
	if _, err := Write(dir, b.Record, v, 4); err == nil {
		t.Error("Write found room for all files")
	}
	noTemp(t, dir)
	for _, line := range strings.SplitAfter(string(read(t, dir, "heavy_stats_history.csv")), "\r\n") {
		if line != "" && !strings.HasSuffix(line, "\r\n") {
			t.Errorf("the history ends in the middle of a line: %q", line)
		}
	}
	f, err := os.Open(filepath.Join(dir, hlogName))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for r := hdrhistogram.NewHistogramLogReader(f); ; {
		h, err := r.NextIntervalHistogram()
		if err != nil {
			t.Fatal("latency.hlog:", err)
		}
		if h == nil {
			break
		}
	}
}
