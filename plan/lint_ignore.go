package plan

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"bossplan/plan/diag"
)

// A comment silences warnings by their IDs, on the line that they point at or,
// where it stands alone, on the next line that is no such comment:
//
//	target = ">= 10/s" # bossplan:ignore threshold-cannot-fail
//
//	// bossplan:ignore write-on-guarded-host, no-wait
//	request "create" {
const ignoreWord = "bossplan:ignore"

// An ignored is one ID in such a comment.
type ignored struct {
	id   string
	at   hcl.Range
	line int // that it is about
}

// mostUnknown bounds the comments that are warned about: whoever writes more
// has another problem.
const mostUnknown = 100

// silence takes out what comments silence, and warns about comments that can
// silence nothing.
func (l *linter) silence() {
	type place struct {
		file string
		line int
		id   string
	}
	silenced := map[place]bool{}
	var unknown []ignored
	for _, src := range l.plan.Sources {
		for _, i := range ignoresIn(src) {
			silenced[place{src.Name, i.line, i.id}] = true
			if !knownRule(i.id) && len(unknown) < mostUnknown {
				unknown = append(unknown, i)
			}
		}
	}
	l.diags = slices.DeleteFunc(l.diags, func(d *hcl.Diagnostic) bool {
		lint, _ := d.Extra.(diag.Lint)
		return silenced[place{d.Subject.Filename, d.Subject.Start.Line, lint.ID}]
	})
	for _, i := range unknown {
		l.unknownRule(i)
	}
}

func knownRule(id string) bool {
	return slices.ContainsFunc(LintRules(), func(r LintRule) bool { return r.ID == id })
}

func (l *linter) unknownRule(i ignored) {
	var known []string
	for _, rule := range LintRules() {
		known = append(known, rule.ID)
	}
	detail := "Name the warning after " + ignoreWord + " by its ID, which stands in brackets beside it; several are parted by commas."
	if i.id != "" {
		detail = fmt.Sprintf("There is no warning %s, so nothing is silenced.%s %s", cited(i.id), suggest(i.id, known), detail)
	}
	l.warn("ignore-unknown", "", i.at, "Unknown warning", detail)
}

// ignoresIn finds the comments of a file, in order.
func ignoresIn(src Source) []ignored {
	if !bytes.Contains(src.Bytes, []byte(ignoreWord)) {
		return nil
	}
	switch path.Ext(src.Name) {
	case ".hcl":
		return hclIgnores(src)
	case ".yaml", ".yml":
		return yamlIgnores(src)
	}
	return nil // JSON has no comments, and other files are no plans
}

func hclIgnores(src Source) []ignored {
	tokens, _ := hclsyntax.LexConfig(src.Bytes, src.Name, hcl.InitialPos)
	var list []ignored
	for i, t := range tokens {
		if t.Type != hclsyntax.TokenComment {
			continue
		}
		alone := i == 0 || tokens[i-1].Range.End.Line < t.Range.Start.Line || bytes.HasSuffix(tokens[i-1].Bytes, []byte("\n"))
		list = append(list, ignoresOf(t.Bytes, t.Range, alone)...)
	}
	return settle(list)
}

// yamlIgnores reads the comments of YAML. A line of a long text may look like
// one; it does no harm.
func yamlIgnores(src Source) []ignored {
	comment := regexp.MustCompile(`(?:^|[ \t])#[ \t]*` + ignoreWord)
	var list []ignored
	start := 0
	for n, line := range bytes.SplitAfter(src.Bytes, []byte("\n")) {
		if at := comment.FindIndex(line); at != nil {
			from := at[0] + bytes.IndexByte(line[at[0]:], '#')
			pos := hcl.Pos{Line: n + 1, Column: 1 + utf8.RuneCount(line[:from]), Byte: start + from}
			alone := len(bytes.TrimSpace(line[:from])) == 0
			list = append(list, ignoresOf(line[from:], hcl.Range{Filename: src.Name, Start: pos}, alone)...)
		}
		start += len(line)
	}
	return settle(list)
}

// aloneMark marks the ID of a comment that has its line to itself until it is known
// which line it is about.
const aloneMark = -1

// ignoresOf are the IDs that a comment names; where it names none, an empty one.
func ignoresOf(text []byte, rng hcl.Range, alone bool) []ignored {
	before, after, ok := bytes.Cut(text, []byte(ignoreWord))
	if !ok || strings.Trim(string(before), "#/* \t") != "" {
		return nil
	}
	line := rng.Start.Line
	if alone {
		line = aloneMark
	}
	after, _, _ = bytes.Cut(after, []byte("\n"))
	after, _, _ = bytes.Cut(after, []byte("*/"))
	at := rng.Start.Byte + len(before) + len(ignoreWord)
	column := rng.Start.Column + utf8.RuneCount(before) + len(ignoreWord)
	var list []ignored
	for piece := range bytes.SplitSeq(after, []byte(",")) {
		id := bytes.TrimSpace(piece)
		id, _, _ = bytes.Cut(id, []byte(" ")) // what comes after is the reason
		lead := bytes.Index(piece, id)
		from := hcl.Pos{Line: rng.Start.Line, Column: column + utf8.RuneCount(piece[:lead]), Byte: at + lead}
		to := hcl.Pos{Line: from.Line, Column: from.Column + utf8.RuneCount(id), Byte: from.Byte + len(id)}
		list = append(list, ignored{id: string(id), at: hcl.Range{Filename: rng.Filename, Start: from, End: to}, line: line})
		at += len(piece) + 1
		column += utf8.RuneCount(piece) + 1
		if len(bytes.TrimSpace(piece)) > len(id) {
			break
		}
	}
	return list
}

// settle finds the line that comments on lines of their own are about: the
// first below that has none.
func settle(list []ignored) []ignored {
	about := map[int]int{} // by the line of the comment
	for k := len(list) - 1; k >= 0; k-- {
		i := &list[k]
		if i.line != aloneMark {
			continue
		}
		here := i.at.Start.Line
		i.line = here + 1
		if next, again := about[i.line]; again {
			i.line = next
		}
		about[here] = i.line
	}
	return list
}
