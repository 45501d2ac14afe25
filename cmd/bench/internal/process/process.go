// Package process runs programs on one core and tells what they used: the
// processor's time of the whole tree of processes, as the kernel counts it, and
// memory while they run. A program does not outlive its context, its time limit
// or the benchmark.
package process

import (
	"errors"
	"io"
	"strings"
	"time"
)

// ErrSystem means that this system is not supported.
var ErrSystem = errors.New("programs are measured only on Linux: the benchmark needs its way to count CPU time and to keep a program on a core")

// A Command is a program to run.
type Command struct {
	Path  string
	Args  []string
	Env   []string // in addition to the benchmark's own
	Dir   string
	Core  int           // on which it runs, with all its threads
	Limit time.Duration // killed after this; 0: never
	In    io.Reader     // its standard input; Text if nil
	Text  string
	Out   io.Writer // its standard output; kept in Usage if nil
}

// String is the command as one types it, but for its standard input.
func (c Command) String() string {
	words := append([]string{c.Path}, c.Args...)
	for i, w := range words {
		words[i] = Quoted(w)
	}
	return strings.Join(words, " ")
}

// Quoted is a word as a shell takes it.
func Quoted(w string) string {
	if w == "" || strings.ContainsAny(w, " \t\"'$^&|;<>(){}*?") {
		return "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
	}
	return w
}

// A Usage is what a program used until it ended.
type Usage struct {
	CPU  time.Duration // user and system, of it and the children that it waited for
	Wall time.Duration
	Out  []byte // its end, if Command.Out is nil
	Err  []byte // the end of its standard error
	Code int    // exit code; -1 if a signal ended it
}

// outputMax is how much of an output is kept.
const outputMax = 1 << 20

// A tail keeps the end of what is written to it.
type tail struct{ kept []byte }

func (t *tail) Write(b []byte) (int, error) {
	t.kept = append(t.kept, b...)
	if extra := len(t.kept) - outputMax; extra > 0 {
		t.kept = append(t.kept[:0], t.kept[extra:]...)
	}
	return len(b), nil
}
