package plan

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"bossplan/plan/quantity"
)

// WriteReference writes the reference of the language as Markdown: every block
// and attribute of [Schema], every metric of [Metrics], every function, every kind
// of value and every warning of [LintRules]. It is made from the tables that plans are decoded with, so it
// cannot say what the program does not do. The error is the writer's.
func WriteReference(w io.Writer) error {
	var b bytes.Buffer
	b.WriteString("# Reference\n\n## Blocks\n")
	blocks := blockWriter{Buffer: &b}
	for _, block := range Schema().Blocks {
		blocks.write(block, nil)
	}
	writeMetrics(&b)
	writeFunctions(&b)
	writeKinds(&b)
	writeWarnings(&b)
	_, err := w.Write(b.Bytes())
	return err
}

// A blockWriter writes blocks. One that stands in several places is written in
// full once, and then as what is different.
type blockWriter struct {
	*bytes.Buffer
	written []writtenBlock
}

type writtenBlock struct {
	path  string
	block *Block
}

// write writes a block and, below it, the blocks that stand in it; within are
// the names of those it stands in.
func (w *blockWriter) write(block *Block, within []string) {
	path := strings.Join(append(slices.Clone(within), block.Name), " › ")
	head := path
	if block.Label != "" {
		head += fmt.Sprintf(" %q", block.Label)
	}
	fmt.Fprintf(w, "\n###%s `%s`\n\n%s", strings.Repeat("#", min(len(within), 2)), head, block.Doc)
	if block.Single {
		w.WriteString(" At most one.")
	}
	if len(block.Labels) > 0 {
		fmt.Fprintf(w, " The %s is one of %s.", block.Label, codes(block.Labels))
	}
	if like := w.nearest(block); like != nil {
		w.difference(block, like)
		w.written = append(w.written, writtenBlock{path, block})
		return
	}
	w.written = append(w.written, writtenBlock{path, block})
	w.WriteString("\n")
	switch {
	case len(block.Attributes) > 0:
		writeAttributes(w.Buffer, block.Attributes)
	case len(block.Blocks) == 0:
		w.WriteString("\nAny attribute may be given; its name is the value's name.\n")
	}
	for _, inner := range block.Blocks {
		w.write(inner, append(slices.Clone(within), block.Name))
	}
}

// nearest is the block of the same name that was written before and differs
// least, nil where there is none that holds the same.
func (w *blockWriter) nearest(block *Block) *writtenBlock {
	var best *writtenBlock
	least := 0
	for i := range w.written {
		if candidate := &w.written[i]; alike(candidate.block, block) {
			more, less := difference(block, candidate.block), difference(candidate.block, block)
			if n := len(more) + len(less); best == nil || n < least {
				best, least = candidate, n
			}
		}
	}
	return best
}

// alike reports whether two blocks of a name hold the same blocks and mean the
// same with the attributes that both have.
func alike(a, b *Block) bool {
	if a.Name != b.Name || !reflect.DeepEqual(a.Blocks, b.Blocks) {
		return false
	}
	shared := 0
	for i := range a.Attributes {
		other := b.attribute(a.Attributes[i].Name)
		if other == nil {
			continue
		}
		if !reflect.DeepEqual(*other, a.Attributes[i]) {
			return false
		}
		shared++
	}
	return shared > 0
}

// difference are the attributes of a block that another does not have.
func difference(a, b *Block) []Attribute {
	var list []Attribute
	for _, attribute := range a.Attributes {
		if b.attribute(attribute.Name) == nil {
			list = append(list, attribute)
		}
	}
	return list
}

// difference writes what sets a block apart from one that was written before.
func (w *blockWriter) difference(block *Block, like *writtenBlock) {
	more, less := difference(block, like.block), difference(like.block, block)
	fmt.Fprintf(w, " As `%s`", like.path)
	if len(less) > 0 {
		var names []string
		for _, a := range less {
			names = append(names, a.Name)
		}
		fmt.Fprintf(w, ", without %s", codes(names))
	}
	if len(more) == 0 {
		w.WriteString(".\n")
		return
	}
	w.WriteString(", and also:\n")
	writeAttributes(w.Buffer, more)
}

func writeAttributes(b *bytes.Buffer, attributes []Attribute) {
	b.WriteString("\n| attribute | holds | without it | meaning |\n|---|---|---|---|\n")
	for i := range attributes {
		writeAttribute(b, &attributes[i])
	}
}

func writeAttribute(b *bytes.Buffer, a *Attribute) {
	without := "–"
	switch {
	case a.Required:
		without = "**required**"
	case a.Default != "":
		without = "`" + a.Default + "`"
	}
	doc := a.Doc
	if len(a.Values) > 0 {
		doc += " One of " + codes(a.Values) + "."
	}
	doc += limits(a)
	fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", a.Name, a.Kind, without, cell(doc))
}

// limits says what a number may be. Upper limits that nobody meets are there
// for the engine's arithmetic and would only be noise.
func limits(a *Attribute) string {
	const nobody = 1e6
	switch {
	case a.Max != 0 && a.Max < nobody:
		return fmt.Sprintf(" From %s to %s.", quantity.FormatNumber(a.Min), quantity.FormatNumber(a.Max))
	case a.Min != 0:
		return fmt.Sprintf(" At least %s.", quantity.FormatNumber(a.Min))
	}
	return ""
}

