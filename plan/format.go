package plan

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// Format lays out the text of a plan in HCL in the one canonical way: two
// spaces a level, equals signs and comments of neighbouring lines in columns,
// labels in quotes, "${x}" written as x, at most one blank line and none at the
// ends of a block, lines that end with LF. What the text means, its comments,
// its order and what is inside of heredocs stay as they are; to format twice is
// to format once.
//
// Where there are errors the text comes back as it was, with what is wrong. A
// plan in YAML or JSON, as its file's name tells, always comes back as it was:
// its layout is only checked. A name without any known ending is taken for HCL.
func Format(src []byte, filename string) ([]byte, hcl.Diagnostics) {
	if _, err := checkText(src, nil); err != nil {
		return src, hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "Cannot read plan file", Detail: fmt.Sprintf("%s: %s.", filename, err),
			Subject: &hcl.Range{Filename: filename, Start: hcl.InitialPos, End: hcl.InitialPos},
		}}
	}
	file, diags := parseFile(filename, src)
	if diags.HasErrors() {
		return src, diags
	}
	switch spelling(filename) {
	case spellYAML:
		return src, checkYAMLLayout(src, filename)
	case spellJSON:
		return src, checkJSONLayout(src, filename)
	}
	respelled := respell(src, file.Body.(*hclsyntax.Body))
	return space(tightenLines(respelled)), nil
}

// IsPlanName reports whether a file's name says that a plan can be in it.
func IsPlanName(name string) bool { return spelling(name) != "" }

// ReadFile reads a file that may be a plan, as [Load] does: it refuses what is
// not a regular file, too large or not UTF-8. The error does not repeat the
// file's name.
func ReadFile(name string) ([]byte, error) { return library{}.anyBytes(name) }

// An edit replaces the bytes from one offset to another.
type edit struct {
	from, to int
	text     string
}

// edited is a text with edits made, none of which overlap.
func edited(src []byte, edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.from - b.from })
	var out bytes.Buffer
	at := 0
	for _, e := range edits {
		out.Write(src[at:e.from])
		out.WriteString(e.text)
		at = e.to
	}
	out.Write(src[at:])
	return out.Bytes()
}

// space puts the spaces right. What hclwrite does to a line may depend on the
// spaces of the one before, so it goes on until nothing changes.
func space(src []byte) []byte {
	const enough = 4
	out := src
	for range enough {
		next := hclwrite.Format(out)
		if bytes.Equal(next, out) {
			break
		}
		out = next
	}
	return withHeredocs(out, src)
}

// withHeredocs is a text with its heredocs as they are in another, which has
// the same ones but for spaces.
func withHeredocs(text, original []byte) []byte {
	now, before := heredocs(text), heredocs(original)
	if len(now) != len(before) {
		return original // it cannot be: spaces make no heredocs
	}
	var edits []edit
	for i, h := range now {
		edits = append(edits, edit{h.from, h.to, string(original[before[i].from:before[i].to])})
	}
	return edited(text, edits)
}

// A span is a part of a text, in bytes.
type span struct{ from, to int }

// holds reports whether an offset lies in one of the spans, which are in order.
func holds(spans []span, at int) bool {
	_, found := slices.BinarySearchFunc(spans, at, func(s span, at int) int {
		switch {
		case s.to <= at:
			return -1
		case s.from > at:
			return 1
		}
		return 0
	})
	return found
}

// heredocs are the outermost heredocs of a text, in order, from what opens one
// to the word that ends it.
func heredocs(src []byte) []span {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	return heredocsIn(tokens)
}

func heredocsIn(tokens hclsyntax.Tokens) []span {
	var list []span
	depth := 0
	for _, t := range tokens {
		switch t.Type {
		case hclsyntax.TokenOHeredoc:
			if depth == 0 {
				list = append(list, span{from: t.Range.Start.Byte})
			}
			depth++
		case hclsyntax.TokenCHeredoc:
			if depth--; depth == 0 {
				list[len(list)-1].to = t.Range.End.Byte
			}
		}
	}
	return list
}
