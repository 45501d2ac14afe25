package process

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets the test program stand for one that is measured.
func TestMain(m *testing.M) {
	if os.Getenv("PROCESS_TEST") != "" {
		for end := time.Now().Add(100 * time.Millisecond); time.Now().Before(end); {
		}
		os.Stdout.WriteString("done\n")
		os.Exit(3)
	}
	os.Exit(m.Run())
}

func cores(t *testing.T) []int {
	t.Helper()
	list, err := Cores()
	if err != nil || len(list) == 0 {
		t.Fatalf("%v, %v", list, err)
	}
	return list
}

func TestUsage(t *testing.T) {
	list := cores(t)
	p, err := Start(context.Background(), Command{
		Path: "/proc/self/exe", Env: []string{"PROCESS_TEST=1"}, Core: list[len(list)-1], Limit: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := p.Memory(); err == nil && b < 1<<12 {
		t.Errorf("%d bytes resident", b)
	}
	u, err := p.Wait()
	if err != nil || u.Code != 3 || string(u.Out) != "done\n" || u.CPU <= 0 || u.CPU > u.Wall+50*time.Millisecond {
		t.Errorf("%+v, %v", u, err)
	}
	if after := cores(t); len(after) != len(list) {
		t.Errorf("this program was bound to %v of %v too", after, list)
	}
}

func TestCore(t *testing.T) {
	list := cores(t)
	p, err := Start(context.Background(), Command{Path: "cat", Args: []string{"/proc/self/status"}, Core: list[0]})
	if err != nil {
		t.Fatal(err)
	}
	u, err := p.Wait()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(u.Out), "Cpus_allowed_list:")
	allowed, _, _ := strings.Cut(rest, "\n")
	if strings.ContainsAny(allowed, ",-") || strings.TrimSpace(allowed) == "" {
		t.Errorf("it may run on %q", allowed)
	}
}

// TestLimit has a program and a child of it that would go on.
func TestLimit(t *testing.T) {
	began := time.Now()
	p, err := Start(context.Background(), Command{Path: "sh", Args: []string{"-c", "sleep 50; true"}, Core: cores(t)[0], Limit: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Wait(); err == nil || !strings.Contains(err.Error(), "not done after 50ms") {
		t.Errorf("%v", err)
	}
	if time.Since(began) > 30*time.Second {
		t.Error("its child went on")
	}
	p.Kill() // what has ended may be killed
	if _, err := Start(context.Background(), Command{Path: "/nowhere", Core: cores(t)[0]}); err == nil {
		t.Error("no program is no error")
	}
}

func TestUsed(t *testing.T) {
	const stat = "17 (a ) b) S 1 2 3 4 5 6 7 8 9 10 100 20 3 1 20 0 1 0"
	if got, err := used([]byte(stat)); err != nil || got != 1240*time.Millisecond {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "17 (a) S 1 2", strings.ReplaceAll(stat, "100", "x")} {
		if _, err := used([]byte(bad)); err == nil {
			t.Errorf("%q is no error", bad)
		}
	}
}

func TestTail(t *testing.T) {
	var kept tail
	for range 3 {
		kept.Write([]byte(strings.Repeat("x", outputMax/2)))
	}
	kept.Write([]byte("end"))
	if len(kept.kept) != outputMax || !strings.HasSuffix(string(kept.kept), "xend") {
		t.Errorf("%d bytes", len(kept.kept))
	}
}

func TestString(t *testing.T) {
	c := Command{Path: "go", Args: []string{"test", "-bench", "^B(a|b)$", "it's", "", "a=b"}}
	if got, want := c.String(), `go test -bench '^B(a|b)$' 'it'\''s' '' a=b`; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}
