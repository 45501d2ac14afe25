// Package plan reads plan files: source text in, a checked and resolved [Plan] out.
//
// It is the lowest floor of bossplan. It knows HCL and cty and what each block
// means; it never touches the network, a clock or a random generator, so the
// same files and the same inputs always give the same plan or the same
// diagnostics. Files that begin with the same word belong together; read them in
// this order:
//
//	schema, schema_blocks      the one table of blocks and attributes
//	load, import, parsed,      files, what they import, and in which of the
//	  spelling, source, limit  three spellings they are
//	static, variable, locals,  values that are known before the run
//	  assignment
//	scope, link, reference     which names may stand where, and what they name
//	block, attribute, value,   how a block is read, and for_each, which has one
//	  field, for_each            stand for many
//	host, data, user_class,    one block each, with the type that it becomes
//	  flow, request, scenario, …
//	wording                    HCL's own messages in our words
//	estimate, machine, lint    what a plan comes to, whether a machine has that,
//	                             and what a plan hardly means
//	resolve, canonical, diff   a plan as text that does not depend on how it is
//	                             written, and what differs between two
//	format                     the canonical layout of HCL
//	jsonschema, reference_doc  what is made of the table for editors and people
package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Plan is what one plan file and its imports ask for, resolved: variables
// have their values, names point at what they name, quantities are numbers.
// Blocks of a kind are in the order of their declaration, the plan's own file
// before its imports. A Plan is read-only after Load.
type Plan struct {
	File        string      // path of the plan file, as it was given
	Name        string      // file name without directory and extension: "heavy"
	Sources     []Source    // the plan's own first
	VarFiles    []Source    // of variables, from outside the plan
	Variables   []*Variable // by name
	Hosts       []*Host
	Data        []*Data
	UserClasses []*UserClass
	Scenarios   []*Scenario // empty in a library
	Thresholds  []*Threshold
	Probes      []*Probe
	Guards      []*Guard
	Reports     []*Report

	veiled map[string]Expression     // what was made of values that are secret or missing; see Resolve
	locals map[string]hcl.Expression // as they were declared
}

// A Source is one file that a plan was read from.
type Source struct {
	Name  string // path as diagnostics show it
	Bytes []byte
}

// SHA256 is the hex digest over the names and contents of all sources: it
// changes when anything that was reviewed changes. Variables are not part of it.
func (p *Plan) SHA256() string {
	h := sha256.New()
	for _, s := range p.Sources {
		fmt.Fprintf(h, "%s %d\n", s.Name, len(s.Bytes))
		h.Write(s.Bytes)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// An Expression is one that is evaluated while users run, together with the
// static names it may use. The static scope holds var, local, path and the
// functions that are known before the run; run-time names and functions are
// not in it, they are compiled by interp/expr.
type Expression struct {
	hcl.Expression
	Scope *hcl.EvalContext
}

// Static makes an Expression of a known value.
func Static(v cty.Value, rng hcl.Range) Expression {
	return Expression{Expression: hcl.StaticExpr(v, rng)}
}

// IsSet reports whether the attribute was given at all.
func (e Expression) IsSet() bool { return e.Expression != nil }

// A Field is one named value of a map attribute such as headers, query or
// form, in the order of the source. A value of null removes an inherited field.
type Field struct {
	Name      string
	NameRange hcl.Range
	Value     Expression
}
