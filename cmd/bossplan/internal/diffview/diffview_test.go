package diffview

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
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"bossplan/plan"
)

var update = flag.Bool("update", false, "write the golden files")

// report is one with a plan of every state.
func report(t *testing.T) *Report {
	t.Helper()
	load := func(name string) *plan.Plan {
		p, diags := plan.Load(filepath.Join("testdata", name), plan.Inputs{AllowMissing: true})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		return p
	}
	base, head, missing := load("base.hcl"), load("head.hcl"), load("missing.hcl")
	return &Report{
		Base: Side{Name: "main", Revision: "0123456789abcdef0123456789abcdef01234567"}, Head: Side{Name: "work tree"},
		Plans: []Plan{
			{File: "plans/shop.hcl", Difference: plan.Diff(base, head)},
			{File: "plans/shop_too.hcl", Difference: plan.Diff(base, head)},
			{File: "plans/same.hcl", Difference: plan.Diff(base, base)},
			{File: "plans/new.hcl", Difference: plan.Diff(nil, base)},
			{File: "plans/old.hcl", Difference: plan.Diff(base, nil)},
			{File: "plans/missing.hcl", Difference: plan.Diff(base, missing)},
			{File: "plans/broken.hcl", Diagnostics: []Diagnostic{
				{Side: "head", Summary: "Unknown argument", Detail: "There is no argument \"user\" in a stage.", File: "plans/broken.hcl", Line: 3, Column: 5},
				{Side: "base", Summary: "Cannot read plan file", Detail: "plans/broken.hcl: there is no such file."},
			}},
		},
	}
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

func TestWriteText(t *testing.T) {
	var plain, colored bytes.Buffer
	if err := report(t).WriteText(&plain, TextOptions{Width: 120}); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.txt", plain.Bytes())
	if err := report(t).WriteText(&colored, TextOptions{Width: 120, Color: true}); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(colored.String(), "\x1b[1;31mDANGER") {
		t.Error("a danger has no colour")
	}
	for _, line := range strings.Split(plain.String(), "\n") {
		if strings.ContainsAny(line, "\x1b\r\t") || strings.HasSuffix(line, " ") {
			t.Errorf("a line is not clean: %q", line)
		}
	}
}

func TestWriteMarkdown(t *testing.T) {
	var b bytes.Buffer
	if err := report(t).WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.md", b.Bytes())
	columns := 0
	for _, line := range strings.Split(b.String(), "\n") {
		switch {
		case !strings.HasPrefix(line, "|"):
			columns = 0
		case columns == 0:
			columns = strings.Count(line, "|")
		case columns != strings.Count(line, "|"):
			t.Errorf("a row of another width: %s", line)
		}
	}
}

// TestSecrets shows that nothing writes a secret.
func TestSecrets(t *testing.T) {
	var b bytes.Buffer
	r := report(t)
	if err := r.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteText(&b, TextOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := r.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "s3cr3t") {
		t.Error("a secret is shown")
	}
}

// TestHostile shows that names and values stay letters.
func TestHostile(t *testing.T) {
	text := "a|b`c<img src=x>*d*_e_[f](http://g.test)@h #1 www.i.test ~~j~~\n\x1b[31m\u202e$k$ \\"
	r := &Report{
		Base: Side{Name: text}, Head: Side{Name: text},
		Plans: []Plan{{File: text, Difference: &plan.Difference{
			Base: &plan.Plan{}, Head: &plan.Plan{},
			Changes: []plan.Change{
				{Address: text, Kind: "host", Action: plan.ActionChanged, Severity: plan.Danger, Notes: []string{text}, Settings: []plan.SettingChange{
					{Name: text, From: text, To: text + "x", Severity: plan.Danger, Note: text},
				}},
				{Address: text, Kind: "report", Action: plan.ActionAdded, Severity: plan.Changed, Settings: []plan.SettingChange{{Name: "path", To: text}}},
			},
			Shares: []plan.ShareChange{{Address: text, Base: 1}}, NotLoaded: []string{text},
		}}},
	}
	var plain, markdown bytes.Buffer
	if err := r.WriteText(&plain, TextOptions{Width: 80}); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(plain.String(), "\x1b\u202e") || strings.Count(plain.String(), "\n") != 13 {
		t.Errorf("the text is %q", plain.String())
	}
	if err := r.WriteMarkdown(&markdown); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<img", "](", "`c", "*d*", "_e_", "@h", "#1 ", "www.", "~~", "http://", "$k", "\x1b", "\u202e"} {
		if strings.Contains(markdown.String(), never) {
			t.Errorf("the comment holds %q:\n%s", never, markdown.String())
		}
	}
}

// TestLong shows that a comment stays one that can be posted.
func TestLong(t *testing.T) {
	r := &Report{}
	for i := range 60 {
		d := &plan.Difference{Base: &plan.Plan{}, Head: &plan.Plan{}}
		for range 200 {
			d.Changes = append(d.Changes, plan.Change{
				Address: "host.x" + strings.Repeat("é", i), Action: plan.ActionChanged, Severity: plan.Changed,
				Settings: []plan.SettingChange{{Name: "a", From: strings.Repeat("é", 2000), To: strings.Repeat("é", 2000) + "b", Severity: plan.Changed}},
			})
		}
		r.Plans = append(r.Plans, Plan{File: "p", Difference: d})
	}
	var b bytes.Buffer
	if err := r.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 65_536 || !utf8.Valid(b.Bytes()) || !strings.Contains(b.String(), "more left out") {
		t.Errorf("the comment has %d bytes", b.Len())
	}
}

func TestDiffering(t *testing.T) {
	long := strings.Repeat("a", 300)
	from, to := differing(long+"x"+long, long+"y"+long, 60)
	if !strings.Contains(from, "x") || !strings.Contains(to, "y") || utf8.RuneCountInString(from) > 60 {
		t.Errorf("%s and %s do not show where they differ", from, to)
	}
}

const schemaFile = "../../../../docs/diff.schema.json"

// TestJSON holds the document against docs/diff.schema.json.
func TestJSON(t *testing.T) {
	s, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*Report{"full": report(t), "empty": {}} {
		var b bytes.Buffer
		if err := r.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "[null") || strings.Contains(b.String(), "\"plans\": null") {
			t.Errorf("%s: a list is null:\n%s", name, b.String())
		}
		d, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(d); err != nil {
			t.Errorf("%s is not as its schema says: %v", name, err)
		}
	}
}

// TestSchemaHasAll holds that the schema has every field of the document, all
// of them required, and no others.
func TestSchemaHasAll(t *testing.T) {
	content, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	type object struct {
		Type                 any            `json:"type"`
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
	s.Definitions["document"] = s.object
	for name, o := range s.Definitions {
		if o.Type != "object" {
			continue
		}
		for field := range o.Properties {
			got[name] = append(got[name], field)
		}
		slices.Sort(got[name])
		slices.Sort(o.Required)
		if !slices.Equal(got[name], o.Required) || o.AdditionalProperties == nil || *o.AdditionalProperties {
			t.Errorf("%s does not require all it has, or lets others in", name)
		}
	}
	want := map[string][]string{}
	fieldsOf(reflect.TypeFor[document](), want)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the schema (-document +schema):\n%s", d)
	}
}

// fieldsOf collects the fields of a type of the document and of those in it, by
// the name the schema has for it.
func fieldsOf(ty reflect.Type, into map[string][]string) {
	for ty.Kind() == reflect.Slice || ty.Kind() == reflect.Pointer {
		ty = ty.Elem()
	}
	name := strings.TrimSuffix(ty.Name(), "Document")
	if ty.Kind() != reflect.Struct || into[name] != nil {
		return
	}
	for i := range ty.NumField() {
		into[name] = append(into[name], ty.Field(i).Tag.Get("json"))
		fieldsOf(ty.Field(i).Type, into)
	}
	slices.Sort(into[name])
}
