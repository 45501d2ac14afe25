package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"bossplan/plan/diag"
	"bossplan/plan/yaml"
)

// A decoder turns blocks into a plan. It goes on after a mistake, so that all
// of them are found at once: what could not be decoded is left at its zero
// value and not complained about again.
type decoder struct {
	schema  *Block
	plan    *Plan
	sources map[string][]byte
	navs    map[string]yaml.Nav // of the files that are not HCL
	root    string              // what path.root is
	names   names
	scope   scope
	lib     library
	address string // of the block that is being decoded, see within
	*registry
	diags hcl.Diagnostics

	allowMissing bool
	loaded       bool            // nothing is read any more
	lost         map[string]bool // kinds of blocks some of which have no name that can be referred to
	shadowed     bool            // inside a block whose name is taken: so are the names in it
	turns        float64         // of for expressions so far
	made         int             // by for_each so far
}

// maxHints bounds the work of guessing what was meant in a file that is wrong
// throughout.
const maxHints = 200

// report adds a diagnostic, in the words of the language.
func (d *decoder) report(diagnostic *hcl.Diagnostic) {
	d.diags = append(d.diags, inOurWords(diagnostic))
}

// fail adds an error at a place, nil where it has none.
func (d *decoder) fail(at *hcl.Range, summary, detail string, args ...any) {
	d.report(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(detail, args...), Subject: at})
}

// hint is the known name that was probably meant, as a sentence to append.
func (d *decoder) hint(name string, known []string) string {
	if len(d.diags) > maxHints {
		return ""
	}
	if near := Nearest(name, known); near != "" {
		return fmt.Sprintf(" Did you mean %q?", near)
	}
	return ""
}

// within runs f and gives the diagnostics that it adds an address.
func (d *decoder) within(address string, f func()) {
	before, outer := len(d.diags), d.address
	d.address = address
	f()
	d.address = outer
	for _, diagnostic := range d.diags[before:] {
		if _, has := diagnostic.Extra.(diag.Address); !has {
			diagnostic.Extra = diag.Address(address)
		}
	}
}

// A block is one block of a plan while it is decoded. Its methods read
// attributes by name, in the kind the schema gives them.
type block struct {
	*decoder
	schema *Block
	label  string
	attrs  hcl.Attributes
	blocks hcl.Blocks
	head   hcl.Range

	// partial holds what was probably meant where something stands under a wrong
	// name or without one: what is missing then is not complained about as well.
	partial map[string]bool
}

// open takes a block apart and checks it against its schema: names, what is
// required, and what may stand once.
func (d *decoder) open(hb *hcl.Block, schema *Block) *block {
	content, diags := hb.Body.Content(schema.bodySchema())
	b := &block{decoder: d, schema: schema, attrs: content.Attributes, blocks: content.Blocks, head: hb.DefRange}
	b.partial = d.contentErrors(diags, schema)
	if len(hb.Labels) > 0 {
		b.label = hb.Labels[0]
	}
	for _, a := range schema.Attributes {
		if a.Required && b.attrs[a.Name] == nil && !b.meant(a.Name) && !(b.meant("") && len(d.diags) > maxHints) {
			d.fail(&b.head, "Missing argument", "%s needs %s = … (%s).", schema.Name, a.Name, aside(a.Doc))
		}
	}
	b.checkSingle(content.Blocks)
	b.checkShown()
	return b
}

// checkShown refuses what is sensitive where every report would show it. The
// attribute then counts as missing: one mistake is one diagnostic.
func (b *block) checkShown() {
	for _, a := range b.schema.Attributes {
		if (a.Shown || a.Kind == KindLines || a.Kind == KindWindow) && b.has(a.Name) && b.secret(a.Name) {
			b.fail(b.at(a.Name), "Sensitive value would be shown", "%s is shown in reports and messages, so it must not be made of a sensitive value. Give secrets where they are only sent: in headers, auth, the query or a body.", b.what(a.Name))
			delete(b.attrs, a.Name)
		}
	}
}

// aside is a sentence as it reads in brackets.
func aside(sentence string) string {
	sentence = strings.TrimSuffix(sentence, ".")
	return strings.ToLower(sentence[:min(1, len(sentence))]) + sentence[min(1, len(sentence)):]
}

