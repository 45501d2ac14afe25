package peer

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// installMax is how long one installation may take.
const installMax = 10 * time.Minute

func goBin(directory, name string) string { return filepath.Join(directory, "bin", name) }

func pythonBin(directory, name string) string {
	return filepath.Join(directory, name, "bin", name)
}

// put installs a peer. It says why that was not done.
func put(ctx context.Context, p Peer, directory string, install bool) (missing string) {
	steps := p.steps(directory)
	switch {
	case len(steps) == 0:
		return p.Note
	case !install:
		return "not on PATH; `--install` installs it"
	}
	ctx, cancel := context.WithTimeout(ctx, installMax)
	defer cancel()
	for _, step := range steps {
		if out, err := step.run(ctx); err != nil {
			return fmt.Sprintf("`%s` failed: %v%s", step, err, lastLine(out))
		}
	}
	return ""
}

// A step is a command of an installation.
type step struct {
	words []string
	env   []string
}

func (s step) String() string {
	return strings.Join(s.words, " ")
}

func (s step) run(ctx context.Context) ([]byte, error) {
	c := exec.CommandContext(ctx, s.words[0], s.words[1:]...)
	c.Env = append(os.Environ(), s.env...)
	c.Dir = os.TempDir() // outside any module
	c.WaitDelay = 5 * time.Second
	return c.CombinedOutput()
}

// steps are how a peer is installed; none if that is not known.
func (p Peer) steps(directory string) []step {
	switch {
	case p.Module != "":
		return []step{{
			words: []string{"go", "install", p.Module + "@" + p.Version},
			env:   []string{"GOBIN=" + filepath.Join(directory, "bin")},
		}}
	case p.Debian != "":
		return []step{
			{words: []string{"apt-get", "update"}},
			{words: []string{"apt-get", "install", "-y", p.Debian}, env: []string{"DEBIAN_FRONTEND=noninteractive"}},
		}
	case p.PyPI != "":
		home := filepath.Join(directory, p.Name)
		return []step{
			{words: []string{"python3", "-m", "venv", home}},
			{words: []string{filepath.Join(home, "bin", "pip"), "install", "-q", p.PyPI + "==" + p.Version}},
		}
	}
	return nil
}

// lastLine is the end of an output, to be told with an error.
func lastLine(out []byte) string {
	out = bytes.TrimSpace(out)
	if len(out) == 0 {
		return ""
	}
	line := out[bytes.LastIndexByte(out, '\n')+1:]
	return ": " + string(line[max(0, len(line)-200):])
}
