// Command bench measures bossplan, alone and beside other load generators, and
// writes docs/benchmarks.md, so that the figures there can be had again by
// anyone:
//
//	go run ./cmd/bench                    all sections, with what is on PATH
//	go run ./cmd/bench --install          the same, and installs what is missing
//	go run ./cmd/bench --quick closed     one section, short, to try it out
//
// It runs in the root of the module and, but for the sections expressions and
// micro, on Linux. Each section of the document stands between two marks, is
// written as a whole, and leaves the others alone. Traffic goes to 127.0.0.1
// only, is bounded in time, and ends with the program.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
)

// A section is a part of the document and how its figures are had.
type section struct {
	name  string
	write func(b *bench) (text string, err error)
}

// sections are in the document's order.
func sections() []section {
	return []section{
		{"machine", inLab(machine)},
		{"closed", inLab(closed)},
		{"schedule", inLab(schedule)},
		{"stall", inLab(stalled)},
		{"memory", inLab(memory)},
		{"http2", inLab(http2)},
		{"micro", func(b *bench) (string, error) { return micro(b.micro) }},
		{"expressions", func(b *bench) (string, error) { return expressions(b.tests) }},
	}
}

// A bench is one run of the program.
type bench struct {
	ctx      context.Context
	tests    runner // of what takes nanoseconds
	micro    runner // of what also takes longer, so that it must be measured for longer
	settings settings
	opened   *lab
}

// inLab has a section written in the lab, which is opened once.
func inLab(write func(l *lab) (string, error)) func(b *bench) (string, error) {
	return func(b *bench) (string, error) {
		if b.opened == nil {
			l, err := openLab(b.ctx, b.settings)
			if err != nil {
				return "", err
			}
			b.opened = l
		}
		return write(b.opened)
	}
}

func (b *bench) close() error {
	if b.opened == nil {
		return nil
	}
	return b.opened.close()
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if serve := hidden(args); serve != nil {
		return serve(ctx, args[1:])
	}
	flags := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	path := flags.String("document", "docs/benchmarks.md", "the document to write into")
	time := flags.String("time", "2ms", "expressions: how long to measure each time, as go test -benchtime takes it")
	note := flags.String("note", "", "expressions, micro: what else to say of the machine")
	count := flags.Int("count", 100, "expressions: how often to measure; the best counts")
	rounds := flags.Int("rounds", 5, "closed, http2: how often to run each client; the first time does not count")
	quick := flags.Bool("quick", false, "short runs, to try the benchmark out")
	install := flags.Bool("install", false, "install what is missing of the other load generators")
	switch err := flags.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return nil
	case err != nil:
		return err
	case *rounds < 1 || *count < 1:
		return errors.New("--rounds and --count are at least 1")
	}
	wanted, err := choose(flags.Args())
	if err != nil {
		return err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	b := &bench{ctx: ctx, tests: goTest{ctx: ctx, time: *time, count: *count, note: *note}, micro: goTest{ctx: ctx, time: "300ms", count: 3, note: *note}, settings: settings{
		rounds: *rounds, quick: *quick, install: *install, progress: os.Stderr,
		cache: filepath.Join(cache, "bossplan-bench"), command: strings.Join(append([]string{"go run ./cmd/bench"}, args...), " "),
	}}
	return errors.Join(b.write(wanted, *path), b.close())
}

// write makes the sections one after the other. What is done stays, whatever
// happens to those that follow.
func (b *bench) write(wanted []section, path string) error {
	for _, s := range wanted {
		fmt.Fprintf(b.settings.progress, "%s\n", s.name)
		text, err := s.write(b)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if err := update(path, s.name, text, namesOf(sections())); err != nil {
			return err
		}
	}
	return nil
}

// choose finds sections by their names; without names it is all of them.
func choose(names []string) ([]section, error) {
	all := sections()
	if len(names) == 0 {
		return all, nil
	}
	var chosen []section
	for _, name := range names {
		i := slices.IndexFunc(all, func(s section) bool { return s.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no section %q; there are %s", name, strings.Join(namesOf(all), ", "))
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func namesOf(list []section) (names []string) {
	for _, s := range list {
		names = append(names, s.name)
	}
	return names
}
