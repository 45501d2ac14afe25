package planview

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"bossplan/interp/wire"
	"bossplan/plan"
)

var update = flag.Bool("update", false, "write the golden files")

// shop is a plan with everything that can be shown.
func shop(t *testing.T) (*plan.Plan, Options) {
	t.Helper()
	p, diags := plan.Load(filepath.Join("testdata", "shop.hcl"), plan.Inputs{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	o := Options{
		Width: 80, Latency: 120 * time.Millisecond, Lints: plan.Lint(p, plan.Machine{}), Interpreted: []string{"testdata/shop.hcl:57"}, Verbose: true,
		Carried: map[*plan.Host]wire.Choice{p.Hosts[0]: {Transport: "std", Why: "TLS"}, p.Hosts[1]: {Transport: "io_uring", Why: "plain HTTP/1.1 on Linux"}},
		Files:   500,
	}
	for _, l := range p.Lacks(plan.Machine{Ports: 40, Files: o.Files}, func(h *plan.Host) bool { return h == p.Hosts[0] }) {
		o.Lacks = append(o.Lacks, Lack{l, l.Mend()})
	}
	return p, o
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestWrite(t *testing.T) {
	p, o := shop(t)
	var b bytes.Buffer
	if err := Write(&b, p, o); err != nil {
		t.Fatal(err)
	}
	golden(t, "shop.txt", b.Bytes())
	for i, line := range strings.Split(b.String(), "\n") {
		if n := utf8.RuneCountInString(line); n > o.Width {
			t.Errorf("line %d is %d wide: %s", i+1, n, line)
		}
		if strings.ContainsAny(line, "\x1b\r\t") || strings.Contains(line, "s3cr3t") {
			t.Errorf("line %d shows what it must not: %q", i+1, line)
		}
	}
}

func TestJSON(t *testing.T) {
	p, o := shop(t)
	var b bytes.Buffer
	if err := JSON(&b, p, o); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "s3cr3t") {
		t.Error("a sensitive value is shown")
	}
	schema(t, b.Bytes())
	var none bytes.Buffer
	if err := JSON(&none, &plan.Plan{}, Options{}); err != nil {
		t.Fatal(err)
	}
	schema(t, none.Bytes())
	if strings.Contains(none.String(), ": null") {
		t.Errorf("a list is null:\n%s", none.String())
	}
}

const schemaFile = "../../../../docs/plan.schema.json"

// schema holds a document against docs/plan.schema.json.
func schema(t *testing.T, content []byte) {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(document); err != nil {
		t.Errorf("the document is not as its schema says: %v", err)
	}
}

// TestSchemaHasAll holds that the schema has every field of the document, that
// all are required and explained or plain by their name, and that it has no
// others.
func TestSchemaHasAll(t *testing.T) {
	content, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Properties           map[string]any `json:"properties"`
		Required             []string       `json:"required"`
		AdditionalProperties *bool          `json:"additionalProperties"`
	}
	var s struct {
		object
		Definitions map[string]object `json:"definitions"`
	}
	if err := json.Unmarshal(content, &s); err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	note := func(name string, o object) {
		for field := range o.Properties {
			got[name] = append(got[name], field)
		}
		slices.Sort(got[name])
		slices.Sort(o.Required)
		if !slices.Equal(got[name], o.Required) || o.AdditionalProperties == nil || *o.AdditionalProperties {
			t.Errorf("%s requires %v, and lets others in or not: %v", name, o.Required, o.AdditionalProperties)
		}
	}
	note("document", s.object)
	for name, o := range s.Definitions {
		note(name, o)
	}
	want := map[string][]string{}
	fieldsOf(reflect.TypeFor[document](), want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/plan.schema.json (-document +schema):\n%s", diff)
	}
}

// fieldsOf notes the JSON names of a type's fields and of all types below it.
func fieldsOf(t reflect.Type, list map[string][]string) {
	if t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		fieldsOf(t.Elem(), list)
		return
	}
	name := strings.TrimSuffix(t.Name(), "Info")
	if t.Kind() != reflect.Struct || list[name] != nil {
		return
	}
	for i := range t.NumField() {
		list[name] = append(list[name], t.Field(i).Tag.Get("json"))
		fieldsOf(t.Field(i).Type, list)
	}
	slices.Sort(list[name])
}
