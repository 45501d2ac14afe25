package plan

import (
	"cmp"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"bossplan/plan/yaml"
)

// Inputs are what a plan is loaded with, besides its path. The zero value reads
// the operating system's files, knows no environment and assigns nothing.
type Inputs struct {
	// ReadFile reads a file by its path; nil reads the operating system's,
	// and of those only what is in the directory of the plan file and below it,
	// symbolic links included. Files of variables may be anywhere.
	ReadFile func(path string) ([]byte, error)
	// Env looks up an environment variable; nil: there are none.
	Env func(name string) (string, bool)
	// Assignments are the --var and --var-file flags, in their order.
	Assignments []Assignment
	// AllowMissing makes a variable without a value unknown rather than an
	// error. What depends on it is left at its zero value; see [Plan.Incomplete].
	AllowMissing bool
	// Parsed remembers parsed files between several calls; nil: nothing is.
	Parsed *Parsed
}

// Load reads a plan file and all that it imports and checks everything that can
// be known before a run. The plan is never nil: where there are errors it holds
// the sources they point into, and may lack the rest. Diagnostics are sorted by
// file and position, those without a position first.
func Load(path string, in Inputs) (*Plan, hcl.Diagnostics) {
	if in.Env == nil {
		in.Env = func(string) (string, bool) { return "", false }
	}
	dir, base := filepath.Dir(filepath.Clean(path)), filepath.Base(path)
	d := &decoder{
		schema:   Schema(),
		plan:     &Plan{File: path, Name: cmp.Or(strings.TrimSuffix(base, filepath.Ext(base)), "plan")},
		sources:  map[string][]byte{},
		navs:     map[string]yaml.Nav{},
		registry: newRegistry(),
		lost:     map[string]bool{},
		root:     filepath.ToSlash(dir),

		allowMissing: in.AllowMissing,
	}
	lib := library{dir: dir, read: in.ReadFile}
	d.lib = lib
	files, complete := d.readAll(lib, base, in.Parsed)
	if files != nil {
		d.resolve(files, in, lib)
		d.decode(files)
	}
	d.forgive(complete)
	d.respell()
	sortDiagnostics(d.diags)
	d.loaded = true
	return d.plan, d.diags
}

// Incomplete reports whether a variable is without its value, and with it parts
// of the plan: checks of figures would be about figures that nobody gave.
func (p *Plan) Incomplete() bool {
	return slices.ContainsFunc(p.Variables, func(v *Variable) bool { return !v.Value.IsWhollyKnown() })
}

// readAll reads and parses files: none where the plan itself is missing, broken
// or for another version. It says whether they are all that the plan is made of.
func (d *decoder) readAll(lib library, base string, parsed *Parsed) (files []*file, complete bool) {
	r := &reader{decoder: d, lib: lib, parsed: parsed, byPath: map[string]*file{}}
	root := r.read(filepath.ToSlash(base), nil)
	if r.refused {
		d.diags = slices.DeleteFunc(d.diags, func(x *hcl.Diagnostic) bool { return x.Summary != anotherVersion })
		return nil, false
	}
	if root == nil {
		return nil, false
	}
	return r.files, !r.broken
}

// forgive takes back what was said about names that nothing declares: where a
// file could not be read, or the name of such a block, they may be declared there.
func (d *decoder) forgive(complete bool) {
	kinds := []string{"variable", "local", "host", "user_class", "scenario", "stage", "flow", "request", "capture", "data", "probe", "gauge"}
	if complete {
		kinds = nil
		for kind := range d.lost {
			kinds = append(kinds, kind)
			kinds = append(kinds, d.schema.within(kind)...)
		}
	}
	d.diags = slices.DeleteFunc(d.diags, func(x *hcl.Diagnostic) bool {
		kind, unknown := strings.CutPrefix(x.Summary, "Unknown ")
		return unknown && slices.Contains(kinds, kind) && !(complete && strings.Contains(x.Detail, "Did you mean"))
	})
}

// resolve gives all variables and locals their values.
func (d *decoder) resolve(files []*file, in Inputs, lib library) {
	d.names = names{functions: staticFunctions(d.fileReader(lib)), drawing: drawingFunctions()}
	d.names.known = sorted(d.names.functions, d.names.drawing)
	d.scope = scope{setting: settingContext(d.names.functions, in.Env)}

	variables := d.declareVariables(files)
	d.names.variables = variableNames(variables)
	locals := d.declareLocals(files)
	for _, l := range locals {
		d.names.locals = append(d.names.locals, l.name)
	}
	slices.Sort(d.names.locals)
	d.setByImports(files, variables)
	d.assignAll(variables, in, lib)

	n := &network{decoder: d, nodes: map[string]*node{}, values: map[string]cty.Value{}}
	for _, v := range variables {
		n.addVariable(v)
	}
	d.plan.locals = map[string]hcl.Expression{}
	for _, l := range locals {
		n.addLocal(l)
		d.plan.locals[l.name] = l.attr.Expr
	}
	n.resolve()
	d.scope = n.newScope(in.Env)
	for _, v := range variables {
		d.within("variable."+v.Name, func() { d.validate(v) })
		d.plan.Variables = append(d.plan.Variables, v.Variable)
	}
	slices.SortFunc(d.plan.Variables, func(a, b *Variable) int { return strings.Compare(a.Name, b.Name) })
}

