package expr

import (
	"errors"
	"strconv"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"bossplan/interp/expr/jsonwalk"
)

// maxParts bounds what is made of JSON for HCL, in values of some hundred
// bytes each.
const maxParts = 1 << 18

var (
	errNotJSON = errors.New("the answer is not JSON")
	errParts   = errors.New("the object or list has more than 262144 parts, too many to work with as a whole; name a part of it")
)

// fromJSON is the value that raw is, of valid JSON. It shares the memory of raw
// where it can.
func fromJSON(raw []byte) (value, error) {
	switch raw[0] {
	case '"':
		return normal(share(jsonwalk.Text(raw))), nil
	case '{', '[':
		return structure(share(raw)), nil
	case 't', 'f':
		return boolean(raw[0] == 't'), nil
	case 'n':
		return value{}, nil
	}
	return parseNumber(share(raw))
}

// ctyOf decodes valid JSON for HCL: objects and tuples, as cty implies them.
func ctyOf(doc []byte) (cty.Value, error) {
	d := decoder{left: maxParts}
	return d.value(doc)
}

// A decoder counts the values it makes.
type decoder struct{ left int }

func (d *decoder) value(raw []byte) (cty.Value, error) {
	if d.left--; d.left < 0 {
		return cty.NilVal, errParts
	}
	switch raw[0] {
	case '{':
		return d.object(raw)
	case '[':
		return d.list(raw)
	}
	v, err := fromJSON(raw)
	if err != nil {
		return cty.NilVal, err
	}
	return v.cty()
}

func (d *decoder) object(raw []byte) (cty.Value, error) {
	all := map[string]cty.Value{}
	for key, part := range jsonwalk.Members(raw) {
		v, err := d.value(part)
		if err != nil {
			return cty.NilVal, err
		}
		all[cty.NormalizeString(string(jsonwalk.Text(key)))] = v
	}
	return cty.ObjectVal(all), nil
}

func (d *decoder) list(raw []byte) (cty.Value, error) {
	var all []cty.Value
	for part := range jsonwalk.Elements(raw) {
		v, err := d.value(part)
		if err != nil {
			return cty.NilVal, err
		}
		all = append(all, v)
	}
	return cty.TupleVal(all), nil
}

// canonicalText is the JSON of an object or a list as cty writes it.
func (v value) canonicalText() (string, error) {
	if v.isCanonical() {
		return v.text(), nil
	}
	all, err := v.cty()
	if err != nil {
		return "", err
	}
	text, err := appendCtyJSON(nil, all, hcl.Range{})
	return string(text), err
}

// appendJSON writes any value as JSON.
func (v value) appendJSON(dst []byte) ([]byte, error) {
	switch v.kind {
	case kindNull:
		return append(dst, "null"...), nil
	case kindString:
		return appendQuoted(dst, v.text()), nil
	case kindJSON:
		text, err := v.canonicalText()
		return append(dst, text...), err
	}
	return v.append(dst)
}

// fromCtyValue takes any known, unmarked value. Of a set, a map or a list no
// more is kept than of an object or a tuple.
func fromCtyValue(v cty.Value) (value, error) {
	if known, ok := fromCty(v); ok {
		return known, nil
	}
	text, err := appendCtyJSON(nil, v, hcl.Range{})
	return canonicalJSON(string(text)), err
}

// A path leads into objects and lists. Its steps have been resolved; ranges and
// messages tell which of them failed.
type path struct {
	steps []jsonwalk.Step
	rng   hcl.Range
	named bool // the steps stand in the plan and may be cited
}

// failure is the error of the step that cannot be taken.
func (p *path) failure(failed int, err error) error {
	message := err.Error()
	if p.named && failed < len(p.steps) {
		message = stepMessage(p.steps[failed], err)
	}
	return &Error{Range: p.rng, Message: message}
}

func stepMessage(s jsonwalk.Step, err error) string {
	what := "element " + s.Name
	if s.Attribute || s.Index < 0 {
		what = "attribute " + strconv.Quote(s.Name)
	}
	switch err {
	case jsonwalk.ErrMissing:
		return "there is no " + what
	case jsonwalk.ErrNull:
		return "there is no " + what + " of a null"
	case jsonwalk.ErrScalar:
		return "there is no " + what + " of what is not an object or a list"
	}
	return err.Error()
}

// of follows the path from v.
func (p *path) of(v value) (value, error) {
	switch {
	case len(p.steps) == 0:
		return v, nil
	case v.isNull():
		return value{}, p.failure(0, jsonwalk.ErrNull)
	case v.kind != kindJSON:
		return value{}, p.failure(0, jsonwalk.ErrScalar)
	}
	raw, failed, err := jsonwalk.Find(view(v.text()), p.steps)
	if err != nil {
		return value{}, p.failure(failed, err)
	}
	found, err := fromJSON(raw)
	if v.isCanonical() && found.kind == kindJSON {
		found.form = formCanonical
	}
	return found, err
}

// stepOf is the step of a traversal; ok is false where it is of another kind.
func stepOf(t hcl.Traverser) (_ jsonwalk.Step, ok bool) {
	switch t := t.(type) {
	case hcl.TraverseAttr:
		return jsonwalk.Step{Name: cty.NormalizeString(t.Name), Index: -1, Attribute: true}, true
	case hcl.TraverseIndex:
		key, ok := fromCty(t.Key)
		if !ok || t.Key.IsNull() {
			return jsonwalk.Step{}, false
		}
		s, err := indexStep(key)
		return s, err == nil
	}
	return jsonwalk.Step{}, false
}

// indexStep is the step in square brackets: a text names an attribute, or the
// element that it is the number of, and a number likewise.
func indexStep(key value) (jsonwalk.Step, error) {
	if key.isNull() {
		return jsonwalk.Step{}, errKey
	}
	name, err := key.toString()
	if err != nil {
		return jsonwalk.Step{}, err
	}
	s := jsonwalk.Step{Name: name.text(), Index: -1}
	number, err := key.toNumber()
	if err != nil {
		return s, nil
	}
	if n, err := number.int64(); err == nil && n >= 0 && n <= maxIndex {
		s.Index = int(n)
	}
	return s, nil
}

// maxIndex is more elements than any text can have.
const maxIndex = 1 << 30

var errKey = errors.New("the key in square brackets is null")
