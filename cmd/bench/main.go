// Command bench measures bossplan and writes docs/benchmarks.md, so that the
// figures there can be had again by anyone:
//
//	go run ./cmd/bench                  all sections
//	go run ./cmd/bench expressions      one of them
//
// It runs in the root of the module. Each section of the document stands
// between two marks, is written as a whole, and leaves the others alone.
package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"
)

// A section is a part of the document and how its figures are had.
type section struct {
	name  string
	write func(run runner) (text string, err error)
}

func sections() []section {
	return []section{{"expressions", expressions}}
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	flags := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	path := flags.String("document", "docs/benchmarks.md", "the document to write into")
	time := flags.String("time", "2ms", "how long to measure each time, as go test -benchtime takes it")
	note := flags.String("note", "", "what else to say of the machine")
	count := flags.Int("count", 100, "how often to measure; the best counts")
	switch err := flags.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return nil
	case err != nil:
		return err
	}
	wanted, err := choose(flags.Args())
	if err != nil {
		return err
	}
	for _, s := range wanted {
		text, err := s.write(goTest{time: *time, count: *count, note: *note})
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if err := update(*path, s.name, text); err != nil {
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
