package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

const preface = `# Benchmarks

Written by ` + "`go run ./cmd/bench`" + `, in the root of the repository; run it again to
have the figures of your own machine. A figure is the best of several short
measurements: other work on the machine makes a measurement longer, never
shorter.
`

// update puts text between the marks of a section, at the end of the document
// where it has none yet.
func update(path, section, text string) error {
	old, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		old, err = []byte(preface), nil
	}
	if err != nil {
		return err
	}
	updated, err := replace(string(old), section, text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(updated), 0o644)
}

func replace(document, section, text string) (string, error) {
	opening := fmt.Sprintf("<!-- %s: written by go run ./cmd/bench %s -->", section, section)
	closing := fmt.Sprintf("<!-- end of %s -->", section)
	text = opening + "\n\n" + strings.TrimSpace(text) + "\n\n" + closing
	before, rest, ok := strings.Cut(document, opening)
	if !ok {
		return strings.TrimRight(document, "\n") + "\n\n" + text + "\n", nil
	}
	_, after, ok := strings.Cut(rest, closing)
	if !ok {
		return "", fmt.Errorf("the section %s has no end: %s", section, closing)
	}
	return before + text + after, nil
}
