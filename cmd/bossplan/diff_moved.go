package main

import (
	"path/filepath"
	"slices"
	"strings"
)

// joined makes one pair of a plan that is gone and a plan that is new where they
// are one plan under two names: written in another spelling beside where it was,
// or doing the same in a file of another name.
func (l *loader) joined(files []string) []pair {
	var pairs []pair
	var gone, fresh []string
	for _, file := range files {
		base, head := l.load(l.sides.base, file).exists, l.load(l.sides.head, file).exists
		switch {
		case base && !head:
			gone = append(gone, file)
		case head && !base:
			fresh = append(fresh, file)
		default:
			pairs = append(pairs, pair{file, file})
		}
	}
	for _, file := range gone {
		to := l.respelled(file, l.sides.head, l.sides.base)
		if to == "" || slices.ContainsFunc(pairs, func(p pair) bool { return p.head == to }) {
			to = l.renamed(file, fresh)
		}
		if to == "" {
			to = file
		}
		fresh = slices.DeleteFunc(fresh, func(name string) bool { return name == to })
		pairs = append(pairs, pair{file, to})
	}
	for _, file := range fresh {
		from := l.respelled(file, l.sides.base, l.sides.head)
		if from == "" {
			from = file
		}
		pairs = append(pairs, pair{from, file})
	}
	slices.SortFunc(pairs, func(a, b pair) int { return strings.Compare(a.head, b.head) })
	return pairs
}

// respelled is the plan that a file is at one version under its name in another
// spelling, which the version without it does not have; empty where there is none.
func (l *loader) respelled(file string, with, without version) string {
	stem := strings.TrimSuffix(file, filepath.Ext(file))
	for _, ext := range []string{".hcl", ".yaml", ".yml", ".json"} {
		if name := stem + ext; name != file && l.isPlan(with, name) && !l.isFile(without, name) {
			return name
		}
	}
	return ""
}

// renamed is the one among new plans that does what a plan at the base did;
// empty where there is none.
func (l *loader) renamed(file string, fresh []string) string {
	was := l.load(l.sides.base, file)
	if was.diags.HasErrors() || len(fresh) == 0 {
		return ""
	}
	digest := was.plan.Resolve().Digest()
	for _, name := range fresh {
		if is := l.load(l.sides.head, name); !is.diags.HasErrors() && is.plan.Resolve().Digest() == digest {
			return name
		}
	}
	return ""
}
