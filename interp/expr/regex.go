package expr

import (
	"errors"
	"regexp"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

var errMatch = errors.New("the pattern matches no part of the text")

// regex compiles regex(PATTERN, TEXT) with a pattern that is known.
func (c *compiler) regex(e *hclsyntax.FunctionCallExpr) term {
	if len(e.Args) != 2 || c.dynamic[e.Args[0]] {
		return c.leaf(e)
	}
	pattern, ok := c.term(e.Args[0]).code.(*constant)
	if !ok || pattern.known.kind != kindString {
		return c.leaf(e)
	}
	subject := c.term(e.Args[1])
	re, err := regexp.Compile(pattern.known.text())
	if err != nil {
		return c.refuse(e, "the pattern is no regular expression")
	}
	if subject.opaque() || subject.retyped {
		return c.leaf(e)
	}
	r := &regexCode{re: re, subject: argument{code: subject.code, param: paramText, rng: e.Args[1].Range()}, rng: e.Range()}
	for _, name := range re.SubexpNames()[1:] {
		r.named = r.named || name != ""
		r.unnamed = r.unnamed || name == ""
	}
	if r.named && r.unnamed {
		return c.refuse(e, "a pattern has either named or unnamed groups, but not both")
	}
	t := wildTerm(r, subject.draws)
	if t.nullable = false; !r.named && !r.unnamed {
		t.kind, t.wild = kindString, false
	}
	return t
}

// A regexCode is the first match of a pattern: the whole of it where the pattern
// has no groups, a list of its groups, or an object of them by their names.
type regexCode struct {
	re             *regexp.Regexp
	subject        argument
	named, unnamed bool
	rng            hcl.Range
}

func (r *regexCode) match(f *Frame) (text string, found []int, err error) {
	v, err := r.subject.value(f)
	if err != nil {
		return "", nil, err
	}
	found = r.re.FindStringSubmatchIndex(v.text())
	if found == nil {
		return "", nil, at(errMatch, r.rng)
	}
	return v.text(), found, nil
}

// groupOf is group i of a match; null where that took no part in it.
func groupOf(text string, found []int, i int) value {
	if found[2*i] < 0 {
		return value{}
	}
	return normal(text[found[2*i]:found[2*i+1]])
}

func (r *regexCode) value(f *Frame) (value, error) {
	text, found, err := r.match(f)
	switch {
	case err != nil:
		return value{}, err
	case !r.named && !r.unnamed:
		return groupOf(text, found, 0), nil
	}
	opening, closing := byte('['), byte(']')
	if r.named {
		opening, closing = '{', '}'
	}
	json := []byte{opening}
	for i, name := range r.re.SubexpNames()[1:] {
		if i > 0 {
			json = append(json, ',')
		}
		if r.named {
			json = append(appendQuoted(json, name), ':')
		}
		if json, err = groupOf(text, found, i+1).appendJSON(json); err != nil {
			return value{}, at(err, r.rng)
		}
	}
	return structure(share(append(json, closing))), nil
}

func (r *regexCode) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(r, dst, f) }

// group is the term of one group, if step leads to one.
func (r *regexCode) group(step hcl.Traverser) (term, bool) {
	s, ok := stepOf(step)
	if !ok || !r.named && !r.unnamed {
		return term{}, false
	}
	group := s.Index + 1
	if r.named {
		group = r.re.SubexpIndex(s.Name)
	} else if s.Attribute {
		group = -1
	}
	if group < 1 || group > r.re.NumSubexp() {
		return term{}, false
	}
	return term{code: &regexGroup{r, group}, kind: kindString, nullable: true, fails: true, untyped: true}, true
}

// A regexGroup is one group of a match.
type regexGroup struct {
	*regexCode
	group int
}

func (r *regexGroup) value(f *Frame) (value, error) {
	text, found, err := r.match(f)
	if err != nil {
		return value{}, err
	}
	return groupOf(text, found, r.group), nil
}

func (r *regexGroup) append(dst []byte, f *Frame) ([]byte, error) { return appendValue(r, dst, f) }
