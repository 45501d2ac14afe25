package plan

import (
	"mime"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// parts reads the fields of a multipart body. They are written out: each a text,
// or an object that says more about a text or a file.
func (b *block) parts(name string) []Part {
	attr := b.attrs[name]
	what := b.what(name)
	pairs, diags := hcl.ExprMap(attr.Expr)
	if diags.HasErrors() {
		b.fail(b.at(name), "Not a written-out map", "%s must be a map written out: { title = \"…\", logo = { file = \"./logo.png\" } }.", what)
		return nil
	}
	if len(pairs) == 0 {
		b.fail(b.at(name), "Empty map", "%s has no fields: nothing would be sent.", what)
	}
	var list []Part
	first := map[string]hcl.Range{}
	for _, pair := range pairs {
		key, ok := b.key(pair.Key, what)
		if !ok || !b.fieldName(key, plainFields, what) || !b.oneLine(key, "a name in "+what) {
			continue
		}
		p := Part{Name: key.AsString()}
		if at, twice := first[p.Name]; twice {
			b.refuse(key, "Name given twice", "%s is already given at %s.", cited(p.Name), place(at))
			continue
		}
		first[p.Name] = key.at
		if b.part(&p, pair.Value, what) {
			list = append(list, p)
		}
	}
	return list
}

// part reads one field.
func (b *block) part(p *Part, expr hcl.Expression, what string) (ok bool) {
	about := "a value in " + what
	pairs, diags := hcl.ExprMap(expr)
	if diags.HasErrors() {
		s := requestSpot()
		s.what = what
		p.Value, ok = b.dynamic(expr, s, about, false)
		return ok
	}
	said := map[string]hcl.Expression{}
	ok = true
	known := []string{"content_type", "file", "filename", "value"}
	for _, pair := range pairs {
		key, read := b.key(pair.Key, what)
		switch {
		case !read:
			ok = false
		case !slices.Contains(known, key.AsString()):
			b.refuse(key, "Unknown argument", "%s has file, filename and content_type, or value and content_type; there is no %s.%s", about, cited(key.AsString()), b.hint(key.AsString(), known))
			ok = false
		default:
			said[key.AsString()] = pair.Value
		}
	}
	return ok && b.partSaid(p, said, expr.Range(), what)
}

// partSaid reads what an object says of a field.
func (b *block) partSaid(p *Part, said map[string]hcl.Expression, at hcl.Range, what string) (ok bool) {
	about := "a value in " + what
	switch {
	case (said["file"] == nil) == (said["value"] == nil):
		b.fail(&at, "One content", "%s says either a file or a value.", about)
		return false
	case said["value"] != nil && said["filename"] != nil:
		rng := said["filename"].Range()
		b.fail(&rng, "Filename without a file", "filename belongs to a file; leave it out beside value.")
		return false
	case said["value"] != nil:
		s := requestSpot()
		s.what = what
		if p.Value, ok = b.dynamic(said["value"], s, about, false); !ok {
			return false
		}
	default:
		var rel string
		g, read := b.partText(said["file"], "file in "+what)
		if !read {
			return false
		}
		if rel, p.Bytes, ok = b.named(g, "file in "+what); !ok {
			return false
		}
		p.Filename = path.Base(rel)
	}
	if said["filename"] != nil {
		g, read := b.partText(said["filename"], "filename in "+what)
		if !read || !b.oneLine(g, "filename in "+what) {
			return false
		}
		p.Filename = g.AsString()
	}
	return said["content_type"] == nil || b.contentType(p, said["content_type"], what)
}

func (b *block) contentType(p *Part, expr hcl.Expression, what string) bool {
	g, ok := b.partText(expr, "content_type in "+what)
	if !ok {
		return false
	}
	p.ContentType = g.AsString()
	kind, _, err := mime.ParseMediaType(p.ContentType)
	if err != nil || !strings.Contains(kind, "/") || strings.ContainsFunc(p.ContentType, unicode.IsControl) {
		b.refuse(g, "Invalid content type", "content_type in %s must be one such as \"image/png\", not %s.", what, g.show())
		return false
	}
	return true
}

// partText reads a text that is known before the run and not empty.
func (b *block) partText(expr hcl.Expression, what string) (given, bool) {
	g, ok := b.argument(expr, what, "a text")
	if ok && g.AsString() == "" {
		b.refuse(g, "Empty text", "%s is empty. Leave it out, or write what it is.", what)
		return given{}, false
	}
	return g, ok
}

// key reads a name in a map that is written out.
func (b *block) key(expr hcl.Expression, what string) (given, bool) {
	key, ok := b.evaluate(expr, spot{what: "a name in " + what, static: true})
	if !ok || !key.IsKnown() {
		return given{}, false
	}
	if key, ok = b.as(key, cty.String, "a name in "+what, "a text"); ok && key.IsNull() {
		b.fail(&key.at, "Missing value", "A name in %s is null.", what)
		return given{}, false
	}
	return key, ok
}

// oneLine refuses a text that would break the line of a header that it stands in.
func (b *block) oneLine(g given, what string) bool {
	if strings.ContainsFunc(g.AsString(), unicode.IsControl) {
		b.refuse(g, "Invalid header", "%s has a line break or another control character in it.", what)
		return false
	}
	return true
}
