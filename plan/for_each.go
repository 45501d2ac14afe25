package plan

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// maxInstances is how many blocks for_each makes in a plan at most: loops in
// each other multiply.
const maxInstances = 1 << 14

// A repetition is what for_each made of a block.
type repetition struct {
	keys    []string // sorted
	unknown bool     // they depend on a variable without a value, or could not be read
}

// An element is what a block with for_each stands for once.
type element struct {
	key   string
	value cty.Value
}

// Instance is the name of a block that for_each repeats, for one of its keys:
// p95["list_tasks"].
func Instance(label, key string) string { return label + "[" + strconv.Quote(key) + "]" }

// CutInstance takes such a name apart. It is false for the name of a block that
// is not repeated, which is its label.
func CutInstance(name string) (label, key string, repeated bool) {
	label, quoted, repeated := strings.Cut(name, "[")
	if !repeated {
		return name, "", false
	}
	key, err := strconv.Unquote(strings.TrimSuffix(quoted, "]"))
	return label, key, err == nil
}

// instances calls f for a block as often as it stands: once under its label or,
// with a for_each, once for each element, in the order of the keys and with
// each.key and each.value in scope. The name is then that of the instance. It is
// not free where it is taken or cannot be one. The result says whether all
// instances are known.
func (d *decoder) instances(hb *hcl.Block, prefix string, f func(name string, free bool)) (known bool) {
	label := hb.Labels[0]
	address, free := prefix+label, false
	d.within(address, func() { free = d.declareText(address, label, hb.DefRange, d.schema.freeLabel(hb.Type)) })
	if _, taken := d.declared[address]; !taken {
		d.lost[hb.Type] = true
	}
	outer := d.shadowed
	d.shadowed = outer || !free
	defer func() { d.shadowed = outer }()
	elements, repeated, known := d.forEach(hb, address)
	if repeated && !known {
		for _, kind := range d.schema.within(hb.Type) {
			d.lost[kind] = true
		}
	}
	if repeated && free {
		d.repeated[address] = &repetition{keys: keysOf(elements), unknown: !known}
	}
	d.repeat(label, elements, repeated, func(name string) { f(name, free) })
	return known
}

// repeat calls f for each element, or once where the block is not repeated. What
// was said of an earlier element is not said again.
func (d *decoder) repeat(label string, elements []element, repeated bool, f func(name string)) {
	if !repeated {
		f(label)
		return
	}
	around, said := d.scope, map[string]bool{}
	for _, e := range elements {
		d.scope = around.within(e)
		before := len(d.diags)
		f(Instance(label, e.key))
		kept := d.diags[:before]
		for _, x := range d.diags[before:] {
			if text := spoken(x); !said[text] {
				said[text] = true
				kept = append(kept, x)
			}
		}
		d.diags = kept
	}
	d.scope = around
}

// spoken is what a diagnostic tells its reader, as one text.
func spoken(x *hcl.Diagnostic) string {
	at := ""
	if x.Subject != nil {
		at = x.Subject.String()
	}
	return at + "\x00" + x.Summary + "\x00" + x.Detail
}

func keysOf(elements []element) []string {
	var keys []string
	for _, e := range elements {
		keys = append(keys, e.key)
	}
	return keys
}

// forEach reads the for_each of a block, if it has one.
func (d *decoder) forEach(hb *hcl.Block, address string) (elements []element, repeated, known bool) {
	content, _, _ := hb.Body.PartialContent(&hcl.BodySchema{Attributes: []hcl.AttributeSchema{{Name: "for_each"}}})
	attr := content.Attributes["for_each"]
	if attr == nil || hb.Type == "variable" {
		return nil, false, true
	}
	d.within(address, func() {
		g, ok := d.evaluate(attr.Expr, spot{what: hb.Type + " for_each", static: true})
		if !ok {
			return
		}
		elements, known = d.elements(g, hb.Type+" for_each")
		if d.made += len(elements); d.made > maxInstances {
			d.fail(&g.at, "Too many blocks", "for_each makes at most %d blocks in a plan. Loop over less.", maxInstances)
			elements, known = nil, false
		}
	})
	return elements, true, known
}

// elements takes a map, or a set of texts, apart, sorted by key.
func (d *decoder) elements(g given, what string) (list []element, known bool) {
	ty := g.Type()
	switch {
	case g.secret:
		d.fail(&g.at, "Sensitive value would be shown", "%s is part of the names of blocks, which reports and messages show, so it must not be made of a sensitive value.", what)
		return nil, false
	case g.IsNull():
		d.fail(&g.at, "Missing value", "%s must not be null. An empty map gives no block.", what)
		return nil, false
	case ty.IsTupleType(), ty.IsListType():
		d.fail(&g.at, "Not a map or a set", "%s must be a map or a set of texts, whose order does not matter, not a list. Write toset([…]).", what)
		return nil, false
	case !g.IsKnown():
		return nil, false
	case ty.IsSetType() && ty.ElementType() != cty.String && g.LengthInt() > 0, !ty.IsSetType() && !ty.IsMapType() && !ty.IsObjectType():
		d.fail(&g.at, "Not a map or a set", "%s must be a map or a set of texts, such as toset([\"a\", \"b\"]), not %s.", what, typeInWords(ty))
		return nil, false
	}
	for it := g.ElementIterator(); it.Next(); {
		key, value := it.Element()
		if ty.IsSetType() {
			key = value
		}
		if !key.IsKnown() {
			return nil, false
		}
		if why := wrongKey(key); why != "" {
			d.refuse(g, "Invalid key", "%s: %s.", what, why)
			return nil, false
		}
		list = append(list, element{key.AsString(), value})
	}
	slices.SortFunc(list, func(a, b element) int { return strings.Compare(a.key, b.key) })
	return list, true
}

// wrongKey says why a text cannot be part of a name that tables show.
func wrongKey(key cty.Value) string {
	switch {
	case key.IsNull():
		return "a key is null"
	case key.AsString() == "":
		return "a key is empty"
	case len(key.AsString()) > maxLabelSize:
		return fmt.Sprintf("a key has at most %d bytes, and one has %d", maxLabelSize, len(key.AsString()))
	case strings.ContainsFunc(key.AsString(), func(r rune) bool { return !strconv.IsPrint(r) }):
		return fmt.Sprintf("the key %s has a sign in it that cannot be shown", cited(key.AsString()))
	}
	return ""
}
