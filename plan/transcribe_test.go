package plan

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A transcriber writes an HCL plan as YAML, so that each HCL fixture is one of
// YAML too. What is on one line stays on one line, with the comment at its end:
// the comment of a mistake stays on the line of the mistake.
type transcriber struct {
	src      []byte
	comments map[int]string // by line
	out      strings.Builder
	err      error // what cannot be said in YAML
}

// transcribe is an HCL file in YAML. The error says why there is none.
func transcribe(src []byte) (string, error) {
	file, diags := hclsyntax.ParseConfig(src, "plan.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		return "", diags
	}
	t := &transcriber{src: src, comments: map[int]string{}}
	tokens, _ := hclsyntax.LexConfig(src, "plan.hcl", hcl.InitialPos)
	for _, token := range tokens {
		if token.Type == hclsyntax.TokenComment {
			text := strings.TrimSpace(strings.Trim(string(token.Bytes), "#/*"))
			t.comments[token.Range.Start.Line] = " # " + strings.ReplaceAll(text, "\n", " ")
		}
	}
	t.body(file.Body.(*hclsyntax.Body), Schema(), "")
	return t.out.String(), t.err
}

// line writes one line and the comment that its source has.
func (t *transcriber) line(indent, text string, at hcl.Pos) {
	t.out.WriteString(indent + text + t.comments[at.Line] + "\n")
	delete(t.comments, at.Line)
}

func (t *transcriber) fail(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf(format, args...)
	}
}

// An entry is an attribute, or all blocks of one type.
type entry struct {
	name   string
	attr   *hclsyntax.Attribute
	blocks []*hclsyntax.Block
}

// entries are what a body holds in the order of the source, blocks where the
// first of their type is.
func (t *transcriber) entries(body *hclsyntax.Body) []*entry {
	at := map[*entry]int{}
	byName := map[string]*entry{}
	var list []*entry
	for name, attr := range body.Attributes {
		byName[name] = &entry{name: name, attr: attr}
		at[byName[name]] = attr.SrcRange.Start.Byte
		list = append(list, byName[name])
	}
	for _, block := range body.Blocks {
		e := byName[block.Type]
		if e == nil {
			e = &entry{name: block.Type}
			byName[block.Type], at[e] = e, block.TypeRange.Start.Byte
			list = append(list, e)
		}
		if e.attr != nil || len(block.Labels) > 1 {
			t.fail("%s is an attribute and a block, or has two labels", block.Type)
		}
		e.blocks = append(e.blocks, block)
	}
	slices.SortFunc(list, func(a, b *entry) int { return at[a] - at[b] })
	return list
}

// body writes attributes and blocks, each from a line of its own on.
func (t *transcriber) body(body *hclsyntax.Body, schema *Block, indent string) {
	for _, e := range t.entries(body) {
		if e.attr != nil {
			t.value(indent, quoteKey(e.name)+":", e.attr.Expr, kindOf(schema, e.name))
			continue
		}
		nested := nestedSchema(schema, e.name)
		if len(e.blocks[0].Labels) > 0 {
			t.labelled(e, nested, indent)
		} else {
			t.blocks(e.blocks, nested, indent, e.name+":")
		}
	}
}

// labelled writes all blocks of one type, those of one label together.
func (t *transcriber) labelled(e *entry, schema *Block, indent string) {
	if schema == nil { // a mistake about the type
		t.line(indent, e.name+":", e.blocks[0].TypeRange.Start)
	} else {
		t.out.WriteString(indent + e.name + ":\n")
	}
	var labels []string
	byLabel := map[string][]*hclsyntax.Block{}
	for _, b := range e.blocks {
		if len(b.Labels) == 0 {
			t.fail("a %s block has no label", e.name)
			return
		}
		if byLabel[b.Labels[0]] == nil {
			labels = append(labels, b.Labels[0])
		}
		byLabel[b.Labels[0]] = append(byLabel[b.Labels[0]], b)
	}
	for _, label := range labels {
		t.blocks(byLabel[label], schema, indent+"  ", quoteKey(label)+":")
	}
}

