package diffview

import (
	"fmt"
	"io"
	"strings"

	"bossplan/plan"
	"bossplan/plan/quantity"
)

// maxMarkdown is how many bytes a comment on GitHub may have, with room for
// what others put around it.
const maxMarkdown = 60_000

// WriteMarkdown writes a comment for a pull request: the verdict first, a table
// a plan, and what the load comes to folded away. What would make it too long
// for a comment is left out, and it says so.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "**Load test plans: %s**\n\n%s → %s\n", r.summary(), code(r.Base.String()), code(r.Head.String()))
	left := 0
	for _, g := range r.groups(markdownPlan) {
		section := "\n#### " + codes(g.names) + "\n\n" + g.body
		if b.Len()+len(section) > maxMarkdown {
			left += len(g.names)
			continue
		}
		b.WriteString(section)
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s more left out: see `bossplan diff`.\n", quantity.Counted(int64(left), "plan"))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mostRows is how many rows a table has at most.
const mostRows = 100

func markdownPlan(p Plan) string {
	var b strings.Builder
	if p.Difference == nil {
		for _, d := range p.Diagnostics {
			fmt.Fprintf(&b, "- %s: %s %s\n", d.Side, code(d.Summary), code(d.Detail))
		}
		return b.String()
	}
	b.WriteString("| | Where | What | Means |\n|---|---|---|---|\n")
	rows, left := 0, 0
	for _, c := range p.Difference.Changes {
		for _, l := range lines(c) {
			if rows++; rows > mostRows {
				left++
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", code(mark(c.Action)), code(c.Address), markdownChange(l), markdownMeaning(l))
		}
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s more: see `bossplan diff`.\n", quantity.Counted(int64(left), "row"))
	}
	b.WriteString(markdownLoad(p.Difference))
	return b.String()
}

func markdownChange(l line) string {
	if l.text != "" {
		return code(shortened(l.text))
	}
	from, to := differing(l.from, l.to, longestCell)
	return plainText(l.name) + " " + code(from) + " → " + code(to) + bracketed(l.percent)
}

const longestCell = 200

func shortened(s string) string {
	if len(s) <= longestCell {
		return s
	}
	return strings.ToValidUTF8(s[:longestCell], "") + "…"
}

func markdownMeaning(l line) string {
	text := plainText(l.note)
	switch l.severity {
	case plan.Danger, plan.Loosened:
		text = strings.TrimSuffix("**"+tag(l.severity)+"** "+text, " ")
	case plan.Tightened:
		text = strings.TrimSpace(tag(l.severity) + " " + text)
	}
	return text
}

// markdownLoad is folded away: it follows from what is above it.
func markdownLoad(d *plan.Difference) string {
	figures := moved(d)
	if why := without(d); why != "" {
		return "\n" + plainText(why) + "\n"
	}
	if len(figures)+len(d.Shares) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n<details><summary>What the load comes to</summary>\n")
	if len(figures) > 0 {
		b.WriteString("\n| If answers take 120ms | Before | After | |\n|---|--:|--:|--:|\n")
		for _, f := range figures {
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", f.Name, f.From, f.To, percent(f.Percent))
		}
	}
	if len(d.Shares) > 0 {
		b.WriteString("\n| Share of all requests | Before | After |\n|---|--:|--:|\n")
		for _, s := range d.Shares[:min(len(d.Shares), mostRows)] {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", code(s.Address), quantity.FormatRatio(s.Base), quantity.FormatRatio(s.Head))
		}
	}
	b.WriteString("\n</details>\n")
	return b.String()
}

// code is a text as code, whatever is in it: HTML is the one form in which
// every sign can be said, bars of a table too.
func code(s string) string { return "<code>" + plainText(s) + "</code>" }

// codes are several of them.
func codes(list []string) string {
	var all []string
	for _, s := range list {
		all = append(all, code(s))
	}
	return strings.Join(all, ", ")
}

// plainText is a text in which no sign has a meaning: not in HTML, not in
// Markdown, and none that GitHub makes a link, a formula or a mention of.
func plainText(s string) string {
	var b strings.Builder
	for _, r := range clean(s) {
		if strings.ContainsRune("&<>\"'\\`*_[]#|~@:$", r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "www.", "www&#46;") // an address, to GitHub
}
