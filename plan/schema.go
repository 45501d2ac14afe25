package plan

import "github.com/hashicorp/hcl/v2"

// A Kind says what an attribute holds, and so how it is read and when it must
// be known.
type Kind string

// Kinds that are known before the run.
const (
	KindText       Kind = "text"
	KindBool       Kind = "bool"
	KindNumber     Kind = "number"
	KindInteger    Kind = "integer"
	KindDuration   Kind = "duration"   // "500ms", or a number of seconds
	KindRate       Kind = "rate"       // "1000/min"
	KindSpeed      Kind = "speed"      // a number a second, or a rate
	KindSharing    Kind = "sharing"    // "per_user" or a number
	KindTexts      Kind = "texts"      // a map of texts
	KindStatuses   Kind = "statuses"   // [200, "300-399"]
	KindBound      Kind = "bound"      // "< 500ms"
	KindWait       Kind = "wait"       // between("1s", "3s")
	KindMetric     Kind = "metric"     // metric.response_time.p95
	KindReference  Kind = "reference"  // host.api
	KindReferences Kind = "references" // [scenario.main.peak]
	KindType       Kind = "type"       // object({ a = string })
	KindAny        Kind = "any"        // whatever an expression gives
	KindVersion    Kind = "version"    // ">= 0.1.0, < 2.0.0"
	KindSource     Kind = "source"     // "./lib/common.hcl", written out
	KindCondition  Kind = "condition"  // true or false
	KindValues     Kind = "values"     // a map from variables to values
	KindTemplate   Kind = "template"   // text made while a user runs
	KindFields     Kind = "fields"     // a map of such texts
	KindJSON       Kind = "json"       // any value made while a user runs
	KindReading    Kind = "reading"    // a number read from a probe's answer
	KindEach       Kind = "each"       // a map, or a set of texts
	KindLines      Kind = "lines"      // a list of texts
	KindFile       Kind = "file"       // "./users.csv", relative to the file that says it, below the plan's directory
	KindWindow     Kind = "window"     // "02:00-05:00 UTC"
	KindRows       Kind = "rows"       // a list made from an answer
	KindVerdict    Kind = "verdict"    // true or false, found while a user runs, from an answer where there is one
	KindCapture    Kind = "capture"    // a value taken from an answer
	KindParts      Kind = "parts"      // a map of texts and of files
	KindTimes      Kind = "times"      // a whole number, found while a user runs
)

// A Block is what the language knows of one kind of block.
type Block struct {
	Name       string
	Label      string   // what its label is called; empty: it has none
	Labels     []string // the only labels there are; empty: any identifier
	FreeLabel  bool     // the label is any text in one line: nothing refers to it
	Single     bool     // at most once where it stands
	Doc        string
	Attributes []Attribute // none at all: any name may be given (locals)
	Blocks     []*Block
}

// An Attribute is what the language knows of one attribute.
type Attribute struct {
	Name     string
	Kind     Kind
	Required bool
	Default  string   // as it would be written, without quotes; empty: none, or it depends (see Doc)
	Values   []string // the only texts there are
	Min, Max float64  // of numbers, where Max is not 0
	Shown    bool     // in reports and messages, so it must not be sensitive
	Doc      string
}

// attribute finds an attribute by name.
func (b *Block) attribute(name string) *Attribute {
	for i := range b.Attributes {
		if b.Attributes[i].Name == name {
			return &b.Attributes[i]
		}
	}
	return nil
}

// block finds a nested block by type.
func (b *Block) block(name string) *Block {
	for _, n := range b.Blocks {
		if n.Name == name {
			return n
		}
	}
	return nil
}

// parentOf finds the block in which blocks of a type stand, nil where there are
// none or they stand in b itself.
func (b *Block) parentOf(name string) *Block {
	for _, n := range b.Blocks {
		if n.block(name) != nil {
			return n
		}
		if parent := n.parentOf(name); parent != nil {
			return parent
		}
	}
	return nil
}