// checkSingle refuses a second block where one may stand.
func (b *block) checkSingle(blocks hcl.Blocks) {
	first := map[string]hcl.Range{}
	for _, nested := range blocks {
		if !b.schema.block(nested.Type).Single {
			continue
		}
		if at, again := first[nested.Type]; again {
			b.fail(&nested.DefRange, "Block given twice", "%s may have one %s block; the first is at %s.", b.schema.Name, nested.Type, place(at))
			continue
		}
		first[nested.Type] = nested.DefRange
	}
}

// of are the nested blocks of one type.
func (b *block) of(name string) hcl.Blocks {
	var list hcl.Blocks
	for _, nested := range b.blocks {
		if nested.Type == name {
			list = append(list, nested)
		}
	}
	return list
}

// has reports whether an attribute is given.
func (b *block) has(name string) bool { return b.attrs[name] != nil }

// meant reports whether one of these was probably meant by a name that is wrong.
func (b *block) meant(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return b.partial[name] })
}

// at is where an attribute's value stands, or the block's head.
func (b *block) at(name string) *hcl.Range {
	if attr := b.attrs[name]; attr != nil {
		rng := attr.Expr.Range()
		return &rng
	}
	return &b.head
}

// contentErrors reports what HCL found wrong with a body, with our words and
// hints where a name is unknown, and gives the names that were probably meant.
func (d *decoder) contentErrors(diags hcl.Diagnostics, schema *Block) (meant map[string]bool) {
	for _, diagnostic := range diags {
		if diagnostic.Subject == nil {
			d.report(diagnostic)
			continue
		}
		if meant == nil {
			meant = map[string]bool{}
		}
		src := d.sources[diagnostic.Subject.Filename]
		name := ""
		if diagnostic.Subject.CanSliceBytes(src) {
			name = string(diagnostic.Subject.SliceBytes(src))
		}
		switch diagnostic.Summary {
		case "Unsupported argument":
			d.fail(diagnostic.Subject, "Unknown argument", "%s", d.unknownArgument(name, schema))
			name = d.probable(name, schema)
		case "Unsupported block type":
			d.fail(diagnostic.Subject, "Unknown block", "%s", d.unknownBlock(name, schema))
			name = d.probable(name, schema)
		default:
			d.report(labelError(diagnostic, schema))
			_, name, _ = strings.Cut(diagnostic.Summary, " for ")
		}
		meant[name] = true
		if schema.block(name) != nil {
			d.lost[name] = true
		}
	}
	return meant
}

// probable is the argument or block that a name which is neither was probably meant
// to be.
func (d *decoder) probable(name string, schema *Block) string {
	switch {
	case schema.attribute(name) != nil || schema.block(name) != nil:
		return name // an argument written as a block, or the other way round
	case len(d.diags) > maxHints:
		return ""
	}
	arguments, blocks := schema.names()
	return Nearest(name, append(arguments, blocks...))
}

// names are those of the arguments and blocks that may stand in a block.
func (b *Block) names() (arguments, blocks []string) {
	for _, a := range b.Attributes {
		arguments = append(arguments, a.Name)
	}
	for _, n := range b.Blocks {
		blocks = append(blocks, n.Name)
	}
	return arguments, blocks
}

// labelError says in our words that a block lacks its label or has one too
// many, which HCL names in the summary: "Missing name for host".
func labelError(diagnostic *hcl.Diagnostic, schema *Block) *hcl.Diagnostic {
	_, name, found := strings.Cut(diagnostic.Summary, " for ")
	nested := schema.block(name)
	if !found || nested == nil {
		return diagnostic
	}
	form := name + " { … }"
	if nested.Label != "" {
		form = fmt.Sprintf("%s %q { … }", name, strings.ToUpper(nested.Label))
	}
	own := *diagnostic
	if strings.HasPrefix(own.Summary, "Extraneous") {
		own.Summary = "Label too many"
	}
	own.Detail = fmt.Sprintf("Write %s.", form)
	return &own
}

func (d *decoder) unknownArgument(name string, schema *Block) string {
	switch {
	case schema.block(name) != nil:
		return fmt.Sprintf("%s is a block: write %s { … } without the equals sign.", name, name)
	}
	known, blocks := schema.names()
	if schema.Name == "request" && !slices.Contains(known, name) {
		switch name {
		case "wait", "when", "repeat":
			return fmt.Sprintf("%s belongs to a request inside a flow: write flow \"NAME\" { request … }.", name)
		case "weight":
			return "The requests of a flow have no weight of their own: they are made in order. Give the flow a weight."
		}
	}
	return fmt.Sprintf("There is no argument %q in %s.%s", name, article(schema.Name), d.hintOr(name, known, d.hint(name, blocks)))
}

