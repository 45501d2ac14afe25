package yaml

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// FuzzParse reads anything, in both spellings. There is never a panic, all that
// is read lies inside the text and inside what it is part of, and a text whose
// place is known is there, byte for byte where nothing is escaped or folded.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"a: b\n", "a: &x [1, 'it''s', \"\\u00e9\\\n  x\"]\nb: *x\n", "a: |2-\n   x\n\n  y\n", "a: >+\n  x\n    y\n\n",
		"? a\n: - b\n  - c: d\n", `{"a": "\ud83d\ude00 ${x}"}`, "a: !!str 1 # c\n", "a: é ${b.c[\"d\"]} %{ if x }y%{ endif }\r\n",
		"a: ${[for x in y : {z = x}]}\n", "-\n-\n  - \n", "a: {b, c: , d: [e: f]}", "a:\n- - 1\n  -\n    2\n", "a: 'x\n\n y'", "k: &k\nv: *k\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 1<<11 {
			return
		}
		start := time.Now()
		for _, parse := range []func([]byte, string, Check) (*hcl.File, hcl.Diagnostics){Parse, ParseJSON} {
			file, diags := parse(src, "f", nil)
			for _, d := range diags {
				checkRange(t, src, *d.Subject)
			}
			if root := file.Body.(*body).node; !diags.HasErrors() {
				checkNode(t, src, root)
				use(file.Body)
			}
			nav := file.Nav.(Nav)
			for i := range min(len(src), 200) {
				nav.ContextString(i)
				nav.Hint(i)
			}
		}
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%d bytes took %s", len(src), took)
		}
	})
}

func checkRange(t *testing.T, src []byte, rng hcl.Range) {
	t.Helper()
	if rng.Start.Byte < 0 || rng.Start.Byte > rng.End.Byte || rng.End.Byte > len(src) || rng.Start.Line < 1 || rng.Start.Column < 1 {
		t.Fatalf("a range that cannot be: %#v of %d bytes", rng, len(src))
	}
}

// checkNode checks a value and all in it.
func checkNode(t *testing.T, src []byte, n *node) {
	checkRange(t, src, n.rng())
	if n.kind == text {
		checkText(t, src, n)
	}
	for _, p := range n.pairs {
		checkRange(t, src, p.rng())
		checkNode(t, src, p.key)
		checkNode(t, src, p.value)
	}
	for i, item := range n.items {
		checkRange(t, src, n.head(i))
		checkNode(t, src, item)
	}
}

// checkText holds the trace of a text against its value.
func checkText(t *testing.T, src []byte, n *node) {
	for _, r := range n.trace {
		if r.src < n.from || r.src+r.size > len(src) || r.val+r.n > len(n.value) {
			t.Fatalf("%+v is not in %q", r, n.value)
		}
		written, read := string(src[r.src:r.src+r.size]), n.value[r.val:r.val+r.n]
		if r.n == r.size && strings.ReplaceAll(written, "\n", " ") != strings.ReplaceAll(read, "\n", " ") { // a fold is a space
			t.Fatalf("%q is taken for %q", written, read)
		}
	}
	for i := range n.value {
		checkRange(t, src, n.within(i, i+1))
		checkRange(t, src, n.within(0, i))
		checkRange(t, src, n.within(i, len(n.value)))
	}
}

// use asks for all that a decoder can ask for.
func use(b hcl.Body) {
	schema := &hcl.BodySchema{
		Attributes: []hcl.AttributeSchema{{Name: "a"}, {Name: "b", Required: true}},
		Blocks:     []hcl.BlockHeaderSchema{{Type: "k"}, {Type: "c", LabelNames: []string{"name"}}},
	}
	content, rest, _ := b.PartialContent(schema)
	b.Content(schema)
	rest.MissingItemRange()
	for _, block := range content.Blocks {
		block.Body.JustAttributes()
	}
	attrs, _ := b.JustAttributes()
	ctx := &hcl.EvalContext{Variables: map[string]cty.Value{"x": cty.DynamicVal}}
	for _, attr := range attrs {
		attr.Expr.Value(ctx)
		attr.Expr.Variables()
		hcl.AbsTraversalForExpr(attr.Expr)
		hcl.ExprCall(attr.Expr)
		hcl.ExprList(attr.Expr)
		hcl.ExprMap(attr.Expr)
	}
}
