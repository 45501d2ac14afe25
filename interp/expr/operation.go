package expr

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// conditional compiles CONDITION ? YES : NO.
func (c *compiler) conditional(e *hclsyntax.ConditionalExpr) term {
	c.lenient++
	yes, no := c.term(e.TrueResult), c.term(e.FalseResult)
	c.lenient--
	condition := c.term(e.Condition)
	if !compilable(yes, no, condition) {
		return c.leaf(e)
	}
	common, ok := unify(yes.kind, no.kind)
	if !ok && !yes.untyped && !no.untyped { // one that fails has no type, and goes with any
		return c.refuse(e, "the two results of a conditional must be of one type")
	}
	result := term{
		kind:     common,
		nullable: yes.nullable || no.nullable,
		draws:    yes.draws || no.draws || condition.draws,
		fails:    yes.fails || no.fails || condition.fails || condition.nullable || condition.kind != kindBool,
		untyped:  yes.untyped || no.untyped,
		safe:     yes.safe && no.safe,
	}
	choice := conditional{
		condition: condition.code, yes: yes.code, no: no.code,
		eager:   result.draws,
		convert: common == kindString && yes.kind != no.kind,
		rng:     e.Condition.Range(),
	}
	if yes.kind != kindAny && no.kind != kindAny && (yes.kind == no.kind || !yes.untyped && !no.untyped) {
		result.code = &choice
		return result
	}
	result.kind, result.fails, result.untyped = kindAny, true, true
	result.wild = yes.wild || no.wild
	result.retyped = yes.wild && no.wild
	result.code = &mixed{conditional: choice, yesTerm: yes, noTerm: no}
	return result
}

// compilable reports whether the conditional's own code is exact. It is not
// where HCL works with what is left of a failed operand.
func compilable(yes, no, condition term) bool {
	switch {
	case yes.opaque() || no.opaque() || condition.opaque() || yes.retyped || no.retyped:
		return false
	case condition.kind == kindNumber || condition.kind == kindNull:
		return false
	case condition.kind == kindString && condition.fails:
		return false
	}
	return true
}

// binary compiles LEFT OPERATOR RIGHT.
func (c *compiler) binary(e *hclsyntax.BinaryOpExpr) term {
	switch e.Op {
	case hclsyntax.OpLogicalAnd, hclsyntax.OpLogicalOr:
		return c.logical(e)
	}
	left, right := c.term(e.LHS), c.term(e.RHS)
	if left.opaque() || right.opaque() || left.retyped && right.wild || right.retyped && left.wild {
		return c.leaf(e)
	}
	result := term{
		kind:  kindBool,
		draws: left.draws || right.draws,
		fails: left.fails || right.fails,
		safe:  true,
	}
	if e.Op == hclsyntax.OpEqual || e.Op == hclsyntax.OpNotEqual {
		result.code = &equality{negated: e.Op == hclsyntax.OpNotEqual, left: left.code, right: right.code, rng: e.SrcRange}
		return result
	}
	for _, operand := range []term{left, right} {
		switch {
		case operand.kind == kindBool:
			return c.refuse(e, "this operator needs numbers, not a bool")
		case operand.kind == kindNull:
			return c.refuse(e, "this operator needs numbers, not null")
		case operand.nullable || operand.kind != kindNumber:
			result.fails = true
		}
	}
	if e.Op.Type == cty.Number {
		result.kind = kindNumber
	}
	result.fails = result.fails || e.Op == checkedDivide || e.Op == checkedModulo
	result.code = &arithmetic{
		whole: wholeOf(e.Op), real: realOf(e.Op), impl: e.Op.Impl, modulo: e.Op == checkedModulo,
		left: left.code, right: right.code,
		leftRange: e.LHS.Range(), rightRange: e.RHS.Range(), rng: e.SrcRange,
	}
	return result
}

// logical compiles && and ||. A failed number, and a failed text, HCL treats in a
// way of its own.
func (c *compiler) logical(e *hclsyntax.BinaryOpExpr) term {
	c.lenient++
	left, right := c.term(e.LHS), c.term(e.RHS)
	c.lenient--
	result := term{kind: kindBool, draws: left.draws || right.draws, safe: true}
	for _, side := range []term{left, right} {
		switch side.kind {
		case kindNull, kindNumber, kindOpaque:
			return c.leaf(e)
		case kindString:
			if side.fails && !side.untyped {
				return c.leaf(e)
			}
		}
		result.fails = result.fails || side.fails || side.nullable || side.kind != kindBool
	}
	result.code = &logical{
		or: e.Op == hclsyntax.OpLogicalOr, left: left.code, right: right.code,
		leftRange: e.LHS.Range(), rightRange: e.RHS.Range(),
	}
	return result
}

// unary compiles !OPERAND and -OPERAND.
func (c *compiler) unary(e *hclsyntax.UnaryOpExpr) term {
	operand := c.term(e.Val)
	not := e.Op == hclsyntax.OpLogicalNot
	wanted, message := kindNumber, "a minus sign needs a number"
	if not {
		wanted, message = kindBool, "the operator ! needs a bool"
	}
	switch operand.kind {
	case kindOpaque:
		return c.leaf(e)
	case wanted, kindString, kindAny:
	default:
		return c.refuse(e, message)
	}
	return term{
		code:  &unary{not: not, operand: operand.code, impl: e.Op.Impl, rng: e.SrcRange},
		kind:  wanted,
		draws: operand.draws,
		fails: operand.fails || operand.nullable || operand.kind != wanted,
		safe:  true,
	}
}
