package plan

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// TestFormat formats testdata/format/*.in and compares with *.want.
func TestFormat(t *testing.T) {
	inputs, err := filepath.Glob(filepath.Join("testdata", "format", "*.in"))
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no inputs: %v", err)
	}
	for _, input := range inputs {
		src := mustRead(t, input)
		if strings.HasSuffix(input, "crlf.in") {
			src = bytes.ReplaceAll(src, []byte("\n"), []byte("\r\n"))
		}
		got := checkFormat(t, input, src)
		golden := strings.TrimSuffix(input, ".in") + ".want"
		if *updateDocs {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(mustRead(t, golden)), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", input, diff)
		}
	}
}

// TestFormatShipped holds the plans that come with the program to their layout.
func TestFormatShipped(t *testing.T) {
	plans, libraries, err := Discover([]string{filepath.Join("..", "plans")}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(plans, libraries...) {
		src := mustRead(t, file)
		got, diags := Format(src, file)
		if diff := cmp.Diff(string(src), string(got)); diff != "" || len(diags) > 0 {
			t.Errorf("%s is not in the canonical layout; run bossplan fmt plans: %v\n%s", file, diags, diff)
		}
	}
}

// TestFormatFixtures formats every plan of the other tests.
func TestFormatFixtures(t *testing.T) {
	err := filepath.WalkDir("testdata", func(name string, entry os.DirEntry, err error) error {
		if err == nil && filepath.Ext(name) == ".hcl" && entry.Type().IsRegular() {
			src := mustRead(t, name)
			if _, diags := Format(src, name); !diags.HasErrors() {
				checkFormat(t, name, src)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func mustRead(t *testing.T, name string) []byte {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// checkFormat formats a text and checks that it means the same, that formatting
// again changes nothing, and what is true of every formatted text.
func checkFormat(t *testing.T, name string, src []byte) []byte {
	t.Helper()
	once, diags := Format(src, "p.hcl")
	if diags.HasErrors() {
		t.Fatalf("%s: %v\n%s", name, diags, src)
	}
	twice, diags := Format(once, "p.hcl")
	if diags.HasErrors() {
		t.Fatalf("%s: the formatted text is not HCL: %v\n%s\nbecame\n%s", name, diags, src, once)
	}
	if diff := cmp.Diff(string(once), string(twice)); diff != "" {
		t.Fatalf("%s: formatting twice is not formatting once (-once +twice):\n%s", name, diff)
	}
	if diff := cmp.Diff(meaning(t, src), meaning(t, once)); diff != "" {
		t.Fatalf("%s: the text means something else (-before +after):\n%s\n%s\nbecame\n%s", name, diff, src, once)
	}
	if before, after := comments(src), comments(once); !slices.Equal(before, after) {
		t.Fatalf("%s: the comments were %q and are %q", name, before, after)
	}
	if len(once) > 0 && (!bytes.HasSuffix(once, []byte("\n")) || bytes.HasPrefix(once, []byte("\n")) ||
		bytes.HasSuffix(once, []byte("\n\n")) && len(heredocs(once)) == 0) {
		t.Fatalf("%s: blank lines at an end:\n%q", name, once)
	}
	return once
}

// comments are the texts of a file's comments, without white space.
func comments(src []byte) []string {
	tokens, _ := hclsyntax.LexConfig(src, "", hcl.InitialPos)
	var list []string
	for _, token := range tokens {
		if token.Type == hclsyntax.TokenComment {
			list = append(list, strings.Join(strings.Fields(string(token.Bytes)), " "))
		}
	}
	return list
}

// meaning writes what a text means: its syntax tree without places, parentheses
// and templates that are one value.
func meaning(t *testing.T, src []byte) string {
	t.Helper()
	parsed, diags := hclsyntax.ParseConfig(src, "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v\n%s", diags, src)
	}
	var b strings.Builder
	writeMeaning(&b, reflect.ValueOf(parsed.Body), "\n")
	return b.String()
}

func writeMeaning(b *strings.Builder, v reflect.Value, indent string) {
	for v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil() {
		b.WriteString("nil")
		return
	}
	switch x := v.Interface().(type) {
	case cty.Value:
		b.WriteString(x.GoString())
		return
	case *hclsyntax.TemplateWrapExpr:
		writeMeaning(b, reflect.ValueOf(x.Wrapped), indent)
		return
	case *hclsyntax.ParenthesesExpr:
		writeMeaning(b, reflect.ValueOf(x.Expression), indent)
		return
	case *hclsyntax.ObjectConsKeyExpr:
		if key := hcl.ExprAsKeyword(x.Wrapped); key != "" && !x.ForceNonLiteral {
			fmt.Fprintf(b, "%q", key)
			return
		}
		writeMeaning(b, reflect.ValueOf(x.Wrapped), indent)
		return
	case hclsyntax.Attributes:
		list := []*hclsyntax.Attribute{}
		for _, a := range x {
			list = append(list, a)
		}
		slices.SortFunc(list, func(a, b *hclsyntax.Attribute) int { return a.SrcRange.Start.Byte - b.SrcRange.Start.Byte })
		writeMeaning(b, reflect.ValueOf(list), indent)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		writeMeaning(b, v.Elem(), indent)
	case reflect.Slice:
		for i := range v.Len() {
			b.WriteString(indent + "- ")
			writeMeaning(b, v.Index(i), indent+"  ")
		}
	case reflect.Struct:
		b.WriteString(v.Type().Name())
		for i := range v.NumField() {
			f := v.Type().Field(i)
			ranges := f.Type == reflect.TypeFor[hcl.Range]() || f.Type == reflect.TypeFor[[]hcl.Range]()
			if f.IsExported() && !ranges && f.Name != "Symbol" {
				b.WriteString(indent + f.Name + " ")
				writeMeaning(b, v.Field(i), indent+"  ")
			}
		}
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int32:
		fmt.Fprintf(b, "%#v", v.Interface())
	default:
		fmt.Fprintf(b, "%s", v.Type())
	}
}

func TestFormatRefuses(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"p.hcl", "a {\n", "p.hcl:1,3-4: Block is not closed"},
		{"p.hcl", "\xff = 1\n", "p.hcl:1,1-1: Cannot read plan file; p.hcl: it is not UTF-8 text: line 1 has other bytes; save it as UTF-8."},
		{"p.hcl", "\ufeffa = 1\n", "Cannot read plan file"},
		{"p.hcl", "a = " + strings.Repeat("[", 100000), "Nested too deeply"},
		{"p.yaml", "a:\n    b: 1\n", "p.yaml:2,1-5: Not indented by two spaces"},
		{"p.yaml", "a:\n   - b: 1\n", "p.yaml:2,1-4: Not indented by two spaces"},
		{"p.yaml", "a:\n  - b: 1\n    c:\n      - 1\n      - x:\n           y: 1\n", "p.yaml:6,1-12: Not indented by two spaces"},
		{"p.yaml", "a: 1 \nb: 2\t\nc: 3\n", "p.yaml:1,5-6: Space at the end of a line; Remove it. This and 1 more lines have it."},
		{"p.yaml", "a: 1\r\nb: 2\r\n", "p.yaml:1,5-6: Line ends with CR LF"},
		{"p.yaml", "a: 1", "p.yaml:1,5-5: No line break at the end of the file"},
		{"p.yaml", "a: 1\n\n", "p.yaml:2,1-1: Blank lines at the end of the file"},
		{"p.yaml", "a: \"1\t2\"\n", "p.yaml:1,6-7: Tab"},
		{"p.json", "{\n    \"a\": 1\n}\n", "p.json:2,1-5: Not indented by two spaces"},
		{"p.json", "{\n\t\"a\": 1\n}\n", "p.json:2,1-2: Not indented by two spaces"},
		{"p.json", "{\n  \"a\": [\n  1\n  ]\n}\n", "p.json:3,1-3: Not indented by two spaces"},
	} {
		src := []byte(test.src)
		got, diags := Format(src, test.name)
		if !bytes.Equal(got, src) {
			t.Errorf("%q was changed to %q", test.src, got)
		}
		if !diags.HasErrors() || !strings.Contains(diags.Error(), test.want) {
			t.Errorf("%.60q: got %v, want %q", test.src, diags, test.want)
		}
	}
}

func TestFormatAccepts(t *testing.T) {
	for _, test := range []struct{ name, src string }{
		{"p.yaml", ""},
		{"p.yaml", "# only a comment\n"},
		{"p.yaml", "a:\n  b:\n    - c: 1\n      d: 2\n    -\n      e: 3\n  f:\n  - 1\n  - - 2\n    - 3\n"},
		{"p.yaml", "a: |\n  text \n\n      \tdeep\n  b\nc: >-\n  x\nd: { e: 1,\n     f: 2 }\n"},
		{"p.yaml", "a:\n  - |\n    text \n  - 2\n"},
		{"p.yaml", "a: &x\n  b: 1\nc: *x\n"},
		{"p.json", "{}\n"},
		{"p.json", "{\n  \"a\": [1, 2],\n  \"b{\": \"[\\\"{\",\n  \"c\": {\n    \"d\": null\n  }\n}\n"},
	} {
		if _, diags := Format([]byte(test.src), test.name); len(diags) > 0 {
			t.Errorf("%s %q: %v", test.name, test.src, diags)
		}
	}
}
