package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"bossplan/plan"
)

// savedExample is a plan with values of many kinds, as it was saved.
func savedExample(t testing.TB) (*plan.Plan, *savedPlan) {
	t.Helper()
	object := cty.ObjectVal(map[string]cty.Value{"a": cty.TupleVal([]cty.Value{cty.True, cty.NullVal(cty.String)})})
	p := &plan.Plan{
		File: "plans/p.hcl", Sources: []plan.Source{{Name: "plans/p.hcl", Bytes: []byte("x")}, {Name: "plans/lib.hcl", Bytes: []byte("y")}},
		Variables: []*plan.Variable{
			{Name: "flag", Value: cty.True, Source: "--var"},
			{Name: "none", Value: cty.NullVal(cty.String), Source: "default"},
			{Name: "number", Value: cty.NumberFloatVal(0.1), Source: "--var-file v"},
			{Name: "object", Value: object, Source: "--var"},
			{Name: "secret", Value: cty.StringVal("s3cr3t"), Source: "environment SECRET", Sensitive: true},
			{Name: "text", Value: cty.StringVal("${x} \"é\" <&>\x00"), Source: "--var"},
		},
	}
	s, err := newSaved(p, []savedHost{{Address: "host.api", BaseURL: "http://127.0.0.1", Addresses: []string{"127.0.0.1"}}})
	if err != nil {
		t.Fatal(err)
	}
	return p, s
}

func TestSavedRoundTrip(t *testing.T) {
	p, s := savedExample(t)
	name := filepath.Join(t.TempDir(), "a.bossplan")
	if err := writeSaved(name, s); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, []byte("s3cr3t")) || !isSaved(name) {
		t.Errorf("saved as %s", content)
	}
	back, err := readSaved(name)
	if err != nil {
		t.Fatal(err)
	}
	if why := append(back.unfit(), back.compare(p)...); len(why) > 0 {
		t.Errorf("differs from itself: %q", why)
	}
	given := map[string]cty.Value{}
	for _, a := range back.assignments() {
		given[a.Name] = a.Kept.Value
	}
	if len(given) != 4 || !given["text"].RawEquals(p.Variables[5].Value) || !given["number"].Equals(p.Variables[2].Value).True() || !given["flag"].True() {
		t.Errorf("gives again %#v", given)
	}
}

func TestSavedDifferences(t *testing.T) {
	for want, change := range map[string]func(*plan.Plan){
		"file plans/lib.hcl was changed":                            func(p *plan.Plan) { p.Sources[1].Bytes = []byte("z") },
		"file plans/lib.hcl is no longer part of the plan":          func(p *plan.Plan) { p.Sources = p.Sources[:1] },
		"file plans/new.hcl is new":                                 func(p *plan.Plan) { p.Sources = append(p.Sources, plan.Source{Name: "plans/new.hcl"}) },
		"file plans/p.hcl cannot be read; run apply in":             func(p *plan.Plan) { p.Sources = nil },
		"variable flag is gone":                                     func(p *plan.Plan) { p.Variables = p.Variables[1:] },
		"variable new is new":                                       func(p *plan.Plan) { p.Variables = append(p.Variables, &plan.Variable{Name: "new", Value: cty.True}) },
		"variable flag was true (--var) and is now false (--var)":   func(p *plan.Plan) { p.Variables[0].Value = cty.False },
		"variable number was 0.1 (--var-file v) and is now \"0.1\"": func(p *plan.Plan) { p.Variables[2].Value = cty.StringVal("0.1") },
		"variable secret, which is sensitive, has another value":    func(p *plan.Plan) { p.Variables[4].Value = cty.StringVal("hunter2") },
		"variable text has become sensitive":                        func(p *plan.Plan) { p.Variables[5].Sensitive = true },
		"variable text has no value now; it came from: --var":       func(p *plan.Plan) { p.Variables[5].Value = cty.UnknownVal(cty.String) },
	} {
		p, s := savedExample(t)
		change(p)
		got := s.compare(p)
		if len(got) != 1 || !strings.HasPrefix(got[0], want) || strings.Contains(got[0], "hunter2") {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// Whatever is changed in the file is noticed.
func TestSavedTampered(t *testing.T) {
	_, s := savedExample(t)
	content, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{`"plans/p.hcl"`, `"/etc/passwd"`}, {"0.1", "0.2"}, {"127.0.0.1", "127.0.0.2"}, {`"--var"`, `"default"`}, {`"salt":"`, `"salt":"00`},
	} {
		back, err := parseSaved(bytes.Replace(content, []byte(c[0]), []byte(c[1]), 1))
		if err != nil || len(back.unfit()) == 0 {
			t.Errorf("%s for %s is not noticed: %v", c[1], c[0], err)
		}
	}
	for _, hostile := range []string{
		`{"bossplan_saved_plan":"1.0","variables":[{"name":"x","value":1e999999999}]}`,
		`{"bossplan_saved_plan":"1.0","variables":[{"name":"x","value":` + strings.Repeat("9", 1000) + `}]}`,
		`{"bossplan_saved_plan":"1.0","variables":[{"name":"x","value":[` + strings.Repeat("1,", 100_000) + `1]}]}`,
		`{"bossplan_saved_plan":"1.0","variables":[{"name":"x","value":` + strings.Repeat("[", 100_000),
		`{"bossplan_saved_plan":1}`, `[]`, `null`, `{}`, "\x00", `{"bossplan_saved_plan":"1.0"}{}`,
	} {
		start := time.Now()
		if s, err := parseSaved([]byte(hostile)); err == nil {
			t.Errorf("%.80s is read as %+v", hostile, s)
		}
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("%.80s took %v", hostile, took)
		}
	}
}

func FuzzParseSaved(f *testing.F) {
	p, s := savedExample(f)
	content, err := json.Marshal(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(content)
	f.Add([]byte(`{"bossplan_saved_plan":"1.0","salt":"zz","variables":[{"digest":"00"}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		s, err := parseSaved(content)
		if err != nil {
			return
		}
		s.assignments()
		if len(s.unfit()) == 0 {
			s.compare(p)
		}
	})
}
