package expr

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"bossplan/plan"
)

// A Program is a compiled expression. It is read-only and may be used by many
// goroutines, each with a Frame of its own. The zero Program appends nothing.
type Program struct {
	code        writer
	text        []byte // the whole of it, if static
	static      bool
	null        bool
	interpreted bool
	sensitive   bool
	reads
	rng hcl.Range
}

// Compile makes a program of e for a place that needs enc. What is wrong
// whatever the run-time names stand for is a diagnostic; what may go wrong is
// left to Append.
func Compile(e plan.Expression, enc Encoding) (*Program, hcl.Diagnostics) {
	return (&Names{}).Compile(e, enc)
}

// Compile is like the function Compile, for an expression that may use n.
func (n *Names) Compile(e plan.Expression, enc Encoding) (*Program, hcl.Diagnostics) {
	tree := unwrap(e.Expression)
	p := &Program{rng: tree.Range()}
	c := n.newCompiler(tree, e.Scope, enc)
	if native, ok := tree.(hclsyntax.Expression); ok {
		c.native(p, native)
	} else {
		c.foreign(p, tree)
	}
	if c.diags.HasErrors() {
		return nil, c.diags
	}
	p.reads = readsOf(tree, n)
	p.interpreted = c.interpreted
	p.sensitive = p.sensitive || c.sensitive
	return p, c.diags
}

// Append appends the value, encoded. In any encoding but JSON a null value is
// ErrNull; every other failure is an *Error. On a failure dst is unchanged.
func (p *Program) Append(dst []byte, f *Frame) ([]byte, error) {
	if p.code == nil {
		return dst, nil
	}
	out, err := p.code.append(dst, f)
	if err == nil {
		return out, nil
	}
	if err != ErrNull {
		err = at(err, p.rng)
	}
	return out[:len(dst)], err
}

// Static is the encoded value, if it is the same in every Frame. The text must
// not be changed.
func (p *Program) Static() (text []byte, ok bool) { return p.text, p.static }

// IsNull reports whether the value is null in every Frame. In JSON the text is
// then "null", elsewhere there is none.
func (p *Program) IsNull() bool { return p.null }

// Interpreted reports whether a part is left to HCL's own evaluator, which
// takes microseconds.
func (p *Program) Interpreted() bool { return p.interpreted }

// Sensitive reports whether a sensitive value went in: the text must not be
// shown.
func (p *Program) Sensitive() bool { return p.sensitive }

// Range is where the plan has the expression.
func (p *Program) Range() hcl.Range { return p.rng }