// setByImports gives the variables of imported files the values that import
// blocks have for them.
func (d *decoder) setByImports(files []*file, variables []*declaration) {
	byName := map[string]*declaration{}
	for _, v := range variables {
		byName[v.Name] = v
	}
	for _, f := range files {
		for _, im := range f.imports {
			if im.variables != nil && im.file != nil {
				d.setByImport(im, byName)
			}
		}
	}
}

func (d *decoder) setByImport(im *importing, byName map[string]*declaration) {
	pairs, diags := hcl.ExprMap(im.variables.Expr)
	if diags.HasErrors() {
		rng := im.variables.Expr.Range()
		d.fail(&rng, "Not a written-out map", "The variables of an import are written out: variables = { NAME = VALUE, … }.")
		return
	}
	reach := im.file.reach()
	var known []string
	for name, v := range byName {
		if reach[v.file] {
			known = append(known, name)
		}
	}
	slices.Sort(known)
	for _, pair := range pairs {
		at := pair.Key.Range()
		key, diags := pair.Key.Value(nil)
		if diags.HasErrors() || key.IsNull() || key.Type() != cty.String {
			d.fail(&at, "Not a written-out name", "The names of an import's variables must be written out.")
			continue
		}
		name := key.AsString()
		v := byName[name]
		switch {
		case v == nil || !reach[v.file]:
			d.fail(&at, "Unknown variable", "The imported file has no variable %q.%s", name, d.hint(name, known))
		case len(v.imported) > 0:
			d.fail(&at, "Variable set twice", "Variable %q is already set at %s. A plan and all it imports share one variable of a name: set it in one place.", name, place(v.imported[0].at))
		default:
			v.imported = append(v.imported, &imported{expr: pair.Value, at: at})
		}
	}
}

// reach is the file and all that it imports, directly or not.
func (f *file) reach() map[*file]bool {
	seen := map[*file]bool{f: true}
	for todo := []*file{f}; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		for _, im := range next.imports {
			if im.file != nil && !seen[im.file] {
				seen[im.file] = true
				todo = append(todo, im.file)
			}
		}
	}
	return seen
}

// fileReader is what the function file() does. What it reads is part of what a
// review of the plan has seen, so it becomes one of its sources. Once the plan is
// loaded it reads nothing more, and many users may call it at the same time.
func (d *decoder) fileReader(lib library) func(string) (string, error) {
	read := map[string]string{}
	return func(name string) (string, error) {
		rel, err := below(".", strings.TrimPrefix(name, d.root+"/"))
		if err != nil {
			return "", err
		}
		switch text, done := read[rel]; {
		case done:
			return text, nil
		case d.loaded:
			return "", errors.New("files are read before the run, and this one was not")
		}
		src, err := lib.bytes(rel)
		if err != nil {
			return "", err
		}
		d.addSource(lib.display(rel), src)
		read[rel] = string(src)
		return read[rel], nil
	}
}

// decode decodes everything that has a name and then everything that may refer
// to it: each kind of block is decoded after those that it refers to.
func (d *decoder) decode(files []*file) {
	var blocks hcl.Blocks
	for _, f := range files {
		blocks = append(blocks, f.blocks...)
		d.relative[f.name] = f.rel
	}
	d.checkProgram(files)
	d.decodeData(blocks)
	d.decodeHosts(blocks)
	d.linkData()
	d.decodeProbes(blocks)
	d.decodeUserClasses(blocks)
	d.decodeScenarios(blocks)
	d.decodeThresholds(blocks)
	d.decodeGuards(blocks)
	d.decodeReports(blocks)
}

// checkProgram checks the bossplan blocks for what is not about versions.
func (d *decoder) checkProgram(files []*file) {
	for _, f := range files {
		top := &block{decoder: d, schema: d.schema}
		top.checkSingle(f.blocks)
		for _, hb := range f.blocks {
			if hb.Type == "bossplan" {
				d.open(hb, d.schema.block("bossplan"))
			}
		}
	}
}

// each calls f for every block of a type.
func each(blocks hcl.Blocks, name string, f func(*hcl.Block)) {
	for _, hb := range blocks {
		if hb.Type == name {
			f(hb)
		}
	}
}