func (d *decoder) unknownBlock(name string, schema *Block) string {
	switch {
	case schema.attribute(name) != nil:
		return fmt.Sprintf("%s is an argument: write %s = … with an equals sign.", name, name)
	}
	arguments, known := schema.names()
	if parent := d.schema.parentOf(name); parent != nil && schema == d.schema {
		return fmt.Sprintf("%s blocks stand inside %s block, not at the top of a file.", name, article(parent.Name))
	}
	return fmt.Sprintf("There is no block %q in %s.%s", name, article(schema.Name), d.hintOr(name, known, d.hint(name, arguments)))
}

// article puts "a" or "an" before a word.
func article(word string) string {
	if strings.ContainsRune("aeio", rune(word[0])) {
		return "an " + word
	}
	return "a " + word
}

// A registry remembers what is declared where, so that names can be resolved
// whatever the order of declarations, and so that none is declared twice.
type registry struct {
	declared  map[string]hcl.Range // by address
	hosts     map[string]*Host
	classes   map[string]*UserClass
	scenarios map[string]*Scenario
	probes    map[string]*Probe
	data      map[string]*Data
	repeated  map[string]*repetition // blocks with for_each, by their address without a key

	unweighted map[*UserClass]bool                   // these say neither weight nor fixed_count
	captured   map[*UserClass]map[string]*repetition // names that vars has values under
	wants      []want                                // uses of them so far, see wanting
	hostWants  []hostWants
	fetches    []fetching
	afterAt    map[[2]*Scenario]hcl.Range // where a scenario says that it comes after another

	relative map[string]string // of files below the plan's directory, by the name that diagnostics show
	contents map[string][]byte // of rows and bodies, by path
	tables   map[string]*Table // by kind and path; nil: it could not be read, which was reported
	dataSize int
	cells    int
}

func newRegistry() *registry {
	return &registry{
		declared:  map[string]hcl.Range{},
		hosts:     map[string]*Host{},
		classes:   map[string]*UserClass{},
		scenarios: map[string]*Scenario{},
		probes:    map[string]*Probe{},
		data:      map[string]*Data{},
		repeated:  map[string]*repetition{},

		unweighted: map[*UserClass]bool{},
		captured:   map[*UserClass]map[string]*repetition{},
		afterAt:    map[[2]*Scenario]hcl.Range{},

		relative: map[string]string{},
		contents: map[string][]byte{},
		tables:   map[string]*Table{},
	}
}

// declare enters a name; it is false where the name is taken or cannot be one.
func (d *decoder) declare(address, label string, at hcl.Range) bool {
	return d.declareText(address, label, at, false)
}

// declareText is declare for a name that is free to be any text, because
// nothing refers to it.
func (d *decoder) declareText(address, label string, at hcl.Range, free bool) bool {
	switch first, taken := d.declared[address]; {
	case len(label) > maxLabelSize:
		d.fail(&at, "Name too long", "A name has at most %d bytes; this one has %d.", maxLabelSize, len(label))
		return false
	case !free && !hclsyntax.ValidIdentifier(label):
		d.fail(&at, "Invalid name", "%q cannot be a name: names begin with a letter and have letters, digits, _ and - in them, so that expressions can refer to them.", label)
		return false
	case free && (strings.TrimSpace(label) == "" || strings.ContainsFunc(label, unicode.IsControl)):
		d.fail(&at, "Invalid name", "%q cannot be a name here: it is shown in a table, so it needs some text, in one line.", label)
		return false
	case taken && d.shadowed:
		return false
	case taken:
		d.fail(&at, "Name declared twice", "%s is already declared at %s. Names are shared by a plan and all it imports: give one of the two another name, or make what differs a variable.", address, place(first))
		return false
	}
	d.declared[address] = at
	return true
}

// sortDiagnostics puts diagnostics in the order of files and bytes, those
// without a place first.
func sortDiagnostics(diags hcl.Diagnostics) {
	slices.SortStableFunc(diags, func(a, b *hcl.Diagnostic) int {
		switch {
		case a.Subject == nil || b.Subject == nil:
			return cmp.Compare(btoi(a.Subject != nil), btoi(b.Subject != nil))
		case a.Subject.Filename != b.Subject.Filename:
			return strings.Compare(a.Subject.Filename, b.Subject.Filename)
		}
		return cmp.Compare(a.Subject.Start.Byte, b.Subject.Start.Byte)
	})
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
