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
)

// A Block is what the language knows of one kind of block.
type Block struct {
	Name       string
	Label      string   // what its label is called; empty: it has none
	Labels     []string // the only labels there are; empty: any identifier
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

// bodySchema is the table as HCL wants it. That an attribute is required is
// left out: our own message says what it is for.
func (b *Block) bodySchema() *hcl.BodySchema {
	s := &hcl.BodySchema{}
	for _, a := range b.Attributes {
		s.Attributes = append(s.Attributes, hcl.AttributeSchema{Name: a.Name})
	}
	for _, n := range b.Blocks {
		h := hcl.BlockHeaderSchema{Type: n.Name}
		if n.Label != "" {
			h.LabelNames = []string{n.Label}
		}
		s.Blocks = append(s.Blocks, h)
	}
	return s
}

// Schema is the language: what may stand at the top of a file, and inside. It
// is the one table from which bodies are decoded and from which documentation
// and other schemas can be made.
func Schema() *Block {
	return &Block{Name: "plan", Doc: "A plan or library file.", Blocks: []*Block{
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
		hostSchema(), userClassSchema(), scenarioSchema(), thresholdSchema(), probeSchema(), reportSchema(),
	}}
}

func hostSchema() *Block {
	return &Block{Name: "host", Label: "name", Doc: "A service under test.", Attributes: []Attribute{
		{Name: "base_url", Kind: KindText, Required: true, Shown: true, Doc: "Where it is: http or https, a host name, and a path that all requests begin with."},
		{Name: "timeout", Kind: KindDuration, Default: "30s", Doc: "Of a request, from its start to the last byte of its answer."},
		{Name: "connect_timeout", Kind: KindDuration, Default: "10s", Doc: "Of opening a connection."},
		{Name: "headers", Kind: KindFields, Doc: "Sent with every request."},
		{Name: "http", Kind: KindText, Default: "auto", Values: []string{"1.1", "2", "auto"}, Doc: "Version of HTTP."},
		{Name: "connections", Kind: KindSharing, Default: "per_user", Min: 1, Max: 1e6, Doc: "A connection for each user, or a number shared by all."},
		{Name: "follow_redirects", Kind: KindInteger, Default: "0", Max: 100, Doc: "How many redirects to follow; with none a redirect is an answer like any other."},
		{Name: "cookies", Kind: KindBool, Default: "true", Doc: "Keep cookies, per user."},
		{Name: "max_rate", Kind: KindRate, Doc: "Requests over all users are held back to this rate."},
	}, Blocks: []*Block{
		{Name: "tls", Single: true, Doc: "How certificates are checked and shown.", Attributes: []Attribute{
			{Name: "ca_file", Kind: KindText, Doc: "PEM file of the authorities that are trusted."},
			{Name: "cert_file", Kind: KindText, Doc: "PEM file of the certificate that is shown to the host."},
			{Name: "key_file", Kind: KindText, Doc: "PEM file of its key."},
			{Name: "server_name", Kind: KindText, Doc: "Name that the host's certificate must have."},
			{Name: "insecure_skip_verify", Kind: KindBool, Default: "false", Doc: "Accept any certificate."},
		}},
		{Name: "auth", Single: true, Doc: "What goes into the Authorization header.", Attributes: []Attribute{
			{Name: "bearer", Kind: KindTemplate, Doc: "A bearer token."},
		}, Blocks: []*Block{
			{Name: "basic", Single: true, Doc: "A user name and a password.", Attributes: []Attribute{
				{Name: "username", Kind: KindTemplate, Required: true, Doc: "The user name."},
				{Name: "password", Kind: KindTemplate, Required: true, Doc: "The password."},
			}},
		}},
	}}
}

func userClassSchema() *Block {
	return &Block{Name: "user_class", Label: "name", Doc: "A kind of user.", Attributes: []Attribute{
		{Name: "host", Kind: KindReference, Required: true, Doc: "The service its requests go to."},
		{Name: "weight", Kind: KindNumber, Max: 1e9, Doc: "Its share among the classes of a scenario."},
		{Name: "fixed_count", Kind: KindInteger, Min: 1, Max: 1e7, Doc: "So many users of this class, whatever the level."},
		{Name: "wait", Kind: KindWait, Doc: "The pause between two requests of a user; none without it."},
		{Name: "headers", Kind: KindFields, Doc: "Sent with each of its requests."},
		{Name: "tags", Kind: KindTexts, Doc: "For your own use in reports."},
		{Name: "mix", Kind: KindText, Default: "exact", Values: []string{"exact", "random"}, Doc: "How a user chooses its next request."},
	}, Blocks: []*Block{
		{Name: "request", Label: "name", Doc: "One weighted HTTP request.", Attributes: []Attribute{
			{Name: "weight", Kind: KindNumber, Default: "1", Max: 1e9, Doc: "Its share among the requests of the class."},
			{Name: "method", Kind: KindText, Default: "GET", Doc: "The HTTP method."},
			{Name: "path", Kind: KindTemplate, Required: true, Doc: "Appended to the host's base_url; begins with a slash."},
			{Name: "query", Kind: KindFields, Doc: "Parameters of the query."},
			{Name: "headers", Kind: KindFields, Doc: "Sent with the request; null removes one of the host or class."},
			{Name: "body", Kind: KindTemplate, Doc: "What is sent, as it is."},
			{Name: "json", Kind: KindJSON, Doc: "What is sent, written as JSON."},
			{Name: "form", Kind: KindFields, Doc: "What is sent, as fields of a form."},
			{Name: "expect_status", Kind: KindStatuses, Doc: `Status codes that are no failure; ["200-399"] without it.`},
			{Name: "timeout", Kind: KindDuration, Doc: "The host's without it."},
			{Name: "name", Kind: KindText, Shown: true, Doc: "The row it is counted under; its label without it."},
			{Name: "tags", Kind: KindTexts, Doc: "For your own use in reports."},
		}},
	}}
}

func scenarioSchema() *Block {
	return &Block{Name: "scenario", Label: "name", Doc: "A workload: who, in which stages, after what.", Attributes: []Attribute{
		{Name: "user_classes", Kind: KindReferences, Required: true, Doc: "The kinds of users in it."},
		{Name: "after", Kind: KindReferences, Doc: "Scenarios that must have ended before it starts."},
		{Name: "start_delay", Kind: KindDuration, Default: "0s", Doc: "Before its first stage."},
		{Name: "graceful_stop", Kind: KindDuration, Default: "30s", Doc: "For requests in flight at its end."},
		{Name: "on_late", Kind: KindText, Default: "queue", Values: []string{"queue", "drop"}, Doc: "Open model: what happens to an iteration that is due while max_in_flight are running."},
		{Name: "max_in_flight", Kind: KindInteger, Default: "1000", Min: 1, Max: 1e6, Doc: "Open model: iterations at the same time."},
	}, Blocks: []*Block{
		{Name: "stage", Label: "name", Doc: "A level and how long it is held.", Attributes: []Attribute{
			{Name: "users", Kind: KindInteger, Max: 1e7, Doc: "Closed model: the number of users to reach."},
			{Name: "rate", Kind: KindRate, Doc: "Open model: the iterations a second to reach."},
			{Name: "spawn_rate", Kind: KindSpeed, Doc: "Closed model: users a second on the way there."},
			{Name: "ramp", Kind: KindDuration, Doc: "Time in which the level is reached; at once without it."},
			{Name: "arrivals", Kind: KindText, Default: "poisson", Values: []string{"poisson", "even"}, Doc: "Open model: how iterations are spaced."},
			{Name: "duration", Kind: KindDuration, Required: true, Doc: "Of the whole stage, ramp included."},
			{Name: "iterations", Kind: KindInteger, Min: 1, Max: 1e15, Doc: "The stage ends after so many; duration is then its limit."},
			{Name: "warmup", Kind: KindBool, Default: "false", Doc: "Keep the stage out of all that is judged."},
		}},
	}}
}

func thresholdSchema() *Block {
	return &Block{Name: "threshold", Label: "name", Doc: "An assertion about a metric.", Attributes: []Attribute{
		{Name: "metric", Kind: KindMetric, Required: true, Doc: "What is judged."},
		{Name: "target", Kind: KindBound, Required: true, Shown: true, Doc: "What is wanted; missing it is a warning."},
		{Name: "critical", Kind: KindBound, Shown: true, Doc: "What is needed; missing it is a failure."},
		{Name: "of", Kind: KindReference, Doc: "Only this scenario, user class or request."},
		{Name: "outcome", Kind: KindText, Default: "ok", Values: []string{"ok", "failed", "any"}, Doc: "Time metrics: which requests are looked at."},
		{Name: "stages", Kind: KindReferences, Doc: "Only these stages."},
		{Name: "per", Kind: KindText, Values: []string{"request"}, Doc: "The bound must hold for each request; the worst is shown."},
		{Name: "window", Kind: KindDuration, Doc: "The bound must hold in every window of whole seconds; the worst is shown."},
		{Name: "min_samples", Kind: KindInteger, Default: "1", Min: 1, Max: 1e15, Doc: "With fewer there is no verdict."},
	}, Blocks: []*Block{
		{Name: "abort", Single: true, Doc: "Stops the run where the bound stays broken.", Attributes: []Attribute{
			{Name: "for", Kind: KindDuration, Required: true, Doc: "How long it must have been broken without a break."},
			{Name: "window", Kind: KindDuration, Default: "10s", Doc: "The time that is looked back on, in whole seconds."},
		}},
	}}
}

func probeSchema() *Block {
	reading := []Attribute{{Name: "value", Kind: KindReading, Required: true, Doc: "A number, read from the answer: response.json.hits."}}
	return &Block{Name: "probe", Label: "name", Doc: "A figure of the server, sampled beside the load and never counted in it.", Attributes: []Attribute{
		{Name: "kind", Kind: KindText, Default: "http", Values: []string{"http"}, Doc: "How it is read."},
		{Name: "host", Kind: KindReference, Required: true, Doc: "The service that is asked."},
		{Name: "path", Kind: KindText, Required: true, Doc: "Appended to the host's base_url; begins with a slash."},
		{Name: "method", Kind: KindText, Default: "GET", Doc: "The HTTP method."},
		{Name: "headers", Kind: KindTexts, Doc: "Sent with the request, besides the host's."},
		{Name: "timeout", Kind: KindDuration, Doc: "The host's without it."},
		{Name: "expect_status", Kind: KindStatuses, Doc: `Status codes of an answer that can be read; ["200-399"] without it.`},
		{Name: "interval", Kind: KindDuration, Default: "5s", Doc: "From one sample to the next."},
	}, Blocks: []*Block{
		{Name: "gauge", Label: "name", Doc: "A figure that goes up and down.", Attributes: reading},
		{Name: "counter", Label: "name", Doc: "A figure that only grows, judged by its increase.", Attributes: reading},
	}}
}

func reportSchema() *Block {
	return &Block{
		Name: "report", Label: "kind", Labels: []string{"html", "csv", "json", "junit", "markdown", "hlog"},
		Doc: "An artefact to write, inside the run's directory.",
		Attributes: []Attribute{
			{Name: "path", Kind: KindText, Shown: true, Doc: "Its file; for csv what its files' names begin with."},
		},
	}
}

// comingBlock reports whether a block belongs to the language but not yet to this version.
func comingBlock(name string) bool {
	switch name {
	case "data", "flow", "on_start", "on_stop", "check", "capture", "guard":
		return true
	}
	return false
}

// comingAttribute is the same for attributes.
func comingAttribute(name string) bool {
	switch name {
	case "for_each", "body_file", "when", "repeat":
		return true
	}
	return false
}

// comingName is the same for the first part of a name in an expression.
func comingName(name string) bool {
	switch name {
	case "data", "each", "row", "vars", "guard":
		return true
	}
	return false
}
