package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

const preface = `# Benchmarks

Written by ` + "`go run ./cmd/bench --install`" + ` in the root of the repository; run it again
to have the figures of your own machine. Each section says how its figures were had and
when; what was set as a target beforehand is listed with what came of it. A program that
is not to be had on the machine is listed as missing.
`

// update puts text between the marks of a section; where it has none yet, before
// the sections that follow it in order. What stands before all of them is written
// anew.
func update(path, section, text string, order []string) error {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	document := preface
	if i := strings.Index(string(old), "<!-- "); i >= 0 {
		document += "\n" + string(old[i:])
	}
	updated, err := replace(document, section, text, order)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(updated), 0o644)
}

func opening(section string) string {
	return fmt.Sprintf("<!-- %s: written by go run ./cmd/bench %s -->", section, section)
}

func replace(document, section, text string, order []string) (string, error) {
	closing := fmt.Sprintf("<!-- end of %s -->", section)
	text = opening(section) + "\n\n" + strings.TrimSpace(text) + "\n\n" + closing
	before, rest, ok := strings.Cut(document, opening(section))
	if ok {
		_, after, ok := strings.Cut(rest, closing)
		if !ok {
			return "", fmt.Errorf("the section %s has no end: %s", section, closing)
		}
		return before + text + after, nil
	}
	for _, later := range order[slices.Index(order, section)+1:] {
		if i := strings.Index(document, opening(later)); i >= 0 {
			return document[:i] + text + "\n\n" + document[i:], nil
		}
	}
	return strings.TrimRight(document, "\n") + "\n\n" + text + "\n", nil
}
