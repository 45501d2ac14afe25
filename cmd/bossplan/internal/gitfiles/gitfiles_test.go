package gitfiles

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// repository makes one with two commits, and makes dir in it the working
// directory.
func repository(t *testing.T, dir string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	top := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-C", top, "-c", "user.name=a", "-c", "user.email=a@example.test", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"}, args...)...)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(top, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q")
	write("plans/heavy.hcl", "first\n")
	write("plans/lib/a b.hcl", "library")
	write("-dash.hcl", "dash")
	write("ünïcode.hcl", "unicode")
	if runtime.GOOS != "windows" {
		for name, to := range map[string]string{"link.hcl": "plans/heavy.hcl", "out.hcl": "/etc/hostname", "lost.hcl": "nowhere", "round.hcl": "round.hcl", "dir": "plans/lib"} {
			if err := os.Symlink(to, filepath.Join(top, name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	git("add", "-A")
	git("commit", "-q", "-m", "one")
	git("tag", "one")
	write("plans/heavy.hcl", "second\n")
	git("commit", "-q", "-a", "-m", "two")
	t.Chdir(filepath.Join(top, dir))
	return top
}

func open(t *testing.T, name string) *Revision {
	t.Helper()
	r, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	v, err := r.At(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func TestReadFile(t *testing.T) {
	top := repository(t, "plans")
	first, second := open(t, "one"), open(t, "HEAD")
	for _, c := range []struct {
		at         *Revision
		name, want string
		err        string
	}{
		{first, "heavy.hcl", "first\n", ""},
		{second, "heavy.hcl", "second\n", ""},
		{second, filepath.Join(top, "plans", "heavy.hcl"), "second\n", ""},
		{first, "../-dash.hcl", "dash", ""},
		{first, "../ünïcode.hcl", "unicode", ""},
		{first, "lib/a b.hcl", "library", ""},
		{first, "lib", "", "it is a directory"},
		{first, "../..", "", "outside of the repository"},
		{first, "../../etc/passwd", "", "outside of the repository"},
		{first, "none.hcl", "", "file does not exist"},
		{first, "heavy.hcl/none", "", "file does not exist"},
		{first, "a\nb.hcl", "", "file does not exist"},
	} {
		got, err := c.at.ReadFile(c.name)
		check(t, c.name, string(got), err, c.want, c.err)
	}
	if _, err := first.ReadFile("none.hcl"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is missing is %v", err)
	}
}

func check(t *testing.T, name, got string, err error, want, wantErr string) {
	t.Helper()
	switch {
	case wantErr == "" && err != nil:
		t.Errorf("%s: %v", name, err)
	case wantErr != "" && (err == nil || !strings.Contains(err.Error(), wantErr)):
		t.Errorf("%s: error %v does not contain %q", name, err, wantErr)
	case got != want:
		t.Errorf("%s is %q, want %q", name, got, want)
	}
}

func TestSymbolicLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs symbolic links")
	}
	repository(t, ".")
	v := open(t, "one")
	for name, want := range map[string][2]string{
		"link.hcl":        {"first\n", ""},
		"dir/a b.hcl":     {"library", ""},
		"out.hcl":         {"", "leads out of the repository"},
		"lost.hcl":        {"", "does not have"},
		"round.hcl":       {"", "leads back to itself"},
		"plans/heavy.hcl": {"first\n", ""}, // answers are still in step
	} {
		got, err := v.ReadFile(name)
		check(t, name, string(got), err, want[0], want[1])
	}
}

func TestFiles(t *testing.T) {
	repository(t, "plans")
	v := open(t, "HEAD")
	for dir, want := range map[string][]string{
		".":         {"heavy.hcl", "lib/a b.hcl"},
		"lib":       {"lib/a b.hcl"},
		"heavy.hcl": {"heavy.hcl"},
	} {
		got, err := v.Files(dir, true)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			got[i] = filepath.ToSlash(got[i])
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-want +got):\n%s", dir, d)
		}
	}
	if flat, err := v.Files(".", false); err != nil || cmp.Diff([]string{"heavy.hcl"}, flat) != "" {
		t.Errorf("the directory itself has %q, %v", flat, err)
	}
	if _, err := v.Files("nowhere", true); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a directory that is missing is %v", err)
	}
}

func TestRevisions(t *testing.T) {
	repository(t, ".")
	r, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"one", "HEAD", "main", "HEAD~1"} {
		if !r.Has(name) {
			t.Errorf("there is no %s", name)
		}
	}
	for _, name := range []string{"", "two", "-h", "--upload-pack=x", "HEAD:plans", "a\nb", "one two"} {
		if r.Has(name) {
			t.Errorf("%q is a revision", name)
		}
	}
	if _, err := r.At("--help"); err == nil || !strings.Contains(err.Error(), "cannot be the name") {
		t.Errorf("an option is taken for a revision: %v", err)
	}
	base, err := r.MergeBase("one", "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	if v := open(t, "one"); v.Hash != base {
		t.Errorf("the merge base is %s, want %s", base, v.Hash)
	}
}

func TestNoRepository(t *testing.T) {
	t.Setenv("GIT_CEILING_DIRECTORIES", os.TempDir())
	t.Chdir(t.TempDir())
	if _, err := Open(); err == nil || !strings.Contains(err.Error(), "not a git repository") {
		t.Errorf("the error is %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Open(); err == nil || !strings.Contains(err.Error(), "not installed") {
		t.Errorf("the error is %v", err)
	}
}
