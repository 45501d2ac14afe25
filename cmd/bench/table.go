package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"bossplan/cmd/bench/internal/process"
	"bossplan/cmd/bench/internal/stat"
)

// A table is written as Markdown; its first column is text.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// missing adds a row for what has no figures.
func (t *table) missing(name, why string) {
	cells := make([]string, len(t.head))
	cells[0], cells[1] = name, "missing: "+strings.ReplaceAll(why, "|", `\|`)
	t.rows = append(t.rows, cells)
}

func (t table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s |\n|---|%s\n", strings.Join(t.head, " | "), strings.Repeat("---:|", len(t.head)-1))
	for _, r := range t.rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(r, " | "))
	}
	return b.String()
}

// digits writes three significant digits, more only before the point.
func digits(x float64) string {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	behind := max(0, 2-int(math.Floor(math.Log10(math.Abs(x)))))
	return fmt.Sprintf("%.*f", min(behind, 3), x)
}

// grouped writes a whole number with commas.
func grouped(x float64) string {
	s := fmt.Sprintf("%.0f", x)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// spread writes a median and, of several measurements, their range.
func spread(s stat.Spread, text func(float64) string) string {
	switch {
	case s.N == 0:
		return "–"
	case s.N == 1 || text(s.Min) == text(s.Max):
		return text(s.Median)
	}
	return fmt.Sprintf("%s (%s–%s)", text(s.Median), text(s.Min), text(s.Max))
}

// A goal is a bound on a figure that was set beforehand.
type goal struct {
	what  string  // "CPU per request"
	limit float64 // at most
	text  func(float64) string
}

// judge says whether a goal was met. Where there is no figure it says why.
func (g goal) judge(actual float64, ok bool, why string) string {
	if !ok {
		if why == "" {
			why = "it has no figure"
		}
		return fmt.Sprintf("- %s: at most %s: not measured (%s)\n", g.what, g.text(g.limit), why)
	}
	verdict := "**met**"
	if !(actual <= g.limit) {
		verdict = "**not met**"
	}
	return fmt.Sprintf("- %s: at most %s: %s, %s\n", g.what, g.text(g.limit), g.text(actual), verdict)
}

func times(x float64) string { return fmt.Sprintf("%.2f×", x) }

// commands lists the exact command of each contender.
func (l *lab) commands(contenders []contender, d load) string {
	var b strings.Builder
	b.WriteString("The commands, each bound to the client's core:\n\n```sh\n")
	for _, c := range contenders {
		if l.why(c) == "" {
			fmt.Fprintf(&b, "%s\n", l.plain(c, d))
		}
	}
	b.WriteString("```\n")
	return b.String()
}

// plain is the command line of a contender as anyone can type it: programs by
// their names, files as the repository has them.
func (l *lab) plain(c contender, d load) string {
	command := c.command(l, d)
	short := map[string]string{l.bossplan: "bossplan", l.self: "bench", l.root + "/": ""}
	if d.dir != "" {
		short[d.dir+"/"] = ""
	}
	for _, f := range l.peers {
		if f.Path != "" {
			short[f.Path] = f.Name
		}
	}
	line := strings.Join(append(command.Env, fmt.Sprintf("taskset -c %d %s", l.clientCore, command)), " ")
	if command.Text != "" {
		line = "echo " + process.Quoted(strings.TrimSpace(command.Text)) + " | " + line
	}
	// The longest first, for one may begin with another.
	byLength := func(a, b string) int { return len(b) - len(a) }
	for _, long := range slices.SortedFunc(maps.Keys(short), byLength) {
		line = strings.ReplaceAll(line, long, short[long])
	}
	return line
}
