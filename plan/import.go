package plan

import (
	"fmt"
	"path"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan/yaml"
)

// A file is one file of a plan, read and taken apart into blocks.
type file struct {
	rel     string // below the plan's directory, with slashes
	name    string // as diagnostics show it
	body    hcl.Body
	blocks  hcl.Blocks
	imports []*importing
}

// An importing is one import block.
type importing struct {
	file      *file // nil where it could not be read
	variables *hcl.Attribute
	block     *hcl.Block
}

// A reader reads a plan file and, from there, all that it imports. Each file is
// read once, however many import it.
type reader struct {
	*decoder
	lib     library
	parsed  *Parsed
	byPath  map[string]*file
	files   []*file // the plan first, then in the order in which they are met
	chain   []string
	refused bool // a file asks for another version: nothing else about it would be true
	broken  bool // a file could not be read, or parsed
}

// read reads the file at a path below the plan's directory; at is the import
// that names it, nil for the plan itself.
func (r *reader) read(rel string, at *hcl.Range) *file {
	if i := slices.Index(r.chain, rel); i >= 0 {
		chain := append(slices.Clone(r.chain[i:]), rel)
		r.fail(at, "Import cycle", "Files import each other in a circle: %s. Move what they share into a file that imports none of them.", arrows(chain))
		r.broken = true
		return nil
	}
	if f, done := r.byPath[rel]; done {
		return f
	}
	r.byPath[rel] = nil
	f := r.load(rel, at)
	if f == nil {
		r.broken = true
		return nil
	}
	r.byPath[rel] = f
	r.files = append(r.files, f)
	r.chain = append(r.chain, rel)
	r.follow(f)
	r.chain = r.chain[:len(r.chain)-1]
	return f
}

// load reads one file.
func (r *reader) load(rel string, at *hcl.Range) *file {
	name := r.lib.display(rel)
	src, err := r.lib.bytes(rel)
	if err != nil {
		r.fail(at, "Cannot read plan file", "%s: %s.", name, err)
		return nil
	}
	if spelling(rel) == "" {
		r.fail(at, "Unknown kind of file", "%s does not end in .hcl, .yaml, .yml or .json, which would say how to read it. Rename it.", name)
		return nil
	}
	r.plan.Sources = append(r.plan.Sources, Source{Name: name, Bytes: src})
	r.sources[name] = src
	return r.parse(rel, name, src)
}

// parse parses a file. The version it asks for is looked at before anything
// else, even before its syntax: a plan of the future should say that, not what
// today's program makes of it.
func (r *reader) parse(rel, name string, src []byte) *file {
	parsed, diags := r.parsed.parse(name, src)
	if nav, ok := parsed.Nav.(yaml.Nav); ok {
		r.navs[name] = nav
	}
	if !r.versionFits(parsed.Body) {
		r.refused = true
		return nil
	}
	if diags.HasErrors() {
		for _, d := range diags {
			r.report(d)
		}
		return nil
	}
	f := &file{rel: rel, name: name, body: parsed.Body}
	content, diags := f.body.Content(r.schema.bodySchema())
	r.contentErrors(diags, r.schema)
	f.blocks = content.Blocks
	return f
}

const anotherVersion = "Another version is needed"

// versionFits reports whether this program is one that the file asks for.
func (r *reader) versionFits(body hcl.Body) bool {
	schema := r.schema.block("bossplan")
	content, _, _ := body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: schema.Name}}})
	fits := true
	for _, hb := range content.Blocks {
		inner, _, _ := hb.Body.PartialContent(schema.bodySchema())
		attr := inner.Attributes["required_version"]
		if attr == nil {
			continue
		}
		text, ok := r.literal(attr, "required_version")
		if !ok {
			continue
		}
		allowed, err := versionAllowed(text, Version)
		switch rng := attr.Expr.Range(); {
		case err != nil:
			r.fail(&rng, "Invalid version", "required_version is not understood: %s.", err)
		case !allowed:
			r.fail(&rng, anotherVersion, "This file asks for bossplan %s, but this is bossplan %s. Use a version it asks for.", text, Version)
			fits = false
		}
	}
	return fits
}

// follow reads what a file imports.
func (r *reader) follow(f *file) {
	schema := r.schema.block("import")
	for _, hb := range f.blocks {
		if hb.Type != schema.Name {
			continue
		}
		b := r.open(hb, schema)
		im := &importing{block: hb, variables: b.attrs["variables"]}
		f.imports = append(f.imports, im)
		attr := b.attrs["source"]
		if attr == nil {
			r.broken = true
			continue
		}
		source, ok := r.literal(attr, "import source")
		if !ok {
			r.broken = true
			continue
		}
		rng := attr.Expr.Range()
		rel, err := below(path.Dir(f.rel), source)
		if err != nil {
			r.fail(&rng, "Invalid import", "%q cannot be imported: %s.", source, err)
			r.broken = true
			continue
		}
		if im.file = r.read(rel, &rng); im.file != nil {
			r.checkLibrary(im.file, source, &rng)
		}
	}
}

// checkLibrary refuses the import of a plan: there would be no telling what runs.
func (r *reader) checkLibrary(f *file, source string, at *hcl.Range) {
	for _, hb := range f.blocks {
		if hb.Type == "scenario" {
			r.fail(at, "Import of a plan", "%s has a scenario (at %s), so it is a plan of its own. Move what is shared into a library without scenarios and import that.", source, place(hb.DefRange))
			return
		}
	}
}

// literal reads an attribute that must be a text written out: it is needed
// before any name can have a value.
func (r *reader) literal(attr *hcl.Attribute, what string) (string, bool) {
	rng := attr.Expr.Range()
	v, diags := attr.Expr.Value(nil)
	if diags.HasErrors() || v.IsNull() || v.Type() != cty.String {
		r.fail(&rng, "Not a written-out text", "%s is needed before anything else is known: write it out in quotes, without names, functions or ${…}.", what)
		return "", false
	}
	return v.AsString(), true
}

// place is where something is, for the text of a diagnostic.
func place(rng hcl.Range) string { return fmt.Sprintf("%s:%d", rng.Filename, rng.Start.Line) }
