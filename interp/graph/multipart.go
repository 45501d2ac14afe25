package graph

import (
	"bytes"
	"fmt"
	"strings"

	"bossplan/interp/expr"
	"bossplan/plan"
)

// Parts is a multipart body: what stands between its boundaries.
type Parts struct {
	List []Part
	seed uint64
}

// A Part is one field. Head is its header lines, with the empty one after them.
type Part struct {
	Head  []byte
	Value *expr.Program // nil: Bytes
	Bytes []byte
}

// Boundary is the n-th candidate for the boundary: the first one that no part
// holds is taken.
func (p *Parts) Boundary(n int) string {
	return fmt.Sprintf("bossplan-%016x", scramble(p.seed+uint64(n)))
}

// parts compiles a multipart body.
func (c *compiler) parts(p *plan.Request) *Parts {
	out := &Parts{seed: c.seed(p.Address())}
	for _, part := range p.Body.Parts {
		compiled := Part{Head: partHead(part), Bytes: part.Bytes}
		if part.Value.IsSet() {
			compiled.Value = c.program(part.Value, expr.Plain)
		}
		out.List = append(out.List, compiled)
	}
	return out
}

// partHead writes a part's header as browsers do. A value without a type of its
// own is text/plain, which need not be said.
func partHead(p plan.Part) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Content-Disposition: form-data; name=\"%s\"", partName(p.Name))
	kind := p.ContentType
	if p.Filename != "" {
		fmt.Fprintf(&b, "; filename=\"%s\"", partName(p.Filename))
		if kind == "" {
			kind = "application/octet-stream"
		}
	}
	if kind != "" {
		fmt.Fprintf(&b, "\r\nContent-Type: %s", kind)
	}
	b.WriteString("\r\n\r\n")
	return b.Bytes()
}

// partName escapes what would end the name.
func partName(name string) string {
	return strings.NewReplacer("\r", "%0D", "\n", "%0A", `"`, "%22").Replace(name)
}
