package reports

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bossplan/interp/record"
)

// TestRunFileMatchesSchema holds run.json against docs/run.schema.json, and the
// schema against run.json: every field is in both.
func TestRunFileMatchesSchema(t *testing.T) {
	s := loadSchema(t)
	b, v := heavy()
	b.Abort = &record.Abort{Threshold: 0, At: 24 * time.Second, Detail: "p95 was above 1s for 10s"}
	b.Windows = []record.Windows{{Threshold: 0, Width: 10 * time.Second, Points: []record.Window{
		{Start: 0, Due: 40, Samples: 40, Value: 12.5}, {Start: 10 * time.Second, Due: 3},
	}}}
	if problems := s.check(t, read(t, streamed(t, b, v), "run.json")); len(problems) > 0 {
		t.Errorf("run.json is not as its schema says:\n%s", strings.Join(problems, "\n"))
	}
	if missed := s.unseen(); len(missed) > 0 {
		t.Errorf("the schema has fields that no run.json had:\n%s", strings.Join(missed, "\n"))
	}
}

// TestCheckpointMatchesSchema does the same with what a killed process leaves.
func TestCheckpointMatchesSchema(t *testing.T) {
	dir := t.TempDir()
	stream, err := NewStream(dir, newBuilder().Record)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.closeFiles(); err != nil {
		t.Fatal(err)
	}
	if problems := loadSchema(t).check(t, read(t, dir, runFileName)); len(problems) > 0 {
		t.Errorf("the checkpoint is not as its schema says:\n%s", strings.Join(problems, "\n"))
	}
}

// TestSchemaChecks shows that the checker sees what it is there for.
func TestSchemaChecks(t *testing.T) {
	for name, change := range map[string]func(map[string]any){
		"/verdict/status: is not one of the values": func(f map[string]any) { f["verdict"].(map[string]any)["status"] = "GREEN" },
		"/extra: is not in the schema":              func(f map[string]any) { f["extra"] = 1.0 },
		"/generator/cores: is missing":              func(f map[string]any) { delete(f["generator"].(map[string]any), "cores") },
		"/totals/count: is a number":                func(f map[string]any) { f["totals"].(map[string]any)["count"] = 1.5 },
		"/errors: is a null":                        func(f map[string]any) { f["errors"] = nil },
	} {
		b, v := heavy()
		var f map[string]any
		if err := json.Unmarshal(read(t, streamed(t, b, v), runFileName), &f); err != nil {
			t.Fatal(err)
		}
		change(f)
		content, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if problems := loadSchema(t).check(t, content); len(problems) != 1 || !strings.HasPrefix(problems[0], name) {
			t.Errorf("want one problem %q, got %q", name, problems)
		}
	}
}

// A schema checks documents against the keywords that run.schema.json uses.
type schema struct {
	root     map[string]any
	seen     map[string]bool // properties that a document had, by their place in the schema
	problems []string
}

func loadSchema(t *testing.T) *schema {
	t.Helper()
	s := &schema{seen: map[string]bool{}}
	if err := json.Unmarshal(read(t, "..", "docs", "run.schema.json"), &s.root); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *schema) check(t *testing.T, content []byte) []string {
	t.Helper()
	var document any
	if err := json.Unmarshal(content, &document); err != nil {
		t.Fatal(err)
	}
	s.problems = nil
	s.value(s.root, "#", document, "")
	slices.Sort(s.problems)
	return s.problems
}

func (s *schema) fail(path, format string, args ...any) {
	s.problems = append(s.problems, path+": "+fmt.Sprintf(format, args...))
}

// value checks one value; at is the place of its rules in the schema.
func (s *schema) value(rules map[string]any, at string, v any, path string) {
	if ref, ok := rules["$ref"].(string); ok {
		at = ref
		rules = s.root["definitions"].(map[string]any)[strings.TrimPrefix(ref, "#/definitions/")].(map[string]any)
	}
	for keyword := range rules {
		if !slices.Contains([]string{"$schema", "title", "description", "definitions", "type", "properties", "required", "additionalProperties", "items", "enum"}, keyword) {
			s.fail(path, "the schema's keyword %q is not one that is checked", keyword)
		}
	}
	if kind := kindOf(v); !allows(rules["type"], kind) {
		s.fail(path, "is a %s, want %v", kind, rules["type"])
		return
	}
	if enum, ok := rules["enum"].([]any); ok && !slices.Contains(enum, v) {
		s.fail(path, "is not one of the values %v: %v", enum, v)
	}
	switch v := v.(type) {
	case map[string]any:
		s.object(rules, at, v, path)
	case []any:
		items, ok := rules["items"].(map[string]any)
		if !ok {
			s.fail(path, "the schema does not say what is in this list")
			return
		}
		for i, item := range v {
			s.value(items, at+"[]", item, fmt.Sprintf("%s/%d", path, i))
		}
	}
}

func (s *schema) object(rules map[string]any, at string, v map[string]any, path string) {
	properties, _ := rules["properties"].(map[string]any)
	if rules["additionalProperties"] != false {
		s.fail(path, "the schema lets other properties in")
	}
	for _, name := range rules["required"].([]any) {
		if _, has := v[name.(string)]; !has {
			s.fail(path+"/"+name.(string), "is missing")
		}
	}
	for name, inner := range v {
		known, ok := properties[name].(map[string]any)
		if !ok {
			s.fail(path+"/"+name, "is not in the schema")
			continue
		}
		s.seen[at+"/"+name] = true
		s.value(known, at+"/"+name, inner, path+"/"+name)
	}
}

// unseen are the schema's properties that no document had.
func (s *schema) unseen() []string {
	return slices.DeleteFunc(s.places(), func(place string) bool { return s.seen[place] })
}

// places are those of all properties in the schema, sorted.
func (s *schema) places() []string {
	all := placesIn(s.root, "#")
	for name, definition := range s.root["definitions"].(map[string]any) {
		all = append(all, placesIn(definition.(map[string]any), "#/definitions/"+name)...)
	}
	slices.Sort(all)
	return all
}

func placesIn(rules map[string]any, at string) (all []string) {
	if items, ok := rules["items"].(map[string]any); ok {
		all = placesIn(items, at+"[]")
	}
	properties, _ := rules["properties"].(map[string]any)
	for name, inner := range properties {
		all = append(all, at+"/"+name)
		all = append(all, placesIn(inner.(map[string]any), at+"/"+name)...)
	}
	return all
}

// kindOf is the type of a value in JSON Schema's words.
func kindOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	}
	return "object"
}

// allows reports whether a type keyword, one type or several, allows a kind.
func allows(keyword any, kind string) bool {
	list, ok := keyword.([]any)
	if !ok {
		list = []any{keyword}
	}
	return slices.Contains(list, any(kind)) || kind == "integer" && slices.Contains(list, any("number"))
}

// TestSchemaInDocs finds every field of the schema in docs/run-record.md.
func TestSchemaInDocs(t *testing.T) {
	s := loadSchema(t)
	content, err := os.ReadFile(filepath.Join("..", "docs", "run-record.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range s.places() {
		if name := place[strings.LastIndex(place, "/")+1:]; !strings.Contains(string(content), "`"+name+"`") {
			t.Errorf("docs/run-record.md does not explain %s", place)
		}
	}
}