// blocks writes the blocks under one key: one, or a list of several.
func (t *transcriber) blocks(list []*hclsyntax.Block, schema *Block, indent, head string) {
	if len(list) == 1 {
		t.block(list[0], schema, indent, head)
		return
	}
	t.out.WriteString(indent + head + "\n")
	for _, b := range list {
		t.block(b, schema, indent+"  ", "-")
	}
}

// block writes one block behind its head.
func (t *transcriber) block(b *hclsyntax.Block, schema *Block, indent, head string) {
	if b.TypeRange.Start.Line == b.CloseBraceRange.End.Line {
		t.line(indent, head+" "+t.flowBody(b.Body, schema), b.TypeRange.Start)
		return
	}
	t.line(indent, head, b.TypeRange.Start)
	t.body(b.Body, schema, indent+"  ")
}

// flowBody is a body on one line.
func (t *transcriber) flowBody(body *hclsyntax.Body, schema *Block) string {
	var parts []string
	for _, e := range t.entries(body) {
		if e.attr != nil {
			parts = append(parts, quoteKey(e.name)+": "+t.flow(e.attr.Expr, kindOf(schema, e.name)))
			continue
		}
		nested := nestedSchema(schema, e.name)
		for _, b := range e.blocks {
			inner := t.flowBody(b.Body, nested)
			if len(b.Labels) > 0 {
				inner = "{" + quoteKey(b.Labels[0]) + ": " + inner + "}"
			}
			parts = append(parts, e.name+": "+inner)
		}
		if len(e.blocks) > 1 {
			t.fail("several %s blocks on one line", e.name)
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// value writes a value behind its key or dash. What goes over several lines is
// written so.
func (t *transcriber) value(indent, head string, e hclsyntax.Expression, kind Kind) {
	rng := e.Range()
	object, isObject := e.(*hclsyntax.ObjectConsExpr)
	list, isList := e.(*hclsyntax.TupleConsExpr)
	switch {
	case rng.Start.Line == rng.End.Line:
		text := t.flow(e, kind)
		if plain, ok := strings.CutPrefix(text, "'"); ok && isPlain(strings.TrimSuffix(plain, "'")) {
			text = strings.TrimSuffix(plain, "'")
		}
		t.line(indent, head+" "+text, rng.Start)
	case isObject && len(object.Items) > 0 && uniqueKeys(object):
		t.line(indent, head, rng.Start)
		for _, item := range object.Items {
			t.value(indent+"  ", t.key(item.KeyExpr)+":", item.ValueExpr, "")
		}
	case isList && len(list.Exprs) > 0:
		t.line(indent, head, rng.Start)
		for _, item := range list.Exprs {
			t.value(indent+"  ", "-", item, kind)
		}
	default:
		t.lines(indent, head, e)
	}
}

// lines writes an expression that goes over several lines, as they are.
func (t *transcriber) lines(indent, head string, e hclsyntax.Expression) {
	text := "${" + t.source(e) + "}"
	if template, ok := e.(*hclsyntax.TemplateExpr); ok && bytes.HasPrefix(t.src[e.Range().Start.Byte:], []byte("<<")) {
		text, _ = t.template(template)
		t.line(indent, head+" "+doubleQuoted(text), e.Range().Start)
		return
	}
	t.out.WriteString(indent + head + " |-\n")
	for line := range strings.SplitSeq(text, "\n") {
		t.out.WriteString(indent + "  " + strings.TrimLeft(line, " \t") + "\n")
	}
}

func (t *transcriber) source(e hclsyntax.Expression) string {
	return string(e.Range().SliceBytes(t.src))
}

// flow is a value on one line, as it may stand between brackets.
func (t *transcriber) flow(e hclsyntax.Expression, kind Kind) string {
	bare := kind == KindReference || kind == KindReferences || kind == KindMetric || kind == KindWait || kind == KindType
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return t.source(e)
	case *hclsyntax.TemplateExpr:
		if text, ok := t.template(e); ok && !bare {
			return quote(text)
		}
	case *hclsyntax.TupleConsExpr:
		var items []string
		for _, item := range e.Exprs {
			items = append(items, t.flow(item, kind))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case *hclsyntax.ObjectConsExpr:
		if !uniqueKeys(e) {
			break
		}
		var items []string
		for _, item := range e.Items {
			items = append(items, t.key(item.KeyExpr)+": "+t.flow(item.ValueExpr, ""))
		}
		return "{" + strings.Join(items, ", ") + "}"
	case *hclsyntax.ScopeTraversalExpr, *hclsyntax.FunctionCallExpr:
		if bare {
			return quote(t.source(e))
		}
	}
	return quote("${" + t.source(e) + "}")
}

// template is a text as YAML has it: without HCL's escapes, but with what stands
// in ${…} as it is. It is false for one with %{…} or ~ in it.
func (t *transcriber) template(e *hclsyntax.TemplateExpr) (string, bool) {
	var b strings.Builder
	for _, part := range e.Parts {
		switch part := part.(type) {
		case *hclsyntax.LiteralValueExpr:
			if part.Val.Type() != cty.String {
				return "", false
			}
			b.WriteString(strings.NewReplacer("${", "$${", "%{", "%%{").Replace(part.Val.AsString()))
		case *hclsyntax.ConditionalExpr, *hclsyntax.TemplateJoinExpr:
			return "", false
		default:
			b.WriteString("${" + t.source(part) + "}")
		}
	}
	source := t.source(e)
	return b.String(), !strings.Contains(source, "~}") && !strings.Contains(source, "{~")
}

// key is the key of an object.
func (t *transcriber) key(e hclsyntax.Expression) string {
	switch wrapped := e.(*hclsyntax.ObjectConsKeyExpr).Wrapped.(type) {
	case *hclsyntax.TemplateExpr:
		if text, ok := t.template(wrapped); ok {
			return quoteKey(text)
		}
	case *hclsyntax.ScopeTraversalExpr, *hclsyntax.LiteralValueExpr:
		return quoteKey(t.source(wrapped))
	}
	return quoteKey("${" + t.source(e) + "}")
}

// uniqueKeys reports whether no key is written twice, which YAML refuses.
func uniqueKeys(e *hclsyntax.ObjectConsExpr) bool {
	seen := map[string]bool{}
	for _, item := range e.Items {
		v, diags := item.KeyExpr.Value(nil)
		if diags.HasErrors() || v.Type() != cty.String {
			continue
		}
		if seen[v.AsString()] {
			return false
		}
		seen[v.AsString()] = true
	}
	return true
}

func kindOf(schema *Block, name string) Kind {
	if schema != nil {
		if a := schema.attribute(name); a != nil {
			return a.Kind
		}
	}
	return ""
}

func nestedSchema(schema *Block, name string) *Block {
	if schema == nil {
		return nil
	}
	return schema.block(name)
}

var (
	simpleKey  = regexp.MustCompile(`^[A-Za-z_][\w-]*$`)
	simpleText = regexp.MustCompile(`^[A-Za-z/$<=][^#:\n\t]*[^#:\n\t ]$`)
)

// isPlain reports whether a text can stand without quotes where nothing follows.
func isPlain(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "null", "yes", "no", "on", "off":
		return false
	}
	return simpleText.MatchString(text) && !strings.Contains(text, "''")
}

func quoteKey(key string) string {
	if simpleKey.MatchString(key) && isPlain(key+"x") && isPlain("x"+key) && isPlain(key+" x") && key != "null" && key != "true" && key != "false" {
		return key
	}
	return quote(key)
}

// quote puts a text in quotes.
func quote(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff
	}) {
		return doubleQuoted(text)
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

func doubleQuoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' || r >= 0x7f:
			b.WriteString(`\U` + fmt.Sprintf("%08s", strconv.FormatInt(int64(r), 16)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}