func writeMetrics(b *bytes.Buffer) {
	b.WriteString("\n## Metrics\n\n`metric.NAME.STATISTIC`, in the `metric` of a threshold.\n\n| metric | meaning | statistics |\n|---|---|---|\n")
	for _, m := range Metrics() {
		var list []string
		if m.Percentile {
			list = append(list, fmt.Sprintf("percentiles (%s)", m.Statistics[0].Unit))
		}
		list = append(list, statistics(m.Statistics)...)
		fmt.Fprintf(b, "| `%s` | %s | %s |\n", m.Name, cell(m.Meaning), strings.Join(list, ", "))
	}
	fmt.Fprintf(b, "| `probe.NAME.GAUGE` | a figure of the server, as sampled | %s |\n", strings.Join(statistics(gaugeStatistics()), ", "))
	b.WriteString("\nA percentile is `p50`, `p95`, `p99` and so on; `p999` is 99.9 and `p9999` is 99.99; any other\n" +
		"is written with an index: `metric.response_time[\"p99.5\"]`.\n")
}

// statistics are their names, each with its unit.
func statistics(list []Statistic) []string {
	var out []string
	for _, s := range list {
		name := "`" + s.Name + "`"
		if s.Unit != UnitNumber && string(s.Unit) != s.Name {
			name += " (" + string(s.Unit) + ")"
		}
		out = append(out, name)
	}
	return out
}

func writeFunctions(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n## Functions\n\nKnown before the run, and usable while users run as well: %s.\n", codes(sorted(staticFunctions(nil))))
	fmt.Fprintf(b, "\nOnly while users run: %s.\n", codes(sorted(drawingFunctions())))
	fmt.Fprintf(b, "\nOnly as the whole value of `wait`: %s.\n", codes(waitNames()))
	b.WriteString("\nOnly in the `default` of a variable: `env`.\n")
}

func writeKinds(b *bytes.Buffer) {
	b.WriteString("\n## Kinds of values\n\n| kind | what is written |\n|---|---|\n")
	for _, k := range usedKinds(Schema()) {
		fmt.Fprintf(b, "| %s | %s |\n", k, cell(k.doc()))
	}
}

func writeWarnings(b *bytes.Buffer) {
	b.WriteString("\n## Warnings\n\n| ID | warns of |\n|---|---|\n")
	for _, r := range LintRules() {
		fmt.Fprintf(b, "| `%s` | %s |\n", r.ID, cell(r.Meaning))
	}
}

// usedKinds are the kinds of all attributes in and below a block, sorted.
func usedKinds(block *Block) []Kind {
	var list []Kind
	for _, a := range block.Attributes {
		list = append(list, a.Kind)
	}
	for _, inner := range block.Blocks {
		list = append(list, usedKinds(inner)...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// doc says how a value of the kind is written; empty for a kind that this does
// not know.
func (k Kind) doc() string {
	switch k {
	case KindText:
		return "a text in quotes, known before the run"
	case KindBool, KindCondition:
		return "`true` or `false`"
	case KindNumber:
		return "a number"
	case KindInteger:
		return "a whole number"
	case KindDuration:
		return "a duration: `\"500ms\"`, `\"1h30m\"`; a number is seconds"
	case KindRate:
		return "a rate: `\"20/s\"`, `\"1000/min\"`, `\"5/h\"`"
	case KindSpeed:
		return "a number of users a second, or a rate: `100`, `\"600/min\"`"
	case KindSharing:
		return "`\"per_user\"`, or a number"
	case KindTexts:
		return "a map of texts: `{ team = \"search\" }`"
	case KindStatuses:
		return "status codes and ranges of them: `[201, \"300-399\"]`"
	case KindBound:
		return "an operator (`<` `<=` `>` `>=` `==`) and a value in the metric's unit: `\"< 500ms\"`, `\"<= 1%\"`, `\">= 1000/min\"`"
	case KindWait:
		return "a call of one of the functions for waits: `between(\"1s\", \"3s\")`"
	case KindMetric:
		return "a reference: `metric.response_time.p95`, `probe.pool.overflow.max`"
	case KindReference:
		return "the name of a block, without quotes: `host.api`"
	case KindReferences:
		return "a list of names of blocks: `[scenario.main.peak]`"
	case KindType:
		return "a type: `string`, `number`, `bool`, `list(string)`, `object({ a = string })`"
	case KindAny:
		return "any value"
	}
	return k.docOfRest()
}

// docOfRest is doc for the kinds that belong to one place, and for those that
// are known only while a user runs.
func (k Kind) docOfRest() string {
	switch k {
	case KindVersion:
		return "bounds of a version, written out: `\">= 0.1.0, < 2.0.0\"`"
	case KindSource:
		return "a path, written out: `\"./lib/common.hcl\"`"
	case KindValues:
		return "a map from names of variables to values"
	case KindTemplate:
		return "a text that may use run-time names: `\"/tasks/${user.index}\"`"
	case KindFields:
		return "a map of texts that may use run-time names; null leaves one out"
	case KindJSON:
		return "any value that may use run-time names"
	case KindReading:
		return "a number that is computed from `response`: `response.json.hits`"
	case KindEach:
		return "a map, or a set of texts: `toset([\"a\", \"b\"])`"
	case KindLines:
		return "a list of texts"
	case KindFile:
		return "the path of a file, relative to the file that says it and below the plan's directory"
	case KindWindow:
		return "a time of day, from and to, with its zone: `\"02:00-05:00 UTC\"`"
	case KindRows:
		return "a list made from `response`: `response.json.tasks[*].id`"
	case KindVerdict:
		return "`true` or `false`, and may use run-time names: `response.status == 201`"
	case KindCapture:
		return "a value that may use run-time names: `response.json.id`"
	case KindTimes:
		return "a whole number that may use run-time names"
	case KindParts:
		return "a map of texts and of `{ file = … }` that may use run-time names"
	}
	return ""
}

// codes are names as code, with commas between them.
func codes(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// cell is a text that cannot end its cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