// within are the kinds of blocks that stand inside those of a kind, at any depth.
func (b *Block) within(kind string) []string {
	var list []string
	for _, n := range b.Blocks {
		if n.Name == kind || kind == "" {
			for _, inner := range n.Blocks {
				list = append(list, inner.Name)
			}
			list = append(list, n.within("")...)
		} else {
			list = append(list, n.within(kind)...)
		}
	}
	return list
}

// freeLabel reports whether blocks of a type, wherever they stand, take any text
// for a label.
func (b *Block) freeLabel(name string) bool {
	parent := b.parentOf(name)
	return parent != nil && parent.block(name).FreeLabel
}

// bodySchema is the table as HCL wants it. That an attribute is required is
// left out: our own message says what it is for.
func (b *Block) bodySchema() *hcl.BodySchema {
	s := &hcl.BodySchema{}
	for _, a := range b.Attributes {
		s.Attributes = append(s.Attributes, hcl.AttributeSchema{Name: a.Name})
	}
	for _, n := range b.Blocks {
		s.Blocks = append(s.Blocks, n.header())
	}
	return s
}

// header is a block as HCL wants it.
func (b *Block) header() hcl.BlockHeaderSchema {
	h := hcl.BlockHeaderSchema{Type: b.Name}
	if b.Label != "" {
		h.LabelNames = []string{b.Label}
	}
	return h
}

// Schema is the language: what may stand at the top of a file, and inside. It
// is the one table from which bodies are decoded and from which documentation
// and other schemas can be made.
func Schema() *Block {
	plan := &Block{Name: "plan", Doc: "A plan or library file.", Blocks: []*Block{
		{Name: "bossplan", Single: true, Doc: "Which program may run this file.", Attributes: []Attribute{
			{Name: "required_version", Kind: KindVersion, Doc: "Versions of bossplan that understand the file; read before anything else."},
		}},
		{Name: "import", Doc: "Takes the declarations of another file.", Attributes: []Attribute{
			{Name: "source", Kind: KindSource, Required: true, Doc: "Path of the file, relative to this one and below the plan's directory."},
			{Name: "variables", Kind: KindValues, Doc: "Values for variables of the imported file."},
		}},
		{Name: "variable", Label: "name", Doc: "An input of the plan.", Attributes: []Attribute{
			{Name: "type", Kind: KindType, Doc: "What values are accepted; without it the default's type decides."},
			{Name: "default", Kind: KindAny, Doc: "Its value where none is given; without it one must be given."},
			{Name: "description", Kind: KindText, Doc: "What it is for."},
			{Name: "sensitive", Kind: KindBool, Default: "false", Doc: "Its value is never shown."},
			{Name: "env", Kind: KindText, Doc: "Name of an environment variable that may set it."},
		}, Blocks: []*Block{
			{Name: "validation", Doc: "A rule for the value.", Attributes: []Attribute{
				{Name: "condition", Kind: KindCondition, Required: true, Doc: "True where the value is right."},
				{Name: "error_message", Kind: KindText, Required: true, Doc: "What to say where it is not."},
			}},
		}},
		{Name: "locals", Doc: "Named values."},
		hostSchema(), dataSchema(), userClassSchema(), scenarioSchema(), thresholdSchema(), probeSchema(), guardSchema(), reportSchema(),
	}}
	repeatable(plan)
	return plan
}

// repeatable gives every labelled block its for_each. Variables have none: they
// are what the keys may be made of.
func repeatable(b *Block) {
	for _, n := range b.Blocks {
		if n.Label != "" && n.Name != "variable" {
			n.Attributes = append(n.Attributes, Attribute{
				Name: "for_each", Kind: KindEach,
				Doc: "A map or a set of texts: the block stands once for each, with each.key and each.value in it.",
			})
		}
		repeatable(n)
	}
}
